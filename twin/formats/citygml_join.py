"""Makes one City of the members of a CityGML file that were scanned and of those that were walked through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.formats import citygml_scan as scan
from twin.formats.citygml_appearance import columns
from twin.formats.citygml_city import facing_right, facing_up, put, rings_of
from twin.formats.citygml_dress import Dress
from twin.formats.citygml_faces import Ordered
from twin.formats.citygml_rows import Links, Scanned
from twin.formats.citygml_walk import Walked
from twin.formats.georeference import Located, locate
from twin.formats.tessellate import tessellate
from twin.model.appearance import Appearance, Image, Material
from twin.model.city import City
from twin.model.faces import only
from twin.model.place import Place
from twin.model.table import Table

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Joined:
    """All objects and surfaces, those that were scanned before those that were walked through."""

    order: Numbers
    """Of the objects: their rows here as they follow each other in the file."""
    row: Numbers
    """Of each object, in the city."""
    ids: list[str]
    """Of the objects, as they follow each other in the file."""
    types: list[str]
    scanned: Numbers
    """The rows of the scan of the first objects here."""
    polygons: Numbers
    """The rows of the scan of the first surfaces here."""

    def rows_of(self, objects: Numbers) -> Numbers:
        """The rows in the city of objects given by their rows in the scan."""
        return self.row[np.searchsorted(self.scanned, objects)]


def join(scanned: Scanned, led: Links, walked: Walked, types: Sequence[str]) -> Joined:
    """Put all objects in the order of the file. types: the classes by their numbers in the scan."""
    member_of_object = scanned.member_of(scan.OBJECTS)
    own = np.flatnonzero(~led.slow[member_of_object])
    order = np.argsort(np.concatenate([member_of_object[own], walked.members]), kind="stable")
    row = np.empty_like(order)
    row[order] = np.arange(len(order))
    objects = scanned[scan.OBJECTS][own]
    text, ends = scanned.gathered(objects[:, scan.O_ID].copy(), objects[:, scan.O_ID_END].copy())
    word, limits = text.tobytes(), ends.tolist()
    ids = [word[start:end].decode() for start, end in pairwise(limits)]
    ids += [thing.id for thing in walked.things]
    kinds = [types[k] for k in (objects[:, scan.O_TYPE] >> 1).tolist()]
    kinds += [thing.type for thing in walked.things]
    dropped = scanned[scan.POLYGONS][:, scan.P_TRIANGLE] & scan.DOUBLE != 0
    polygons = np.flatnonzero(~(led.slow[scanned.member_of(scan.POLYGONS)] | dropped))
    if walked.things:
        ids, kinds = ([words[k] for k in order.tolist()] for words in (ids, kinds))
    return Joined(order, row, ids, kinds, own, polygons)


def city_of(
    path: Path,
    place: Place | None,
    crs: str,
    names: Sequence[str],
    joined: Joined,
    scanned: Scanned,
    walked: Walked,
    dress: Dress,
    attributes: Table,
    faces: Ordered,
    face_attributes: Table,
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[City, Located]:
    """The City, and where it lies.

    path, names, place and crs: see `locate`.
    """
    objects, rows = scanned[scan.OBJECTS], scanned[scan.POLYGONS][joined.polygons]
    polygons = [polygon for thing in walked.things for polygon in thing.polygons]
    first = len(joined.scanned)
    walked_owner = np.repeat(joined.row[first:], [len(thing.polygons) for thing in walked.things])
    owner = np.concatenate([joined.rows_of(rows[:, scan.P_OBJECT]), walked_owner])
    progress(0.03)
    flags = objects[rows[:, scan.P_OBJECT], scan.O_FLAGS]
    both = scan.UNTYPED | scan.SEVERAL
    # where an object has several geometries, surfaces with semantics come first: see `citygml_once`
    late = (flags & both == both) & (rows[:, scan.P_KIND] == 0)
    rank = owner * 2
    rank[: len(rows)] += late
    order = None
    if (np.diff(rank) < 0).any():
        order = np.argsort(rank, kind="stable")
    progress(0.06)
    walked_starts, walked_points = rings_of(polygons, walked.walker.geometries.numbers)
    walked_rings = np.array([len(polygon.surface.rings) for polygon in polygons], dtype=np.int64)
    ring_of = np.repeat(np.arange(len(polygons), dtype=np.int32), walked_rings)
    walked_surface = np.repeat(ring_of, np.diff(walked_starts))
    offsets = put(polygons, walked.followed.placed, walked_points, walked_surface)
    shape = _Shape(scanned, joined.polygons, walked_starts, walked_rings, order)
    progress(0.09)
    points = shape.corners(scanned[scan.CORNERS].reshape(-1, 3), walked_points)
    progress(0.12)

    def column(of_scan: NDArray[Any], of_walk: Sequence[Any], kind: type) -> NDArray[Any]:
        found = np.concatenate([of_scan.astype(kind), np.array(of_walk, dtype=kind)])
        return found if order is None else found[order]

    owner = (owner if order is None else owner[order]).astype(np.int32)
    surface_type = column(rows[:, scan.P_KIND], [polygon.type for polygon in polygons], np.uint8)
    levels = rows[:, scan.P_LOD]
    shown = column(
        levels == objects[rows[:, scan.P_OBJECT], scan.O_HIGH],
        [polygon.shown for polygon in polygons],
        np.bool_,
    )
    object_type = np.array(joined.types, dtype=object)
    progress(0.16)

    def upright() -> float:
        up = facing_up(surface_type, owner, object_type)[shape.ring_surface]
        ring_owner = owner[shape.ring_surface]
        return facing_right(
            points, shape.ring_starts, up, ring_owner, lambda done: progress(0.2 + 0.1 * done)
        )

    standing = np.repeat(shown[shape.ring_surface], np.diff(shape.ring_starts))
    progress(0.2)
    locating: Callable[[float], None] = lambda done: progress(0.3 + 0.3 * done)  # noqa: E731
    located = locate(path, points, names, place, crs, upright, standing, locating)
    vertices = located.points
    if offsets is not None:
        flat = np.zeros((len(scanned[scan.CORNERS]) // 3, 3))
        vertices = vertices + shape.corners(flat, offsets)
    triangles, triangle_surface = tessellate(
        vertices, shape.ring_starts, shape.ring_surface, lambda done: progress(0.6 + 0.4 * done)
    )
    parents = objects[joined.scanned, scan.O_PARENT]
    parent = np.concatenate(
        [
            np.where(parents >= 0, joined.rows_of(np.maximum(parents, 0)), -1) if first else parents,
            [joined.row[first + thing.parent] if thing.parent >= 0 else -1 for thing in walked.things],
        ]
    )
    of_walked = np.array([polygon.face for polygon in polygons], dtype=np.int64)
    known = faces.of(rows[:, scan.P_FACE], of_walked, face_attributes)
    city = City(
        place=located.place,
        vertices=vertices,
        triangles=triangles,
        triangle_surface=triangle_surface,
        ring_starts=shape.ring_starts,
        ring_surface=shape.ring_surface,
        surface_object=owner,
        surface_type=surface_type,
        surface_lod=column(levels, [polygon.lod for polygon in polygons], np.float64),
        object_id=np.array(joined.ids, dtype=object),
        object_type=object_type,
        object_parent=parent[joined.order].astype(np.int32),
        attributes=attributes,
        surface_shown=None if shown.all() else shown,
        appearance=_appearance(dress, walked, joined, shape, column),
        faces=known if order is None else only(known, order),
    )
    return city, located


class _Shape:
    """Rings and corners in the order of the surfaces."""

    def __init__(
        self,
        scanned: Scanned,
        polygons: Numbers,
        walked_starts: NDArray[np.int32],
        walked_rings: Numbers,
        order: Numbers | None,
    ) -> None:
        rings = scanned[scan.RINGS]
        ring_begins = np.append(scanned[scan.POLYGONS][:, scan.P_RING], len(rings))
        corner_begins = np.append(rings[:, scan.R_START], len(scanned[scan.CORNERS])) // 3
        self._whole = len(polygons) == len(ring_begins) - 1 and order is None and not len(walked_rings)
        if self._whole:
            counts = np.diff(ring_begins)
            starts = corner_begins
        else:
            begins = np.concatenate(
                [ring_begins[polygons], len(rings) + np.cumsum(walked_rings) - walked_rings]
            )
            counts = np.concatenate([ring_begins[polygons + 1] - ring_begins[polygons], walked_rings])
            if order is not None:
                begins, counts = begins[order], counts[order]
            chosen = _spans(begins, counts)
            corner_begins = np.concatenate([corner_begins, corner_begins[-1] + walked_starts[1:]])
            lengths = np.diff(corner_begins)[chosen]
            starts = np.concatenate([[0], np.cumsum(lengths)])
            self._corners = _spans(corner_begins[chosen], lengths)
        self.ring_starts = starts.astype(np.int32)
        self.ring_surface = np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    def corners(self, of_scan: NDArray[Any], of_walk: NDArray[Any]) -> NDArray[Any]:
        """What there is for each corner, from the scan and the walk."""
        if self._whole:
            return of_scan
        return np.asarray(np.concatenate([of_scan, of_walk])[self._corners])


def _spans(begins: Numbers, counts: Numbers) -> Numbers:
    """All numbers from each begin on, as many as it counts."""
    ends = np.cumsum(counts)
    return np.asarray(np.arange(int(counts.sum())) + np.repeat(begins - (ends - counts), counts))


def _appearance(
    dress: Dress, walked: Walked, joined: Joined, shape: _Shape, column: Any
) -> Appearance | None:
    dressed = walked.dressed
    if not (dress.images or dress.materials or dressed.images or dressed.materials):
        return None
    surfaces = [polygon.surface for thing in walked.things for polygon in thing.polygons]
    image, material, places = columns(surfaces, walked.follower.backs, dressed)
    images, own_image = _merged(dress.images, dressed.images)
    materials, own_material = _merged(dress.materials, dressed.materials)
    return Appearance(
        images,
        materials,
        column(dress.image[joined.polygons], own_image[image], np.int32),
        column(dress.material[joined.polygons], own_material[material], np.int32),
        shape.corners(dress.coordinates, places),
    )


def _merged(first: Sequence[Any], second: Sequence[Any]) -> tuple[tuple[Any, ...], NDArray[np.int32]]:
    """All things once, and the new rows of the second ones; the last for -1."""
    rows: dict[Image | Material, int] = {thing: k for k, thing in enumerate(first)}
    moved = [rows.setdefault(thing, len(rows)) for thing in second]
    return tuple(rows), np.array([*moved, -1], dtype=np.int32)
