"""Paints how to read the colours: on the window, and on pictures of any size."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from twin.app.panel_paint import (
    PAD,
    Row,
    font,
    paint_panel,
    paint_rows,
    rows_height,
    text_height,
    text_row,
    text_width,
)
from twin.app.theme import Tones, tones, tones_of
from twin.scene.colours import Classes, Ramp, ramp_colours
from twin.scene.items import Buildings
from twin.scene.scene import Legend, Scene
from twin.session.session import Session

WIDTH = 230.0
"""Of the panel. [px]"""
TEXT, TITLE, SMALL = 12.0, 13.0, 10.5
WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
MARGIN = 12
"""Between the legend and the edges of the view. [px]"""
GAP, SHARE = 6.0, 0.85
"""Between two legends [px], and of the height of the view that they stand above one another in."""


def legend_size(
    legend: Legend,
    *,
    scale: float,
    present: Collection[str] | None = None,
    columns: int = 1,
    width: float = 0.0,
) -> QSizeF:
    """How much room a legend takes, without a panel where its width is given. [px]"""
    if width:
        rows = _rows(legend, width + 2 * PAD * scale, scale, tones(False), present, columns)
        return QSizeF(width, rows_height(rows, scale=scale) - 2 * PAD * scale)
    rows = _rows(legend, WIDTH * scale, scale, tones(False), present, columns)
    return QSizeF(WIDTH * scale, rows_height(rows, scale=scale))


def paint_legend_rows(
    painter: QPainter, legend: Legend, rect: QRectF, *, scale: float, columns: int = 1
) -> None:
    """Paints a legend without a panel."""
    pad = PAD * scale
    wide = rect.adjusted(-pad, -pad, pad, pad)
    rows = _rows(legend, wide.width(), scale, tones(False), None, columns)
    paint_rows(painter, rows, wide, scale=scale)


def paint_legend(
    painter: QPainter,
    legend: Legend,
    rect: QRectF,
    *,
    scale: float,
    dark: bool = False,
    present: Collection[str] | None = None,
    columns: int = 1,
) -> None:
    """Paints a legend on a panel that fills `rect`.

    present: the classes that occur; all of the scale's when None.
    """
    colours = tones(dark)
    paint_panel(painter, rect, colours, scale=scale)
    rows = _rows(legend, rect.width(), scale, colours, present, columns)
    paint_rows(painter, rows, rect, scale=scale)


def occurring(scene: Scene) -> frozenset[str] | None:
    """The classes that buildings on the screen belong to; None when they are not coloured by class.

    Also None where the legend has been made for these very objects, so that all of it occurs.
    """
    item = scene.items.get("buildings")
    if not isinstance(item, Buildings) or item.colouring is None:
        return None
    scale = item.colouring.scale
    if scene.legend is None or scene.legend.scale != scale:
        return None
    column = item.city.attributes.columns.get(item.colouring.column)
    if not isinstance(scale, Classes):
        return None
    known = {name for name, _ in scale.colours}
    whole = item.city.object_parent < 0
    values = {None} if column is None else {*column[whole].tolist(), *column[~whole].tolist()} - {None}
    if column is not None and any(value is None for value in column[whole].tolist()):
        values.add(scale.other)
    return frozenset(str(value) if value in known else scale.other for value in values)


def ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Round numbers from `low` to `high`, at most so many."""
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return (low,)
    power = 10.0 ** math.floor(math.log10(span / most))
    for step in (1, 2, 5, 10, 20):
        first, last = math.ceil(low / (step * power) - 1e-9), math.floor(high / (step * power) + 1e-9)
        if last - first + 1 <= most:
            return tuple(round(i * step * power, 12) for i in range(first, last + 1))
    return (low, high)


