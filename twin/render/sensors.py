"""Draws sensors: a bar where that is wished for, and before everything a label with sign and value."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp, vtkRenderer

from twin.model.heard import LAYER
from twin.model.state import Camera, Selection
from twin.render import arrays
from twin.render.quads import make_quads, picture_shape, show_quads, text_size
from twin.render.sensor_layout import Label, labels, seen, tops
from twin.render.sensor_pills import SIDE, drawn, kept_inside
from twin.scene.colours import rgb
from twin.scene.sensor_marks import SensorMarks

SLENDER = 16.0
"""The highest bar is so many times as high as half its width."""


@dataclass(frozen=True, eq=False, slots=True)
class _Shown:
    """What an actor of labels was filled with."""

    item: SensorMarks
    camera: Camera
    times: float
    wide: float | None
    """As of `picture_shape`."""
    labels: tuple[Label, ...]

    def looks_like(self, other: _Shown) -> bool:
        """Whether the same is written in the same places."""
        mine, theirs = (
            (each.camera, each.times, each.item.opacity, each.item.sensed.observed, each.labels)
            for each in (self, other)
        )
        return mine == theirs


_shown: WeakKeyDictionary[vtkProp, _Shown] = WeakKeyDictionary()


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
    times, wide, before = text_size(renderer), picture_shape(renderer), _shown.get(made)
    view = camera, times, wide
    if before is not None and before.item == item and (before.camera, before.times, before.wide) == view:
        return
    written = labels_of(item, camera, times)
    if wide is not None:
        written = kept_inside(written, wide, times)
    now = _shown[made] = _Shown(item, *view, written)
    if before is not None and now.looks_like(before):
        return  # as time passes often nobody says anything new
    placed = [(drawn(now.labels, item.sensed.observed, times), 0.0, 0.0)] if now.labels else []
    show_quads(made, placed, renderer, camera, cell=SIDE * times, opacity=item.opacity, times=times)


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
