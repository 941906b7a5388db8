"""Heaps up ground: a flat top on an area, with walls or slopes down to the ground around it."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from twin.model.city import Polygon3D

SHARPEST = 4.0
"""A corner of the foot reaches no further out than so many slopes."""
Floats = NDArray[np.float64]


def mound(area: Polygon, *, height: float, slope: float = 0.0, lod: int = 2) -> tuple[Polygon3D, ...]:
    """The closed shell of a mound: floor, sides, and its top, normals outwards.

    area: its top, in local metres; may have holes. height: of the top over the ground. [m]
    slope: how far its foot lies outside of the edge of its top; 0: walls. [m]
    Raises ValueError for an area that crosses itself or has no size, and slopes that meet each other.
    """
    if not area.is_valid or area.area <= 0:
        raise ValueError("its outline crosses itself or has no size")
    top = shapely.orient_polygons(area)
    tops = [np.array(ring.coords)[:-1, :2] for ring in (top.exterior, *top.interiors)]
    bottoms = feet(tops, slope)
    found = [
        Polygon3D(tuple(_at(ring[::-1], 0.0) for ring in bottoms), "GroundSurface", lod),
        Polygon3D(tuple(_at(ring, height) for ring in tops), "RoofSurface", lod),
    ]
    for below, above in zip(bottoms, tops, strict=True):
        for start in range(len(below)):
            end = (start + 1) % len(below)
            foot_side, top_side = _at(below[[start, end]], 0.0), _at(above[[end, start]], height)
            side = np.concatenate([foot_side, top_side])
            found.append(Polygon3D((side,), "WallSurface", lod))
    return tuple(found)


def feet(rings: list[Floats], slope: float) -> list[Floats]:
    """The rings of a polygon, its exterior first, as far outside as slopes reach. slope: [m]

    Raises ValueError when slopes meet each other.
    """
    found = [_outwards(ring, slope) if slope > 0 else ring for ring in rings]
    if not Polygon(found[0], found[1:]).is_valid or any(map(_turned, rings, found)):
        raise ValueError(f"slopes of {slope:g} m meet each other; make them steeper")
    return found


def _outwards(ring: Floats, by: float) -> Floats:
    """The corners with every side moved to its right, which is outside of an exterior and into a hole."""
    along = np.roll(ring, -1, axis=0) - ring
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    right = np.column_stack([along[:, 1], -along[:, 0]])
    before = np.roll(right, 1, axis=0)
    # where both moved sides cross; parallel ones would cross nowhere
    middle = right + before
    length = np.maximum((middle * right).sum(axis=1, keepdims=True), 2 / SHARPEST**2)
    return np.asarray(ring + by * middle / length)


def _turned(before: Floats, after: Floats) -> bool:
    """Whether any side runs the other way now, as one does that was shorter than its slopes."""
    old, new = (np.roll(ring, -1, axis=0) - ring for ring in (before, after))
    return bool(((old * new).sum(axis=1) <= 0).any())


def _at(ring: Floats, height: float) -> Floats:
    return np.column_stack([ring, np.full(len(ring), height)])
