"""Takes some objects of a city out as a small city of their own."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twin.model.appearance import Appearance
from twin.model.city import City, roots, triangle_object
from twin.model.table import Table

Rows = NDArray[np.integer]

KEPT = 8
"""So many cities have their order worked out once only."""


@lru_cache(maxsize=KEPT)
def wholes(city: City) -> NDArray[np.int32]:
    """The object each object is finally a part of: (k,)."""
    return roots(city)


def marked(city: City, ids: tuple[str, ...]) -> NDArray[np.bool_]:
    """The objects of these ids, and their parts: (k,)."""
    rows = _rows(city)
    found = np.zeros(len(city.object_id), dtype=bool)
    found[[rows[each] for each in ids if each in rows]] = True
    return np.asarray(found | found[wholes(city)])


def part(city: City, objects: Rows) -> City:
    """A city of these objects, in this order; one that comes without its whole is a whole. No attributes.

    The time this takes depends on how much is taken, not on the size of the city.
    """
    table = _spans_of(city)
    surfaces = spans(*(column[objects] for column in table.surfaces))
    rings = spans(*(column[surfaces] for column in table.rings))
    lengths = city.ring_starts[rings + 1] - city.ring_starts[rings]
    vertices = spans(city.ring_starts[rings], lengths)
    triangles: Rows = spans(*(column[objects] for column in table.triangles))
    if table.triangle_order is not None:
        triangles = table.triangle_order[triangles]
    parents = city.object_parent[objects]
    return City(
        place=city.place,
        vertices=city.vertices[vertices],
        triangles=_places(vertices, len(city.vertices))[city.triangles[triangles]],
        triangle_surface=_places(surfaces, len(city.surface_object))[city.triangle_surface[triangles]],
        ring_starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        ring_surface=np.repeat(np.arange(len(surfaces), dtype=np.int32), table.rings[1][surfaces]),
        surface_object=np.repeat(np.arange(len(objects), dtype=np.int32), table.surfaces[1][objects]),
        surface_type=city.surface_type[surfaces],
        surface_lod=city.surface_lod[surfaces],
        object_id=city.object_id[objects],
        object_type=city.object_type[objects],
        object_parent=_among(parents, objects, len(city.object_id)),
        attributes=Table(len(objects)),
        appearance=_appearance(city.appearance, surfaces, vertices),
    )


def spans(first: Rows, count: Rows) -> NDArray[np.int64]:
    """The numbers from each `first` on, so many as `count` says, one span after the other."""
    ends = np.cumsum(count, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(np.asarray(first, dtype=np.int64) - ends + count, count)


def forget() -> None:
    """Lets go of what was worked out."""
    for work in (wholes, _rows, _spans_of):
        work.cache_clear()


class _Spans:
    """Where the surfaces, rings and triangles of each object begin, and how many there are."""

    def __init__(self, city: City) -> None:
        self.surfaces = _first_and_count(city.surface_object, len(city.object_id))
        self.rings = _first_and_count(city.ring_surface, len(city.surface_object))
        owner = triangle_object(city)
        self.triangle_order: Rows | None = None
        if (owner[1:] < owner[:-1]).any():
            self.triangle_order = np.argsort(owner, kind="stable")
            owner = owner[self.triangle_order]
        self.triangles = _first_and_count(owner, len(city.object_id))


@lru_cache(maxsize=KEPT)
def _spans_of(city: City) -> _Spans:
    return _Spans(city)


@lru_cache(maxsize=KEPT)
def _rows(city: City) -> dict[str, int]:
    return dict(city.rows)


def _first_and_count(owner: Rows, owners: int) -> tuple[Rows, Rows]:
    edges = np.searchsorted(owner, np.arange(owners + 1))
    return edges[:-1], np.diff(edges)


def _places(taken: Rows, size: int) -> NDArray[np.int32]:
    """Says of each number that is taken which one it is; what it says of others means nothing."""
    place = np.empty(size, dtype=np.int32)
    place[taken] = np.arange(len(taken), dtype=np.int32)
    return place


def _among(parents: Rows, objects: Rows, size: int) -> NDArray[np.int32]:
    place = np.full(size + 1, -1, dtype=np.int32)
    place[objects] = np.arange(len(objects), dtype=np.int32)
    return place[parents]  # the last place is that of no parent, -1


def _appearance(whole: Appearance | None, surfaces: Rows, vertices: Rows) -> Appearance | None:
    if whole is None:
        return None
    return replace(
        whole,
        surface_image=whole.surface_image[surfaces],
        surface_material=whole.surface_material[surfaces],
        coordinates=whole.coordinates[vertices],
    )
