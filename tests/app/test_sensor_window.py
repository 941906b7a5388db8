"""Sensors in the window: read when a project opens, live, recorded, replayed with the same frames."""

import gc
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from twin.app.facts import facts
from twin.app.layer_rows import rows
from twin.app.sensor_alarms import AlarmsPanel
from twin.app.sensor_link import SensorLink
from twin.app.sensor_time import SensorTime
from twin.errors import TwinError
from twin.feeds.receiver import Ear
from twin.feeds.sources import SOURCES
from twin.model.project import Project
from twin.model.sensor import Datastream, Feed, Station
from twin.model.state import Selection
from twin.render.snapshot import Darkroom
from twin.scene.sensors import HEARD, heard_of
from twin.session.commands import select, set_time
from twin.session.sensor_commands import set_range
from twin.session.session import Session

FEED = Feed("made", "series", "made.csv", title="Made", synthetic=True, options={"station": "station"})
LIVE = Feed("heard", "loud", "nowhere", title="Heard")


@pytest.fixture
def measured(project: Project, small_session: Session, tmp_path: Path) -> Project:
    lines = ["time,station,air_temperature,longitude,latitude"]
    day = small_session.state.time.date()
    for hour in range(24):
        lines += [
            f"{day}T{hour:02d}:00:00+03:00,{name},{15 + hour + extra}" for name, extra in (("a", 0), ("b", 2))
        ]
    text = "\n".join(line + ",24.9400,60.1700" if number else line for number, line in enumerate(lines))
    (tmp_path / "made.csv").write_text(text)
    places = {name: {"title": name, "longitude": 24.94, "latitude": 60.17, "interval": 3600} for name in "ab"}
    feed = replace(FEED, options={"station": "station", "stations": places})
    return replace(project, path=tmp_path / "small.twin.json", feeds=(feed,))


@pytest.fixture
def told() -> list[str]:
    return []


class Posted(SensorLink):
    """Whose threads bring nothing before the test takes it."""

    def __init__(self, session: Session, told: list[str]) -> None:
        self.waiting: list[Callable[[], None]] = []
        super().__init__(session, self.waiting.append, lambda text, _level: told.append(text))

    def run_posted(self) -> None:
        for _ in list(self.waiting):
            self.waiting.pop(0)()


@pytest.fixture
def link(qtbot: QtBot, measured: Project, small_session: Session, told: list[str]):
    session = Session(measured, small_session.state)
    made = Posted(session, told)
    yield made
    made.close()


def until(qtbot: QtBot, link: Posted, condition: Callable[[], bool]) -> None:
    def now() -> bool:
        link.run_posted()
        link.look()
        return condition()

    qtbot.waitUntil(now, timeout=10_000)


def full(link: Posted) -> bool:
    heard = heard_of(link.session.results)
    return (
        heard is not None
        and len(heard.streams) == 2
        and heard.span is not None
        and (heard.span[1] - heard.span[0] == 23 * 3600)
    )


def test_files_of_series_are_read_when_a_project_opens_and_leave_nothing_beside_it(
    qtbot: QtBot, link: Posted
) -> None:
    link.open()
    until(qtbot, link, lambda: full(link))
    assert "sensors" in link.session.scene.items
    folder = link.session.project.path
    assert folder is not None
    assert not list(folder.parent.glob("*.sqlite*"))
    assert not link.live


def test_made_up_values_are_called_so_in_every_place(qtbot: QtBot, link: Posted) -> None:
    link.open()
    until(qtbot, link, lambda: full(link))
    session = link.session
    (legend,) = session.scene.legends
    assert "synthetic" in legend.title
    row = next(
        r
        for r in rows(session.project, session.state, session.scene, heard_of(session.results))
        if r.id == "sensors"
    )
    assert "synthetic" in row.title
    session.do(select, Selection("sensor", "made/a", "sensors"))
    found = facts(session)
    assert found is not None
    assert "synthetic" in found.kind
    assert "27 °C" in found.text


def test_reading_sensors_is_no_step_of_undo(qtbot: QtBot, link: Posted) -> None:
    link.open()
    until(qtbot, link, lambda: full(link))
    assert link.session.undo_title == ""


def test_what_is_opened_while_the_window_closes_is_closed_too(
    qtbot: QtBot, measured: Project, small_session: Session
) -> None:
    def open_things() -> tuple[int, list[str]]:
        """File descriptors and threads, once all have ended that are about to."""
        for thread in threading.enumerate():
            if thread.name.startswith(("sensors", "observations", "feed ")):
                thread.join(10.0)
        names = sorted(thread.name for thread in threading.enumerate())
        return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0, names

    def come_and_go(*, wait: bool, twice: bool = False) -> None:
        made = SensorLink(
            Session(measured, small_session.state), lambda _act: None, lambda _text, _level: None
        )
        made.open()
        if twice:
            made.go_live()
        for thread in threading.enumerate() if wait else ():
            if thread.name == "sensors begin":
                thread.join(10.0)
        made.close()

    come_and_go(wait=True)
    gc.collect()  # what other tests left open would be closed at any moment
    before, threads = open_things()
    come_and_go(wait=False)
    for wait in (False, True):
        come_and_go(wait=wait, twice=True)
    after, more = open_things()
    assert after <= before
    assert not Counter(more) - Counter(threads)


