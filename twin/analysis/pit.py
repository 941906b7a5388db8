"""Digs out ground: a floor, level or as a ramp, with walls or slopes up to the ground around it."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from twin.analysis.mound import Floats, feet
from twin.model.city import SURFACE_TYPES, City, Polygon3D, triangle_object
from twin.model.pit import Pit

LONGEST = 4.0
"""Sides are divided into so long pieces, so that their upper edge can follow a terrain. [m]"""
FLOOR = "OuterFloorSurface"
"""Facing up, outside."""
BELOW = "OuterCeilingSurface"
KIND = "LandUse"
"""CityGML class of what is dug out, and of what is heaped up."""


def dig(
    name: str, area: Polygon, *, depth: float, slope: float = 0.0, falls: float | None = None, lod: int = 2
) -> tuple[Pit, tuple[Polygon3D, ...]]:
    """The opening in the ground, and its floor and sides, each with a front and a back so that they close.

    name: the id of the object. area: of the floor, in local metres; may have holes, which stay as they are.
    depth: of the floor below the ground, greatest where it is a ramp. [m]
    slope: how far the rim lies outside of the floor; 0: walls. [m]
    falls: where a ramp leads down to, clockwise from north; it begins at the height of the ground; None: the
        floor is level. [deg]
    Raises ValueError for an area that crosses itself or has no size, slopes that meet each other, and a ramp
    with slopes.
    """
    if not area.is_valid or area.area <= 0:
        raise ValueError("its outline crosses itself or has no size")
    if falls is not None and slope > 0:
        raise ValueError("a ramp has walls; take the slopes away")
    bottom = shapely.segmentize(shapely.orient_polygons(area), LONGEST)
    low = [np.array(ring.coords)[:-1, :2] for ring in (bottom.exterior, *bottom.interiors)]
    high = feet(low, slope)
    deep = [_deep(ring, low[0], depth, falls) for ring in low]
    floor = [np.column_stack(pair) for pair in zip(low, deep, strict=True)]
    found = [
        Polygon3D(tuple(floor), FLOOR, lod),
        Polygon3D(tuple(ring[::-1] for ring in floor), BELOW, lod),
    ]
    for below, above in zip(floor, high, strict=True):
        edge = np.column_stack([above, np.zeros(len(above))])
        for start in range(len(below)):
            end = (start + 1) % len(below)
            side = np.array([below[end], below[start], edge[start], edge[end]])
            if np.ptp(side[:, 2]) > 0:  # where a ramp begins there is no wall
                found += [
                    Polygon3D((side,), "WallSurface", lod),
                    Polygon3D((side[::-1],), "WallSurface", lod),
                ]
    return Pit(name, Polygon(high[0], high[1:]), Polygon(floor[0], floor[1:])), tuple(found)


def pit_triangles(city: City) -> NDArray[np.bool_]:
    """Which triangles belong to pits: (m,)."""
    floors = city.surface_object[city.surface_type == SURFACE_TYPES.index(FLOOR)]
    pits = np.zeros(len(city.object_id), dtype=bool)
    pits[floors] = True
    pits &= city.object_type == KIND
    return np.asarray(pits[triangle_object(city)], dtype=bool)


def _deep(ring: Floats, outline: Floats, depth: float, falls: float | None) -> Floats:
    """How high the floor is at each corner of a ring: (n,). [m]"""
    if falls is None:
        return np.full(len(ring), -depth)
    way = np.array([math.sin(math.radians(falls)), math.cos(math.radians(falls))])
    along = outline @ way
    share = (ring @ way - along.min()) / np.ptp(along)
    share[share < 1e-9] = 0.0
    return np.asarray(-depth * share)
