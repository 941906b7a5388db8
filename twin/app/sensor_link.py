"""Joins the window and the feeds of its project: listens beside it, and brings it what was heard when it can.

Nothing here waits: files and sockets are opened in threads, and what came is looked at now and then.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from twin.app import sensor_pictures
from twin.app.texts import tr
from twin.errors import TwinError
from twin.scene.sensors import HEARD
from twin.session.sensor_commands import set_time_mode
from twin.session.session import Session

if TYPE_CHECKING:
    from twin.feeds.heard import Teller
    from twin.feeds.receiver import Receiver
    from twin.feeds.store import Store
    from twin.model.project import Project
    from twin.model.sensor import Datastream, Feed, Observations

LOOK = 50
"""Between two looks at what came. [ms]"""
SHARE = 4.0
"""So many times as long as taking in what came took, the window has for itself."""
LONGEST = 5.0
"""What listened before is waited for so long. [s]"""
PAST = 86400.0
"""What comes and is older by more was recorded: its own time is followed instead of the clock. [s]"""


@dataclass(frozen=True, eq=False, slots=True)
class _Open:
    """What listening needs."""

    store: Store
    teller: Teller
    receiver: Receiver


class SensorLink(QObject):
    """One for each open project."""

    changed = Signal()
    """It listens, records or plays, or no longer, or a feed is well or not."""

    def __init__(
        self,
        session: Session,
        post: Callable[[Callable[[], None]], None],
        tell: Callable[[str, str], None],
        parent: QObject | None = None,
    ) -> None:
        """post: runs something in the thread of the window; tell: says a text of a level to the user."""
        super().__init__(parent)
        self.session = session
        self._post, self._tell = post, tell
        self._store: Store | None = None
        self._teller: Teller | None = None
        self._receiver: Receiver | None = None
        self._tape: Store | None = None
        self._taping = threading.Lock()
        self._played: Store | None = None
        self._version = -1
        self._not_before = 0.0
        self._followed: datetime | None = None
        self._told: dict[str, str] = {}
        self._closed = self._opened = False
        self._opening: threading.Thread | None = None
        self._handing = threading.Lock()
        self._handed: _Open | None = None
        """What a thread has opened and this one has not taken yet."""
        self.live = False
        self.latency = 0.0
        """How long bringing what came has taken the window at most. [s]"""
        self._timer = QTimer(self, interval=LOOK)
        self._timer.timeout.connect(self.look)

    @property
    def recording(self) -> bool:
        """Whether what comes is written into a file of its own too."""
        return self._tape is not None

    @property
    def replaying(self) -> bool:
        """Whether a recording is shown instead of the project's own observations."""
        return self._played is not None

    @property
    def troubled(self) -> bool:
        """Whether a feed is not well."""
        return any(self._told.values())

    @property
    def state(self) -> str:
        """How it is, in a word or two."""
        if self.replaying:
            return tr("replay")
        if not self.live:
            return ""
        return tr("live, with trouble") if any(self._told.values()) else tr("live")

    def open_once(self) -> None:
        """As `open`, the first time it is called: after the first picture."""
        if not self._opened and not self._closed:
            self._opened = True
            QTimer.singleShot(0, self, self.open)

    def open(self) -> None:
        """Begins with what was kept, and reads the feeds that are files."""
        from twin.feeds.heard import FILES

        project = self.session.project
        if self.live or (not project.feeds and not self._kept(project)):
            return  # who listens already has opened everything
        self._begin([feed for feed in project.feeds if feed.kind in FILES], live=False)

    def go_live(self) -> None:
        """Listens to all feeds, and follows the clock."""
        feeds = self.session.project.feeds
        if not feeds:
            self._tell(tr("The project has no feeds. Add one first."), "warning")
            return
        self.stop_replay()
        self.session.do(set_time_mode, "live")
        self._followed = None
        if not self.live:
            self.live = True
            self._begin(list(feeds), live=True)
        self.changed.emit()

    def stop_live(self) -> None:
        """Listens no longer; what came is kept, and stays."""
        if self.session.state.time_mode == "live":
            self.session.do(set_time_mode, "instant")
        self.live = False
        self.stop_recording()
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            threading.Thread(target=receiver.close, name="sensors stop").start()
        self._told.clear()
        self._bring()
        self.changed.emit()

    def record(self, path: Path) -> None:
        """Writes what comes from now on into a file of its own too."""
        from twin.feeds.store import Store

        if path.exists():
            path.unlink()  # the dialog has asked
        self._tape = Store(path)
        if not self.live:
            self.go_live()
        self.changed.emit()

    def stop_recording(self) -> None:
        """Ends the file."""
        with self._taping:
            tape, self._tape = self._tape, None
            if tape is not None:
                tape.close()
        if tape is not None:
            self._tell(tr("Recorded into {0}.").format(tape.path.name), "success")
            self.changed.emit()

    def replay(self, path: Path) -> None:
        """Shows a recording from its beginning. Raises TwinError for a file that is none."""
        from twin.feeds.heard import Teller
        from twin.feeds.store import Store

        if self.live:
            self.stop_live()
        played = Store(path, read_only=True)
        heard = Teller(played, self.session.project.place, self.session.project.feeds).heard()
        if heard.span is None:
            played.close()
            raise TwinError(tr("{0}: holds no observations. Choose another recording.").format(path.name))
        self.stop_replay()
        self._played = played
        sensor_pictures.show(self.session.project.path, played.path)
        zone = self.session.project.place.zone
        begin = datetime.fromtimestamp(heard.span[0], zone).replace(microsecond=0) + timedelta(seconds=1)
        state = replace(self.session.state, time=begin, time_mode="instant")
        self.session.bring(HEARD, heard, state)
        self.changed.emit()

    def stop_replay(self) -> None:
        """Back to the project's own observations."""
        played, self._played = self._played, None
        if played is not None:
            self._bring()
            played.close()
            sensor_pictures.show(self.session.project.path, self._store.path if self._store else None)
            self.changed.emit()

    def export(self, path: Path, streams: Sequence[Datastream], start: float, end: float) -> None:
        """Writes what datastreams said between two moments [s since 1970 UTC], as `sensor_export.write`.

        Raises TwinError; may be called from any thread.
        """
        from twin.app import sensor_export

        store = self._played or self._store
        if store is not None:
            sensor_export.write(path, store, streams, start, end)

    def look(self) -> None:
        """Takes in what came since the last time, and goes on with the clock."""
        receiver, teller = self._receiver, self._teller
        if receiver is None or teller is None or self.replaying:
            return
        began = time.monotonic()
        # what is there once files are read is shown at once: nobody should look at sensors without values
        if began < self._not_before and (self.live or not receiver.ended):
            return
        self._tell_troubles(receiver)
        version, ended = receiver.version, receiver.ended
        state = self.session.state
        if self.live and state.time_mode == "live" and self._followed not in (None, state.time):
            self.session.do(set_time_mode, "instant")  # somebody has chosen another time
            state = self.session.state
        now = self._now() if self.live and state.time_mode == "live" else state.time
        if version != self._version or now != state.time:
            self._version = version
            self._bring(now)
            self.latency = max(self.latency, time.monotonic() - began)
            self._not_before = math.inf
            QTimer.singleShot(0, self, lambda: self._rest(began))  # when it is drawn, too
        if ended and not self.live:
            self._timer.stop()

    def _rest(self, began: float) -> None:
        """Leaves the window time for other things, the more the longer it took to show what came."""
        self._not_before = time.monotonic() + SHARE * (time.monotonic() - began)

    def close(self) -> None:
        """Ends everything; files are closed when the threads have let go of them."""
        with self._handing:  # what is opened from now on, its own thread closes
            self._closed = True
            handed, self._handed = self._handed, None
        opening = self._opening
        self._timer.stop()
        sensor_pictures.show(self.session.project.path, None)
        receivers = [self._receiver] if self._receiver is not None else []
        self._receiver = None
        with self._taping:
            stores = [store for store in (self._tape, self._played, self._store) if store is not None]
            self._store = self._tape = self._played = None
        if handed is not None:
            receivers.append(handed.receiver)
            stores += [handed.store] if handed.store not in stores else []

        def end() -> None:
            if opening is not None:  # so that the program does not end before it has closed what it opened
                opening.join()
            for receiver in receivers:
                receiver.close(2.0)
            for store in stores:
                store.close()

        if opening is not None or receivers or stores:
            threading.Thread(target=end, name="sensors end").start()

    def _kept(self, project: Project) -> bool:
        if project.path is None:
            return False
        from twin.feeds.store_file import beside

        return beside(project.path).exists()

    def _begin(self, feeds: list[Feed], *, live: bool) -> None:
        """Opens the store where that was not done, and listens to feeds: all of it in a thread."""
        project, before, first = self.session.project, self._receiver, self._opening
        self._receiver = None

        def work() -> None:
            if first is not None:
                first.join()
            with self._handing:
                handed, self._handed = self._handed, None
                later, self._receiver = self._receiver, None
                kept, closed = self._store, self._closed
            ends = [each for each in (before, later, handed.receiver if handed else None) if each is not None]
            for each in ends:
                each.close(2.0 if closed else LONGEST)
            if closed:
                return
            try:
                found = _listen(
                    project, feeds, handed.store if handed else kept, self._heard if live else None
                )
            except TwinError as error:
                text = str(error)
                if handed:
                    handed.store.close()
                self._post(lambda: self._failed(text))
                return
            with self._handing:
                closed = self._closed
                self._handed = None if closed else found
            if not closed:
                self._post(self._ready)
                return
            found.receiver.close(2.0)
            if found.store is not kept:  # that one `close` has seen
                found.store.close()

        self._opening = threading.Thread(target=work, name="sensors begin", daemon=True)
        self._opening.start()

    def _ready(self) -> None:
        with self._handing:
            handed, self._handed = self._handed, None
            if handed is None:
                return
            self._store, self._teller, self._receiver = handed.store, handed.teller, handed.receiver
        sensor_pictures.show(self.session.project.path, handed.store.path)
        self._version = -1
        self._timer.start()
        self.look()

    def _failed(self, text: str) -> None:
        self.live = False
        self._tell(text, "warning")
        self.changed.emit()

    def _heard(self, store: Store, batch: Observations) -> None:
        """In the thread that keeps observations."""
        with self._taping:
            if self._tape is None:
                return
            try:
                self._tape.describe(stream for stream in store.datastreams() if stream.id in batch.streams)
                self._tape.add(batch)
            except TwinError as error:
                text = str(error)
                self._post(lambda: self._tell(text, "warning"))

    def _bring(self, now: datetime | None = None) -> None:
        if self._teller is None or self._closed:
            return
        heard = self._teller.heard(live=self.live, troubles=tuple(filter(None, self._told.values())))
        state = self.session.state
        if now is not None and now != state.time:
            state = replace(state, time=now)
        self._followed = state.time if state.time_mode == "live" else None
        self.session.bring(HEARD, heard, state)

    def _now(self) -> datetime:
        """The clock; where what comes was recorded long ago, its own time."""
        zone, clock = self.session.project.place.zone, time.time()
        newest = self._newest()
        moment = newest if newest is not None and newest < clock - PAST else clock
        return datetime.fromtimestamp(moment, zone).replace(microsecond=0)

    def _newest(self) -> float | None:
        """The newest phenomenon time, once anything came since we listen. [s]"""
        receiver = self._receiver
        if receiver is None or not any(hearing.received for hearing in receiver.hearings):
            return None
        if self._store is None:
            return None
        span = self._store.span()
        return None if span is None else span[1]

    def _tell_troubles(self, receiver: Receiver) -> None:
        """What is wrong with a feed, once; the same in the row of the layer until it is well."""
        found: dict[str, str] = {
            hearing.feed: hearing.state
            for hearing in receiver.hearings
            if hearing.state not in ("", "connecting")
        }
        if receiver.problem:
            found[""] = receiver.problem
        for feed, text in found.items():
            if self._told.get(feed) != text:
                self._tell(f"{feed}: {text}" if feed else text, "warning")
        if found != self._told:
            self._told = found
            self._version = -1
            self.changed.emit()


def _listen(
    project: Project,
    feeds: list[Feed],
    store: Store | None,
    heard: Callable[[Store, Observations], None] | None,
) -> _Open:
    from twin.feeds.heard import Teller, store_for
    from twin.feeds.receiver import Receiver
    from twin.feeds.sources import around, runs

    folder = project.path.parent if project.path is not None else None
    kept = store or store_for(project.path, project.feeds)
    try:
        known = {stream.feed for stream in kept.datastreams()} if kept.kept else set()
        todo = runs([feed for feed in feeds if feed.kind != "series" or feed.id not in known], folder)
        place = project.place
        receiver = Receiver(
            kept,
            area=around(place.longitude, place.latitude),
            heard=None if heard is None else lambda batch: heard(kept, batch),
        )
    except BaseException:
        if store is None:
            kept.close()
        raise
    receiver.start(todo)
    return _Open(kept, Teller(kept, place, project.feeds), receiver)
