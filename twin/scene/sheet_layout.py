"""Lays out a page: views, title, legends, north, scale, sources and all, as frames in millimetres."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from twin.errors import TwinError
from twin.model.sheet import Page
from twin.model.state import Camera
from twin.scene.camera import distance, seen, tilt
from twin.scene.legends import shortened
from twin.scene.scene import Legend
from twin.scene.sheet_parts import Bar, Compass, Frame, Key, LaidOut, Logo, Part, View, Words

MARGIN, GAP = 3.2, 1.5
"""Around the page, and between its parts; in sizes of the text."""
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
WORTH = 0.8
"""So low must a legend become in columns, as a share of what it was, that it is parted."""
FEWER = (12, 8, 5, 3)
"""Classes of a legend that are shown where nothing else makes room; it says how many there are besides."""
TITLE, CAPTION, SMALL, LABEL = 2.0, 1.15, 0.82, 0.85
"""Sizes of texts; in sizes of the text."""
SLANTING = (0.5, 85.0)
"""Between these tilts ground and walls are foreshortened. [deg]"""
ROSE = 6.5
"""Side of the compass; in sizes of the text."""
BAR_TOP, BAR_TEXT = 1.2, 0.8
"""From the top of the compass to the bar, and from there to its text; in sizes of the text."""


@dataclass(frozen=True, slots=True)
class Content:
    """What there is to be laid out."""

    project: str
    title: str
    facts: Sequence[tuple[str, str]]
    """Label and text: scenario, time, sun and so on."""
    legends: Sequence[Legend]
    captions: Sequence[str]
    """One a view; empty texts where there is nothing to say."""
    foot: str
    """Coordinates, sources and licences."""
    columns: int = 0
    cameras: Sequence[Camera] = ()
    letter: str = "N"
    scale_title: str = ""
    cross: str = ""
    """What is said of a scale that does not hold everywhere."""
    across: str = ""
    """What is said of a scale that holds in one direction only."""
    looking: str = ""
    """Said instead of a compass where the ground is but a line."""
    note: str = ""
    logo: str = ""
    logo_ratio: float = 3.0
    """Width of the logo by its height."""
    more: str = "and {0} more"
    """What is said of classes that a legend has no room for."""


Tall = Callable[[str, float, bool, float], float]
"""How tall a text is: text, size [mm], bold, width [mm]."""
KeyTall = Callable[[Legend, float, float, int], float]
"""How tall a legend is: legend, width [mm], size of the text [mm], columns of its classes."""


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
    if way.beside:
        column = min(SIDE * t, 0.34 * inner)
        area = Frame(margin, top, inner - columns * (column + gap), bottom - top)
        left, upper = area.right + gap, top
    else:
        column = (inner - (columns - 1) * gap) / columns
        area = Frame(margin, top, inner, bottom - top)
        shared = _shared(_blocks(content, t, column, tall, key_tall, area, page, way), columns, gap)
        area = replace(area, height=bottom - top - _highest(shared, gap) - gap)
        left, upper = margin, area.bottom + gap
    if area.height < way.least * page.height or area.width < way.least * page.width:
        return None
    shared = _shared(_blocks(content, t, column, tall, key_tall, area, page, way), columns, gap)
    if _highest(shared, gap) > bottom - upper + 0.01:
        return None
    for number, each in enumerate(shared):
        where = Frame(left + number * (column + gap), upper, column, bottom - upper)
        parts += _stacked(each, where, gap)
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


def round_length(longest: float) -> float:
    """The longest of 1, 2, 5, 10 … that is no longer. [m]"""
    power = 10.0 ** math.floor(math.log10(longest))
    return max(step * power for step in (1, 2, 5) if step * power <= longest * (1 + 1e-9))


def _grid(content: Content, area: Frame, t: float, tall: Tall) -> list[Part]:
    parts: list[Part] = []
    for number, frame in enumerate(view_frames(content, area, t, tall)):
        if text := content.captions[number]:
            high = tall(text, CAPTION * t, True, frame.width)
            place = Frame(frame.left, frame.top - high - 0.4 * t, frame.width, high)
            parts.append(Words(place, text, CAPTION * t, bold=True))
        camera = content.cameras[number] if content.cameras else None
        parts.append(View(frame, number, marked=camera is not None and _one_place(camera)))
    return parts


Block = tuple[float, Callable[[Frame], list[Part]]]
"""How tall something is, and what makes its parts in its frame."""


def _blocks(
    content: Content,
    t: float,
    width: float,
    tall: Tall,
    key_tall: KeyTall,
    area: Frame,
    page: Page,
    way: _Way,
) -> list[Block]:
    """What stands beside the views, in the order of the page."""
    high = min(width / max(content.logo_ratio, 0.2), 6 * t)
    found: dict[str, list[Block]] = {
        "facts": [_fact(label, text, t, width, tall) for label, text in content.facts],
        "north": [_orientation(content, t, width, tall, area)] if content.cameras else [],
        "legends": [_key(legend, t, width, key_tall, way.split) for legend in content.legends],
        "note": [_fact("", content.note, t, width, tall)] if content.note else [],
        "logo": [(high, lambda frame: [Logo(replace(frame, width=high * content.logo_ratio), content.logo)])]
        if content.logo
        else [],
    }
    return [block for name in page.order for block in found[name]]


def _key(legend: Legend, t: float, width: float, key_tall: KeyTall, columns: int) -> Block:
    high = key_tall(legend, width, t, 1)
    narrower = key_tall(legend, width, t, columns) if columns > 1 else high
    if narrower > WORTH * high:  # long names would only be broken
        narrower, columns = high, 1
    return narrower, lambda frame: [Key(frame, legend, t, columns)]


def _fact(label: str, text: str, t: float, width: float, tall: Tall) -> Block:
    above = tall(label, LABEL * t, False, width) if label else 0.0
    below = tall(text, t, False, width)

    def parts(frame: Frame) -> list[Part]:
        made: list[Part] = []
        if label:
            made.append(Words(Frame(frame.left, frame.top, frame.width, above), label, LABEL * t, muted=True))
        made.append(Words(Frame(frame.left, frame.top + above, frame.width, below), text, t))
        return made

    return above + below, parts


def _orientation(content: Content, t: float, width: float, tall: Tall, area: Frame) -> Block:
    """Compass and scale bar side by side; only of views that all look alike."""
    camera = content.cameras[0]
    text = content.looking
    view = view_frames(content, area, t, tall)[0]
    above = tall(text, t, False, width) + 0.6 * t if text else BAR_TOP * t
    room = width if text else width - (ROSE + GAP) * t
    each = view.height / seen(camera, distance(camera))  # mm on paper for a metre
    length = round_length(0.9 * room / each)
    says = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    if _one_place(camera):
        says += f", {content.cross}"
    elif SLANTING[0] < tilt(camera) < SLANTING[1]:
        says += f", {content.across}"
    else:
        says += f" · 1:{1000 / each:,.0f}".replace(",", "\u2009")
    says = f"{content.scale_title}: {says}"
    below = BAR_TEXT * t + tall(says, LABEL * t, False, room)

    def parts(frame: Frame) -> list[Part]:
        left, top = frame.left, frame.top
        made: list[Part] = []
        if text:
            made.append(Words(Frame(left, top, width, above - 0.6 * t), text, t))
        else:
            made.append(Compass(Frame(left, top, ROSE * t, ROSE * t), camera, content.letter))
            left += (ROSE + GAP) * t
        made.append(Bar(Frame(left, top + above, room, below), length, length * each, says, t))
        return made

    return above + below if text else max(ROSE * t, above + below), parts


def _one_place(camera: Camera) -> bool:
    """Whether the scale holds at one place only."""
    return not camera.height


def _highest(shared: Sequence[Sequence[Block]], gap: float) -> float:
    return max((sum(high + gap for high, _ in each) - gap for each in shared if each), default=0.0)


def _stacked(blocks: Sequence[Block], frame: Frame, gap: float) -> list[Part]:
    made: list[Part] = []
    top = frame.top
    for high, parts in blocks:
        made += parts(Frame(frame.left, top, frame.width, high))
        top += high + gap
    return made


def _shared(blocks: Sequence[Block], columns: int, gap: float) -> list[list[Block]]:
    """The blocks in their order in so many columns, the tallest of which is as low as can be."""
    if not blocks:
        return []
    total = sum(high + gap for high, _ in blocks)
    limit = max(total / columns, *(high + gap for high, _ in blocks))
    while True:
        found: list[list[Block]] = [[]]
        used = 0.0
        for block in blocks:
            if used + block[0] + gap > limit + 1e-6 and found[-1]:
                found.append([])
                used = 0.0
            found[-1].append(block)
            used += block[0] + gap
        if len(found) <= columns:
            return found
        limit *= 1.05
