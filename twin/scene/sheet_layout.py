"""Lays out a page: views, title, legends, north, scale, sources and all, as frames in millimetres."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache

from twin.errors import TwinError
from twin.model.sheet import Page
from twin.scene.legends import shortened
from twin.scene.sheet_blocks import (
    CAPTION,
    GAP,
    SMALL,
    TITLE,
    Block,
    Content,
    KeyTall,
    Tall,
    blocks,
    highest,
    in_columns,
    one_place,
    stacked,
)
from twin.scene.sheet_parts import Frame, LaidOut, Part, View, Words

MARGIN = 3.2
"""Around the page; in sizes of the text."""
SIDE, NARROWEST = 22.0, 15.0
"""Width of a column beside the views, and at least of one below them; in sizes of the text."""
BETTER = 1.1
"""So much more the other way of laying out must be worth to be taken."""
SMALLEST_VIEW, GOOD_VIEW = 0.45, 0.55
"""Share of the page that is left for views, at least, in width and height; where letters can be smaller."""
LEGIBLE = 1.75
"""The smallest letters do not become smaller than this to make room. [mm]"""
SIZES = (1.0, 0.93, 0.86, 0.8, 0.74, 0.68, 0.63)
"""Of letters, as shares of those of the page, that are tried one after the other."""
EASY = 0.8
"""Letters are made so much smaller before the views are."""
FEWER = (12, 8, 5, 3)
"""Classes of a legend that are shown where nothing else makes room; it says how many there are besides."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of laying out."""

    columns: int
    """Of what stands beside the views, or below them."""
    beside: bool
    split: int = 1
    """Columns of the classes of a legend."""
    least: float = SMALLEST_VIEW
    """Share of the page that is left for views."""


def lay_out(page: Page, content: Content, tall: Tall, key_tall: KeyTall) -> LaidOut:
    """The page, with legends and notes beside the views or below, where the views are larger and well shaped.

    Where much must be said, classes stand side by side, then letters become smaller down to LEGIBLE, and
    at last legends name fewer classes. Raises TwinError where there is no room even so.
    """
    tall, key_tall = cache(tall), cache(key_tall)  # measured once, though many ways are tried
    room = _Room(page, content, tall, key_tall)
    sizes = [size for size in SIZES if size == 1.0 or size * SMALL * page.text >= LEGIBLE]
    tried = [(size, GOOD_VIEW) for size in sizes if size >= EASY] + [(size, SMALLEST_VIEW) for size in sizes]
    for size, least in tried:
        for split in (1, 2):
            if found := room.best(size, split, least):
                return found
    for most in FEWER:
        shown = [shortened(legend, most, content.more) for legend in content.legends]
        room = _Room(page, replace(content, legends=shown), tall, key_tall)
        for split in (1, 2):
            if found := room.best(sizes[-1], split, SMALLEST_VIEW):
                return found
    raise TwinError(
        f"{page.title} has no room for legend, notes and sources beside the view. "
        "Choose a larger page, or say less."
    )


@dataclass(frozen=True, slots=True)
class _Room:
    """A page, and what must find its place there."""

    page: Page
    content: Content
    tall: Tall
    key_tall: KeyTall

    def best(self, size: float, split: int, least: float) -> LaidOut | None:
        """The page where the views are largest, as far as it has room with letters of this size."""
        smaller = replace(self.page, text=size * self.page.text)
        found = [
            (way.beside, made)
            for way in self._ways(smaller, split, least)
            if (made := _laid_out(smaller, self.content, self.tall, self.key_tall, way)) is not None
        ]
        if not found:
            return None
        usual = self.page.width >= self.page.height
        # so that pages of one kind look alike, the other way must be worth it
        _, made = max(found, key=lambda each: _worth(each[1]) * (BETTER if each[0] == usual else 1.0))
        return replace(made, page=self.page)

    def _ways(self, page: Page, split: int, least: float) -> list[_Way]:
        inner = page.width - 2 * MARGIN * page.text
        below = max(2, min(4, int(inner / (NARROWEST * page.text))))
        ways = [_Way(1, True, split, least), _Way(below, False, split, least)]
        if len(self.content.legends) > 1:
            more = max(2, min(7, int(inner / (NARROWEST * page.text))))
            ways += [_Way(2, True, split, least), _Way(more, False, split, least)]
        return ways if page.place == "auto" else [w for w in ways if w.beside == (page.place == "beside")]


