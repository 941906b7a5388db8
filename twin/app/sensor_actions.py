"""What the user can do with sensors, and what joins them to the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from twin.app.sensor_link import SensorLink
from twin.app.texts import tr
from twin.errors import TwinError
from twin.model.heard import LAYER
from twin.model.sensor import Datastream
from twin.model.state import Selection
from twin.scene.sensors import heard_of, observed_of
from twin.session.commands import select
from twin.session.sensor_commands import chart, chart_only, show_observed, toggle_bars

if TYPE_CHECKING:
    from twin.app.window import Window
    from twin.session.session import Session

NEAR = 120.0
"""So far around a station is shown. [m]"""
FILES = "*.observations.sqlite"


def join(window: Window, session: Session) -> SensorLink:
    """The link of a project that was opened; it begins when the window has nothing else to do."""
    link = SensorLink(
        session,
        window.main_thread.post,
        lambda text, level: window.message_bar.show_message(
            text, level, timeout=0.0 if level == "warning" else 5.0
        ),
        window,
    )
    link.changed.connect(window.refresh_actions)
    link.changed.connect(lambda: _renew_time(window))
    assert window.viewport is not None
    window.viewport.drawn.connect(link.open_once)
    return link


def _renew_time(window: Window) -> None:
    if window.session is not None and window.panel("time") is not None:
        window.panel("time").sensors.show_link(window.sensors)


def has_sensors(window: Window) -> bool:
    """Whether anything was heard."""
    return window.session is not None and heard_of(window.session.results) is not None


def is_live(window: Window) -> bool:
    """Whether feeds are listened to."""
    return window.sensors is not None and window.sensors.live


def is_recording(window: Window) -> bool:
    """Whether what comes is written into a file."""
    return window.sensors is not None and window.sensors.recording


def is_replaying(window: Window) -> bool:
    """Whether a recording is shown."""
    return window.sensors is not None and window.sensors.replaying


def toggle_live(window: Window) -> None:
    """Listens to the feeds of the project, or no longer."""
    if window.sensors is None:
        return
    if window.sensors.live:
        window.sensors.stop_live()
    else:
        window.sensors.go_live()


def toggle_recording(window: Window) -> None:
    """Records what comes into a file that is asked for, or ends it."""
    if window.sensors is None or window.session is None:
        return
    if window.sensors.recording:
        window.sensors.stop_recording()
        return
    path, _ = QFileDialog.getSaveFileName(
        window, tr("Record now"), f"{window.session.project.name}.observations.sqlite", FILES
    )
    if path:
        record(window, Path(path))


def record(window: Window, path: Path) -> None:
    """Records into a file; says so where it cannot be made."""
    assert window.sensors is not None
    try:
        window.sensors.record(path)
    except (TwinError, OSError) as error:
        window.complain(str(error))


def toggle_replay(window: Window) -> None:
    """Shows a recording that is asked for, or the project's own observations again."""
    if window.sensors is None:
        return
    if window.sensors.replaying:
        window.sensors.stop_replay()
        return
    path, _ = QFileDialog.getOpenFileName(window, tr("Replay"), "", FILES)
    if path:
        replay(window, Path(path))


def replay(window: Window, path: Path) -> None:
    """Shows a recording; says so where it is none."""
    assert window.sensors is not None
    try:
        window.sensors.replay(path)
    except TwinError as error:
        window.complain(str(error))


def next_observed(window: Window) -> None:
    """Shows the sensors of the next observed property."""
    session = window.session
    heard = heard_of(session.results) if session is not None else None
    if session is None or heard is None:
        return
    names = heard.observed
    now = names.index(observed_of(heard, session.state))
    session.do(show_observed, names[(now + 1) % len(names)])


def show_bars(window: Window) -> None:
    """Bars, or signs only."""
    if window.session is not None:
        window.session.do(toggle_bars)


def show_chart(window: Window) -> None:
    """The chart of the station that is selected, else of all that are shown, up to eight."""
    session = window.session
    heard = heard_of(session.results) if session is not None else None
    if session is None or heard is None:
        return
    observed, chosen = observed_of(heard, session.state), session.state.selection
    dock = window.docks["chart"]
    if dock.isHidden():
        streams = [heard.streams[number] for number in heard.of(observed)]
        if chosen is not None and chosen.kind == "sensor":
            for stream in streams:
                if stream.station.id == chosen.id:
                    session.do(chart, stream.id)
        elif not session.state.charted:
            session.do(chart_only, tuple(stream.id for stream in streams))
    from twin.app import window_look

    window_look.toggle_panel(window, "chart")


def show_station(window: Window, station: str) -> None:
    """Selects a station, and looks at it."""
    from twin.app import views

    session = window.session
    heard = heard_of(session.results) if session is not None else None
    if session is None or heard is None:
        return
    for number, stream in enumerate(heard.streams):
        east, north, up = heard.places[number].tolist()
        if stream.station.id == station and east == east:
            session.do(select, Selection("sensor", station, LAYER, (east, north, up)))
            views.zoom_to(window, (east - NEAR, north - NEAR, east + NEAR, north + NEAR))
            return


def export(window: Window, path: Path, streams: Sequence[Datastream], start: float, end: float) -> None:
    """Writes the series of datastreams between two moments, beside the window's own work."""
    link = window.sensors
    if link is not None:
        window.beside(
            lambda: link.export(path, streams, start, end),
            lambda: window.say(tr("Written: {0}").format(path.name)),
        )


def use_as_weather(window: Window, station: str) -> None:
    """Lets heat be worked out with the readings of a station, as far as it has them."""
    from twin.app.sensor_weather import use

    use(window, station)
