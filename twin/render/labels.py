"""Writes words into the scene, each upright before everything, as many as do not cover one another.

Lengths are parts of the height of the picture, from its middle, so that a picture of any size is alike.
"""

from __future__ import annotations

import math
from functools import lru_cache
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp, vtkRenderer

from twin.model.state import Camera
from twin.model.terrain import Relief
from twin.render.ground import is_near
from twin.render.quads import Quads, make_quads, picture_shape, quads, show_quads, text_size
from twin.render.sensor_layout import seen
from twin.render.sensor_signs import BASE, CELL, signs
from twin.scene.colours import rgb
from twin.scene.items import Labels, Texts
from twin.scene.terrain import heights_on

HEIGHT = 0.0165
"""Of a letter with what hangs below it, at the text size of the settings."""
HALO = 0.0016
"""Width of the pale rim of letters."""
GAP = 0.006
"""At least so much is free between two labels."""
ALIKE = 0.35
"""The same word is written again only so far away."""
LOOKED_AT = 12
"""So many times more labels are tried than are written."""
ASPECT = 4.0
"""Wider than this, width over height, no picture is."""
INK, RIM = "#26231f", "#ffffff"
Boxes = NDArray[np.float64]
"""Left, lower, right and upper edges: (n, 4)."""
NOWHERE: Boxes = np.zeros((0, 4))
AROUND = [(math.cos(turn), math.sin(turn)) for turn in np.arange(8) * math.pi / 4]
_written: WeakKeyDictionary[vtkProp, tuple[Texts, tuple[int, ...]]] = WeakKeyDictionary()
_taken: WeakKeyDictionary[vtkRenderer, WeakKeyDictionary[vtkProp, tuple[Camera, Boxes]]] = WeakKeyDictionary()
"""What the labels of each layer cover on a picture, and from where that was seen."""


def make_labels(_item: Labels) -> tuple[vtkProp, ...]:
    """An actor that `face_labels` fills."""
    return (make_quads(),)


def face_labels(actors: tuple[vtkProp, ...], item: Labels, renderer: vtkRenderer, camera: Camera) -> None:
    """Turns the labels to where one looks from, and chooses which are written; those that were stay first."""
    made = actors[0]
    assert isinstance(made, vtkActor)
    shared = _taken.setdefault(renderer, WeakKeyDictionary())
    shared.pop(made, None)
    if not is_near(item.near, item.far, camera):
        made.VisibilityOff()
        return
    known = _written.get(made)
    before = known[1] if known is not None and known[0] is item.texts else ()
    times = text_size(renderer)
    x, y, _ = seen(_standing(item), camera)
    # of layers that were not turned to this view yet it is not known what they will cover
    others = [boxes for view, boxes in shared.values() if view == camera]
    covered = np.concatenate(others) if others else NOWHERE
    rows = chosen(item, camera, before, times, covered, picture_shape(renderer))
    _written[made] = item.texts, rows
    shared[made] = camera, _boxes(item, rows, x, y, times)
    words = [letters(item.texts.words[row], times) for row in rows]
    feet = [(float(x[row]), float(y[row])) for row in rows]
    # all rims first, so that none covers a letter
    placed = [
        (each, *at)
        for layer in (0, 1)
        for each, at in zip((word[layer] for word in words), feet, strict=True)
    ]
    show_quads(made, placed, renderer, camera, cell=_cell(times), opacity=item.opacity)


def chosen(
    item: Labels,
    camera: Camera,
    before: tuple[int, ...] = (),
    times: float = 1.0,
    covered: Boxes = NOWHERE,
    wide: float | None = None,
) -> tuple[int, ...]:
    """The rows of the texts that are written: none covers another, at most `most`.

    before: those that were written last, which stay while there is room, so that nothing flickers.
    covered: what others cover already; wide: as of `picture_shape`.
    """
    x, y, depth = seen(_standing(item), camera)
    inside = (depth > 0) & (np.abs(y) < 0.5) & (np.abs(x) < ASPECT / 2)
    stay = [row for row in before if inside[row]]
    others = np.flatnonzero(inside)[: LOOKED_AT * item.most].tolist()
    taken: list[int] = []
    edges = np.concatenate([covered, np.zeros((item.most, 4))])
    where: dict[str, list[tuple[float, float]]] = {}
    for row in dict.fromkeys([*stay, *others]):
        if len(taken) == item.most:
            break
        word, at = item.texts.words[row], (float(x[row]), float(y[row]))
        box = _box(word, *at, times)
        others_at = edges[: len(covered) + len(taken)]
        free = (
            (others_at[:, 0] >= box[2])
            | (others_at[:, 2] <= box[0])
            | (others_at[:, 1] >= box[3])
            | (others_at[:, 3] <= box[1])
        )
        cut = wide is not None and not (-wide / 2 <= box[0] < box[2] <= wide / 2 and box[3] <= 0.5)
        if cut or not free.all() or any(math.dist(at, other) < ALIKE for other in where.get(word, ())):
            continue
        edges[len(covered) + len(taken)] = box
        where.setdefault(word, []).append(at)
        taken.append(row)
    return tuple(taken)


def _box(word: str, x: float, y: float, times: float) -> tuple[float, float, float, float]:
    half = width(word, times) / 2 + GAP
    return x - half, y, x + half, y + HEIGHT * times + GAP


def _boxes(
    item: Labels, rows: tuple[int, ...], x: NDArray[np.float64], y: NDArray[np.float64], times: float
) -> Boxes:
    words = item.texts.words
    found = [_box(words[row], float(x[row]), float(y[row]), times) for row in rows]
    return np.array(found).reshape(-1, 4)


def width(word: str, times: float = 1.0) -> float:
    """Of a word on the picture."""
    return sum(_step(letter) for letter in word) * _cell(times)


@lru_cache(maxsize=2048)
def letters(word: str, times: float) -> tuple[Quads, Quads]:
    """The rims of the letters of a word, and the letters themselves, around its foot."""
    cell, along = _cell(times), -width(word, times) / 2
    foot = HALO * times - cell * BASE / CELL + 0.3 * HEIGHT * times
    left, places = [], []
    for letter in word:
        if letter in signs().widths:
            left.append(along)
            places.append(signs().places[letter])
        along += _step(letter) * cell
    inner = np.array([(x, foot, x + cell, foot + cell) for x in left]).reshape(-1, 4)
    within = np.array(places).reshape(-1, 4)
    shifts = HALO * times * np.array(AROUND)[:, [0, 1, 0, 1]]
    return (
        _in_one(np.concatenate([inner + shift for shift in shifts]), np.tile(within, (len(AROUND), 1)), RIM),
        _in_one(inner, within, INK),
    )


def _in_one(boxes: NDArray[np.float64], places: NDArray[np.float64], colour: str) -> Quads:
    tone = np.array([*(round(255 * part) for part in rgb(colour)), 255], dtype=np.uint8)
    return quads(boxes, places, np.tile(tone, (len(boxes), 1)))


def _cell(times: float) -> float:
    """Side of the cell of a letter on the picture."""
    return HEIGHT * times * 1.35


def _step(letter: str) -> float:
    return signs().widths.get(letter, 0.2) + 0.035


def _standing(item: Labels) -> NDArray[np.float64]:
    return item.texts.places if item.relief is None else _on(item.texts, item.relief)


@lru_cache(maxsize=16)
def _on(texts: Texts, relief: Relief) -> NDArray[np.float64]:
    lifted = texts.places.copy()
    lifted[:, 2] += heights_on(relief, lifted[:, :2])
    return lifted
