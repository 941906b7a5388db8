"""Draws sensors: a bar where that is wished for, and before everything a label with sign and value."""

from __future__ import annotations

from functools import lru_cache
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp, vtkRenderer

from twin.model.heard import LAYER
from twin.model.state import Camera, Selection
from twin.render import arrays
from twin.render.quads import Quads, make_quads, quads, show_quads, text_size
from twin.render.sensor_layout import HEIGHT, LETTER, SIGN, STEM, Label, labels, seen, tops
from twin.render.sensor_signs import BASE, CELL, SHAPES, signs
from twin.scene.colours import rgb
from twin.scene.sensor_marks import BAD, STALE, SensorMarks

SLENDER = 16.0
"""The highest bar is so many times as high as half its width."""
RIM, EDGE = 0.0048, 0.0011
"""Of the halo around a label, and of the line around that, so that pale halos show on pale ground."""
PAPER, INK, GREY, PALE = "#ffffff", "#23201c", "#6d675f", "#e4e0d8"

Box = tuple[float, float, float, float]
Quad = tuple[Box, Box, str, float]
"""Where on the picture, where in the signs, in which colour, how solid."""
_shown: WeakKeyDictionary[vtkProp, tuple[SensorMarks, Camera, float]] = WeakKeyDictionary()


def make_sensors(item: SensorMarks) -> tuple[vtkProp, ...]:
    """The actor of the labels, which `face_sensors` fills, and one of bars."""
    return make_quads(), _bars(item)


def update_sensors(actors: tuple[vtkProp, ...], _old: SensorMarks, new: SensorMarks) -> bool:
    """Shows other values with the same actors."""
    bars = actors[1]
    assert isinstance(bars, vtkActor)
    bars.GetMapper().SetInputDataObject(_bar_data(new))
    arrays.refresh(bars)
    bars.GetProperty().SetOpacity(new.opacity)
    bars.SetVisibility(bool(new.bars))
    return True


def face_sensors(
    actors: tuple[vtkProp, ...], item: SensorMarks, renderer: vtkRenderer, camera: Camera
) -> None:
    """Turns the labels to where one looks from, and joins those that would cover one another."""
    made = actors[0]
    assert isinstance(made, vtkActor)
    times = text_size(renderer)
    if _shown.get(made) == (item, camera, times):
        return
    _shown[made] = (item, camera, times)
    observed = item.sensed.observed
    placed = [
        (drawn(label.text, label.colour, label.status, observed), label.x, label.y)
        for label in labels_of(item, camera, times)
    ]
    show_quads(made, placed, renderer, camera, cell=_CELL * times, opacity=item.opacity, times=times)


def labels_of(item: SensorMarks, camera: Camera, times: float = 1.0) -> tuple[Label, ...]:
    """What is written where, from a camera. times: so many times as large as usual."""
    return labels(item.sensed, tops(item, item.sensed.heights if item.bars else None), camera, times=times)


def sensor_hit(
    item: SensorMarks, camera: Camera, x: float, y: float, size: tuple[int, int], times: float = 1.0
) -> Selection | None:
    """The sensor whose label lies under a pixel from the upper left corner; of several the nearest to it.

    times: so many times as large as usual labels are.
    """
    across, over = (x - size[0] / 2) / size[1], 0.5 - y / size[1]
    found = [label for label in labels_of(item, camera, times) if label.covers(across, over, times)]
    if not found:
        return None
    members = list(found[-1].members)  # the nearest is drawn last
    places = tops(item)
    there, up, _ = seen(places[members], camera)
    row = members[int(np.argmin(np.hypot(there - across, up - over)))]
    east, north, high = places[row].tolist()
    return Selection("sensor", item.sensed.stations[row], LAYER, (east, north, high))


