"""Puts the sides of a comparison into one picture, and says on it which is which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from twin.app.legend import occurring
from twin.app.panel_paint import PAD, font, paint_panel, text_width
from twin.app.theme import tones
from twin.render.snapshot import Darkroom
from twin.scene.comparison import WHOLE, Pane, Side

TEXT = 14.0
"""[px]"""
LINE, EDGE = QColor("#ffffff"), QColor(20, 30, 36, 150)


def photograph(
    room: Darkroom, sides: Sequence[Side], places: Sequence[Pane], size: tuple[int, int]
) -> NDArray[np.uint8]:
    """All sides in one picture: (height, width, 3); each is what it would be alone, pixel for pixel."""
    if len(sides) == 1:
        return room.photograph(sides[0].scene)
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    times = room.panes.text_size
    for side, place in zip(sides, places, strict=True):
        left, top, right, bottom = place.pixels(size)
        first, last = place.seen(size[0])
        room.panes.size_text(times * size[1] / (bottom - top))  # no larger where a side is lower
        drawn = room.photograph(side.scene, (right - left, bottom - top))
        picture[top:bottom, first:last] = drawn[:, first - left : last - left]
    room.panes.size_text(times)
    return picture


def picture_size(places: Sequence[Pane], size: tuple[int, int]) -> tuple[int, int]:
    """Of the picture of one side. [px]"""
    left, top, right, bottom = places[0].pixels(size) if places else (0, 0, *size)
    return right - left, bottom - top


def present_on(sides: Sequence[Side]) -> frozenset[str] | None:
    """The classes that occur on any side; None where all of them do."""
    found: frozenset[str] = frozenset()
    for side in sides:
        here = occurring(side.scene)
        if here is None:
            return None
        found |= here
    return found


def paint_sides(
    painter: QPainter,
    sides: Sequence[Side],
    places: Sequence[Pane],
    size: tuple[int, int],
    *,
    below: float,
    scale: float,
) -> None:
    """Lines between the sides, and the title of each at its upper edge.

    below: where the furniture along the upper edge of the picture ends. [px]
    """
    if len(sides) < 2:
        return
    swipe = any(place.shown != WHOLE.shown for place in places)
    colours, used, margin = tones(False), font(TEXT * scale, bold=True), 14 * scale
    for number, (side, place) in enumerate(zip(sides, places, strict=True)):
        _, top, _, bottom = place.pixels(size)
        first, last = place.seen(size[0])
        for box in _borders(first, top, last, bottom):
            painter.fillRect(box.adjusted(-scale, -scale, scale, scale), EDGE)
            painter.fillRect(box, LINE)
        wide, high = text_width(side.title, used) + 2 * PAD * scale, (TEXT + 12) * scale
        if wide + 2 * margin > last - first:
            continue
        x = last - margin - wide if swipe and number else first + margin
        panel = QRectF(x, max(top, below) + margin, wide, high)
        paint_panel(painter, panel, colours, scale=scale)
        painter.setFont(used)
        painter.setPen(QColor(colours.text))
        painter.drawText(panel, Qt.AlignmentFlag.AlignCenter, side.title)


def _borders(left: int, top: int, right: int, bottom: int) -> list[QRectF]:
    """Lines along the left and the upper edge, where that is not the picture's own."""
    found = []
    if 0 < left < right:
        found.append(QRectF(left - 1, top, 2, bottom - top))
    if top > 0:
        found.append(QRectF(left, top - 1, right - left, 2))
    return found
