"""What a session does with commands, results and the way back."""

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_station import NOON, TODAY, project

from twin.model.raster import Raster
from twin.model.state import Camera, Selection, State
from twin.scene.items import Buildings, Drape, Shade
from twin.scene.scene import Failed, Request
from twin.session import commands
from twin.session.jobs import Inline, Jobs
from twin.session.keeping import MOST_RESULTS
from twin.session.session import Session

HIGH = Camera((0.0, -300.0, 300.0), (0.0, 0.0, 0.0))
LOW = Camera((0.0, -100.0, 2.0), (0.0, 0.0, 2.0))


def quiet_session() -> Session:
    return Session(project(), replace(TODAY, shadows=False))


def test_a_command_that_changes_nothing_is_no_step_and_tells_nobody() -> None:
    session, heard = quiet_session(), []
    session.changed.connect(heard.append)
    session.do(commands.choose_scenario, "today")
    assert (heard, session.undo_title) == ([], "")


def test_everything_done_can_be_undone_and_done_again() -> None:
    session = quiet_session()
    before = session.state
    session.do(commands.choose_scenario, "tower")
    session.do(commands.choose_overlay, "use")
    session.do(commands.set_time, NOON + timedelta(hours=3))
    session.do(commands.toggle_layer, "trees")
    session.do(commands.select, Selection("city", "hall"))
    after = session.state
    for _ in range(5):
        session.undo()
    assert session.state == before
    for _ in range(5):
        session.redo()
    assert session.state == after


CHOICES: tuple[tuple[Callable[..., State], tuple[Any, ...]], ...] = (
    (commands.choose_scenario, ("tower",)),
    (commands.choose_scenario, ("today",)),
    (commands.choose_overlay, ("height",)),
    (commands.toggle_layer, ("trees",)),
    (commands.set_opacity, ("buildings", 0.5)),
    (commands.set_time, (NOON.replace(hour=10),)),
    (commands.toggle_highlight, ()),
    (commands.toggle_textures, ()),
    (commands.choose_lod, (1.0,)),
    (commands.select_objects, (Selection("city", "hall"), ("shop", "hall"))),
    (commands.hide_selected, ()),
    (commands.isolate_selected, ()),
    (commands.show_all_objects, ()),
)


@given(st.lists(st.sampled_from(CHOICES), max_size=12))
def test_undoing_all_steps_leads_back_to_the_start(
    steps: list[tuple[Callable[..., State], tuple[Any, ...]]],
) -> None:
    session = quiet_session()
    start = session.state
    for command, inputs in steps:
        session.do(command, *inputs)
    while session.undo_title:
        session.undo()
    assert session.state == start


def test_what_is_hidden_is_no_longer_selected() -> None:
    session = quiet_session()
    session.do(commands.select_objects, Selection("city", "hall"), ["shop", "hall"])
    assert session.state.selected == {"hall", "shop"}
    session.do(commands.hide_selected)
    assert (session.state.selected, session.state.hidden_objects) == (frozenset(), {"hall", "shop"})
    session.undo()
    assert session.state.selected == {"hall", "shop"}


def test_shift_and_click_adds_an_object_and_takes_it_out_again() -> None:
    session = quiet_session()
    hall, shop = Selection("city", "hall"), Selection("city", "shop")
    for clicked, selected, told in (
        (hall, {"hall"}, "hall"),
        (shop, {"hall", "shop"}, "shop"),
        (hall, {"shop"}, "shop"),
        (hall, {"hall", "shop"}, "hall"),
        (hall, {"shop"}, "shop"),
        (shop, set(), None),
    ):
        session.do(commands.toggle_selected, clicked)
        first = session.state.selection
        assert (session.state.selected, first and first.id) == (selected, told)


def test_without_a_selection_there_is_nothing_to_hide_or_isolate() -> None:
    session = quiet_session()
    session.do(commands.select, Selection("ground"))
    session.do(commands.hide_selected)
    session.do(commands.isolate_selected)
    assert (session.state.hidden_objects, session.state.isolated) == (frozenset(), frozenset())
    assert session.undo_title == "Select"


