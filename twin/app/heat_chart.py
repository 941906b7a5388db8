"""Paints the curves of a day: one value an hour for each scenario, with the classes of heat stress behind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from twin.app import texts
from twin.app.legend import ticks
from twin.app.panel_paint import font, text_width
from twin.app.theme import Tones, tones, tones_of
from twin.scene.colours import CATEGORY_COLOURS

DASHES: tuple[tuple[float, ...], ...] = ((), (6, 3), (2, 2), (8, 3, 2, 3))
"""Lines differ by more than colour."""
DARK_COLOURS = ("#77aadd", "#ee8866", "#eedd88", "#ffaabb", "#99ddff", "#44bb99")
"""The same order on a dark ground."""
STRESS = ((26.0, "moderate"), (32.0, "strong"), (38.0, "very strong"), (46.0, "extreme"))
"""Lines that are drawn where classes of UTCI begin. [°C]"""


@dataclass(frozen=True, slots=True)
class Line:
    """One curve."""

    title: str
    values: tuple[float, ...]
    """By hour; NaN where there is none."""
    strong: bool = False
    """That of the scenario in view."""


class HeatChart(QWidget):
    """Curves over the hours of a day, a legend below them, a mark at the hour of the view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()
        self._unit, self._hour, self._classes = "°C", 12.0, False
        self.setAccessibleName(self.tr("Curve of the day"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: Sequence[Line], unit: str, hour: float, *, classes: bool) -> None:
        """Shows other curves. hour: that is marked; classes: draws where classes of UTCI begin."""
        now = (tuple(lines), unit, hour, classes)
        if now == (self._lines, self._unit, self._hour, self._classes):
            return
        self._lines, self._unit, self._hour, self._classes = now
        self.setAccessibleDescription(spoken(self._lines, unit, hour))
        self.setToolTip(texts.tip(spoken(self._lines, unit, hour)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """A curve is wide."""
        em = self.fontMetrics().height()
        return QSize(round(16 * em), round(9.5 * em + 1.15 * em * len(self._lines)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paints the chart."""
        del event
        painter = QPainter(self)
        dark = tones_of(self.palette()) is tones(True)
        paint(
            painter,
            QRectF(self.rect()),
            self._lines,
            unit=self._unit,
            hour=self._hour,
            classes=self._classes,
            dark=dark,
            em=self.fontMetrics().height(),
        )
        painter.end()


def paint(
    painter: QPainter,
    rect: QRectF,
    lines: Sequence[Line],
    *,
    unit: str,
    hour: float,
    classes: bool,
    dark: bool,
    em: float,
) -> None:
    """The chart in a rectangle. em: height of a line of text. [px]"""
    colours = tones(dark)
    known = [value for line in lines for value in line.values if math.isfinite(value)]
    low, high = (math.floor(min(known)) - 1, math.ceil(max(known)) + 1) if known else (0, 1)
    used = font(0.72 * em)
    legend = 1.15 * em * len(lines)
    area = rect.adjusted(2.2 * em, 0.9 * em, -0.5 * em, -(1.6 * em + legend))

    def place(at: float, value: float) -> QPointF:
        return QPointF(
            area.left() + at / 23 * area.width(), area.bottom() - (value - low) / (high - low) * area.height()
        )

    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(used)
    _axes(painter, area, (low, high), unit, colours, em)
    if classes:
        _classes(painter, area, (low, high), colours, em)
    painter.setPen(QPen(QColor(colours.muted), 1.0, Qt.PenStyle.DotLine))
    painter.drawLine(place(hour, low), place(hour, high))
    names = DARK_COLOURS if dark else CATEGORY_COLOURS
    for number, line in enumerate(lines):
        pen = QPen(QColor(names[number % len(names)]), 2.6 if line.strong else 1.6)
        if dashes := DASHES[number % len(DASHES)]:
            pen.setDashPattern([part / pen.widthF() * 1.6 for part in dashes])
        painter.setPen(pen)
        run = QPolygonF()
        for at, value in enumerate((*line.values, math.nan)):
            if math.isfinite(value):
                run.append(place(at, value))
            elif not run.isEmpty():
                painter.drawPolyline(run)
                run = QPolygonF()
        top = area.bottom() + 1.6 * em + 1.15 * em * number
        painter.drawLine(QPointF(area.left(), top + 0.5 * em), QPointF(area.left() + 2 * em, top + 0.5 * em))
        painter.setPen(QColor(colours.text))
        painter.setFont(font(0.78 * em, bold=line.strong))
        value = line.values[round(hour)] if line.values else math.nan
        said = f"{texts.language().toString(value, 'f', 1)} {unit}  " if math.isfinite(value) else ""
        room = rect.right() - area.left() - 2.7 * em
        shown = painter.fontMetrics().elidedText(said + line.title, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(QPointF(area.left() + 2.5 * em, top + 0.78 * em), shown)
        painter.setFont(used)


def spoken(lines: Sequence[Line], unit: str, hour: float) -> str:
    """The curves in words: the value of the hour and the highest."""
    told = []
    for line in lines:
        known = [(value, at) for at, value in enumerate(line.values) if math.isfinite(value)]
        if known:
            most, when = max(known)
            now = line.values[round(hour)]
            here = f"{now:.1f} {unit}" if math.isfinite(now) else texts.tr("not rated")
            told.append(
                f"{line.title}: {here} at {round(hour):02}:00, highest {most:.1f} {unit} at {when:02}:00"
            )
    return ". ".join(told)


def _axes(
    painter: QPainter, area: QRectF, span: tuple[float, float], unit: str, colours: Tones, em: float
) -> None:
    low, high = span
    for tick in ticks(low, high, 6):
        y = area.bottom() - (tick - low) / (high - low) * area.height()
        painter.setPen(QPen(QColor(colours.line), 1.0))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(QColor(colours.muted))
        text = f"{tick:g}".replace("-", "−")
        painter.drawText(
            QPointF(area.left() - text_width(text, painter.font()) - 0.3 * em, y + 0.25 * em), text
        )
    painter.drawText(QPointF(0.2 * em, area.top() - 0.2 * em), unit)
    for hour in range(0, 24, 3):
        x = area.left() + hour / 23 * area.width()
        text = f"{hour:02}"
        painter.drawText(QPointF(x - text_width(text, painter.font()) / 2, area.bottom() + 0.95 * em), text)


def _classes(painter: QPainter, area: QRectF, span: tuple[float, float], colours: Tones, em: float) -> None:
    low, high = span
    for value, name in STRESS:
        if low < value < high:
            y = area.bottom() - (value - low) / (high - low) * area.height()
            painter.setPen(QPen(QColor(colours.bad), 1.0, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(colours.muted))
            painter.drawText(QPointF(area.left() + 0.2 * em, y - 0.15 * em), f"{value:g} {texts.tr(name)}")