@pytest.fixture
def loud(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of feed that says a thousand readings at once, now."""

    def run_of(feed: Feed, _folder: Path | None):
        def run(ear: Ear) -> None:
            from twin.feeds.intake import Reading

            station = Station("heard/x", "X", 24.94, 60.17)
            stream = Datastream("heard/x", station, "air_temperature", "°C", interval=1.0, source_unit="°C")
            begin = time.time() - 1000
            ear.hear(
                [Reading("heard/x", begin + n, 20.0 + n / 100) for n in range(1000)], [stream], live=True
            )
            ear.tell("")
            ear.stop.wait()

        return run

    monkeypatch.setitem(SOURCES, "loud", run_of)


def go_live(qtbot: QtBot, link: Posted) -> None:
    link.session.project = replace(link.session.project, feeds=(LIVE,))
    link.go_live()
    until(qtbot, link, lambda: (h := heard_of(link.session.results)) is not None and h.span is not None)


def test_live_follows_the_clock_until_somebody_chooses_a_time(qtbot: QtBot, link: Posted, loud: None) -> None:
    go_live(qtbot, link)
    assert link.state == "live"
    assert abs(link.session.state.time.timestamp() - time.time()) < 5
    early = link.session.state.time.replace(year=2020)
    link.session.do(set_time, early)
    until(qtbot, link, lambda: link.session.state.time_mode == "instant")
    assert link.session.state.time == early
    link.stop_live()
    assert not link.live
    assert heard_of(link.session.results) is not None


def test_what_is_recorded_is_replayed_with_the_same_frames(
    qtbot: QtBot, link: Posted, loud: None, tmp_path: Path
) -> None:
    tape = tmp_path / "tape.observations.sqlite"
    link.session.project = replace(link.session.project, feeds=(LIVE,))
    link.record(tape)
    until(qtbot, link, lambda: (h := heard_of(link.session.results)) is not None and h.span is not None)
    heard = heard_of(link.session.results)
    assert heard is not None
    assert heard.span is not None
    link.stop_live()
    moments = [heard.span[0] + share * (heard.span[1] - heard.span[0]) for share in (0.1, 0.5, 0.9)]

    def frames() -> list[str]:
        found = []
        room = Darkroom((320, 200), fine=False)
        for moment in moments:
            link.session.do(set_time, datetime.fromtimestamp(moment, link.session.project.place.zone))
            found.append(hashlib.sha256(room.photograph(link.session.scene).tobytes()).hexdigest())
        room.close()
        return found

    first = frames()
    assert len(set(first)) == 3  # the values differ, so do the frames
    link.replay(tape)
    assert link.replaying
    assert frames() == first


def test_a_file_that_is_no_recording_changes_nothing(qtbot: QtBot, link: Posted, tmp_path: Path) -> None:
    link.open()
    until(qtbot, link, lambda: full(link))
    before = heard_of(link.session.results)
    (tmp_path / "no.observations.sqlite").write_text("not a store at all, but long enough to be looked at")
    with pytest.raises(TwinError):
        link.replay(tmp_path / "no.observations.sqlite")
    assert heard_of(link.session.results) is before


def test_a_feed_that_fails_is_told_once_and_stays_in_the_row(
    qtbot: QtBot, link: Posted, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_of(feed: Feed, _folder: Path | None):
        def run(ear: Ear) -> None:
            raise TwinError("the broker is gone")

        return run

    link.open()
    until(qtbot, link, lambda: full(link))
    monkeypatch.setitem(SOURCES, "loud", run_of)
    link.session.project = replace(link.session.project, feeds=(LIVE,))
    link.go_live()
    until(qtbot, link, lambda: bool(told))
    for _ in range(3):
        link.look()
    assert told == ["heard: the broker is gone"]
    assert link.state == "live, with trouble"
    heard = heard_of(link.session.results)
    assert heard is not None
    assert heard.troubles == ("the broker is gone",)


def test_the_row_of_time_appears_with_the_first_sensors(qtbot: QtBot, link: Posted) -> None:
    row = SensorTime(link.session)
    qtbot.addWidget(row)
    row.refresh(link.session)
    assert row.isHidden()
    link.open()
    until(qtbot, link, lambda: full(link))
    row.refresh(link.session)
    assert not row.isHidden()
    now = link.session.state.time
    link.session.do(set_range, now.replace(hour=6), now.replace(hour=12))
    row.refresh(link.session)
    assert row.mode.currentText() == "Range"


def test_alarms_list_what_is_above_a_threshold_now(qtbot: QtBot, link: Posted) -> None:
    link.open()
    until(qtbot, link, lambda: full(link))
    panel = AlarmsPanel(link.session)
    qtbot.addWidget(panel)
    assert panel.table.rowCount() == 1  # noon: a has 27 °C, which is not above; b has 29 °C
    said = [item.text() for column in (1, 5) if (item := panel.table.item(0, column))]
    assert said[0] == "b (synthetic)"
    assert "FMI" in said[1]


def test_closing_lets_go_of_everything_at_once(qtbot: QtBot, link: Posted, loud: None) -> None:
    go_live(qtbot, link)
    began = time.monotonic()
    link.close()
    assert time.monotonic() - began < 0.2


def test_heard_is_kept_when_files_are_added(qtbot: QtBot, link: Posted) -> None:
    link.open()
    until(qtbot, link, lambda: full(link))
    session = link.session
    session.adopt(
        replace(session.project, layers=tuple(session.project.layers)[:-1]), title="Take a layer out"
    )
    assert HEARD in session.results
