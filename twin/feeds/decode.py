"""Makes readings of MQTT messages: JSON by paths, and LoRaWAN uplinks by a table for each device."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from msgspec import Struct

from twin.errors import TwinError
from twin.feeds.intake import Reading, moment
from twin.feeds.json_path import find
from twin.model.observed import OBSERVED, UNKNOWN, observed_for
from twin.model.sensor import Datastream, Feed, Station

LARGEST = 256 * 1024
"""Payload that is looked at. [byte]"""
CAYENNE = {
    0x65: ("illuminance", 2, False, 1.0),
    0x67: ("air_temperature", 2, True, 0.1),
    0x68: ("relative_humidity", 1, False, 0.5),
    0x73: ("air_pressure", 2, False, 0.1),
    0x00: ("digital_input", 1, False, 1.0),
    0x01: ("digital_output", 1, False, 1.0),
    0x02: ("analog_input", 2, True, 0.01),
    0x03: ("analog_output", 2, True, 0.01),
    0x66: ("presence", 1, False, 1.0),
    0x71: ("accelerometer", 6, True, 1.0),
    0x86: ("gyrometer", 6, True, 1.0),
    0x88: ("gps", 9, True, 1.0),
}
"""Cayenne Low Power Payload: type, what it is, bytes, signed, scale."""


class Field(Struct, frozen=True, forbid_unknown_fields=True):
    """A number in the bytes of a payload."""

    at: int
    """First byte."""
    bytes: int = 2
    signed: bool = False
    order: Literal["big", "little"] = "big"
    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""


class Value(Struct, frozen=True, forbid_unknown_fields=True):
    """A number in a JSON tree."""

    path: str
    unit: str = ""


class Device(Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a device that does not say it."""

    title: str = ""
    longitude: float = math.nan
    latitude: float = math.nan
    height: float = math.nan
    interval: float = math.nan
    decoder: str = ""
    """A name in `decoders`, or `cayenne`."""
    domain: str = ""


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    """The options of an MQTT feed."""

    topics: tuple[str, ...]
    format: Literal["json", "chirpstack", "thingpark", "number"] = "json"
    device: str = ""
    """JSON path of the id of the device, or `topic:2` for a level of the topic, the first being 0."""
    time: str = ""
    """JSON path of the stamp."""
    longitude: str = ""
    latitude: str = ""
    values: dict[str, str | Value] = {}
    """JSON path of each observed property."""
    decoder: str = ""
    """Of devices that have none of their own."""
    decoders: dict[str, dict[str, Field]] = {}
    devices: dict[str, Device] = {}
    interval: float = math.nan
    """Nominal, where a device has none of its own. [s]"""
    user: str = ""


