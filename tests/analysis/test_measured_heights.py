"""Heights of buildings are read off what was measured from above."""

import numpy as np
import pytest
import shapely
from shapely import box

from twin.analysis import measured_heights
from twin.model.raster import Raster


def grid() -> Raster:
    values = np.zeros((40, 40), dtype=np.float32)
    values[10:20, 10:20] = 12.0
    values[12, 12] = 60.0  # a mast
    return Raster(values, west=0.0, north=40.0, cell=1.0)


def test_a_roof_on_a_grid_is_not_as_high_as_its_mast() -> None:
    assert measured_heights.on_grid(box(10, 20, 20, 30), grid()) == pytest.approx(12.0)


def test_a_grid_says_nothing_outside_and_of_empty_ground() -> None:
    assert measured_heights.on_grid(box(100, 100, 110, 110), grid()) is None
    assert measured_heights.on_grid(box(25, 5, 35, 15), grid()) is None
    assert measured_heights.on_grid(box(10.2, 20.2, 10.8, 20.8), grid()) is None


@pytest.mark.parametrize("classified", [True, False])
def test_points_are_measured_from_the_ground_around(classified: bool) -> None:
    east, north = (axis.ravel() for axis in np.meshgrid(np.arange(0.5, 40), np.arange(0.5, 40)))
    footprint = box(10, 10, 20, 20)
    roof = shapely.contains_xy(footprint, east, north)
    xyz = np.column_stack([east, north, np.where(roof, 109.0, 100.0)])
    classes = np.where(roof, 6, 2 if classified else 1).astype(np.uint8)
    tree = shapely.STRtree(shapely.points(xyz[:, :2]))
    assert measured_heights.in_points(footprint, xyz, tree, classes) == pytest.approx(9.0)
    assert measured_heights.in_points(box(200, 200, 210, 210), xyz, tree, classes) is None
