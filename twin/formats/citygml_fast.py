"""Reads CityGML by scanning its bytes, and only the members that need it through the element tree."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import citygml_scan as scan
from twin.formats import safe_xml
from twin.formats.attribute_texts import PART, table_of
from twin.formats.citygml_attributes import note_unit
from twin.formats.citygml_chunks import scan_file
from twin.formats.citygml_dress import Dress, put_on
from twin.formats.citygml_faces import ordered
from twin.formats.citygml_grammar import DoubtError, Registry
from twin.formats.citygml_join import Joined, city_of, join
from twin.formats.citygml_links import TooMany
from twin.formats.citygml_objects import Object
from twin.formats.citygml_pieces import CHUNK
from twin.formats.citygml_rows import Links, Scanned, links
from twin.formats.citygml_texts import texts_of
from twin.formats.citygml_tree import named, notices_on, ranked
from twin.formats.citygml_walk import Walked, walk
from twin.formats.georeference import Located
from twin.formats.memory import peak
from twin.formats.report import Report, Skips
from twin.model.city import SURFACE_TYPES, City
from twin.model.place import Place

SCANNED, GATHERED, LED = 0.6, 0.66, 0.7
"""How much of the reading is done when the file was scanned, when that was put together, and its links."""
WALK = 30
"""How many times longer it takes to walk through a file than to make a city of it once it was scanned."""
LINE = re.compile(r"line (\d+)")


def read(
    path: Path,
    *,
    place: Place | None = None,
    crs: str = "",
    progress: Callable[[float], None] = lambda _: None,
    threads: int = 1,
    size: int = CHUNK,
) -> tuple[City, Report]:
    """The city in a CityGML file: the same as `citygml_tree.read` gives.

    threads: how many scan side by side. size: of the pieces that are scanned at a time. [byte]
    Raises DoubtError where only that can tell what the file is worth; otherwise means and raises the same.
    """
    begun = time.perf_counter()
    namespace, name, _ = safe_xml.root(path)
    if name != "CityModel" or "citygml" not in namespace:
        raise DoubtError
    registry = Registry()
    going = scan_file(path, registry, threads=threads, size=size)
    found = []
    for rows in going.rows:
        found.append(rows)
        progress(rows.done * SCANNED)
    del rows
    scanned = Scanned(found, going.text, _between(progress, SCANNED, GATHERED))
    led = links(scanned, _between(progress, GATHERED, LED))
    if led.slow.all() or not len(led.slow):
        raise DoubtError
    gone = _walked(scanned, led)
    try:
        walked = walk(scanned, led.slow, going.head, path.parent, _between(progress, LED, gone))
    except TooMany as error:
        raise DataError(path, "", str(error), "Ask where the file comes from.") from error
    names = Counter(walked.walker.geometries.names)
    for scanner in going.scanners:
        names.update(scanner.names())
    if len(names) > 1 and led.slow.any():
        raise DoubtError  # what was scanned and walked through was counted twice
    joined = join(scanned, led, walked, list(registry.types))
    if not joined.ids:
        raise DoubtError
    skips = _Skips(scanned, led, registry)
    dress = put_on(scanned, led, walked, going.head, path.parent, skips.found)
    ending = _between(progress, gone, 1.0)
    ending(0.1)
    entries = scanned[scan.ENTRIES]
    entries = entries[~led.slow[scanned.member_of(scan.ENTRIES)]]
    of_face = entries[:, scan.E_FACE] >= 0
    faces = ordered(scanned, led, walked, entries[of_face], registry)
    own = entries[~of_face]
    own[:, scan.E_OBJECT] = joined.rows_of(own[:, scan.E_OBJECT])
    first = len(joined.scanned)
    values = {int(joined.row[first + k]): thing.attributes for k, thing in enumerate(walked.things)}
    texts, present = texts_of(scanned, own, registry, len(joined.ids), values, _between(ending, 0.1, 0.25))
    face_texts, on_faces = texts_of(
        *(scanned, faces.entries, registry, len(faces.parent), faces.values, _between(ending, 0.25, 0.3))
    )
    notices = _named(joined)
    city, located = city_of(
        *(path, place, crs, ranked(names), joined, scanned, walked, dress, table_of(texts)),
        *(faces, table_of(face_texts)),
        _between(ending, 0.3, 0.95),
    )
    notices += _notices(city, dress, walked, _units(entries, registry))
    ending(0.97)
    version = re.search(r"\d+[./]\d+", namespace)
    report = _report(path, city, located, _counted(scanned, joined, led, walked), notices)
    progress(1.0)
    form = f"CityGML {version.group().replace('/', '.') if version else '?'}"
    return city, replace(
        report,
        format=form,
        seconds=time.perf_counter() - begun,
        objects=dict(Counter(joined.types)),
        attributes=dict(present),
        surface_attributes=dict(on_faces),
        skipped=skips.merged(walked.skips).all(),
    )


def _between(progress: Callable[[float], None], begin: float, end: float) -> Callable[[float], None]:
    """Tells the progress of a part."""
    return lambda done: progress(begin + (end - begin) * done)


def _walked(scanned: Scanned, led: Links) -> float:
    """How much of the reading is done when the marked members were walked through."""
    members = scanned[scan.MEMBERS]
    lengths = members[:, scan.M_END] - members[:, scan.M_START]
    share = WALK * float(lengths[led.slow].sum()) / max(float(lengths.sum()), 1.0)
    return LED + (1 - LED) * share / (share + 1)


def _named(joined: Joined) -> list[str]:
    if all(joined.ids) and len(set(joined.ids)) == len(joined.ids):
        return []
    things = [Object(gml_id, kind, -1, 0) for gml_id, kind in zip(joined.ids, joined.types, strict=True)]
    notices = named(things)
    joined.ids[:] = [thing.id for thing in things]
    return notices


def _units(entries: NDArray[np.int64], registry: Registry) -> dict[str, set[str]]:
    """Attributes with units, and which."""
    found: dict[str, set[str]] = {}
    measured = entries[(entries[:, scan.E_UNIT] > 0) & (entries[:, scan.E_FLAGS] & PART == 0)]
    keys, units = list(registry.keys), list(registry.units)
    pairs = np.flatnonzero(np.bincount(measured[:, scan.E_KEY] * (len(units) + 1) + measured[:, scan.E_UNIT]))
    for pair in pairs.tolist():
        key, unit = divmod(pair, len(units) + 1)
        note_unit(found, keys[key][0], units[unit - 1])
    return found


def _notices(city: City, dress: Dress, walked: Walked, units: dict[str, set[str]]) -> list[str]:
    for name, found in units.items():
        walked.walker.units.setdefault(name, set()).update(found)
    return notices_on(city, walked.walker, walked.dressed)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a report counts and a city does not say."""

    polygons: int
    triangles: int
    holes: int
    implicit: int
    resolved: int
    unresolved: int


