"""Says what a store holds in the words that the scene understands."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from twin.errors import TwinError
from twin.feeds import series
from twin.feeds.intake import Intake
from twin.feeds.store import Store
from twin.feeds.store_file import beside
from twin.model.heard import Heard
from twin.model.place import Place
from twin.model.sensor import Datastream, Feed, Floats, local

FILES = ("series",)
"""Kinds of feeds that are files of the project: they are read when it is opened, and nobody is asked."""


class Teller:
    """Tells what a store holds, as often as it is asked; remembers where stations are."""

    def __init__(self, store: Store, place: Place, feeds: Sequence[Feed]) -> None:
        self._store, self._place = store, place
        self._sources = {feed.id: source_of(feed) for feed in feeds}
        self._known: tuple[Datastream, ...] = ()
        self._places: Floats = local((), place)

    def heard(self, *, live: bool = False, troubles: Sequence[str] = ()) -> Heard:
        """What there is now."""
        streams = self._store.datastreams()
        if streams is not self._known:
            self._known = streams
            self._places = local(tuple(stream.station for stream in streams), self._place)
        return Heard(
            streams,
            self._places,
            self._store.latest,
            self._store.series,
            self._store.counts,
            self._store.span(),
            live,
            tuple(troubles),
            self._sources,
        )


def source_of(feed: Feed) -> str:
    """Owner and licence of a feed, else what it is called."""
    text = feed.attribution or feed.title or feed.url
    return f"{text} (synthetic)" if feed.synthetic and "synthetic" not in text.lower() else text


def store_for(path: Path | None, feeds: Sequence[Feed]) -> Store:
    """The observations of a project.

    Where all feeds are files of the project and nothing was recorded yet they are kept until it is closed:
    the files are there, and reading a project leaves nothing beside it.
    """
    if path is None:
        return Store(None)
    kept = beside(path)
    if not kept.exists() and all(feed.kind in FILES for feed in feeds):
        return Store(None)
    return Store(kept)


def store_to_see(path: Path | None, feeds: Sequence[Feed]) -> tuple[Store, tuple[str, ...]] | None:
    """What was heard of the sensors of a project, to be looked at only, and what is wrong with its feeds.

    The project's own file, which is not written to; where there is none, its feeds that are files. Nobody is
    asked over the network. None: the project has neither.
    """
    files = [feed for feed in feeds if feed.kind in FILES]
    if path is not None and beside(path).is_file():
        store = Store(beside(path), read_only=True)
        known = {stream.feed for stream in store.datastreams()}
        missing = [feed.id for feed in files if feed.id not in known]
        return store, tuple(
            f"Sensors of {name} were not read yet. Open the project once, or run `twin sensors --record 1`."
            for name in missing
        )
    if path is None or not files:
        return None
    store, troubles = Store(None), []
    for feed in files:
        try:
            _take(store, feed, path.parent)
        except TwinError as error:
            troubles.append(str(error))
    return store, tuple(troubles)


def _take(store: Store, feed: Feed, folder: Path) -> None:
    """All that a file says."""
    intake = Intake()
    for readings, streams in series.read(feed, folder):
        store.describe(streams)
        intake.know(streams)
        store.add(intake.take(readings, time.time()))
