"""What stands beside the views of a page: each as tall as it is, to be shared out among columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from twin.model.sheet import Page
from twin.model.state import Camera
from twin.scene.camera import distance, seen, tilt
from twin.scene.scene import Legend
from twin.scene.sheet_parts import Bar, Compass, Frame, Key, Logo, Part, Words

WORTH = 0.8
"""So low must a legend become in columns, as a share of what it was, that it is parted."""
TITLE, CAPTION, SMALL, LABEL = 2.0, 1.15, 0.82, 0.85
"""Sizes of texts; in sizes of the text."""
SLANTING = (0.5, 85.0)
"""Between these tilts ground and walls are foreshortened. [deg]"""
ROSE = 6.5
"""Side of the compass; in sizes of the text."""
BAR_TOP, BAR_TEXT = 1.2, 0.8
"""From the top of the compass to the bar, and from there to its text; in sizes of the text."""
GAP = 1.5
"""Between the parts of a page; in sizes of the text."""


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


Block = tuple[float, Callable[[Frame], list[Part]]]
"""How tall something is, and what makes its parts in its frame."""


def blocks(
    content: Content,
    t: float,
    width: float,
    tall: Tall,
    key_tall: KeyTall,
    view: Frame,
    page: Page,
    split: int,
) -> list[Block]:
    """What stands beside the views, in the order of the page.

    view: the place of one of them; split: columns of the classes of a legend, where that makes it lower.
    """
    high = min(width / max(content.logo_ratio, 0.2), 6 * t)
    found: dict[str, list[Block]] = {
        "facts": [_fact(label, text, t, width, tall) for label, text in content.facts],
        "north": [_orientation(content, t, width, tall, view)] if content.cameras else [],
        "legends": [_key(legend, t, width, key_tall, split) for legend in content.legends],
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


def _orientation(content: Content, t: float, width: float, tall: Tall, view: Frame) -> Block:
    """Compass and scale bar side by side; only of views that all look alike."""
    camera = content.cameras[0]
    text = content.looking
    above = tall(text, t, False, width) + 0.6 * t if text else BAR_TOP * t
    room = width if text else width - (ROSE + GAP) * t
    each = view.height / seen(camera, distance(camera))  # mm on paper for a metre
    length = round_length(0.9 * room / each)
    says = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    if one_place(camera):
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


def one_place(camera: Camera) -> bool:
    """Whether the scale holds at one place only."""
    return not camera.height


def highest(shared: Sequence[Sequence[Block]], gap: float) -> float:
    """How tall the tallest of some columns is."""
    return max((sum(high + gap for high, _ in each) - gap for each in shared if each), default=0.0)


def stacked(blocks: Sequence[Block], frame: Frame, gap: float) -> list[Part]:
    """The parts of blocks below one another."""
    made: list[Part] = []
    top = frame.top
    for high, parts in blocks:
        made += parts(Frame(frame.left, top, frame.width, high))
        top += high + gap
    return made


def in_columns(blocks: Sequence[Block], columns: int, gap: float) -> list[list[Block]]:
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


def round_length(longest: float) -> float:
    """The longest of 1, 2, 5, 10 … that is no longer. [m]"""
    power = 10.0 ** math.floor(math.log10(longest))
    return max(step * power for step in (1, 2, 5) if step * power <= longest * (1 + 1e-9))
