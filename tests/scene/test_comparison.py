"""What is in view when scenarios are compared."""

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box, union_all
from small_station import SCENARIOS, TODAY, project

from twin.model.raster import Raster
from twin.model.scenario import ChangeAttributes, ExtendBuilding, Scenario
from twin.model.state import AttributeStyle, State
from twin.scene import comparison
from twin.scene.colours import ADDED, CHANGED, REMOVED, Classes, Ramp
from twin.scene.contrast import COLUMN, raster_difference, span
from twin.scene.difference_marks import HATCH, hatch
from twin.scene.items import Buildings, Drape, Glyphs, Gone, Hatched, Lines
from twin.scene.scene import Legend
from twin.session import commands
from twin.session.session import Session

QUIET = replace(TODAY, shadows=False)
TALLER = Scenario(
    "taller",
    "Taller",
    edits=(
        ExtendBuilding("more", "Two storeys more", ("office",), 2),
        ChangeAttributes("school", "A school for more", ("school",), (("pupils", 900),)),
    ),
)


def session(**changes: Any) -> Session:
    state = replace(QUIET, **changes)
    return Session(project(scenarios=(*SCENARIOS, TALLER)), state)


@pytest.mark.parametrize("way", ["swipe", "split"])
def test_sides_are_in_the_order_of_the_scenarios(way: str) -> None:
    shown = session(scenario="green", compare=way, compared=("today",))
    assert [side.title for side in shown.sides] == ["Today", "A green square"]
    assert shown.scene is not shown.sides[0].scene


def test_four_scenarios_fit_beside_one_another_and_no_more() -> None:
    shown = session(compare="split", compared=("tower", "green", "taller", "tower", "nowhere"))
    assert [side.scenario for side in shown.sides] == ["today", "tower", "green", "taller"]


def test_without_a_choice_the_baseline_is_beside_and_beside_that_the_next() -> None:
    assert comparison.others(project(), replace(QUIET, scenario="green")) == ("today",)
    assert comparison.others(project(), replace(QUIET, scenario="green", baseline="tower")) == ("tower",)
    assert comparison.others(project(), QUIET) == ("tower",)
    assert comparison.others(project(scenarios=SCENARIOS[:1]), QUIET) == ()


def test_one_scenario_alone_is_shown_as_ever() -> None:
    alone = Session(project(scenarios=SCENARIOS[:1]), replace(QUIET, compare="split"))
    assert len(alone.sides) == 1
    assert alone.scene is alone.sides[0].scene


def test_choosing_the_scenario_beside_makes_both_change_places() -> None:
    shown = session(compare="swipe", compared=("tower",))
    shown.do(commands.choose_scenario, "tower")
    assert (shown.state.scenario, shown.state.compared) == ("tower", ("today",))
    shown.undo()
    assert (shown.state.scenario, shown.state.compared) == ("today", ("tower",))


def test_camera_sun_and_overlay_are_the_same_on_all_sides() -> None:
    shown = session(compare="split", compared=("tower", "green"), overlay="height")
    assert len({side.scene.camera for side in shown.sides}) == 1
    assert len({side.scene.sun for side in shown.sides}) == 1
    assert len({side.scene.legend for side in shown.sides}) == 1


def legend_of(shown: Session, **changes: Any) -> list[Legend | None]:
    shown.do(lambda state: replace(state, **changes))
    return [side.scene.legend for side in shown.sides]


@pytest.mark.parametrize("way", ["ramp", "classes", "categories"])
def test_ranges_of_an_attribute_are_shared(way: Literal["ramp", "classes", "categories"]) -> None:
    shown = session(overlay="attribute:measuredHeight")
    style = replace(shown.state.style, way=way)
    alone = {name: legend_of(shown, scenario=name, style=style)[0] for name in ("today", "tower")}
    assert alone["today"] != alone["tower"], "the tower is higher than all else"
    both = legend_of(shown, scenario="tower", compare="swipe", compared=("today",), style=style)
    assert both[0] == both[1]
    scales = [side.scene.items["buildings"] for side in shown.sides]
    assert len({item.colouring for item in scales if isinstance(item, Buildings)}) == 1


