"""Makes a City and a Report of the parts of a model."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats.atomic import replace_file
from twin.formats.georeference import Located
from twin.formats.mesh_parts import Paint, Parts, Picture
from twin.formats.mesh_place import place_parts
from twin.formats.report import Report
from twin.formats.tessellate import tessellate
from twin.model import table
from twin.model.appearance import Appearance, Image, Material
from twin.model.city import SURFACE_TYPES, City
from twin.model.place import Place
from twin.model.placement import Placement

ENDINGS = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg"}
"""Of pictures, by how they begin."""
PICTURES = "pictures"
"""The folder in the cache for those that lie inside of models."""


def make(
    path: Path,
    parts: Parts,
    place: Place | None,
    crs: str,
    placement: Placement,
    keep: Path,
    seconds: float,
) -> tuple[City, Report]:
    """The city of a model and what was found and left out. Raises DataError where there is nothing to show.

    keep: a folder for pictures that lie inside of the file.
    """
    if not len(parts.face_thing):
        first = max(parts.skipped, key=lambda item: item.count, default=None)
        why = f": {first.count} × {first.what} left out: {first.why} (first: {first.first})" if first else ""
        raise DataError(path, "", f"has no faces to show{why}", "Export it again, with triangles.")
    used = np.zeros(len(parts.points), dtype=bool)
    used[parts.corners] = True
    rows = (np.cumsum(used) - 1)[parts.corners]
    located = place_parts(path, _only(parts, used, rows), place, crs, placement)
    city = _city(parts, rows, located, keep)
    notices = [*located.notices, *parts.notices]
    whole = {thing.parent for thing in parts.things}
    shapeless = set(range(len(parts.things))) - set(_each(parts.face_thing)) - whole
    if shapeless:
        notices.append(f"{len(shapeless)} objects have no faces.")
    bare = len(city.surface_object) - int(np.count_nonzero(np.diff(city.triangle_surface, prepend=-1)))
    if bare:
        notices.append(f"{bare} faces have no area and are not drawn.")
    return city, _report(path, parts, city, located, notices, seconds)


def _each(column: NDArray[np.int32]) -> list[int]:
    """The different values of a column that does not fall."""
    found: list[int] = column[np.flatnonzero(np.diff(column, prepend=-1))].tolist()
    return found


def _only(parts: Parts, used: NDArray[np.bool_], rows: NDArray[np.int64]) -> Parts:
    """The same parts without points that no face has: they may lie anywhere."""
    return replace(parts, points=parts.points[used], corners=rows)


def _city(parts: Parts, rows: NDArray[np.int64], located: Located, keep: Path) -> City:
    vertices = located.points[rows]
    starts = parts.face_starts.astype(np.int32)
    surfaces = np.arange(len(parts.face_thing), dtype=np.int32)
    triangles, triangle_surface = tessellate(vertices, starts, surfaces)
    names = _once([thing.id for thing in parts.things])
    return City(
        place=located.place,
        vertices=vertices,
        triangles=triangles,
        triangle_surface=triangle_surface,
        ring_starts=starts,
        ring_surface=surfaces,
        surface_object=parts.face_thing,
        surface_type=parts.face_type,
        surface_lod=np.zeros(len(surfaces)),
        object_id=_column(names),
        object_type=_column([thing.type for thing in parts.things]),
        object_parent=np.array([thing.parent for thing in parts.things], dtype=np.int32),
        attributes=table.from_rows([thing.attributes for thing in parts.things]),
        appearance=_appearance(parts, keep),
    )


def _once(names: Sequence[str]) -> list[str]:
    """The names, each made different from those before it."""
    taken: set[str] = set()
    used: Counter[str] = Counter()
    found = []
    for name in names:
        mine = name
        while mine in taken:
            used[name] += 1
            mine = f"{name}-{used[name] + 1}"
        taken.add(mine)
        found.append(mine)
    return found


def _column(values: Sequence[str]) -> NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column


def _appearance(parts: Parts, keep: Path) -> Appearance | None:
    if not parts.paints:
        return None
    images = [_image(picture, keep) for picture in parts.pictures]
    present = [image for image in images if image is not None]
    row = {number: present.index(image) for number, image in enumerate(images) if image is not None}
    picture_of = np.array([*(row.get(paint.picture, -1) for paint in parts.paints), -1], dtype=np.int32)
    drawn = len(parts.coordinates) > 0
    count = len(parts.face_paint)
    return Appearance(
        images=tuple(present) if drawn else (),
        materials=tuple(_material(paint) for paint in parts.paints),
        surface_image=picture_of[parts.face_paint] if drawn else np.full(count, -1, np.int32),
        surface_material=parts.face_paint,
        coordinates=parts.coordinates if drawn else np.full((len(parts.corners), 2), np.nan, np.float32),
    )


def _material(paint: Paint) -> Material:
    return Material(paint.name, paint.diffuse, paint.transparency)


def _image(picture: Picture, keep: Path) -> Image | None:
    if picture.path:
        return Image(Path(picture.path))
    ending = next((end for start, end in ENDINGS.items() if picture.data.startswith(start)), "")
    if not ending:
        return None
    path = keep / f"{hashlib.sha256(picture.data).hexdigest()[:32]}{ending}"
    if not path.is_file():
        try:
            keep.mkdir(parents=True, exist_ok=True)
            replace_file(path, picture.data)
        except (OSError, DataError):  # then the faces show their colour
            return None
    return Image(path)


def _report(
    path: Path, parts: Parts, city: City, located: Located, notices: Sequence[str], seconds: float
) -> Report:
    corners = np.concatenate([city.vertices.min(axis=0), city.vertices.max(axis=0)])
    west, south, low, east, north, high = (corners + np.tile(city.place.origin, 2)).tolist()
    triangular = int((np.diff(parts.face_starts) == 3).sum())
    kinds = Counter(parts.face_type.tolist())
    present = Counter(
        key for thing in parts.things for key, value in thing.attributes.items() if value is not None
    )
    pictures = 0 if city.appearance is None else int((city.appearance.surface_image >= 0).sum())
    return Report(
        path=str(path),
        format=parts.format,
        seconds=seconds,
        crs=located.crs,
        crs_source=located.decided_by,
        extent=(west, south, low, east, north, high),
        objects=dict(Counter(thing.type for thing in parts.things)),
        surfaces={SURFACE_TYPES[kind]: count for kind, count in sorted(kinds.items())},
        polygons=len(parts.face_thing) - triangular,
        interior_rings=0,
        patches=triangular,
        triangles=len(city.triangles),
        extent_crs=city.place.crs,
        lods={},
        attributes=dict(present),
        textures=pictures,
        implicit_geometries=parts.placed,
        skipped=tuple(parts.skipped),
        notices=tuple(notices),
    )
