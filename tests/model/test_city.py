"""Cities as columns."""

import numpy as np
import pytest
import small_station
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from twin.analysis.extrude import block
from twin.model import city as cities
from twin.model.city import CityObject


def houses(count: int, first: int = 0) -> cities.City:
    return cities.from_objects(
        small_station.PLACE,
        [
            CityObject(
                f"h{first + i}",
                "Building",
                -1,
                {"name": f"House {i}"},
                block(box(20 * i, 0, 20 * i + 10, 10), base=0.0, height=5.0 + i),
            )
            for i in range(count)
        ],
    )


def with_part() -> cities.City:
    tower = block(box(0, 0, 5, 5), base=0.0, height=30.0)
    return cities.from_objects(
        small_station.PLACE,
        [
            CityObject("hall", polygons=block(box(0, 0, 40, 20), base=0.0, height=12.0)),
            CityObject("tower", "BuildingPart", 0, {}, tower),
            CityObject("shed", polygons=block(box(60, 0, 65, 5), base=2.0, height=6.0)),
        ],
    )


@given(st.lists(st.booleans(), min_size=5, max_size=5))
def test_what_is_taken_out_and_put_back_is_the_whole_again(gone: list[bool]) -> None:
    city = houses(5)
    mask = np.array(gone)
    together = cities.concatenate(cities.without(city, mask), cities.without(city, ~mask))
    assert sorted(together.object_id) == sorted(city.object_id)
    assert len(together.triangles) == len(city.triangles)
    assert cities.heights(together).sum() == pytest.approx(cities.heights(city).sum())
    assert together.ring_starts[-1] == len(together.vertices)


def test_parts_go_with_their_whole() -> None:
    left = cities.without(with_part(), np.array([True, False, False]))
    assert list(left.object_id) == ["shed"]
    assert (cities.triangle_object(left) == 0).all()


def test_nothing_taken_out_is_the_same_city() -> None:
    city = houses(2)
    assert cities.without(city, np.zeros(2, dtype=bool)) is city


def test_cities_in_different_places_are_not_joined() -> None:
    from dataclasses import replace

    elsewhere = replace(houses(1), place=replace(small_station.PLACE, crs="EPSG:3067"))
    with pytest.raises(ValueError, match="different places"):
        cities.concatenate(houses(1), elsewhere)


def test_the_height_of_a_part_is_that_of_its_whole() -> None:
    assert cities.heights(with_part()).tolist() == [30.0, 30.0, 4.0]


def test_every_part_knows_its_root() -> None:
    assert cities.roots(with_part()).tolist() == [0, 0, 2]