def test_the_range_is_the_union_of_both() -> None:
    shown = session(overlay="attribute:measuredHeight", style=AttributeStyle(way="ramp"))
    found = []
    for changes in (
        {"scenario": "today"},
        {"scenario": "tower"},
        {"scenario": "tower", "compare": "swipe", "compared": ("today",)},
    ):
        legend = legend_of(shown, **changes)[0]
        assert legend is not None
        assert isinstance(legend.scale, Ramp)
        found.append((legend.scale.low, legend.scale.high))
    one, other, both = found
    assert both == (min(one[0], other[0]), max(one[1], other[1]))


def test_a_glance_at_another_scenario_keeps_the_colours_and_enters_no_step() -> None:
    shown = session(scenario="tower", overlay="attribute:measuredHeight")
    seen = shown.glance("today")
    assert seen.legend is not None
    assert shown.scene.legend is not None
    assert seen.legend.scale == shown.scene.legend.scale
    assert shown.undo_title == ""
    item, own = seen.items["buildings"], shown.scene.items["buildings"]
    assert isinstance(item, Buildings)
    assert isinstance(own, Buildings)
    assert "tower" in own.city.rows
    assert "tower" not in item.city.rows


def test_all_sides_are_worked_out() -> None:
    shown = Session(project(), replace(TODAY, compare="swipe", compared=("tower",)))
    assert shown.scene.wanted == ()
    assert all("shade" in side.scene.items for side in shown.sides)
    shades = [side.scene.items["shade"] for side in shown.sides]
    assert shades[0] != shades[1], "the tower throws its own"


def test_what_differs_is_marked() -> None:
    shown = session(scenario="tower", compare="difference", compared=("today",))
    (side,) = shown.sides
    assert side.title == "A tower on the square compared with Today"
    buildings, gone = side.scene.items["buildings"], side.scene.items["gone"]
    assert isinstance(buildings, Buildings)
    assert isinstance(gone, Gone)
    assert (buildings.marked, gone.ids) == (("tower",), ("shop",))
    assert "changed" not in side.scene.items
    legend = side.scene.legend
    assert legend is not None
    assert isinstance(legend.scale, Classes)
    assert [colour for _, colour in legend.scale.colours] == [ADDED, REMOVED, CHANGED]


def test_what_is_changed_is_hatched() -> None:
    shown = session(scenario="taller", compare="difference")
    item = shown.scene.items["changed"]
    assert isinstance(item, Hatched)
    assert set(item.ids) == {"office", "school"}


def test_new_trees_are_marked_and_felled_ones_outlined() -> None:
    there = session(scenario="green", compare="difference").scene.items
    trees = there["layer:trees"]
    assert isinstance(trees, Glyphs)
    assert len(trees.marked) == 27
    back = session(scenario="today", compare="difference", compared=("green",)).scene.items
    lines = back[f"difference:{REMOVED}"]
    assert isinstance(lines, Lines)
    assert len(lines.layer.geometry) >= 27


def test_the_way_back_is_the_difference_turned_round() -> None:
    there = session(scenario="tower", compare="difference").scene.items
    back = session(compare="difference", compared=("tower",)).scene.items
    assert isinstance(there["gone"], Gone)
    assert isinstance(there["buildings"], Buildings)
    assert isinstance(back["gone"], Gone)
    assert isinstance(back["buildings"], Buildings)
    assert (there["gone"].ids, there["buildings"].marked) == (back["buildings"].marked, back["gone"].ids)


def test_sun_hours_are_shown_as_a_difference_around_zero() -> None:
    shown = session(scenario="tower", compare="difference", overlay="sun_hours")
    drape, legend = shown.scene.items["overlay"], shown.scene.legend
    assert isinstance(drape, Drape)
    assert drape.ramp.name == "vik"
    assert drape.ramp.low == -drape.ramp.high
    values = drape.raster.values[np.isfinite(drape.raster.values)]
    assert values.min() < -1, "the tower takes sun"
    assert values.max() > 0.1, "where the shop stood there is more"
    assert legend is not None
    assert legend.title.endswith("difference")
    assert (legend.unit, legend.scale) == ("h", drape.ramp)
    assert "less Today" in legend.note
    assert legend.source


def test_heights_are_shown_as_a_difference_of_what_both_have() -> None:
    shown = session(scenario="taller", compare="difference", overlay="height")
    item = shown.scene.items["buildings"]
    assert isinstance(item, Buildings)
    assert item.colouring is not None
    assert isinstance(item.colouring.scale, Ramp)
    column = item.city.attributes.columns[item.colouring.column]
    rows = item.city.rows
    assert column[rows["office"]] > 2
    assert column[rows["hall"]] == 0
    assert item.colouring.scale.high >= column[rows["office"]] * 0.99


