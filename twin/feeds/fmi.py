"""Asks the Finnish Meteorological Institute for weather and radiation, by its stored queries (WFS 2.0).

Its answers, `timevaluepair` or `simple`, are read as measured values, or as readings of sensors.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from twin.feeds import ows
from twin.feeds.intake import Reading, moment
from twin.feeds.net import Answer, Net, NetError
from twin.model.observed import OBSERVED, UNKNOWN, observed_for
from twin.model.sensor import Datastream, Feed, Station

URL = "https://opendata.fmi.fi/wfs"
LICENCE = "Finnish Meteorological Institute, CC BY 4.0"
WEATHER = "fmi::observations::weather::timevaluepair"
RADIATION = "fmi::observations::radiation::timevaluepair"
UNITS = {
    **dict.fromkeys(("t2m", "td", "temperature"), "°C"),
    **dict.fromkeys(("ws_10min", "wg_10min", "windspeedms"), "m/s"),
    **dict.fromkeys(("glob_1min", "dir_1min", "diff_1min", "lwin_1min"), "W/m²"),
    **{"rh": "%", "humidity": "%", "wd_10min": "°", "p_sea": "hPa", "r_1h": "mm", "n_man": "1/8"},
}
"""The answers name parameters, in large or small letters, not units; these are what they are in."""
INTERVAL = 600.0
"""Most parameters come every ten minutes. [s]"""


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
    """What an answer holds, one parameter of a station after the other. Raises NetError."""
    found = []
    for series in _series(ows.tree(answer)):
        values = [(datetime.fromisoformat(time), _number(value)) for time, value in series.pairs]
        there = sorted((time, value) for time, value in values if value is not None)
        latitude, longitude = _position(series.place)
        found.append(
            Observed(
                station=series.station,
                name=series.name,
                longitude=longitude,
                latitude=latitude,
                parameter=series.parameter or "unknown",
                unit=UNITS.get(series.parameter.lower(), ""),
                values=tuple(there),
                absent=len(values) - len(there),
            )
        )
    return tuple(found)


def read(content: bytes, feed: Feed) -> tuple[list[Reading], list[Datastream]]:
    """What an answer says, as readings of sensors. Raises NetError when it is no such answer."""
    streams: dict[str, Datastream] = {}
    readings: list[Reading] = []
    for series in _series(ows.tree(Answer(feed.url or feed.id, 200, "", content, {}))):
        stream = _stream(feed, series)
        streams.setdefault(stream.id, stream)
        readings += [Reading(stream.id, moment(time), value) for time, value in series.pairs]
    return readings, list(streams.values())


@dataclass(frozen=True, slots=True)
class _Series:
    """One parameter at one station, in the words of the answer."""

    station: str
    name: str
    parameter: str
    place: str
    pairs: tuple[tuple[str, str], ...]
    """Times and values."""


def _series(root: Any) -> Iterator[_Series]:
    """Of both forms; in `simple` stations have no name, and each value is an element of its own."""
    for e in ows.every(root, "BsWfsElement"):
        pair = (_first(e, "Time"), _first(e, "ParameterValue"))
        yield _Series("", "", _first(e, "ParameterName"), _first(e, "pos"), (pair,))
    for e in ows.every(root, "PointTimeSeriesObservation"):
        link = ""
        for seen in ows.every(e, "observedProperty"):
            link = next((str(v) for k, v in seen.attrib.items() if k.endswith("href")), "")
        pairs = [(ows.word(pair, "time"), ows.word(pair, "value")) for pair in ows.every(e, "MeasurementTVP")]
        parameter = link.partition("param=")[2].partition("&")[0]
        yield _Series(_first(e, "identifier"), _first(e, "name"), parameter, _first(e, "pos"), tuple(pairs))


def _stream(feed: Feed, series: _Series) -> Datastream:
    own = series.station or series.name or series.place.replace(" ", "_") or "place"
    latitude, longitude = _position(series.place)
    station = Station(f"{feed.id}/{own}", series.name or series.place, longitude, latitude)
    observed, unit = observed_for(series.parameter), UNITS.get(series.parameter.lower(), "")
    return Datastream(
        f"{station.id}/{series.parameter}",
        station,
        observed,
        OBSERVED[observed].unit if observed != UNKNOWN.id else unit,
        f"{station.title} {series.parameter}",
        INTERVAL,
        series.parameter,
        unit,
        feed.synthetic,
    )


def _position(text: str) -> tuple[float, float]:
    """Latitude and longitude of a `gml:pos` in EPSG:4258, which has them in this order. [deg]"""
    numbers = [_number(part) for part in text.split()[:2]]
    if len(numbers) < 2 or numbers[0] is None or numbers[1] is None:
        return math.nan, math.nan
    latitude, longitude = numbers[0], numbers[1]
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else (math.nan, math.nan)


def _first(element: Any, name: str) -> str:
    return next((ows.word(e) for e in ows.every(element, name)), "")


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
