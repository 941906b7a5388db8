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


def triangulate(
    rings: list[NDArray[np.float64]], normal: NDArray[np.float64] | None = None
) -> NDArray[np.int32]:
    """Triangles of one polygon with holes: (m, 3) indices into the rings' corners laid end to end.

    rings: the exterior, then the holes; each (k, 3) without the repeated last corner. [m]
    normal: (3,), of the exterior, where it is known.
    Triangles keep the sense of the exterior. A polygon without area gives none.
    """
    exterior = rings[0]
    if len(rings) == 1 and len(exterior) == 3:
        return np.array([[0, 1, 2]], dtype=np.int32)
    if normal is None:
        normal = normals(exterior, np.array([0, len(exterior)]))[0]
    if not normal.any():
        return np.zeros((0, 3), dtype=np.int32)
    drop = int(np.argmax(np.abs(normal)))
    # keeping the cyclic order of the axes keeps the sense of the ring
    first, second = [(1, 2), (2, 0), (0, 1)][drop]
    flat = np.concatenate(rings)[:, [first, second]]
    flat = np.ascontiguousarray(flat - flat[0])
    ends = np.cumsum([len(ring) for ring in rings]).astype(np.uint32)
    found = mapbox_earcut.triangulate_float64(flat, ends).reshape(-1, 3).astype(np.int32)
    if len(found):
        a, b, c = flat[found[:, 0]], flat[found[:, 1]], flat[found[:, 2]]
        turn = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
        wrong = (turn > 0) != (normal[drop] > 0)
        found[wrong] = found[wrong][:, ::-1]
    return found
