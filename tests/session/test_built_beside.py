"""A scenario that takes time to build is built beside the window; what was in view stays meanwhile."""

from collections.abc import Iterator

import pytest
from held_work import Later
from small_station import TODAY, project

from twin.analysis import build as building
from twin.analysis.build import Built
from twin.model.state import Camera
from twin.session.commands import choose_scenario, compare_by, look
from twin.session.session import Session


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "QUICK_TRIANGLES", 0)


@pytest.fixture
def waiting() -> Later:
    return Later()


@pytest.fixture
def session(waiting: Later) -> Iterator[Session]:
    found = Session(project(), TODAY, executor=waiting)
    waiting.go()
    yield found
    found.close()


def planned(session: Session) -> str:
    return next(scenario.id for scenario in session.project.scenarios if scenario.edits)


def test_the_old_picture_stays_until_the_scenario_is_built(session: Session, waiting: Later) -> None:
    before = session.scene
    session.do(choose_scenario, planned(session))
    assert session.scene.built is before.built
    assert session.scene.items == before.items
    assert [job.request.key[0] for job in session.running] == ["built"]
    waiting.go()
    assert session.scene.built is not before.built
    assert session.scene.built is not None
    assert session.scene.built.changes


def test_one_can_look_around_meanwhile(session: Session, waiting: Later) -> None:
    session.do(choose_scenario, planned(session))
    there = Camera((10.0, 20.0, 300.0), (0.0, 0.0, 0.0))
    session.do(look, there)
    assert session.scene.camera == there
    assert [side.scene.camera for side in session.sides] == [there]
    assert session.scene.items
    waiting.go()
    assert session.scene.camera == there


def test_going_back_before_it_is_built_shows_what_was_there(session: Session, waiting: Later) -> None:
    before = session.scene
    session.do(choose_scenario, planned(session))
    session.undo()
    assert session.scene.items == before.items
    assert not session.running
    waiting.go()
    assert session.scene.items == before.items


def test_sides_come_when_both_are_built(session: Session, waiting: Later) -> None:
    session.do(choose_scenario, planned(session))
    session.do(compare_by, "swipe")
    assert len(session.sides) == 1
    waiting.go()
    assert len(session.sides) == 2
    assert all(side.scene.built is not None for side in session.sides)


def test_a_scenario_that_cannot_be_built_says_so(
    session: Session, waiting: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.do(choose_scenario, planned(session))
    monkeypatch.setattr(building, "overlaps", None)
    waiting.go()
    assert session.scene.built is None
    assert any("failed" in notice for notice in session.scene.notices)


def test_what_is_built_is_made_ready_for_drawing_in_the_same_thread(waiting: Later) -> None:
    ready: list[object] = []
    session = Session(project(), TODAY, executor=waiting, prepare=ready.append)
    waiting.go()
    session.do(choose_scenario, planned(session))
    waiting.go()
    built = [found for found in ready if isinstance(found, Built)]
    assert built == [session.scene.built]


def test_another_scenario_at_a_glance_comes_when_it_is_built(session: Session, waiting: Later) -> None:
    other, told = planned(session), []
    assert session.glance(other).built is None
    session.changed.connect(told.append)
    waiting.go()
    assert told
    assert session.glance(other).built is not None


def test_even_what_is_quickly_built_is_foreseen_beside_the_users_work(
    waiting: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "QUICK_TRIANGLES", 1_000_000)
    session = Session(project(), TODAY, executor=waiting)
    waiting.go()
    other = choose_scenario(session.state, planned(session))
    built = {key for key in session.results if key[0] == "built"}
    session.foresee(other)
    assert {key for key in session.results if key[0] == "built"} == built
    assert session.working_ahead
    waiting.go()
    assert session.ready(other)
