"""The sun stands where the published algorithm says."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

from twin.analysis.sun import MOST_KEPT, Sun, direction, path, sun, sunrise_sunset
from twin.model.place import Place


def place(latitude: float, longitude: float, timezone: str = "UTC") -> Place:
    return Place("EPSG:3857", (0.0, 0.0, 0.0), longitude, latitude, timezone)


HELSINKI = place(60.1719, 24.9414, "Europe/Helsinki")


def test_the_example_of_reda_and_andreas() -> None:
    golden = place(39.742476, -105.1786)
    found = sun(golden, datetime(2003, 10, 17, 12, 30, 30, tzinfo=timezone(timedelta(hours=-7))))
    assert found.azimuth == pytest.approx(194.34024, abs=1e-4)
    # theirs is at 820 hPa and 1830 m: that air bends the light by 0.0036° less than ours at sea level
    assert 90 - found.altitude == pytest.approx(50.11162, abs=5e-3)
    assert 90 - found.altitude < 50.11162


def test_sun_agrees_with_the_whole_of_pvlib() -> None:
    import pandas
    from pvlib import solarposition

    times = pandas.date_range("2026-01-01", "2026-12-31", freq="7h", tz="UTC")
    theirs = solarposition.get_solarposition(times, 60.1719, 24.9414)
    ours = path(HELSINKI, np.array([t.timestamp() for t in times]))
    assert np.abs(ours[:, 0] - theirs["apparent_elevation"]).max() < 1e-3
    assert np.abs(ours[:, 1] - theirs["azimuth"]).max() < 1e-3


@pytest.mark.parametrize("day", [date(2026, 1, 5), date(2026, 3, 29), date(2026, 6, 21), date(2026, 10, 25)])
def test_sunrise_and_sunset_agree_with_pvlib(day: date) -> None:
    import pandas
    from pvlib import solarposition

    times = pandas.DatetimeIndex([pandas.Timestamp(day, tz="Europe/Helsinki")])
    theirs = solarposition.sun_rise_set_transit_spa(times, 60.1719, 24.9414)
    found = sunrise_sunset(HELSINKI, day)
    assert found is not None
    for ours, name in zip(found, ("sunrise", "sunset"), strict=True):
        assert abs((theirs[name].iloc[0] - ours).total_seconds()) < 15


def test_the_sun_of_midsummer_does_not_set_in_utsjoki() -> None:
    utsjoki = place(69.9, 27.0, "Europe/Helsinki")
    found = sunrise_sunset(utsjoki, date(2026, 6, 21))
    assert found is not None
    assert [t.isoformat() for t in found] == ["2026-06-21T00:00:00+03:00", "2026-06-22T00:00:00+03:00"]
    assert sunrise_sunset(utsjoki, date(2026, 12, 21)) is None


def test_the_sun_is_in_the_south_at_noon_and_lower_in_winter() -> None:
    summer = sun(HELSINKI, datetime(2026, 6, 21, 10, 22, tzinfo=UTC))
    winter = sun(HELSINKI, datetime(2026, 12, 21, 10, 18, tzinfo=UTC))
    assert summer.azimuth == pytest.approx(180, abs=0.5)
    assert summer.altitude == pytest.approx(90 - 60.1719 + 23.44, abs=0.05)
    assert winter.altitude == pytest.approx(90 - 60.1719 - 23.44, abs=0.2)  # refraction lifts it by 0.13°


def test_direction_points_to_the_sun() -> None:
    assert direction(Sun(0, 90)) == pytest.approx([1, 0, 0])
    assert direction(Sun(0, 0)) == pytest.approx([0, 1, 0])
    assert direction(Sun(90, 123)) == pytest.approx([0, 0, 1])
    assert direction(Sun(45, 180)) == pytest.approx([0, -(0.5**0.5), 0.5**0.5])


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        sun(HELSINKI, datetime(2026, 6, 21, 12))


def test_the_sun_needs_neither_pandas_nor_scipy() -> None:
    program = (
        "import sys; from datetime import *;"
        "from twin.analysis.sun import sun; from twin.model.place import Place;"
        "sun(Place('EPSG:3879', (0, 0, 0), 25, 60), datetime.now(UTC));"
        "assert not {'pandas', 'scipy', 'pvlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_what_is_remembered_is_what_is_worked_out_anew_whatever_was_done_with_it() -> None:
    seconds = datetime(2026, 6, 21, tzinfo=UTC).timestamp() + np.arange(MOST_KEPT + 1) * 60.0
    path(HELSINKI, seconds[:-1])[:] = 0.0
    assert np.array_equal(path(HELSINKI, seconds[:-1]), path(HELSINKI, seconds)[:-1])