def _worth(page: LaidOut) -> float:
    """How large the views are, less where they are much wider or taller than 3 : 2."""
    frame = page.views[0].frame
    shape = frame.width / frame.height / 1.5
    return frame.width * frame.height * math.sqrt(min(shape, 1 / shape))


def _laid_out(page: Page, content: Content, tall: Tall, key_tall: KeyTall, way: _Way) -> LaidOut | None:
    """None: no room."""
    t = page.text
    margin, gap = MARGIN * t, GAP * t
    inner = page.width - 2 * margin
    parts: list[Part] = []
    top = margin
    for text, size, bold, muted in (
        (content.project, CAPTION * t, False, True),
        (content.title, TITLE * t, True, False),
    ):
        high = tall(text, size, bold, inner)
        parts.append(Words(Frame(margin, top, inner, high), text, size, bold, muted))
        top += high
    top += gap
    foot = tall(content.foot, SMALL * t, False, inner)
    bottom = page.height - margin - foot
    parts.append(Words(Frame(margin, bottom, inner, foot), content.foot, SMALL * t, muted=True))
    bottom -= gap
    columns = way.columns

    def beside_views(area: Frame) -> list[list[Block]]:
        view = view_frames(content, area, t, tall)[0]
        found = blocks(content, t, column, tall, key_tall, view, page, way.split)
        return in_columns(found, columns, gap)

    if way.beside:
        column = min(SIDE * t, 0.34 * inner)
        area = Frame(margin, top, inner - columns * (column + gap), bottom - top)
        left, upper = area.right + gap, top
    else:
        column = (inner - (columns - 1) * gap) / columns
        area = Frame(margin, top, inner, bottom - top)
        shared = beside_views(area)
        area = replace(area, height=bottom - top - highest(shared, gap) - gap)
        left, upper = margin, area.bottom + gap
    if area.height < way.least * page.height or area.width < way.least * page.width:
        return None
    shared = beside_views(area)
    if highest(shared, gap) > bottom - upper + 0.01:
        return None
    for number, each in enumerate(shared):
        where = Frame(left + number * (column + gap), upper, column, bottom - upper)
        parts += stacked(each, where, gap)
    parts += _grid(content, area, t, tall)
    return LaidOut(page, tuple(parts))


def view_frames(content: Content, area: Frame, t: float, tall: Tall) -> tuple[Frame, ...]:
    """Where the views go in the area that is theirs, all of one size."""
    count = len(content.captions)
    columns = content.columns or suitable(count, area.width / area.height)
    rows = math.ceil(count / columns)
    gap = GAP * t if count > 1 else 0.0
    width = (area.width - (columns - 1) * gap) / columns
    high = max((tall(text, CAPTION * t, True, width) for text in content.captions if text), default=0.0)
    head = high + 0.4 * t if high else 0.0
    height = (area.height - (rows - 1) * gap) / rows - head
    return tuple(
        Frame(
            area.left + (number % columns) * (width + gap),
            area.top + (number // columns) * (height + head + gap) + head,
            width,
            height,
        )
        for number in range(count)
    )


def suitable(count: int, ratio: float) -> int:
    """So many columns make views that are most like 3 : 2."""
    return min(
        range(1, count + 1),
        key=lambda columns: abs(math.log(ratio * math.ceil(count / columns) / columns / 1.5)),
    )


def _grid(content: Content, area: Frame, t: float, tall: Tall) -> list[Part]:
    parts: list[Part] = []
    for number, frame in enumerate(view_frames(content, area, t, tall)):
        if text := content.captions[number]:
            high = tall(text, CAPTION * t, True, frame.width)
            place = Frame(frame.left, frame.top - high - 0.4 * t, frame.width, high)
            parts.append(Words(place, text, CAPTION * t, bold=True))
        camera = content.cameras[number] if content.cameras else None
        parts.append(View(frame, number, marked=camera is not None and one_place(camera)))
    return parts
