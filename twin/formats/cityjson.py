"""Reads CityJSON 1.0, 1.1 and 2.0, and sequences of CityJSON features."""

from __future__ import annotations

import gc
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import cityjson_once, cityjson_rings, memory
from twin.formats.cityjson_appearance import appearance
from twin.formats.cityjson_boundaries import FOREIGN, NESTED, split
from twin.formats.cityjson_document import KNOWN, OLDEST, Document, documents, is_large
from twin.formats.cityjson_geometries import NO_LOD, Columns
from twin.formats.cityjson_objects import Objects
from twin.formats.cityjson_parents import parents
from twin.formats.cityjson_rings import Polygons
from twin.formats.cityjson_semantics import types_of
from twin.formats.georeference import Located, locate
from twin.formats.report import Report, Skips
from twin.formats.tessellate import tessellate
from twin.model.appearance import Appearance
from twin.model.city import SURFACE_TYPES, City
from twin.model.place import Place
from twin.model.table import Column, Table

WRONG = {
    NESTED: "its boundaries are not nested as its type needs",
    FOREIGN: "its boundaries are no lists of vertex numbers",
}
PARSED = 0.6
"""How much of the reading is done when the file was parsed."""
TERRAIN = "TINRelief"


class _Shapes(NamedTuple):
    """The polygons of all LoDs."""

    polygons: Polygons
    columns: Columns
    """Of the geometries."""
    kinds: NDArray[np.uint8]
    """(p,), their semantic types."""
    seen: NDArray[np.bool_]
    """(p,), what is shown by default."""
    look: Appearance | None


