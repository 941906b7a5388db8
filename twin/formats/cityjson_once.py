"""Chooses what to show of CityJSON objects that are given more than once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.formats.cityjson_objects import NO_LOD, Geometry
from twin.formats.cityjson_rings import Polygons
from twin.formats.report import Skips

BLOCK = 2.0
"""An object of a lower LoD is only a footprint or block around parts of a higher one."""
HIDDEN = 9.0
"""An LoD that nothing has."""


def label(lod: float) -> str:
    """As `LoD2.2`."""
    return "LoD?" if lod == NO_LOD else f"LoD{lod:g}"


def shown(
    polygons: Polygons,
    geometries: Sequence[Geometry],
    types: Sequence[str],
    parents: Sequence[int],
    skips: Skips,
) -> NDArray[np.bool_]:
    """The polygons that show each thing once: (p,).

    Each object keeps its highest LoD with surfaces; none where that is a footprint or block around parts of a
    higher LoD. What is left out is counted.
    """
    owner = np.array([geometry.object for geometry in geometries], dtype=np.int64)
    lod = np.array([geometry.lod for geometry in geometries])
    sizes = np.bincount(polygons.geometry, minlength=len(geometries))
    there = sizes > 0
    best = np.full(len(types), -np.inf)
    np.maximum.at(best, owner[there], lod[there])
    best[_blocks(polygons, owner, lod, best, types, parents)] = HIDDEN
    kept = lod == best[owner]
    for row in np.flatnonzero(there & ~kept).tolist():
        what = f"{label(geometries[row].lod)} surface"
        skips.at(geometries[row].where, what, "shown in a higher LoD", int(sizes[row]))
    return np.asarray(kept[polygons.geometry])


def doubles(
    polygons: Polygons, kinds: NDArray[np.uint8], geometries: Sequence[Geometry], skips: Skips
) -> NDArray[np.bool_]:
    """Polygons without a semantic type that another geometry of the object has too: (p,)."""
    owner = np.array([geometry.object for geometry in geometries], dtype=np.int64)
    double = np.zeros(len(polygons.geometry), dtype=bool)
    present = np.unique(polygons.geometry)
    several = np.flatnonzero(np.bincount(owner[present]) > 1) if len(present) else present
    if not len(several):
        return double
    object_of = owner[polygons.geometry]
    exterior = polygons.exterior
    begins, ends = polygons.ring_starts[exterior], polygons.ring_starts[exterior + 1]
    for thing in several.tolist():
        rows = np.arange(*np.searchsorted(object_of, (thing, thing + 1)))
        if kinds[rows].all():
            continue
        seen: dict[frozenset[tuple[float, ...]], int] = {}
        # those with a semantic type first, because they say more
        for row in sorted(rows.tolist(), key=lambda row: int(kinds[row] == 0)):
            corners = frozenset(map(tuple, polygons.points[begins[row] : ends[row]].tolist()))
            geometry = int(polygons.geometry[row])
            if seen.setdefault(corners, geometry) != geometry and kinds[row] == 0:
                double[row] = True
                skips.at(geometries[geometry].where, "surface given twice", "shown once")
    return double


def _blocks(
    polygons: Polygons,
    owner: NDArray[np.int64],
    lod: NDArray[np.float64],
    best: NDArray[np.float64],
    types: Sequence[str],
    parents: Sequence[int],
) -> NDArray[np.int64]:
    """Objects that are footprints or blocks around parts that say more, as in CityGML."""
    parent = np.array(parents, dtype=np.int64)
    is_part = np.array([kind.endswith("Part") for kind in types], dtype=bool)
    part: NDArray[np.int64] = np.flatnonzero((parent >= 0) & is_part & (best > -np.inf))
    finest = np.full(len(types), np.inf)
    np.minimum.at(finest, parent[part], best[part])
    coarse = (best > -np.inf) & (best < np.minimum(finest, BLOCK)) & np.isfinite(finest)
    part = part[coarse[parent[part]]]
    if not len(part):
        return np.zeros(0, dtype=np.int64)
    involved = coarse.copy()
    involved[part] = True
    seen = polygons.only((lod == best[owner])[polygons.geometry] & involved[owner[polygons.geometry]])
    object_of = owner[seen.geometry]
    low, high, area, ground = _extents(seen)
    lows, highs = np.full(len(types), np.inf), np.full(len(types), -np.inf)
    np.minimum.at(lows, object_of, low)
    np.maximum.at(highs, object_of, high)
    block = parent[part]
    middle = (lows[part] + highs[part]) / 2
    inside = (highs[block] <= lows[block]) | ((lows[block] <= middle) & (middle <= highs[block]))

    # a point in the largest polygon of each part, against every polygon of its block
    order = np.lexsort((-area, object_of))
    largest = order[np.searchsorted(object_of[order], part)]
    point = shapely.point_on_surface(ground[largest])
    begin = np.searchsorted(object_of, block)
    count = np.searchsorted(object_of, block, side="right") - begin
    pair = np.repeat(np.arange(len(part)), count)
    polygon = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count) + begin[pair]
    covered = np.bincount(pair[shapely.covers(ground[polygon], point[pair])], minlength=len(part)) > 0
    inside &= covered | shapely.is_empty(point)
    outside = np.zeros(len(types), dtype=bool)
    outside[block[~inside]] = True
    return np.flatnonzero(coarse & ~outside)


def _extents(
    polygons: Polygons,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.object_]]:
    """Lowest and highest height of each polygon, and its area and shape on the map, without holes."""
    ring = np.zeros(len(polygons.ring_polygon), dtype=bool)
    ring[polygons.exterior] = True
    lengths = np.diff(polygons.ring_starts)
    points = polygons.points[np.repeat(ring, lengths)]
    starts = np.concatenate([[0], np.cumsum(lengths[ring])])
    rings = shapely.linearrings(points[:, :2], indices=np.repeat(np.arange(len(starts) - 1), lengths[ring]))
    # the buffer drops walls, which are lines on the map
    flat = shapely.buffer(shapely.polygons(rings), 0)
    low = np.minimum.reduceat(points[:, 2], starts[:-1])
    high = np.maximum.reduceat(points[:, 2], starts[:-1])
    return low, high, shapely.area(flat), np.asarray(flat, dtype=object)
