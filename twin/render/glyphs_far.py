"""Draws very many small shapes: the nearest in full, the others as points of their colour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkGlyph3DMapper, vtkProp, vtkRenderer

from twin.model.state import Camera
from twin.render import arrays
from twin.render.ground import is_near
from twin.render.sensor_layout import seen
from twin.scene.items import Glyphs

MANY = 4000
"""More shapes than this are not all drawn in full."""
FULL = 1500
"""So many of them are."""
SMALLEST = 0.004
"""What is smaller than this part of the height of the picture is a point."""
ASPECT = 2.5
"""Wider than this, width over height, hardly a picture is; beyond it shapes are points."""
MOVING = 30_000
"""So many points are drawn while the picture moves."""
HIGH = 0.85
"""Points stand so far up the shape."""
FEWEST, MOST = 1.0, 4.0
"""Size of points. [px]"""


@dataclass(frozen=True, eq=False)
class Crowd:
    """All shapes of a layer."""

    places: NDArray[np.float64]
    sizes: NDArray[np.float64]
    colours: tuple[NDArray[np.uint8], ...]
    """Of each part of the shape: (n, 3)."""

    @cached_property
    def largest(self) -> NDArray[np.float64]:
        """The largest side of each. [m]"""
        return np.asarray(self.sizes.max(axis=1))


_crowds: WeakKeyDictionary[vtkProp, Crowd] = WeakKeyDictionary()


def make_far(crowd: Crowd, parts: tuple[vtkActor, ...], opacity: float) -> tuple[vtkActor, vtkActor]:
    """The points of a crowd, all of them and those that are enough while the picture moves.

    Its nearest shapes `face_glyphs` gives to the actors of its parts.
    """
    _crowds[parts[0]] = crowd
    every = np.arange(len(crowd.places))
    some = np.sort(np.random.default_rng(0).permutation(every)[:MOVING])  # the same each time
    return _points(crowd, every, opacity), _points(crowd, some, opacity)


def _points(crowd: Crowd, rows: NDArray[np.integer], opacity: float) -> vtkActor:
    up = np.column_stack([np.zeros((len(rows), 2)), HIGH * crowd.sizes[rows, 2]])
    data = arrays.cloud(crowd.places[rows] + up)
    arrays.set_vertices(data)
    arrays.set_point_colours(data, crowd.colours[-1][rows])
    made = arrays.actor(data, opacity=opacity, flat=True)
    made.PickableOff()
    return made


def face_glyphs(actors: tuple[vtkProp, ...], item: Glyphs, renderer: vtkRenderer, camera: Camera) -> None:
    """Shows a layer from as far as it is wanted, and of very many shapes the nearest in full."""
    shown = is_near(item.look.near, item.look.far, camera)
    for actor in actors:
        actor.SetVisibility(shown)
    crowd = _crowds.get(actors[0]) if shown and actors else None
    if crowd is None:
        return
    x, y, depth = seen(crowd.places, camera)
    scale = camera.height or np.maximum(depth, 1e-6)  # the same for all, or by distance
    tall = crowd.largest / scale / (1.0 if camera.height else _opened(camera))
    inside = (depth > 0) & (np.abs(x) < ASPECT / 2) & (np.abs(y) < 0.6)
    rows = np.flatnonzero(inside & (tall > SMALLEST))
    if len(rows) > FULL:
        rows = rows[np.argpartition(-tall[rows], FULL)[:FULL]]
    for actor, colours in zip(actors[:-2], crowd.colours, strict=True):
        assert isinstance(actor, vtkActor)
        mapper = actor.GetMapper()
        assert isinstance(mapper, vtkGlyph3DMapper)
        mapper.SetInputData(with_sizes(crowd.places[rows], crowd.sizes[rows], colours[rows]))
        actor.SetVisibility(len(rows) > 0)
    pixels = float(np.median(tall[inside])) * renderer.GetSize()[1] if inside.any() else FEWEST
    for far, more in zip(actors[-2:], (0.0, 1.0), strict=True):  # fewer points are larger
        assert isinstance(far, vtkActor)
        far.GetProperty().SetPointSize(min(max(round(0.5 * pixels), FEWEST), MOST) + more)


def aim_glyphs(actors: tuple[vtkProp, ...], _renderer: vtkRenderer, *, moving: bool) -> None:
    """Of very many shapes draws fewer points while the picture moves."""
    if not actors or actors[0] not in _crowds:
        return
    shown = bool(actors[-1].GetVisibility() or actors[-2].GetVisibility())
    actors[-2].SetVisibility(shown and not moving)
    actors[-1].SetVisibility(shown and moving)


def with_sizes(
    places: NDArray[np.float64], sizes: NDArray[np.float64], colours: NDArray[np.uint8]
) -> vtkPolyData:
    """Points with the size and the colour of the shape that stands on each."""
    points = arrays.cloud(places)
    scale = numpy_to_vtk(np.ascontiguousarray(sizes), deep=True)
    scale.SetName("size")
    points.GetPointData().AddArray(scale)
    arrays.set_point_colours(points, colours)
    return points


def _opened(camera: Camera) -> float:
    """How tall the part of the world is that is seen from a metre away. [m]"""
    return float(2 * np.tan(np.radians(camera.angle) / 2))
