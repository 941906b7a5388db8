"""Makes rings of corners out of rings of vertex numbers, and leaves out those that cannot be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.formats.cityjson_boundaries import Boundaries

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
class Sources:
    """Where the vertices of each geometry are: columns of geometries."""

    vertices: NDArray[np.float64]
    """(n, 3), of all documents."""
    base: NDArray[np.int64]
    """(g,), the vertex that its number 0 means."""
    limit: NDArray[np.int64]
    """(g,), the number of vertices it may use."""
    placement: NDArray[np.int64]
    """(g,), a row of `matrices`, or -1."""
    matrices: NDArray[np.float64]
    """(k, 3, 4), turn and shift of templates."""


@dataclass(frozen=True, eq=False, slots=True)
class Polygons:
    """Polygons with at least an exterior."""

    points: NDArray[np.float64]
    """(n, 3), without repeated last corners."""
    ring_starts: NDArray[np.int64]
    """(r + 1,)"""
    ring_polygon: NDArray[np.int64]
    """(r,), each polygon's exterior first."""
    geometry: NDArray[np.int64]
    """(p,), not falling."""
    number: NDArray[np.int64]
    """(p,), which polygon of its geometry's boundaries it is."""

    def only(self, keep: NDArray[np.bool_]) -> Polygons:
        """The chosen polygons."""
        ring = keep[self.ring_polygon]
        lengths = np.diff(self.ring_starts)
        return Polygons(
            self.points[np.repeat(ring, lengths)],
            np.concatenate([[0], np.cumsum(lengths[ring])]),
            (np.cumsum(keep) - 1)[self.ring_polygon[ring]],
            self.geometry[keep],
            self.number[keep],
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


def polygons(found: Boundaries, sources: Sources) -> tuple[Polygons, list[Fault]]:
    """What can be drawn, and what was left out."""
    ring_geometry = found.polygon_geometry[found.ring_polygon]
    ring_of = np.repeat(np.arange(len(found.ring_length)), found.ring_length)
    ends = np.cumsum(found.ring_length)
    starts = ends - found.ring_length
    points, outside = _points(found.numbers, ring_geometry[ring_of], sources)
    fault = np.zeros(len(starts), dtype=np.int8)
    lengths, few = _without_last(points, starts, ends, ring_of)
    fault[few] = FEW
    # comparing this way round is false for what is no number
    fault[ring_of[~(np.abs(points) < FARTHEST).all(axis=1)]] = TOO_LARGE
    fault[ring_of[outside]] = OUTSIDE

    exterior = np.flatnonzero(np.diff(found.ring_polygon, prepend=-1))
    of_polygon = np.full(len(found.polygon_geometry), NONE, dtype=np.int8)
    of_polygon[found.ring_polygon[exterior]] = fault[exterior]
    whole = of_polygon == 0
    ring = (fault == 0) & whole[found.ring_polygon]
    faults = list(_faults("Polygon", of_polygon, found.polygon_geometry))
    faults += _faults("interior ring", np.where(whole[found.ring_polygon], fault, 0), ring_geometry)

    turned = sources.placement[ring_geometry[ring]]
    mirrored = np.linalg.det(sources.matrices[:, :, :3]) < 0
    turn = np.append(mirrored, False)[turned]
    corners = _spans(starts[ring], lengths[ring], turn)
    kept = Polygons(
        points[corners],
        np.concatenate([[0], np.cumsum(lengths[ring])]),
        (np.cumsum(whole) - 1)[found.ring_polygon[ring]],
        found.polygon_geometry[whole],
        _numbers(found.polygon_geometry)[whole],
    )
    return kept, faults


def _points(
    numbers: NDArray[np.int64], geometry: NDArray[np.int64], sources: Sources
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The corner for each vertex number, and which numbers mean none."""
    outside = numbers >= sources.limit[geometry]
    vertices = sources.vertices if len(sources.vertices) else np.zeros((1, 3))
    points = vertices[np.where(outside, 0, numbers + sources.base[geometry])]
    placement = sources.placement[geometry]
    placed = placement >= 0
    if placed.any():
        matrices = sources.matrices[placement[placed]]
        with np.errstate(over="ignore", invalid="ignore"):
            points[placed] = np.einsum("nij,nj->ni", matrices[:, :, :3], points[placed]) + matrices[:, :, 3]
    return points, outside


def _without_last(
    points: NDArray[np.float64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    ring_of: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The length of each ring without last corners that repeat its first, and which have too few corners."""
    if not len(points):
        return ends - starts, np.ones(len(starts), dtype=bool)
    unlike_first = (points != points[starts[ring_of]]).any(axis=1)
    where = np.flatnonzero(unlike_first)
    before, after = np.searchsorted(where, starts), np.searchsorted(where, ends)
    some = after > before
    last = np.where(some, np.append(where, 0)[after - 1], starts)
    second = np.where(some, np.append(where, 0)[np.minimum(before, len(where))], starts)
    third = unlike_first & (points != points[np.minimum(second, len(points) - 1)[ring_of]]).any(axis=1)
    few = np.bincount(ring_of[third], minlength=len(starts)) == 0
    return last - starts + 1, few


def _spans(
    starts: NDArray[np.int64], lengths: NDArray[np.int64], turned: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """The members of spans, those of turned ones from the last to the first."""
    step = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    back = np.repeat(lengths - 1, lengths) - step
    return np.repeat(starts, lengths) + np.where(np.repeat(turned, lengths), back, step)


def _numbers(of: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many equal ones come before each, in a row that does not fall."""
    return np.arange(len(of)) - np.searchsorted(of, of)


def _faults(what: str, fault: NDArray[np.int8], geometry: NDArray[np.int64]) -> Iterator[Fault]:
    for row in np.flatnonzero(fault).tolist():
        yield Fault(what, REASONS[fault[row]], int(geometry[row]))
