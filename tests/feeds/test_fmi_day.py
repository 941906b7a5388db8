"""The weather of a day comes from FMI into the project's folder, and heat is worked out with it.

No recorded answer of FMI is at hand: those here are written in the form that its manuals describe.
"""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import loopback
import numpy as np
import pytest
import small_map
from test_services import collection, series

from twin.cli.heat import weather_of
from twin.cli.main import main
from twin.feeds import fmi, fmi_day
from twin.feeds.fmi import Observed
from twin.feeds.net import NetError
from twin.formats.open_project import open_project

LAT, LON = small_map.CENTRE
DAY = datetime(2026, 7, 15, tzinfo=UTC) - timedelta(hours=2)
"""Midnight in Finland, without summer time."""


def measured(parameter: str, hours: float = 24.0, longitude: float = LON, station: str = "1") -> Observed:
    """As many as the hour that begins."""
    values = tuple(
        (DAY + timedelta(minutes=10 * k), float((10 * k - 1) // 60)) for k in range(1, round(6 * hours) + 1)
    )
    return Observed(station, f"Station {station}", longitude, LAT, parameter, "", values)


def sun(parameter: str = "glob_1min") -> Observed:
    values = tuple((DAY + timedelta(minutes=k), 600.0) for k in range(1, 1441))
    return Observed("2", "Roof", LON + 0.2, LAT, parameter, "W/m²", values)


def test_hours_are_means_of_what_ended_in_them() -> None:
    air = [measured(name) for name in fmi_day.AIR]
    day = fmi_day.day_of(air, [sun(), sun("DIFF_1MIN")], DAY, LON, LAT)
    assert day.ends[0] == DAY + timedelta(hours=1)
    assert day.columns["air_temperature"] == tuple(float(hour) for hour in range(24))
    assert set(day.columns["diffuse_radiation"]) == {600.0}
    assert "sky_longwave" not in day.columns
    assert "air of Station 1, 0 km away; radiation of Roof, 11 km away" in day.source
    assert "CC BY 4.0" in day.source


def test_the_nearest_station_that_measured_all_of_it_is_taken() -> None:
    near = [measured("t2m", longitude=LON + 0.01, station="near")]
    far = [measured(name, longitude=LON + 0.1, station="far") for name in fmi_day.AIR]
    assert "Station far" in fmi_day.day_of([*near, *far], [sun()], DAY, LON, LAT).source


def test_a_day_with_a_hole_is_refused() -> None:
    air = [measured("t2m", hours=20), measured("rh"), measured("ws_10min")]
    with pytest.raises(NetError, match="no whole day of air temperature"):
        fmi_day.day_of(air, [sun()], DAY, LON, LAT)


@pytest.fixture
def service() -> Iterator[loopback.Web]:
    """Answers as FMI does: for the hours, the step and the parameters that it is asked for."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        asked = {key: values[0] for key, values in parse_qs(urlsplit(handler.path).query).items()}
        at, end = (datetime.fromisoformat(asked[key]) for key in ("starttime", "endtime"))
        values: list[tuple[str, str]] = []
        while at <= end:
            warm = 20 + 5 * math.sin((at.hour - 6) / 24 * 2 * math.pi)
            values.append((at.strftime("%Y-%m-%dT%H:%M:%SZ"), f"{warm:.1f}"))
            at += timedelta(minutes=int(asked["timestep"]))
        sky = [(time, "350") for time, _ in values]
        names = asked["parameters"].split(",")
        text = collection(*(series(name, sky if name == "lwin_1min" else values) for name in names))
        body = text.encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "text/xml")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    with loopback.web() as server:
        server.replies["/wfs"] = reply
        yield server


def test_a_fetched_day_stays_with_the_project_and_is_weather(
    service: loopback.Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "town.twin.json"
    osm = small_map.write(tmp_path / "town.osm")
    assert main(["import", str(out), "--centre", f"{LAT},{LON}", "--radius", "250", "--osm", str(osm)]) == 0
    assert main(["fetch", str(out), "fmi", f"{service.url}/wfs", "--day", "2026-07-15"]) == 0
    assert len(service.asked) == 4
    assert f"storedquery_id={fmi.RADIATION}".replace(":", "%3A") in service.asked[-1]
    assert "town/weather-fmi-2026-07-15.csv" in capsys.readouterr().out
    file = tmp_path / "town" / "weather-fmi-2026-07-15.csv"
    weather = weather_of(str(file), open_project(out), date(2026, 7, 15))
    assert len(weather.ends) == 24
    assert weather.source.startswith(fmi.LICENCE)
    assert np.ptp(weather.air_temperature) > 8


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("fmi",), "The day is missing"), (("wfs",), "address of the service is missing")],
)
def test_what_is_missing_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert main(["fetch", str(tmp_path / "a.twin.json"), *arguments]) == 2
    assert said in capsys.readouterr().err
