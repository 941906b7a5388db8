"""Walks the elements of CityGML and gathers objects, their attributes and surfaces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from twin.formats.citygml_attributes import add_generic, add_standard, is_generic
from twin.formats.gml import HREF, LOCAL, Geometries, Surface, gml_id
from twin.formats.report import Skips
from twin.formats.safe_xml import line_of
from twin.model.city import SURFACE_TYPES
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
        *("Height", "RoomHeight", "Elevation", "ConstructionEvent"),
    )
)
"""Structured values; every other element with a capital letter is an object."""
CITYGML = "{http://www.opengis.net/citygml/"
STANDARD = (CITYGML, "{http://www.opengis.net/gml", "{urn:oasis:names:tc:ciq")
"""Namespaces that are no extensions."""
LOD = re.compile("lod([0-4])(.*)")
LEFT_OUT = {
    "TerrainIntersection": "curves are not read",
    "TerrainIntersectionCurve": "curves are not read",
    "MultiCurve": "curves are not read",
    "Network": "curves are not read",
    "Point": "points are not read",
    "ImplicitRepresentation": "implicit geometry is not read",
}
"""Geometry properties by what follows their LoD."""
EXTENSION = "an extension (ADE) is not read"


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


@dataclass(slots=True)
class Link:
    """A surface that an object has, but that is written out elsewhere."""

    lod: int
    target: str
    """gml:id."""
    line: int


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


class Walker:
    """Gathers the objects of a file, member by member; parents come before their parts."""

    def __init__(self, skips: Skips) -> None:
        self.objects: list[Object] = []
        self.geometries = Geometries(skips)
        self._skips = skips
        self._properties = 0

    def envelopes(self, element: etree._Element) -> None:
        """Take the CRS from the gml:boundedBy of an element."""
        for envelope in element.iterfind("{*}boundedBy/{*}Envelope"):
            self.geometries.note(envelope)

    def member(self, member: etree._Element) -> None:
        """Gather what stands in a cityObjectMember."""
        if not len(member) and member.get(HREF):
            self._skip_link(member, "")
        for element in member:
            self._object(element, -1)

    def _object(self, element: etree._Element, parent: int) -> None:
        kind, own_id = LOCAL[element.tag], gml_id(element)
        if not element.tag.startswith(CITYGML):
            self._skips.add(kind, EXTENSION, line=line_of(element), gml_id=own_id)
            return
        thing = Object(own_id, kind, parent, line_of(element))
        row = len(self.objects)
        self.objects.append(thing)
        self.envelopes(element)
        relief = element.findtext("{*}lod") or ""
        lod = int(relief) if relief in ("0", "1", "2", "3", "4") else 0
        for prop in element:
            if not (self._geometry(prop, thing, 0, lod) or self._nested(prop, thing, row)):
                self._attribute(prop, thing)

    def _surface(self, element: etree._Element, thing: Object, row: int) -> None:
        kind = SEMANTIC[LOCAL[element.tag]]
        for prop in element:
            if not (self._geometry(prop, thing, kind, 0) or self._nested(prop, thing, row)):
                what, why = "attribute of a surface", "only objects keep them"
                if LOCAL[prop.tag] != "boundedBy":
                    self._skips.add(what, why, line=line_of(prop), gml_id=thing.id)

    def _geometry(self, prop: etree._Element, thing: Object, kind: int, lod: int) -> bool:
        """Read a property that holds geometry of the given semantic type; False where it holds none.

        lod: where its name has none.
        """
        name = LOCAL[prop.tag]
        level = LOD.match(name)
        if not level and name != "tin":
            return False
        if level and level[2] in LEFT_OUT:
            self._skips.add(name, LEFT_OUT[level[2]], line=line_of(prop), gml_id=thing.id)
            return True
        lod = int(level[1]) if level else lod
        self._properties += 1
        if not len(prop) and prop.get(HREF):
            thing.links.append(Link(lod, prop.get(HREF, ""), line_of(prop)))
        for geometry in prop:
            surfaces, targets = self.geometries.surfaces(geometry, thing.id)
            thing.polygons.extend(Polygon(kind, lod, surface, self._properties) for surface in surfaces)
            thing.links.extend(Link(lod, target, line_of(prop)) for target in targets)
        return True

    def _nested(self, prop: etree._Element, thing: Object, row: int) -> bool:
        """Read a property that holds surfaces or objects, or that is left out; False for attributes."""
        name = LOCAL[prop.tag]
        first = LOCAL[prop[0].tag] if len(prop) else ""
        if name == "appearance":
            self._skips.add(name, "textures are not read", line=line_of(prop), gml_id=thing.id)
        elif not prop.tag.startswith(STANDARD):
            self._skips.add(name, EXTENSION, line=line_of(prop), gml_id=thing.id)
        elif not len(prop) and prop.get(HREF) and not (prop.text or "").strip():
            self._skip_link(prop, thing.id)
        elif is_generic(prop) or not first[:1].isupper() or first in DATA or first == "Envelope":
            return False
        else:
            for inner in prop:
                if LOCAL[inner.tag] in SEMANTIC and inner.tag.startswith(CITYGML):
                    self._surface(inner, thing, row)
                else:
                    self._object(inner, row)
        return True

    def _attribute(self, prop: etree._Element, thing: Object) -> None:
        if is_generic(prop):
            add_generic(thing.attributes, prop)
        elif LOCAL[prop.tag] not in ("boundedBy", "lod"):
            add_standard(thing.attributes, prop)

    def _skip_link(self, element: etree._Element, owner: str) -> None:
        what = f"link of {LOCAL[element.tag]}"
        self._skips.add(what, "links between objects are not kept", line=line_of(element), gml_id=owner)
