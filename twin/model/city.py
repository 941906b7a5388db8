"""A city model as columns: vertices, triangles, surfaces, objects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from dataclasses import field as field_
from itertools import pairwise
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from twin.model import appearance, table
from twin.model import faces as faces_
from twin.model.appearance import Appearance
from twin.model.faces import Faces
from twin.model.place import Place
from twin.model.table import Table
from twin.model.triangulate import normals, triangulate_all

SURFACE_TYPES = (
    "Surface",
    "GroundSurface",
    "WallSurface",
    "RoofSurface",
    "OuterCeilingSurface",
    "OuterFloorSurface",
    "ClosureSurface",
    "Window",
    "Door",
    "InteriorWallSurface",
    "CeilingSurface",
    "FloorSurface",
    "WaterSurface",
    "TrafficArea",
    "AuxiliaryTrafficArea",
)
"""What `surface_type` counts through; `Surface` is one without a semantic type."""

PIECE = 64
"""Copying a piece takes as long as so many rows by themselves."""
T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class City:
    """Objects with surfaces with polygons, in local metres."""

    place: Place
    vertices: NDArray[np.float64]
    """(n, 3), local easting, northing, height; not shared between surfaces. [m]"""
    triangles: NDArray[np.int32]
    """(m, 3), rows of `vertices`, counter-clockwise seen from outside."""
    triangle_surface: NDArray[np.int32]
    """(m,), the surface of each triangle."""
    ring_starts: NDArray[np.int32]
    """(r + 1,), where each ring begins: ring i is `vertices[ring_starts[i]:ring_starts[i + 1]]`."""
    ring_surface: NDArray[np.int32]
    """(r,), the surface of each ring, not falling; a surface's first ring is its exterior."""
    surface_object: NDArray[np.int32]
    """(s,), the object of each surface, not falling."""
    surface_type: NDArray[np.uint8]
    """(s,), an index into SURFACE_TYPES."""
    surface_lod: NDArray[np.float64]
    """(s,), level of detail 0-4, also as 2.2."""
    object_id: NDArray[np.object_]
    """(k,), gml:id, each once."""
    object_type: NDArray[np.object_]
    """(k,), CityGML class: Building, BuildingPart, Bridge …"""
    object_parent: NDArray[np.int32]
    """(k,), the object this one is a part of, or -1."""
    attributes: Table
    """One row an object."""
    surface_shown: NDArray[np.bool_] | None = None
    """(s,), what is shown as long as no LoD is asked for: see `lod.shown`; None: all."""
    appearance: Appearance | None = None
    """Pictures and materials; None: there are none."""
    faces: Faces | None = None
    """Thematic surfaces with ids and attributes of their own; None: there are none."""

    @property
    def rows(self) -> Mapping[str, int]:
        """gml:id to row."""
        return MappingProxyType({str(gml_id): i for i, gml_id in enumerate(self.object_id)})

    if not TYPE_CHECKING:  # called only for a column that is not there yet, see `deferred`

        def __getattr__(self, name: str) -> object:
            waiting = _WAITING.get(self)
            if waiting is not None and name in COLUMNS:
                waiting.fill(self)
            return object.__getattribute__(self, name)


COLUMNS = frozenset(each.name for each in fields(City))


def deferred(known: Mapping[str, object], make: Callable[[], Mapping[str, object]]) -> City:
    """A city of the columns that are known; the others are made when the first of them is asked for."""
    made = object.__new__(City)
    for name, column in known.items():
        object.__setattr__(made, name, column)
    _WAITING[made] = _Waiting(make)
    return made


def is_whole(city: City) -> bool:
    """Whether all columns of a city are made."""
    return city not in _WAITING


class _Waiting:
    """The columns of one city that nobody has asked for."""

    def __init__(self, make: Callable[[], Mapping[str, object]]) -> None:
        self._make: Callable[[], Mapping[str, object]] | None = make
        self._lock = Lock()

    def fill(self, city: City) -> None:
        """Makes them, once, whichever thread asks."""
        with self._lock:
            if self._make is not None:
                for name, column in self._make().items():
                    object.__setattr__(city, name, column)
                self._make = None
                del _WAITING[city]


_WAITING: WeakKeyDictionary[City, _Waiting] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Polygon3D:
    """One flat surface on its way into a City."""

    rings: tuple[NDArray[np.float64], ...]
    """Exterior, then holes: (k, 3) each, without the repeated last corner. [m]"""
    type: str = "Surface"
    lod: float = 1


