"""Models from files stand where they are set up, turned and scaled; ground is heaped up."""

from dataclasses import replace

import numpy as np
import pytest
from shapely import MultiPoint, Point, Polygon, box

from twin.analysis.build import build
from twin.analysis.extrude import block
from twin.analysis.measures import measure
from twin.analysis.mound import mound
from twin.model import table
from twin.model.city import City, CityObject, from_objects
from twin.model.layer import Layer
from twin.model.place import Place
from twin.model.scenario import AddModel, ChangeAttributes, LimitHeight, MoveBuilding, RaiseGround, Remove

PLACE = Place("EPSG:3879", (0.0, 0.0, 0.0), 25.0, 60.0)
CITY = from_objects(PLACE, [CityObject("a", polygons=block(box(0, 0, 10, 10), base=0, height=10.0))])
SOLID = from_objects(PLACE, [CityObject("m", polygons=block(box(-4, -1, 4, 1), base=0, height=3.0))])
HALL = AddModel("hall", "Hall", MultiPoint([(50, 20)]), "hall.glb", solid=SOLID)


def corners(city: City, gml_id: str) -> np.ndarray:
    from twin.model.city import corners as of
    from twin.model.city import named

    return of(city, named(city, {gml_id}))


def test_a_model_stands_at_its_place_as_one_object() -> None:
    built = build(CITY, (), (HALL,))
    assert list(built.city.object_id) == ["a", "hall"]
    assert built.city.attributes.row(1) == {
        "measuredHeight": 3.0,
        "name": "Hall",
        "height_source": "scenario",
        "model": "hall.glb",
    }
    found = corners(built.city, "hall")
    assert found.min(axis=0) == pytest.approx([46, 19, 0]) and found.max(axis=0) == pytest.approx([54, 21, 3])
    assert not built.problems


def test_a_quarter_turn_at_twice_the_size_five_metres_up() -> None:
    built = build(CITY, (), (replace(HALL, rotation=90.0, scale=2.0, up=5.0),))
    found = corners(built.city, "hall")
    assert found.min(axis=0) == pytest.approx([48, 12, 5]) and found.max(axis=0) == pytest.approx(
        [52, 28, 11]
    )


def test_turning_is_clockwise() -> None:
    arrow = from_objects(
        PLACE, [CityObject("m", polygons=block(Polygon([(0, 0), (0, 9), (1, 0)]), base=0, height=1.0))]
    )
    found = corners(build(CITY, (), (replace(HALL, solid=arrow, rotation=90.0),)).city, "hall")
    assert found[:, 0].max() == pytest.approx(59), "what pointed north points east"


def test_each_point_gets_a_copy() -> None:
    built = build(CITY, (), (replace(HALL, points=MultiPoint([(50, 20), (80, 20)])),))
    assert list(built.city.object_id) == ["a", "hall.1", "hall.2"]


def test_a_model_that_is_missing_is_a_listed_conflict() -> None:
    built = build(CITY, (), (replace(HALL, solid=None),))
    assert built.city is CITY
    assert built.problems == ("Hall: the model hall.glb is missing or could not be read; it is not shown.",)


def test_a_model_is_renamed_and_removed_by_later_edits_but_moved_by_its_own_only() -> None:
    named = ChangeAttributes("c", "", ("hall",), (("name", "Station"),))
    assert build(CITY, (), (HALL, named)).city.attributes.row(1)["name"] == "Station"
    assert build(CITY, (), (HALL, Remove("r", "", ("hall",)))).city.object_id.tolist() == ["a"]
    assert build(CITY, (), (HALL, MoveBuilding("m", "Move", ("hall",), 5.0))).problems


def test_trees_under_a_model_fall_and_it_keeps_the_rules() -> None:
    trees = Layer(
        "t", "Trees", np.array([Point(51, 20)], dtype=object), table.from_rows([{"id": "t1"}]), role="trees"
    )
    low = LimitHeight("low", "Low", box(40, 0, 60, 40), 2.0)
    built = build(CITY, (trees,), (HALL, low))
    assert [change.id for change in built.changes if change.kind == "removed"] == ["t1"]
    assert built.problems == ("Hall is 3.0 m high; Low allows 2 m.",)


def test_a_model_in_a_house_is_told() -> None:
    built = build(CITY, (), (replace(HALL, points=MultiPoint([(5, 5)]), scale=6.0),))
    assert built.problems == ("Hall overlaps a, which is not removed.",)


def test_raised_ground_with_walls_has_the_volume_of_a_box() -> None:
    built = build(CITY, (), (RaiseGround("r", "Bank", box(20, 0, 40, 10), 2.0, surface="grass"),))
    row = built.city.rows["r"]
    assert built.city.object_type[row] == "LandUse"
    assert measure(built.city).volume[row] == pytest.approx(400.0)


def test_slopes_reach_out_from_the_top_and_close() -> None:
    shell = mound(box(0, 0, 20, 10), height=2.0, slope=3.0)
    city = from_objects(PLACE, [CityObject("m", polygons=shell)])
    # a frustum: h / 3 (A + a + sqrt(A a)) holds for similar faces only; here by the prismatoid formula
    middle, foot = 23 * 13, 26 * 16
    assert measure(city).volume[0] == pytest.approx(2.0 / 6 * (200 + 4 * middle + foot))
    assert city.vertices[:, :2].min(axis=0) == pytest.approx([-3, -3])


def test_slopes_that_meet_in_a_hollow_are_refused() -> None:
    ring = box(0, 0, 20, 20) - box(8, 8, 12, 12)
    assert isinstance(ring, Polygon)
    with pytest.raises(ValueError, match="meet each other"):
        mound(ring, height=2.0, slope=3.0)
    built = build(CITY, (), (RaiseGround("r", "Bank", ring, 2.0, 3.0),))
    assert built.problems == (
        "Bank: slopes of 3 m meet each other; make them steeper; the ground was not raised.",
    )
