"""Takes some objects of a city out as a small city of their own."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twin.model import appearance
from twin.model.city import City, roots, triangle_object
from twin.model.table import Table

Rows = NDArray[np.integer]

KEPT = 8
"""So many cities have their order worked out once only."""


@lru_cache(maxsize=KEPT)
def wholes(city: City) -> NDArray[np.int32]:
    """The object each object is finally a part of: (k,)."""
    return roots(city)


@lru_cache(maxsize=KEPT)
def rows_of(city: City) -> dict[str, int]:
    """gml:id to row, worked out once."""
    return dict(city.rows)


def family(city: City, row: int) -> Rows:
    """An object and all that is finally a part of it; one that is a part itself: that alone. Rising."""
    if city.object_parent[row] >= 0:
        return np.array([row])
    order, starts = families(city)
    return order[starts[row] : starts[row + 1]]


@lru_cache(maxsize=KEPT)
def families(city: City) -> tuple[Rows, Rows]:
    """The objects in the order of their wholes, and where those of each begin: (k,), (k + 1,)."""
    owner = wholes(city)
    return np.argsort(owner, kind="stable"), np.searchsorted(np.sort(owner), np.arange(len(owner) + 1))


@lru_cache(maxsize=KEPT)
def boxes(city: City) -> NDArray[np.float64]:
    """West, south, east and north of each object without its parts, NaN where it has none: (4, k). [m]"""
    starts = _spans_of(city).first_vertex
    there = np.flatnonzero(starts[1:] > starts[:-1])
    found = np.full((4, len(city.object_id)), np.nan)
    for axis in (0, 1):
        column = city.vertices[:, axis]
        if len(there):
            found[axis, there] = np.minimum.reduceat(column, starts[there])
            found[axis + 2, there] = np.maximum.reduceat(column, starts[there])
    return found


def corners_of(city: City, row: int) -> slice:
    """Where the vertices of an object stand, without those of its parts."""
    starts = _spans_of(city).first_vertex
    return slice(int(starts[row]), int(starts[row + 1]))


def corner_types(city: City, objects: Rows) -> NDArray[np.uint8]:
    """The type of the surface of each corner of these objects, one object after the other: (n,)."""
    table = _spans_of(city)
    surfaces = spans(*(column[objects] for column in table.surfaces))
    rings = spans(*(column[surfaces] for column in table.rings))
    return np.repeat(
        city.surface_type[city.ring_surface[rings]], city.ring_starts[rings + 1] - city.ring_starts[rings]
    )


def marked(city: City, ids: tuple[str, ...]) -> NDArray[np.bool_]:
    """The objects of these ids, and their parts: (k,)."""
    rows = rows_of(city)
    found = np.zeros(len(city.object_id), dtype=bool)
    found[[rows[each] for each in ids if each in rows]] = True
    return np.asarray(found | found[wholes(city)])


def part(city: City, objects: Rows) -> City:
    """A city of these objects, in this order; one that comes without its whole is a whole. No attributes.

    The time this takes depends on how much is taken, not on the size of the city.
    """
    table = _spans_of(city)
    first, count = (column[objects] for column in table.surfaces)
    surfaces = spans(first, count)
    rings = spans(*(column[surfaces] for column in table.rings))
    lengths = city.ring_starts[rings + 1] - city.ring_starts[rings]
    vertices = spans(city.ring_starts[rings], lengths)
    pieces = tuple(column[objects] for column in table.triangles)
    triangles: Rows = spans(*pieces)
    if table.triangle_order is not None:
        triangles = table.triangle_order[triangles]
    corner, corners = table.first_vertex[objects], table.first_vertex[objects + 1]
    parents = city.object_parent[objects]
    return City(
        place=city.place,
        vertices=city.vertices[vertices],
        triangles=city.triangles[triangles] + _moves(corner, corners - corner, pieces[1])[:, None],
        triangle_surface=city.triangle_surface[triangles] + _moves(first, count, pieces[1]),
        ring_starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        ring_surface=np.repeat(np.arange(len(surfaces), dtype=np.int32), table.rings[1][surfaces]),
        surface_object=np.repeat(np.arange(len(objects), dtype=np.int32), table.surfaces[1][objects]),
        surface_type=city.surface_type[surfaces],
        surface_lod=city.surface_lod[surfaces],
        object_id=city.object_id[objects],
        object_type=city.object_type[objects],
        object_parent=_among(parents, objects, len(city.object_id)),
        attributes=Table(len(objects)),
        appearance=appearance.take(city.appearance, surfaces, vertices),
    )


def spans(first: Rows, count: Rows) -> NDArray[np.int64]:
    """The numbers from each `first` on, so many as `count` says, one span after the other."""
    ends = np.cumsum(count, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(np.asarray(first, dtype=np.int64) - ends + count, count)


def forget() -> None:
    """Lets go of what was worked out."""
    for work in (wholes, rows_of, families, boxes, _spans_of):
        work.cache_clear()


class _Spans:
    """Where the surfaces, triangles and vertices of each object begin, and the rings of each surface."""

    def __init__(self, city: City) -> None:
        self.surfaces = _first_and_count(city.surface_object, len(city.object_id))
        self.rings = _first_and_count(city.ring_surface, len(city.surface_object))
        owner = triangle_object(city)
        self.triangle_order: Rows | None = None
        if (owner[1:] < owner[:-1]).any():
            self.triangle_order = np.argsort(owner, kind="stable")
            owner = owner[self.triangle_order]
        self.triangles = _first_and_count(owner, len(city.object_id))
        surface = np.append(self.surfaces[0], len(city.surface_object))
        ring = np.append(self.rings[0], len(city.ring_surface))
        self.first_vertex = city.ring_starts[ring[surface]].astype(np.intp)


@lru_cache(maxsize=KEPT)
def _spans_of(city: City) -> _Spans:
    return _Spans(city)


def _first_and_count(owner: Rows, owners: int) -> tuple[Rows, Rows]:
    # of the same type, or all of the column would be copied into another one
    edges = np.searchsorted(owner, np.arange(owners + 1, dtype=owner.dtype))
    return edges[:-1], np.diff(edges)


def _moves(first: Rows, count: Rows, times: Rows) -> NDArray[np.int32]:
    """How far what began at `first` moves when all is put end to end, each so often as `times` says."""
    return np.repeat((np.cumsum(count) - count - first).astype(np.int32), times)


def _among(parents: Rows, objects: Rows, size: int) -> NDArray[np.int32]:
    place = np.full(size + 1, -1, dtype=np.int32)
    place[objects] = np.arange(len(objects), dtype=np.int32)
    return place[parents]  # the last place is that of no parent, -1
