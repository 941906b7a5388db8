"""Places that stand out by their heat."""

import numpy as np
import pytest

from twin.analysis.heat_spots import hot_spots

NAN = np.float32(np.nan)


def field() -> np.ndarray:
    values = np.full((40, 60), 30.0, dtype=np.float32)
    values[5:15, 5:25] = 39.0
    values[20:30, 40:50] = 40.0
    values[35, 55] = 45.0
    values[5:15, 30] = NAN
    return values


def test_the_largest_comes_first_with_its_area_and_place() -> None:
    first, second = hot_spots(field(), 38.0, west=100.0, north=500.0, cell=2.0)
    assert first.bounds == (110.0, 470.0, 150.0, 490.0)
    assert (first.area, second.area) == (800.0, 400.0)
    assert first.mean == pytest.approx(39.0)
    assert second.highest == pytest.approx(40.0)


def test_single_cells_are_no_spots_and_corners_do_not_join() -> None:
    values = np.full((30, 30), 30.0, dtype=np.float32)
    values[:10, :10] = values[10:20, 10:20] = 39.0
    found = hot_spots(values, 38.0, west=0.0, north=0.0, cell=2.0)
    assert [spot.area for spot in found] == [400.0, 400.0]


def test_where_nothing_is_hot_there_are_none() -> None:
    assert hot_spots(field(), 50.0, west=0.0, north=0.0, cell=2.0) == ()
    assert hot_spots(np.full((5, 5), NAN), 26.0, west=0.0, north=0.0, cell=2.0) == ()
