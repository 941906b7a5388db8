"""Knows which part of an area is worth opening with: all of it, or where most stands close together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.model.state import Camera
from twin.scene.camera import around, framing

Bounds = tuple[float, float, float, float]
WHOLE = 2000.0
"""An area no longer than this is shown as a whole. [m]"""
CELL = 100.0
"""Of the grid that says where something stands. [m]"""
CLOSE = 0.1
"""Something stands in so large a share of the cells of a place that is built up. 0-1"""
SMALLEST = 500.0
"""What is built up is looked for in places of at least this size. [m]"""
MARGIN = 30.0
"""Around what was found. [m]"""
SAMPLES = 20_000
"""So many corners say where something stands."""


def opening(vertices: NDArray[np.float64], bounds: Bounds) -> Camera:
    """The view of what is worth seeing first: see `built_up`."""
    west, south, east, north = shown = built_up(vertices, bounds)
    x, y, z = vertices.T
    inside = np.abs(z) < max(east - west, north - south)
    if shown != bounds:  # which all lie within
        inside &= (x >= west) & (x <= east) & (y >= south) & (y <= north)
    found = vertices if inside.all() else vertices[inside]
    if not len(found):
        return around(shown)
    return framing(found)


def built_up(vertices: NDArray[np.float64], bounds: Bounds) -> Bounds:
    """West, south, east, north of what is worth seeing first of `vertices` (n, 3) within `bounds`. [m]

    All of it, unless it is scattered so thinly that nothing would be seen of it: then the largest square in
    which a share of CLOSE is built on, or the place with most in it.
    """
    west, south, east, north = bounds
    size = max(east - west, north - south)
    if size <= WHOLE or not len(vertices):
        return bounds
    found = vertices[:: max(len(vertices) // SAMPLES, 1), :2]
    cell = max(CELL, size / 1000)
    columns, rows = (max(int(np.ceil(side / cell)), 1) for side in (east - west, north - south))
    column = np.clip((found[:, 0] - west) // cell, 0, columns - 1).astype(np.intp)
    row = np.clip((found[:, 1] - south) // cell, 0, rows - 1).astype(np.intp)
    taken = np.bincount(row * columns + column, minlength=rows * columns).reshape(rows, columns) > 0
    if taken.mean() >= CLOSE:
        return bounds
    sums = np.pad(np.cumsum(np.cumsum(taken, axis=0), axis=1), ((1, 0), (1, 0)))
    side = size
    while True:
        side = max(side / 2, SMALLEST)
        wide = max(round(side / cell), 1)
        tall, across = min(wide, rows), min(wide, columns)
        held = sums[tall:, across:] - sums[:-tall, across:] - sums[tall:, :-across] + sums[:-tall, :-across]
        low, left = np.unravel_index(int(held.argmax()), held.shape)
        if held[low, left] >= CLOSE * wide * wide or side <= SMALLEST:
            inside = (row >= low) & (row < low + tall) & (column >= left) & (column < left + across)
            corner, other = found[inside].min(axis=0), found[inside].max(axis=0)
            return (
                max(float(corner[0]) - MARGIN, west),
                max(float(corner[1]) - MARGIN, south),
                min(float(other[0]) + MARGIN, east),
                min(float(other[1]) + MARGIN, north),
            )