def _counted(scanned: Scanned, joined: Joined, led: Links, walked: Walked) -> _Counted:
    shapes = [p.surface.of or p.surface for thing in walked.things for p in thing.polygons]
    written = {id(shape): shape for shape in shapes}.values()
    rows = scanned[scan.POLYGONS]
    rings = np.diff(rows[:, scan.P_RING], append=len(scanned[scan.RINGS]))[joined.polygons]
    triangles = int(rows[joined.polygons, scan.P_TRIANGLE].sum())
    own = sum(shape.is_triangle for shape in written)
    return _Counted(
        polygons=len(joined.polygons) - triangles + len(written) - own,
        triangles=triangles + own,
        holes=int((rings - 1).sum()) + sum(len(shape.rings) - 1 for shape in written),
        implicit=len(walked.followed.placed),
        resolved=led.resolved + walked.followed.resolved,
        unresolved=len(led.lost_links) + walked.followed.unresolved,
    )


def _report(path: Path, city: City, located: Located, counted: _Counted, notices: Sequence[str]) -> Report:
    extent = None
    if len(city.vertices):
        axes = [city.vertices[:, k] for k in range(3)]  # along rows NumPy is slow
        corners = np.array([*(axis.min() for axis in axes), *(axis.max() for axis in axes)])
        west, south, low, east, north, high = (corners + np.tile(city.place.origin, 2)).tolist()
        extent = (west, south, low, east, north, high)
    surfaces = np.bincount(city.surface_type, minlength=len(SURFACE_TYPES)).tolist()
    counts = np.bincount(city.surface_lod.astype(np.int64))
    lods = np.flatnonzero(counts)
    pictures = None if city.appearance is None else city.appearance.surface_image
    return Report(
        path=str(path),
        format="",
        seconds=0.0,
        crs=located.crs,
        crs_source=located.decided_by,
        extent=extent,
        objects={},
        surfaces={SURFACE_TYPES[kind]: count for kind, count in enumerate(surfaces) if count},
        polygons=counted.polygons,
        interior_rings=counted.holes,
        patches=counted.triangles,
        triangles=len(city.triangles),
        extent_crs=city.place.crs,
        lods={f"{lod:g}": count for lod, count in zip(lods.tolist(), counts[lods].tolist(), strict=True)},
        attributes={},
        textures=0 if pictures is None else int((pictures >= 0).sum()),
        implicit_geometries=counted.implicit,
        xlinks={"resolved": counted.resolved, "unresolved": counted.unresolved},
        peak_memory=peak(),
        notices=(*located.notices, *notices),
    )


class _Skips:
    """What was left out of the members that were scanned."""

    def __init__(self, scanned: Scanned, led: Links, registry: Registry) -> None:
        self.found = Skips()
        rows = scanned[scan.SKIPS]
        rows = rows[~led.slow[scanned.member_of(scan.SKIPS)]]
        objects = scanned[scan.OBJECTS]
        for number, (what, why) in enumerate(registry.skips):
            alike = rows[rows[:, scan.K_NODE] == number]
            if not len(alike):
                continue
            first = alike[np.argmin(alike[:, scan.K_START])]
            start, end = first[[scan.K_ID, scan.K_ID_END]].tolist()
            gml_id = scanned.text(start, end).decode() if end > start else ""
            if not gml_id and first[scan.K_OBJECT] >= 0:
                gml_id = scanned.word(*objects[first[scan.K_OBJECT], [scan.O_ID, scan.O_ID_END]].tolist())
            line = scanned.line(int(first[scan.K_START]))
            self.found.add(what, why, line=line, gml_id=gml_id, count=len(alike))
        if len(led.lost_links):
            first = scanned[scan.LINKS][led.lost_links[0]]
            gml_id = scanned.word(*objects[first[scan.L_OBJECT], [scan.O_ID, scan.O_ID_END]].tolist())
            line, why = scanned.line(int(first[scan.L_START])), "the file has no such surface"
            count = len(led.lost_links)
            self.found.add("link to a surface", why, line=line, gml_id=gml_id, count=count)

    def merged(self, others: Skips) -> Skips:
        """These and others, with the first place of each kind."""
        both = Skips()
        for item in sorted((*self.found.all(), *others.all()), key=lambda item: _line(item.first)):
            both.at(item.first, item.what, item.why, item.count)
        return both


def _line(place: str) -> int:
    found = LINE.match(place)
    return int(found[1]) if found else 0
