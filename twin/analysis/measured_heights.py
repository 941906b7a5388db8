"""How high buildings are by measurements from above: a grid of heights above the ground, or points."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from twin.model.raster import Raster

SHARE = 90.0
"""The height that so much of the roof is below: a mast is above it, an eave below. [%]"""
LEAST = 4
"""Fewer measurements on a roof say nothing."""
INSET = 0.5
"""Measurements so near to the outline may be of the ground or of a neighbour. [m]"""
RING = 6.0
"""The ground is looked for so far around a building. [m]"""
GROUND = 5.0
"""Of the points around it so many lie on the ground or lower. [%]"""
LOWEST = 2.0
"""What is lower is no building. [m]"""


def on_grid(footprint: BaseGeometry, grid: Raster) -> float | None:
    """The height of a building above the ground [m]; None: the grid does not say.

    footprint: local. [m] grid: heights above the ground (nDSM). [m]
    """
    west, south, east, north = footprint.bounds
    rows, columns = grid.values.shape
    left, right = int((west - grid.west) // grid.cell), int((east - grid.west) // grid.cell) + 1
    top, bottom = int((grid.north - north) // grid.cell), int((grid.north - south) // grid.cell) + 1
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, columns), min(bottom, rows)
    if right <= left or bottom <= top:
        return None
    x = grid.west + (np.arange(left, right) + 0.5) * grid.cell
    y = grid.north - (np.arange(top, bottom) + 0.5) * grid.cell
    across, along = np.meshgrid(x, y)
    values = grid.values[top:bottom, left:right].ravel()
    known = np.isfinite(values)
    return _of(footprint, across.ravel()[known], along.ravel()[known], values[known])


def in_points(
    footprint: BaseGeometry, xyz: NDArray[np.float64], tree: shapely.STRtree, classes: NDArray[np.uint8]
) -> float | None:
    """The height of a building above the ground around it, by points (n, 3) [m]; None: too few.

    tree: of the points. classes: ASPRS, where 2 is ground; without such around it the lowest points are.
    """
    near = tree.query(footprint.buffer(RING))
    if not len(near):
        return None
    east, north, up = xyz[near].T
    inside = shapely.contains_xy(footprint, east, north)
    ground = ~inside & (classes[near] == 2)
    around = up[ground] if ground.sum() >= LEAST else up[~inside]
    if len(around) < LEAST:
        return None
    low = float(np.median(around)) if ground.sum() >= LEAST else float(np.percentile(around, GROUND))
    return _of(footprint, east[inside], north[inside], up[inside] - low)


def _of(
    footprint: BaseGeometry,
    east: NDArray[np.float64],
    north: NDArray[np.float64],
    values: NDArray[np.floating],
) -> float | None:
    inner = footprint.buffer(-INSET)
    for shape in (inner, footprint):
        chosen = values[shapely.contains_xy(shape, east, north)] if not shape.is_empty else values[:0]
        if len(chosen) >= LEAST:
            height = float(np.percentile(chosen, SHARE))
            return round(height, 2) if height >= LOWEST else None
    return None