def test_words_differ_or_are_the_same() -> None:
    shown = session(scenario="taller", compare="difference", overlay="use")
    item = shown.scene.items["buildings"]
    assert isinstance(item, Buildings)
    assert set(item.city.attributes.columns[COLUMN].tolist()) == {"same"}


def test_what_is_the_same_in_every_scenario_is_no_difference() -> None:
    noise = Raster(np.ones((4, 4), np.float32), 0.0, 0.0, 10.0, "noise", "Noise", "dB", "Measured")
    shown = Session(project(rasters=(noise,)), replace(QUIET, compare="difference", overlay="noise"))
    assert "overlay" not in shown.scene.items
    assert "Noise: the same in both." in shown.scene.notices


def test_under_buildings_no_difference_is_told() -> None:
    one, other = (Raster(np.full((2, 2), v, np.float32), 0.0, 0.0, 1.0) for v in (1.0, 3.0))
    mask = np.array([[True, False], [False, False]])
    found = raster_difference(one, other, (None, mask), progress=lambda _: None).shown
    assert isinstance(found, Raster)
    assert np.isnan(found.values[0, 0])
    assert (found.values[1] == 2.0).all()


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=50))
def test_the_ends_hold_almost_all_values_and_are_round(values: list[float]) -> None:
    ends = span(np.array(values))
    there = [abs(value) for value in values if abs(value) > 1e-6]
    assert ends > 0
    if there:
        assert ends >= 0.99 * np.percentile(there, 99)
        assert ends <= 1.6 * max(there)


def test_a_hatch_stays_inside_its_area() -> None:
    area = box(0, 0, 40, 25)
    lines = union_all(hatch(area))
    assert area.buffer(1e-6).contains(lines)
    assert lines.length == pytest.approx(area.area / (HATCH / np.sqrt(2)), rel=0.1)


@pytest.mark.parametrize(("way", "count"), [("split", 2), ("split", 3), ("split", 4)])
@pytest.mark.parametrize("size", [(1280, 720), (1281, 719), (97, 53)])
def test_panes_fill_the_view_and_do_not_overlap(
    way: Literal["split"], count: int, size: tuple[int, int]
) -> None:
    covered = np.zeros((size[1], size[0]), int)
    for pane in comparison.panes(replace(QUIET, compare=way), count):
        left, top, right, bottom = pane.pixels(size)
        covered[top:bottom, left:right] += 1
    assert (covered == 1).all()


@given(st.floats(0, 1))
def test_a_swipe_shows_every_column_once(divider: float) -> None:
    first, second = comparison.panes(replace(QUIET, compare="swipe", divider=divider), 2)
    assert first.seen(1280)[0] == 0
    assert first.seen(1280)[1] == second.seen(1280)[0]
    assert second.seen(1280)[1] == 1280


def test_a_divider_stays_in_the_view() -> None:
    assert commands.move_divider(QUIET, 1.7).divider == 1.0
    assert commands.move_divider(QUIET, -0.2).divider == 0.0


def test_a_scenario_is_not_compared_with_itself() -> None:
    state: State = commands.choose_compared(QUIET, ["today", "tower", "tower"])
    assert state.compared == ("tower",)


def test_an_answer_comes_beside_what_the_scene_wants() -> None:
    from twin.scene.difference_marks import Marks, want_marks

    shown, heard = session(scenario="tower"), []
    shown.changed.connect(heard.append)
    before, after = shown.glance("today").built, shown.scene.built
    assert before is not None
    assert after is not None
    request = want_marks(before, after)
    assert shown.answer(request) is None
    shown.ask("panel", request)
    found = shown.answer(request)
    assert isinstance(found, Marks)
    assert heard
    assert {each.id for each in found.comparison.objects} == {"shop", "tower"}


def test_a_view_that_names_a_vanished_scenario_says_so() -> None:
    station = project()
    state = replace(QUIET, compare="swipe", compared=("gone",), baseline="lost")
    shown = station.scenario(comparison.others(station, state)[0]).title
    first = station.scenarios[0].title
    told = (
        f"This view compares with 'gone', which is not there. Shown instead: {shown}.",
        f"Differences were counted from 'lost', which is not there; now from {first}.",
    )
    assert comparison.vanished(station, state) == told
    assert comparison.vanished(station, replace(state, compare="none", baseline="")) == ()
    assert comparison.in_view(station, state, {}).main.notices[:2] == told
