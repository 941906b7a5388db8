"""Makes a City of the objects that the element tree of a CityGML file holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.formats.citygml_appearance import Dressed, columns
from twin.formats.citygml_implicit import Implicit
from twin.formats.citygml_objects import Face, Polygon, Walker
from twin.formats.georeference import Located, locate
from twin.formats.tessellate import tessellate
from twin.model import faces, table
from twin.model.appearance import Appearance
from twin.model.city import SURFACE_TYPES, City
from twin.model.faces import Faces
from twin.model.place import Place
from twin.model.triangulate import normals

UP = {"RoofSurface": 1, "GroundSurface": -1, "WaterSurface": 1, "TrafficArea": 1}
"""Surfaces that must face up, and down."""
BLOCK = 2**15
"""Rings at a time: what is worked on then stays near the processor."""


def assemble(
    path: Path,
    walker: Walker,
    placed: Sequence[Implicit],
    dressed: Dressed,
    back_of: dict[int, int],
    names: Sequence[str],
    place: Place | None,
    crs: str,
) -> tuple[City, Located]:
    """The City of the objects that were gathered, and where it lies.

    placed: the implicit geometries, by `Polygon.placement`. back_of:
    where turned rings begin in the numbers, and those they were made of. names, place and crs: see `locate`.
    """
    things = walker.objects
    polygons = [polygon for thing in things for polygon in thing.polygons]
    ring_starts, points = rings_of(polygons, walker.geometries.numbers)
    rings = [len(polygon.surface.rings) for polygon in polygons]
    ring_surface = np.repeat(np.arange(len(polygons), dtype=np.int32), rings)
    point_surface = np.repeat(ring_surface, np.diff(ring_starts))
    offsets = put(polygons, placed, points, point_surface)
    owner = np.repeat(np.arange(len(things), dtype=np.int32), [len(thing.polygons) for thing in things])
    object_type = np.array([thing.type for thing in things], dtype=object)
    surface_type = np.array([polygon.type for polygon in polygons], dtype=np.uint8)

    def upright() -> float:
        up = facing_up(surface_type, owner, object_type)[ring_surface]
        return facing_right(points, ring_starts, up, owner[ring_surface])

    shown = np.array([polygon.shown for polygon in polygons], dtype=bool)
    # footprints often lie at height 0 below buildings that do not
    located = locate(path, points, names, place, crs, upright, shown[point_surface])
    vertices = located.points if offsets is None else located.points + offsets
    triangles, triangle_surface = tessellate(vertices, ring_starts, ring_surface)
    appearance = None
    if dressed.images or dressed.materials:
        look = columns([polygon.surface for polygon in polygons], back_of, dressed)
        appearance = Appearance(tuple(dressed.images), tuple(dressed.materials), *look)
    city = City(
        place=located.place,
        vertices=vertices,
        triangles=triangles,
        triangle_surface=triangle_surface,
        ring_starts=ring_starts,
        ring_surface=ring_surface,
        surface_object=owner,
        surface_type=surface_type,
        surface_lod=np.array([polygon.lod for polygon in polygons], dtype=np.float64),
        object_id=np.array([thing.id for thing in things], dtype=object),
        object_type=object_type,
        object_parent=np.array([thing.parent for thing in things], dtype=np.int32),
        attributes=table.from_rows([thing.attributes for thing in things]),
        surface_shown=None if shown.all() else shown,
        appearance=appearance,
        faces=_faces(walker.faces, polygons),
    )
    return city, located


def _faces(found: Sequence[Face], polygons: Sequence[Polygon]) -> Faces | None:
    parent = np.array([face.parent for face in found], dtype=np.int32)
    said = np.array([has_values(face) for face in found], dtype=bool)
    rows = faces.kept(parent, said)
    if not (rows >= 0).any():
        return None
    of = np.array([polygon.face for polygon in polygons], dtype=np.int64)
    attributes = [face.attributes for face, row in zip(found, rows.tolist(), strict=True) if row >= 0]
    return Faces(
        of_surface=faces.rows_at(rows, of),
        type=np.array([face.type for face in found], dtype=np.uint8)[rows >= 0],
        parent=faces.moved(rows, parent),
        attributes=table.from_rows(attributes),
    )


def has_values(face: Face) -> bool:
    """Whether anything is known of a surface but its type."""
    return any(value is not None for value in face.attributes.values())


def facing_up(
    surface_type: NDArray[np.uint8], surface_object: NDArray[np.int32], object_type: NDArray[np.object_]
) -> NDArray[np.int64]:
    """1 for each surface that must face up, -1 for down, 0 where it may face anywhere: (s,)."""
    kinds = np.array([UP.get(name, 0) for name in SURFACE_TYPES])[surface_type]
    terrain = np.array([name == "TINRelief" for name in object_type], dtype=bool)
    return np.where(terrain[surface_object], 1, kinds) if len(terrain) else kinds


def facing_right(
    points: NDArray[np.float64],
    ring_starts: NDArray[np.int32],
    up: NDArray[np.int64],
    owner: NDArray[np.int32],
    progress: Callable[[float], None] = lambda _: None,
) -> float:
    """How much of the surfaces face as they must: from 1, all, to -1, all the wrong way; 0: nobody knows.

    points: as they stand in the file, taken as easting, northing, height. up, owner: of each ring, whether it
    must face up, and its object. Where none must, they have to face away from the middle of their object.
    """
    if not len(points):
        return 0.0
    total = right = 0.0
    for rows, areas in _blocks(points, ring_starts):
        facing = up[rows] * areas[:, 2]
        total, right = total + float(np.abs(facing).sum()), right + float(facing.sum())
        progress(0.5 * rows.stop / len(owner))
    if not total:
        of = np.repeat(owner, np.diff(ring_starts))
        count = np.maximum(np.bincount(of), 1)
        middle = np.column_stack([np.bincount(of, points[:, axis]) / count for axis in range(3)])
        for rows, areas in _blocks(points, ring_starts):
            away = points[ring_starts[rows]] - middle[owner[rows]]
            facing = np.einsum("ij,ij->i", away, areas)
            total, right = total + float(np.abs(facing).sum()), right + float(facing.sum())
            progress(0.5 + 0.5 * rows.stop / len(owner))
    return right / total if total else 0.0


def _blocks(
    points: NDArray[np.float64], ring_starts: NDArray[np.int32]
) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """The normals of some rings at a time."""
    for begin in range(0, len(ring_starts) - 1, BLOCK):
        end = min(begin + BLOCK, len(ring_starts) - 1)
        starts = ring_starts[begin : end + 1]
        yield slice(begin, end), normals(points[starts[0] : starts[-1]], starts - starts[0])


def rings_of(
    polygons: Sequence[Polygon], numbers: Sequence[float]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Where each ring begins, and the corners of all rings as they stand in the file: (n, 3)."""
    spans = [span for polygon in polygons for span in polygon.surface.rings]
    rings = np.array(spans, dtype=np.int64).reshape(-1, 2) // 3
    lengths = rings[:, 1] - rings[:, 0]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    which = np.arange(starts[-1]) + np.repeat(rings[:, 0] - starts[:-1], lengths)
    corners = np.array(numbers, dtype=np.float64).reshape(-1, 3)
    return starts.astype(np.int32), corners[which]


def put(
    polygons: Sequence[Polygon],
    placed: Sequence[Implicit],
    points: NDArray[np.float64],
    surface: NDArray[np.int32],
) -> NDArray[np.float64] | None:
    """Put the corners of implicit geometries to their reference points, and return how far off they lie. [m]

    surface: that of each corner (n,).
    """
    if not placed:
        return None
    which = np.array([polygon.placement for polygon in polygons])[surface]
    moved = np.flatnonzero(which >= 0)
    matrices = np.array([placing.matrix for placing in placed])[which[moved]]
    offsets = np.zeros_like(points)
    offsets[moved] = np.einsum("nij,nj->ni", matrices[:, :, :3], points[moved]) + matrices[:, :, 3]
    points[moved] = np.array([placing.point for placing in placed])[which[moved]]
    return offsets
