"""Values that are no values are kept with a reason, in one unit, and never become 0."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.feeds.intake import Intake, Reading, moment, number_of, stamp_of
from twin.feeds.units import conversion
from twin.model.observed import DOMAINS, OBSERVED, observed_for
from twin.model.sensor import Datastream, Latest, Quality, Station

NOW = 1_763_000_000.0
HERE = Station("f/1", "Yard", 25.0, 60.2)


def stream(observed: str = "air_temperature", unit: str = "°C") -> Datastream:
    return Datastream("f/t", HERE, observed, OBSERVED[observed].unit, source_unit=unit, interval=600.0)


def judged(results: list[Any], *, observed: str = "air_temperature", unit: str = "°C", step: float = 600.0):
    intake = Intake([stream(observed, unit)])
    readings = [Reading("f/t", NOW - 1e6 + step * n, result) for n, result in enumerate(results)]
    return intake.take(readings, NOW)


def qualities(results: list[Any], **options: Any) -> list[Quality]:
    return [Quality(q) for q in judged(results, **options).quality]


@pytest.mark.parametrize(
    ("result", "quality"),
    [
        (None, Quality.MISSING),
        (math.nan, Quality.MISSING),
        ("NaN", Quality.MISSING),
        ("", Quality.MISSING),
        (1e999, Quality.MISSING),
        ("broken", Quality.TEXT),
        ("1,5", Quality.TEXT),
        ("1_5", Quality.TEXT),
        ({"a": 1}, Quality.TEXT),
        ([21.5], Quality.TEXT),
        (-127.0, Quality.RANGE),
        (85.0, Quality.RANGE),
        (10**400, Quality.RANGE),
    ],
)
def test_what_is_no_value_has_its_reason_and_is_never_zero(result: Any, quality: Quality) -> None:
    batch = judged([20.0, result])
    assert batch.quality[1] == quality
    assert batch.values[1] != 0.0


def test_text_is_kept_as_it_came() -> None:
    assert judged([20.0, "door open", {"a": 1}]).texts == {1: "door open", 2: '{"a": 1}'}


def test_a_spike_is_one_value_and_a_step_is_two() -> None:
    good, spike = Quality.GOOD, Quality.SPIKE
    assert qualities([20, 20.5, 45, 21, 21.2]) == [good, good, spike, good, good]
    assert qualities([20, 35, 35.2, 35.1]) == [good, spike, good, good]
    assert qualities([355, 3, 350], observed="wind_direction", unit="°") == [good] * 3


def test_the_same_number_for_longer_than_a_day_is_stuck_and_a_calm_night_is_not() -> None:
    found = qualities([20.0] * 200)
    assert found[:144] == [Quality.GOOD] * 144
    assert found[146:] == [Quality.STUCK] * 54
    assert set(qualities([0.0] * 500, observed="precipitation", unit="mm")) == {Quality.GOOD}


@pytest.mark.parametrize(
    ("shift", "live", "quality"),
    [
        (299, True, Quality.GOOD),
        (301, True, Quality.FUTURE),
        (86400, False, Quality.FUTURE),
        (-86401, True, Quality.ANCIENT),
        (-86401, False, Quality.GOOD),
        (-NOW + 60, False, Quality.ANCIENT),
    ],
)
def test_stamps_of_wrong_clocks_are_kept_with_both_times(shift: float, live: bool, quality: Quality) -> None:
    batch = Intake([stream()]).take([Reading("f/t", NOW + shift, 20.0)], NOW, live=live)
    assert (batch.quality[0], batch.times[0], batch.arrivals[0]) == (quality, NOW + shift, NOW)
    assert batch.values[0] == 20.0


def test_what_was_recorded_long_ago_and_is_played_live_has_no_wrong_clock() -> None:
    year = 365 * 86400.0
    intake = Intake([stream()])
    first = intake.take([Reading("f/t", NOW - year, 20.0)], NOW)  # read, not live
    then = intake.take([Reading("f/t", NOW - year + 600, 20.5)], NOW, live=True)
    assert (first.quality.tolist(), then.quality.tolist()) == ([Quality.GOOD], [Quality.GOOD])
    reset = intake.take([Reading("f/t", NOW - 3 * year, 20.5)], NOW, live=True)
    assert reset.quality.tolist() == [Quality.ANCIENT]


def test_after_a_pause_of_the_program_values_are_judged_by_what_was_kept_before() -> None:
    at = np.array([NOW - 600.0])
    told = Latest(("f/t",), at, at, np.array([20.0]), np.zeros(1, np.uint8), np.zeros(1, bool))
    intake = Intake([stream()])
    intake.remember(told)
    assert intake.take([Reading("f/t", NOW, 45.0)], NOW).quality.tolist() == [Quality.SPIKE]
    fresh = Intake([stream()])
    assert fresh.take([Reading("f/t", NOW, 45.0)], NOW).quality.tolist() == [Quality.GOOD]


def test_a_late_value_does_not_make_the_next_a_spike() -> None:
    intake = Intake([stream()])
    readings = [Reading("f/t", NOW - 60, 20.0), Reading("f/t", NOW - 9e5, -15.0), Reading("f/t", NOW, 20.0)]
    assert set(intake.take(readings, NOW).quality) == {Quality.GOOD}


@pytest.mark.parametrize(
    ("unit", "observed", "value", "expected"),
    [
        ("degree Celsius", "air_temperature", 21.5, 21.5),
        ("Cel", "air_temperature", 21.5, 21.5),
        ("°F", "air_temperature", 68.0, 20.0),
        ("K", "air_temperature", 293.15, 20.0),
        ("FAH", "air_temperature", 68.0, 20.0),
        ("", "air_temperature", 21.5, 21.5),
        ("Pa", "air_pressure", 101300.0, 1013.0),
        ("mbar", "air_pressure", 1013.0, 1013.0),
        ("km/h", "wind_speed", 36.0, 10.0),
        ("m.s-1", "wind_speed", 3.0, 3.0),
        ("mg/m³", "pm2_5", 0.012, 12.0),
        ("ug.m-3", "pm2_5", 12.0, 12.0),
        ("µg/m³", "pm2_5", 12.0, 12.0),
        ("%RH", "relative_humidity", 55.0, 55.0),
        ("klx", "illuminance", 12.0, 12000.0),
        ("dB(A)", "noise", 55.0, 55.0),
        ("MWh", "energy", 1.5, 1500.0),
    ],
)
def test_units_are_carried_into_ours(unit: str, observed: str, value: float, expected: float) -> None:
    batch = judged([value], observed=observed, unit=unit)
    assert batch.values[0] == pytest.approx(expected, abs=1e-9)
    assert batch.quality[0] == Quality.GOOD


@pytest.mark.parametrize("unit", ["kg", "°C/", "import os", "((", "furlongs per fortnight squared"])
def test_a_unit_of_another_thing_is_no_value_of_this(unit: str) -> None:
    assert conversion(unit, "°C") is None
    assert qualities([5.0], unit=unit) == [Quality.UNIT]


@pytest.mark.parametrize(
    ("name", "observed"),
    [
        ("Air Temperature", "air_temperature"),
        ("airTemperature", "air_temperature"),
        ("http://www.qudt.org/qudt/owl/1.0.0/quantity/Instances.html#AirTemperature", "air_temperature"),
        ("https://uri.etsi.org/ngsi-ld/relativeHumidity", "relative_humidity"),
        ("PM2.5", "pm2_5"),
        ("LAeq", "noise"),
        ("temprh_temp", "air_temperature"),
        ("wd_10min", "wind_direction"),
        ("mood", "unknown"),
    ],
)
def test_other_names_are_known(name: str, observed: str) -> None:
    assert observed_for(name) == observed


def test_every_observed_property_has_a_domain_of_the_platform_and_a_unit_that_is_read() -> None:
    for observed in OBSERVED.values():
        assert observed.domain in DOMAINS
        assert conversion(observed.unit, observed.unit) is not None
        assert observed.unit == "" or conversion("kg", observed.unit) is None
    assert {observed.domain for observed in OBSERVED.values()} == set(DOMAINS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-25T00:30:00Z", 1792888200.0),
        ("2026-10-25T03:30:00+03:00", 1792888200.0),
        ("2026-10-25T00:00:00Z/2026-10-25T00:30:00Z", 1792888200.0),
        ("2026-10-25T00:30:00.000Z", 1792888200.0),
        ("2026-10-25T00:30:00", 1792888200.0),
        (1792888200, 1792888200.0),
        (1792888200000, 1792888200.0),
    ],
)
def test_stamps_are_read(text: Any, expected: float) -> None:
    assert moment(text) == expected
    assert moment(stamp_of(expected)) == expected


Json = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists)


@given(Json)
def test_no_result_or_stamp_brings_it_down(result: Any) -> None:
    value, quality = number_of(result)
    assert (quality == Quality.GOOD) == math.isfinite(value)
    assert isinstance(moment(result), float)
