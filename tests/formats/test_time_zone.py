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


@pytest.mark.parametrize(
    ("longitude", "latitude", "name"),
    [
        (18.06, 59.33, "Europe/Stockholm"), (20.26, 63.83, "Europe/Stockholm"),
        (24.12, 65.85, "Europe/Helsinki"), (27.68, 62.89, "Europe/Helsinki"),
        (26.72, 58.38, "Europe/Tallinn"),
        (24.11, 56.95, "Europe/Riga"), (10.75, 59.91, "Europe/Oslo"), (12.24, 44.14, "Europe/Rome"),
        (11.57, 48.14, "Europe/Berlin"), (12.57, 55.68, "Europe/Copenhagen"),
        (4.30, 52.08, "Europe/Amsterdam"), (30.31, 59.94, "Europe/Moscow"),
    ],
)  # fmt: skip
def test_each_country_has_its_own_clock(longitude: float, latitude: float, name: str) -> None:
    assert time_zone.zone_at(longitude, latitude) == name


def test_without_a_table_the_meridian_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_zone, "_cities", dict)
    assert time_zone.zone_at(24.9, 60.2) == "Etc/GMT-2"
    assert time_zone.zone_at(-73.9, 40.7) == "Etc/GMT+5"
    assert time_zone.zone_at(3.0, 50.0) == "UTC"
    assert ZoneInfo("Etc/GMT-2").utcoffset(None) == timedelta(hours=2)


def test_the_middle_of_an_ocean_has_the_zone_of_its_meridian() -> None:
    assert time_zone.zone_at(-140.0, 30.0) == "Etc/GMT+9"
