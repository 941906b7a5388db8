"""Walks the elements of CityGML and gathers objects, their attributes and surfaces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from twin.formats.citygml_attributes import add, add_generic, add_standard, is_generic
from twin.formats.citygml_implicit import Implicit, implicit
from twin.formats.citygml_looks import Looks
from twin.formats.gml import HREF, LOCAL, Geometries, Surface, gml_id, shapes
from twin.formats.report import Skips
from twin.formats.safe_xml import line_of
from twin.model.city import SURFACE_TYPES
from twin.model.faces import ID
from twin.model.table import Value

SEMANTIC = {
    **{name: index for index, name in enumerate(SURFACE_TYPES) if index},
    "WindowSurface": SURFACE_TYPES.index("Window"),
    "DoorSurface": SURFACE_TYPES.index("Door"),
    "WaterGroundSurface": SURFACE_TYPES.index("GroundSurface"),
    "WaterClosureSurface": SURFACE_TYPES.index("ClosureSurface"),
    **dict.fromkeys(("GenericThematicSurface", "Marking", "HoleSurface"), 0),
}
"""Elements that are surfaces of an object, and what they are in SURFACE_TYPES."""
DATA = frozenset(
    (
        *("Address", "XALAddress", "ExternalReference", "Occupancy", "QualifiedArea", "QualifiedVolume"),
        *("Height", "RoomHeight", "Elevation", "ConstructionEvent", "CityObjectRelation"),
    )
)
"""Structured values; every other element with a capital letter is an object."""
FACES = frozenset({"boundedBy", "boundary", "opening", "fillingSurface", "filling"})
"""Properties whose links lead to surfaces of an object."""
CITYGML = "{http://www.opengis.net/citygml/"
GML = "{http://www.opengis.net/gml"
STANDARD = (CITYGML, GML, "{urn:oasis:names:tc:ciq")
"""Namespaces that are no extensions."""
POSITIONS = frozenset({"pos", "posList", "coordinates"})
LOD = re.compile("lod([0-4])(.*)")
LEFT_OUT = {
    "TerrainIntersection": "curves are not read",
    "TerrainIntersectionCurve": "curves are not read",
    "MultiCurve": "curves are not read",
    "Network": "curves are not read",
    "Point": "points are not read",
}
"""Geometry properties by what follows their LoD."""
UNREAD = {
    "Dynamizer": "values that change with time are not read",
    "Version": "only the versions of objects themselves are read",
    "VersionTransition": "only the versions of objects themselves are read",
    "PointCloud": "point clouds are not read",
}
"""Objects that are left out."""
EXTENSION = "an extension (ADE) is not read"
NO_LOD = "it has no level of detail"
LOD_OF_TARGET = -1


@dataclass(slots=True)
class Polygon:
    """A surface of an object."""

    type: int
    """An index into SURFACE_TYPES."""
    lod: int
    surface: Surface
    property: int
    """Which geometry property it stood in, counted through the file."""
    shown: bool = True
    """As long as no LoD is asked for."""
    original: Polygon | None = None
    """Where the surface is written out, when this one came by a link."""
    placement: int = -1
    """The row of its matrix, when it is a part of an implicit geometry."""
    face: int = -1
    """The row of the surface with semantics that it is a part of."""


@dataclass(frozen=True, slots=True)
class Link:
    """A surface that an object has, but that is written out elsewhere."""

    lod: int
    """LOD_OF_TARGET: as the surface has it."""
    type: int
    href: str
    turned: bool
    line: int
    property: int
    face: int = -1


@dataclass(slots=True)
class Face:
    """A surface with semantics."""

    type: int
    """An index into SURFACE_TYPES."""
    parent: int
    """The row of the one that it is cut into, or -1."""
    attributes: dict[str, Value]
    polygons: list[Polygon] = field(default_factory=list)
    """Also those of its openings."""
    links: list[Link] = field(default_factory=list)


@dataclass(slots=True)
class Object:
    """A city object."""

    id: str
    type: str
    parent: int
    """Its row, or -1."""
    line: int
    attributes: dict[str, Value] = field(default_factory=dict)
    polygons: list[Polygon] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    implicits: list[Implicit] = field(default_factory=list)


class Walker:
    """Gathers the objects of a file, member by member; parents come before their parts.

    Links are gathered and followed afterwards: see `citygml_links`.
    """

    def __init__(self, skips: Skips) -> None:
        self.objects: list[Object] = []
        self.geometries = Geometries(skips)
        self.looks = Looks(skips)
        self.faces: list[Face] = []
        self.named: dict[str, Face] = {}
        """Those with a gml:id, by it."""
        self.units: dict[str, set[str]] = {}
        """Attributes with units, and which."""
        self._skips = skips
        self._properties = 0

    def envelopes(self, element: etree._Element) -> None:
        """Take the CRS from the gml:boundedBy of an element."""
        for bounds in element.iterfind("{*}boundedBy/{*}Envelope"):
            for inner in bounds.iter():
                self.geometries.note(inner)

    def member(self, member: etree._Element) -> None:
        """Gather what stands in a cityObjectMember or appearanceMember."""
        if not len(member) and member.get(HREF):
            what = f"link of {LOCAL[member.tag]}"
            self._skips.add(what, "it leads to an object", line=line_of(member), gml_id="")
        for element in member:
            if LOCAL[element.tag] == "Appearance":
                self.looks.add(element)
            else:
                self._object(element, -1)

    def _object(self, element: etree._Element, parent: int) -> None:
        kind, own_id = LOCAL[element.tag], gml_id(element)
        if kind in UNREAD:
            self.geometries.leave_out(element, kind, UNREAD[kind], own_id)
            return
        thing = Object(own_id, kind, parent, line_of(element))
        row = len(self.objects)
        self.objects.append(thing)
        self.envelopes(element)
        relief = element.findtext("{*}lod") or ""
        lod = int(relief) if relief in ("0", "1", "2", "3", "4") else 0
        for prop in element:
            self._property(prop, thing, row, lod)

    def _property(self, prop: etree._Element, thing: Object, row: int, lod: int, face: int = -1) -> None:
        """Read a property of an object, or of a face of it."""
        if not (self._geometry(prop, thing, lod, face) or self._nested(prop, thing, row, lod, face)):
            self._attribute(prop, thing, self._attributes(thing, face))

    def _attributes(self, thing: Object, face: int) -> dict[str, Value]:
        return thing.attributes if face < 0 else self.faces[face].attributes

    def _surface(self, element: etree._Element, thing: Object, row: int, parent: int) -> None:
        own_id, first, first_link = gml_id(element), len(thing.polygons), len(thing.links)
        number, found = len(self.faces), Face(_type(element), parent, {ID: own_id} if own_id else {})
        self.faces.append(found)
        for prop in element:
            self._property(prop, thing, row, 0, number)
        found.polygons, found.links = thing.polygons[first:], thing.links[first_link:]
        if own_id:
            self.named.setdefault(own_id, found)

    def _geometry(self, prop: etree._Element, thing: Object, lod: int, face: int) -> bool:
        """Read a property that holds geometry; False where it holds none. lod: where its name has none."""
        kind = self.faces[face].type if face >= 0 else 0
        name = LOCAL[prop.tag]
        level = LOD.match(name)
        why = LEFT_OUT.get(level[2], "") if level else ""
        if not (level or name == "tin") or not (len(prop) or prop.get(HREF)):
            return bool(why)
        if why:
            self.geometries.leave_out(prop, name, why, thing.id)
            return True
        lod = int(level[1]) if level else lod
        self._properties += 1
        where = self._properties
        if not len(prop):
            thing.links.append(Link(lod, kind, prop.get(HREF, ""), False, line_of(prop), where, face))
        for geometry in prop:
            if LOCAL[geometry.tag] == "ImplicitGeometry":
                self._implicit(geometry, thing, kind, lod, face)
                continue
            for found in self.geometries.surfaces(geometry, thing.id):
                if isinstance(found, Surface):
                    thing.polygons.append(Polygon(kind, lod, found, where, face=face))
                else:
                    link = Link(lod, kind, found.href, found.turned, found.line, where, face)
                    thing.links.append(link)
        return True

    def _implicit(self, geometry: etree._Element, thing: Object, kind: int, lod: int, face: int) -> None:
        for appearance in geometry.iterfind("{*}appearance/{*}Appearance"):
            self.looks.add(appearance)
        placed = implicit(
            *(geometry, kind, lod, self._properties, self.geometries, self._skips, thing.id, face)
        )
        if placed:
            thing.implicits.append(placed)

    def _nested(self, prop: etree._Element, thing: Object, row: int, lod: int, face: int) -> bool:
        """Read a property that holds surfaces or objects, or that is left out; False for attributes."""
        name = LOCAL[prop.tag]
        first = LOCAL[prop[0].tag] if len(prop) else ""
        if first == "Appearance":
            for appearance in prop:
                self.looks.add(appearance)
        elif name.startswith("adeOf"):
            self._hook(prop, thing, row, lod, face)
        elif not prop.tag.startswith(STANDARD):
            return self._extension(prop, thing, row, lod, face)
        elif not len(prop) and prop.get(HREF) and not (prop.text or "").strip():
            self._link(prop, thing, self._attributes(thing, face))
        elif is_generic(prop) or first in DATA or first == "Envelope" or not first[:1].isupper():
            return False
        elif prop[0].tag.startswith(GML):
            self.geometries.leave_out(prop, name, NO_LOD, thing.id)
        else:
            for inner in prop:
                if (name in FACES or inner.tag.startswith(CITYGML)) and _type(inner) >= 0:
                    self._surface(inner, thing, row, face)
                else:
                    self._object(inner, row)
        return True

    def _hook(self, prop: etree._Element, thing: Object, row: int, lod: int, face: int) -> None:
        """Read the properties in a property as those of the object or face itself."""
        for inner in prop:
            for own in inner:
                self._property(own, thing, row, lod, face)

    def _extension(self, prop: etree._Element, thing: Object, row: int, lod: int, face: int) -> bool:
        """Read a property of an extension as objects, or leave it out; False for an attribute."""
        shaped = [any(LOD.match(LOCAL[leaf.tag]) and len(leaf) for leaf in inner) for inner in prop]
        if shaped and all(shaped):
            if all(gml_id(inner) for inner in prop):
                for inner in prop:
                    self._object(inner, row)
            else:
                self._hook(prop, thing, row, lod, face)
            return True
        placed = any(LOCAL[inner.tag] in POSITIONS for inner in prop.iter())
        if placed or shapes(prop):
            self.geometries.leave_out(prop, LOCAL[prop.tag], EXTENSION, thing.id)
            return True
        return False

    def _attribute(self, prop: etree._Element, thing: Object, attributes: dict[str, Value]) -> None:
        if is_generic(prop):
            add_generic(attributes, prop, self.units)
        elif LOCAL[prop.tag] not in ("boundedBy", "lod"):
            add_standard(attributes, prop, self.units)
            for point in prop.iterfind(".//{*}multiPoint"):
                why = "points are not read"
                self._skips.add("point of an address", why, line=line_of(point), gml_id=thing.id)

    def _link(self, prop: etree._Element, thing: Object, attributes: dict[str, Value]) -> None:
        href = prop.get(HREF, "")
        if LOCAL[prop.tag] in FACES:
            self._properties += 1
            thing.links.append(Link(LOD_OF_TARGET, 0, href, False, line_of(prop), self._properties))
        else:
            add(attributes, LOCAL[prop.tag], href.removeprefix("#"))


def _type(element: etree._Element) -> int:
    """What a surface with semantics is in SURFACE_TYPES; -1: it is none."""
    name = LOCAL[element.tag]
    found = SEMANTIC.get(name, -1)
    if found < 0 and not element.tag.startswith(CITYGML):  # an extension may have its own kind of roof
        found = next((kind for known, kind in SEMANTIC.items() if name.endswith(known)), -1)
    return found