def _rows(
    legend: Legend,
    width: float,
    scale: float,
    colours: Tones,
    present: Collection[str] | None,
    columns: int,
) -> list[Row]:
    inner = width - 2 * PAD * scale
    title = f"{legend.title} [{legend.unit}]" if legend.unit else legend.title
    rows = [text_row(title, font(TITLE * scale, bold=True), colours.text, inner, gap=5 * scale)]
    if isinstance(legend.scale, Ramp):
        limits = legend.limits or (legend.scale.low, legend.scale.high)
        rows.append(_bar(legend.scale, limits, scale, colours))
    else:
        shown = [(n, c) for n, c in legend.scale.colours if present is None or n in present]
        lines = (shown[first : first + columns] for first in range(0, len(shown), columns))
        rows += [_swatches(line, inner / columns, scale, colours) for line in lines]
    small = font(SMALL * scale)
    for text in (legend.note, legend.source):
        if text:
            rows.append(Row(4 * scale, lambda _painter, _place: None))
            rows.append(text_row(text, small, colours.muted, inner))
    return rows


def _bar(ramp: Ramp, limits: tuple[float, float], scale: float, colours: Tones) -> Row:
    height, (low, high) = 12 * scale, limits
    values = np.linspace(low, high, 256)
    pixels = np.ascontiguousarray(ramp_colours(ramp, values))
    used = font((TEXT - 1) * scale)

    def paint(painter: QPainter, place: QRectF) -> None:
        bar = QRectF(place.left(), place.top(), place.width(), height)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(bar, QImage(pixels.tobytes(), 256, 1, 768, QImage.Format.Format_RGB888))
        painter.setFont(used)
        free = bar.left() - 1e6
        for tick in ticks(low, high):
            x = bar.left() + (tick - low) / ((high - low) or 1.0) * bar.width()
            text = f"{tick:g}".replace("-", "−")
            wide = text_width(text, used)
            left = min(max(x - wide / 2, bar.left()), bar.right() - wide)
            painter.fillRect(
                QRectF(min(x, bar.right() - scale), bar.bottom(), scale, 4 * scale), QColor(colours.muted)
            )
            if left >= free:
                painter.setPen(QColor(colours.text))
                painter.drawText(
                    QRectF(left, bar.bottom() + 4 * scale, wide + 1, 15 * scale),
                    Qt.AlignmentFlag.AlignLeft,
                    text,
                )
                free = left + wide + 4 * scale

    return Row(height + 20 * scale, paint)


