"""Lays out a page: views, title, legends, north, scale, sources and all, as frames in millimetres."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from twin.errors import TwinError
from twin.model.state import Camera
from twin.scene.camera import distance, seen, tilt
from twin.scene.scene import Legend
from twin.scene.sheet_parts import Bar, Compass, Frame, Key, LaidOut, Logo, Page, Part, View, Words

MARGIN, GAP = 3.2, 1.5
"""Around the page, and between its parts; in sizes of the text."""
SIDE = 22.0
"""Width of the column beside the views; in sizes of the text."""
BETTER = 1.1
"""So much more the other way of laying out must be worth to be taken."""
SMALLEST_VIEW = 0.45
"""Share of the page that is left for views, at least, in width and height."""
TITLE, CAPTION, SMALL, LABEL = 2.0, 1.15, 0.82, 0.85
"""Sizes of texts; in sizes of the text."""
SLANTING = (0.5, 85.0)
"""Between these tilts ground and walls are foreshortened. [deg]"""
ROSE = 6.5
"""Side of the compass; in sizes of the text."""


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


Tall = Callable[[str, float, bool, float], float]
"""How tall a text is: text, size [mm], bold, width [mm]."""
KeyTall = Callable[[Legend, float, float], float]
"""How tall a legend is: legend, width [mm], size of the text [mm]."""


def lay_out(page: Page, content: Content, tall: Tall, key_tall: KeyTall) -> LaidOut:
    """The page, with legends and notes beside the views or below, where the views are larger and well shaped.

    Raises TwinError where there is no room for all that must be said.
    """
    usual = page.width >= page.height
    ways = {beside: _laid_out(page, content, tall, key_tall, beside=beside) for beside in (usual, not usual)}
    first, second = ways.values()
    if first is None and second is None:
        raise TwinError(
            f"{page.title} has no room for legend, notes and sources beside the view. "
            "Choose a larger page, or say less."
        )
    if first is None or (second is not None and _worth(second) > BETTER * _worth(first)):
        assert second is not None
        return second
    return first


def _worth(page: LaidOut) -> float:
    """How large the views are, less where they are much wider or taller than 3 : 2."""
    frame = page.views[0].frame
    shape = frame.width / frame.height / 1.5
    return frame.width * frame.height * math.sqrt(min(shape, 1 / shape))


def _laid_out(page: Page, content: Content, tall: Tall, key_tall: KeyTall, *, beside: bool) -> LaidOut | None:
    """beside: legends and notes are in a column to the right, else in columns below; None: no room."""
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
    if beside:
        column = min(SIDE * t, 0.34 * inner)
        area = Frame(margin, top, inner - column - gap, bottom - top)
        blocks, ends = _blocks(content, t, column, tall, key_tall, area, page)
        parts += _stacked(blocks, Frame(area.right + gap, top, column, bottom - top), gap)
        fits = ends <= bottom - top + 0.01
    else:
        columns = max(2, min(4, int(inner / (15 * t))))
        column = (inner - (columns - 1) * gap) / columns
        area = Frame(margin, top, inner, bottom - top)
        blocks, _ = _blocks(content, t, column, tall, key_tall, area, page)
        shared = _shared(blocks, columns, gap)
        band = max((sum(high + gap for high, _ in each) - gap for each in shared if each), default=0.0)
        area = Frame(margin, top, inner, bottom - top - band - gap)
        if area.height < SMALLEST_VIEW * page.height:
            return None
        blocks, _ = _blocks(content, t, column, tall, key_tall, area, page)
        for number, each in enumerate(_shared(blocks, columns, gap)):
            where = Frame(margin + number * (column + gap), area.bottom + gap, column, band)
            parts += _stacked(each, where, gap)
        fits = True
    if not fits or area.height < SMALLEST_VIEW * page.height or area.width < SMALLEST_VIEW * page.width:
        return None
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
    content: Content, t: float, width: float, tall: Tall, key_tall: KeyTall, area: Frame, page: Page
) -> tuple[list[Block], float]:
    """What stands beside the views, and how tall it is all together."""
    found: list[Block] = []
    for label, text in content.facts:
        found.append(_fact(label, text, t, width, tall))
    if content.cameras:
        found.append(_orientation(content, t, width, tall, area))
    for legend in content.legends:
        found.append(_key(legend, t, width, key_tall))
    if content.note:
        found.append(_fact("", content.note, t, width, tall))
    if content.logo:
        high = min(width / max(content.logo_ratio, 0.2), 6 * t)
        found.append(
            (high, lambda frame: [Logo(replace(frame, width=high * content.logo_ratio), content.logo)])
        )
    return found, sum(high + GAP * t for high, _ in found) - GAP * t


def _key(legend: Legend, t: float, width: float, key_tall: KeyTall) -> Block:
    return key_tall(legend, width, t), lambda frame: [Key(frame, legend, t)]


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
    high = ROSE * t if not text else tall(text, t, False, width)
    view = view_frames(content, area, t, tall)[0]

    def parts(frame: Frame) -> list[Part]:
        made: list[Part] = []
        left = frame.left
        if text:
            made.append(Words(Frame(left, frame.top, frame.width, high), text, t))
            bar_top = frame.top + high + 0.6 * t
        else:
            made.append(Compass(Frame(left, frame.top, high, high), camera, content.letter))
            left, bar_top = left + high + GAP * t, frame.top + 1.2 * t
        room = frame.right - left
        each = view.height / seen(camera, distance(camera))  # mm on paper for a metre
        length = round_length(0.9 * room / each)
        says = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
        if _one_place(camera):
            says += f", {content.cross}"
        elif SLANTING[0] < tilt(camera) < SLANTING[1]:
            says += f", {content.across}"
        else:
            says += f" · 1:{1000 / each:,.0f}".replace(",", " ")
        bar = Frame(left, bar_top, room, 3.6 * t)
        made.append(Bar(bar, length, length * each, f"{content.scale_title}: {says}"))
        return made

    return (high if not text else high + 4.2 * t), parts


def _one_place(camera: Camera) -> bool:
    """Whether the scale holds at one place only."""
    return not camera.height


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
