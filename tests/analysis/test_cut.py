"""A section shows what the plane runs through, and nothing else."""

import numpy as np
import pytest
import small_station
from shapely import box

from twin.analysis.cut import cut
from twin.analysis.extrude import block
from twin.model.city import CityObject, from_objects


def test_a_box_is_cut_into_one_rectangle_of_its_width_and_height() -> None:
    wide = block(box(0, 0, 20, 10), base=0.0, height=30.0, roof="flat")
    city = from_objects(small_station.PLACE, [CityObject("a", "Building", -1, {}, wide)])
    found = cut(city, (0.0, 5.0, 0.0), (0.0, 1.0, 0.0), 1.0)
    assert found.area == pytest.approx(20.0 * 30.0, rel=1e-4)
    assert np.ptp(found.points, axis=0) == pytest.approx([20.0, 0.0, 30.0], abs=0.01)
    assert found.points[:, 1] == pytest.approx(5.0)


def test_the_hatching_lies_on_the_faces_at_its_spacing() -> None:
    found = cut(small_station.city(), (0.0, 40.0, 0.0), (0.0, 1.0, 0.0), 2.0)
    length = np.linalg.norm(found.hatching[1::2] - found.hatching[::2], axis=1).sum()
    assert length == pytest.approx(found.area / 2.0, rel=0.1)


def test_a_plane_beside_the_city_cuts_nothing() -> None:
    found = cut(small_station.city(), (0.0, 900.0, 0.0), (0.0, 1.0, 0.0), 1.0)
    assert found.area == 0.0
    assert len(found.triangles) == len(found.hatching) == 0


def test_a_level_plane_through_a_house_is_its_footprint_and_shrinks_in_the_roof() -> None:
    areas = {name: shape.area for name, shape, *_ in small_station.HOUSES}
    low = cut(small_station.city(), (-120.0, 40.0, 1.0), (0.0, 0.0, 1.0), 1.0)
    assert low.area == pytest.approx(sum(areas.values()), rel=1e-6)
    # the eaves of the school are at 2 m, its ridge 10 m above them over half its width of 30 m
    inset = (5.0 - 2.0) * 15.0 / 10.0
    areas["school"] = (30.0 - 2 * inset) * (40.0 - 2 * inset)
    high = cut(small_station.city(), (-120.0, 40.0, 5.0), (0.0, 0.0, 1.0), 1.0)
    assert high.area == pytest.approx(sum(areas.values()), rel=1e-6)