@lru_cache(maxsize=512)
def drawn(text: str, colour: str, status: int, observed: str) -> Quads:
    """All that a label is made of, around the foot of its stem."""
    atlas = signs().places
    width = _width(text)
    left, bottom = -width / 2, STEM
    right, top = left + width, bottom + HEIGHT
    found: list[Quad] = [((-EDGE, 0.0, EDGE, bottom), atlas["full"], GREY, 1.0)]
    for dot, tone in ((0.0058, GREY), (0.0045, colour)):
        found.append(((-dot, -dot, dot, dot), atlas["round"], tone, 1.0))
    rim = 0.3 * RIM if status else RIM
    edge = rim + EDGE
    found += _pill((left - edge, bottom - edge, right + edge, top + edge), GREY)
    found += _pill((left - rim, bottom - rim, right + rim, top + rim), colour)
    paper, ink = (colour, PAPER) if status == BAD else (PAPER, INK)
    if status == STALE:
        paper, ink = PALE, GREY
    found += _pill((left, bottom, right, top), paper)
    sign = observed if observed in SHAPES else "unknown"
    if status:
        sign = "cross" if status == BAD else "clock"
        if status == STALE:
            found.append(((left + SIGN, bottom, right - SIGN / 2, top), atlas["stripes"], "#cfc9be", 0.6))
    inset = 0.12 * SIGN
    found.append(((left + 2 * inset, bottom + inset, left + SIGN, top - inset), atlas[sign], ink, 1.0))
    along = left + SIGN * 1.12
    for letter in text:
        if letter in signs().widths:
            box = (along, bottom - _SINK, along + _CELL, bottom - _SINK + _CELL)
            found.append((box, atlas[letter], ink, 1.0))
        along += _step(letter)
    boxes, places, tones, solid = zip(*found, strict=True)
    colours = np.array([[*rgb(tone), part] for tone, part in zip(tones, solid, strict=True)])
    return quads(np.array(boxes), np.array(places), np.rint(255 * colours).astype(np.uint8))


_CELL = HEIGHT * 1.12
"""Side of the cell of a letter on the picture."""
_SINK = _CELL * BASE / CELL - HEIGHT * 0.23


def _step(letter: str) -> float:
    return signs().widths.get(letter, 0.2) * _CELL * 1.0 + 0.05 * LETTER


def _width(text: str) -> float:
    return SIGN * 1.4 + sum(_step(letter) for letter in text)


def _pill(box: Box, colour: str) -> list[Quad]:
    """A box with round ends."""
    left, bottom, right, top = box
    radius = (top - bottom) / 2
    u0, v0, u1, v1 = signs().places["round"]
    middle = (u0 + u1) / 2
    return [
        ((left, bottom, left + radius, top), (u0, v0, middle, v1), colour, 1.0),
        ((left + radius, bottom, right - radius, top), signs().places["full"], colour, 1.0),
        ((right - radius, bottom, right, top), (middle, v0, u1, v1), colour, 1.0),
    ]


def _bars(item: SensorMarks) -> vtkActor:
    made = arrays.actor(_bar_data(item), opacity=item.opacity, flat=True)
    made.SetVisibility(bool(item.bars))
    made.PickableOff()
    return made


def _bar_data(item: SensorMarks) -> vtkPolyData:
    """A box at each sensor, from the ground."""
    sensed = item.sensed
    foot = tops(item) - np.column_stack([np.zeros((len(sensed.places), 2)), sensed.places[:, 2]])
    half = float(sensed.heights.max(initial=0.0)) / SLENDER
    corners = half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    faces = [
        (0, 1, 5),
        (0, 5, 4),
        (1, 2, 6),
        (1, 6, 5),
        (2, 3, 7),
        (2, 7, 6),
        (3, 0, 4),
        (3, 4, 7),
        (4, 5, 6),
        (4, 6, 7),
    ]
    points: list[NDArray[np.float64]] = []
    triangles: list[NDArray[np.int64]] = []
    colours: list[NDArray[np.float64]] = []
    for row, height in enumerate(sensed.heights.tolist() if item.bars else ()):
        if height <= 0:
            continue
        start = 8 * len(points)
        floor = np.column_stack([foot[row, :2] + corners, np.full(4, foot[row, 2])])
        points.append(np.concatenate([floor, floor + np.array([0.0, 0.0, height + sensed.places[row, 2]])]))
        triangles.append(np.asarray(faces) + start)
        tone = np.array(rgb(sensed.colours[row]))
        colours += [(255 * 0.72 * tone).round()] * 4 + [(255 * tone).round()] * 4
    if not points:
        return arrays.empty()
    data = arrays.mesh(np.concatenate(points), np.concatenate(triangles))
    arrays.set_point_colours(data, np.array(colours, dtype=np.uint8))
    return data
