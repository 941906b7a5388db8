"""Work that is not saved survives the program, and two windows do not write over each other."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import small_station
from PySide6.QtCore import QCoreApplication
from shapely import box

from twin.app.safekeeping import Safekeeping
from twin.formats import scenario_file
from twin.formats.journal import journal_of
from twin.formats.open_project import open_project
from twin.formats.project_file import save
from twin.formats.save_project import to_file
from twin.formats.save_scenarios import move_scenarios, save_scenarios, with_scenarios_of
from twin.model.project import Project
from twin.model.scenario import AddBuilding
from twin.session import scenarios
from twin.session.session import Session

HOUSE = AddBuilding("house", "House", box(0, 0, 10, 10), 12.0)


def height_of_house(project: Project) -> float:
    house = project.scenario("plan").own[0]
    assert isinstance(house, AddBuilding)
    return house.height


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project of scenarios alone."""
    made = tmp_path / "depot.twin.json"
    project = small_station.project(sources=(), path=None, scenarios=(scenario_file.TODAY,))
    save(to_file(project, path=made), made)
    return made


@pytest.fixture
def keep() -> Iterator[Callable[[], Safekeeping]]:
    """Makes windows' safekeepings; each ends as in a program that dies: it saves and deletes nothing."""
    made: list[Safekeeping] = []

    def make() -> Safekeeping:
        made.append(Safekeeping(lambda call: call(), pytest.fail))
        return made[-1]

    yield make
    for each in made:
        die(each)


def die(safe: Safekeeping) -> None:
    safe._thread.shutdown(wait=True)
    if safe._lock is not None:
        safe._lock.release()


def built(project: Project) -> Project:
    project, plan = scenarios.new_scenario(project, "Plan")
    return scenarios.add_edit(project, plan, HOUSE)


def test_what_was_drawn_before_the_program_died_is_found(path: Path, keep: Callable[[], Safekeeping]) -> None:
    first = keep()
    project = first.open(open_project(path))
    first.note(built(project))
    die(first)
    second = keep()
    again = second.open(open_project(path))
    assert len(again.scenarios) == 1, "nothing is taken unasked"
    assert second.found is not None
    assert second.found.scenario("plan").own[0].id == "house"
    assert second.changes == 1


def test_every_change_is_written_in_its_order(path: Path, keep: Callable[[], Safekeeping]) -> None:
    first = keep()
    project = built(first.open(open_project(path)))
    for height in range(13, 60):
        project = scenarios.change_edit(project, "plan", replace(HOUSE, height=float(height)))
        first.note(project)
    die(first)
    second = keep()
    second.open(open_project(path))
    assert second.found is not None
    assert height_of_house(second.found) == 59.0


def test_undoing_everything_leaves_nothing_to_recover(path: Path, keep: Callable[[], Safekeeping]) -> None:
    first = keep()
    project = first.open(open_project(path))
    first.note(built(project))
    first.note(project)
    die(first)
    second = keep()
    second.open(open_project(path))
    assert second.found is None


def test_a_window_that_is_closed_leaves_no_journal(path: Path, keep: Callable[[], Safekeeping]) -> None:
    first = keep()
    first.note(built(first.open(open_project(path))))
    first.end()
    assert not journal_of(path).exists()


def test_an_offer_that_was_not_answered_is_made_again(path: Path, keep: Callable[[], Safekeeping]) -> None:
    first = keep()
    first.note(built(first.open(open_project(path))))
    die(first)
    second = keep()
    second.open(open_project(path))
    second.end()
    third = keep()
    third.open(open_project(path))
    assert third.found is not None


def test_what_is_discarded_stays_as_a_backup(path: Path, keep: Callable[[], Safekeeping]) -> None:
    first = keep()
    first.note(built(first.open(open_project(path))))
    die(first)
    second = keep()
    second.open(open_project(path))
    second.answered(keep=False)
    second.end()
    assert not journal_of(path).exists()
    assert (path.parent / ".backups" / f"{journal_of(path).name}.1").is_file()


def test_work_before_the_answer_keeps_what_was_found(path: Path, keep: Callable[[], Safekeeping]) -> None:
    first = keep()
    first.note(built(first.open(open_project(path))))
    die(first)
    second = keep()
    project = second.open(open_project(path))
    second.note(scenarios.new_scenario(project, "Other")[0])
    assert second.found is not None, "the offer stands"
    die(second)
    assert (path.parent / ".backups" / f"{journal_of(path).name}.1").is_file()


def test_the_second_window_may_only_read(path: Path, keep: Callable[[], Safekeeping]) -> None:
    first, second = keep(), keep()
    assert not first.open(open_project(path)).read_only
    assert second.open(open_project(path)).read_only
    assert "open in another window" in second.notice
    assert not second.may_write(path)
    assert second.may_write(path.with_name("other.twin.json"))
    first.end()
    third = keep()
    assert not third.open(open_project(path)).read_only, "the first has gone"


def test_a_project_under_a_new_name_leaves_the_old_files_alone(tmp_path: Path, path: Path) -> None:
    project, _files = save_scenarios(built(open_project(path)))
    save(to_file(project), path)
    before = (tmp_path / "scenarios" / "plan.geojson").read_bytes()
    changed = scenarios.change_edit(open_project(path), "plan", replace(HOUSE, height=40.0))
    other = tmp_path / "other.twin.json"
    save(to_file(move_scenarios(changed, tmp_path / "other-scenarios"), path=other), other)
    assert (tmp_path / "scenarios" / "plan.geojson").read_bytes() == before
    assert height_of_house(open_project(other)) == 40.0
    assert height_of_house(open_project(path)) == 12.0
    features = json.loads((tmp_path / "other-scenarios" / "plan.geojson").read_text())["features"]
    assert features[0]["geometry"]["type"] == "Polygon"


def test_going_back_does_not_go_back_to_the_old_file(qapp: QCoreApplication, tmp_path: Path) -> None:
    session = Session(small_station.project(sources=()), small_station.TODAY)
    session.adopt(built(session.project), title="Draw")
    moved = move_scenarios(session.project, tmp_path / "plans")
    there = tmp_path / "new.twin.json"
    session.amend(lambda old: replace(with_scenarios_of(old, moved), path=there))
    session.undo()
    assert session.project.path == there
    assert [source.path for source in session.project.sources] == [tmp_path / "plans"]
    assert len(session.project.scenarios) == len(small_station.SCENARIOS)
