"""Sets what the heat model says beside what sensors measured, station by station and hour by hour."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.analysis.heat_moment import Climate
from twin.analysis.sensor_statistics import Agreement, agreement, around
from twin.app import chart_plot, texts
from twin.app.theme import tones_of
from twin.model.heard import Heard
from twin.model.sensor import Datastream, Floats, marked
from twin.scene.heat_asked import want_curves
from twin.scene.heat_known import HOURS, hour_of, want_climate
from twin.scene.scene import Failed, Request
from twin.scene.sensors import heard_of
from twin.session.session import Session

WHO = "residuals"
HEAD = ("Station", "Measured", "Model", "Model − measured", "Radiant", "UTCI", "Sun")
MOST = 100
"""Stations that are worked out; each takes a fifth of a second."""
HALF = 1800.0
"""Readings count for an hour from so long before to so long after. [s]"""
ID = int(Qt.ItemDataRole.UserRole)


class ResidualsPanel(QWidget):
    """A table of stations at the hour of the view, and all hours of the day as points."""

    station_chosen = Signal(str)
    weather_wanted = Signal(str)
    """Id of a station whose readings are to be the weather of the heat run."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown: object = None
        self.note, self.table = QLabel(), QTableWidget(0, len(HEAD))
        self.use = QPushButton(self.tr("Use as weather"))
        self.copy = QPushButton(self.tr("Copy table"))
        self.plot = chart_plot.plot(self.tr("Measured and modelled, all hours of the day"))
        self.points = pg.ScatterPlotItem(size=6, symbol="o", pen=None)
        self.now = pg.ScatterPlotItem(size=10, symbol="d")
        self._line = pg.PlotDataItem()
        self._lay_out()
        self.use.clicked.connect(self._on_use)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        self.table.itemActivated.connect(lambda item: self.station_chosen.emit(str(item.data(ID))))
        self.refresh(session)

    def text(self) -> str:
        """The table as lines to paste elsewhere."""
        rows = [
            [cell.text() if (cell := self.table.item(row, column)) else "" for column in range(len(HEAD))]
            for row in range(self.table.rowCount())
        ]
        return "\n".join("\t".join(row) for row in [list(HEAD), *rows])

    def refresh(self, session: Session) -> None:
        """Asks for what is not worked out yet as long as the panel is seen, and shows what is there."""
        self._session = session
        heard, built = heard_of(session.results), session.scene.built
        if heard is None or built is None or not self.isVisible():
            session.ask(WHO)
            return
        state = session.state
        numbers = heard.of("air_temperature")[:MOST]
        places = [(float(east), float(north)) for east, north, _ in heard.places[list(numbers)]]

        def want() -> Request | Failed | None:
            return want_curves(session.project, state, built, state.scenario, places, session.results)

        step = want()
        session.ask(WHO, *([step] if isinstance(step, Request) else []))
        step = want()  # again, as some may be worked out at once
        found = session.answer(step) if isinstance(step, Request) else step
        found = found if isinstance(found, tuple | Failed) else None
        climate = session.results.get(want_climate(session.project, state).key)
        relevant = (heard, state.time, climate, found)
        if relevant != self._shown:
            self._shown = relevant
            self._show(heard, numbers, climate, found)

    def showEvent(self, event: Any) -> None:  # noqa: N802  # Qt's name
        """Begins to work it out."""
        super().showEvent(event)
        QTimer.singleShot(0, self, lambda: self.refresh(self._session))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _lay_out(self) -> None:
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.table.setAccessibleName(self.tr("Model against sensors"))
        self.table.setHorizontalHeaderLabels([self.tr(name) for name in HEAD])
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.plot.setLabel("bottom", self.tr("measured [°C]"))
        self.plot.setLabel("left", self.tr("model [°C]"))
        for item in (self._line, self.points, self.now):
            self.plot.addItem(item)
        for button, tip in (
            (self.use, self.tr("Work out heat with the readings of the chosen station")),
            (self.copy, self.tr("Copy the table as text")),
        ):
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        side = QWidget()
        buttons = QVBoxLayout(side)
        buttons.addWidget(self.use)
        buttons.addWidget(self.copy)
        buttons.addStretch()
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.table)
        parts.addWidget(self.plot)
        parts.addWidget(side)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setSizes([2600, 2000, 1])  # the plot would take nearly all
        parts.setCollapsible(2, False)
        # the note takes what it needs first
        parts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        parts.setMinimumHeight(6 * self.fontMetrics().height())
        column = QVBoxLayout(self)
        column.addWidget(parts, 1)
        column.addWidget(self.note)
        self._dress()

    def _dress(self) -> None:
        tone = tones_of(self.palette())
        chart_plot.dress(self.plot, tone)
        faint = QColor(tone.muted)
        faint.setAlpha(130)
        self.points.setBrush(faint)
        self.now.setBrush(QColor(tone.accent))
        self._line.setPen(pg.mkPen(QColor(tone.muted), style=Qt.PenStyle.DashLine))

    def _show(self, heard: Heard, numbers: Sequence[int], climate: object, found: Any) -> None:
        """climate: of the day. found: a curve or a reason for each number, a failure, or None: not yet."""
        state = self._session.state
        zone = self._session.project.place.zone
        start = datetime.combine(state.time.date(), datetime.min.time(), zone)
        hours = np.array([start.replace(hour=hour).timestamp() for hour in range(HOURS)])
        hour = hour_of(state.time)
        streams = [heard.streams[number] for number in numbers]
        # what the model says of an hour stands at that hour; readings from half an hour before to half after
        series = heard.series(
            [stream.id for stream in streams], float(hours[0]) - HALF, float(hours[-1]) + HALF
        )
        air = air_of(climate, hours)
        measured = np.array([around(series[stream.id], hours, HALF) for stream in streams]).reshape(-1, HOURS)
        modelled = np.broadcast_to(air, measured.shape)
        curves: Sequence[Any] = found if isinstance(found, tuple) else [None] * len(streams)
        self.table.setRowCount(len(streams))
        for row, (stream, curve) in enumerate(zip(streams, curves, strict=True)):
            point = curve[hour] if isinstance(curve, tuple) else curve
            self._row(row, stream, float(measured[row, hour]), float(air[hour]), point)
        here, day = agreement(modelled[:, hour], measured[:, hour]), agreement(modelled, measured)
        self._plot(self.points, measured.ravel(), modelled.ravel(), day)
        self._plot(self.now, measured[:, hour], modelled[:, hour], here)
        both = np.concatenate([measured[np.isfinite(measured)], modelled[np.isfinite(modelled)]])
        ends = [float(both.min()), float(both.max())] if day.count else []
        self._line.setData(ends, ends)
        self.note.setText(" ".join(self._told(heard, streams, climate, found, here, day)))

    def _plot(self, item: Any, measured: Floats, modelled: Floats, told: Agreement) -> None:
        """The pairs of which both are there."""
        there = np.isfinite(measured) & np.isfinite(modelled)
        item.setData(measured[there], modelled[there]) if told.count else item.clear()

    def _told(
        self,
        heard: Heard,
        streams: Sequence[Datastream],
        climate: object,
        found: Any,
        here: Agreement,
        day: Agreement,
    ) -> Iterator[str]:
        """What the numbers say, and what is not worked out and why."""
        if here.count:
            yield self.tr("This hour: {0}.").format(_said(here))
        if day.count:
            yield self.tr("This day: {0}.").format(_said(day))
        elif streams and isinstance(climate, Climate):
            yield self.tr("No station was heard on that day.")
        if not streams:
            yield self.tr("No station measures the temperature of the air.")
        if isinstance(climate, Failed):
            yield climate.message
        elif streams and (found is None or climate is None):
            yield self.tr("Working …")
        if isinstance(found, Failed) and found is not climate:
            yield self.tr("Shade and radiation: {0}").format(found.message)
        left = len(heard.of("air_temperature")) - len(streams)
        if left > 0:
            yield self.tr("{0} more stations are not worked out.").format(left)
        yield self.tr("The air temperature of the model is that of its weather; it is not modelled.")

    def _row(self, row: int, stream: Datastream, measured: float, air: float, point: Any) -> None:
        """point: of the hour, or why there is none."""
        cells = [
            marked(stream.station.title, stream),
            _amount(measured, "°C"),
            _amount(air, "°C"),
            _amount(air - measured, "K"),
        ]
        if point is None or isinstance(point, str):
            cells += ["–", "–", point or "–"]
        else:
            cells += [
                _amount(point.mean_radiant, "°C"),
                _amount(point.utci, "°C"),
                self.tr("sun") if point.sunlit >= 0.5 else self.tr("shade"),
            ]
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setData(ID, stream.station.id)
            item.setToolTip(texts.tip(text))
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, column, item)

    def _on_use(self) -> None:
        chosen = self.table.selectedItems()
        first = chosen[0] if chosen else self.table.item(0, 0)
        if first is not None:
            self.weather_wanted.emit(str(first.data(ID)))


def air_of(climate: object, times: Floats) -> Floats:
    """The air temperature of the weather at times [s since 1970 UTC]; NaN as long as it is not there. [°C]"""
    if not isinstance(climate, Climate):
        return np.full(len(times), np.nan)
    return np.interp(times, climate.weather.middles, climate.weather.air_temperature)


def _said(told: Agreement) -> str:
    alike = f", r {told.correlation:.2f}" if np.isfinite(told.correlation) else ""
    return f"n = {told.count}, bias {told.bias:+.1f} K, RMSE {told.rmse:.1f} K{alike}"


def _amount(value: float, unit: str) -> str:
    return texts.amount(round(value, 1), unit) if math.isfinite(value) else "–"
