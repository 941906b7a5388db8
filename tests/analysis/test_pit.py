"""Ground that is dug out has a floor, sides, an opening in the ground, and shade of its own."""

import numpy as np
import pytest
import shapely
from shapely import Point, Polygon, box

from twin.analysis.build import build
from twin.analysis.difference import compare
from twin.analysis.extrude import block
from twin.analysis.pit import dig
from twin.analysis.surface_model import surface_model
from twin.model import table
from twin.model.city import City, CityObject, corners, from_objects, named
from twin.model.layer import Layer
from twin.model.place import Place
from twin.model.scenario import MoveBuilding, PlantTrees, RaiseGround, Remove
from twin.render.outline import closed

PLACE = Place("EPSG:3879", (0.0, 0.0, 0.0), 25.0, 60.0)
CITY = from_objects(PLACE, [CityObject("a", polygons=block(box(0, 0, 10, 10), base=0, height=10.0))])
PIT = RaiseGround("pit", "Sunken square", box(40, 0, 60, 20), -4.0)
TREES = Layer(
    "trees",
    "Trees",
    np.array([Point(50, 10), Point(80, 10)], dtype=object),
    table.from_rows([{"id": "t1"}, {"id": "t2"}]),
    role="trees",
)


def of(city: City, gml_id: str) -> np.ndarray:
    return corners(city, named(city, {gml_id}))


def test_the_floor_lies_as_deep_as_was_asked_and_the_rim_on_the_ground() -> None:
    opening, shell = dig("p", box(0, 0, 20, 10), depth=3.0, slope=2.0)
    heights = np.concatenate([ring[:, 2] for polygon in shell for ring in polygon.rings])
    assert (heights.min(), heights.max()) == (-3.0, 0.0)
    assert opening.rim.bounds == pytest.approx((-2, -2, 22, 12))
    assert shapely.get_coordinates(opening.floor, include_z=True)[:, 2] == pytest.approx(-3.0)
    assert opening.floor.bounds == (0, 0, 20, 10)


def test_sides_face_into_the_pit_and_close_from_behind() -> None:
    _, shell = dig("p", box(0, 0, 20, 10), depth=3.0)
    city = from_objects(PLACE, [CityObject("p", polygons=shell)])
    assert closed(city)
    for polygon in shell[2::2]:
        a, b, c = polygon.rings[0][:3]
        inwards = np.array([10.0, 5.0, 0.0]) - a
        assert np.cross(b - a, c - b)[:2] @ inwards[:2] > 0


def test_a_ramp_begins_at_the_ground_and_falls_where_it_leads() -> None:
    opening, shell = dig("r", box(0, 0, 4, 40), depth=5.0, falls=0.0)
    floor = shapely.get_coordinates(opening.floor, include_z=True)
    assert floor[:, 2] == pytest.approx(-floor[:, 1] / 8)
    walls = [polygon.rings[0] for polygon in shell[2:]]
    assert not any((ring[:, 1] == 0.0).all() for ring in walls), "one can go in"


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (RaiseGround("p", "Pit", box(40, 0, 60, 20), -2.0, 1.0, falls=90.0), "a ramp has walls"),
        (RaiseGround("p", "Pit", box(40, 0, 60, 20), 2.0, falls=90.0), "only lowered ground can fall"),
        (RaiseGround("p", "Pit", box(40, 0, 60, 20), 0.0), "as high as before"),
        (RaiseGround("p", "Pit", Polygon([(0, 0), (9, 9), (9, 0), (0, 9)]), -2.0), "crosses itself"),
        (RaiseGround("p", "Pit", box(-5, -5, 5, 5), -2.0), "Pit overlaps a, which is not removed."),
    ],
)
def test_what_cannot_be_dug_is_told(edit: RaiseGround, said: str) -> None:
    assert any(said in problem for problem in build(CITY, (), (edit,)).problems)


def test_trees_where_ground_is_dug_out_fall_and_are_listed() -> None:
    built = build(CITY, (TREES,), (PIT,))
    assert [(c.kind, c.id, c.title) for c in built.changes if c.what == "tree"] == [
        ("removed", "t1", "in Sunken square")
    ]
    assert list(built.layers[0].table.columns["id"]) == ["t2"]


def test_the_ground_is_open_as_long_as_the_pit_is_there() -> None:
    assert [pit.id for pit in build(CITY, (), (PIT,)).pits] == ["pit"]
    assert build(CITY, (), (PIT, Remove("gone", "", ("pit",)))).pits == ()


def test_a_pit_cannot_be_carried_away() -> None:
    built = build(CITY, (), (PIT, MoveBuilding("go", "Go", ("pit",), 100.0)))
    assert of(built.city, "pit")[:, 0].max() == 60.0
    assert built.problems == ("Go: pit is dug out of the ground; draw it elsewhere.",)


def test_a_pit_is_listed_as_a_difference_and_counts_as_no_building() -> None:
    found = compare(build(CITY, (), ()), build(CITY, (), (PIT,)))
    assert [(one.kind, one.id, one.what) for one in found.objects] == [("added", "pit", "LandUse")]
    assert all(total.delta == 0 for total in found.totals)


def test_heights_follow_the_ground_into_the_pit() -> None:
    ramp = RaiseGround("ramp", "Ramp", box(80, 0, 84, 40), -5.0, falls=0.0)
    built = build(CITY, (), (PIT, ramp))
    found = surface_model(built.city, bounds=(0, 0, 100, 40), cell=1.0).values
    assert found[39 - 10, 50] == -4.0
    assert found[39 - 5, 5] == 10.0
    assert found[39 - 10, 30] == 0.0
    assert found[39 - 20, 82] == pytest.approx(-5.0 * 20.5 / 40)


def test_no_tree_is_planted_into_a_pit() -> None:
    grove = PlantTrees("t", "Trees", shapely.MultiPoint([(50, 10), (70, 10)]))
    built = build(CITY, (), (PIT, grove))
    assert [change.id for change in built.changes if change.what == "tree"] == ["t.2"]


def test_lamps_where_ground_is_dug_out_go_and_are_listed() -> None:
    lamps = Layer(
        "lamps",
        "Lamps",
        np.array([Point(50, 10), Point(80, 10)], dtype=object),
        table.from_rows([{"id": "l1"}, {"id": "l2"}]),
    )
    built = build(CITY, (lamps,), (PIT,))
    assert list(built.layers[0].table.columns["id"]) == ["l2"]
    assert ("removed", "l1", "Lamps in Sunken square") in [(c.kind, c.id, c.title) for c in built.changes]
