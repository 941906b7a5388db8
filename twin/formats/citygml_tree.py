"""Reads any CityGML 1.0, 2.0 and 3.0 through its element tree."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import safe_xml
from twin.formats.citygml_objects import Object, Walker
from twin.formats.citygml_once import choose
from twin.formats.georeference import Located, locate
from twin.formats.gml import LOCAL
from twin.formats.report import Report, Skips
from twin.formats.safe_xml import line_of
from twin.formats.tessellate import tessellate
from twin.model import table
from twin.model.city import SURFACE_TYPES, City
from twin.model.place import Place

MEMBERS = ("{*}cityObjectMember", "{*}featureMember", "{*}appearanceMember")
WALKED = 0.9
"""How much of the reading is done when the file was walked through."""


def read(
    path: Path,
    *,
    place: Place | None = None,
    crs: str = "",
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[City, Report]:
    """The city in a CityGML file (plain or gzip), and what was found and left out.

    place: where the city belongs; None: a place of its own around it, in the CRS of the file, or in UTM where
    that is geographic. crs: `EPSG:code` that overrules what the file says. progress: called with 0 to 1; what
    it raises stops the reading.
    All LoDs are there; `surface_shown` marks each object's highest with surfaces. Within one LoD each surface
    is there once, where it is written out and not where it is linked to. Codes stay as they are. Attributes in
    sets are named `set.attribute`.
    Raises DataError: not CityGML, broken XML, no objects, no CRS and no place.
    """
    begun = time.perf_counter()
    namespace, name, line = safe_xml.root(path)
    if name != "CityModel" or "citygml" not in namespace:
        raise DataError(
            path, f"line {line}", f"the root element is {name}, not CityModel", "Open a CityGML file."
        )
    version = re.search(r"\d+[./]\d+", namespace)
    skips = Skips()
    walker = Walker(skips)
    _walk(path, walker, skips, progress)
    things = walker.objects
    if not things:
        raise DataError(
            path, "", "holds no city objects", "Was everything filtered out when it was exported?"
        )
    notices = _named(things)
    if walker.geometries.flat:
        notices.append(f"{walker.geometries.flat} rings have no heights; they lie at height 0.")
    ring_starts, points = _rings(things, walker.geometries.numbers)
    names = sorted(walker.geometries.names, key=lambda srs: -walker.geometries.names[srs])
    located = locate(path, points, names, place, crs)
    city = _city(things, located, ring_starts)
    bare = len(city.surface_object) - len(np.unique(city.triangle_surface))
    if bare:
        notices.append(f"{bare} surfaces have no area and are not drawn.")
    if not len(city.surface_object):
        notices.append("No object has a surface.")
    progress(1.0)
    form = f"CityGML {version.group().replace('/', '.') if version else '?'}"
    seconds = time.perf_counter() - begun
    return city, _report(path, form, seconds, city, things, located, skips, notices)


def _walk(path: Path, walker: Walker, skips: Skips, progress: Callable[[float], None]) -> None:
    links: list[tuple[str, int, str]] = []
    for member in safe_xml.elements(path, MEMBERS, lambda done: progress(done * WALKED)):
        parent = member.getparent()
        if parent is not None:
            walker.envelopes(parent)
        if LOCAL[member.tag] == "appearanceMember":
            skips.add("appearance", "textures are not read", line=line_of(member), gml_id="")
            continue
        first = len(walker.objects)
        walker.member(member)
        things = walker.objects[first:]
        choose(things, first, walker.geometries.numbers, skips)
        for thing in things:
            links.extend((link.target, link.line, thing.id) for link in thing.links)
            thing.links = []
    for target, line, owner in links:
        if target.rpartition("#")[2] not in walker.geometries.ids:
            skips.add("link to a surface", "the file has no such surface", line=line, gml_id=owner)


def _named(things: Sequence[Object]) -> list[str]:
    """Give each object an id of its own, and say how many had none."""
    taken: set[str] = set()
    used: Counter[str] = Counter()
    unnamed = twice = 0
    for thing in things:
        unnamed += not thing.id
        twice += thing.id in taken
        stem, number = thing.id or thing.type, 1 if thing.id else 0
        while not thing.id or thing.id in taken:
            used[stem] += 1
            thing.id = f"{stem}-{used[stem] + number}"
        taken.add(thing.id)
    found = []
    if unnamed:
        found.append(f"{unnamed} objects have no gml:id and were numbered.")
    if twice:
        found.append(f"{twice} objects repeat a gml:id and were numbered.")
    return found


def _rings(
    things: Sequence[Object], numbers: Sequence[float]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Where each ring begins, and the corners of all rings as they stand in the file: (n, 3)."""
    spans = [span for thing in things for polygon in thing.polygons for span in polygon.surface.rings]
    rings = np.array(spans, dtype=np.int64).reshape(-1, 2) // 3
    lengths = rings[:, 1] - rings[:, 0]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    which = np.arange(starts[-1]) + np.repeat(rings[:, 0] - starts[:-1], lengths)
    corners = np.array(numbers, dtype=np.float64).reshape(-1, 3)
    return starts.astype(np.int32), corners[which]


