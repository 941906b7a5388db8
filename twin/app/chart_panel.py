"""Draws series of sensors: up to eight curves, their numbers, and a brush that is the range of time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.analysis.sensor_statistics import statistics, with_gaps
from twin.app import chart_plot, texts
from twin.app.chart_axis import TimeAxis
from twin.app.theme import tones_of
from twin.model.heard import Heard
from twin.model.sensor import Datastream, Series, marked
from twin.scene.colours import CATEGORY_COLOURS
from twin.scene.scene import Failed, Request
from twin.scene.sensors import heard_of
from twin.session.commands import set_time
from twin.session.sensor_commands import chart, set_range, set_time_mode
from twin.session.session import Session

WHO = "chart"
Export = Callable[[Path, Sequence[Datastream], float, float], None]
PAUSE = 1000
"""Between two drawings while values come. [ms]"""
STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
"""Curves differ by more than colour where there are more than four."""
ID = int(Qt.ItemDataRole.UserRole)
HEAD = ("Station", "Last", "Mean", "Lowest", "Highest", "Values")


class ChartPanel(QWidget):
    """Curves of the charted datastreams."""

    def __init__(self, session: Session, export: Export) -> None:
        """export: writes what datastreams said between two moments [s since 1970 UTC] into a file."""
        super().__init__()
        self._session, self._export = session, export
        self._drawn: tuple[object, ...] = ()
        self._known: Heard | None = None
        self._streams: tuple[Datastream, ...] = ()
        self._range: tuple[float, float] | None = None
        self._busy = False
        self.add, self.save = QComboBox(), QPushButton(self.tr("Export…"))
        self.brush = QCheckBox(self.tr("Range"))
        self.table = QTableWidget(0, len(HEAD))
        axes = {"bottom": TimeAxis(session.project.place.zone)}
        self.plot = chart_plot.plot(self.tr("Chart of sensors"), axes)
        self.curves: list[Any] = []
        self._mark = pg.InfiniteLine(angle=90, movable=False)
        self._region = pg.LinearRegionItem(movable=True)
        self._soon = QTimer(self, singleShot=True, interval=PAUSE)
        self._soon.timeout.connect(lambda: self.refresh(self._session))
        self._lay_out()
        self._listen()
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Asks for the series as long as the panel is seen, and draws those that are there."""
        if session is not self._session:
            self._session, self._drawn, self._known = session, (), None
        heard = heard_of(session.results)
        if heard is None or not self.isVisible():
            session.ask(WHO)
            return
        self._show_time()
        charted = session.state.charted
        if self._known is not heard and self._soon.isActive() and self._drawn[:1] == (charted,):
            return
        if self._known is None or self._known.streams != heard.streams:
            self._list(heard)
        request = Request(("chart", heard, charted), _series, (heard, charted), self.tr("Chart"))
        session.ask(WHO, request)
        found = session.answer(request)
        if isinstance(found, Failed) or found is None:
            return
        assert isinstance(found, dict)
        if self._drawn != (charted, heard):
            self._drawn, self._known = (charted, heard), heard
            self._draw(heard, charted, found)
            self._soon.start()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def showEvent(self, event: Any) -> None:  # noqa: N802  # Qt's name
        """Draws what happened meanwhile."""
        super().showEvent(event)
        QTimer.singleShot(0, self, lambda: self.refresh(self._session))

    def _lay_out(self) -> None:
        self.add.setAccessibleName(self.tr("Add a curve"))
        self.add.view().setAccessibleName(self.tr("Add a curve"))
        self.add.setToolTip(self.tr("Draw one more sensor, up to eight"))
        self.add.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.add.setMinimumContentsLength(18)
        self.brush.setToolTip(self.tr("Show the means between two moments, which can be dragged"))
        self.brush.setAccessibleName(self.tr("Range"))
        self.save.setToolTip(
            self.tr("Write these curves as CSV, GeoParquet or SensorThings dataArray; of a range, only that")
        )
        self.save.setAccessibleName(self.tr("Export these curves"))
        self.table.setAccessibleName(self.tr("Numbers of the curves"))
        self.table.setHorizontalHeaderLabels([self.tr(name) for name in HEAD])
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setToolTip(self.tr("Delete takes the chosen curve away"))
        self._fit_columns()
        self.plot.getPlotItem().setDownsampling(auto=True, mode="peak")
        self.plot.getPlotItem().setClipToView(True)
        self.plot.addItem(self._mark)
        self.plot.addItem(self._region)
        tools = QHBoxLayout()
        for widget in (self.add, self.brush, self.save):
            tools.addWidget(widget)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(6, 4, 4, 4)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.plot)
        parts.addWidget(side)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setSizes([3000, 2000])  # the plot would take nearly all
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(parts)
        self._dress()

    def _dress(self) -> None:
        tone = tones_of(self.palette())
        chart_plot.dress(self.plot, tone)
        self._mark.setPen(pg.mkPen(QColor(tone.accent), width=1.5))
        shade = QColor(tone.accent)
        shade.setAlpha(45)
        self._region.setBrush(shade)

    def _listen(self) -> None:
        self.add.activated.connect(self._on_add)
        self.brush.clicked.connect(self._on_brush)
        self.save.clicked.connect(self._on_save)
        self._region.sigRegionChangeFinished.connect(self._on_region)
        self.plot.scene().sigMouseClicked.connect(self._on_click)

    def _list(self, heard: Heard) -> None:
        self._known = heard
        self.add.clear()
        self.add.addItem(self.tr("Add a curve…"), "")
        for stream in sorted(heard.streams, key=lambda each: (each.observed, each.station.title)):
            self.add.addItem(title_of(stream), stream.id)

    def _draw(self, heard: Heard, charted: Sequence[str], found: dict[str, Series]) -> None:
        by_id = {stream.id: stream for stream in heard.streams}
        self._streams = tuple(by_id[name] for name in charted if name in by_id)
        item = self.plot.getPlotItem()
        for curve in self.curves:
            item.removeItem(curve)
        self.curves = []
        # each cell that is set would measure the columns anew
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.setRowCount(len(self._streams))
        for row, stream in enumerate(self._streams):
            colour = QColor(CATEGORY_COLOURS[row % len(CATEGORY_COLOURS)])
            series = found[stream.id]
            times, values = with_gaps(series, stream.interval)
            # a wider pen takes fifty times as long, and so do more points than pixels
            pen = pg.mkPen(colour, width=1, style=STYLES[row // 4 % len(STYLES)])
            curve = pg.PlotDataItem(
                times, values, pen=pen, connect="finite", name=title_of(stream), autoDownsampleFactor=1.0
            )
            item.addItem(curve)
            self.curves.append(curve)
            self._number(row, stream, series, colour)
        self._fit_columns()
        units = dict.fromkeys(stream.unit for stream in self._streams)
        names = dict.fromkeys(stream.property.title for stream in self._streams)
        made_up = self.tr(" (synthetic)") if any(stream.synthetic for stream in self._streams) else ""
        self.plot.setLabel("left", f"{', '.join(names)} [{', '.join(units)}]{made_up}" if names else "")
        self.setAccessibleDescription(", ".join(title_of(stream) for stream in self._streams))

    def _fit_columns(self) -> None:
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def _number(self, row: int, stream: Datastream, series: Series, colour: QColor) -> None:
        told = statistics(series)
        last = series.good.values[-1] if len(series.good) else math.nan
        cells = [
            title_of(stream),
            *(_amount(float(value), stream.unit) for value in (last, told.mean, told.lowest, told.highest)),
            self.tr("{0}, {1} bad").format(texts.amount(float(told.count)), texts.amount(float(told.bad))),
        ]
        for column, text in enumerate(cells):
            cell = QTableWidgetItem(text)
            cell.setData(ID, stream.id)
            if column == 0:
                cell.setForeground(colour)
            else:
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, column, cell)

    def _show_time(self) -> None:
        state = self._session.state
        self._busy = True
        now, ranged = state.time.timestamp(), state.time_mode == "range"
        self._mark.setValue(now)
        self.brush.setChecked(ranged)
        self._region.setVisible(ranged)
        if ranged:
            self._region.setRegion((now - state.time_range * 3600.0, now))
        self._busy = False

    def keyPressEvent(self, event: Any) -> None:  # noqa: N802  # Qt's name
        """Delete takes the chosen curves away."""
        if event.key() != Qt.Key.Key_Delete:
            super().keyPressEvent(event)
            return
        for name in {str(item.data(ID)) for item in self.table.selectedItems()}:
            self._session.do(chart, name, shown=False)

    def _on_add(self, row: int) -> None:
        name = str(self.add.itemData(row) or "")
        if name:
            self._session.do(chart, name)
        self.add.setCurrentIndex(0)

    def _on_brush(self, on: bool) -> None:
        self._session.do(set_time_mode, "range" if on else "instant")

    def _on_region(self) -> None:
        if self._busy or not self._region.isVisible():
            return
        zone = self._session.project.place.zone
        start, end = (datetime.fromtimestamp(round(moment), zone) for moment in self._region.getRegion())
        self._session.do(set_range, start, end)

    def _on_click(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.curves:
            return
        moment = float(self.plot.getPlotItem().vb.mapSceneToView(event.scenePos()).x())
        if np.isfinite(moment) and 0 < moment < 4e9:
            zone = self._session.project.place.zone
            self._session.do(set_time, datetime.fromtimestamp(moment, zone))

    def _on_save(self) -> None:
        from twin.app.sensor_export import KINDS

        filters = [f"{self.tr(title)} (*{ending})" for ending, (title, _) in KINDS.items()]
        name, chosen = QFileDialog.getSaveFileName(
            self, self.tr("Export these curves"), "", ";;".join(filters)
        )
        if not name:
            return
        path, state = Path(name), self._session.state
        if not path.suffix:
            path = path.with_suffix(list(KINDS)[filters.index(chosen)] if chosen in filters else ".csv")
        end = state.time.timestamp()
        ranged = state.time_mode == "range"
        between = (end - state.time_range * 3600.0, end) if ranged else (-math.inf, math.inf)
        self._export(path, self._streams, *between)


def _amount(value: float, unit: str) -> str:
    return texts.amount(round(value, 1), unit) if math.isfinite(value) else "–"


def title_of(stream: Datastream) -> str:
    """Station and property, and whether it is made up."""
    return marked(f"{stream.station.title or stream.station.id}, {stream.property.title.lower()}", stream)


def _series(
    heard: Heard, charted: tuple[str, ...], *, progress: Callable[[float], None]
) -> dict[str, Series]:
    progress(0.0)
    return dict(heard.series(charted, -math.inf, math.inf))
