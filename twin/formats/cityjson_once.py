"""Chooses what to show of CityJSON objects that are given more than once."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from twin.formats.cityjson_geometries import NO_LOD, Columns
from twin.formats.cityjson_rings import Polygons
from twin.formats.report import Skips
from twin.model.triangulate import normals

BLOCK = 2.0
"""An object of a lower LoD is only a footprint or block around parts of a higher one."""
HIDDEN = 9.0
"""An LoD that nothing has."""


def label(lod: float) -> str:
    """As `2.2`."""
    return "?" if lod == NO_LOD else f"{lod:g}"


def shown(
    polygons: Polygons, columns: Columns, types: Sequence[str], parents: Sequence[int]
) -> NDArray[np.bool_]:
    """The polygons that show each thing once: (p,).

    Each object shows its highest LoD with surfaces; none where that is a footprint or block around parts of a
    higher LoD.
    """
    owner, lod = columns.object, columns.lod
    there = np.bincount(polygons.geometry, minlength=len(owner)) > 0
    best = np.full(len(types), -np.inf)
    np.maximum.at(best, owner[there], lod[there])
    best[_blocks(polygons, owner, lod, best, types, parents)] = HIDDEN
    return np.asarray((lod == best[owner])[polygons.geometry])


def doubles(
    polygons: Polygons, kinds: NDArray[np.uint8], columns: Columns, where: Callable[[int], str], skips: Skips
) -> NDArray[np.bool_]:
    """Polygons without a semantic type that another geometry of the object has in the same LoD too: (p,).

    kinds: the semantic types. where: where a geometry stands.
    """
    double = np.zeros(len(polygons.geometry), dtype=bool)
    # objects in one of their LoDs
    group = np.unique(np.column_stack([columns.object, columns.lod]), axis=0, return_inverse=True)[1]
    group = group.reshape(-1)
    there = np.flatnonzero(np.bincount(polygons.geometry, minlength=len(group)))
    several = np.bincount(group[there], minlength=len(group)) > 1
    rows = np.flatnonzero(several[group][polygons.geometry])
    if not len(rows):
        return double
    # equal ones side by side, those with a semantic type first, because they say more
    group_of, corners = group[polygons.geometry[rows]], _corners(polygons, rows)
    geometry, untyped = polygons.geometry[rows], kinds[rows] == 0
    order = np.lexsort((untyped, corners, group_of))
    ahead = np.diff(group_of[order], prepend=-1) != 0
    ahead[1:] |= corners[order][1:] != corners[order][:-1]
    first = np.maximum.accumulate(np.where(ahead, np.arange(len(order)), 0))
    elsewhere = geometry[order] != geometry[order[first]]
    double[rows[order]] = elsewhere & untyped[order]
    counts = np.bincount(polygons.geometry[double])
    for row in np.flatnonzero(counts).tolist():
        skips.at(where(row), "surface given twice", "shown once", int(counts[row]))
    return double


def _corners(polygons: Polygons, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A number for the corners of the exteriors of chosen polygons, whichever comes first: (p,)."""
    exterior = polygons.exterior[rows]
    begin, lengths = polygons.ring_starts[exterior], np.diff(polygons.ring_starts)[exterior]
    points = polygons.positions[polygons.vertex[_spans(begin, lengths)]]
    bits = (points + 0.0).view(np.uint64)  # with 0.0 for -0.0
    mixed = bits @ np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
    for shift in (29, 32):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray(np.add.reduceat(mixed, np.cumsum(lengths) - lengths))


def _spans(starts: NDArray[np.int32], lengths: NDArray[np.int32]) -> NDArray[np.int64]:
    ahead = np.cumsum(lengths) - lengths
    return np.asarray(np.arange(int(lengths.sum())) + np.repeat(starts - ahead, lengths))


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
    object_of, points = owner[seen.geometry], seen.positions[seen.vertex]
    ring_low = np.minimum.reduceat(points[:, 2], seen.ring_starts[:-1])
    ring_high = np.maximum.reduceat(points[:, 2], seen.ring_starts[:-1])
    lows, highs = np.full(len(types), np.inf), np.full(len(types), -np.inf)
    np.minimum.at(lows, object_of, ring_low[seen.exterior])
    np.maximum.at(highs, object_of, ring_high[seen.exterior])
    block = parent[part]
    middle = (lows[part] + highs[part]) / 2
    inside = (highs[block] <= lows[block]) | ((lows[block] <= middle) & (middle <= highs[block]))

    # a point in the largest polygon of each part has to lie in its block
    area = np.abs(normals(points, seen.ring_starts)[seen.exterior, 2])
    order = np.lexsort((-area, object_of))
    point = shapely.point_on_surface(_flat(seen, order[np.searchsorted(object_of[order], part)]))
    on_map = np.flatnonzero(coarse[object_of] & (area > 0))
    ground: dict[int, BaseGeometry] = {}
    several = np.flatnonzero(np.diff(object_of[on_map], append=-1, prepend=-1))
    shapes = _flat(seen, on_map)
    for begin, end in itertools.pairwise(several.tolist()):
        shape = shapes[begin] if end == begin + 1 else shapely.union_all(shapes[begin:end])
        ground[int(object_of[on_map[begin]])] = shape
    nothing = shapely.Point()
    around = np.array([ground.get(row, nothing) for row in block.tolist()], dtype=object)
    inside &= shapely.covers(around, point) | shapely.is_empty(point)
    outside = np.zeros(len(types), dtype=bool)
    outside[block[~inside]] = True
    return np.flatnonzero(coarse & ~outside)


def _flat(polygons: Polygons, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    """The shape on the map of chosen polygons, without holes."""
    ring = polygons.exterior[rows]
    begin, lengths = polygons.ring_starts[ring], np.diff(polygons.ring_starts)[ring]
    points = polygons.positions[polygons.vertex[_spans(begin, lengths)], :2]
    rings = shapely.linearrings(points, indices=np.repeat(np.arange(len(rows)), lengths))
    # the buffer mends those that cross themselves
    return np.asarray(shapely.buffer(shapely.polygons(rings), 0), dtype=object)
