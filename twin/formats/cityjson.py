"""Reads CityJSON 1.0, 1.1 and 2.0, and sequences of CityJSON features."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import cityjson_once, cityjson_rings
from twin.formats.cityjson_appearance import appearance
from twin.formats.cityjson_boundaries import FOREIGN, NESTED, split
from twin.formats.cityjson_document import KNOWN, OLDEST, Document, documents, is_large, takes_long
from twin.formats.cityjson_objects import Objects
from twin.formats.cityjson_parents import parents
from twin.formats.cityjson_report import Shapes, extent_of, report_of
from twin.formats.cityjson_semantics import semantics_of
from twin.formats.georeference import locate
from twin.formats.report import Report, Skips
from twin.formats.stoppable import stoppable
from twin.formats.tessellate import tessellate
from twin.model.city import City
from twin.model.faces import only
from twin.model.place import Place
from twin.model.table import Table

WRONG = {
    NESTED: "its boundaries are not nested as its type needs",
    FOREIGN: "its boundaries are no lists of vertex numbers",
}
PARSED = 0.6
"""How much of the reading is done when the file was parsed."""


def read(
    path: Path,
    *,
    place: Place | None = None,
    crs: str = "",
    progress: Callable[[float], None] = lambda _: None,
    large: bool | None = None,
) -> tuple[City, Report]:
    """The city in a CityJSON file or sequence (CityJSONSeq), and what was found and left out.

    Takes and means the same as `citygml.read`. Versions 0.8 and later are read; what else a file says it is
    is tried, and told. All LoDs are there; `surface_shown` marks the highest of each object. Templates are
    placed with their matrices. Nested attributes are named `outer.inner`.
    large: whether machine code is worth it; its size decides where that is left open.
    Raises DataError: no CityJSON, broken JSON, no objects, no CRS and no place.
    """
    quick = is_large(path) if large is None else large
    if quick or takes_long(path):
        # each text is parsed in one step
        return stoppable(lambda told: _read(path, place, crs, told, large=quick), progress)
    return _read(path, place, crs, progress, large=False)


def _read(
    path: Path, place: Place | None, crs: str, progress: Callable[[float], None], *, large: bool
) -> tuple[City, Report]:
    begun = time.perf_counter()
    skips = Skips()
    found = Objects(skips, large=large)
    notices: list[str] = []
    with _no_cycles():
        form, names = _gather(path, found, skips, notices, progress)
        if not found.ids:
            raise DataError(
                path, "", "holds no city objects", "Was everything filtered out when it was exported?"
            )
        linked = _linked(found, skips)
        notices += found.name()
        attributes, counts = found.table()
        shapes = _shapes(found, linked, skips)
        progress(0.8)
        # not the bare links, because CityJSON means eastings first, whatever the CRS they lead to defines
        spelled = [f"referenceSystem {name}" for name in names]
        used, seen = _used(shapes)
        located = locate(path, shapes.polygons.positions[used], spelled, place, crs, shown=seen)
        extent = extent_of(located)
        rows = (np.cumsum(used, dtype=np.int32) - 1)[shapes.polygons.vertex]
        vertices = located.points.take(rows, axis=0, mode="clip")  # quicker than testing each row
        # what is in the vertices now is let go before triangles are made of them
        nothing = np.zeros((0, 3))
        decided_by = located.decided_by.removeprefix("srsName ")
        located = replace(located, points=nothing, decided_by=decided_by)
        bare = replace(shapes.polygons, positions=nothing, vertex=shapes.polygons.vertex[:0].copy())
        shapes = shapes._replace(polygons=bare)
        city = _city(found, linked, attributes, shapes, vertices, located.place)
    flat = len(city.surface_object) - np.count_nonzero(np.diff(city.triangle_surface, prepend=-1))
    if flat:
        notices.append(f"{flat} surfaces have no area and are not drawn.")
    if not len(city.surface_object):
        notices.append("No object has a surface.")
    progress(1.0)
    seconds = time.perf_counter() - begun
    return city, report_of(path, form, seconds, city, counts, shapes, located, extent, skips, notices)


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
    try:
        for document in documents(path, lambda done: progress(done * PARSED)):
            features += first is not None
            first = first or document
            crs = document.crs()
            names += [crs] if crs else []
            found.add(document)
            extensions += document.count_unread(skips)
    except DataError:
        found.finish()  # a fault in what was put off is told before one that follows it
        raise
    found.finish()
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


def _shapes(found: Objects, linked: Sequence[int], skips: Skips) -> Shapes:
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
    kinds, known, said = semantics_of(geometries, columns.depth, counts, where, skips)
    kinds, known = kinds[polygons.polygon], only(known, polygons.polygon)
    geometries.semantics.clear()
    single = ~cityjson_once.doubles(polygons, kinds, columns, where, skips)
    if not single.all():
        polygons, kinds, known = polygons.only(single), kinds[single], only(known, single)
    seen = cityjson_once.shown(polygons, columns, found.types, linked)
    look = appearance(geometries, columns, boundaries, polygons, where, skips)
    for texts in (geometries.boundaries, geometries.materials, geometries.textures):
        texts.clear()
    polygons = replace(polygons, corner=polygons.corner[:0].copy())  # only textures need them
    return Shapes(polygons, columns, kinds, seen, look, known, said)


def _used(shapes: Shapes) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
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
    shapes: Shapes,
    vertices: NDArray[np.float64],
    place: Place,
) -> City:
    polygons, columns = shapes.polygons, shapes.columns
    triangles, triangle_surface = tessellate(vertices, polygons.ring_starts, polygons.ring_polygon)
    return City(
        place=place,
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
        faces=shapes.faces,
    )
