"""Asks the Finnish Meteorological Institute for weather and radiation, by its stored queries (WFS 2.0)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from twin.feeds import ows
from twin.feeds.net import Answer, Net, NetError

URL = "https://opendata.fmi.fi/wfs"
LICENCE = "Finnish Meteorological Institute, CC BY 4.0"
WEATHER = "fmi::observations::weather::timevaluepair"
RADIATION = "fmi::observations::radiation::timevaluepair"
UNITS = {
    "t2m": "degC",
    "rh": "%",
    "td": "degC",
    "ws_10min": "m/s",
    "wd_10min": "deg",
    "wg_10min": "m/s",
    "p_sea": "hPa",
    "r_1h": "mm",
    "n_man": "1/8",
    "GLOB_1MIN": "W/m2",
    "DIR_1MIN": "W/m2",
    "DIFF_1MIN": "W/m2",
    "LWIN_1MIN": "W/m2",
}
"""Of the parameters that heat needs; FMI's list of parameters says more."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One parameter at one station."""

    station: str
    """fmisid, as 101004."""
    name: str
    longitude: float
    latitude: float
    parameter: str
    unit: str
    values: tuple[tuple[datetime, float], ...]
    """What was measured, in order of time; absent ones are left out."""
    absent: int = 0


def observe(
    net: Net,
    begin: datetime,
    end: datetime,
    *,
    station: str = "",
    box: tuple[float, float, float, float] | None = None,
    query: str = WEATHER,
    parameters: tuple[str, ...] = ("t2m", "rh", "ws_10min"),
    step: int = 10,
    url: str = URL,
) -> tuple[Observed, ...]:
    """What a station (fmisid), or those in a box (west, south, east, north [deg]) measured.

    begin, end: with a zone. step: between values. [min]
    Raises NetError: neither station nor box, nothing measured there; and Cancelled.
    """
    if not station and box is None:
        raise NetError(url, "is asked for no place", "Give a station or a box.")
    asked = {
        "service": "WFS",
        "version": "2.0.0",
        "request": "getFeature",
        "storedquery_id": query,
        "starttime": f"{begin.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "endtime": f"{end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "timestep": str(step),
        "parameters": ",".join(parameters),
    }
    if station:
        asked["fmisid"] = station
    elif box is not None:
        asked["bbox"] = ",".join(f"{n:.5f}" for n in box)
    found = parse(net.get(url, asked))
    if not found:
        raise NetError(url, "has nothing measured there and then", "Take a larger box or other hours.")
    return found


def parse(answer: Answer) -> tuple[Observed, ...]:
    """What an answer to a `timevaluepair` query holds. Raises NetError."""
    return tuple(_series(e) for e in ows.every(ows.tree(answer), "PointTimeSeriesObservation"))


def _series(element: Any) -> Observed:
    link = ""
    for e in ows.every(element, "observedProperty"):
        link = next((str(v) for k, v in e.attrib.items() if k.endswith("href")), "")
    parameter = link.partition("param=")[2].partition("&")[0] or "unknown"
    values, absent = [], 0
    for pair in ows.every(element, "MeasurementTVP"):
        value = _number(ows.word(pair, "value"))
        if value is None:
            absent += 1
        else:
            values.append((datetime.fromisoformat(ows.word(pair, "time")), value))
    latitude, longitude = _position(element)
    return Observed(
        station=next((ows.word(e) for e in ows.every(element, "identifier")), ""),
        name=next((ows.word(e) for e in ows.every(element, "name")), ""),
        longitude=longitude,
        latitude=latitude,
        parameter=parameter,
        unit=UNITS.get(parameter, ""),
        values=tuple(sorted(values)),
        absent=absent,
    )


def _position(element: Any) -> tuple[float, float]:
    """Latitude and longitude, which FMI writes in this order. [deg]"""
    text = next((ows.word(e) for e in ows.every(element, "pos")), "")
    numbers = [_number(part) for part in text.split()[:2]]
    if len(numbers) < 2 or numbers[0] is None or numbers[1] is None:
        return math.nan, math.nan
    return numbers[0], numbers[1]


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
