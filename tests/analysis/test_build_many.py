"""Many edits in a large city: found quickly, and found right."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box, union_all
from small_station import PLACE, city

from twin.analysis.build import build
from twin.analysis.extrude import block
from twin.analysis.in_the_way import under_a_roof
from twin.model.city import CityObject, from_objects
from twin.model.scenario import AddBuilding, ExtendBuilding

PLACES = st.floats(-50, 50).map(lambda value: round(value, 2) + 0.003)


@given(
    st.lists(st.tuples(PLACES, PLACES, st.floats(1, 30), st.floats(1, 30)), min_size=1, max_size=8),
    st.lists(st.tuples(PLACES, PLACES), min_size=1, max_size=30),
)
def test_a_point_is_under_a_roof_where_a_footprint_is(
    boxes: list[tuple[float, float, float, float]], points: list[tuple[float, float]]
) -> None:
    shapes = [box(x, y, x + wide, y + deep) for x, y, wide, deep in boxes]
    made = from_objects(
        PLACE,
        [
            CityObject(f"b{i}", "Building", -1, {}, block(shape, base=0.0, height=5.0))
            for i, shape in enumerate(shapes)
        ],
    )
    every = union_all(shapes)
    found = under_a_roof(made, np.array(points))
    # corners of blocks are kept to the millimetre
    sure = [every.boundary.distance(Point(point)) > 0.002 for point in points]
    expected = [every.contains(Point(point)) for point in points]
    assert [f for f, s in zip(found.tolist(), sure, strict=True) if s] == [
        e for e, s in zip(expected, sure, strict=True) if s
    ]


def test_a_new_house_is_told_of_all_it_overlaps() -> None:
    edits = (AddBuilding("new", "New", box(-110, 10, -50, 70), 10.0),)
    assert build(city(), (), edits).problems == ("New overlaps Hall and Hotel, which are not removed.",)
    wide = (AddBuilding("new", "New", box(-500, -500, 500, 500), 10.0),)
    (told,) = build(city(), (), wide).problems
    assert told.startswith("New overlaps ") and told.count(",") == 3 and " more, which are" in told
    inside = (AddBuilding("new", "New", box(-40, 30, -36, 34), 10.0),)
    assert build(city(), (), inside).problems == ("New overlaps Hall, which is not removed.",)


def test_storeys_go_on_the_building_that_is_named_and_no_other() -> None:
    before = city()
    after = build(before, (), (ExtendBuilding("more", "More", ("office",), 2),)).city
    row = before.rows["office"]
    owner = before.surface_object[np.repeat(before.ring_surface, np.diff(before.ring_starts))]
    moved = (before.vertices != after.vertices).any(axis=1)
    assert moved.any()
    assert set(owner[moved].tolist()) == {row}
