"""Cuts polygons in space into triangles."""

from __future__ import annotations

import mapbox_earcut
import numpy as np
from numpy.typing import NDArray


def normals(points: NDArray[np.float64], ring_starts: NDArray[np.integer]) -> NDArray[np.float64]:
    """Newell normals of closed rings, twice the area long: (n, 3). [m²]

    points: (p, 3), the corners of all rings, without the repeated last corner. [m]
    ring_starts: (n + 1,), where each ring begins in `points`.
    """
    if len(ring_starts) < 2:
        return np.zeros((0, 3))
    starts = np.asarray(ring_starts[:-1])
    following = np.arange(1, len(points) + 1)
    following[np.asarray(ring_starts[1:]) - 1] = starts
    # relative to a corner of the same ring, because products of far coordinates lose digits
    anchor = np.repeat(points[starts], np.diff(ring_starts), axis=0)
    return np.asarray(np.add.reduceat(np.cross(points - anchor, points[following] - anchor), starts, axis=0))


def triangulate(rings: list[NDArray[np.float64]]) -> NDArray[np.int32]:
    """Triangles of one polygon with holes: (m, 3) indices into the rings' corners laid end to end.

    rings: the exterior, then the holes; each (k, 3) without the repeated last corner. [m]
    Triangles keep the sense of the exterior. A polygon without area gives none.
    """
    if len(rings) == 1 and len(rings[0]) == 3:
        return np.array([[0, 1, 2]], dtype=np.int32)
    starts = np.concatenate([[0], np.cumsum([len(ring) for ring in rings])])
    points = np.concatenate(rings)
    return triangulate_all(points, starts, np.array([0]), np.array([len(rings)]), normals(points, starts)[:1])


def triangulate_all(
    points: NDArray[np.float64],
    ring_starts: NDArray[np.integer],
    first: NDArray[np.integer],
    count: NDArray[np.integer],
    normal: NDArray[np.float64],
) -> NDArray[np.int32]:
    """Triangles of many polygons with holes, one polygon after the other: (m, 3) rows of `points`.

    points: (p, 3), the corners of all rings. ring_starts: (n + 1,), where each ring begins in `points`.
    first: (k,), the exterior ring of each polygon; its holes follow it. count: (k,), the rings of each.
    normal: (k, 3), of the exteriors. Triangles keep the sense of the exterior. A polygon without area gives
    none.
    """
    drop = np.argmax(np.abs(normal), axis=1)
    begin, end = ring_starts[first], ring_starts[first + count]
    polygon = np.repeat(np.arange(len(first)), end - begin)
    offsets = np.concatenate([[0], np.cumsum(end - begin)])
    rows = np.arange(offsets[-1]) - offsets[polygon] + begin[polygon]
    # keeping the cyclic order of the axes keeps the sense of the ring
    axes = np.array([(1, 2), (2, 0), (0, 1)])[drop]
    flat = points[rows[:, None], axes[polygon]]
    flat -= flat[offsets[polygon]]
    shift = np.zeros(len(ring_starts), dtype=np.int64)
    ring = np.repeat(first, count) + np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    shift[ring + 1] = np.repeat(begin, count)
    ends = (ring_starts - shift).astype(np.uint32)
    bounds, begins, stops = (column.tolist() for column in (offsets, first + 1, first + count + 1))
    cut = np.flatnonzero(normal.any(axis=1))
    found = [np.zeros(0, dtype=np.uint32)]
    for k in cut.tolist():
        inner = ends[begins[k] : stops[k]]
        found.append(mapbox_earcut.triangulate_float64(flat[bounds[k] : bounds[k + 1]], inner))
    corners = np.concatenate(found)
    corners += np.repeat(offsets[cut], [len(part) for part in found[1:]]).astype(np.uint32)
    corners = corners.reshape(-1, 3)
    a, b, c = (flat[corners[:, k]] for k in range(3))
    turn = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    of = polygon[corners[:, 0]]
    wrong = (turn > 0) != (normal[of, drop[of]] > 0)
    corners[wrong] = corners[wrong][:, ::-1]
    return np.asarray(rows[corners], dtype=np.int32)
