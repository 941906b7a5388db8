"""Knows for each kind of feed how it is heard."""

from __future__ import annotations

import hashlib
import math
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from twin.errors import TwinError
from twin.feeds import decode, fmi, ngsi, secrets, series, traffic
from twin.feeds.intake import Reading
from twin.feeds.mqtt import Mqtt
from twin.feeds.net import Net
from twin.feeds.receiver import Ear, Run
from twin.feeds.sensorthings import Area, SensorThings, reading_of
from twin.model.sensor import Datastream, Feed

ENTITIES, ENTITY_PAGES = 100, 1000
"""Entities that an NGSI broker is asked for at once, and how often at most."""
Heard = tuple[list[Reading], list[Datastream]]
Fetch = Callable[[str, Mapping[str, str]], bytes]
"""Gives the content of an address with a query, or of a file beside the project."""


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
    stations: str = ""
    """Address of where the stations are, for Digitraffic."""
    streams: tuple[str, ...] = ()
    """Own ids of the datastreams of a SensorThings service that are wanted; all where none is named."""
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


def net_for(feed: Feed, user: str, ear: Ear, more: Mapping[str, str] | None = None) -> Net:
    """Asks with the secret of the feed: a password where it has a user, else a token. more: headers."""
    secret = secrets.recall(feed.id, feed.url)
    headers = dict(more or {})
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
            if options.streams:
                wanted = {f"{feed.id}/{name}" for name in options.streams}
                streams = [stream for stream in streams if stream.id in wanted]
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


def _ngsi(feed: Feed, folder: Path | None) -> Run:
    def ask(fetch: Fetch, options: Polled) -> Iterator[Heard]:
        if "://" not in feed.url:
            yield ngsi.read(_json(fetch(feed.url, {})), feed)
            return
        for kind in options.types or ("",):
            for page in range(ENTITY_PAGES):
                asked = {"limit": str(ENTITIES), "offset": str(page * ENTITIES)}
                tree = _json(fetch(feed.url, {**asked, **({"type": kind} if kind else {})}))
                yield ngsi.read(tree, feed)
                if not isinstance(tree, list) or len(tree) < ENTITIES:
                    break

    return _asked(feed, folder, ask)


def _fmi(feed: Feed, folder: Path | None) -> Run:
    def ask(fetch: Fetch, _options: Polled) -> Iterator[Heard]:
        yield fmi.read(fetch(feed.url, {}), feed)

    return _asked(feed, folder, ask)


def _digitraffic(feed: Feed, folder: Path | None) -> Run:
    known: dict[str, tuple[str, float, float]] = {}

    def ask(fetch: Fetch, options: Polled) -> Iterator[Heard]:
        if options.stations and not known:
            known.update(traffic.places(_json(fetch(options.stations, {}))))
        yield traffic.read(_json(fetch(feed.url, {})), feed, known)

    return _asked(feed, folder, ask)


def _gtfs_realtime(feed: Feed, folder: Path | None) -> Run:
    def ask(fetch: Fetch, _options: Polled) -> Iterator[Heard]:
        yield traffic.vehicles(fetch(feed.url, {}), feed)

    return _asked(feed, folder, ask)


def _asked(feed: Feed, folder: Path | None, ask: Callable[[Fetch, Polled], Iterator[Heard]]) -> Run:
    """What asks an address again and again, or reads a file once, and hears what comes."""
    options = polled(feed)

    def run(ear: Ear) -> None:
        with net_for(feed, options.user, ear, _tenant(options)) as net:

            def fetch(address: str, params: Mapping[str, str]) -> bytes:
                if "://" in address:
                    return net.get(address, params).body
                if folder is None:
                    raise TwinError(f"feed {feed.id}: its file lies beside the project. Save that first.")
                return series.inside(folder, address).read_bytes()

            while True:
                for readings, streams in ask(fetch, options):
                    ear.hear(readings, streams)
                ear.tell("")
                if options.once or "://" not in feed.url or ear.wait(options.every):
                    return

    return run


def _tenant(options: Polled) -> dict[str, str]:
    return {"NGSILD-Tenant": options.tenant, "Fiware-Service": options.tenant} if options.tenant else {}


def _json(payload: bytes) -> Any:
    try:
        return msgspec.json.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


SOURCES: dict[str, Callable[[Feed, Path | None], Run]] = {
    "sensorthings": _sensorthings,
    "mqtt": _mqtt,
    "series": _series,
    "ngsi": _ngsi,
    "fmi": _fmi,
    "digitraffic": _digitraffic,
    "gtfs-realtime": _gtfs_realtime,
}
"""By kind of feed."""
