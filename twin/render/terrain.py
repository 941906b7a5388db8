"""Draws the ground as it rises and falls, and finds where a ray meets it."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonCore import mutable
from vtkmodules.vtkCommonDataModel import vtkStaticCellLocator
from vtkmodules.vtkRenderingCore import vtkProp

from twin.model.raster import Raster
from twin.model.state import Point
from twin.model.terrain import Relief, on_grid
from twin.render import arrays
from twin.render.opened import opened
from twin.scene.colours import rgb
from twin.scene.items import Land

DEEP = 0.25
"""The ground lies so far below what is laid on it, as the flat one does. [m]"""
SUN = (315.0, 45.0)
"""Where the light of a hillshade comes from by custom: azimuth and altitude. [deg]"""
FINEST = 2048
"""Rows or columns of the picture of light and shade."""
DARKEST, LIGHTEST = 0.62, 1.06
"""Between which the colour of the ground is shaded."""
STEEPER = 1.6
"""Slopes are shaded as if they were so much steeper: cities are flat."""
REACH = 50_000.0
"""[m]"""


def make_land(item: Land) -> tuple[vtkProp, ...]:
    """The mesh within the data with its hillshade, and the rest, which fades into the haze."""
    relief = item.relief
    points = relief.vertices - np.array([0.0, 0.0, DEEP])
    within, faces, _ = opened(points, relief.triangles[: relief.inner], item.pits)
    inner = arrays.mesh(within, faces)
    west, south, east, north = relief.terrain.heights.bounds
    arrays.set_texture_places(inner, (within[:, :2] - (west, south)) / (east - west, north - south))
    middle = arrays.actor(inner, opacity=item.opacity, flat=True)
    middle.SetTexture(arrays.texture(shaded(relief, item.colour), smooth=True))
    middle.GetProperty().BackfaceCullingOn()
    around = arrays.mesh(points, relief.triangles[relief.inner :])
    colours = np.empty((len(points), 4), dtype=np.uint8)
    colours[:, :3] = [round(255 * part * flat_light()) for part in rgb(item.colour)]
    colours[:, 3] = 255
    colours[len(points) - relief.rim :, 3] = 0
    arrays.set_point_colours(around, colours)
    return middle, arrays.actor(around, opacity=item.opacity, flat=True)


def shaded(relief: Relief, colour: str) -> NDArray[np.uint8]:
    """The ground in light and shade: (rows, columns, 4)."""
    grid = relief.terrain.heights
    step = max(1, -(-max(grid.values.shape) // FINEST))
    light = hillshade(grid.values[::step, ::step], grid.cell * step, STEEPER * relief.exaggeration)
    image = np.empty((*light.shape, 4), dtype=np.uint8)
    tone = DARKEST + (LIGHTEST - DARKEST) * light
    for channel, part in enumerate(rgb(colour)):
        image[..., channel] = np.minimum(tone * np.float32(255 * part), 255)
    image[..., 3] = 255
    return image


def hillshade(heights: NDArray[np.float32], cell: float, steeper: float = 1.0) -> NDArray[np.float32]:
    """How much light falls on each cell, 0-1: slopes after Horn (1981), Proc. IEEE 69, 14."""
    z = np.pad(heights.astype(np.float32) * np.float32(steeper), 1, mode="edge")
    across = z[:-2] + 2 * z[1:-1] + z[2:]
    along = z[:, :-2] + 2 * z[:, 1:-1] + z[:, 2:]
    east, north = (across[:, 2:] - across[:, :-2]) / (8 * cell), (along[:-2] - along[2:]) / (8 * cell)
    azimuth, altitude = (math.radians(angle) for angle in SUN)
    level = math.cos(altitude)
    towards = (math.sin(azimuth) * level, math.cos(azimuth) * level, math.sin(altitude))
    lit = (-east * towards[0] - north * towards[1] + towards[2]) / np.sqrt(1 + east**2 + north**2)
    return np.asarray(np.clip(lit, 0.0, 1.0))


def light_on(relief: Relief, raster: Raster) -> NDArray[np.float64]:
    """How light the ground is under each cell of a raster, 1 where it is level and less in the shade."""
    heights = on_grid(relief.terrain, raster.bounds, raster.cell).values
    heights = heights[: raster.values.shape[0], : raster.values.shape[1]]
    light = hillshade(heights, raster.cell, STEEPER * relief.exaggeration)
    return np.asarray(np.minimum((DARKEST + (LIGHTEST - DARKEST) * light) / flat_light(), 1.0))


def flat_light() -> float:
    """How a level place is shaded."""
    return float(DARKEST + (LIGHTEST - DARKEST) * np.sin(np.radians(SUN[1])))


def on_land(relief: Relief, eye: Point, direction: NDArray[np.float64]) -> Point | None:
    """Where a ray first meets the ground; None where it looks at the sky. [m]"""
    part, at, where = mutable(0.0), [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
    side, cell = mutable(0), mutable(0)
    far = [eye[i] + REACH * float(direction[i]) for i in range(3)]
    # references take what C++ writes
    if not _tree(relief).IntersectWithLine(list(eye), far, 1e-6, part, at, where, side, cell):  # type: ignore[call-overload]
        return None
    return at[0], at[1], at[2]


@lru_cache(maxsize=2)
def _tree(relief: Relief) -> vtkStaticCellLocator:
    data = arrays.mesh(relief.vertices, relief.triangles)
    made = vtkStaticCellLocator()
    made.SetDataSet(data)
    made.BuildLocator()
    return made
