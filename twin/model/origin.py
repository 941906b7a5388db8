"""Makes a city of another one, and remembers which objects stand in it as they did.

What was worked out for those need not be worked out again, nor are they copied before somebody asks for it.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from twin.model import appearance, table
from twin.model import city as cities
from twin.model import faces as faces_
from twin.model.city import City, deferred, with_parts
from twin.model.parts import corners_of, part, wholes
from twin.model.table import Table

Rows = NDArray[np.integer]
T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, eq=False, slots=True)
class Origin:
    """What a city was made of."""

    whole: City
    row: NDArray[np.int32]
    """(k,), the row of each object in the whole; -1 where it is not there, or has another shape."""
    piece: City
    """The objects whose row is -1, in their order, without attributes."""


@dataclass(frozen=True, eq=False, slots=True)
class Halves:
    """Where the rows of what a city was made of are in it."""

    whole: City
    piece: City
    surfaces: tuple[Rows, Rows]
    """Of each surface of the whole, and of the piece; -1 where it is not in the city."""
    vertices: tuple[Rows, Rows]

    def joined(self, rows: tuple[Rows, Rows], of_whole: NDArray[T], of_piece: NDArray[T]) -> NDArray[T]:
        """What is known of the rows of both, as rows of the city. rows: `surfaces` or `vertices`."""
        old, new = rows
        stays = old >= 0
        found = np.empty((int(stays.sum()) + len(new), *of_whole.shape[1:]), of_whole.dtype)
        found[old[stays]], found[new] = of_whole[stays], of_piece
        return found


@lru_cache(maxsize=4)
def halves(city: City) -> Halves | None:
    """What a city was made of, row by row; None where nobody has said so."""
    found = origin(city)
    if found is None:
        return None
    stays = np.zeros(len(found.whole.object_id), dtype=bool)
    stays[found.row[found.row >= 0]] = True
    rows = []
    for column in (lambda each: each.surface_object, _owners):
        here, there = (found.row >= 0)[column(city)], stays[column(found.whole)]
        row = np.full(len(there), -1)
        row[there] = np.flatnonzero(here)
        rows.append((row, np.flatnonzero(~here)))
    return Halves(found.whole, found.piece, *rows)


def _owners(city: City) -> NDArray[np.int32]:
    """The object of each vertex: (n,)."""
    return city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]


def origin(city: City) -> Origin | None:
    """What a city was made of; None where nobody has said so."""
    return _ORIGINS.get(city)


def altered(
    whole: City,
    gone: NDArray[np.bool_],
    moved: Mapping[int, NDArray[np.float64]],
    added: City,
    attributes: Table,
) -> City:
    """A city without what is gone, with other corners for some objects, then with what is added.

    gone: (k,), objects of the whole; their parts go with them. moved: the corners of objects of the whole by
    row, without those of their parts. attributes: of all objects of the whole, as they are to be.
    A building counts as another one when any part of it is.
    """
    gone = with_parts(whole, gone)
    moved = {row: corners for row, corners in moved.items() if not gone[row]}
    if len(added.object_id) or moved or gone.any():
        made = _deferred(whole, gone, moved, added, attributes)
    elif attributes is whole.attributes:
        return whole
    else:
        made = replace(whole, attributes=attributes)
    touched = np.zeros(len(gone), dtype=bool)
    touched[wholes(whole)[gone]] = True
    touched[wholes(whole)[list(moved)]] = True
    keep = np.flatnonzero(~gone)
    same = np.where(touched[wholes(whole)[keep]], -1, keep)
    new = replace(added, attributes=Table(len(added.object_id)))
    row = np.concatenate([same, np.full(len(new.object_id), -1)]).astype(np.int32)
    _ORIGINS[made] = Origin(whole, row, cities.concatenate(_reshaped(whole, keep[same < 0], moved), new))
    return made


def _deferred(
    whole: City,
    gone: NDArray[np.bool_],
    moved: Mapping[int, NDArray[np.float64]],
    added: City,
    attributes: Table,
) -> City:
    """The city of which only what is known of the objects is there at first."""
    keep = np.flatnonzero(~gone)
    row = np.cumsum(~gone, dtype=np.int32) - 1
    parents, more = whole.object_parent[keep], added.object_parent
    known = {
        "place": whole.place,
        "object_id": np.concatenate([whole.object_id[keep], added.object_id]),
        "object_type": np.concatenate([whole.object_type[keep], added.object_type]),
        "object_parent": np.concatenate(
            [np.where(parents >= 0, row[parents], -1), np.where(more >= 0, more + len(keep), -1)]
        ).astype(np.int32),
        "attributes": table.concatenate(table.take(attributes, keep), added.attributes),
    }
    plain = all(
        each is None for city in (whole, added) for each in (city.surface_shown, city.appearance, city.faces)
    )
    if plain:
        known |= {"surface_shown": None, "appearance": None, "faces": None}
    made = deferred(known, partial(_columns, whole, gone, moved, added, plain=plain))
    if not plain:  # whoever draws it asks for pictures at once
        made.appearance  # noqa: B018
    return made


def _reshaped(whole: City, rows: Rows, moved: Mapping[int, NDArray[np.float64]]) -> City:
    """Some objects of a city as they are by now."""
    found = part(whole, rows)
    for number, row in enumerate(rows.tolist()):
        if row in moved:
            found.vertices[corners_of(found, number)] = moved[row]
    return found


def _columns(
    whole: City,
    gone: NDArray[np.bool_],
    moved: Mapping[int, NDArray[np.float64]],
    added: City,
    *,
    plain: bool,
) -> dict[str, object]:
    """The columns of surfaces, rings, vertices and triangles: each is made in one go, piece by piece."""
    surfaces = _Runs(whole.surface_object, _spans(~gone))
    rings, kept = _Runs(whole.ring_surface, surfaces.spans), len(whole.object_id) - int(gone.sum())
    corners = _Runs(None, [(int(whole.ring_starts[a]), int(whole.ring_starts[b])) for a, b in rings.spans])
    triangles, of = whole.triangles, whole.triangle_surface
    if (of[1:] < of[:-1]).any():
        order = np.argsort(of, kind="stable")
        triangles, of = triangles[order], of[order]
    faces = _Runs(of, surfaces.spans)
    vertices = corners.taken(whole.vertices, added.vertices)
    for row, places in moved.items():
        old = corners_of(whole, row)
        shift = corners.shift_at(old.start)
        vertices[old.start + shift : old.stop + shift] = places
    found: dict[str, object] = {
        "vertices": vertices,
        "triangles": faces.taken(triangles, added.triangles + np.int32(corners.length), corners.shifts),
        "triangle_surface": faces.taken(
            of, added.triangle_surface + np.int32(surfaces.length), surfaces.shifts
        ),
        "ring_starts": rings.taken(
            whole.ring_starts, added.ring_starts + np.int32(corners.length), corners.shifts
        ),
        "ring_surface": rings.taken(
            whole.ring_surface, added.ring_surface + np.int32(surfaces.length), surfaces.shifts
        ),
        "surface_object": surfaces.taken(
            whole.surface_object, added.surface_object + np.int32(kept), _shifts(_spans(~gone))
        ),
        "surface_type": surfaces.taken(whole.surface_type, added.surface_type),
        "surface_lod": surfaces.taken(whole.surface_lod, added.surface_lod),
    }
    if not plain:
        found |= _looks(whole, surfaces, corners, added)
    return found


def _looks(whole: City, surfaces: _Runs, corners: _Runs, added: City) -> dict[str, object]:
    """What is shown of the surfaces, and how they look."""
    keep, keep_corner = surfaces.mask(len(whole.surface_object)), corners.mask(len(whole.vertices))
    shown = None
    if whole.surface_shown is not None or added.surface_shown is not None:
        shown = np.concatenate([cities.shown(whole)[keep], cities.shown(added)])
    sizes = (surfaces.length, corners.length), (len(added.surface_object), len(added.vertices))
    return {
        "surface_shown": shown,
        "appearance": appearance.concatenate(
            (appearance.take(whole.appearance, keep, keep_corner), added.appearance), sizes
        ),
        "faces": faces_.concatenate(
            faces_.only(whole.faces, keep), added.faces, (surfaces.length, len(added.surface_object))
        ),
    }


class _Runs:
    """Rows that stay, as spans: copying spans takes a tenth of the time of copying rows."""

    def __init__(self, owner: Rows | None, spans: Sequence[tuple[int, int]]) -> None:
        """owner: whose each row is, rising; the spans are those of owners then, else of the rows."""
        if owner is not None:
            ends = np.array(spans, dtype=owner.dtype).reshape(-1)  # the same type, or all would be copied
            spans = [(a, b) for a, b in np.searchsorted(owner, ends).reshape(-1, 2).tolist()]
        self.spans = spans
        self.shifts = _shifts(spans)
        self.length = sum(b - a for a, b in spans)

    def taken(
        self, rows: NDArray[np.generic], more: NDArray[np.generic], shifts: Sequence[int] | None = None
    ) -> NDArray[np.generic]:
        """The rows that stay, each span with its shift added, then more."""
        found = np.empty((self.length + len(more), *rows.shape[1:]), np.result_type(rows, more))
        for number, ((a, b), shift) in enumerate(zip(self.spans, self.shifts, strict=True)):
            if shifts is None:
                found[a + shift : b + shift] = rows[a:b]
            else:
                np.add(rows[a:b], rows.dtype.type(shifts[number]), out=found[a + shift : b + shift])
        found[self.length :] = more
        return found

    def shift_at(self, row: int) -> int:
        """How far a row that stays moves."""
        return self.shifts[bisect_right(self.spans, (row, math.inf)) - 1]

    def mask(self, count: int) -> NDArray[np.bool_]:
        """Which rows stay: (count,)."""
        found = np.zeros(count, dtype=bool)
        for a, b in self.spans:
            found[a:b] = True
        return found


def _spans(keep: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """From where to where a mask is set."""
    ends = np.flatnonzero(np.diff(keep, prepend=False, append=False)).reshape(-1, 2)
    return [(a, b) for a, b in ends.tolist()]


def _shifts(spans: Sequence[tuple[int, int]]) -> list[int]:
    """How far each span moves where all are put end to end."""
    found, at = [], 0
    for a, b in spans:
        found.append(at - a)
        at += b - a
    return found


_ORIGINS: WeakKeyDictionary[City, Origin] = WeakKeyDictionary()