def test_mouse_movement_is_no_step_and_undo_keeps_the_view() -> None:
    session = quiet_session()
    session.do(commands.choose_scenario, "tower")
    session.rest(LOW)
    session.undo()
    assert (session.state.scenario, session.state.camera) == ("today", LOW)


def test_undo_of_a_chosen_view_goes_back_to_the_view_before() -> None:
    session = quiet_session()
    session.rest(LOW)
    session.do(commands.look, HIGH)
    session.undo()
    assert session.state.camera == LOW


def test_a_continued_gesture_is_one_step() -> None:
    session = quiet_session()
    session.do(commands.set_time, NOON.replace(hour=10))
    for minutes in range(5, 60, 5):
        session.adjust(commands.set_time, NOON.replace(hour=10, minute=minutes))
    session.undo()
    assert session.state.time == NOON


def test_scenario_switch_builds_another_city_and_back_gives_the_same_one() -> None:
    session = quiet_session()
    first = session.scene.items["buildings"]
    session.do(commands.choose_scenario, "tower")
    second = session.scene.items["buildings"]
    session.do(commands.choose_scenario, "today")
    assert isinstance(first, Buildings)
    assert isinstance(second, Buildings)
    assert second.city is not first.city
    assert session.scene.items["buildings"] == first


def test_shade_belongs_to_scenario_and_time() -> None:
    session = Session(project(), TODAY)
    noon = shade(session)
    session.do(commands.set_time, NOON + timedelta(hours=5))
    evening = shade(session)
    session.do(commands.set_time, NOON)
    assert evening.values.sum() != noon.values.sum()
    assert shade(session) is noon, "computed once, kept"


def shade(session: Session) -> Raster:
    item = session.scene.items["shade"]
    assert isinstance(item, Shade)
    return item.lit


def test_sun_hours_are_draped_and_there_are_fewer_beside_towers() -> None:
    session = Session(project(), replace(TODAY, overlay="sun_hours"))
    before = session.scene.items["overlay"]
    session.do(commands.choose_scenario, "tower")
    after = session.scene.items["overlay"]
    assert isinstance(before, Drape)
    assert isinstance(after, Drape)
    grid = min(before.raster.values.shape, after.raster.values.shape)
    assert after.raster.values[: grid[0], : grid[1]].sum() < before.raster.values[: grid[0], : grid[1]].sum()


def test_night_has_no_shadows_and_says_so() -> None:
    session = Session(project(), replace(TODAY, overlay="shadow", time=NOON.replace(hour=1)))
    assert "overlay" not in session.scene.items
    assert any("horizon" in notice for notice in session.scene.notices)


def test_what_is_no_longer_wanted_is_cancelled() -> None:
    posted: list[Callable[[], None]] = []
    with ThreadPoolExecutor(1) as executor:
        hold = threading.Event()
        executor.submit(hold.wait)  # so that the work is still waiting when it is given up
        session = Session(project(), TODAY, executor=executor, post=posted.append)
        assert [job.request.title for job in session.running] == ["Heights of Today"]
        job = session.running[0]
        session.do(commands.toggle_shadows)
        assert session.running == ()
        assert job.cancelled.is_set()
        hold.set()
    for call in posted:
        call()
    assert "shade" not in session.scene.items


def test_work_that_fails_is_a_notice_and_is_not_tried_for_ever() -> None:
    nothing: Any = None
    broken = replace(project(), rasters=(Raster(nothing, 0.0, 0.0, 1.0, "bad", "Bad raster"),))
    session = Session(broken, replace(TODAY, overlay="bad", shadows=False))
    assert any("Bad raster" in notice for notice in session.scene.notices)


def test_a_state_that_lacks_nothing_is_resolved_once_until_something_else_is_known() -> None:
    session = Session(project(), TODAY)
    later = commands.set_time(TODAY, TODAY.time.replace(hour=16))
    assert not session.ready(later)
    session.foresee(later)
    first = session.preview(later)
    assert not first.wanted
    assert session.preview(later) is first
    session.bring(("sensors",), None)
    second = session.preview(later)
    assert second is not first
    session.adopt(replace(session.project, notices=("other",)), title="Other")
    assert session.preview(later) is not second


