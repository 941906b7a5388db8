"""Paints text on see-through panels, on the view and on pictures alike.

Sizes are in pixels of a plain screen; `scale` makes them larger on large pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPainter

from twin.app.theme import Tones

PAD = 10.0
"""Between the edge of a panel and what stands on it. [px]"""
WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a panel: how tall it is, and what paints it into its place."""

    height: float
    paint: Callable[[QPainter, QRectF], None]


def font(size: float, *, bold: bool = False) -> QFont:
    """The font of the program. size: [px]"""
    made = QFont(QGuiApplication.font())
    made.setPixelSize(max(round(size), 1))
    made.setBold(bold)
    # or who searches a PDF for "floor" would not find it, as fl is one sign of its own
    made.setFeature(QFont.Tag("liga"), 0)
    return made


def print_font(size: float, *, bold: bool = False) -> QFont:
    """The same font, whose letters keep their widths at every size of what it is printed on. size: [px]"""
    made = font(size, bold=bold)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def text_height(text: str, used: QFont, width: float) -> float:
    """How tall a text is when it is wrapped. [px]"""
    return QFontMetricsF(used).boundingRect(QRectF(0, 0, width, 1e6), int(WRAP), text).height()


def text_width(text: str, used: QFont) -> float:
    """How wide a text is on one line. [px]"""
    return QFontMetricsF(used).horizontalAdvance(text)


def text_row(text: str, used: QFont, colour: str, width: float, *, gap: float = 0.0) -> Row:
    """A wrapped text, with room below it."""
    height = text_height(text, used, width)

    def paint(painter: QPainter, place: QRectF) -> None:
        painter.setFont(used)
        painter.setPen(QColor(colour))
        painter.drawText(QRectF(place.left(), place.top(), width + 1, height + 1), int(WRAP), text)

    return Row(height + gap, paint)


def paint_panel(painter: QPainter, rect: QRectF, tones: Tones, *, scale: float) -> None:
    """A rounded, slightly see-through ground for text."""
    ground = QColor(tones.base)
    ground.setAlpha(226)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(rect, 6 * scale, 6 * scale)
    painter.restore()


def paint_rows(painter: QPainter, rows: list[Row], rect: QRectF, *, scale: float) -> None:
    """The rows below one another on a panel."""
    pad = PAD * scale
    top = rect.top() + pad
    for row in rows:
        row.paint(painter, QRectF(rect.left() + pad, top, rect.width() - 2 * pad, row.height))
        top += row.height


def rows_height(rows: list[Row], *, scale: float) -> float:
    """How tall a panel with these rows is. [px]"""
    return sum(row.height for row in rows) + 2 * PAD * scale
