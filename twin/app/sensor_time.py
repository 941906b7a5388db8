"""The part of the time panel for what was measured: which time counts, where data is, what is live."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from twin.app.theme import tones_of
from twin.model.heard import Heard
from twin.scene.scene import Request
from twin.scene.sensors import heard_of, observed_of
from twin.session.commands import set_time
from twin.session.sensor_commands import set_range, set_time_mode, show_observed
from twin.session.session import Session

if TYPE_CHECKING:
    from twin.app.sensor_link import SensorLink

WHO = "data strip"
BINS, FEWEST = 240, 24
"""Columns of the histogram, at most and at least."""
MODES: tuple[tuple[Literal["off", "instant", "range", "live"], str], ...] = (
    ("off", "Newest"),
    ("instant", "Moment"),
    ("range", "Range"),
    ("live", "Live"),
)
Counts = tuple[NDArray[np.float64], NDArray[np.float64]]
"""(n,) how many, (n + 1,) between which moments."""


class DataStrip(QWidget):
    """How much was measured when; a press goes there, a drag chooses a range."""

    pressed = Signal(float)
    """Seconds since 1970 UTC."""
    dragged = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self._counts = np.zeros(FEWEST)
        self._ends = (0.0, 1.0)
        self._now, self._range = 0.0, 0.0
        self._from: float | None = None
        self._to = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("How much was measured when"))
        self.setToolTip(self.tr("All that was measured: press to go there, drag for a range"))

    def show_counts(self, counts: NDArray[np.float64], start: float, end: float) -> None:
        """Another histogram, between two moments. [s since 1970 UTC]"""
        self._counts, self._ends = counts, (start, max(end, start + 1.0))
        self.update()

    def show_time(self, now: float, hours: float) -> None:
        """The moment that is shown, and the range before it. [h]"""
        if (now, hours) != (self._now, self._range):
            self._now, self._range = now, hours
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """As high as a line of text."""
        return QSize(200, round(1.5 * self.fontMetrics().height()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Begins."""
        self._from = self._to = self._moment(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Draws the range so far."""
        if self._from is not None:
            self._to = self._moment(event)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """A short way is a press."""
        if self._from is None:
            return
        first, last = sorted((self._from, self._moment(event)))
        self._from = None
        if (last - first) / (self._ends[1] - self._ends[0]) * self.width() > 4:
            self.dragged.emit(first, last)
        else:
            self.pressed.emit(last)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Columns, the range, the moment."""
        painter = QPainter(self)
        tone = tones_of(self.palette())
        width, height = self.width(), self.height()
        ground = QColor(tone.muted)
        ground.setAlpha(40)
        painter.fillRect(self.rect(), ground)
        most = float(self._counts.max(initial=0.0)) or 1.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone.muted))
        wide = width / len(self._counts)
        for number, count in enumerate(self._counts.tolist()):
            if count:
                tall = max(count / most, 0.08) * (height - 2)
                painter.drawRect(QRectF(number * wide, height - tall, max(wide, 1.0), tall))
        first, last = self._now - self._range * 3600.0, self._now
        if self._from is not None:
            first, last = sorted((self._from, self._to))
        shade = QColor(tone.accent)
        shade.setAlpha(80)
        if last > first:
            painter.fillRect(QRectF(self._x(first), 0, self._x(last) - self._x(first), height), shade)
        painter.fillRect(QRectF(self._x(self._now) - 1, 0, 2, height), QColor(tone.accent))
        painter.end()

    def _x(self, moment: float) -> float:
        start, end = self._ends
        return min(max((moment - start) / (end - start), 0.0), 1.0) * self.width()

    def _moment(self, event: QMouseEvent) -> float:
        start, end = self._ends
        return start + min(max(event.position().x() / max(self.width(), 1), 0.0), 1.0) * (end - start)


