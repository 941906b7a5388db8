"""Lets headings, texts, tables and pictures flow over the pages of a PDF; letters stay letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from twin import __version__
from twin.app.panel_paint import print_font
from twin.app.sheet_paint import PAINT, UNIT, key_tall, tall
from twin.app.theme import tones
from twin.formats.atomic import replace_file
from twin.scene.scene import Legend
from twin.scene.sheet_parts import Bar, Compass, Frame, Key

WIDTH, HEIGHT = 210.0, 297.0
"""A4. [mm]"""
LEFT, RIGHT, TOP, BOTTOM = 20.0, 18.0, 18.0, 20.0
"""Around what flows. [mm]"""
INNER = WIDTH - LEFT - RIGHT
DOTS = 1200
"""In an inch: how finely places are written down."""
TEXT, SMALL = 3.2, 2.7
"""Size of letters. [mm]"""
PAD = 1.1
"""In a cell, above and below; beside it twice as much. [mm]"""
LEGEND_GAP, LEGEND_BELOW = 8.0, 4.0
BESIDE = (INNER - LEGEND_GAP) / 2
"""How wide one of two legends is. [mm]"""
AT_LEAST = 24.0
"""What follows a heading on its page, unless it says otherwise. [mm]"""


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a chapter, or, with another size, a part of one."""

    text: str
    size: float = 5.2
    above: float = 7.0
    new_page: bool = False
    keep: float = AT_LEAST
    """So much of what follows stands on its page. [mm]"""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    size: float = TEXT
    bold: bool = False
    muted: bool = False
    below: float = 2.2


