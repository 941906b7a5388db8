"""Shows how near modelled heat comes to what was measured: saved figures, and any site in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.analysis.heat_validation import KINDS, compared, scores
from twin.app import texts
from twin.app.legend import ticks
from twin.app.panel_paint import font, text_width
from twin.app.theme import tones, tones_of
from twin.formats import strict_json
from twin.formats.heat_site import read_site

SAVED = Path(__file__).parents[2] / "assets" / "validation" / "kronenhuset.json"
COLUMNS = (
    ("n", "Hours", "{:.0f}"),
    ("rmse_tmrt", "Tmrt RMSE [K]", "{:.1f}"),
    ("bias_tmrt", "bias [K]", "{:+.1f}"),
    ("r2_tmrt", "R²", "{:.2f}"),
    ("rmse_kdown", "Kdown [W/m²]", "{:.0f}"),
    ("rmse_ldown", "Ldown [W/m²]", "{:.0f}"),
)
"""Of the table: figure, heading, and how it is written."""
TITLES = {"tmrt": ("Tmrt", "°C"), "kdown": ("Kdown", "W/m²"), "ldown": ("Ldown", "W/m²")}
EXPLAINED = (
    "RMSE: root of the mean squared difference of model and measurement. Bias: its mean, above zero where "
    "the model is too hot. R²: squared correlation. Kdown, Ldown: RMSE of short- and longwave radiation "
    "from above."
)

Pairs = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """What came of a site."""

    name: str
    figures: Mapping[str, float | int | None]
    pairs: Mapping[str, Pairs]
    """(n, 2) modelled and measured, by kind."""
    notices: tuple[str, ...]


def validate(folder: Path) -> Found:
    """The model at the site of a folder. Raises DataError."""
    site = read_site(folder)
    pairs, notices = compared(site)
    return Found(folder.name, scores(pairs), pairs, (*site.notices, *notices))


class Scatter(QWidget):
    """Modelled over measured values, with the line on which both are the same."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: Pairs = np.zeros((0, 2))
        self._title, self._unit = TITLES[kind]
        self.setAccessibleName(f"{self._title}, modelled over measured")

    def show_pairs(self, pairs: Pairs) -> None:
        """Shows other values. (n, 2) modelled and measured."""
        self._pairs = pairs
        said = "; ".join(f"{one:.0f} modelled, {other:.0f} measured" for one, other in pairs.tolist())
        self.setAccessibleDescription(said)
        self.setToolTip(texts.tip(said))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """A square."""
        em = self.fontMetrics().height()
        return QSize(13 * em, 13 * em)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paints the points."""
        del event
        painter, colours, em = QPainter(self), tones_of(self.palette()), self.fontMetrics().height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width() - 3.2 * em, self.height() - 4.2 * em)
        area = QRectF(2.6 * em, 1.5 * em, side, side)
        painter.setPen(QColor(colours.text))
        painter.drawText(QPointF(area.left(), em), f"{self._title} [{self._unit}]")
        known = self._pairs[np.isfinite(self._pairs).all(axis=1)]
        painter.setFont(font(0.72 * em))
        if len(known):
            span = max(float(np.ptp(known)), 1.0)
            low, high = float(known.min()) - 0.06 * span, float(known.max()) + 0.06 * span
            self._paint(painter, area, known, (low, high))
        painter.setPen(QColor(colours.muted))
        text = self.tr("measured (across), modelled (up)")
        painter.drawText(QPointF(area.left(), area.bottom() + 2 * em), text)
        painter.end()

    def _paint(self, painter: QPainter, area: QRectF, known: Pairs, ends: tuple[float, float]) -> None:
        colours, em, (low, high) = tones_of(self.palette()), self.fontMetrics().height(), ends

        def place(measured: float, modelled: float) -> QPointF:
            x, y = ((value - low) / (high - low) for value in (measured, modelled))
            return QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())

        for tick in ticks(low, high, 5):
            painter.setPen(QPen(QColor(colours.line), 1.0))
            painter.drawLine(place(tick, low), place(tick, high))
            painter.drawLine(place(low, tick), place(high, tick))
            painter.setPen(QColor(colours.muted))
            text = f"{tick:g}".replace("-", "−")
            wide = text_width(text, painter.font())
            painter.drawText(place(tick, low) + QPointF(-wide / 2, em), text)
            painter.drawText(place(low, tick) + QPointF(-wide - 0.3 * em, 0.25 * em), text)
        painter.setPen(QPen(QColor(colours.muted), 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(place(low, low), place(high, high))
        dark = colours is tones(True)
        painter.setPen(QPen(QColor(colours.base), 1.0))
        painter.setBrush(QColor("#77aadd" if dark else "#4477aa"))
        for modelled, measured in known.tolist():
            painter.drawEllipse(place(measured, modelled), 0.3 * em, 0.3 * em)


class ValidationPage(QDialog):
    """The figures that come with the program, and those of a folder that is chosen."""

    folder_wanted = Signal()
    """The user wants to choose a site."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("How good is the heat model?"))
        saved: dict[str, Any] = strict_json.read(SAVED)
        self._rows: list[Mapping[str, Any]] = list(saved["models"])
        self.title, self.about, self.note = QLabel(saved["site"]), QLabel(), QLabel(EXPLAINED)
        self.about.setText("\n".join([saved["source"], f"{saved['made_by']}.", *saved["notes"]]))
        self.table = QTableWidget(0, len(COLUMNS))
        self.charts = {kind: Scatter(kind) for kind in KINDS}
        self.choose = QPushButton(self.tr("Compare with a site…"))
        self.close_it = QPushButton(self.tr("Close"))
        self._lay_out()
        self.choose.clicked.connect(self.folder_wanted)
        self.close_it.clicked.connect(self.close)
        self._fill()

    def show_working(self, folder: Path) -> None:
        """Says that a site is being worked out."""
        self.title.setText(self.tr("Working out {0} …").format(folder.name))
        self.choose.setEnabled(False)

    def show_found(self, found: Found) -> None:
        """Adds a site to the table, and shows its values."""
        self.choose.setEnabled(True)
        self.title.setText(found.name)
        self.about.setText("\n".join(found.notices))
        self._rows.append({"name": found.name, **found.figures})
        self._fill()
        for kind, chart in self.charts.items():
            chart.show_pairs(found.pairs[kind])
            chart.setVisible(len(found.pairs[kind]) > 0)

    def show_problem(self, text: str) -> None:
        """Says why a folder could not be used."""
        self.choose.setEnabled(True)
        self.title.setText(text)

    def _fill(self) -> None:
        self.table.setRowCount(len(self._rows))
        for number, row in enumerate(self._rows):
            self.table.setVerticalHeaderItem(number, QTableWidgetItem(str(row["name"])))
            for column, (key, _, form) in enumerate(COLUMNS):
                value = row.get(key)
                item = QTableWidgetItem("–" if value is None else form.format(value).replace("-", "−"))
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(number, column, item)
        rows = sum(self.table.rowHeight(row) for row in range(self.table.rowCount()))
        self.table.setFixedHeight(rows + self.table.horizontalHeader().sizeHint().height() + 6)

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self.resize(56 * em, 40 * em)
        for label in (self.title, self.about, self.note):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.title.setObjectName("heading")
        self.about.setObjectName("muted")
        self.note.setObjectName("muted")
        self.table.setHorizontalHeaderLabels([texts.tr(title) for _, title, _ in COLUMNS])
        self.table.setAccessibleName(self.tr("Errors of the heat model"))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.choose.setToolTip(texts.tip(self.tr("A folder with a site.json that names what was measured")))
        charts = QHBoxLayout()
        for chart in self.charts.values():
            charts.addWidget(chart, 1)
            chart.setMinimumHeight(15 * em)
            chart.hide()
        buttons = QHBoxLayout()
        buttons.addWidget(self.choose)
        buttons.addStretch()
        buttons.addWidget(self.close_it)
        column = QVBoxLayout(self)
        column.setContentsMargins(em, em, em, em)
        for widget in (self.title, self.about, self.table):
            column.addWidget(widget)
        column.addLayout(charts)
        column.addWidget(self.note)
        column.addStretch()
        column.addLayout(buttons)