class SensorTime(QWidget):
    """A row of the time panel, there once sensors were heard."""

    live_wanted = Signal(bool)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._known: Heard | None = None
        self._listed: tuple[str, ...] = ()
        self.mode, self.observed = QComboBox(), QComboBox()
        self.strip, self.badge = DataStrip(), QLabel()
        self._link_state = ""
        for mode, title in MODES:
            self.mode.addItem(self.tr(title), mode)
        for box, name, tip in (
            (
                self.mode,
                self.tr("Which time counts"),
                self.tr("The newest, a moment, a range, or what comes"),
            ),
            (self.observed, self.tr("Observed property"), self.tr("What the sensors show (Q for the next)")),
        ):
            box.setAccessibleName(name)
            box.view().setAccessibleName(name)
            box.setToolTip(tip)
        self.badge.setTextFormat(Qt.TextFormat.PlainText)
        self.badge.setAccessibleName(self.tr("Whether it is live"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.mode)
        row.addWidget(self.observed)
        row.addWidget(self.strip, 1)
        row.addWidget(self.badge)
        self.mode.activated.connect(self._on_mode)
        self.observed.activated.connect(self._on_observed)
        self.strip.pressed.connect(self._on_press)
        self.strip.dragged.connect(self._on_drag)
        self.hide()

    def refresh(self, session: Session) -> None:
        """Makes the row equal to the session."""
        self._session = session
        heard, state = heard_of(session.results), session.state
        if (heard is None) != self.isHidden():
            self.setVisible(heard is not None)
        if heard is None:
            return
        names = heard.observed
        if names != self._listed:
            self._listed = names
            self.observed.clear()
            titles = {stream.observed: stream.property.title for stream in heard.streams}
            for name in names:
                self.observed.addItem(titles[name], name)
        self.observed.setCurrentIndex(names.index(observed_of(heard, state)))
        self.mode.setCurrentIndex([mode for mode, _ in MODES].index(state.time_mode))
        hours = state.time_range if state.time_mode == "range" else 0.0
        self.strip.show_time(state.time.timestamp(), hours)
        if heard.span is not None and self._needs(heard):
            request = Request(
                ("data strip", heard, state.observed), counted, (heard, state.observed), self.tr("Data")
            )
            session.ask(WHO, request)
            found = session.answer(request)
            if isinstance(found, tuple):
                self._known = heard
                counts, edges = found
                self.strip.show_counts(counts, float(edges[0]), float(edges[-1]))

    def show_link(self, link: SensorLink | None) -> None:
        """Says whether it is live."""
        state = link.state if link is not None else ""
        if state != self._link_state:
            self._link_state = state
            self.badge.setText(f"● {state}" if state else "")
            tone = tones_of(self.palette())
            colour = tone.caution if link is not None and link.troubled else tone.accent
            self.badge.setStyleSheet(f"color: {colour}; font-weight: bold")

    def _needs(self, heard: Heard) -> bool:
        """While values come the histogram is only made anew when it would look another."""
        if self._known is None or self._known.span is None or heard.span is None:
            return True
        if self._known.streams != heard.streams and len(self._known.streams) != len(heard.streams):
            return True
        start, end = self._known.span
        return abs(heard.span[1] - end) > (end - start) / BINS or heard.span[0] != start

    def _on_mode(self, row: int) -> None:
        mode = MODES[row][0]
        if mode == "live":
            self.live_wanted.emit(True)
        else:
            self._session.do(set_time_mode, mode)
        self.refresh(self._session)

    def _on_observed(self, row: int) -> None:
        self._session.do(show_observed, str(self.observed.itemData(row)))

    def _on_press(self, moment: float) -> None:
        self._session.do(set_time, self._local(moment))

    def _on_drag(self, first: float, last: float) -> None:
        self._session.do(set_range, self._local(first), self._local(last))

    def _local(self, moment: float) -> datetime:
        return datetime.fromtimestamp(round(moment), self._session.project.place.zone)


def counted(heard: Heard, observed: str, *, progress: Callable[[float], None]) -> Counts:
    """How many observations of a property there are in each part of all time there is."""
    progress(0.0)
    start, end = heard.span or (0.0, 1.0)
    usual = [stream.interval for stream in heard.streams if np.isfinite(stream.interval)]
    end = max(end, start + 1.0) + 1e-3
    # two of each sensor in a column, else there would be gaps where there are none
    parts = int(np.clip((end - start) / (2 * max(usual, default=1800.0)), FEWEST, BINS))
    ids = [stream.id for stream in heard.streams if stream.observed == observed or not observed]
    return heard.counts(ids, start, end, parts), np.linspace(start, end, parts + 1)
