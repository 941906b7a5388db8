"""Cuts what lies on the ground open where the ground is dug out."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.model.pit import Pit
from twin.render import arrays

Floats = NDArray[np.float64]
LEAST = 1e-6
"""Slivers are left out. [m²]"""


def opened(
    points: Floats, triangles: NDArray[np.integer], pits: tuple[Pit, ...]
) -> tuple[Floats, NDArray[np.int64], NDArray[np.intp]]:
    """Triangles without what lies over pits: points (n, 2 or 3) [m], triangles (m, 3), and of which each was.

    Points stay, and new ones follow them, as high as the triangle that they lie on.
    """
    every = np.arange(len(triangles))
    holes = shapely.union_all([pit.rim for pit in pits])
    flat = points[:, :2]
    west, south, east, north = holes.bounds if pits else (np.inf, np.inf, -np.inf, -np.inf)
    corners = flat[triangles]
    low, high = corners.min(axis=1), corners.max(axis=1)
    near = np.flatnonzero(
        (high[:, 0] > west) & (low[:, 0] < east) & (high[:, 1] > south) & (low[:, 1] < north)
    )
    shapes = shapely.polygons(corners[near])
    hit = shapely.intersects(shapes, holes)
    near, shapes = near[hit], shapes[hit]
    if not len(near):
        return points, triangles.astype(np.int64), every
    parts, owner = shapely.get_parts(shapely.difference(shapes, holes), return_index=True)
    large = shapely.area(parts) > LEAST
    new, faces, part = arrays.flat_triangles(parts[large])
    of = near[owner[large][part]]
    if points.shape[1] == 3:
        new = np.column_stack([new, _heights(new, points[triangles[of]])])
    stay = np.delete(every, near)
    return (
        np.concatenate([points, new]),
        np.concatenate([triangles[stay], faces + len(points)]).astype(np.int64),
        np.concatenate([stay, of[faces[:, 0]]]),
    )


def floors(pits: tuple[Pit, ...]) -> tuple[Floats, NDArray[np.int64]]:
    """The floors of pits: points (n, 3) [m], triangles (m, 3)."""
    shapes = np.array([pit.floor for pit in pits], dtype=object)
    flat, triangles, owner = arrays.flat_triangles(shapes)
    heights = np.zeros(len(flat))
    for number, pit in enumerate(pits):
        rings = (pit.floor.exterior, *pit.floor.interiors)
        heights[owner == number] = np.concatenate([np.array(ring.coords)[:-1, 2] for ring in rings])
    return np.column_stack([flat, heights]), triangles


def _heights(flat: Floats, corners: Floats) -> Floats:
    """How high the planes through triangles (n, 3, 3) are at places (n, 2). [m]"""
    a, b, c = corners.transpose(1, 0, 2)
    ab, ac, ap = b - a, c - a, flat - a[:, :2]
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    u = (ap[:, 0] * ac[:, 1] - ap[:, 1] * ac[:, 0]) / area
    v = (ab[:, 0] * ap[:, 1] - ab[:, 1] * ap[:, 0]) / area
    return np.asarray(a[:, 2] + u * ab[:, 2] + v * ac[:, 2])
