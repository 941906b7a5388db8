"""Some objects of a city are a city of their own."""

from dataclasses import replace

import numpy as np
import pytest
import small_station
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from twin.analysis.extrude import block
from twin.model.city import City, CityObject, from_objects, triangle_object, without
from twin.model.parts import marked, part, spans

COUNT = len(small_station.HOUSES)
HOUSES = small_station.city()
ORDER = np.random.default_rng(4).permutation(len(HOUSES.triangles))
# no reader promises triangles in the order of their objects
MIXED = replace(HOUSES, triangles=HOUSES.triangles[ORDER], triangle_surface=HOUSES.triangle_surface[ORDER])


def corners(city: City) -> list[list[float]]:
    """Every triangle as the places of its corners, whatever their order in the arrays."""
    return sorted(city.vertices[city.triangles].reshape(-1, 9).tolist())


@given(st.sets(st.integers(0, COUNT - 1), min_size=1), st.sampled_from([HOUSES, MIXED]))
def test_a_part_is_what_is_left_without_the_rest(chosen: set[int], city: City) -> None:
    rows = np.array(sorted(chosen))
    taken = part(city, rows)
    rest = without(city, ~np.isin(np.arange(COUNT), rows))
    assert taken.object_id.tolist() == rest.object_id.tolist()
    assert (taken.vertices == rest.vertices).all()
    assert (taken.ring_starts == rest.ring_starts).all()
    assert (taken.ring_surface == rest.ring_surface).all()
    assert (taken.surface_type == rest.surface_type).all()
    assert corners(taken) == corners(rest)


@given(st.permutations(range(COUNT)))
def test_objects_come_in_the_order_they_were_asked_for(order: list[int]) -> None:
    taken = part(MIXED, np.array(order))
    assert taken.object_id.tolist() == HOUSES.object_id[order].tolist()
    for row, name in enumerate(taken.object_id):
        mine = taken.vertices[taken.triangles[triangle_object(taken) == row]]
        theirs = HOUSES.vertices[HOUSES.triangles[triangle_object(HOUSES) == HOUSES.rows[name]]]
        assert sorted(mine.reshape(-1, 9).tolist()) == sorted(theirs.reshape(-1, 9).tolist())


def test_a_part_of_a_building_that_comes_alone_is_a_whole() -> None:
    shell = block(box(0, 0, 9, 9), base=0.0, height=9.0)
    things = [
        CityObject("whole"),
        CityObject("first", "BuildingPart", 0, {}, shell),
        CityObject("second", "BuildingPart", 0, {}, shell),
    ]
    city = from_objects(small_station.PLACE, things)
    assert part(city, np.array([2])).object_parent.tolist() == [-1]
    assert part(city, np.array([2, 0])).object_parent.tolist() == [1, -1]
    assert marked(city, ("whole",)).tolist() == [True, True, True]
    assert marked(city, ("second", "no such")).tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("first", "count", "expected"),
    [([4, 0], [2, 3], [4, 5, 0, 1, 2]), ([7, 9, 1], [1, 0, 2], [7, 1, 2]), ([], [], [])],
)
def test_spans_follow_each_other(first: list[int], count: list[int], expected: list[int]) -> None:
    assert spans(np.array(first, int), np.array(count, int)).tolist() == expected
