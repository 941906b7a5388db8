"""Reads NGSI-LD and NGSI v2 entities, from a broker or out of recorded JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from twin.feeds.intake import Reading, moment
from twin.feeds.sensorthings import position
from twin.feeds.units import CEFACT
from twin.model.observed import OBSERVED, UNKNOWN, observed_for
from twin.model.sensor import Datastream, Feed, Station

STAMPS = ("dateObserved", "observedAt", "TimeInstant", "dateModified", "modifiedAt")
"""Attributes that say when an entity was observed, the best first."""
_NOT_MEASURED = frozenset({"id", "type", "@context", "location", "name", "refDevice", "address", *STAMPS})


def read(tree: Any, feed: Feed) -> tuple[list[Reading], list[Datastream]]:
    """What a list of entities, or one entity, says. What is no entity says nothing."""
    readings, streams = [], []
    for entity in tree if isinstance(tree, list) else [tree]:
        if isinstance(entity, Mapping) and isinstance(entity.get("id"), str):
            for stream, reading in _entity(entity, feed):
                streams.append(stream)
                readings.append(reading)
    return readings, streams


def _entity(entity: Mapping[str, Any], feed: Feed) -> Iterator[tuple[Datastream, Reading]]:
    own = entity["id"].replace("/", ".")
    place = _value(entity.get("location"))
    longitude, latitude, _ = position(place) if isinstance(place, Mapping) else (math.nan, math.nan, 0.0)
    name = _value(entity.get("name"))
    station = Station(
        f"{feed.id}/{own}", name if isinstance(name, str) else entity["id"], longitude, latitude
    )
    usual = next((moment(_value(entity[stamp])) for stamp in STAMPS if stamp in entity), math.nan)
    for key, attribute in entity.items():
        if key in _NOT_MEASURED:
            continue
        observed = observed_for(key)
        result, unit, time = _value(attribute), _unit(attribute), _time(attribute, usual)
        known = observed != UNKNOWN.id
        if not known and (isinstance(result, bool) or not isinstance(result, int | float)):
            continue
        if isinstance(attribute, Mapping) and attribute.get("type") in ("Relationship", "GeoProperty"):
            continue
        stream = Datastream(
            f"{feed.id}/{own}/{key}",
            station,
            observed,
            OBSERVED[observed].unit if known else unit,
            f"{station.title} {key}",
            source_observed=key,
            source_unit=CEFACT.get(unit, unit) if known else unit,
            synthetic=feed.synthetic,
        )
        yield stream, Reading(stream.id, time, result)


def _value(attribute: Any) -> Any:
    """What an attribute says, normalised or short; a DateTime of NGSI-LD is one level further down."""
    value = attribute.get("value", attribute) if isinstance(attribute, Mapping) else attribute
    return value["@value"] if isinstance(value, Mapping) and "@value" in value else value


def _unit(attribute: Any) -> str:
    """The UN/CEFACT code of an attribute: NGSI-LD beside the value, v2 in its metadata."""
    if not isinstance(attribute, Mapping):
        return ""
    metadata = attribute.get("metadata")
    inside = metadata if isinstance(metadata, Mapping) else {}
    found = attribute.get("unitCode") or _value(inside.get("unitCode") or inside.get("unit"))
    return found if isinstance(found, str) else ""


def _time(attribute: Any, usual: float) -> float:
    if not isinstance(attribute, Mapping):
        return usual
    metadata = attribute.get("metadata")
    inside = metadata if isinstance(metadata, Mapping) else {}
    found = moment(_value(attribute.get("observedAt") or inside.get("TimeInstant")))
    return found if math.isfinite(found) else usual
