"""Writes a city as CityGML 2.0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

import numpy as np

from twin.errors import DataError
from twin.formats.atomic import replace_file
from twin.model.city import SURFACE_TYPES, City
from twin.model.table import Value

NAMESPACES = {
    "": "http://www.opengis.net/citygml/2.0",
    "gml": "http://www.opengis.net/gml",
    "gen": "http://www.opengis.net/citygml/generics/2.0",
    "bldg": "http://www.opengis.net/citygml/building/2.0",
}
BUILDINGS = ("Building", "BuildingPart")
BOUNDARIES = SURFACE_TYPES[1:7]
"""The surfaces that bound a building from outside."""
OPENINGS = ("Window", "Door")
BUILDING_ELEMENTS = {
    "class": "string",
    "function": "string",
    "usage": "string",
    "yearOfConstruction": "year",
    "yearOfDemolition": "year",
    "roofType": "string",
    "measuredHeight": "length",
    "storeysAboveGround": "count",
    "storeysBelowGround": "count",
}
"""Attributes with an element of their own, in schema order."""
OTHER_ELEMENTS = {name: BUILDING_ELEMENTS[name] for name in ("class", "function", "usage")}
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Run = tuple[str, int, list[str]]
"""Neighbouring surfaces of one type and LoD: type, LoD, polygons."""


def write(city: City, path: Path, *, title: str, attribution: str) -> None:
    """Write `city` to `path` in national coordinates (easting, northing, height), rounded to mm.

    title: what the file shows, as gml:name; attribution: owner and licence, as gml:description.
    The same city gives the same bytes. The file is there whole or not at all.

    What CityGML 2.0 cannot say: LoD0 and LoD1 surfaces have no semantic type, Windows and Doors
    start at LoD3, truth values become text. Classes other than Building, BuildingPart and
    BuildingInstallation become GenericCityObjects that keep their class in `gen:class`.
    Raises DataError for text that XML cannot hold.
    """
    lines = list(_Writer(city, path).document(title, attribution))
    replace_file(path, "\n".join([*lines, ""]).encode())


class _Writer:
    def __init__(self, city: City, path: Path) -> None:
        self.city, self.path = city, path
        rows = np.arange(len(city.object_id) + 1)
        self.object_surfaces = np.searchsorted(city.surface_object, rows)
        self.surface_rings = np.searchsorted(city.ring_surface, np.arange(len(city.surface_object) + 1))
        # adding zero turns -0.0 into 0.0
        self.national = np.round(city.vertices + np.array(city.place.origin), 3) + 0.0
        self.children: dict[int, list[int]] = {}
        for row, parent in enumerate(city.object_parent.tolist()):
            if parent >= 0 and self._nests(row, parent):
                self.children.setdefault(parent, []).append(row)
        self.nested = {row for rows in self.children.values() for row in rows}

    def document(self, title: str, attribution: str) -> Iterator[str]:
        spaces = " ".join(f'xmlns{":" if p else ""}{p}="{uri}"' for p, uri in NAMESPACES.items())
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield f"<CityModel {spaces}>"
        yield f"<gml:description>{self._text(attribution, 'attribution')}</gml:description>"
        yield f"<gml:name>{self._text(title, 'title')}</gml:name>"
        corners = self.national if len(self.national) else np.array([self.city.place.origin])
        code = self.city.place.crs.rpartition(":")[2]
        yield "<gml:boundedBy>"
        yield f'<gml:Envelope srsName="urn:ogc:def:crs:EPSG::{code}" srsDimension="3">'
        yield f"<gml:lowerCorner>{_numbers(corners.min(axis=0).tolist())}</gml:lowerCorner>"
        yield f"<gml:upperCorner>{_numbers(corners.max(axis=0).tolist())}</gml:upperCorner>"
        yield "</gml:Envelope>"
        yield "</gml:boundedBy>"
        for row in range(len(self.city.object_id)):
            if row not in self.nested:
                yield "<cityObjectMember>"
                yield from self._object(row)
                yield "</cityObjectMember>"
        yield "</CityModel>"

    def _nests(self, row: int, parent: int) -> bool:
        return self.city.object_type[parent] in BUILDINGS and (
            self.city.object_type[row] == "BuildingPart" or self._is_installation(row)
        )

    def _is_installation(self, row: int) -> bool:
        surfaces = slice(self.object_surfaces[row], self.object_surfaces[row + 1])
        return self.city.object_type[row] == "BuildingInstallation" and bool(
            (self.city.surface_lod[surfaces] >= 2).all()
        )

    def _object(self, row: int) -> Iterator[str]:
        kind = str(self.city.object_type[row])
        gml_id = self._text(str(self.city.object_id[row]), "gml:id")
        parts = self.children.get(row, [])
        inner = [r for r in parts if self.city.object_type[r] != "BuildingPart"]
        if kind in BUILDINGS:
            tag, elements = f"bldg:{kind}", BUILDING_ELEMENTS
        elif row in self.nested:
            tag, elements = f"bldg:{kind}", OTHER_ELEMENTS
        else:
            tag, elements = "gen:GenericCityObject", OTHER_ELEMENTS
        yield f'<{tag} gml:id="{gml_id}">'
        yield from self._attributes(row, tag, elements)
        if kind in BUILDINGS:
            yield from self._building_geometry(row, inner)
        elif row in self.nested:
            yield from self._installation_geometry(row)
        else:
            yield from self._plain(row, "gen:lod{}Geometry")
        for part in parts:
            if part not in inner:
                yield "<bldg:consistsOfBuildingPart>"
                yield from self._object(part)
                yield "</bldg:consistsOfBuildingPart>"
        yield f"</{tag}>"

    def _attributes(self, row: int, tag: str, elements: dict[str, str]) -> Iterator[str]:
        values = self.city.attributes.row(row)
        place = f"gml:id {self.city.object_id[row]}"
        kind = str(self.city.object_type[row])
        if tag == "gen:GenericCityObject" and kind != "GenericCityObject":
            values.setdefault("class", kind)
        name = values.get("name")
        if isinstance(name, str):
            yield f"<gml:name>{self._text(name, place)}</gml:name>"
            del values["name"]
        prefix = tag.partition(":")[0]
        standard: list[str] = []
        for key, form in elements.items():
            text = _standard(values.get(key), form)
            if text is not None:
                unit = ' uom="m"' if form == "length" else ""
                standard.append(f"<{prefix}:{key}{unit}>{self._text(text, place)}</{prefix}:{key}>")
                del values[key]
        for key, value in values.items():
            yield self._generic(key, value, place)
        yield from standard

    def _generic(self, key: str, value: Value, place: str) -> str:
        if isinstance(value, bool):
            element, text = "string", str(value).lower()
        elif isinstance(value, int):
            element, text = "int", str(value)
        elif isinstance(value, float):
            element, text = "double", {"inf": "INF", "-inf": "-INF"}.get(repr(value), repr(value))
        else:
            element, text = "string", str(value)
        name = self._text(key, place)
        text = self._text(text, f"{place}: {key}")
        return f'<gen:{element}Attribute name="{name}"><gen:value>{text}</gen:value></gen:{element}Attribute>'

    def _building_geometry(self, row: int, installations: list[int]) -> Iterator[str]:
        runs = self._runs(row)
        for lod, tag in enumerate(("lod0FootPrint", "lod1MultiSurface", "lod2MultiSurface")):
            yield from _multi_surface(f"bldg:{tag}", _untyped(runs, lod))
        for installation in installations:
            yield "<bldg:outerBuildingInstallation>"
            yield from self._object(installation)
            yield "</bldg:outerBuildingInstallation>"
        yield from _bounded_by(runs)
        for lod in (3, 4):
            yield from _multi_surface(f"bldg:lod{lod}MultiSurface", _untyped(runs, lod))

    def _installation_geometry(self, row: int) -> Iterator[str]:
        runs = self._runs(row)
        for lod in (2, 3, 4):
            yield from _multi_surface(f"bldg:lod{lod}Geometry", _untyped(runs, lod))
        yield from _bounded_by(runs)

    def _plain(self, row: int, tag: str) -> Iterator[str]:
        runs = self._runs(row)
        for lod in range(5):
            polygons = [polygon for _, run_lod, found in runs if run_lod == lod for polygon in found]
            yield from _multi_surface(tag.format(lod), polygons)

    def _runs(self, row: int) -> list[_Run]:
        runs: list[_Run] = []
        for surface in range(self.object_surfaces[row], self.object_surfaces[row + 1]):
            kind = SURFACE_TYPES[self.city.surface_type[surface]]
            lod = int(self.city.surface_lod[surface])
            if not runs or runs[-1][:2] != (kind, lod):
                runs.append((kind, lod, []))
            runs[-1][2].append(self._polygon(surface))
        return runs

    def _polygon(self, surface: int) -> str:
        found: list[str] = []
        for ring in range(self.surface_rings[surface], self.surface_rings[surface + 1]):
            corners = self.national[self.city.ring_starts[ring] : self.city.ring_starts[ring + 1]]
            numbers = _numbers([*corners.ravel().tolist(), *corners[0].tolist()])
            side = "interior" if found else "exterior"
            found.append(
                f'<gml:{side}><gml:LinearRing><gml:posList srsDimension="3">{numbers}</gml:posList>'
                f"</gml:LinearRing></gml:{side}>"
            )
        return f"<gml:surfaceMember><gml:Polygon>{''.join(found)}</gml:Polygon></gml:surfaceMember>"

    def _text(self, text: str, place: str) -> str:
        wrong = NOT_IN_XML.search(text)
        if wrong:
            raise DataError(
                self.path,
                place,
                f"XML cannot hold the character {wrong.group()!r}",
                "Remove it from the text.",
            )
        return escape(text).replace("\r", "&#13;")


def _standard(value: Value, form: str) -> str | None:
    """The text of a standard element, or None where the value does not fit it."""
    if form == "string":
        return value if isinstance(value, str) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
        return None
    if form == "length":
        return repr(float(value))
    if value != int(value) or value < 0 or (form == "year" and not 1000 <= value <= 9999):
        return None
    return str(int(value))


def _numbers(values: list[float]) -> str:
    return " ".join([f"{value:.3f}" for value in values])


def _untyped(runs: list[_Run], lod: int) -> list[str]:
    return [
        polygon
        for kind, run_lod, found in runs
        if run_lod == lod and not _typed(kind, lod)
        for polygon in found
    ]


def _typed(kind: str, lod: int) -> bool:
    return (kind in BOUNDARIES and lod >= 2) or (kind in OPENINGS and lod >= 3)


def _multi_surface(tag: str, polygons: list[str]) -> Iterator[str]:
    if polygons:
        yield f"<{tag}><gml:MultiSurface>"
        yield from polygons
        yield f"</gml:MultiSurface></{tag}>"


def _bounded_by(runs: list[_Run]) -> Iterator[str]:
    """One boundary surface a run; the openings that follow it are cut into it."""
    inside = ""
    for kind, lod, polygons in runs:
        if not _typed(kind, lod):
            continue
        if kind in BOUNDARIES or not inside:
            if inside:
                yield f"</bldg:{inside}></bldg:boundedBy>"
            # an opening needs something to be cut into
            inside = kind if kind in BOUNDARIES else "WallSurface"
            yield f"<bldg:boundedBy><bldg:{inside}>"
        if kind in BOUNDARIES:
            yield from _multi_surface(f"bldg:lod{lod}MultiSurface", polygons)
        for polygon in polygons if kind in OPENINGS else ():
            yield f"<bldg:opening><bldg:{kind}>"
            yield from _multi_surface(f"bldg:lod{lod}MultiSurface", [polygon])
            yield f"</bldg:{kind}></bldg:opening>"
    if inside:
        yield f"</bldg:{inside}></bldg:boundedBy>"