@dataclass(frozen=True, slots=True)
class CityObject:
    """One object on its way into a City."""

    id: str
    type: str = "Building"
    parent: int = -1
    attributes: Mapping[str, table.Value] = field_(default_factory=dict)
    polygons: Sequence[Polygon3D] = ()


def from_objects(place: Place, objects: Sequence[CityObject]) -> City:
    """A City of these objects; polygons without area keep their ring and get no triangle."""
    polygons = [polygon for thing in objects for polygon in thing.polygons]
    rings = [ring for polygon in polygons for ring in polygon.rings]
    vertices = np.concatenate(rings) if rings else np.zeros((0, 3))
    starts = np.cumsum([0, *(len(ring) for ring in rings)]).astype(np.int32)
    count = np.array([len(polygon.rings) for polygon in polygons], dtype=np.intp)
    first = np.cumsum(count) - count
    triangles = triangulate_all(vertices, starts, first, count, normals(vertices, starts)[first])
    surface = np.repeat(np.arange(len(polygons), dtype=np.int32), count)
    corners = np.repeat(surface, np.diff(starts))
    return City(
        place=place,
        vertices=vertices,
        triangles=triangles,
        triangle_surface=corners[triangles[:, 0]],
        ring_starts=starts,
        ring_surface=surface,
        surface_object=np.repeat(
            np.arange(len(objects), dtype=np.int32), [len(thing.polygons) for thing in objects]
        ),
        surface_type=np.array([SURFACE_TYPES.index(polygon.type) for polygon in polygons], dtype=np.uint8),
        surface_lod=np.array([polygon.lod for polygon in polygons], dtype=np.float64),
        object_id=_objects([thing.id for thing in objects]),
        object_type=_objects([thing.type for thing in objects]),
        object_parent=np.array([thing.parent for thing in objects], dtype=np.int32),
        attributes=table.from_rows([thing.attributes for thing in objects]),
    )


def empty(place: Place) -> City:
    """A city without objects."""
    return from_objects(place, [])


def without(city: City, gone: NDArray[np.bool_]) -> City:
    """The city less the objects marked in `gone` (k,) and their parts; the same city when none is."""
    gone = gone.copy()
    while True:  # parts of parts
        part = (city.object_parent >= 0) & gone[city.object_parent] & ~gone
        if not part.any():
            break
        gone |= part
    if not gone.any():
        return city
    keep = ~gone
    rest = only_surfaces(city, keep[city.surface_object])
    row = np.cumsum(keep, dtype=np.int32) - 1
    parents = city.object_parent[keep]
    return replace(
        rest,
        surface_object=row[rest.surface_object],
        object_id=city.object_id[keep],
        object_type=city.object_type[keep],
        object_parent=np.where(parents >= 0, row[parents], -1).astype(np.int32),
        attributes=table.take(city.attributes, keep),
    )


def only_surfaces(city: City, keep: NDArray[np.bool_]) -> City:
    """The city with only the surfaces marked in `keep` (s,); all objects stay."""
    keep_ring = keep[city.ring_surface]
    lengths = np.diff(city.ring_starts)
    keep_vertex = np.repeat(keep_ring, lengths)
    keep_triangle = keep[city.triangle_surface]
    surface_row = np.cumsum(keep, dtype=np.int32) - 1
    vertex_row = np.cumsum(keep_vertex, dtype=np.int32) - 1
    return replace(
        city,
        vertices=_kept(city.vertices, keep_vertex),
        triangles=vertex_row[_kept(city.triangles, keep_triangle)],
        triangle_surface=surface_row[_kept(city.triangle_surface, keep_triangle)],
        ring_starts=np.concatenate([[0], np.cumsum(lengths[keep_ring])]).astype(np.int32),
        ring_surface=surface_row[_kept(city.ring_surface, keep_ring)],
        surface_object=_kept(city.surface_object, keep),
        surface_type=city.surface_type[keep],
        surface_lod=city.surface_lod[keep],
        surface_shown=None if city.surface_shown is None else city.surface_shown[keep],
        appearance=appearance.take(city.appearance, keep, keep_vertex),
        faces=faces_.only(city.faces, keep),
    )


