"""Every kind of edit does what it says, and undone it leaves nothing."""

import math

import numpy as np
import pytest
import shapely
import small_station
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, Polygon, box

from twin.analysis import kpi
from twin.analysis.build import Built, build
from twin.analysis.content import fingerprint
from twin.analysis.measures import measure
from twin.analysis.plot import fill
from twin.model.layer import Layer
from twin.model.scenario import (
    FORMS,
    AddBuilding,
    AddCanopy,
    AddThings,
    AddWay,
    ChangeAttributes,
    Edit,
    ExtendBuilding,
    FillPlot,
    GreenBuilding,
    LimitHeight,
    MoveBuilding,
    PlantArea,
    PlantRow,
    Protect,
    Remove,
    StudyArea,
    switched,
)

PROJECT = small_station.project()
PLOT = box(200, 200, 280, 260)


def made(*edits: Edit) -> Built:
    return build(PROJECT.city, PROJECT.layers, edits)


def top(built: Built, gml_id: str) -> float:
    return float(measure(built.city).height[built.city.rows[gml_id]])


def layer(built: Built, layer_id: str) -> Layer:
    return next(layer for layer in built.layers if layer.id == layer_id)


def test_a_building_grows_by_storeys_and_keeps_its_roof() -> None:
    before, after = made(), made(ExtendBuilding("up", "", ("hall", "office"), storeys=2, storey_height=3.5))
    assert top(after, "hall") == pytest.approx(18 + 7)
    assert top(after, "office") == pytest.approx(42 + 7)
    rows = before.city.rows
    footprint = measure(before.city).footprint[rows["hall"]]
    grown = measure(after.city).volume[rows["hall"]] - measure(before.city).volume[rows["hall"]]
    assert grown == pytest.approx(7 * footprint)
    assert after.city.attributes.row(rows["hall"])["measuredHeight"] == pytest.approx(25)
    assert top(after, "hotel") == 32
    assert {(change.kind, change.id) for change in after.changes} == {
        ("changed", "hall"),
        ("changed", "office"),
    }


def test_what_was_just_added_can_be_extended_moved_and_changed() -> None:
    tower = AddBuilding("tower", "Tower", box(200, 0, 220, 20), 30.0, storeys=9, use="office")
    built = made(
        tower,
        ExtendBuilding("up", "", ("tower",), storeys=1, storey_height=3.0),
        MoveBuilding("go", "", ("tower",), east=50.0),
        ChangeAttributes("re", "", ("tower",), (("use", "hotel"), ("name", None))),
    )
    row = built.city.rows["tower"]
    assert built.city.attributes.row(row)["storeysAboveGround"] == 10
    assert built.city.attributes.row(row)["use"] == "hotel"
    assert "name" not in built.city.attributes.row(row)
    corners = built.city.vertices[
        np.repeat(built.city.surface_object[built.city.ring_surface] == row, np.diff(built.city.ring_starts))
    ]
    assert corners.min(axis=0).tolist() == [250, 0, 0]
    assert corners.max(axis=0).tolist() == [270, 20, 33]
    assert not built.problems


def test_a_quarter_turn_swaps_the_sides() -> None:
    built = made(MoveBuilding("turn", "", ("hall",), rotation=90.0, up=1.0))
    row = built.city.rows["hall"]
    of = np.repeat(built.city.surface_object[built.city.ring_surface], np.diff(built.city.ring_starts))
    corners = built.city.vertices[of == row]
    assert np.ptp(corners, axis=0)[:2] == pytest.approx([35, 120])
    assert corners[:, 2].min() == 1
    assert (corners.max(axis=0) + corners.min(axis=0))[:2] / 2 == pytest.approx([0, 37.5])


@settings(max_examples=30, deadline=None)
@given(st.floats(-360, 360), st.floats(-50, 50))
def test_moving_changes_neither_size_nor_shape(rotation: float, east: float) -> None:
    before, after = made(), made(MoveBuilding("go", "", ("church",), east=east, rotation=rotation))
    row = before.city.rows["church"]
    for name in ("footprint", "height", "volume"):
        values = [getattr(measure(built.city), name)[row] for built in (before, after)]
        assert values[0] == pytest.approx(values[1], rel=1e-6)


def test_new_attributes_leave_the_shape_alone() -> None:
    built = made(
        ChangeAttributes("warm", "", ("homes",), (("heating", "ground source"), ("storeysAboveGround", 7))),
        GreenBuilding("roof", "", ("homes",), "meadow"),
    )
    row = built.city.attributes.row(built.city.rows["homes"])
    assert (row["heating"], row["storeysAboveGround"], row["green_roof"]) == ("ground source", 7, "meadow")
    assert built.city.vertices is PROJECT.city.vertices
    assert [change.id for change in built.changes] == ["homes"]


@pytest.mark.parametrize("form", FORMS)
def test_a_plot_is_filled_to_its_floor_area(form: str) -> None:
    edit = FillPlot("block", "Block", PLOT, form, 6000.0, setback=4.0, use="residential")
    filling = fill(edit)
    assert filling.floor_area >= 6000
    assert all(PLOT.buffer(-3.99).covers(footprint) for footprint in filling.footprints)
    assert shapely.union_all(filling.footprints).area == pytest.approx(
        sum(f.area for f in filling.footprints)
    )
    built = made(edit)
    rows = {row.id: row.value for row in kpi.rows(built)}
    assert rows["floor_area.residential"] - dict_of(made())["floor_area.residential"] == pytest.approx(
        filling.floor_area
    )
    assert not built.problems


def dict_of(built: Built) -> dict[str, float]:
    return {row.id: row.value for row in kpi.rows(built)}