@dataclass(frozen=True, slots=True)
class Rows:
    """A table, whose head is repeated on each page."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    shares: tuple[float, ...]
    """Widths of the columns, as shares of the page."""
    numbers: frozenset[int] = frozenset()
    """Columns whose cells stand at the right."""
    inner: frozenset[int] = frozenset()
    """Rows that say more of the one above."""
    size: float = SMALL


@dataclass(frozen=True, eq=False, slots=True)
class Pictures:
    """Pictures side by side, each with its caption."""

    images: Sequence[QImage]
    captions: Sequence[str]
    over: tuple[Compass, Bar] | None = None
    """Drawn below the first one: places are worked out here."""
    most: float = HEIGHT
    """None is higher; they are less wide then. [mm]"""


@dataclass(frozen=True, slots=True)
class Legends:
    """How to read the colours of the pictures above."""

    legends: Sequence[Legend]


def legends_tall(block: Legends) -> float:
    """What legends take of a page. [mm]"""
    return sum(max(highs) + LEGEND_BELOW for _, highs in _pairs(block))


def _pairs(block: Legends) -> Iterator[tuple[Sequence[Legend], list[float]]]:
    for first in range(0, len(block.legends), 2):
        pair = block.legends[first : first + 2]
        yield pair, [key_tall(legend, BESIDE, SMALL) for legend in pair]


Block = Heading | Text | Rows | Pictures | Legends
Draw = Callable[[QPainter], None]


class Flow:
    """Fills pages from above to below."""

    def __init__(self) -> None:
        self.pages: list[list[Draw]] = [[]]
        self._y = TOP

    @property
    def room(self) -> float:
        """What is left of the page. [mm]"""
        return HEIGHT - BOTTOM - self._y

    def add(self, block: Block) -> None:
        """Puts it below the last one, or on the next page."""
        ADD[type(block)](self, block)

    def heading(self, block: Heading) -> None:
        """Never the last thing on a page."""
        high = tall(block.text, block.size, True, INNER)
        first = self._y <= TOP
        if not first and (block.new_page or block.above + high + block.keep > self.room):
            self._next()
            first = True
        self._y += 0.0 if first else block.above
        self._words(block.text, LEFT, INNER, high, block.size, bold=True)
        self._y += high + 2.0

    def text(self, block: Text) -> None:
        """Whole on one page, as nobody writes a page in one paragraph here."""
        high = tall(block.text, block.size, block.bold, INNER)
        if high > self.room:
            self._next()
        self._words(block.text, LEFT, INNER, high, block.size, bold=block.bold, muted=block.muted)
        self._y += high + block.below

    def rows(self, block: Rows) -> None:
        """A row is never parted, and none is alone on a page; the head comes again on each."""
        widths = [INNER * share for share in block.shares]
        head = self._high(block.head, widths, block.size, True)
        each = [self._high(row, widths, block.size, False) for row in block.rows]
        if head + sum(each[:2]) > self.room:
            self._next()
        self._row(block.head, widths, head, block, bold=True)
        self._line(self._y, 0.3, tones(False).text)
        for number, (row, high) in enumerate(zip(block.rows, each, strict=True)):
            # the last two rows stay together
            if (sum(each[number:]) if number == len(each) - 2 else high) > self.room:
                self._next()
                self._row(block.head, widths, head, block, bold=True)
                self._line(self._y, 0.3, tones(False).text)
            self._row(row, widths, high, block, inner=number in block.inner)
            self._line(self._y, 0.1, tones(False).line)
        self._y += 3.5

    def pictures(self, block: Pictures) -> None:
        """As wide as the page allows, all of one height."""
        gap = 3.0
        count = len(block.images)
        wide = (INNER - (count - 1) * gap) / count
        high = max(wide * image.height() / image.width() for image in block.images)
        if high > block.most:
            wide, high = wide * block.most / high, block.most
        said = max(tall(text, SMALL, False, wide) for text in block.captions)
        below = 13.0 if block.over is not None else 0.0
        if high + said + 1.5 + below > self.room:
            self._next()
        for number, (image, caption) in enumerate(zip(block.images, block.captions, strict=True)):
            left = LEFT + number * (wide + gap)
            self._image(Frame(left, self._y, wide, wide * image.height() / image.width()), image)
            self._words(caption, left, wide, said, SMALL, muted=True, down=high + 1.2)
        self._y += high + said + 1.5
        if block.over is not None:
            compass, bar = block.over
            self._part(Compass(Frame(LEFT, self._y + 0.5, 12.0, 12.0), compass.camera, compass.letter))
            place = Frame(LEFT + 17.0, self._y + 3.0, INNER - 17.0, 3.6 * SMALL)
            self._part(Bar(place, bar.length, bar.drawn, bar.text, SMALL))
            self._y += below
        self._y += 3.0

    def legends(self, block: Legends) -> None:
        """Two beside one another."""
        for pair, highs in _pairs(block):
            if max(highs) > self.room:
                self._next()
            for number, (legend, high) in enumerate(zip(pair, highs, strict=True)):
                left = LEFT + number * (BESIDE + LEGEND_GAP)
                self._part(Key(Frame(left, self._y, BESIDE, high), legend, SMALL))
            self._y += max(highs) + LEGEND_BELOW

    def _next(self) -> None:
        self.pages.append([])
        self._y = TOP

    def _high(self, cells: Sequence[str], widths: Sequence[float], size: float, bold: bool) -> float:
        return 2 * PAD + max(
            tall(text, size, bold, width - 2 * PAD) for text, width in zip(cells, widths, strict=True)
        )

    def _row(
        self,
        cells: Sequence[str],
        widths: Sequence[float],
        high: float,
        block: Rows,
        *,
        bold: bool = False,
        inner: bool = False,
    ) -> None:
        left = LEFT
        for column, (text, width) in enumerate(zip(cells, widths, strict=True)):
            indent = 3.0 if inner and column == 0 else 0.0
            self._words(
                text,
                left + (0.0 if column == 0 else PAD) + indent,
                width - 2 * PAD - indent,
                high - 2 * PAD,
                block.size,
                bold=bold,
                muted=inner,
                down=PAD,
                right=column in block.numbers,
            )
            left += width
        self._y += high

    def _words(
        self,
        text: str,
        left: float,
        width: float,
        high: float,
        size: float,
        *,
        bold: bool = False,
        muted: bool = False,
        down: float = 0.0,
        right: bool = False,
    ) -> None:
        place = QRectF(UNIT * left, UNIT * (self._y + down), UNIT * width + 2, UNIT * high + 8)
        colour = tones(False).muted if muted else tones(False).text
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        flags = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignTop.value | side.value
        self.pages[-1].append(lambda painter: _say(painter, place, text, letters(size, bold), colour, flags))

    def _line(self, y: float, wide: float, colour: str) -> None:
        def draw(painter: QPainter) -> None:
            painter.setPen(QPen(QColor(colour), UNIT * wide))
            painter.drawLine(
                round(UNIT * LEFT), round(UNIT * y), round(UNIT * (LEFT + INNER)), round(UNIT * y)
            )

        self.pages[-1].append(draw)

    def _image(self, frame: Frame, image: QImage) -> None:
        place = QRectF(UNIT * frame.left, UNIT * frame.top, UNIT * frame.width, UNIT * frame.height)

        def draw(painter: QPainter) -> None:
            painter.drawImage(place, image)
            painter.setPen(QPen(QColor("#8a8f94"), UNIT * 0.12))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place)

        self.pages[-1].append(draw)

    def _part(self, part: Key | Compass | Bar) -> None:
        self.pages[-1].append(lambda painter: PAINT[type(part)](painter, part))


ADD: dict[type[Block], Callable[..., None]] = {
    Heading: Flow.heading,
    Text: Flow.text,
    Rows: Flow.rows,
    Pictures: Flow.pictures,
    Legends: Flow.legends,
}


def letters(size: float, bold: bool) -> QFont:
    """Of a report. size: [mm]"""
    return print_font(UNIT * size, bold=bold)


def write(flow: Flow, path: Path, *, title: str, foot: str, page: str) -> None:
    """Writes all pages. foot: at the left of each; page: the word before its number. Raises DataError."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    size = QPageSize(QSizeF(WIDTH, HEIGHT), QPageSize.Unit.Millimeter, "A4")
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setResolution(DOTS)
    writer.setTitle(title)
    writer.setCreator(f"twin {__version__}")
    painter = QPainter(writer)
    try:
        each = DOTS / 25.4 / UNIT
        painter.scale(each, each)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number, draws in enumerate(flow.pages, start=1):
            if number > 1:
                writer.newPage()
            for draw in draws:
                draw(painter)
            _foot(painter, foot, f"{page} {number} / {len(flow.pages)}")
    finally:
        painter.end()
    replace_file(path, bytes(buffer.data().data()))


def _foot(painter: QPainter, left: str, right: str) -> None:
    place = QRectF(UNIT * LEFT, UNIT * (HEIGHT - 12.0), UNIT * INNER, UNIT * 5)
    used, colour = letters(SMALL * 0.9, False), tones(False).muted
    _say(painter, place, left, used, colour, Qt.AlignmentFlag.AlignLeft.value)
    _say(painter, place, right, used, colour, Qt.AlignmentFlag.AlignRight.value)


def _say(painter: QPainter, place: QRectF, text: str, used: QFont, colour: str, flags: int) -> None:
    painter.setFont(used)
    painter.setPen(QColor(colour))
    painter.drawText(place, flags, text)
