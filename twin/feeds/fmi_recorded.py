"""Reads answers of the Finnish Meteorological Institute as sensors: `simple` and `timevaluepair`."""

from __future__ import annotations

import math
from typing import Any

from lxml import etree

from twin.errors import TwinError
from twin.feeds.intake import Reading, moment
from twin.model.observed import OBSERVED, UNKNOWN, observed_for
from twin.model.sensor import Datastream, Feed, Station

UNITS = {"temperature": "°C", "t2m": "°C", "ws_10min": "m/s", "wg_10min": "m/s", "wd_10min": "°", "rh": "%"}
UNITS |= {"p_sea": "hPa", "r_1h": "mm", "glob_1min": "W/m²", "windspeedms": "m/s", "humidity": "%"}
"""The answers name parameters, not units; these are what the parameters are in."""
INTERVAL = 600.0
"""Most parameters come every ten minutes. [s]"""


def read(content: bytes, feed: Feed) -> tuple[list[Reading], list[Datastream]]:
    """What an answer says. Raises TwinError when it is no such answer."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise TwinError(f"feed {feed.id}: the answer is no XML: {error}.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise TwinError(f"feed {feed.id}: the answer has a DOCTYPE, and is not read.")
    if etree.QName(root).localname == "ExceptionReport":
        said = " ".join(" ".join(str(text) for text in root.itertext()).split())[:200]
        raise TwinError(f"feed {feed.id}: the service answers: {said}.")
    streams: dict[str, Datastream] = {}
    readings: list[Reading] = []
    for element in root.iter("{*}BsWfsElement"):
        name, place = _text(element, "ParameterName"), _text(element, "pos")
        stream = _stream(streams, feed, name, place.replace(" ", "_"), "", place)
        readings.append(Reading(stream.id, moment(_text(element, "Time")), _text(element, "ParameterValue")))
    for series in root.iter("{*}PointTimeSeriesObservation"):
        link = next(series.iter("{*}observedProperty"), None)
        address = "" if link is None else next((v for k, v in link.attrib.items() if k.endswith("href")), "")
        name = str(address).rpartition("param=")[2].partition("&")[0]
        title, own = _text(series, "name"), _text(series, "identifier")
        stream = _stream(streams, feed, name, own or title, title, _text(series, "pos"))
        for point in series.iter("{*}MeasurementTVP"):
            readings.append(Reading(stream.id, moment(_text(point, "time")), _text(point, "value")))
    return readings, list(streams.values())


def _stream(
    streams: dict[str, Datastream], feed: Feed, name: str, own: str, title: str, place: str
) -> Datastream:
    stream_id = f"{feed.id}/{own or 'place'}/{name}"
    if stream_id not in streams:
        latitude, longitude = _degrees(place)
        station = Station(f"{feed.id}/{own or 'place'}", title or place, longitude, latitude)
        observed, unit = observed_for(name), UNITS.get(name.lower(), "")
        streams[stream_id] = Datastream(
            stream_id,
            station,
            observed,
            OBSERVED[observed].unit if observed != UNKNOWN.id else unit,
            f"{station.title} {name}",
            INTERVAL,
            name,
            unit,
            feed.synthetic,
        )
    return streams[stream_id]


def _degrees(place: str) -> tuple[float, float]:
    """Latitude and longitude of a `gml:pos` in EPSG:4258, which has them in this order."""
    try:
        latitude, longitude, *_ = (float(part) for part in place.split())
    except ValueError:
        return math.nan, math.nan
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else (math.nan, math.nan)


def _text(element: Any, name: str) -> str:
    found = next(element.iter(f"{{*}}{name}"), None)
    return (found.text or "").strip() if found is not None else ""
