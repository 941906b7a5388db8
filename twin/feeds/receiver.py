"""Hears all feeds of a project in threads, and keeps what they say; nobody who looks at it ever waits."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from twin.errors import Cancelled, TwinError
from twin.feeds.intake import Intake, Reading
from twin.feeds.net import Limits, backoff
from twin.feeds.store import Added, Store
from twin.model.sensor import Datastream, Feed, Observations

P = TypeVar("P")
T = TypeVar("T")
WAITING = 20_000
"""Messages that may wait to be kept; feeds are held up then, and nothing is thrown away."""
BATCH = 5000
"""Readings that are kept at once."""
PAUSES = Limits(pause=1.0, longest_pause=120.0)
"""Between attempts of a feed that failed."""


NOTHING = Added()


@dataclass(frozen=True, slots=True)
class Hearing:
    """How one feed is, as the window shows it."""

    feed: str
    state: str = "connecting"
    """Empty when it is well, else what is wrong in words."""
    received: int = 0
    """Readings that came."""
    added: Added = NOTHING
    """What became of them."""
    refused: int = 0
    """Messages that nothing could be made of."""
    last: float = float("nan")
    """When the newest came. [s since 1970 UTC]"""

    @property
    def lost(self) -> int:
        """Readings that came and were neither kept nor known nor put aside, once none is waiting."""
        added = self.added
        return self.received - added.new - added.known - added.aside


@dataclass(slots=True)
class _Heard:
    feed: str
    readings: Sequence[Reading]
    streams: Sequence[Datastream]
    live: bool
    arrival: float
    kept: Callable[[], None]


class Ear:
    """What a feed speaks into, from any thread of its own."""

    def __init__(self, receiver: Receiver, feed: Feed) -> None:
        self._receiver, self.feed, self.stop = receiver, feed, receiver.stopping
        self.store, self.area = receiver.store, receiver.area

    def hear(
        self,
        readings: Sequence[Reading],
        streams: Sequence[Datastream] = (),
        *,
        live: bool = False,
        arrival: float | None = None,
        kept: Callable[[], None] | None = None,
    ) -> None:
        """Hand over readings, and datastreams that are new or have changed. Waits while too many are waiting.

        live: measured just now. kept: called when they are safe. Raises Cancelled when the receiver stops.
        """
        moment = time.time() if arrival is None else arrival
        self._receiver.put(
            _Heard(self.feed.id, readings, streams, live, moment, kept if kept is not None else _nothing)
        )

    def tell(self, state: str) -> None:
        """Say how the feed is; empty when it is well."""
        self._receiver.tell(self.feed.id, state)

    def refuse(self, messages: int = 1) -> None:
        """Count messages that nothing could be made of."""
        self._receiver.refuse(self.feed.id, messages)

    def wait(self, seconds: float) -> bool:
        """Wait; whether the receiver stops."""
        return self.stop.wait(seconds)


Run = Callable[[Ear], None]
"""What a kind of feed does until `ear.stop` is set; when it raises TwinError it is started again later."""


class Receiver:
    """Hears feeds from `start` to `close`.

    store: where everything is kept. area: west, south, east, north of what is wanted. [deg]
    heard: called with each batch that was kept, from another thread; whoever draws reads `version` instead,
    when it has time.
    """

    def __init__(
        self,
        store: Store,
        *,
        area: tuple[float, float, float, float] | None = None,
        heard: Callable[[Observations], None] | None = None,
    ) -> None:
        self.store, self.area, self._on_heard = store, area, heard
        self.stopping = threading.Event()
        self.version = 0
        """Goes up whenever something was kept or a feed has changed its state."""
        self._queue: queue.Queue[_Heard] = queue.Queue(WAITING)
        self._lock = threading.Lock()
        self._hearings: dict[str, Hearing] = {}
        self._threads: list[threading.Thread] = []
        self._known = {stream.id: stream for stream in store.datastreams()}
        self._intake = Intake(self._known.values())
        self._intake.remember(store.latest(list(self._known)))
        self._writer = threading.Thread(target=self._write, name="observations", daemon=True)
        self._problem = ""
        self._writer.start()

    def start(self, feeds: Iterable[tuple[Feed, Run]]) -> None:
        """Begin to hear feeds; returns at once."""
        for feed, run in feeds:
            with self._lock:
                self._hearings.setdefault(feed.id, Hearing(feed.id))
            thread = threading.Thread(
                target=self._hear, args=(feed, run), name=f"feed {feed.id}", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    @property
    def hearings(self) -> tuple[Hearing, ...]:
        """How all feeds are."""
        with self._lock:
            return tuple(self._hearings.values())

    @property
    def problem(self) -> str:
        """Why nothing can be kept at the moment; empty when it can."""
        return self._problem

    @property
    def waiting(self) -> int:
        """How many messages wait to be kept."""
        return self._queue.unfinished_tasks

    @property
    def ended(self) -> bool:
        """Whether no feed has more to say, and all of it is kept."""
        return not any(thread.is_alive() for thread in self._threads) and not self.waiting

    def close(self, patience: float = 5.0) -> None:
        """Stop hearing, keep what came, and return; threads in the middle of a request are left behind."""
        self.stopping.set()
        ends = time.monotonic() + patience
        for thread in (*self._threads, self._writer):
            thread.join(max(0.0, ends - time.monotonic()))

    def put(self, heard: _Heard) -> None:
        """For `Ear`."""
        while True:
            if self.stopping.is_set():
                raise Cancelled("The receiver stops.")
            try:
                self._queue.put(heard, timeout=0.2)
                break
            except queue.Full:
                continue
        with self._lock:
            old = self._hearings.setdefault(heard.feed, Hearing(heard.feed))
            self._hearings[heard.feed] = replace(
                old, received=old.received + len(heard.readings), last=heard.arrival
            )

    def tell(self, feed: str, state: str) -> None:
        """For `Ear`."""
        with self._lock:
            old = self._hearings.setdefault(feed, Hearing(feed))
            self._hearings[feed] = replace(old, state=state)
            self.version += 1

    def refuse(self, feed: str, messages: int) -> None:
        """For `Ear`."""
        with self._lock:
            old = self._hearings.setdefault(feed, Hearing(feed))
            self._hearings[feed] = replace(old, refused=old.refused + messages)

    def _hear(self, feed: Feed, run: Run) -> None:
        ear, attempt = Ear(self, feed), 0
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                run(ear)
                return
            except Cancelled:
                return
            except TwinError as error:
                ear.tell(str(error))
            except Exception as error:  # one broken feed must not silence the others; it is shown
                ear.tell(f"unexpected {type(error).__name__}: {error}")
            attempt = 0 if time.monotonic() - began > 60 else attempt + 1
            self.stopping.wait(backoff(attempt, PAUSES))

    def _write(self) -> None:
        while waiting := self._next():
            self._describe(waiting)
            for feed in dict.fromkeys(heard.feed for heard in waiting):
                of_feed = [heard for heard in waiting if heard.feed == feed]
                batch = self._intake.take_all((h.readings, h.arrival, h.live) for h in of_feed)
                added = self._patiently(self.store.add, batch)
                if added is None:
                    return
                for heard in of_feed:
                    heard.kept()
                with self._lock:
                    old = self._hearings[feed]
                    self._hearings[feed] = replace(old, added=old.added + added)
                    self.version += 1
                if self._on_heard is not None:
                    self._on_heard(batch)
            for _ in waiting:
                self._queue.task_done()

    def _describe(self, waiting: list[_Heard]) -> None:
        changed = {
            stream.id: stream
            for heard in waiting
            for stream in heard.streams
            if repr(self._known.get(stream.id)) != repr(stream)  # NaN is not itself
        }
        if changed:
            self._patiently(self.store.describe, tuple(changed.values()))
            self._known |= changed
            self._intake.know(changed.values())

    def _patiently(self, work: Callable[[P], T], on: P) -> T | None:
        """What the work returns. A full disk is waited for, with what came in memory; None: we stop."""
        attempt = 0
        while True:
            try:
                done = work(on)
            except TwinError as error:
                self._problem = str(error)
                self.version += 1
                if self.stopping.wait(min(backoff(attempt, PAUSES), 5.0)):
                    return None
                attempt += 1
            else:
                self._problem = ""
                return done

    def _next(self) -> list[_Heard]:
        """What waits, up to a batch; nothing when the receiver stops and nothing waits."""
        found: list[_Heard] = []
        size = 0
        while size < BATCH:
            try:
                heard = self._queue.get_nowait() if found else self._queue.get(timeout=0.1)
            except queue.Empty:
                if found or self.stopping.is_set():
                    break
                continue
            found.append(heard)
            size += len(heard.readings)
        return found


def _nothing() -> None:
    return
