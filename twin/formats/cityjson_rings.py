"""Makes rings of corners out of rings of vertex numbers, and leaves out those that cannot be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.formats.cityjson_boundaries import LARGEST, Boundaries
from twin.formats.cityjson_geometries import Columns

FARTHEST = 1e9
"""No coordinate on Earth is larger, in metres or degrees."""
REASONS = (
    "",
    "a vertex number is out of range",
    "a coordinate is too large",
    "a ring needs 3 different corners",
    "it has no ring",
)
OUTSIDE, TOO_LARGE, FEW, NONE = 1, 2, 3, 4


@dataclass(frozen=True, eq=False, slots=True)
class Polygons:
    """Polygons with at least an exterior."""

    positions: NDArray[np.float64]
    """(v, 3), where vertices are."""
    vertex: NDArray[np.int32]
    """(n,), a row of `positions` for each corner, without repeated last corners."""
    corner: NDArray[np.int32]
    """(n,), its place among the numbers of the boundaries."""
    ring_starts: NDArray[np.int32]
    """(r + 1,)"""
    ring_polygon: NDArray[np.int32]
    """(r,), each polygon's exterior first."""
    ring: NDArray[np.int32]
    """(r,), its place among the rings of the boundaries."""
    geometry: NDArray[np.int32]
    """(p,), not falling."""
    polygon: NDArray[np.int32]
    """(p,), its place among the polygons of the boundaries."""

    def only(self, keep: NDArray[np.bool_]) -> Polygons:
        """The chosen polygons."""
        ring = keep[self.ring_polygon]
        lengths = np.diff(self.ring_starts)
        corner = np.repeat(ring, lengths)
        return Polygons(
            self.positions,
            self.vertex[corner],
            self.corner[corner],
            _starts(lengths[ring]),
            (np.cumsum(keep, dtype=np.int32) - 1)[self.ring_polygon[ring]],
            self.ring[ring],
            self.geometry[keep],
            self.polygon[keep],
        )

    @property
    def exterior(self) -> NDArray[np.int64]:
        """The first ring of each polygon: (p,)."""
        return np.flatnonzero(np.diff(self.ring_polygon, prepend=-1))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something left out."""

    what: str
    reason: str
    geometry: int


def polygons(
    found: Boundaries,
    columns: Columns,
    vertices: NDArray[np.float64],
    matrices: NDArray[np.float64],
    *,
    large: bool,
) -> tuple[Polygons, list[Fault]]:
    """What can be drawn, and what was left out.

    columns: of the geometries. vertices: (n, 3), of all documents. matrices: (k, 3, 4), of placed templates.
    large: whether machine code is worth it.
    """
    found, base, limit, positions = _placed(found, columns, vertices, matrices)
    ring_geometry = found.polygon_geometry[found.ring_polygon]
    starts = _starts(found.ring_length)
    if large:
        from twin.formats import cityjson_corners

        lengths, fault = cityjson_corners.check(
            found.numbers, starts, base[ring_geometry], limit[ring_geometry], positions, FARTHEST
        )
    else:
        lengths, fault = _check(found.numbers, starts, base[ring_geometry], limit[ring_geometry], positions)

    exterior = np.flatnonzero(np.diff(found.ring_polygon, prepend=-1))
    of_polygon = np.full(len(found.polygon_geometry), NONE, dtype=np.int8)
    of_polygon[found.ring_polygon[exterior]] = fault[exterior]
    whole = of_polygon == 0
    ring = (fault == 0) & whole[found.ring_polygon]
    faults = list(_faults("Polygon", of_polygon, found.polygon_geometry))
    faults += _faults("interior ring", np.where(whole[found.ring_polygon], fault, 0), ring_geometry)

    mirrored = np.append(np.linalg.det(matrices[:, :, :3]) < 0, False)
    turned = mirrored[columns.placement[ring_geometry[ring]]]
    corner = _spans(starts[:-1][ring], lengths[ring], turned)
    vertex = found.numbers[corner]
    vertex += np.repeat(base[ring_geometry[ring]], lengths[ring])
    kept = Polygons(
        positions,
        vertex,
        corner,
        _starts(lengths[ring]),
        (np.cumsum(whole, dtype=np.int32) - 1)[found.ring_polygon[ring]],
        np.flatnonzero(ring).astype(np.int32),
        found.polygon_geometry[whole],
        np.flatnonzero(whole).astype(np.int32),
    )
    return kept, faults


def _placed(
    found: Boundaries, columns: Columns, vertices: NDArray[np.float64], matrices: NDArray[np.float64]
) -> tuple[Boundaries, NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """With vertices of their own for the corners of placed templates.

    Returns the boundaries, which vertex 0 means and how many there are for each geometry, and all vertices.
    """
    base, limit = columns.base.astype(np.int32), columns.limit.astype(np.int32)
    positions = vertices if len(vertices) else np.zeros((1, 3))
    if not len(matrices):
        return found, base, limit, positions
    geometry = np.repeat(found.polygon_geometry[found.ring_polygon], found.ring_length)
    placed = np.flatnonzero(columns.placement[geometry] >= 0)
    numbers = found.numbers[placed]
    geometry = geometry[placed]
    good = numbers < limit[geometry]
    points = positions[np.where(good, numbers + base[geometry], 0)]
    matrix = matrices[columns.placement[geometry]]
    with np.errstate(over="ignore", invalid="ignore"):
        points = np.einsum("nij,nj->ni", matrix[:, :, :3], points) + matrix[:, :, 3]
    fresh = found.numbers.copy()
    fresh[placed] = np.where(good, np.arange(len(placed)), LARGEST)
    own = columns.placement >= 0
    base[own], limit[own] = len(positions), len(placed)
    return replace(found, numbers=fresh), base, limit, np.concatenate([positions, points])


def _check(
    numbers: NDArray[np.int32],
    starts: NDArray[np.int32],
    base: NDArray[np.int32],
    limit: NDArray[np.int32],
    positions: NDArray[np.float64],
) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """How many corners each ring has without last ones that repeat its first, and what is wrong with it."""
    ring_of = np.repeat(np.arange(len(base)), np.diff(starts))
    outside = numbers >= limit[ring_of]
    points = positions[np.where(outside, 0, numbers + base[ring_of])]
    fault = np.zeros(len(base), dtype=np.int8)
    lengths, few = _without_last(points, starts[:-1], starts[1:], ring_of)
    fault[few] = FEW
    # comparing this way round is false for what is no number
    fault[ring_of[~(np.abs(points) < FARTHEST).all(axis=1)]] = TOO_LARGE
    fault[ring_of[outside]] = OUTSIDE
    return lengths.astype(np.int32), fault


def _without_last(
    points: NDArray[np.float64],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    ring_of: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The length of each ring without last corners that repeat its first, and which have too few corners."""
    if not len(points):
        return (ends - starts).astype(np.int64), np.ones(len(starts), dtype=bool)
    unlike_first = (points != points[starts[ring_of]]).any(axis=1)
    where = np.flatnonzero(unlike_first)
    before, after = np.searchsorted(where, starts), np.searchsorted(where, ends)
    some = after > before
    last = np.where(some, np.append(where, 0)[after - 1], starts)
    second = np.where(some, np.append(where, 0)[np.minimum(before, len(where))], starts)
    third = unlike_first & (points != points[np.minimum(second, len(points) - 1)[ring_of]]).any(axis=1)
    few = np.bincount(ring_of[third], minlength=len(starts)) == 0
    return np.asarray(last - starts + 1, dtype=np.int64), np.asarray(few)


def _starts(lengths: NDArray[np.integer]) -> NDArray[np.int32]:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)


def _spans(
    starts: NDArray[np.int32], lengths: NDArray[np.int32], turned: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """The members of spans, those of turned ones from the last to the first."""
    ahead = np.cumsum(lengths, dtype=np.int32) - lengths
    found = np.arange(int(lengths.sum()), dtype=np.int32)
    found += np.repeat(starts - ahead, lengths)
    if turned.any():
        back = np.repeat(turned, lengths)
        found[back] = np.repeat(2 * starts + lengths - 1, lengths)[back] - found[back]
    return found


def _faults(what: str, fault: NDArray[np.int8], geometry: NDArray[np.int32]) -> Iterator[Fault]:
    for row in np.flatnonzero(fault).tolist():
        yield Fault(what, REASONS[fault[row]], int(geometry[row]))