def read(
    path: Path,
    *,
    place: Place | None = None,
    crs: str = "",
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[City, Report]:
    """The city in a CityJSON file or sequence (CityJSONSeq), and what was found and left out.

    Takes and means the same as `citygml.read`. Versions 0.8 and later are read; what else a file says it is
    is tried, and told. All LoDs are there; `surface_shown` marks the highest of each object. Templates are
    placed with their matrices. Nested attributes are named `outer.inner`.
    Raises DataError: no CityJSON, broken JSON, no objects, no CRS and no place.
    """
    begun = time.perf_counter()
    skips = Skips()
    found = Objects(skips, large=is_large(path))
    notices: list[str] = []
    with _no_cycles():
        form, names = _gather(path, found, skips, notices, progress)
        if not found.ids:
            raise DataError(
                path, "", "holds no city objects", "Was everything filtered out when it was exported?"
            )
        linked = _linked(found, skips)
        notices += found.name()
        attributes = found.table()
        shapes = _shapes(found, linked, skips)
        progress(0.8)
        # not the bare links, because CityJSON means eastings first, whatever the CRS they lead to defines
        spelled = [f"referenceSystem {name}" for name in names]
        used, seen = _used(shapes)
        located = locate(path, shapes.polygons.positions[used], spelled, place, crs, shown=seen)
        located = replace(located, decided_by=located.decided_by.removeprefix("srsName "))
        city = _city(found, linked, attributes, shapes, used, located)
    bare = len(city.surface_object) - np.count_nonzero(np.diff(city.triangle_surface, prepend=-1))
    if bare:
        notices.append(f"{bare} surfaces have no area and are not drawn.")
    if not len(city.surface_object):
        notices.append("No object has a surface.")
    progress(1.0)
    seconds = time.perf_counter() - begun
    return city, _report(path, form, seconds, city, shapes, located, skips, notices)


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Without the collector of cycles, which looks through millions of lists again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _gather(
    path: Path, found: Objects, skips: Skips, notices: list[str], progress: Callable[[float], None]
) -> tuple[str, list[str]]:
    """Read all documents; returns the format in words, and the CRSs the file names."""
    first: Document | None = None
    names: list[str] = []
    extensions: list[str] = []
    features = 0
    for document in documents(path, lambda done: progress(done * PARSED)):
        features += first is not None
        first = first or document
        extensions += document.count_unread(skips)
        crs = document.crs()
        names += [crs] if crs else []
        found.add(document)
    if first is None:
        raise DataError(path, "", "is empty", "Choose another file.")
    version = first.version()
    form = f"CityJSON{'Seq' if features else ''} {version or '?'}"
    number = re.match(r"\d+\.\d+", version)
    if not version:
        notices.append("The file does not say its version; it was read as CityJSON 2.0.")
    elif version not in KNOWN and not (number and OLDEST <= float(number[0]) < 1):
        notices.append(f"CityJSON {version} is not known; it was read as far as it is like {KNOWN[-1]}.")
    if version in KNOWN[1:] and "transform" not in first.members:
        notices.append("The file has no transform; its coordinates were taken as they are.")
    for name in dict.fromkeys(extensions):
        notices.append(f"It uses the extension {name}.")
    return form, list(dict.fromkeys(names))


def _linked(found: Objects, skips: Skips) -> list[int]:
    claims = [*found.claims, *found.claimed]
    found.claims, found.claimed = [], []
    return parents(claims, found.scopes, found.scope_of, found.types, found.where, skips)


def _shapes(found: Objects, linked: Sequence[int], skips: Skips) -> _Shapes:
    geometries = found.geometries
    columns = geometries.columns()

    def where(row: int) -> str:
        return f"{found.where(int(columns.object[row]))}.geometry[{columns.number[row]}]"

    boundaries = split(geometries.boundaries, columns.depth)
    for row in np.flatnonzero(boundaries.wrong).tolist():
        kind = "geometry" if boundaries.wrong[row] == NESTED else "boundaries"
        skips.at(where(row), kind, WRONG[boundaries.wrong[row]])
    matrices = np.array(geometries.matrices, dtype=np.float64).reshape(-1, 3, 4)
    vertices = np.concatenate(geometries.vertices)
    geometries.vertices = []
    polygons, faults = cityjson_rings.polygons(
        boundaries, columns, vertices, matrices, large=geometries.boundaries.large
    )
    for fault in faults:
        skips.at(where(fault.geometry), fault.what, fault.reason)
    counts = np.bincount(boundaries.polygon_geometry, minlength=len(columns.object))
    kinds = types_of(geometries, columns.depth, counts, where, skips)[polygons.polygon]
    geometries.semantics.clear()
    single = ~cityjson_once.doubles(polygons, kinds, columns, where, skips)
    if not single.all():
        polygons, kinds = polygons.only(single), kinds[single]
    seen = cityjson_once.shown(polygons, columns, found.types, linked)
    look = appearance(geometries, columns, boundaries, polygons, where, skips)
    for texts in (geometries.boundaries, geometries.materials, geometries.textures):
        texts.clear()
    polygons = replace(polygons, corner=polygons.corner[:0].copy())  # only textures need them
    return _Shapes(polygons, columns, kinds, seen, look)


def _used(shapes: _Shapes) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The vertices that polygons have, and which of them are seen by default."""
    polygons = shapes.polygons
    used, seen = np.zeros((2, len(polygons.positions)), dtype=bool)
    used[polygons.vertex] = True
    if shapes.seen.all():
        return used, np.ones(np.count_nonzero(used), dtype=bool)
    seen[polygons.vertex[np.repeat(shapes.seen[polygons.ring_polygon], np.diff(polygons.ring_starts))]] = True
    return used, seen[used]


def _city(
    found: Objects,
    linked: Sequence[int],
    attributes: Table,
    shapes: _Shapes,
    used: NDArray[np.bool_],
    located: Located,
) -> City:
    polygons, columns = shapes.polygons, shapes.columns
    row = np.cumsum(used, dtype=np.int32) - 1
    vertices = located.points[row[polygons.vertex]]
    triangles, triangle_surface = tessellate(vertices, polygons.ring_starts, polygons.ring_polygon)
    return City(
        place=located.place,
        vertices=vertices,
        triangles=triangles,
        triangle_surface=triangle_surface,
        ring_starts=polygons.ring_starts,
        ring_surface=polygons.ring_polygon,
        surface_object=columns.object[polygons.geometry].astype(np.int32),
        surface_type=shapes.kinds,
        surface_lod=columns.lod[polygons.geometry].clip(0),
        object_id=np.array(found.ids, dtype=object),
        object_type=np.array(found.types, dtype=object),
        object_parent=np.array(linked, dtype=np.int32),
        attributes=attributes,
        surface_shown=None if shapes.seen.all() else shapes.seen,
        appearance=shapes.look,
    )


def _report(
    path: Path,
    form: str,
    seconds: float,
    city: City,
    shapes: _Shapes,
    located: Located,
    skips: Skips,
    notices: list[str],
) -> Report:
    extent = None
    if len(located.points):
        columns_of = located.points.T  # a column at a time, because NumPy is slow at rows of three
        corners = np.array([axis.min() for axis in columns_of] + [axis.max() for axis in columns_of])
        west, south, low, east, north, high = (corners + np.tile(city.place.origin, 2)).tolist()
        extent = (west, south, low, east, north, high)
    polygons, columns = shapes.polygons, shapes.columns
    lengths = np.diff(city.ring_starts)
    rings = np.bincount(city.ring_surface, minlength=len(city.surface_object))
    terrain = (city.object_type == TERRAIN)[city.surface_object]
    triangular = int((terrain & (rings == 1) & (lengths[polygons.exterior] == 3)).sum())
    levels, counts = np.unique(columns.lod[polygons.geometry], return_counts=True)
    lods = dict(zip(map(cityjson_once.label, levels.tolist()), counts.tolist(), strict=True))
    if NO_LOD in levels:
        notices.append(f"{lods[cityjson_once.label(NO_LOD)]} surfaces do not say their LoD.")
    surfaces = np.bincount(city.surface_type, minlength=len(SURFACE_TYPES)).tolist()
    present = {name: _present(column) for name, column in city.attributes.columns.items()}
    return Report(
        path=str(path),
        format=form,
        seconds=seconds,
        peak_memory=memory.peak(),
        crs=located.crs,
        crs_source=located.decided_by,
        extent=extent,
        objects=dict(Counter(city.object_type.tolist())),
        surfaces={name: count for name, count in zip(SURFACE_TYPES, surfaces, strict=True) if count},
        polygons=len(city.surface_object) - triangular,
        interior_rings=len(city.ring_surface) - len(city.surface_object),
        triangles=triangular,
        lods=lods,
        attributes={name: count for name, count in present.items() if count},
        textures=0 if city.appearance is None else int((city.appearance.surface_image >= 0).sum()),
        implicit_geometries=int((columns.placement >= 0).sum()),
        skipped=skips.all(),
        notices=(*located.notices, *notices),
    )


def _present(column: Column) -> int:
    """How many objects have a value in a column."""
    if column.dtype == object:
        return sum(value is not None for value in column.tolist())
    return int(np.count_nonzero(column == column))  # what is not a number is not itself
