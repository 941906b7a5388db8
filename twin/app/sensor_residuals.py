"""Sets what the heat model says beside what sensors measured, station by station and hour by hour."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.analysis.sensor_statistics import agreement, hourly
from twin.app import texts
from twin.app.theme import tones_of
from twin.model.heard import Heard
from twin.scene.heat import hour_of
from twin.scene.heat_asked import want_curve
from twin.scene.scene import Failed, Request
from twin.scene.sensors import heard_of
from twin.session.session import Session

WHO = "residuals"
HEAD = ("Station", "Measured", "Model", "Model − measured", "Radiant", "UTCI", "Sun")
MOST = 60
"""Stations that are worked out; more take too long."""
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
        self.plot = pg.PlotWidget()
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
        requests: list[Request] = []
        curves: dict[int, Any] = {}
        for number in numbers:
            place = heard.places[number]
            want = want_curve(
                session.project, state, built, state.scenario, (float(place[0]), float(place[1])),
                session.results,
            )  # fmt: skip
            found = session.results.get(want.key) if isinstance(want, Request) else want
            if isinstance(want, Request) and found is None:
                requests.append(want)
            curves[number] = found
        session.ask(WHO, *dict.fromkeys(requests))
        relevant = (heard, state.time, tuple(map(id, curves.values())))
        if relevant != self._shown:
            self._shown = relevant
            self._show(heard, curves, waiting=bool(requests))

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
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.plot.setAccessibleName(self.tr("Measured and modelled, all hours of the day"))
        self.plot.setLabel("bottom", self.tr("measured [°C]"))
        self.plot.setLabel("left", self.tr("model [°C]"))
        self.plot.showGrid(x=True, y=True, alpha=0.25)
        self.plot.getPlotItem().setMenuEnabled(False)
        for item in (self._line, self.points, self.now):
            self.plot.addItem(item)
        for button, tip in (
            (self.use, self.tr("Work out heat with the readings of the chosen station")),
            (self.copy, self.tr("Copy the table as text")),
        ):
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.use)
        foot.addWidget(self.copy)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.table)
        parts.addWidget(self.plot)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.addWidget(parts, 1)
        column.addLayout(foot)
        self._dress()

    def _dress(self) -> None:
        tone = tones_of(self.palette())
        self.plot.setBackground(None)
        for name in ("left", "bottom"):
            self.plot.getAxis(name).setPen(QColor(tone.muted))
            self.plot.getAxis(name).setTextPen(QColor(tone.text))
        faint = QColor(tone.muted)
        faint.setAlpha(130)
        self.points.setBrush(faint)
        self.now.setBrush(QColor(tone.accent))
        self._line.setPen(pg.mkPen(QColor(tone.muted), style=Qt.PenStyle.DashLine))

    def _show(self, heard: Heard, curves: dict[int, Any], *, waiting: bool) -> None:
        state = self._session.state
        zone = self._session.project.place.zone
        start = datetime.combine(state.time.date(), datetime.min.time(), zone)
        hours = [start + timedelta(hours=hour) for hour in range(24)]
        hour = hour_of(state.time)
        streams = [heard.streams[number] for number in curves]
        # what the model says of an hour stands at that hour; readings from half an hour before to half after
        edges = np.array([when.timestamp() - 1800.0 for when in hours] + [hours[-1].timestamp() + 1800.0])
        series = heard.series([stream.id for stream in streams], float(edges[0]), float(edges[-1]))
        measured_all: list[float] = []
        modelled_all: list[float] = []
        measured_now: list[float] = []
        modelled_now: list[float] = []
        outside = 0
        self.table.setRowCount(0)
        for stream, found in zip(streams, curves.values(), strict=True):
            measured = hourly(series[stream.id], edges)
            known = isinstance(found, tuple) and len(found) == 24
            model = np.array([point.air for point in found]) if known else np.full(24, np.nan)
            outside += isinstance(found, Failed)
            measured_all += measured.tolist()
            modelled_all += model.tolist()
            measured_now.append(float(measured[hour]))
            modelled_now.append(float(model[hour]))
            point = found[hour] if known else None
            self._row(stream.station.title, stream.station.id, float(measured[hour]), point, found)
        here, day = agreement(modelled_now, measured_now), agreement(modelled_all, measured_all)
        self.points.setData(measured_all, modelled_all) if day.count else self.points.clear()
        self.now.setData(measured_now, modelled_now) if here.count else self.now.clear()
        both = [v for v in (*measured_all, *modelled_all) if math.isfinite(v)]
        self._line.setData([min(both), max(both)], [min(both), max(both)]) if both else self._line.clear()
        parts = []
        if here.count:
            parts.append(self.tr("This hour: {0}.").format(_said(here.count, here.bias, here.rmse)))
        if day.count:
            parts.append(self.tr("This day: {0}.").format(_said(day.count, day.bias, day.rmse)))
        if waiting:
            parts.append(self.tr("Working …"))
        if outside:
            parts.append(self.tr("{0} stations stand where nothing can be worked out.").format(outside))
        parts.append(self.tr("The air temperature of the model is that of its weather; it is not modelled."))
        self.note.setText(" ".join(parts))

    def _row(self, title: str, station: str, measured: float, point: Any, found: object) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        cells = [title, _amount(measured, "°C")]
        if point is None:
            text = found.message if isinstance(found, Failed) else "…"
            cells += [text, "", "", "", ""]
        else:
            cells += [
                _amount(point.air, "°C"),
                _amount(point.air - measured, "K"),
                _amount(point.mean_radiant, "°C"),
                _amount(point.utci, "°C"),
                self.tr("sun") if point.sunlit >= 0.5 else self.tr("shade"),
            ]
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setData(ID, station)
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, column, item)

    def _on_use(self) -> None:
        chosen = self.table.selectedItems()
        first = chosen[0] if chosen else self.table.item(0, 0)
        if first is not None:
            self.weather_wanted.emit(str(first.data(ID)))


def _said(count: int, bias: float, rmse: float) -> str:
    return f"n = {count}, bias {bias:+.1f} K, RMSE {rmse:.1f} K"


def _amount(value: float, unit: str) -> str:
    return texts.amount(round(value, 1), unit) if math.isfinite(value) else "–"
