"""Writes a city as CityGML 2.0."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

import numpy as np

from twin.errors import DataError
from twin.formats.atomic import replace_file
from twin.formats.citygml_write_classes import (
    ALWAYS,
    BOUNDED_BY,
    GENERIC,
    KINDS,
    NAMESPACES,
    OPENINGS,
    RELIEF,
    TIN,
    Kind,
)
from twin.formats.citygml_write_faces import boundaries
from twin.formats.citygml_write_looks import Looks
from twin.formats.write_losses import of_citygml
from twin.formats.write_shapes import Shapes
from twin.model.city import SURFACE_TYPES, City
from twin.model.faces import ID
from twin.model.table import Value

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FIRST_TYPED, FIRST_OPENING = 2, 3
"""The LoDs from which on surfaces have a type, and windows and doors."""

_Run = tuple[str, int, list[int]]
"""Neighbouring surfaces of one type and LoD."""


def write(city: City, path: Path, *, title: str, attribution: str) -> tuple[str, ...]:
    """Write `city` to `path` in national coordinates: easting, northing, height; returns what got lost.

    They are rounded to mm, or to less where a ring would lose its corners. title: what the file shows, as
    gml:name; attribution: owner and licence, as gml:description. Pictures are copied into a folder beside the
    file. The same city gives the same bytes. The file is there whole or not at all.

    What CityGML 2.0 cannot say: LoDs are whole, and of those that share a whole number the highest is
    written; LoD0 and LoD1 surfaces have no semantic type, Windows and Doors start at LoD3, and only
    buildings, bridges, tunnels, roads and water have typed surfaces; truth values become text; most objects
    can only be parts of certain others, and stand alone otherwise. Objects of other classes, or with an LoD
    that their class does not have, become GenericCityObjects that keep their class in `gen:class`.
    Raises DataError for text that XML cannot hold, and for pictures that cannot be read.
    """
    writer = _Writer(city, path)
    lines = list(writer.document(title, attribution))
    replace_file(path, "\n".join([*lines, ""]).encode())
    return of_citygml(city, writer.written, writer.bare, writer.kinds)


class _Writer:
    def __init__(self, city: City, path: Path) -> None:
        self.city, self.path = city, path
        self.shapes = Shapes(city)
        self.written = np.zeros(len(city.surface_object), dtype=bool)
        """(s,), the surfaces whose LoD has the same whole number as no higher one of the object."""
        self._choose()
        self.looks = Looks(city, path, self.written)
        self.taken = {str(gml_id) for gml_id in city.object_id}
        """The ids of objects, and of the thematic surfaces that were written."""
        self.bare = np.zeros(len(city.surface_object), dtype=bool)
        """(s,), the surfaces that stand by themselves, not in one that could have attributes."""
        self.kinds = [self._kind(row) for row in range(len(city.object_id))]
        """As what each object is written."""
        self.children: dict[str, dict[int, list[int]]] = {}
        """By the property that holds them, the parts of objects."""
        self.nested = set()
        for row, parent in enumerate(city.object_parent.tolist()):
            prop = KINDS[self.kinds[row]].within.get(self.kinds[parent]) if parent >= 0 else None
            if prop:
                self.children.setdefault(prop, {}).setdefault(parent, []).append(row)
                self.nested.add(row)

    def _choose(self) -> None:
        lods = self.city.surface_lod
        key = self.city.surface_object * 8 + lods.astype(np.int64)
        best = np.full(len(self.city.object_id) * 8, -1.0)
        np.maximum.at(best, key, lods)
        self.written = best[key] == lods

    def _kind(self, row: int) -> str:
        """Its class, where that can hold all of it."""
        name = str(self.city.object_type[row])
        kind = KINDS.get(name)
        lods = {int(self.city.surface_lod[surface]) for surface in self.shapes.surfaces(row)}
        if kind is None or not lods <= kind.lods.keys() or (name == TIN and not self._is_tin(row)):
            return GENERIC
        return name

    def _is_tin(self, row: int) -> bool:
        surfaces = [surface for surface in self.shapes.surfaces(row) if self.written[surface]]
        rings = [self.shapes.rings(surface) for surface in surfaces]
        triangles = all(len(ring) == 1 and ring[0][1] - ring[0][0] == 3 for ring in rings)
        plain = {(int(self.city.surface_lod[surface]), self.looks.has(surface)) for surface in surfaces}
        return triangles and len(plain) < 2 and not any(look for _, look in plain)

    def document(self, title: str, attribution: str) -> Iterator[str]:
        used = {*ALWAYS, *(KINDS[kind].prefix for kind in self.kinds), *(["app"] if self.looks.any else [])}
        spaces = " ".join(
            f'xmlns{":" if prefix else ""}{prefix}="{uri}"'
            for prefix, uri in NAMESPACES.items()
            if prefix in used
        )
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield f"<CityModel {spaces}>"
        yield f"<gml:description>{self._text(attribution, 'attribution')}</gml:description>"
        yield f"<gml:name>{self._text(title, 'title')}</gml:name>"
        national = self.shapes.national
        corners = national if len(national) else np.array([self.city.place.origin])
        code = self.city.place.crs.rpartition(":")[2]
        yield "<gml:boundedBy>"
        yield f'<gml:Envelope srsName="urn:ogc:def:crs:EPSG::{code}" srsDimension="3">'
        yield f"<gml:lowerCorner>{self._numbers(corners.min(axis=0).tolist())}</gml:lowerCorner>"
        yield f"<gml:upperCorner>{self._numbers(corners.max(axis=0).tolist())}</gml:upperCorner>"
        yield "</gml:Envelope>"
        yield "</gml:boundedBy>"
        for row in range(len(self.city.object_id)):
            if row not in self.nested:
                yield "<cityObjectMember>"
                yield from self._object(row)
                yield "</cityObjectMember>"
        yield from self.looks.members(lambda text: self._text(text, "appearance"))
        yield "</CityModel>"

    def _object(self, row: int) -> Iterator[str]:
        name = self.kinds[row]
        kind = KINDS[name]
        tag = f"{kind.prefix}:{name}"
        gml_id = self._quoted(str(self.city.object_id[row]), "gml:id")
        yield f'<{tag} gml:id="{gml_id}">'
        yield from self._attributes(row, tag, kind.elements)
        if name in (TIN, RELIEF):
            yield f"<dem:lod>{self._relief_lod(row)}</dem:lod>"
        runs = self._runs(row)
        plain = {prop: lod for lod, prop in kind.lods.items()}
        for prop in kind.order:
            if name == TIN:
                yield from self._tin(runs)
            elif prop == BOUNDED_BY or prop in kind.held.values():
                yield from self._bounded_by(kind, runs, prop)
            elif prop in plain:
                polygons = self._untyped(kind, runs, plain[prop])
                yield from _geometry(f"{kind.prefix}:{prop}", polygons)
            for part in self.children.get(prop, {}).get(row, ()):
                yield f"<{kind.prefix}:{prop}>"
                yield from self._object(part)
                yield f"</{kind.prefix}:{prop}>"
        yield f"</{tag}>"

    def _relief_lod(self, row: int) -> int:
        rows = [row, *self.children.get("reliefComponent", {}).get(row, ())]
        return max((run[1] for one in rows for run in self._runs(one)), default=0)

    def _attributes(self, row: int, tag: str, elements: Mapping[str, str]) -> Iterator[str]:
        values = self.city.attributes.row(row)
        place = f"gml:id {self.city.object_id[row]}"
        kind = str(self.city.object_type[row])
        if tag == f"gen:{GENERIC}" and kind != GENERIC:
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
        name = self._quoted(key, place)
        text = self._text(text, f"{place}: {key}")
        return f'<gen:{element}Attribute name="{name}"><gen:value>{text}</gen:value></gen:{element}Attribute>'

    def _runs(self, row: int) -> list[_Run]:
        runs: list[_Run] = []
        for surface in self.shapes.surfaces(row):
            if not self.written[surface]:
                continue
            kind = SURFACE_TYPES[self.city.surface_type[surface]]
            lod = int(self.city.surface_lod[surface])
            if not runs or runs[-1][:2] != (kind, lod):
                runs.append((kind, lod, []))
            runs[-1][2].append(surface)
        return runs

    def _untyped(self, kind: Kind, runs: Sequence[_Run], lod: int) -> list[str]:
        """The polygons in an LoD that no boundary surface holds."""
        found = [
            surface
            for name, run_lod, surfaces in runs
            if run_lod == lod and not _typed(kind, name, lod)
            for surface in surfaces
        ]
        self.bare[found] = True
        return [self._polygon(surface) for surface in found]

    def _bounded_by(self, kind: Kind, runs: Sequence[_Run], prop: str) -> Iterator[str]:
        typed = [
            (surface, name, lod)
            for name, lod, surfaces in runs
            if _typed(kind, name, lod) and kind.held.get(name, BOUNDED_BY) == prop
            for surface in surfaces
        ]
        prefix = kind.prefix
        for found in boundaries(self.city, typed, kind.faces):
            name = kind.faces.get(found.name, "WallSurface")
            own, said = self._face(found.face)
            yield f"<{prefix}:{prop}><{prefix}:{name}{own}>{said}"
            for lod, surfaces in sorted(found.surfaces.items()):
                polygons = [self._polygon(surface) for surface in surfaces]
                yield from _geometry(f"{prefix}:{kind.face.format(lod)}", polygons)
            for opening in found.openings:
                own, said = self._face(opening.face)
                yield f"<{prefix}:opening><{prefix}:{opening.name}{own}>{said}"
                for lod, surfaces in sorted(opening.surfaces.items()):
                    polygons = [self._polygon(surface) for surface in surfaces]
                    yield from _geometry(f"{prefix}:lod{lod}MultiSurface", polygons)
                yield f"</{prefix}:{opening.name}></{prefix}:opening>"
            yield f"</{prefix}:{name}></{prefix}:{prop}>"

    def _face(self, face: int) -> tuple[str, str]:
        """The gml:id of a thematic surface and what is known of it, as they are written."""
        values = self.city.faces.attributes.row(face) if self.city.faces and face >= 0 else {}
        gml_id, own, name = values.get(ID), "", values.get("name")
        place = f"surface {gml_id}" if gml_id else "attribute of a surface"
        if isinstance(gml_id, str) and gml_id not in self.taken:  # else it stays an attribute
            self.taken.add(gml_id)
            own = f' gml:id="{self._quoted(gml_id, "gml:id")}"'
            del values[ID]
        found = ""
        if isinstance(name, str):
            found = f"<gml:name>{self._text(name, place)}</gml:name>"
            del values["name"]
        return own, found + "".join([self._generic(key, value, place) for key, value in values.items()])

    def _tin(self, runs: Sequence[_Run]) -> Iterator[str]:
        if not runs:
            return
        yield "<dem:tin><gml:TriangulatedSurface><gml:trianglePatches>"
        for _, _, surfaces in runs:
            self.bare[surfaces] = True
            for surface in surfaces:
                yield f"<gml:Triangle>{self._rings(surface)}</gml:Triangle>"
        yield "</gml:trianglePatches></gml:TriangulatedSurface></dem:tin>"

    def _polygon(self, surface: int) -> str:
        own = f' gml:id="{self.looks.id_of(surface)}"' if self.looks.has(surface) else ""
        return (
            f"<gml:surfaceMember><gml:Polygon{own}>{self._rings(surface)}</gml:Polygon></gml:surfaceMember>"
        )

    def _rings(self, surface: int) -> str:
        found: list[str] = []
        for number, (begin, end) in enumerate(self.shapes.rings(surface)):
            corners = self.shapes.national[begin:end]
            numbers = self._numbers([*corners.ravel().tolist(), *corners[0].tolist()])
            side = "interior" if found else "exterior"
            own = self.looks.ring_of(surface, number)
            own = f' gml:id="{own}"' if own else ""
            found.append(
                f'<gml:{side}><gml:LinearRing{own}><gml:posList srsDimension="3">{numbers}</gml:posList>'
                f"</gml:LinearRing></gml:{side}>"
            )
        return "".join(found)

    def _numbers(self, values: Sequence[float]) -> str:
        digits = self.shapes.digits
        return " ".join([f"{value:.{digits}f}" for value in values])

    def _quoted(self, text: str, place: str) -> str:
        # as they are, readers have to make blanks of them
        return self._text(text, place).replace("\n", "&#10;").replace("\t", "&#9;")

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


def _typed(kind: Kind, name: str, lod: int) -> bool:
    opening = kind.openings and name in OPENINGS and lod >= FIRST_OPENING
    return opening or (name in kind.faces and lod >= FIRST_TYPED)


def _geometry(tag: str, polygons: Sequence[str]) -> Iterator[str]:
    """The polygons in what the property wants."""
    if not polygons:
        return
    around = ["gml:MultiSurface"]
    if tag.endswith("Solid"):
        around = ["gml:Solid", "gml:exterior", "gml:CompositeSurface"]
    elif tag.endswith("Surface") and not tag.endswith("MultiSurface"):
        around = ["gml:CompositeSurface"]
    yield f"<{tag}>" + "".join(f"<{element}>" for element in around)
    yield from polygons
    yield "".join(f"</{element}>" for element in reversed(around)) + f"</{tag}>"