def test_what_has_failed_is_computed_again_when_asked() -> None:
    session = Session(project(), replace(TODAY, overlay="sun_hours"))
    (key,) = [key for key in session._results if key[0] == "sun hours"]
    session._finish(key, Failed("there was not enough memory"))
    session.do(commands.choose_overlay, "none")
    session.do(commands.choose_overlay, "sun_hours")
    assert "there was not enough memory" in session.scene.notices
    session.try_again()
    assert isinstance(session.scene.items["overlay"], Drape)


def test_old_results_go_but_those_others_are_made_of_stay() -> None:
    session = Session(project(), TODAY)
    for minutes in range(5 * 60, 5 * 60 + MOST_RESULTS * 5 + 50, 5):
        session.do(commands.set_time, NOON.replace(hour=minutes // 60, minute=minutes % 60))
    kept = [key[0] for key in session._results]
    assert kept.count("lit") <= MOST_RESULTS
    assert {"built", "extent", "surfaces"} <= set(kept)


def made_anew(*, progress: Callable[[float], None]) -> object:
    progress(1.0)
    return object()


def test_what_somebody_asked_for_stays_while_time_passes() -> None:
    session = Session(project(), TODAY)
    request = Request(("slow",), made_anew, (), "Slow")
    session.ask("somebody", request)
    answer = session.answer(request)
    for minutes in range(5 * 60, 5 * 60 + MOST_RESULTS * 5 + 50, 5):
        session.do(commands.set_time, NOON.replace(hour=minutes // 60, minute=minutes % 60))
    assert answer is not None
    assert session.answer(request) is answer


def test_what_is_foreseen_does_not_wait_for_what_somebody_asked_for() -> None:
    hold = threading.Event()
    with ThreadPoolExecutor(2) as executor:
        posted: queue.Queue[Callable[[], None]] = queue.Queue()
        session = Session(project(), TODAY, executor=executor, post=posted.put)
        while session.scene.wanted:
            posted.get(timeout=10)()
        session.ask("somebody", Request(("slow",), lambda *, progress: hold.wait(10), (), "Slow"))
        later = commands.set_time(session.state, NOON + timedelta(hours=1))
        session.foresee(later)
        while not session.ready(later):
            posted.get(timeout=10)()
        hold.set()


def test_a_scenario_foreseen_is_shown_at_once() -> None:
    session = Session(project(), TODAY)
    towers = commands.choose_scenario(session.state, "tower")
    assert not session.ready(towers)
    session.foresee(towers)
    assert session.ready(towers)


def test_a_listener_that_fails_does_not_silence_the_others() -> None:
    session, heard = quiet_session(), []

    def fail(_session: Session) -> None:
        raise RuntimeError("deaf")

    session.changed.connect(fail)
    session.changed.connect(heard.append)
    with pytest.raises(RuntimeError, match="deaf"):
        session.do(commands.choose_scenario, "tower")
    assert heard == [session]


def counting(*, progress: Callable[[float], None]) -> Iterator[list[int]]:
    found: list[int] = []
    for number in range(3):
        found.append(number)
        yield list(found)
        progress((number + 1) / 3)


def test_what_work_yields_is_told_before_it_is_done_and_the_last_is_the_result() -> None:
    told: list[tuple[str, object]] = []
    jobs = Jobs(
        Inline(),
        lambda call: call(),
        lambda _key, found: told.append(("finished", found)),
        lambda _key, found: told.append(("advanced", found)),
    )
    jobs.start(Request(("count",), counting, (), "Counting"))
    assert told == [
        ("advanced", [0]),
        ("advanced", [0, 1]),
        ("advanced", [0, 1, 2]),
        ("finished", [0, 1, 2]),
    ]


def test_what_takes_most_memory_goes_first_but_never_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin.session.keeping.MOST_BYTES", 1000)
    session = quiet_session()
    for number in range(4):
        session._finish(("heat", number), np.zeros(600, np.uint8))  # as a job brings it
    assert [key for key in session._results if key[0] == "heat"] == [("heat", 3)]