def _city(things: Sequence[Object], located: Located, ring_starts: NDArray[np.int32]) -> City:
    polygons = [polygon for thing in things for polygon in thing.polygons]
    rings = [len(polygon.surface.rings) for polygon in polygons]
    ring_surface = np.repeat(np.arange(len(polygons), dtype=np.int32), rings)
    triangles, triangle_surface = tessellate(located.points, ring_starts, ring_surface)
    per_object = [len(thing.polygons) for thing in things]
    shown = np.array([polygon.shown for polygon in polygons], dtype=bool)
    return City(
        place=located.place,
        vertices=located.points,
        triangles=triangles,
        triangle_surface=triangle_surface,
        ring_starts=ring_starts,
        ring_surface=ring_surface,
        surface_object=np.repeat(np.arange(len(things), dtype=np.int32), per_object),
        surface_type=np.array([polygon.type for polygon in polygons], dtype=np.uint8),
        surface_lod=np.array([polygon.lod for polygon in polygons], dtype=np.float64),
        object_id=np.array([thing.id for thing in things], dtype=object),
        object_type=np.array([thing.type for thing in things], dtype=object),
        object_parent=np.array([thing.parent for thing in things], dtype=np.int32),
        attributes=table.from_rows([thing.attributes for thing in things]),
        surface_shown=None if shown.all() else shown,
    )


def _report(
    path: Path,
    form: str,
    seconds: float,
    city: City,
    things: Sequence[Object],
    located: Located,
    skips: Skips,
    notices: Sequence[str],
) -> Report:
    extent = None
    if len(city.vertices):
        corners = np.concatenate([city.vertices.min(axis=0), city.vertices.max(axis=0)])
        west, south, low, east, north, high = (corners + np.tile(city.place.origin, 2)).tolist()
        extent = (west, south, low, east, north, high)
    triangular = sum(p.surface.is_triangle for thing in things for p in thing.polygons)
    surfaces = Counter(city.surface_type.tolist())
    present = Counter(key for thing in things for key, v in thing.attributes.items() if v is not None)
    return Report(
        path=str(path),
        format=form,
        seconds=seconds,
        crs=located.crs,
        crs_source=located.decided_by,
        extent=extent,
        objects=dict(Counter(thing.type for thing in things)),
        surfaces={SURFACE_TYPES[kind]: count for kind, count in sorted(surfaces.items())},
        polygons=len(city.surface_object) - triangular,
        interior_rings=len(city.ring_surface) - len(city.surface_object),
        triangles=triangular,
        lods={f"{lod:g}": count for lod, count in sorted(Counter(city.surface_lod.tolist()).items())},
        attributes=dict(present),
        skipped=skips.all(),
        notices=(*located.notices, *notices),
    )
