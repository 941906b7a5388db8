"""Puts many pictures on one sheet, small, each with its name, to look them through."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter

from twin.app.export_write import write_image
from twin.app.panel_paint import font
from twin.app.picture import application

SMALL = (480, 270)
"""Room for one picture. [px]"""
NAME, GAP = 30, 16
"""Height of a name, and between pictures. [px]"""
MOST = 120


def write_contact(pictures: Sequence[Path], path: Path) -> None:
    """Writes them in the order they have; those that are no pictures of dots are left out."""
    made = application()
    shown = [each for each in pictures if each.suffix.lower() not in (".svg", ".pdf")][:MOST]
    if not shown:
        return
    columns = max(1, round(math.sqrt(len(shown))))
    rows = math.ceil(len(shown) / columns)
    wide, high = SMALL[0] + GAP, SMALL[1] + NAME + GAP
    sheet = QImage(columns * wide + GAP, rows * high + GAP, QImage.Format.Format_RGB32)
    sheet.fill(QColor("#f4f3f0"))
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setFont(font(14))
    for number, each in enumerate(shown):
        left, top = GAP + number % columns * wide, GAP + number // columns * high
        reader = QImageReader(str(each))
        size = reader.size()
        fitted = size.scaled(QSize(*SMALL), Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(fitted)
        place = QRect(left, top, *SMALL)
        drawn = QRect(left, top, fitted.width(), fitted.height())
        drawn.moveCenter(place.center())
        painter.drawImage(drawn, reader.read())
        painter.setPen(QColor("#14191d"))
        name = painter.fontMetrics().elidedText(each.stem, Qt.TextElideMode.ElideMiddle, SMALL[0])
        painter.drawText(QRect(left, top + SMALL[1], SMALL[0], NAME), Qt.AlignmentFlag.AlignCenter, name)
    painter.end()
    write_image(sheet, path, {})
    del made
