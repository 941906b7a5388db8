"""Writes words into the scene, each upright before everything, as many as do not cover one another.

Lengths are parts of the height of the picture, from its middle, so that a picture of any size is alike.
"""

from __future__ import annotations

import math
from functools import lru_cache
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp, vtkRenderer

from twin.model.state import Camera
from twin.model.terrain import Relief
from twin.render import arrays
from twin.render.ground import is_near
from twin.render.sensor_layout import axes, seen
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
AROUND = [(math.cos(turn), math.sin(turn)) for turn in np.arange(8) * math.pi / 4]
STEP = np.array([0, 1, 2, 0, 2, 3])
_written: WeakKeyDictionary[vtkProp, tuple[Texts, tuple[int, ...]]] = WeakKeyDictionary()
_sizes: WeakKeyDictionary[vtkRenderer, float] = WeakKeyDictionary()


def make_labels(_item: Labels) -> tuple[vtkProp, ...]:
    """An actor that `face_labels` fills."""
    made = arrays.actor(vtkPolyData(), flat=True)
    texture = arrays.texture(signs().image[::-1], smooth=True)
    texture.MipmapOn()
    made.SetTexture(texture)
    made.ForceTranslucentOn()
    made.PickableOff()
    return (made,)


def size_labels(renderer: vtkRenderer, times: float) -> None:
    """Writes in letters so many times as large."""
    _sizes[renderer] = times


def face_labels(actors: tuple[vtkProp, ...], item: Labels, renderer: vtkRenderer, camera: Camera) -> None:
    """Turns the labels to where one looks from, and chooses which are written; those that were stay first."""
    made = actors[0]
    assert isinstance(made, vtkActor)
    if not is_near(item.near, item.far, camera):
        made.VisibilityOff()
        return
    known = _written.get(made)
    before = known[1] if known is not None and known[0] is item.texts else ()
    times = _sizes.get(renderer, 1.0)
    x, y, _ = seen(_standing(item), camera)
    rows = chosen(item, camera, before, times)
    _written[made] = item.texts, rows
    made.SetVisibility(bool(rows))
    if not rows:
        return
    forward, right, up = axes(camera)
    near = renderer.GetActiveCamera().GetClippingRange()[0] * 1.02
    tall = camera.height or 2 * math.tan(math.radians(camera.angle) / 2) * near
    every = [letters(item.texts.words[row], times) for row in rows]
    boxes = np.concatenate([box + (x[row], y[row]) * 2 for row, (box, _, _) in zip(rows, every, strict=True)])
    textures = np.concatenate([places for _, places, _ in every])
    rims = np.concatenate([rim for _, _, rim in every])
    order = np.argsort(~rims, kind="stable")  # all rims first, so that none covers a letter
    boxes, textures, rims = boxes[order], textures[order], rims[order]
    across, over = boxes[:, [0, 2, 2, 0]].ravel(), boxes[:, [1, 1, 3, 3]].ravel()
    data = arrays.mesh(
        tall * (across[:, None] * right + over[:, None] * up),
        (np.arange(len(boxes))[:, None] * 4 + STEP).reshape(-1, 3),
    )
    arrays.set_texture_places(
        data, np.column_stack([textures[:, [0, 2, 2, 0]].ravel(), textures[:, [1, 1, 3, 3]].ravel()])
    )
    solid = round(255 * item.opacity)
    tones = np.array([[*(round(255 * part) for part in rgb(c)), solid] for c in (INK, RIM)], dtype=np.uint8)
    arrays.set_point_colours(data, np.repeat(tones[rims.astype(np.intp)], 4, axis=0))
    made.GetMapper().SetInputDataObject(data)
    arrays.refresh(made)
    # the points are counted from here, because coordinates of a city are too large for such small things
    made.SetPosition(*(np.asarray(camera.position) + near * forward))


def chosen(item: Labels, camera: Camera, before: tuple[int, ...] = (), times: float = 1.0) -> tuple[int, ...]:
    """The rows of the texts that are written: none covers another, at most `most`.

    before: those that were written last, which stay while there is room, so that nothing flickers.
    """
    x, y, depth = seen(_standing(item), camera)
    inside = (depth > 0) & (np.abs(y) < 0.5) & (np.abs(x) < ASPECT / 2)
    stay = [row for row in before if inside[row]]
    others = np.flatnonzero(inside)[: LOOKED_AT * item.most].tolist()
    taken: list[int] = []
    edges = np.zeros((item.most, 4))
    tall = HEIGHT * times + GAP
    where: dict[str, list[tuple[float, float]]] = {}
    for row in dict.fromkeys([*stay, *others]):
        if len(taken) == item.most:
            break
        word, at = item.texts.words[row], (float(x[row]), float(y[row]))
        half = width(word, times) / 2 + GAP
        box = (at[0] - half, at[1], at[0] + half, at[1] + tall)
        others_at = edges[: len(taken)]
        free = (
            (others_at[:, 0] >= box[2])
            | (others_at[:, 2] <= box[0])
            | (others_at[:, 1] >= box[3])
            | (others_at[:, 3] <= box[1])
        )
        if not free.all() or any(math.dist(at, other) < ALIKE for other in where.get(word, ())):
            continue
        edges[len(taken)] = box
        where.setdefault(word, []).append(at)
        taken.append(row)
    return tuple(taken)


def width(word: str, times: float = 1.0) -> float:
    """Of a word on the picture."""
    return sum(_step(letter) for letter in word) * _cell(times)


@lru_cache(maxsize=2048)
def letters(word: str, times: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """The letters of a word around its foot: boxes (n, 4), places in the signs (n, 4), which are rim (n,)."""
    cell, along = _cell(times), -width(word, times) / 2
    foot = HALO * times - cell * BASE / CELL + 0.3 * HEIGHT * times
    boxes, places, rims = [], [], []
    for letter in word:
        if letter in signs().widths:
            for shift in (*AROUND, (0.0, 0.0)):
                left, low = along + HALO * times * shift[0], foot + HALO * times * shift[1]
                boxes.append((left, low, left + cell, low + cell))
                places.append(signs().places[letter])
                rims.append(shift != (0.0, 0.0))
        along += _step(letter) * cell
    return np.array(boxes).reshape(-1, 4), np.array(places).reshape(-1, 4), np.array(rims, dtype=bool)


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
