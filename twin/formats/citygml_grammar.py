"""Knows what an element of CityGML is by the names on the path to it, for the scan of its bytes.

The same rules as in `citygml_objects`, `citygml_attributes` and `gml`, which read elements one by one. What
would need more than the path to be understood is SLOW: its member is read by them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from twin.formats import citygml_scan as scan
from twin.formats import gml
from twin.formats.attribute_texts import KINDS
from twin.formats.citygml_address import PARTS
from twin.formats.citygml_attributes import GENERIC, TYPES
from twin.formats.citygml_looks import MATERIAL
from twin.formats.citygml_objects import CITYGML, DATA, FACES, LEFT_OUT, LOD, SEMANTIC, STANDARD, UNREAD
from twin.formats.citygml_tree import MEMBERS, SILENT
from twin.formats.gml import CONTAINERS, HOLES, HREF, IDS, POLYGONS, SIDES, TRIANGLES
from twin.model.faces import ID

NAME = re.compile(r"(?:([A-Za-z_][A-Za-z0-9._-]*):)?([A-Za-z_][A-Za-z0-9._-]*)")
XML = "http://www.w3.org/XML/1998/namespace"
GML = "{http://www.opengis.net/gml"
ROOT = -1
PROPERTIES = (scan.ATTRIBUTE, scan.SURFACE_PROPERTY, scan.BOX, scan.ADDRESS, scan.RELIEF_LOD)
SHAPES = POLYGONS | TRIANGLES | HOLES
PLACES = frozenset({"pos", "posList", "coordinates"})
FLAT = "a ring needs 3 different corners"
WATCHED = "watched"
"""In what is left out, or belongs to an extension, no shape goes unseen."""
ADDRESS_IN_PLACE = 0
"""A part of an address that has no name of its own; so is no attribute that a grammar gives a number."""


class DoubtError(Exception):
    """The scan cannot vouch for this file."""


@dataclass(frozen=True, slots=True)
class Node:
    """What the elements at the end of one path of names are."""

    action: int
    argument: int = -1
    local: str = ""
    within: str = ""
    """What the names of attributes inside begin with; the part of an address."""
    inside: bool = False
    """Whether it stands in a property of an object, and is none itself."""
    name: str = ""
    """Of a property, where that says what may stand in it."""
    measured: int = -1
    """The argument where the element has a unit."""


class Registry:
    """Numbers for the words of one file, the same in all its parts."""

    def __init__(self) -> None:
        self.types: dict[str, int] = {}
        # the scan knows the first ones, here and below
        self.keys: dict[tuple[str, int], int] = {
            ("measuredHeight", KINDS.index(float)): scan.HEIGHT_KEY,
            (ID, KINDS.index(str)): scan.ID_KEY,
        }
        """Attributes by name and the kind of their values."""
        self.skips = {("surface given twice", "shown once"): 0, (gml.HOLE, "its surface is given twice"): 1}
        self.units: dict[str, int] = {}

    def class_of(self, name: str) -> int:
        """Of a class of objects; odd for parts."""
        number = self.types.setdefault(name, len(self.types))
        return number * 2 + name.endswith("Part")

    def key(self, name: str, kind: type) -> int:
        """Of an attribute."""
        return self.keys.setdefault((name, KINDS.index(kind)), len(self.keys))

    def skip(self, what: str, why: str) -> int:
        """Of a kind of thing that is left out."""
        return self.skips.setdefault((what, why), len(self.skips))

    def unit(self, name: str) -> int:
        """Of a unit of measure; from 1 on."""
        return self.units.setdefault(name, len(self.units) + 1)


class Grammar:
    """The paths met so far, in the arrays the scan reads."""

    def __init__(self, registry: Registry, namespaces: Mapping[str | None, str], root: bytes) -> None:
        self.registry = registry
        self.namespaces = {**namespaces, "xml": XML}
        self.nodes = np.full((scan.MOST_NODES, 9), -1, dtype=np.int64)
        self.pool = np.zeros(1 << 18, dtype=np.uint8)
        self.attributes = np.zeros((60, 3), dtype=np.int64)
        self.attribute_pool = np.zeros(1 << 13, dtype=np.uint8)
        self._met: list[Node] = []
        self._filled = 0
        self._attribute_names: list[tuple[str, str]] = []
        self._attributes_filled = 0
        self._put(-1, root, Node(scan.IGNORE, ROOT))

    @property
    def attribute_count(self) -> int:
        """How many names of XML attributes were met."""
        return len(self._attribute_names)

    def add(self, parent: int, name: bytes) -> None:
        """Take in a new child of a path. Raises DoubtError for what is no name."""
        tag = self._resolved(name, default=True)
        self._put(parent, name, _child(self._met[parent], tag, self.registry))

    def add_attribute(self, name: bytes) -> None:
        """Take in a new XML attribute. Raises DoubtError for what is no name, or another one for the same."""
        tag = self._resolved(name, default=False)
        kind = scan.OTHER
        if name == b"xmlns" or name.startswith(b"xmlns:") or tag is None:
            kind, tag = scan.NAMESPACE, ("xmlns", name.decode())
        elif f"{{{tag[0]}}}{tag[1]}" in IDS:
            kind = scan.ID
        elif f"{{{tag[0]}}}{tag[1]}" == HREF:
            kind = scan.HREF
        elif not tag[0]:
            kind = {
                "srsName": scan.SRS_NAME,
                "srsDimension": scan.SRS_DIMENSION,
                "name": scan.NAME_OF_GENERIC,
                "uom": scan.UNIT,
                "uri": scan.URI,
                "ring": scan.RING_OF_TEXTURE,
            }.get(tag[1], kind)
        number = len(self._attribute_names)
        if tag in self._attribute_names or number == len(self.attributes):
            raise DoubtError
        begin = self._attributes_filled
        self._attributes_filled += len(name)
        if self._attributes_filled > len(self.attribute_pool):
            raise DoubtError
        self.attribute_pool[begin : self._attributes_filled] = np.frombuffer(name, np.uint8)
        self.attributes[number] = begin, len(name), kind
        self._attribute_names.append(tag)

    def _resolved(self, name: bytes, default: bool) -> tuple[str, str] | None:
        """Namespace and local name; None where the prefix is not declared by the root."""
        found = NAME.fullmatch(name.decode("latin-1"))
        if found is None:
            raise DoubtError
        prefix = found[1]
        if prefix is None:
            return (self.namespaces.get(None, "") if default else "", found[2])
        space = self.namespaces.get(prefix)
        return None if space is None else (space, found[2])

    def _put(self, parent: int, name: bytes, node: Node) -> None:
        number, begin = len(self._met), self._filled
        self._filled += len(name)
        if number == len(self.nodes) or self._filled > len(self.pool):
            raise DoubtError
        self.pool[begin : self._filled] = np.frombuffer(name, np.uint8)
        following = self.nodes[parent, scan.FIRST] if parent >= 0 else -1
        self.nodes[number] = (
            parent,
            -1,
            following,
            -1,
            begin,
            len(name),
            node.action,
            node.argument,
            node.measured,
        )
        if parent >= 0:
            self.nodes[parent, scan.FIRST] = number
        self._met.append(node)


def _child(  # noqa: PLR0911, PLR0912  # a table in the order of its rows
    parent: Node, name: tuple[str, str] | None, registry: Registry
) -> Node:
    if name is None:
        return Node(scan.SLOW)
    space, local = name
    tag = f"{{{space}}}{local}" if space else local
    if parent.argument == ROOT and parent.action == scan.IGNORE:
        if local in MEMBERS:
            return Node(scan.MEMBER, 0)
        if local not in SILENT:
            raise DoubtError
        return Node(scan.BOX, inside=True) if local == "boundedBy" else Node(scan.IGNORE, 0)
    if local in MEMBERS:
        raise DoubtError  # the element tree might take it for one
    if parent.within == WATCHED and local in SHAPES:
        return Node(scan.SLOW)
    if parent.action == scan.ENVELOPE:
        return Node(scan.ENVELOPE, 0)
    if parent.action in (scan.IGNORE, scan.SKIP, scan.SHAPE_SKIP):
        return Node(scan.IGNORE, 0, within=parent.within)
    if parent.action == scan.MEMBER:
        return Node(scan.APPEARANCE, 0) if local == "Appearance" else _object(local, registry)
    if parent.action == scan.OBJECT:
        return _property(tag, local, registry)
    if parent.action == scan.SURFACE:
        return _property_of_surface(tag, local, registry)
    if parent.action == scan.ADDRESS_PART:
        return _part_of_address(tag, local, parent.within, registry)
    if parent.action in PROPERTIES:
        return _in_property(parent, tag, local, registry)
    if parent.action in RULES:
        return RULES[parent.action](local, registry)
    return Node(scan.SLOW)


def _object(local: str, registry: Registry) -> Node:
    return Node(scan.SLOW) if local in UNREAD else Node(scan.OBJECT, registry.class_of(local))


def _shaped(tag: str, local: str, registry: Registry, otherwise: int) -> Node | None:
    """What a property is that holds geometry or is left out; None for any other."""
    level = LOD.match(local)
    if level and level[2] in LEFT_OUT:
        return Node(scan.SKIP, registry.skip(local, LEFT_OUT[level[2]]), within=WATCHED)
    if level or local == "tin":
        return Node(scan.GEOMETRY, int(level[1]) if level else otherwise)
    return Node(scan.SLOW) if local.startswith("adeOf") else None


def _property(tag: str, local: str, registry: Registry, otherwise: int = 5) -> Node:  # noqa: PLR0911  # as `_child`
    found = _shaped(tag, local, registry, otherwise)
    if found:
        return found
    kind = _generic(local)
    if not tag.startswith(STANDARD):
        if kind or local == "address":
            return Node(scan.SLOW)
        return _attribute(scan.ATTRIBUTE, tag, "", registry, inside=True, name=WATCHED)
    if kind:
        return kind
    if local == "boundedBy":
        return Node(scan.BOX, 0, name=local)
    if local == "lod":
        return Node(scan.RELIEF_LOD, 0, name=local)
    return _attribute(scan.ADDRESS if local == "address" else scan.ATTRIBUTE, tag, "", registry)


def _property_of_surface(tag: str, local: str, registry: Registry) -> Node:
    # no surface has an extent or a relief of its own
    silent = tag.startswith(STANDARD) and local in ("boundedBy", "lod")
    return Node(scan.SURFACE_PROPERTY, -1, name=local) if silent else _property(tag, local, registry, 0)


def _generic(local: str) -> Node | None:
    kind = local.lower()
    if kind == "genericattribute":
        return Node(scan.WRAP_GENERIC, 0)
    if kind == "genericattributeset":
        return Node(scan.GENERIC_SET, 0)
    return Node(scan.GENERIC, KINDS.index(GENERIC[kind])) if kind in GENERIC else None


def _attribute(
    action: int, tag: str, within: str, registry: Registry, *, inside: bool = False, name: str = ""
) -> Node:
    local = gml.LOCAL[tag]
    key = f"{within}.{local}" if within else local
    inner = key if local[:1].islower() else within
    number = registry.key(key, TYPES.get(key, str))
    measured = number
    if "opengis.net" not in tag and key not in TYPES:  # what an extension measures is a number
        measured = registry.key(key, float)
    return Node(action, number, local, inner, inside, name or local, measured)


def _in_property(  # noqa: PLR0911  # as `_child`
    parent: Node, tag: str, local: str, registry: Registry
) -> Node:
    """What stands in a property of an object or surface, or deeper in structured values."""
    if local == "Appearance" and not parent.inside:
        return Node(scan.APPEARANCE, 0)
    leaf = parent.name == WATCHED and LOD.match(parent.local)
    if parent.name == WATCHED and (leaf or local in SHAPES | PLACES or local == "Appearance"):
        return Node(scan.SLOW)
    data = local in DATA or local == "Envelope" or not local[:1].isupper()
    if not (parent.inside or data):
        if tag.startswith(GML):
            return Node(scan.SLOW)
        known = parent.name in FACES or tag.startswith(CITYGML)
        if known and local in SEMANTIC:
            return Node(scan.SURFACE, SEMANTIC[local])
        extended = parent.name in FACES and any(local.endswith(name) for name in SEMANTIC)
        return Node(scan.SLOW) if extended else _object(local, registry)
    if parent.action == scan.BOX:
        otherwise = scan.SLOW if parent.inside else scan.IGNORE  # the CRS of the file may stand there
        return Node(scan.ENVELOPE if local == "Envelope" else otherwise, 0)
    if parent.action == scan.SURFACE_PROPERTY:
        return Node(scan.SURFACE_PROPERTY, -1, inside=True, name=parent.name)
    if parent.action == scan.ADDRESS:
        return _part_of_address(tag, local, "", registry)
    if parent.action == scan.RELIEF_LOD or local in ("address", "Envelope", "multiPoint"):
        return Node(scan.SLOW)
    name = WATCHED if parent.name == WATCHED else local
    action = scan.HEIGHT if local == "value" and parent.local == "Height" else scan.ATTRIBUTE
    return _attribute(action, tag, parent.within, registry, inside=True, name=name)


def _part_of_address(tag: str, local: str, within: str, registry: Registry) -> Node:
    if local == "multiPoint":
        return Node(scan.SKIP, registry.skip("point of an address", "points are not read"))
    within = PARTS.get(local) or within
    if "xal" not in tag.lower():
        return Node(scan.ADDRESS_PART, -1, within=within)
    number = registry.key(f"address.{within}", str) if within else ADDRESS_IN_PLACE
    return Node(scan.ADDRESS_PART, number, within=within)


def _geometry(local: str, registry: Registry) -> Node:
    if local in POLYGONS or local in TRIANGLES:
        return Node(scan.POLYGON, registry.skip(local, FLAT) * 2 + (local in TRIANGLES))
    if local in CONTAINERS:
        return Node(scan.CONTAINER, 0)
    if local in gml.LEFT_OUT:
        return Node(scan.SHAPE_SKIP, registry.skip(local, gml.LEFT_OUT[local]), within=WATCHED)
    return Node(scan.SLOW)


def _wrapped_generic(local: str, registry: Registry) -> Node:
    found = _generic(local)
    return found if found and found.action == scan.GENERIC else Node(scan.SLOW)


def _look(local: str, registry: Registry) -> Node:
    if local == "ParameterizedTexture":
        return Node(scan.LOOK, 1)
    return Node(scan.LOOK, 0) if local == MATERIAL else Node(scan.SLOW)


def _of_look(local: str, registry: Registry) -> Node:
    if local in ("target", "isFront"):
        return Node(scan.AIM if local == "target" else scan.FRONT, 0)
    return Node(scan.SLOW) if local == "textureParameterization" else Node(scan.CONTENT, 0)


def _only(rules: Mapping[str, int], otherwise: int = scan.SLOW) -> Callable[[str, Registry], Node]:
    """A rule that knows some names."""
    return lambda local, registry: Node(rules.get(local, otherwise), 0)


LOOKS = {"surfaceDataMember": scan.LOOK_WRAPPER, "surfaceData": scan.LOOK_WRAPPER, "theme": scan.THEME}
RULES: dict[int, Callable[[str, Registry], Node]] = {
    scan.GEOMETRY: _geometry,
    scan.WRAPPER: _geometry,
    scan.CONTAINER: lambda local, registry: Node(scan.SLOW if local in gml.LEFT_OUT else scan.WRAPPER, 0),
    scan.POLYGON: lambda local, registry: (
        Node(scan.SIDE, int(local in HOLES)) if local in SIDES else Node(scan.IGNORE, 0)
    ),
    scan.SIDE: lambda local, registry: (
        Node(scan.RING, registry.skip(gml.HOLE, FLAT)) if local == "LinearRing" else Node(scan.SLOW)
    ),
    scan.RING: _only({"pos": scan.POSITIONS, "posList": scan.POSITIONS}),
    scan.GENERIC: _only({"value": scan.VALUE, "name": scan.NAME}),
    scan.GENERIC_SET: _wrapped_generic,
    scan.WRAP_GENERIC: _wrapped_generic,
    scan.APPEARANCE: _only(LOOKS, scan.IGNORE),
    scan.LOOK_WRAPPER: _look,
    scan.LOOK: _of_look,
    scan.AIM: _only({"TexCoordList": scan.TEXTURE_LIST}),
    scan.TEXTURE_LIST: _only({"textureCoordinates": scan.TEXTURE}),
}
"""What stands in an element, by what that is."""
