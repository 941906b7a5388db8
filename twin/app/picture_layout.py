"""Finds room for the furniture of a picture: nothing overlaps, and the middle stays free."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from PySide6.QtCore import QRectF, QSizeF

from twin.app.furniture import AT_THE_CENTRE, BAR_HEIGHT, ROSE, scale_width
from twin.app.legend import legend_size
from twin.app.panel_paint import PAD, font, rows_height, text_height
from twin.app.picture_text import title_rows, title_width
from twin.app.theme import tones
from twin.errors import TwinError
from twin.model.state import Camera
from twin.scene.legends import only, shortened
from twin.scene.scene import Legend
from twin.scene.sheet_layout import FEWER

PLAIN_SIDE = 720.0
"""Short side of a picture on which furniture is as large as on a plain screen. [px]"""
READABLE = 0.85
"""Scale that small pictures do not go below as long as there is room."""
SMALLEST_TEXT = 0.55
"""Scale below which nobody can read: 6 px."""
FREE = 0.30
"""Share of width and height in the middle that nothing may cover."""
MARGIN = 14.0
"""Between furniture and the edges. [px]"""
SOURCE_TEXT = 10.0
"""[px]"""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything goes, in pixels of the picture."""

    scale: float
    title: QRectF
    title_text: float
    """Width that the title is wrapped to."""
    north: QRectF
    bar: QRectF
    sources: QRectF
    source_font: float
    legends: tuple[QRectF, ...]
    shown: tuple[Legend, ...]
    """The legends, as far as there is room for their classes."""
    columns: int
    """Of the classes in the legend."""

    @property
    def rects(self) -> tuple[QRectF, ...]:
        """All places."""
        return (self.title, self.north, self.bar, self.sources, *self.legends)


def lay_out(
    size: tuple[int, int],
    title: tuple[str, str, str],
    sources: str,
    camera: Camera,
    legends: Sequence[Legend],
    present: Collection[str] | None = None,
    view: tuple[int, int] | None = None,
    centre: str = AT_THE_CENTRE,
    more: str = "and {0} more",
) -> Layout:
    """The largest furniture that fits. Raises TwinError when the picture is too small for any.

    present: the classes of the first legend that occur; view: of each of several pictures beside one
    another, which the scale bar is of [px]; centre: as of `scale_bar`; more: what is said of classes that
    there is no room for.
    """
    wanted = max(min(size) / PLAIN_SIDE, READABLE)
    known = [
        legend if number or present is None else only(legend, present)
        for number, legend in enumerate(legends)
    ]
    for most in (0, *FEWER):
        given = tuple(shortened(legend, most, more) if most else legend for legend in known)
        scale = wanted
        while scale >= SMALLEST_TEXT * min(wanted, 1.0):
            for columns in (1, 2):
                found = _at(scale, columns, size, title, sources, camera, given, view or size, centre)
                if fits(found, size):
                    return found
            scale *= 0.93
    raise TwinError(
        f"A picture of {size[0]}×{size[1]} has no room for legend, title and sources. "
        "Make it larger, or leave them out."
    )


def fits(layout: Layout, size: tuple[int, int]) -> bool:
    """Whether all is inside the picture, beside one another, and off the middle."""
    width, height = size
    whole = QRectF(0, 0, width, height)
    middle = QRectF(width * (1 - FREE) / 2, height * (1 - FREE) / 2, width * FREE, height * FREE)
    return (
        all(whole.contains(rect) for rect in layout.rects)
        and not any(rect.intersects(middle) for rect in layout.rects)
        and not any(a.intersects(b) for a, b in combinations(layout.rects, 2))
    )


def _at(
    scale: float,
    columns: int,
    size: tuple[int, int],
    title: tuple[str, str, str],
    sources: str,
    camera: Camera,
    legends: tuple[Legend, ...],
    view: tuple[int, int],
    centre: str,
) -> Layout:
    width, height = size
    margin, pad = MARGIN * scale, PAD * scale
    rose = ROSE * scale
    text = title_width(title, scale, min(0.62 * width, width - rose - 3 * margin) - 2 * pad)
    rows = title_rows(title, text, scale, tones(False))
    source_font = SOURCE_TEXT * scale
    strip = text_height(sources, font(source_font), width - 20 * scale) + 6 * scale
    floor = height - strip - margin
    bar = scale_width(camera, view, scale=scale, centre=centre)
    block = QRectF(margin, margin, text + 2 * pad, rows_height(rows, scale=scale))
    measure = QRectF(width - margin - bar, floor - BAR_HEIGHT * scale, bar, BAR_HEIGHT * scale)
    sizes = [legend_size(legend, scale=scale, columns=columns) for legend in legends]
    left = _as_many(sizes, floor - block.bottom() - margin, margin / 2)
    places = _stacked(sizes[:left], floor, margin / 2, lambda _wide: margin)
    above = measure.top() - margin / 2
    places += _stacked(sizes[left:], above, margin / 2, lambda wide: width - margin - wide)
    return Layout(
        scale,
        block,
        text,
        QRectF(width - margin - rose, margin, rose, rose),
        measure,
        QRectF(0, height - strip, width, strip),
        source_font,
        places,
        legends,
        columns,
    )


def _as_many(sizes: Sequence[QSizeF], room: float, gap: float) -> int:
    """How many of these find room above one another."""
    used = 0.0
    for number, size in enumerate(sizes):
        used += size.height() + (gap if number else 0.0)
        if used > room:
            return number
    return len(sizes)


def _stacked(
    sizes: Sequence[QSizeF], bottom: float, gap: float, left: Callable[[float], float]
) -> tuple[QRectF, ...]:
    """Above one another, the last on the bottom. left: of one so wide."""
    found: list[QRectF] = []
    for size in reversed(sizes):
        found.insert(0, QRectF(left(size.width()), bottom - size.height(), size.width(), size.height()))
        bottom -= size.height() + gap
    return tuple(found)
