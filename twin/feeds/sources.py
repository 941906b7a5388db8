"""Knows for each kind of feed how it is heard."""

from __future__ import annotations

import hashlib
import math
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from twin.errors import TwinError
from twin.feeds import decode, secrets, series
from twin.feeds.mqtt import Mqtt
from twin.feeds.net import Net
from twin.feeds.receiver import Ear, Run
from twin.feeds.sensorthings import Area, SensorThings, reading_of
from twin.model.sensor import Feed


class Polled(Struct, frozen=True, forbid_unknown_fields=True):
    """The options of a feed that is asked again and again."""

    every: float = 60.0
    """Pause between two rounds. [s]"""
    history: float = 24.0
    """How far back the first round reaches. [h]"""
    mqtt: str = ""
    """Address of a broker that sends new Observations, where the service has one."""
    user: str = ""
    types: tuple[str, ...] = ()
    """Of NGSI entities; all where none is named."""
    tenant: str = ""
    """Of an NGSI broker."""
    once: bool = False
    """Read it one time."""


def runs(feeds: Iterable[Feed], folder: Path | None) -> list[tuple[Feed, Run]]:
    """The feeds with what each does. folder: paths of files are relative to it. Raises TwinError."""
    return [(feed, run_of(feed, folder)) for feed in feeds]


def run_of(feed: Feed, folder: Path | None) -> Run:
    """What a feed does, its options checked. Raises TwinError."""
    found = SOURCES.get(feed.kind)
    if found is None:
        raise TwinError(f"feed {feed.id}: {feed.kind!r} is not known. Choose one of {', '.join(SOURCES)}.")
    return found(feed, folder)


def polled(feed: Feed) -> Polled:
    """The options of a feed that is asked again and again. Raises TwinError."""
    try:
        found = msgspec.convert(dict(feed.options), Polled)
    except msgspec.ValidationError as error:
        raise TwinError(f"feed {feed.id}: options: {error}.") from error
    if not 1.0 <= found.every <= 86400.0 or not 0.0 <= found.history <= 24 * 3660:
        raise TwinError(f"feed {feed.id}: options: every is 1 to 86400 s, history 0 to 10 years in hours.")
    return found


def around(longitude: float, latitude: float, metres: float = 3000.0) -> Area:
    """The area of so many metres around a place, in which Things are looked for."""
    north = metres / 111_320.0
    east = north / max(math.cos(math.radians(latitude)), 0.01)
    return longitude - east, latitude - north, longitude + east, latitude + north


def net_for(feed: Feed, user: str, ear: Ear) -> Net:
    """Asks with the secret of the feed: a password where it has a user, else a token."""
    secret = secrets.recall(feed.id, feed.url)
    headers = {}
    if secret and user:
        from base64 import b64encode

        headers["Authorization"] = "Basic " + b64encode(f"{user}:{secret}".encode()).decode()
    elif secret:
        headers["Authorization"] = f"Bearer {secret}"
    return Net(headers=headers, stop=ear.stop)


def session_name(feed: Feed, ear: Ear) -> str:
    """Name of our session at a broker: the same each time for this project on this computer.

    Empty where nothing is kept anyway.
    """
    if not ear.store.kept:
        return ""
    told = f"{ear.store.path.resolve()} {feed.id} {uuid.getnode()}"
    return "twin-" + hashlib.sha256(told.encode()).hexdigest()[:16]


def _sensorthings(feed: Feed, _folder: Path | None) -> Run:
    options = polled(feed)

    def run(ear: Ear) -> None:
        with net_for(feed, options.user, ear) as net:
            service = SensorThings(net, feed.url, feed.id)
            streams = service.datastreams(ear.area)
            ear.hear((), streams)
            push = _pushed(feed, options, service, [stream.id for stream in streams], ear)
            try:
                while True:
                    _round(service, [stream.id for stream in streams], options, ear)
                    ear.tell("")
                    if options.once or ear.wait(options.every if push is None else max(options.every, 600.0)):
                        return
            finally:
                if push is not None:
                    push.stop()

    return run


def _round(service: SensorThings, streams: Sequence[str], options: Polled, ear: Ear) -> None:
    """All observations that are newer than what we have."""
    latest = ear.store.latest(list(streams))
    oldest = time.time() - options.history * 3600.0 if options.history else -math.inf
    for stream, known in zip(streams, latest.times, strict=True):
        since = float(known) if math.isfinite(known) else oldest
        for page in service.observations(stream, since):
            if page:
                ear.hear(page)


def _pushed(
    feed: Feed, options: Polled, service: SensorThings, streams: Sequence[str], ear: Ear
) -> Mqtt | None:
    """The connection over which new Observations come; None where the service has none."""
    if not options.mqtt:
        return None
    by_topic = {service.topic(stream): stream for stream in streams}

    def heard(topic: str, payload: bytes, retained: bool, kept: Callable[[], None]) -> None:
        reading = None
        if topic in by_topic and len(payload) <= decode.LARGEST:
            reading = reading_of(by_topic[topic], _json(payload))
        if reading is None:
            ear.refuse()
        ear.hear([reading] if reading else [], live=not retained, kept=kept)

    made = Mqtt(
        options.mqtt,
        list(by_topic),
        heard,
        ear.tell,
        name=session_name(feed, ear),
        user=options.user,
        password=secrets.recall(feed.id, options.mqtt),
    )
    made.start()
    return made


def _mqtt(feed: Feed, _folder: Path | None) -> Run:
    options = decode.options_of(feed)

    def run(ear: Ear) -> None:
        decoder = decode.Decoder(feed, options)
        known: dict[str, int] = {}

        def heard(topic: str, payload: bytes, retained: bool, kept: Callable[[], None]) -> None:
            readings = decoder.readings(topic, payload)
            if not readings:
                ear.refuse()
            streams = [decoder.streams[reading.stream] for reading in readings]
            fresh = [stream for stream in streams if known.get(stream.id) != id(stream)]
            known.update((stream.id, id(stream)) for stream in fresh)
            ear.hear(readings, fresh, live=not retained, kept=kept)

        listener = Mqtt(
            feed.url,
            options.topics,
            heard,
            ear.tell,
            name=session_name(feed, ear),
            user=options.user,
            password=secrets.recall(feed.id, feed.url),
        )
        listener.start()
        try:
            ear.stop.wait()
        finally:
            listener.stop()

    return run


def _series(feed: Feed, folder: Path | None) -> Run:
    series.columns_of(feed)

    def run(ear: Ear) -> None:
        if folder is None:
            raise TwinError(
                f"feed {feed.id}: its file is looked for beside the project. Save the project first."
            )
        for readings, streams in series.read(feed, folder):
            ear.hear(readings, streams)
        ear.tell("")

    return run


def _json(payload: bytes) -> Any:
    try:
        return msgspec.json.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


SOURCES: dict[str, Callable[[Feed, Path | None], Run]] = {
    "sensorthings": _sensorthings,
    "mqtt": _mqtt,
    "series": _series,
}
"""By kind of feed."""
