"""Reads Digitraffic road weather, and vehicle positions of GTFS-Realtime."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from twin.errors import TwinError
from twin.feeds.intake import Reading, moment
from twin.feeds.sensorthings import position
from twin.model.observed import OBSERVED, UNKNOWN, observed_for
from twin.model.sensor import Datastream, Feed, Station

INTERVAL = 300.0
"""Road weather stations say something about every five minutes. [s]"""
FASTEST = 60.0
"""Vehicles say where they are at least so often. [s]"""


def places(tree: Any) -> dict[str, tuple[str, float, float]]:
    """Name, longitude and latitude of stations by id, of the GeoJSON list of road weather stations."""
    found = {}
    for feature in _members(tree, "features"):
        properties, geometry = feature.get("properties"), feature.get("geometry")
        if not isinstance(properties, Mapping) or not isinstance(geometry, Mapping):
            continue
        own, (longitude, latitude, _) = properties.get("id"), position(geometry)
        if own is not None:
            found[str(own)] = (str(properties.get("name") or own), longitude, latitude)
    return found


def read(
    tree: Any, feed: Feed, known: Mapping[str, tuple[str, float, float]]
) -> tuple[list[Reading], list[Datastream]]:
    """What the values of road weather stations say: of all stations, or the answer for one."""
    stations = _members(tree, "stations") or ([tree] if isinstance(tree, Mapping) else [])
    readings, streams = [], []
    for station in stations:
        own = str(station.get("id", ""))
        title, longitude, latitude = known.get(own, (own, math.nan, math.nan))
        place = Station(f"{feed.id}/{own}", title, longitude, latitude, domain="transport")
        for value in _members(station, "sensorValues"):
            name, unit = str(value.get("name") or value.get("id")), str(value.get("unit") or "")
            observed = observed_for(name, str(value.get("shortName") or ""))
            stream = Datastream(
                f"{feed.id}/{own}/{value.get('id', name)}",
                place,
                observed,
                OBSERVED[observed].unit if observed != UNKNOWN.id else unit,
                f"{title} {name}",
                INTERVAL,
                name,
                unit,
                feed.synthetic,
            )
            streams.append(stream)
            readings.append(Reading(stream.id, moment(value.get("measuredTime")), value.get("value")))
    return readings, streams


def vehicles(content: bytes, feed: Feed) -> tuple[list[Reading], list[Datastream]]:
    """Speed and place of the vehicles of a GTFS-Realtime message. Raises TwinError."""
    try:
        from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
        from google.transit import gtfs_realtime_pb2
    except ImportError as error:
        raise TwinError(f"feed {feed.id}: install twin[gtfs-realtime] to read it.") from error
    message = gtfs_realtime_pb2.FeedMessage()
    try:
        message.ParseFromString(content)
    except DecodeError as error:
        raise TwinError(f"feed {feed.id}: the answer is no GTFS-Realtime message: {error}.") from error
    readings, streams = [], []
    for entity in message.entity:
        vehicle = entity.vehicle
        if not entity.HasField("vehicle") or not vehicle.HasField("position"):
            continue
        own = (vehicle.vehicle.id or entity.id).replace("/", ".")
        title = vehicle.vehicle.label or vehicle.trip.route_id or own
        at = vehicle.position
        place = Station(
            f"{feed.id}/{own}", title, round(at.longitude, 6), round(at.latitude, 6), domain="transport"
        )
        name = f"{feed.id}/{own}/speed"
        speed = round(at.speed, 3) if at.HasField("speed") else None
        streams.append(
            Datastream(name, place, "vehicle_speed", "km/h", title, FASTEST, "speed", "m/s", feed.synthetic)
        )
        readings.append(
            Reading(name, float(vehicle.timestamp or message.header.timestamp) or math.nan, speed)
        )
    return readings, streams


def _members(tree: Any, name: str) -> list[Mapping[str, Any]]:
    found = tree.get(name) if isinstance(tree, Mapping) else None
    return [member for member in found if isinstance(member, Mapping)] if isinstance(found, list) else []