def concatenate(first: City, second: City) -> City:
    """Both cities in one, the first one's rows first. Both must lie in the same Place."""
    if first.place != second.place:
        raise ValueError("cities in different places cannot be joined")
    if not len(second.object_id):
        return first
    vertices, surfaces, objects = len(first.vertices), len(first.surface_object), len(first.object_id)
    parents = second.object_parent
    return City(
        place=first.place,
        vertices=np.concatenate([first.vertices, second.vertices]),
        triangles=np.concatenate([first.triangles, second.triangles + np.int32(vertices)]),
        triangle_surface=np.concatenate(
            [first.triangle_surface, second.triangle_surface + np.int32(surfaces)]
        ),
        ring_starts=np.concatenate([first.ring_starts, second.ring_starts[1:] + np.int32(vertices)]),
        ring_surface=np.concatenate([first.ring_surface, second.ring_surface + np.int32(surfaces)]),
        surface_object=np.concatenate([first.surface_object, second.surface_object + np.int32(objects)]),
        surface_type=np.concatenate([first.surface_type, second.surface_type]),
        surface_lod=np.concatenate([first.surface_lod, second.surface_lod]),
        object_id=np.concatenate([first.object_id, second.object_id]),
        object_type=np.concatenate([first.object_type, second.object_type]),
        object_parent=np.concatenate(
            [first.object_parent, np.where(parents >= 0, parents + objects, -1).astype(np.int32)]
        ),
        attributes=table.concatenate(first.attributes, second.attributes),
        surface_shown=_both_shown(first, second),
        appearance=appearance.concatenate(
            (first.appearance, second.appearance),
            ((surfaces, vertices), (len(second.surface_object), len(second.vertices))),
        ),
        faces=faces_.concatenate(first.faces, second.faces, (surfaces, len(second.surface_object))),
    )


def shown(city: City) -> NDArray[np.bool_]:
    """The surfaces that are shown as long as no LoD is asked for: (s,)."""
    return np.ones(len(city.surface_object), bool) if city.surface_shown is None else city.surface_shown


def triangle_object(city: City) -> NDArray[np.int32]:
    """The object of each triangle: (m,)."""
    return city.surface_object[city.triangle_surface]


def roots(city: City) -> NDArray[np.int32]:
    """The object each object is finally a part of, itself where it is no part: (k,)."""
    found = np.arange(len(city.object_id), dtype=np.int32)
    while True:
        parent = city.object_parent[found]
        if (parent < 0).all():
            return found
        found = np.where(parent >= 0, parent, found).astype(np.int32)


def row_of(city: City, gml_id: str) -> int | None:
    """The row of an object; None when there is none. Quicker than `rows` for a single one."""
    found = np.flatnonzero(city.object_id == gml_id)
    return int(found[0]) if len(found) else None


def named(city: City, ids: Collection[str]) -> NDArray[np.bool_]:
    """The objects of these gml:ids: (k,)."""
    wanted = frozenset(ids)
    return np.fromiter((gml_id in wanted for gml_id in city.object_id), bool, len(city.object_id))


def with_parts(city: City, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The chosen objects and their parts, with the parts of those: (k,)."""
    while True:
        grown = chosen | ((city.object_parent >= 0) & chosen[city.object_parent])
        if (grown == chosen).all():
            return chosen
        chosen = grown


def corners(city: City, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """All corners of the chosen objects (k,): (n, 3). [m]"""
    ring = chosen[city.surface_object[city.ring_surface]]
    rings = np.flatnonzero(ring)
    if not len(rings):
        return np.zeros((0, 3))
    # rings of one object stand together, so that few slices hold all corners of a few objects
    breaks = np.flatnonzero(np.diff(rings) > 1) + 1
    first = rings[np.concatenate([[0], breaks])]
    last = rings[np.concatenate([breaks - 1, [len(rings) - 1]])]
    return np.concatenate(
        [
            city.vertices[city.ring_starts[a] : city.ring_starts[b + 1]]
            for a, b in zip(first, last, strict=True)
        ]
    )


def heights(city: City) -> NDArray[np.float64]:
    """From the lowest to the highest corner of each object and its parts, NaN where it has none: (k,). [m]"""
    count = len(city.object_id)
    whole = roots(city)[city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]]
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, whole, city.vertices[:, 2])
    np.maximum.at(high, whole, city.vertices[:, 2])
    found = np.where(high >= low, high - low, np.nan)
    return np.asarray(found[roots(city)])


def _kept(rows: NDArray[T], keep: NDArray[np.bool_]) -> NDArray[T]:
    """`rows[keep]`; piece by piece, ten times as quick, where few pieces are left out."""
    ends = np.flatnonzero(np.diff(keep)) + 1
    if len(ends) * PIECE > len(rows):
        return rows[keep]
    pieces = pairwise((0, *ends.tolist(), len(rows)))
    return np.concatenate([rows[:0], *(rows[a:b] for a, b in pieces if b > a and keep[a])])


def _both_shown(first: City, second: City) -> NDArray[np.bool_] | None:
    if first.surface_shown is None and second.surface_shown is None:
        return None
    return np.concatenate([shown(first), shown(second)])


def _objects(values: Sequence[str]) -> NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column
