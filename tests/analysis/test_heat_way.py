"""Heat along a way."""

import numpy as np
import pytest

from twin.analysis.heat_way import PACE, along, exposure


def test_values_along_a_route_are_those_of_the_cells_it_crosses() -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    line = np.array([[0.5, 25.0], [39.5, 25.0], [39.5, 5.0]])
    found = along(values, line, west=0, north=30, cell=10)
    assert list(dict.fromkeys(found)) == [0, 1, 2, 3, 7, 11]
    outside = along(values, np.array([[-15.0, 15.0], [5.0, 15.0]]), west=0, north=30, cell=10)
    assert np.isnan(outside[0])
    assert outside[-1] == 4


def test_half_a_way_in_the_sun_counts_half() -> None:
    values = np.full((4, 100), 36.0, dtype=np.float32)
    values[:, :50] = 28.0
    found = exposure(values, np.array([[0.0, 2.0], [100.0, 2.0]]), west=0, north=4, cell=1)
    assert found is not None
    assert found.length == 100
    assert found.strong == pytest.approx(0.5, abs=0.01)
    assert found.mean == pytest.approx(32.0, abs=0.1)
    assert (found.lowest, found.highest) == (28, 36)
    assert found.minutes_strong == pytest.approx(50 / PACE / 60, rel=0.02)


def test_a_way_through_buildings_has_no_figures() -> None:
    values = np.full((4, 100), np.nan, dtype=np.float32)
    values[:, :40] = 30.0
    line = np.array([[0.0, 2.0], [100.0, 2.0]])
    assert exposure(values, line, west=0, north=4, cell=1) is None
    assert exposure(values, line[:1], west=0, north=4, cell=1) is None