@dataclass(slots=True)
class Decoder:
    """Knows the datastreams of a feed from the messages that came so far."""

    feed: Feed
    options: Options
    streams: dict[str, Datastream] = field(default_factory=dict)
    refused: int = 0
    """Messages that nothing could be made of."""

    def readings(self, topic: str, payload: bytes) -> list[Reading]:
        """What a message says, of datastreams in `streams`; nothing where it says nothing that we know."""
        found = list(self._read(topic, payload)) if len(payload) <= LARGEST else []
        self.refused += not found
        return found

    def _read(self, topic: str, payload: bytes) -> Iterator[Reading]:
        options = self.options
        try:
            tree = msgspec.json.decode(payload)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            # what is no JSON is one value, even if a broken one
            tree = payload[:200].decode("utf-8", "replace")
        if options.format == "thingpark":
            tree = find(tree, "DevEUI_uplink")
        paths = _PATHS.get(options.format, ("", "", "", ""))
        own = self._device(topic, tree, options.device or paths[0])
        if not own:
            return
        time = moment(find(tree, options.time or paths[1])) if options.time or paths[1] else math.nan
        place = tuple(
            _number(find(tree, path)) if path else math.nan for path in (options.longitude, options.latitude)
        )
        for name, unit, result in self._results(own, tree, paths):
            stream = self._stream(own, name, unit, (place[0], place[1]))
            yield Reading(stream.id, time, result)

    def _device(self, topic: str, tree: Any, path: str) -> str:
        """The id of the device; a topic that says nothing else is one device."""
        if path.startswith("topic:"):
            levels, number = topic.split("/"), path.removeprefix("topic:")
            return levels[int(number)] if number.isdecimal() and int(number) < len(levels) else ""
        if not path:
            return topic.replace("/", ".")
        found = find(tree, path)
        return str(found).replace("/", ".") if isinstance(found, str | int) and str(found) else ""

    def _results(self, own: str, tree: Any, paths: tuple[str, ...]) -> Iterator[tuple[str, str, Any]]:
        options = self.options
        for name, value in options.values.items():
            path, unit = (value, "") if isinstance(value, str) else (value.path, value.unit)
            result = find(tree, path)
            if result is not None or _said(tree, path):
                yield name, unit, result
        if options.values or not paths[2]:
            return
        device = options.devices.get(own)
        decoder = (device.decoder if device else "") or options.decoder
        decoded = find(tree, paths[2])
        if isinstance(decoded, Mapping) and not decoder:
            yield from ((str(name), "", result) for name, result in decoded.items() if _plain(result))
        elif decoder:
            yield from self._of_bytes(decoder, find(tree, paths[3]))

    def _of_bytes(self, decoder: str, text: Any) -> Iterator[tuple[str, str, Any]]:
        try:
            hexadecimal = self.options.format == "thingpark"
            data = bytes.fromhex(text) if hexadecimal else base64.b64decode(text, validate=True)
        except (TypeError, ValueError, binascii.Error):
            return
        if decoder == "cayenne":
            yield from cayenne(data)
            return
        for name, place in self.options.decoders.get(decoder, {}).items():
            piece = data[place.at : place.at + place.bytes]
            if len(piece) == place.bytes:
                number = int.from_bytes(piece, place.order, signed=place.signed)
                yield name, place.unit, number * place.scale + place.offset

    def _stream(self, own: str, name: str, unit: str, place: tuple[float, float]) -> Datastream:
        stream_id = f"{self.feed.id}/{own}/{name}"
        known = self.streams.get(stream_id)
        moved = (
            known is not None
            and math.isfinite(place[0])
            and place != (known.station.longitude, known.station.latitude)
        )
        if known is not None and not moved:
            return known
        device = self.options.devices.get(own) or Device()
        longitude, latitude = place if math.isfinite(place[0]) else (device.longitude, device.latitude)
        station = Station(
            f"{self.feed.id}/{own}", device.title or own, longitude, latitude, device.height, device.domain
        )
        observed = observed_for(name)
        interval = device.interval if math.isfinite(device.interval) else self.options.interval
        made = Datastream(
            stream_id,
            station,
            observed,
            OBSERVED[observed].unit if observed != UNKNOWN.id else unit,
            f"{station.title} {name}",
            interval,
            name,
            unit,
            self.feed.synthetic,
        )
        self.streams[stream_id] = made
        return made


_PATHS = {
    "chirpstack": ("deviceInfo.devEui", "time", "object", "data"),
    "thingpark": ("DevEUI", "Time", "payload", "payload_hex"),
    "number": ("", "", "", ""),
}
"""Where device, time, decoded values and bytes stand in an uplink."""


def options_of(feed: Feed) -> Options:
    """The options of an MQTT feed, checked. Raises TwinError."""
    options = dict(feed.options)
    if options.get("format") == "number":
        options.setdefault("values", {feed.title or "value": ""})
    try:
        return msgspec.convert(options, Options)
    except msgspec.ValidationError as error:
        raise TwinError(
            f"feed {feed.id}: options: {error}. `twin feed add --help` says which there are."
        ) from error


def cayenne(data: bytes) -> Iterator[tuple[str, str, float]]:
    """Name, unit and value of all that a Cayenne Low Power Payload holds, to the first unknown type."""
    at = 0
    while at + 2 < len(data) and data[at + 1] in CAYENNE:
        name, length, signed, scale = CAYENNE[data[at + 1]]
        piece = data[at + 2 : at + 2 + length]
        if length <= 2 and len(piece) == length:
            channel = f"{name}_{data[at]}" if name not in OBSERVED else name
            yield channel, "", round(int.from_bytes(piece, "big", signed=signed) * scale, 6)
        at += 2 + length


def _plain(result: Any) -> bool:
    return result is None or isinstance(result, str | int | float)


def _said(tree: Any, path: str) -> bool:
    """Whether null stands there, which is another thing than nothing."""
    above, _, last = path.rpartition(".")
    inside = find(tree, above)
    return isinstance(inside, dict) and last in inside


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) <= 360 else math.nan
