"""A field between sensors: exact at them, nothing outside their hull, and honest about its error."""

import numpy as np
import pytest

from twin.analysis.interpolate import field, left_out, weighted
from twin.analysis.sensor_statistics import agreement, around, hourly, statistics, with_gaps
from twin.model.raster import value_at
from twin.model.sensor import Quality, Series

CORNERS = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0], [50.0, 50.0]])
VALUES = np.array([10.0, 20.0, 30.0, 20.0, 20.0])


def test_at_a_sensor_it_says_what_the_sensor_says() -> None:
    assert weighted(CORNERS, VALUES, CORNERS) == pytest.approx(VALUES, abs=0.02)


def test_halfway_between_two_it_is_their_mean() -> None:
    two, values = np.array([[0.0, 0.0], [10.0, 0.0]]), np.array([1.0, 3.0])
    assert weighted(two, values, np.array([[5.0, 0.0]]))[0] == pytest.approx(2.0)


def test_outside_the_hull_nothing_is_said() -> None:
    triangle = np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 100.0], [20.0, 20.0]])
    found = field(triangle, VALUES[:4], name="f", title="", unit="", source="")
    assert found is not None
    assert np.isnan(value_at(found.raster, 90.0, 90.0))
    assert np.isfinite(value_at(found.raster, 30.0, 30.0))


def test_values_never_leave_the_range_of_the_sensors() -> None:
    found = field(CORNERS, VALUES, name="f", title="", unit="", source="")
    assert found is not None
    assert np.nanmin(found.raster.values) >= 10.0
    assert np.nanmax(found.raster.values) <= 30.0


def test_the_error_is_that_of_sensors_left_out_one_by_one() -> None:
    off = left_out(CORNERS, VALUES)
    assert off[4] == pytest.approx(0.0, abs=1e-9)  # the middle of four corners is their mean
    found = field(CORNERS, VALUES, name="f", title="", unit="", source="")
    assert found is not None
    assert found.error == pytest.approx(np.sqrt((off**2).mean()))


@pytest.mark.parametrize("places", [CORNERS[:3], np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])])
def test_too_few_sensors_or_a_line_make_no_field(places: np.ndarray) -> None:
    assert field(places, VALUES[: len(places)], name="f", title="", unit="", source="") is None


def series(values: list[float], quality: list[int] | None = None) -> Series:
    count = len(values)
    times = np.arange(count) * 600.0
    marks = np.array(quality or [0] * count, dtype=np.uint8)
    return Series("f/a", times, times, np.array(values), marks)


def test_statistics_leave_out_what_is_bad_and_count_it() -> None:
    found = statistics(series([1.0, 2.0, 900.0, 3.0], [0, 0, Quality.RANGE, 0]))
    assert (found.count, found.bad, found.mean, found.highest) == (3, 1, 2.0, 3.0)
    assert np.isnan(statistics(series([])).mean)


def test_bias_and_rmse_are_of_model_minus_measurement() -> None:
    found = agreement([3.0, 5.0, np.nan], [1.0, 5.0, 7.0])
    assert (found.count, found.bias) == (2, 1.0)
    assert found.rmse == pytest.approx(np.sqrt(2.0))


def test_hours_without_readings_have_no_mean() -> None:
    found = hourly(series([1.0, 3.0, 5.0]), np.array([0.0, 900.0, 1800.0, 3600.0]))
    assert found[:2].tolist() == [2.0, 5.0]
    assert np.isnan(found[2])


def test_means_around_moments_take_no_reading_twice_and_none_of_between() -> None:
    twice_an_hour = Series("f/a", np.arange(6) * 1800.0, np.zeros(6), np.arange(6.0), np.zeros(6, np.uint8))
    found = around(twice_an_hour, np.array([1800.0, 9000.0, 90000.0]), 1800.0)
    assert found[:2].tolist() == [0.5, 4.5]  # from half an hour before, up to but not with half an hour after
    assert np.isnan(found[2])


def test_a_curve_is_broken_where_nothing_came() -> None:
    even = series([1.0] * 6)
    jumped = np.array([0.0, 600.0, 1200.0, 9000.0, 9600.0, 10200.0])
    gappy = Series("f/a", jumped, even.arrivals, even.values, even.quality)
    times, values = with_gaps(gappy, 600.0)
    assert np.isnan(values).sum() == 1
    assert np.isnan(values[3])
    assert (np.diff(times) > 0).all()
