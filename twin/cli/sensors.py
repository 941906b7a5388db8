"""`twin sensors`: what the sensors of a project say; records, replays and exports it."""

from __future__ import annotations

import argparse
import math
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from twin.app import sensor_export
from twin.cli.printing import print_json, print_table
from twin.errors import TwinError
from twin.feeds import export
from twin.feeds.heard import store_to_see
from twin.feeds.intake import stamp_of
from twin.feeds.receiver import Hearing, Receiver
from twin.feeds.recording import copy
from twin.feeds.sources import around, runs
from twin.feeds.store import Store
from twin.feeds.store_file import beside
from twin.formats import project_file
from twin.formats.project_file import ProjectFile
from twin.model.sensor import Quality


def sensors(options: argparse.Namespace) -> int:
    """List, record, replay or export. 1: nothing could be heard of a feed."""
    path = options.project.resolve()
    file = project_file.load(path)
    if options.replay is not None:
        return _replay(path, options.replay)
    if options.record is not None:
        return _record(file, path, options.record, options.out)
    store = _seen(file, path)
    try:
        if options.export is not None:
            zone = file.place.zone
            between = [
                _moment(text, usual, zone)
                for text, usual in ((options.start, -math.inf), (options.end, math.inf))
            ]
            sensor_export.write(options.export, store, store.datastreams(), *between)
            return 0
        if options.quality:
            return _quality(store, as_json=options.json)
        return _list(store, as_json=options.json)
    finally:
        store.close()


def _list(store: Store, *, as_json: bool) -> int:
    streams = store.datastreams()
    latest = store.latest([stream.id for stream in streams])
    rows = []
    for number, stream in enumerate(streams):
        value, when = float(latest.values[number]), float(latest.times[number])
        rows.append(
            {
                "id": stream.id,
                "station": stream.station.title,
                "observed": stream.observed,
                "value": value if math.isfinite(value) else None,
                "unit": stream.unit,
                "time": stamp_of(when) if math.isfinite(when) else None,
                "quality": Quality(int(latest.quality[number])).name.lower(),
                "stale": bool(latest.stale[number]),
                "synthetic": stream.synthetic,
                "domain": export.domain(stream),
                "longitude": _known(stream.station.longitude),
                "latitude": _known(stream.station.latitude),
            }
        )
    if as_json:
        print_json(rows)
    elif rows:
        print_table([_line(row) for row in rows])
    else:
        print("No sensors have been heard: `twin sensors PROJECT --record MINUTES`.", file=sys.stderr)
    return 0


def _quality(store: Store, *, as_json: bool) -> int:
    """How many values of each datastream are good, and how many are kept with which reason."""
    reasons = store.reasons()
    rows = [
        {"id": stream.id, **{kind.name.lower(): reasons.get(stream.id, {}).get(kind, 0) for kind in Quality}}
        for stream in store.datastreams()
    ]
    if as_json:
        aside = [
            {"id": stream, "time": stamp_of(time), "value": _known(value), "text": text}
            for stream, time, _arrival, value, _quality, text in store.aside()
        ]
        print_json({"streams": rows, "aside": aside})
    elif rows:
        print_table([tuple(rows[0]), *(tuple(row.values()) for row in rows)])
    return 0


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    shown = "–" if row["value"] is None else f"{row['value']:.6g} {row['unit']}".rstrip()
    notes = [note for note in (row["quality"], "stale" if row["stale"] else "") if note not in ("good", "")]
    notes += ["synthetic"] if row["synthetic"] else []
    return row["id"], row["station"], row["observed"], shown, row["time"] or "never", ", ".join(notes)


def _record(file: ProjectFile, path: Path, minutes: float, out: Path | None) -> int:
    feeds = file.content.feeds
    if not feeds:
        raise TwinError("The project names no feeds: `twin feed add PROJECT sensorthings URL`.")
    if not 0 < minutes <= 60 * 24 * 366:
        raise TwinError("--record: give minutes, above 0 and up to a year.")
    todo = runs(feeds, path.parent)
    if out is not None and out.exists():
        raise TwinError(f"{out}: is there already. Choose another name.")
    store = Store(out) if out is not None else _to_write(path)
    receiver = Receiver(store, area=around(file.place.longitude, file.place.latitude))
    try:
        receiver.start(todo)
        _patience(receiver, minutes * 60.0)
    finally:
        receiver.close()
        hearings = receiver.hearings
        store.close()
    head = ("feed", "came", "new", "known", "aside", "not understood", "state")
    print_table([head, *(_told(hearing) for hearing in hearings)])
    return int(any(hearing.state and not hearing.received for hearing in hearings))


def _told(hearing: Hearing) -> tuple[object, ...]:
    added, state = hearing.added, hearing.state or "well"
    return (
        *(hearing.feed, hearing.received, added.new, added.known, added.aside),
        *(hearing.refused + added.strange, state),
    )


def _patience(receiver: Receiver, seconds: float) -> None:
    """Until the time is over, or all feeds have said what they have; Ctrl+C ends it well."""
    ends = time.monotonic() + seconds
    try:
        while not receiver.ended and (left := ends - time.monotonic()) > 0:
            threading.Event().wait(min(left, 0.05))
    except KeyboardInterrupt:
        print("twin: stopped early; what came is kept", file=sys.stderr)


def _replay(path: Path, recording: Path) -> int:
    if not recording.is_file():
        raise TwinError(f"{recording}: is missing. Choose a file that `--record … --out FILE` made.")
    source = Store(recording, read_only=True)
    store = _to_write(path)
    try:
        added = copy(source, store)
        print(f"{added.new} observations are new, {added.known} were there, {added.aside} differ.")
    finally:
        source.close()
        store.close()
    return 0


def _to_write(path: Path) -> Store:
    """The observations of a project. Raises TwinError where they cannot be written."""
    store = Store(beside(path))
    if store.read_only or not store.kept:
        store.close()
        raise TwinError(f"{path.parent}: cannot be written. Copy the project to a folder of yours.")
    return store


def _seen(file: ProjectFile, path: Path) -> Store:
    """What was heard, else what its feeds that are files say; what is wrong with these is told."""
    found = store_to_see(path, file.content.feeds)
    store, troubles = found if found is not None else (Store(None), ())
    for text in troubles:
        print(text, file=sys.stderr)
    return store


def _moment(text: str, usual: float, zone: Any) -> float:
    """A moment of an option, in local time where it does not say a zone."""
    if not text:
        return usual
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise TwinError(f"{text!r} is no time. Write it as 2026-07-15T15:00.") from error
    return found.timestamp() if found.tzinfo else found.replace(tzinfo=zone).timestamp()


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
