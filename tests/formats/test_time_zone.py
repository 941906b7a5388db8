from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from twin.formats import time_zone


@pytest.mark.parametrize(
    ("longitude", "latitude", "offset"),
    [
        (24.94, 60.17, 3), (24.75, 59.44, 3), (23.76, 61.50, 3), (12.24, 44.14, 2), (4.30, 52.08, 2),
        (11.42, 48.77, 2), (11.97, 57.71, 2), (139.7, 35.6, 9), (-73.9, 40.7, -4), (151.2, -33.9, 10),
    ],
)  # fmt: skip
def test_the_clock_of_a_place_is_right_in_july(longitude: float, latitude: float, offset: int) -> None:
    zone = ZoneInfo(time_zone.zone_at(longitude, latitude))
    moved = datetime(2026, 7, 15, 12, tzinfo=zone).utcoffset()
    assert moved is not None
    assert moved.total_seconds() / 3600 == offset


def test_without_a_table_the_meridian_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_zone, "_cities", dict)
    assert time_zone.zone_at(24.9, 60.2) == "Etc/GMT-2"
    assert time_zone.zone_at(-73.9, 40.7) == "Etc/GMT+5"
    assert time_zone.zone_at(3.0, 50.0) == "UTC"
    assert ZoneInfo("Etc/GMT-2").utcoffset(None) == timedelta(hours=2)


def test_the_middle_of_an_ocean_has_the_zone_of_its_meridian() -> None:
    assert time_zone.zone_at(-140.0, 30.0) == "Etc/GMT+9"
