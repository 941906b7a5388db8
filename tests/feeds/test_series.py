"""Series out of files: the real stations of Laajasalo, and files that do not fit."""

from pathlib import Path
from typing import Any

import pytest

from twin.errors import TwinError
from twin.feeds.intake import Intake
from twin.feeds.series import read
from twin.model.sensor import Feed, Quality

PLACES = "heat/helsinki/sensors_vs_satellite/avg_20230711_8_22_with_sat.geojson"
LAAJASALO = Feed(
    "r4c",
    "series",
    "sensors/helsinki_r4c_all.parquet",
    options={"station": "dev-id", "stations": PLACES, "key": "dev-id", "interval": 600},
)


def test_the_stations_of_laajasalo_have_places_and_good_values(shared_data: Path) -> None:
    pytest.importorskip("pyarrow")
    readings, streams = next(read(LAAJASALO, shared_data))
    assert {stream.observed for stream in streams} == {"air_temperature", "relative_humidity", "battery"}
    stations = {stream.station.id: stream.station for stream in streams}
    assert len(stations) == 10
    assert {station.title for station in stations.values()} >= {"Jurmonkuja 1", "Tuurholmanpolku"}
    assert all(25.0 < s.longitude < 25.1 and 60.1 < s.latitude < 60.2 for s in stations.values())
    batch = Intake(streams).take(readings, 1.7e9)
    assert (batch.quality == Quality.GOOD).mean() > 0.99
    assert batch.times[0] == 1686045380.6


def written(folder: Path, text: str, **options: Any) -> Feed:
    (folder / "a.csv").write_text(text, encoding="utf-8")
    return Feed("f", "series", "a.csv", options=options)


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("time,mood\n1,2\n", {}, "a column whose name is an observed property"),
        ("when,temp\n1,2\n", {}, "has no time"),
        ("time,temp\n1,2\n", {"station": "dev"}, "has no dev"),
        ("time,temp\n1,2\n", {"values": {"co2": "x"}}, "has no x"),
        ("time,temp\n1,2\n", {"zone": "Europe/Atlantis"}, "Atlantis"),
        ("time,temp\n1,2\n", {"stations": "missing.geojson"}, "is missing"),
    ],
)
def test_a_file_that_does_not_fit_is_said(
    tmp_path: Path, text: str, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(TwinError, match=said):
        list(read(written(tmp_path, text, **options), tmp_path))


def test_stamps_without_a_zone_are_local(tmp_path: Path) -> None:
    feed = written(tmp_path, "time,temp\n2026-07-15T15:00,21.5\n", zone="Europe/Helsinki")
    ((readings, streams),) = read(feed, tmp_path)
    assert readings[0].time == 1784116800.0
    assert streams[0].id == "f/a/temp"


def test_geojson_says_place_and_value_in_one(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text(
        '{"features": [{"properties": {"time": "2026-07-15T12:00:00Z", "noise": 55, "id": "n1"}, '
        '"geometry": {"type": "Point", "coordinates": [25.0, 60.2]}}]}'
    )
    feed = Feed("f", "series", "a.geojson", options={"station": "id"})
    ((readings, streams),) = read(feed, tmp_path)
    assert (streams[0].station.longitude, streams[0].observed, readings[0].result) == (25.0, "noise", 55)
