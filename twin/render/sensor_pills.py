"""Puts labels of sensors together, all at once: stem, pill, sign and letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twin.render.quads import Quads, quads
from twin.render.sensor_layout import HEIGHT, LETTER, SIGN, STEM, Label
from twin.render.sensor_signs import BASE, CELL, SHAPES, signs
from twin.scene.colours import rgb
from twin.scene.sensor_marks import BAD, STALE

RIM, EDGE = 0.0048, 0.0011
"""Of the halo around a label, and of the line around that, so that pale halos show on pale ground."""
PAPER, INK, GREY, PALE, STRIPES = "#ffffff", "#23201c", "#6d675f", "#e4e0d8", "#cfc9be"
OWN = ""
"""The colour of the class."""
SIDE = HEIGHT * 1.12
"""Of the cell of a letter on the picture."""
SINK = SIDE * BASE / CELL - HEIGHT * 0.23
"""Letters hang so far below the lower edge of their label."""
LIFTS = 3
"""So many times its height a label is lifted at most."""
UNKNOWN = 0.2
"""Width of a letter that there is no picture of, in cells."""
CODES = 0x3000
"""All letters there are pictures of have a smaller number."""

X = tuple[float, float]
"""A place across: so many halves of the width of the label from its middle, and so much more."""
Box = tuple[X, float, X, float]
Place = tuple[float, float, float, float]
Part = tuple[Box, Place, str, float]
"""Where on the picture, where in the signs, in which colour, how solid."""


def kept_inside(written: Sequence[Label], wide: float, times: float = 1.0) -> tuple[Label, ...]:
    """The labels of sensors in a picture, moved so that it shows them whole; none that is wider than it.

    Those that would cover one another are lifted, as far as that helps. wide: the picture, over its height.
    """
    half = times * ((SIGN * 1.4 + _letters(tuple(label.text for label in written)).widths) / 2 + RIM + EDGE)
    tall = times * (HEIGHT + 2 * (RIM + EDGE))
    found: list[Label] = []
    taken: list[tuple[float, float, float]] = []
    # the nearest, which are drawn last, stay where they are
    for label, each in zip(reversed(written), half[::-1].tolist(), strict=True):
        most = wide / 2 - each
        if most < 0 or abs(label.x) > wide / 2 or abs(label.y) > 0.5:
            continue
        middle = min(max(label.x, -most), most)
        lowest = min(label.y + times * (STEM - RIM - EDGE), 0.5 - tall)
        highest = min(lowest + LIFTS * tall, 0.5 - tall) + 1e-9
        tried = sorted({lowest, *(at + tall for _, at, _ in taken if lowest < at + tall <= highest)})
        free = (at for at in tried if not any(_cover(middle, at, each, tall, other) for other in taken))
        bottom = next(free, lowest)
        taken.append((middle, bottom, each))
        lower = label.y + times * (STEM - RIM - EDGE) - bottom
        found.insert(0, replace(label, aside=middle - label.x, lower=lower))
    return tuple(found)


def _cover(middle: float, bottom: float, half: float, tall: float, other: tuple[float, float, float]) -> bool:
    """Whether a label covers another: its middle, lower edge and half of its width."""
    return abs(middle - other[0]) < half + other[2] and abs(bottom - other[1]) < tall - 1e-9


def drawn(written: Sequence[Label], observed: str, times: float = 1.0) -> Quads:
    """All that labels are made of, the first behind the others.

    times: so many times as large it will be shown.
    """
    letters = _letters(tuple(label.text for label in written))
    half = (SIGN * 1.4 + letters.widths) / 2
    moved = np.array([(label.aside, -label.lower) * 2 for label in written]) / times
    left = letters.along + SIGN * 1.12 - half[letters.owner] + moved[letters.owner, 0]
    foot = STEM - SINK + moved[letters.owner, 1]
    inks = np.array([[*rgb(_ink(label.status)), 1.0] for label in written])
    owners, boxes = [letters.owner], [np.column_stack([left, foot, left + SIDE, foot + SIDE])]
    places, colours = [letters.places], [inks[letters.owner]]
    status = np.array([label.status for label in written])
    for one in np.unique(status).tolist():
        labels, frame = np.flatnonzero(status == one), _frame(one, observed)
        own = np.array([rgb(written[label].colour) for label in labels.tolist()])
        tones = np.tile(frame.colours, (len(labels), 1, 1))
        tones[:, frame.own, :3] = own[:, None]
        owners.insert(0, np.repeat(labels, len(frame.own)))
        shift = half[labels, None, None] * frame.halves + moved[labels, None] * frame.moving
        boxes.insert(0, (frame.fixed + shift).reshape(-1, 4))
        places.insert(0, np.tile(frame.places, (len(labels), 1)))
        colours.insert(0, tones.reshape(-1, 4))
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")  # of each label its frame, then its letters
    feet = np.array([(label.x, label.y) for label in written]) / times
    around = np.tile(feet[owner], 2)
    tones = np.rint(255 * np.concatenate(colours)).astype(np.uint8)
    return quads((np.concatenate(boxes) + around)[order], np.concatenate(places)[order], tones[order])


@dataclass(frozen=True, eq=False, slots=True)
class _Frame:
    """What all labels of a status have, in columns."""

    fixed: NDArray[np.float64]
    """(n, 4) left, bottom, right, top."""
    halves: NDArray[np.float64]
    """(n, 4) how much of half the width of the label is added."""
    places: NDArray[np.float64]
    """(n, 4) in the signs."""
    colours: NDArray[np.float64]
    """(n, 4) 0-1."""
    own: NDArray[np.bool_]
    """(n,) those in the colour of the class."""
    moving: NDArray[np.float64]
    """(n, 4) 1 of each side that goes with the label, 0 of what stays at the sensor."""


@lru_cache(maxsize=64)
def _frame(status: int, observed: str) -> _Frame:
    atlas = signs().places
    top = STEM + HEIGHT
    parts: list[Part] = [(((0, -EDGE), 0.0, (0, EDGE), STEM), atlas["full"], GREY, 1.0)]
    for dot, tone in ((0.0058, GREY), (0.0045, OWN)):
        parts.append((((0, -dot), -dot, (0, dot), dot), atlas["round"], tone, 1.0))
    standing = len(parts)
    rim = 0.3 * RIM if status else RIM
    parts += [*_pill(rim + EDGE, GREY), *_pill(rim, OWN)]
    parts += _pill(0.0, {BAD: OWN, STALE: PALE}.get(status, PAPER))
    if status == STALE:
        box = (-1.0, SIGN), STEM, (1.0, -SIGN / 2), top
        parts.append((box, atlas["stripes"], STRIPES, 0.6))
    sign = observed if observed in SHAPES else "unknown"
    sign = {BAD: "cross", STALE: "clock"}.get(status, sign)
    inset = 0.12 * SIGN
    box = (-1.0, 2 * inset), STEM + inset, (-1.0, SIGN), top - inset
    parts.append((box, atlas[sign], _ink(status), 1.0))
    moving = np.ones((len(parts), 4))
    moving[:standing] = 0.0
    moving[0, 3] = 1.0  # the stem reaches up to the label
    return _Frame(
        np.array([(left[1], low, right[1], high) for (left, low, right, high), *_ in parts]),
        np.array([(left[0], 0.0, right[0], 0.0) for (left, _, right, _), *_ in parts]),
        np.array([place for _, place, _, _ in parts]),
        np.array([[*rgb(tone or PAPER), solid] for _, _, tone, solid in parts]),
        np.array([tone == OWN for _, _, tone, _ in parts]),
        moving,
    )


def _pill(grown: float, tone: str) -> list[Part]:
    """A box with round ends, so much larger than a label on all sides."""
    low, high = STEM - grown, STEM + HEIGHT + grown
    radius = (high - low) / 2
    u0, v0, u1, v1 = signs().places["round"]
    middle = (u0 + u1) / 2
    ends: tuple[X, X, X, X] = (-1, -grown), (-1, radius - grown), (1, grown - radius), (1, grown)
    return [
        ((ends[0], low, ends[1], high), (u0, v0, middle, v1), tone, 1.0),
        ((ends[1], low, ends[2], high), signs().places["full"], tone, 1.0),
        ((ends[2], low, ends[3], high), (middle, v0, u1, v1), tone, 1.0),
    ]


def _ink(status: int) -> str:
    return {BAD: PAPER, STALE: GREY}.get(status, INK)


@dataclass(frozen=True, eq=False, slots=True)
class _Letters:
    """All that is seen of letters, in columns."""

    owner: NDArray[np.intp]
    """Of which text."""
    along: NDArray[np.float64]
    """From the beginning of its text."""
    places: NDArray[np.float64]
    """(n, 4) in the signs."""
    widths: NDArray[np.float64]
    """Of each text."""


def _letters(texts: Sequence[str]) -> _Letters:
    wide, places = _alphabet()
    codes = np.minimum(np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32), CODES - 1)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    steps = wide[codes] * SIDE + 0.05 * LETTER
    widths = np.bincount(owner, steps, len(texts)).astype(np.float64)
    along = np.cumsum(steps) - steps - (np.cumsum(widths) - widths)[owner]
    seen = np.isfinite(places[codes, 0])
    return _Letters(owner[seen], along[seen], places[codes[seen]], widths)


@lru_cache(maxsize=1)
def _alphabet() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By number of a letter its width in cells (n,), and its place in the signs: (n, 4); NaN: nowhere."""
    wide, places = np.full(CODES, UNKNOWN), np.full((CODES, 4), np.nan)
    for letter, width in signs().widths.items():
        wide[ord(letter)], places[ord(letter)] = width, signs().places[letter]
    return wide, places