def _swatches(classes: Sequence[tuple[str, str]], wide: float, scale: float, colours: Tones) -> Row:
    """Classes beside one another, each with its colour; long names are wrapped. wide: of each. [px]"""
    used, beside = font(TEXT * scale), 21 * scale
    room = wide - beside - 2 * scale
    names = [_breakable(name.replace("_", " "), used, room) for name, _ in classes]
    tall = [text_height(name, used, room) for name in names]
    line = 17 * scale
    height = max(line, *(each + 2 * scale for each in tall if each > line), 0.0)

    def paint(painter: QPainter, place: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(used)
        for number, (_, colour) in enumerate(classes):
            left = place.left() + number * wide
            painter.setPen(QColor(colours.line))
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(
                QRectF(left, place.top() + 2 * scale, 14 * scale, 12 * scale), 2 * scale, 2 * scale
            )
            painter.setPen(QColor(colours.text))
            middle = QRectF(left + beside, place.top(), room + 1, max(line, tall[number]))
            painter.drawText(middle, WRAPPED, names[number])

    return Row(height, paint)


def _breakable(text: str, used: QFont, width: float) -> str:
    """A text of which no word is wider than its place."""
    if all(text_width(word, used) <= width for word in text.split()):
        return text
    return QFontMetricsF(used).elidedText(text, Qt.TextElideMode.ElideRight, width)


class LegendView(QWidget):
    """The legends over the lower left corner of its parent; the mouse goes through them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self._legends: tuple[Legend, ...] = ()
        self._present: frozenset[str] | None = None
        self._places: tuple[QRectF, ...] = ()
        self._painted: QPixmap | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Legend")
        parent.installEventFilter(self)
        self.hide()

    def refresh(self, session: Session) -> None:
        """Shows the legends of the scene, or nothing; takes the room they need."""
        scene = session.scene
        each = [occurring(side.scene) for side in session.sides]
        present = None if None in each else frozenset().union(*(found for found in each if found is not None))
        if scene.legend is None:
            present = None  # the first is of something else
        # beside the first the view needs the room more than notes, which are in the panel of layers
        others = tuple(replace(each, note="", source="") for each in scene.legends[1:])
        legends = (*scene.legends[:1], *others)
        if (legends, present) == (self._legends, self._present):
            return
        self._legends, self._present = legends, present
        self.setVisible(bool(self._legends))
        if self._legends:
            told = (_spoken(each, self._of(number)) for number, each in enumerate(self._legends))
            self.setAccessibleDescription(" ".join(told))
            self._place()
            self._painted = None
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Stays in its corner when the view changes its size."""
        if watched is self._view and event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paints the legends."""
        if not self._legends:
            return
        ratio = self.devicePixelRatioF()
        # kept, because every frame of the view below asks for it
        if self._painted is None or self._painted.devicePixelRatio() != ratio:
            dark = tones_of(self.palette()) is tones(True)
            self._painted = QPixmap(self.size() * ratio)
            self._painted.setDevicePixelRatio(ratio)
            self._painted.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._painted)
            scale = self._scale()
            for number, (legend, place) in enumerate(zip(self._legends, self._places, strict=False)):
                paint_legend(painter, legend, place, scale=scale, dark=dark, present=self._of(number))
            painter.end()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._painted)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Follows look and size of text."""
        super().changeEvent(event)
        self._painted = None

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Needs another picture."""
        super().resizeEvent(event)
        self._painted = None

    def _scale(self) -> float:
        return self.fontMetrics().height() / 15.0

    def _of(self, number: int) -> frozenset[str] | None:
        """The classes of a legend that occur."""
        return self._present if number == 0 else None

    def _place(self) -> None:
        if not self._legends:
            return
        scale = self._scale()
        sizes = [
            legend_size(each, scale=scale, present=self._of(number))
            for number, each in enumerate(self._legends)
        ]
        before = self._places
        self._places = beside_one_another(sizes, SHARE * self._view.height(), GAP * scale)
        whole = self._places[0]
        for place in self._places:
            whole = whole.united(place)
        self.resize(whole.size().toSize())
        self.move(MARGIN, max(self._view.height() - self.height() - MARGIN, 0))
        if self._places != before:
            self._painted = None
            self.update()


def beside_one_another(sizes: Sequence[QSizeF], room: float, gap: float) -> tuple[QRectF, ...]:
    """Places above one another as far as there is room, then in further columns, all on one ground."""
    columns: list[list[QSizeF]] = [[]]
    used = 0.0
    for size in sizes:
        if columns[-1] and used + gap + size.height() > room:
            columns.append([])
            used = 0.0
        used += size.height() + (gap if columns[-1] else 0.0)
        columns[-1].append(size)
    tall = [sum(size.height() for size in column) + (len(column) - 1) * gap for column in columns]
    places, left = [], 0.0
    for column, high in zip(columns, tall, strict=True):
        top = max(tall) - high
        for size in column:
            places.append(QRectF(left, top, size.width(), size.height()))
            top += size.height() + gap
        left += column[0].width() + gap
    return tuple(places)


def _spoken(legend: Legend, present: Collection[str] | None) -> str:
    """The legend in words, for those who hear the window."""
    if isinstance(legend.scale, Ramp):
        low, high = legend.limits or (legend.scale.low, legend.scale.high)
        reading = f"from {low:g} to {high:g} {legend.unit}".rstrip()
    else:
        reading = ", ".join(name for name, _ in legend.scale.colours if present is None or name in present)
    return f"{legend.title}: {reading}. {legend.note} {legend.source}".strip()
