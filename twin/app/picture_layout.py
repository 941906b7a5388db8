"""Finds room for the furniture of a picture: nothing overlaps, and the middle stays free."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations

from PySide6.QtCore import QRectF

from twin.app.furniture import AT_THE_CENTRE, BAR_HEIGHT, ROSE, scale_width
from twin.app.legend import legend_size
from twin.app.panel_paint import PAD, font, rows_height, text_height
from twin.app.picture_text import title_rows, title_width
from twin.app.theme import tones
from twin.errors import TwinError
from twin.model.state import Camera
from twin.scene.scene import Legend

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
    legend: QRectF | None
    columns: int
    """Of the classes in the legend."""

    @property
    def rects(self) -> tuple[QRectF, ...]:
        """All places."""
        places = (self.title, self.north, self.bar, self.sources)
        return places if self.legend is None else (*places, self.legend)


def lay_out(
    size: tuple[int, int],
    title: tuple[str, str, str],
    sources: str,
    camera: Camera,
    legend: Legend | None,
    present: Collection[str] | None = None,
    view: tuple[int, int] | None = None,
    centre: str = AT_THE_CENTRE,
) -> Layout:
    """The largest furniture that fits. Raises TwinError when the picture is too small for any.

    view: of each of several pictures beside one another, which the scale bar is of [px];
    centre: as of `scale_bar`.
    """
    wanted = max(min(size) / PLAIN_SIDE, READABLE)
    scale = wanted
    while scale >= SMALLEST_TEXT * min(wanted, 1.0):
        for columns in (1, 2):
            found = _at(scale, columns, size, title, sources, camera, legend, present, view or size, centre)
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
    legend: Legend | None,
    present: Collection[str] | None,
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
    key = None
    if legend is not None:
        needed = legend_size(legend, scale=scale, present=present, columns=columns)
        key = QRectF(margin, floor - needed.height(), needed.width(), needed.height())
    return Layout(
        scale,
        QRectF(margin, margin, text + 2 * pad, rows_height(rows, scale=scale)),
        text,
        QRectF(width - margin - rose, margin, rose, rose),
        QRectF(width - margin - bar, floor - BAR_HEIGHT * scale, bar, BAR_HEIGHT * scale),
        QRectF(0, height - strip, width, strip),
        source_font,
        key,
        columns,
    )
