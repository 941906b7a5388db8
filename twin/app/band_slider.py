"""A slider over a painted band with marks below, as for the hours of a day or the days of a year."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from twin.app.theme import tones_of


@dataclass(frozen=True, slots=True)
class Mark:
    """A tick below the band."""

    value: float
    label: str = ""
    strong: bool = False
    """Drawn with a triangle, as the solstices are."""


@dataclass(frozen=True, slots=True)
class Band:
    """What is painted."""

    stops: tuple[tuple[float, str], ...] = ()
    """Share of the way, 0-1, and #rrggbb."""
    marks: tuple[Mark, ...] = ()


class BandSlider(QSlider):
    """A click goes straight there; the mouse moves in steps of `grid`, the keys by single and page steps."""

    def __init__(self, *, grid: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._grid = grid
        self._band = Band()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_band(self, band: Band) -> None:
        """Paints another band."""
        if band != self._band:
            self._band = band
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """A band and a line of labels."""
        return QSize(round(24 * self._em()), round(3.0 * self._em()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Labels that have no room are left out."""
        return QSize(round(8 * self._em()), round(3.0 * self._em()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the handle to the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._move(event.position().x())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Moves the handle along."""
        if self.isSliderDown():
            self._move(event.position().x())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Lets the handle go."""
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draws band, marks and handle."""
        del event
        tone, em = tones_of(self.palette()), self._em()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._groove()
        gradient = QLinearGradient(area.topLeft(), area.topRight())
        for share, colour in self._band.stops or ((0.0, tone.line), (1.0, tone.line)):
            gradient.setColorAt(share, QColor(colour))
        edge = QColor(tone.muted)
        edge.setAlphaF(0.5)
        painter.setPen(QPen(edge, 1.0))
        painter.setBrush(gradient)
        painter.drawRoundedRect(area, 0.3 * em, 0.3 * em)
        self._paint_marks(painter, area)
        x = self._x(self.sliderPosition())
        handle = QRectF(x - 0.28 * em, area.top() - 0.32 * em, 0.56 * em, area.height() + 0.64 * em)
        painter.setPen(QPen(QColor(tone.accent), 0.16 * em if not self.hasFocus() else 0.24 * em))
        painter.setBrush(QColor(tone.raised))
        painter.drawRoundedRect(handle, 0.28 * em, 0.28 * em)

    def _paint_marks(self, painter: QPainter, area: QRectF) -> None:
        tone, em = tones_of(self.palette()), self._em()
        font = QFont(self.font())
        font.setPointSizeF(0.85 * font.pointSizeF())
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        free = -1.0
        top = area.bottom() + 0.25 * em
        for mark in self._band.marks:
            x = self._x(mark.value)
            painter.setPen(QPen(QColor(tone.muted), 1.0))
            if mark.strong:
                path = QPainterPath(QPointF(x, top))
                path.lineTo(x - 0.25 * em, top + 0.4 * em)
                path.lineTo(x + 0.25 * em, top + 0.4 * em)
                path.closeSubpath()
                painter.fillPath(path, QColor(tone.accent))
            else:
                painter.drawLine(QPointF(x, top), QPointF(x, top + 0.25 * em))
            width = metrics.horizontalAdvance(mark.label)
            left = min(max(x - width / 2, 0.0), self.width() - width)
            if mark.label and left > free:
                painter.setPen(QColor(tone.muted))
                painter.drawText(QPointF(left, top + 0.35 * em + metrics.ascent()), mark.label)
                free = left + width + 0.5 * em

    def _move(self, x: float) -> None:
        area = self._groove()
        share = min(max((x - area.left()) / max(area.width(), 1.0), 0.0), 1.0)
        value = self.minimum() + share * (self.maximum() - self.minimum())
        self.setSliderPosition(round(value / self._grid) * self._grid)

    def _x(self, value: float) -> float:
        area, span = self._groove(), max(self.maximum() - self.minimum(), 1)
        return area.left() + area.width() * (value - self.minimum()) / span

    def _groove(self) -> QRectF:
        em = self._em()
        return QRectF(0.7 * em, 0.45 * em, self.width() - 1.4 * em, 0.65 * em)

    def _em(self) -> float:
        return QFontMetricsF(self.font()).height() / 1.2