def test_a_perimeter_block_has_a_yard_and_slabs_keep_their_distance() -> None:
    (ring,) = fill(FillPlot("a", "", PLOT, "perimeter", 5000.0, depth=12.0)).footprints
    assert ring.interiors[0].envelope.bounds == pytest.approx((212, 212, 268, 248))
    slabs = fill(FillPlot("a", "", PLOT, "slab", 5000.0, depth=12.0, gap=20.0)).footprints
    assert len(slabs) == 3
    assert min(a.distance(b) for a in slabs for b in slabs if a is not b) == pytest.approx(20)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=3, max_size=8, unique=True),
    st.sampled_from(FORMS),
    st.floats(100, 50_000),
)
def test_filling_stays_on_any_plot(corners: list[tuple[int, int]], form: str, wanted: float) -> None:
    plot = shapely.convex_hull(MultiPoint(corners))
    if not isinstance(plot, Polygon) or plot.area < 1:
        return
    try:
        filling = fill(FillPlot("a", "", plot, form, wanted))
    except ValueError:
        return
    assert all(plot.buffer(1e-6).covers(footprint) for footprint in filling.footprints)
    assert filling.floor_area >= wanted or filling.storeys == 40


def test_too_small_a_plot_and_too_many_storeys_are_told() -> None:
    tiny = made(FillPlot("a", "Tiny", box(0, 300, 3, 303), "tower", 500.0))
    assert tiny.problems == ("Tiny: there is no room for a tower 14 m deep; nothing was built.",)
    low = made(FillPlot("a", "Low", PLOT, "tower", 5000.0, most_storeys=4))
    assert low.problems == ("Low: 784 of 5,000 m² fit into 4 storeys.",)


def test_trees_stand_along_a_line_and_over_an_area() -> None:
    row = made(PlantRow("row", "Row", LineString([(200, 0), (200, 50)]), spacing=8.0))
    planted = [
        g
        for g, i in zip(layer(row, "trees").geometry, layer(row, "trees").table.columns["id"], strict=True)
        if str(i).startswith("row.")
    ]
    assert [round(point.y, 3) for point in planted] == [round(50 / 7 * k, 3) for k in range(8)]
    grove = made(PlantArea("grove", "Grove", PLOT, spacing=10.0))
    trees = [
        g
        for g, i in zip(
            layer(grove, "trees").geometry, layer(grove, "trees").table.columns["id"], strict=True
        )
        if str(i).startswith("grove.")
    ]
    assert len(trees) == pytest.approx(PLOT.area / (10 * 10 * math.sqrt(3) / 2), rel=0.15)
    assert min(a.distance(b) for a in trees for b in trees if a is not b) == pytest.approx(10)
    assert all(PLOT.covers(tree) for tree in trees)


def test_ways_things_and_canopies_come() -> None:
    built = made(
        AddWay("lane", "Lane", LineString([(200, 0), (260, 0)]), "footway", 4.0, "paving_stones"),
        AddWay("hedge", "Hedge", LineString([(200, 10), (260, 10)]), "hedge", 1.0),
        AddThings("lights", "Lights", MultiPoint([(200, 5), (230, 5)]), "lamp"),
        AddCanopy("roof", "Roof", box(200, 20, 240, 30), 4.5),
    )
    assert "lane" in layer(built, "footways").table.columns["id"]
    assert layer(built, "lamps").table.columns["id"][-2:].tolist() == ["lights.1", "lights.2"]
    ground = layer(built, "ground")
    assert ground.geometry[-1].area == pytest.approx(240)
    rows = built.city.rows
    assert built.city.object_type[rows["hedge"]] == "PlantCover"
    assert top(built, "roof") == pytest.approx(4.9)
    assert not built.problems


def test_what_is_switched_off_does_nothing() -> None:
    tower = AddBuilding("tower", "Tower", box(200, 0, 220, 20), 30.0)
    assert fingerprint(
        made(switched(tower, False), Remove("r", "", ("hall",), enabled=False))
    ) == fingerprint(made())
    assert made(switched(tower, False)).city is PROJECT.city


def test_broken_rules_are_told() -> None:
    rules = (
        Protect("old", "Protected houses", ("hall", "church")),
        LimitHeight("low", "The view of the church", box(-300, -300, 300, 300), 50.0),
        StudyArea("plan", "The plan", box(-300, -300, 300, 300)),
    )
    assert made(*rules).problems == ()
    broken = made(
        *rules,
        Remove("gone", "", ("hall",)),
        ExtendBuilding("up", "", ("church", "office"), storeys=3, storey_height=3.0),
        AddBuilding("tower", "Tower", box(200, 0, 220, 20), 60.0),
        PlantRow("row", "Row", LineString([(290, 0), (310, 0)])),
    )
    assert broken.problems == (
        "Protected houses: hall is protected, but removed.",
        "Protected houses: church is protected, but changed.",
        "Tower is 60.0 m high; The view of the church allows 50 m.",
        "office becomes 51.0 m high; The view of the church allows 50 m.",
        "Row reaches out of The plan.",
    )


@pytest.mark.parametrize(
    "edit",
    [
        ExtendBuilding("a", "", ("nobody",)),
        MoveBuilding("a", "", ("nobody",)),
        ChangeAttributes("a", "", ("nobody",), (("x", 1),)),
        GreenBuilding("a", "", ("nobody",)),
        Remove("a", "", ("nobody",)),
    ],
)  # fmt: skip
def test_a_target_that_is_gone_is_told(edit: Edit) -> None:
    (problem,) = made(edit).problems
    assert "nobody" in problem
    gone = made(
        Remove("first", "", ("hall",)),
        type(edit)(**{**{f: getattr(edit, f) for f in edit.__dataclass_fields__}, "ids": ("hall",)}),
    )
    assert len(gone.problems) == 1
    assert "hall" in gone.problems[0]
