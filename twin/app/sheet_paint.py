"""Paints a page that is laid out: on pictures, into SVG and into PDF alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from twin.app.legend import TEXT, legend_size, paint_legend_rows
from twin.app.panel_paint import WRAP, print_font
from twin.app.theme import tones
from twin.scene.camera import heading, tilt
from twin.scene.scene import Legend
from twin.scene.sheet_blocks import BAR_TEXT, LABEL
from twin.scene.sheet_parts import Bar, Compass, Frame, Key, LaidOut, Logo, Part, View, Words
from twin.scene.standpoints import north_on_picture

UNIT = 10.0
"""Units of the painter in a millimetre, so that whole numbers are fine enough for sizes of letters."""
PAPER = "#ffffff"


def tall(text: str, size: float, bold: bool, width: float) -> float:
    """How tall a text is when it is wrapped. All in mm."""
    used, box = print_font(UNIT * size, bold=bold), QRectF(0, 0, UNIT * width, 1e6)
    return QFontMetricsF(used).boundingRect(box, int(WRAP), text).height() / UNIT


def key_tall(legend: Legend, width: float, text: float, columns: int = 1) -> float:
    """How tall a legend is. All in mm. columns: of its classes."""
    size = legend_size(legend, scale=_legend_scale(text), width=UNIT * width, columns=columns)
    return size.height() / UNIT


def paint(painter: QPainter, page: LaidOut, pictures: Sequence[QImage], each: float) -> None:
    """Paints all parts. pictures: one a view; each: units of the device in a millimetre."""
    painter.save()
    painter.scale(each / UNIT, each / UNIT)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.fillRect(QRectF(0, 0, UNIT * page.page.width, UNIT * page.page.height), QColor(PAPER))
    for part in page.parts:
        if isinstance(part, View):
            _view(painter, part, pictures[part.number], each)
        else:
            PAINT[type(part)](painter, part)
    painter.restore()


def on_paper(page: LaidOut, pictures: Sequence[QImage], size: tuple[int, int]) -> QImage:
    """The page as a picture of so many dots."""
    each = size[0] / page.page.width
    image = QImage(*size, pictures[0].format())
    image.fill(QColor(PAPER))  # a page of millimetres ends somewhere within the last dots
    painter = QPainter(image)
    try:
        paint(painter, page, pictures, each)
    finally:
        painter.end()
    image.setDotsPerMeterX(round(1000 * each))
    image.setDotsPerMeterY(round(1000 * each))
    return image


def pixels(frame: Frame, each: float) -> tuple[int, int, int, int]:
    """A frame in whole pixels: left, top, width, height. each: pixels in a millimetre."""
    left, top = round(frame.left * each), round(frame.top * each)
    return left, top, round(frame.right * each) - left, round(frame.bottom * each) - top


def _legend_scale(text: float) -> float:
    return UNIT * text / TEXT


def _rect(frame: Frame) -> QRectF:
    return QRectF(UNIT * frame.left, UNIT * frame.top, UNIT * frame.width, UNIT * frame.height)


def _view(painter: QPainter, part: View, picture: QImage, each: float) -> None:
    """Pixel for pixel, or the picture would be blurred by a fraction of one."""
    left, top, width, height = pixels(part.frame, each)
    place = QRectF(left, top, width, height)
    painter.save()
    painter.scale(UNIT / each, UNIT / each)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, picture)
    painter.setPen(QPen(QColor("#8a8f94"), 0.12 * each))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(place)
    if part.marked:
        for width_, colour in ((0.55, "#ffffff"), (0.22, "#14191d")):
            painter.setPen(QPen(QColor(colour), width_ * each, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            middle, arm = place.center(), 1.8 * each
            painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
            painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))
    painter.restore()


def _words(painter: QPainter, part: Words) -> None:
    colours = tones(False)
    painter.setFont(print_font(UNIT * part.size, bold=part.bold))
    painter.setPen(QColor(colours.muted if part.muted else colours.text))
    painter.drawText(_rect(part.frame).adjusted(0, 0, 2, 8), int(WRAP), part.text)


def _key(painter: QPainter, part: Key) -> None:
    paint_legend_rows(
        painter, part.legend, _rect(part.frame), scale=_legend_scale(part.text), columns=part.columns
    )


def _compass(painter: QPainter, part: Compass) -> None:
    """A needle as if it lay on the ground in the middle of the view, in a ring seen the same way."""
    north = north_on_picture(part.camera)
    rect, colours = _rect(part.frame), tones(False)
    radius = rect.width() / 2
    lean = max(math.sin(math.radians(min(abs(tilt(part.camera)), 90.0))), 0.25)
    painter.save()
    painter.translate(rect.center())
    painter.setPen(QPen(QColor(colours.line), radius * 0.05))
    painter.setBrush(QColor(colours.base))
    painter.drawEllipse(QPointF(0, 0), 0.72 * radius, 0.72 * radius * lean)
    turned = math.radians(north if north is not None else -heading(part.camera))
    away = math.hypot(0.62 * radius * math.sin(turned), 0.62 * radius * lean * math.cos(turned))
    tip = QPointF(away * math.sin(turned), -away * math.cos(turned))
    aside = QPointF(0.13 * radius * math.cos(turned), 0.13 * radius * math.sin(turned))
    painter.setPen(Qt.PenStyle.NoPen)
    for end, left, right in ((tip, colours.bad, "#8f2a20"), (-tip, colours.muted, colours.line)):
        for side, colour in ((1, right), (-1, left)):
            painter.setBrush(QColor(colour))
            painter.drawPolygon(QPolygonF([QPointF(0, 0), end, aside * side]))
    used = print_font(0.36 * radius, bold=True)
    painter.setFont(used)
    painter.setPen(QColor(colours.text))
    out = away + 0.26 * radius
    middle = QPointF(out * math.sin(turned), -out * math.cos(turned))
    box = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, part.letter)
    painter.restore()


def _bar(painter: QPainter, part: Bar) -> None:
    rect, colours = _rect(part.frame), tones(False)
    long, size = UNIT * part.drawn, UNIT * part.size
    top = rect.top()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.text))
    painter.drawRect(QRectF(rect.left(), top, long, 0.5 * size))
    inside = 0.08 * size
    painter.setBrush(QColor(PAPER))
    painter.drawRect(QRectF(rect.left() + long / 2, top + inside, long / 2 - inside, 0.5 * size - 2 * inside))
    painter.setFont(print_font(LABEL * size))
    painter.setPen(QColor(colours.text))
    below = QRectF(rect.left(), top + BAR_TEXT * size, rect.width() + 2, rect.height() - BAR_TEXT * size + 8)
    painter.drawText(below, int(WRAP), part.text)


def _logo(painter: QPainter, part: Logo) -> None:
    picture = QImage(str(Path(part.path)))
    if not picture.isNull():
        size = picture.size().scaled(_rect(part.frame).size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF(_rect(part.frame).topLeft(), size.toSizeF()), picture)


PAINT: dict[type[Part], Callable[[QPainter, Any], None]] = {
    Words: _words,
    Key: _key,
    Compass: _compass,
    Bar: _bar,
    Logo: _logo,
}
