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

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import cityjson_once, cityjson_rings
from twin.formats.cityjson_boundaries import split
from twin.formats.cityjson_document import KNOWN, OLDEST, Document, documents
from twin.formats.cityjson_geometries import NO_LOD, Geometry
from twin.formats.cityjson_objects import Objects
from twin.formats.cityjson_parents import parents
from twin.formats.cityjson_rings import Polygons, Sources
from twin.formats.cityjson_semantics import types_of
from twin.formats.georeference import Located, locate
from twin.formats.report import Report, Skips
from twin.formats.tessellate import tessellate
from twin.model import table
from twin.model.city import SURFACE_TYPES, City
from twin.model.place import Place

PARSED = 0.6
"""How much of the reading is done when the file was parsed."""
TERRAIN = "TINRelief"


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
    found = Objects(skips)
    notices: list[str] = []
    with _no_cycles():
        form, names = _gather(path, found, skips, notices, progress)
        if not found.ids:
            raise DataError(
                path, "", "holds no city objects", "Was everything filtered out when it was exported?"
            )
        linked = parents(
            [*found.claims, *found.claimed], found.scopes, found.scope_of, found.types, found.wheres, skips
        )
        notices += found.name()
        found.limit()
        polygons, kinds = _polygons(found, skips)
        seen = cityjson_once.shown(polygons, found.geometries.all, found.types, linked)
        progress(0.8)
        # not the bare links, because CityJSON means eastings first, whatever the CRS they lead to defines
        spelled = [f"referenceSystem {name}" for name in names]
        located = locate(path, polygons.points, spelled, place, crs)
        located = replace(located, decided_by=located.decided_by.removeprefix("srsName "))
        city = _city(found, linked, polygons, kinds, seen, located)
    bare = len(city.surface_object) - np.count_nonzero(np.diff(city.triangle_surface, prepend=-1))
    if bare:
        notices.append(f"{bare} surfaces have no area and are not drawn.")
    if not len(city.surface_object):
        notices.append("No object has a surface.")
    progress(1.0)
    seconds = time.perf_counter() - begun
    return city, _report(path, form, seconds, city, found, polygons, located, skips, notices)


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


def _polygons(found: Objects, skips: Skips) -> tuple[Polygons, NDArray[np.uint8]]:
    """The polygons of all LoDs, their corners as they stand in the file, and their semantic types."""
    geometries = found.geometries.all
    boundaries = split(
        [geometry.text for geometry in geometries], [geometry.depth for geometry in geometries]
    )
    for row in np.flatnonzero(boundaries.wrong).tolist():
        skips.at(geometries[row].where, "geometry", "its boundaries are not nested as its type needs")
    sources = Sources(
        vertices=np.concatenate(found.geometries.vertices),
        base=_column([geometry.base for geometry in geometries]),
        limit=_column([geometry.limit for geometry in geometries]),
        placement=_column([geometry.placement for geometry in geometries]),
        matrices=np.array(found.geometries.matrices, dtype=np.float64).reshape(-1, 3, 4),
    )
    polygons, faults = cityjson_rings.polygons(boundaries, sources)
    for fault in faults:
        skips.at(geometries[fault.geometry].where, fault.what, fault.reason)
    in_file = np.bincount(boundaries.polygon_geometry, minlength=len(geometries))
    offsets = np.zeros(len(geometries), dtype=np.int64)
    kinds: list[bytes] = []
    size = 0
    for row in np.flatnonzero(np.bincount(polygons.geometry)).tolist():
        offsets[row] = size
        kinds.append(types_of(geometries[row], int(in_file[row]), skips))
        size += len(kinds[-1])
    known = np.frombuffer(b"".join(kinds), dtype=np.uint8)[offsets[polygons.geometry] + polygons.number]
    single = ~cityjson_once.doubles(polygons, known, geometries, skips)
    if single.all():
        return polygons, known
    return polygons.only(single), known[single]


def _column(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def _city(
    found: Objects,
    linked: Sequence[int],
    polygons: Polygons,
    kinds: NDArray[np.uint8],
    seen: NDArray[np.bool_],
    located: Located,
) -> City:
    ring_starts, ring_surface = polygons.ring_starts.astype(np.int32), polygons.ring_polygon.astype(np.int32)
    triangles, triangle_surface = tessellate(located.points, ring_starts, ring_surface)
    return City(
        place=located.place,
        vertices=located.points,
        triangles=triangles,
        triangle_surface=triangle_surface,
        ring_starts=ring_starts,
        ring_surface=ring_surface,
        surface_object=_of(polygons, [geometry.object for geometry in found.geometries.all]).astype(np.int32),
        surface_type=kinds,
        surface_lod=_of(polygons, _lods(found.geometries.all)).clip(0),
        object_id=np.array(found.ids, dtype=object),
        object_type=np.array(found.types, dtype=object),
        object_parent=np.array(linked, dtype=np.int32),
        attributes=table.from_rows(found.attributes),
        surface_shown=None if seen.all() else seen,
    )


def _lods(geometries: Sequence[Geometry]) -> list[float]:
    return [geometry.lod for geometry in geometries]


def _of(polygons: Polygons, column: Sequence[float]) -> NDArray[np.float64]:
    """What is known of geometries, for each polygon."""
    return np.array(column, dtype=np.float64)[polygons.geometry]


def _report(
    path: Path,
    form: str,
    seconds: float,
    city: City,
    found: Objects,
    polygons: Polygons,
    located: Located,
    skips: Skips,
    notices: list[str],
) -> Report:
    extent = None
    if len(city.vertices):
        corners = np.concatenate([city.vertices.min(axis=0), city.vertices.max(axis=0)])
        west, south, low, east, north, high = (corners + np.tile(city.place.origin, 2)).tolist()
        extent = (west, south, low, east, north, high)
    lengths = np.diff(city.ring_starts)
    rings = np.bincount(city.ring_surface, minlength=len(city.surface_object))
    terrain = (city.object_type == TERRAIN)[city.surface_object]
    triangular = int((terrain & (rings == 1) & (lengths[polygons.exterior] == 3)).sum())
    lods = Counter(_of(polygons, _lods(found.geometries.all)).tolist())
    if lods[NO_LOD]:
        notices.append(f"{lods[NO_LOD]} surfaces do not say their LoD.")
    present = Counter(key for row in found.attributes for key, value in row.items() if value is not None)
    surfaces = Counter(city.surface_type.tolist())
    return Report(
        path=str(path),
        format=form,
        seconds=seconds,
        crs=located.crs,
        crs_source=located.decided_by,
        extent=extent,
        objects=dict(Counter(found.types)),
        surfaces={SURFACE_TYPES[kind]: count for kind, count in sorted(surfaces.items())},
        polygons=len(city.surface_object) - triangular,
        interior_rings=len(city.ring_surface) - len(city.surface_object),
        triangles=triangular,
        lods={cityjson_once.label(lod).removeprefix("LoD"): count for lod, count in sorted(lods.items())},
        attributes=dict(present),
        skipped=skips.all(),
        notices=(*located.notices, *notices),
    )
