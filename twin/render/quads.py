"""Draws signs and letters upright before everything, all out of one picture: see `sensor_signs`.

Lengths are parts of the height of the picture, from its middle, so that a picture of any size is alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp, vtkRenderer, vtkTexture

from twin.model.state import Camera
from twin.render import arrays
from twin.render.sensor_layout import axes
from twin.render.sensor_signs import CELL, LEVELS, smaller
from twin.render.view import View

AWAY = 1.02
"""Quads lie so much further away than the nearest that is drawn."""
STEP = np.array([0, 1, 2, 0, 2, 3])


@dataclass(frozen=True, eq=False, slots=True)
class Quads:
    """Upright boxes around a foot, from back to front."""

    corners: NDArray[np.float64]
    """(4 n, 2), to the right and upwards of the foot."""
    places: NDArray[np.float64]
    """(4 n, 2), of the corners in the signs."""
    colours: NDArray[np.uint8]
    """(4 n, 4)"""


Placed = tuple[Quads, float, float]
"""What is drawn, and where its foot is: from the middle of the picture to the right, and upwards."""
_sizes: WeakKeyDictionary[vtkRenderer, float] = WeakKeyDictionary()
_shapes: WeakKeyDictionary[vtkRenderer, float] = WeakKeyDictionary()
_drawn: WeakKeyDictionary[vtkProp, tuple[tuple[Quads, ...], float]] = WeakKeyDictionary()
_faced: WeakKeyDictionary[vtkProp, tuple[float, float]] = WeakKeyDictionary()
"""How large a cell of the signs is on each actor, and how far away. [m]"""
_textures: WeakKeyDictionary[vtkProp, dict[int, vtkTexture]] = WeakKeyDictionary()


def quads(boxes: NDArray[np.float64], places: NDArray[np.float64], colours: NDArray[np.uint8]) -> Quads:
    """Left, bottom, right, top of each: (n, 4) on the picture and (n, 4) in the signs; its colour: (n, 4)."""
    return Quads(_corners(boxes), _corners(places), np.repeat(colours, 4, axis=0))


def _corners(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([boxes[:, [0, 2, 2, 0]].ravel(), boxes[:, [1, 1, 3, 3]].ravel()])


def size_text(renderer: vtkRenderer, times: float) -> None:
    """From now on signs and letters are so many times as large."""
    _sizes[renderer] = times


def text_size(renderer: vtkRenderer) -> float:
    """How many times as large as usual signs and letters are."""
    return _sizes.get(renderer, 1.0)


def shape_picture(renderer: vtkRenderer, wide: float) -> None:
    """From now on signs and letters are kept whole inside of a picture. wide: it, over its height."""
    _shapes[renderer] = wide


def picture_shape(renderer: vtkRenderer) -> float | None:
    """Width of the picture over its height; None: they may be cut by its edges."""
    return _shapes.get(renderer)


def make_quads() -> vtkActor:
    """An actor that `show_quads` fills."""
    made = arrays.actor(vtkPolyData(), flat=True)
    _textures[made] = {}
    _set_level(made, LEVELS[0])
    made.ForceTranslucentOn()
    made.PickableOff()
    return made


def aim_quads(actors: tuple[vtkProp, ...], renderer: vtkRenderer, *, moving: bool) -> None:
    """Takes signs of about the size they are seen in, for the first of some actors.

    To blend finer ones, as a card does, costs a processor more than all that is drawn beside them.
    """
    del moving
    made = actors[0]
    assert isinstance(made, vtkActor)
    if made not in _faced:
        return
    side, away = _faced[made]
    view = View.of(renderer)
    pixels = side * view.pixels / (1.0 if view.flat else away)
    _set_level(made, max((level for level in LEVELS if level * pixels <= CELL), default=LEVELS[0]))


def _set_level(made: vtkActor, level: int) -> None:
    known = _textures[made]
    if level not in known:
        known[level] = arrays.texture(smaller(level)[::-1], smooth=True)
    made.SetTexture(known[level])


def show_quads(
    made: vtkActor,
    placed: Sequence[Placed],
    renderer: vtkRenderer,
    camera: Camera,
    *,
    cell: float,
    opacity: float = 1.0,
    times: float = 1.0,
) -> None:
    """Lays quads over the picture, so many times as large about their feet.

    cell: side of a cell of the signs on the picture, once they are as large.
    While only their feet move, nothing but their points is made anew.
    """
    made.SetVisibility(bool(placed))
    if not placed:
        return
    shown = tuple(each for each, _, _ in placed)
    feet = np.repeat([(x, y) for _, x, y in placed], [len(each.corners) for each in shown], axis=0)
    corners = times * np.concatenate([each.corners for each in shown]) + feet
    points = np.column_stack([corners, np.zeros(len(corners))])
    before = _drawn.get(made)
    if before is None or before[1] != opacity or [*map(id, before[0])] != [*map(id, shown)]:
        count = len(points) // 4
        data = arrays.mesh(points, (np.arange(count)[:, None] * 4 + STEP).reshape(-1, 3))
        arrays.set_texture_places(data, np.concatenate([each.places for each in shown]))
        colours = np.concatenate([each.colours for each in shown])
        colours[:, 3] = np.rint(colours[:, 3] * opacity)
        arrays.set_point_colours(data, colours)
        made.GetMapper().SetInputDataObject(data)
        _drawn[made] = shown, opacity
    else:
        arrays.fill(made.GetMapper().GetInput(), points.astype(np.float32))
    arrays.refresh(made)
    _face(made, renderer, camera, cell)


def _face(made: vtkActor, renderer: vtkRenderer, camera: Camera, cell: float) -> None:
    """Lays the picture's own axes just behind the nearest that is drawn."""
    forward, right, up = axes(camera)
    near = renderer.GetActiveCamera().GetClippingRange()[0] * AWAY
    tall = camera.height or 2 * math.tan(math.radians(camera.angle) / 2) * near
    frame = np.eye(4)
    frame[:3] = np.column_stack(
        [tall * right, tall * up, -forward, np.asarray(camera.position) + near * forward]
    )
    matrix = vtkMatrix4x4()
    matrix.DeepCopy(frame.ravel().tolist())
    made.SetUserMatrix(matrix)
    _faced[made] = cell * tall, near
