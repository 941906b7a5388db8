"""Reads any CityGML 1.0, 2.0 and 3.0 through its element tree."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from twin.errors import DataError
from twin.formats import rare_attributes, safe_xml
from twin.formats.citygml_appearance import Dressed, dress
from twin.formats.citygml_city import assemble
from twin.formats.citygml_links import Followed, Follower, TooMany, follow
from twin.formats.citygml_objects import Object, Walker
from twin.formats.citygml_once import choose
from twin.formats.georeference import Located
from twin.formats.gml import LOCAL
from twin.formats.memory import peak
from twin.formats.report import Report, Skips
from twin.model import faces
from twin.model.city import SURFACE_TYPES, City
from twin.model.place import Place

MEMBERS = ("cityObjectMember", "featureMember", "featureMembers", "appearanceMember")
SILENT = frozenset({"boundedBy", "name", "description", "metaDataProperty", "engineeringCRS"})
"""What else stands in a CityModel and says nothing about objects."""
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
    All LoDs are there; `surface_shown` marks each object's highest with surfaces, and each surface only where
    it is written out, not where it is linked to. Codes stay as they are. Attributes in sets are named
    `set.attribute`.
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
    geometries = walker.geometries
    follower = Follower(geometries, skips)
    try:
        followed = follow(things, walker.named, follower, skips)
        choose(things, 0, geometries.numbers, skips)
        dressed = dress(walker.looks, follower, geometries, path.parent, skips)
    except TooMany as error:
        raise DataError(path, "", str(error), "Ask where the file comes from.") from error
    _limit(walker, skips)
    # after all that names objects as they are in the file, where people look for them
    notices = named(things)
    names = ranked(geometries.names)
    city, located = assemble(path, walker, followed.placed, dressed, follower.backs, names, place, crs)
    notices += notices_on(city, walker, dressed)
    progress(1.0)
    form = f"CityGML {version.group().replace('/', '.') if version else '?'}"
    seconds = time.perf_counter() - begun
    return city, _report(path, form, seconds, city, things, located, followed, skips, notices)


def _walk(path: Path, walker: Walker, skips: Skips, progress: Callable[[float], None]) -> None:
    for element in safe_xml.children(path, MEMBERS, lambda done: progress(done * WALKED)):
        name = LOCAL[element.tag]
        if name in MEMBERS:
            walker.member(element)
        elif name == "boundedBy":
            for inner in element.iter():
                walker.geometries.note(inner)
        elif name not in SILENT:
            walker.geometries.leave_out(element, name, "only objects are read", "")


def _limit(walker: Walker, skips: Skips) -> None:
    """Leave out the rarest attributes where there are too many."""
    things = walker.objects

    def left_out(row: int, count: int) -> None:
        thing = things[row]
        what, why = rare_attributes.WHAT, rare_attributes.WHY
        skips.add(what, why, line=thing.line, gml_id=thing.id, count=count)

    rare_attributes.limit([thing.attributes for thing in things], left_out)
    rare_attributes.limit(
        [face.attributes for face in walker.faces],
        lambda _, count: skips.at("", f"{rare_attributes.WHAT} of a surface", rare_attributes.WHY, count),
    )


def ranked(names: Mapping[str, int]) -> list[str]:
    """Each srsName, the one met most first; of several in the order of letters, not of the file."""
    return sorted(names, key=lambda srs: (-names[srs], srs))


def notices_on(city: City, walker: Walker, dressed: Dressed) -> list[str]:
    """What looks wrong in a city, or was estimated."""
    notices = list(dressed.notices)
    if walker.geometries.flat:
        notices.append(f"{walker.geometries.flat} rings have no heights; they lie at height 0.")
    bare = len(city.surface_object) - np.count_nonzero(np.diff(city.triangle_surface, prepend=-1))
    if bare:
        notices.append(f"{bare} surfaces have no area and are not drawn.")
    if not len(city.surface_object):
        notices.append("No object has a surface.")
    units = {name: sorted(found) for name, found in sorted(walker.units.items()) if found != {"m"}}
    if units:
        said = ", ".join(f"{name} in {' and '.join(found)}" for name, found in units.items())
        notices.append(f"Units of attributes that are no metres: {said}.")
    return notices


def named(things: Sequence[Object]) -> list[str]:
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


def _report(
    path: Path,
    form: str,
    seconds: float,
    city: City,
    things: Sequence[Object],
    located: Located,
    followed: Followed,
    skips: Skips,
    notices: Sequence[str],
) -> Report:
    extent = None
    if len(city.vertices):
        corners = np.concatenate([city.vertices.min(axis=0), city.vertices.max(axis=0)])
        west, south, low, east, north, high = (corners + np.tile(city.place.origin, 2)).tolist()
        extent = (west, south, low, east, north, high)
    # each once, however often it is linked to or placed
    shapes = [polygon.surface.of or polygon.surface for thing in things for polygon in thing.polygons]
    written = {id(shape): shape for shape in shapes}.values()
    triangular = sum(shape.is_triangle for shape in written)
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
        polygons=len(written) - triangular,
        interior_rings=sum(len(shape.rings) - 1 for shape in written),
        patches=triangular,
        triangles=len(city.triangles),
        extent_crs=city.place.crs,
        lods={f"{lod:g}": count for lod, count in sorted(Counter(city.surface_lod.tolist()).items())},
        attributes=dict(present),
        textures=0 if city.appearance is None else int((city.appearance.surface_image >= 0).sum()),
        implicit_geometries=len(followed.placed),
        xlinks={"resolved": followed.resolved, "unresolved": followed.unresolved},
        peak_memory=peak(),
        surface_attributes=faces.present(city.faces),
        skipped=skips.all(),
        notices=(*located.notices, *notices),
    )
