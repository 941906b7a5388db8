"""Gathers the objects of CityJSON documents: types, attributes, parents, and geometries still as text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.formats import strict_json
from twin.formats.cityjson_attributes import add_address, add_attributes
from twin.formats.cityjson_boundaries import is_boundaries
from twin.formats.cityjson_document import Document, Raws, Templates, Transform
from twin.formats.cityjson_parents import Claim
from twin.formats.report import Skips
from twin.model.table import Value

DEPTHS = {"MultiSurface": 3, "CompositeSurface": 3, "Solid": 4, "MultiSolid": 5, "CompositeSolid": 5}
"""Geometries that are read, and how deep the vertex numbers lie in their boundaries."""
LEFT_OUT = {"MultiPoint": "points are not read", "MultiLineString": "curves are not read"}
NAMES = {
    "TransportSquare": "Square",
    "BuildingRoom": "Room",
    "TunnelHollowSpace": "HollowSpace",
}
"""Types that CityGML calls otherwise."""
TYPES = frozenset(
    (
        *(
            "Building",
            "BuildingPart",
            "BuildingInstallation",
            "BuildingConstructiveElement",
            "BuildingFurniture",
        ),
        *("BuildingStorey", "BuildingRoom", "BuildingUnit", "Bridge", "BridgePart", "BridgeInstallation"),
        *(
            "BridgeConstructiveElement",
            "BridgeConstructionElement",
            "BridgeRoom",
            "BridgeFurniture",
            "Tunnel",
        ),
        *("TunnelPart", "TunnelInstallation", "TunnelConstructiveElement", "TunnelHollowSpace"),
        *("TunnelFurniture", "CityFurniture", "CityObjectGroup", "GenericCityObject", "LandUse"),
        *("OtherConstruction", "PlantCover", "SolitaryVegetationObject", "TINRelief", "TransportSquare"),
        *("Railway", "Road", "WaterBody", "Waterway"),
    )
)
UNTYPED = "GenericCityObject"
MEMBERS = frozenset(
    (
        *("type", "attributes", "geometry", "parents", "parent", "children", "children_roles", "members"),
        *("address", "geographicalExtent", "toplevel"),
    )
)
MOST_PLACED = 2**28
"""Text of the templates of all instances together. [byte]"""
NO_LOD = -1.0
NULL = msgspec.Raw(b"null")


class GeometryText(msgspec.Struct):
    """A geometry as it stands in the file."""

    type: Any = None
    lod: Any = None
    boundaries: msgspec.Raw = NULL
    semantics: msgspec.Raw = NULL
    template: Any = None
    matrix: Any = msgspec.field(default=None, name="transformationMatrix")


_raws = msgspec.json.Decoder(Raws)
_any = msgspec.json.Decoder(Any)
_geometries = msgspec.json.Decoder(list[GeometryText] | None)
_geometry = msgspec.json.Decoder(GeometryText)


@dataclass(frozen=True, slots=True)
class Geometry:
    """The surfaces of an object in one level of detail."""

    object: int
    lod: float
    """As 2.2; NO_LOD: it says none."""
    text: bytes
    """Its boundaries."""
    depth: int
    base: int
    """The vertex that its number 0 means."""
    limit: int
    placement: int
    """A row of the matrices, or -1."""
    semantics: msgspec.Raw
    where: str


@dataclass(slots=True)
class Gathered:
    """What all documents hold: columns of objects, and geometries in their order."""

    ids: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    attributes: list[dict[str, Value]] = field(default_factory=list)
    wheres: list[str] = field(default_factory=list)
    scope_of: list[int] = field(default_factory=list)
    """The document of each object."""
    scopes: list[dict[str, int]] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    """What children say of their parents."""
    claimed: list[Claim] = field(default_factory=list)
    """What parents say of their children."""
    geometries: list[Geometry] = field(default_factory=list)
    vertices: list[NDArray[np.float64]] = field(default_factory=list)
    matrices: list[NDArray[np.float64]] = field(default_factory=list)
    """(3, 4) each."""
    strange: Counter[str] = field(default_factory=Counter)
    """Types that CityJSON does not have, or `` for none, and how many objects say them."""


class Gatherer:
    """Takes documents one by one."""

    def __init__(self, skips: Skips) -> None:
        self.found = Gathered()
        self._skips = skips
        self._transform = Transform()
        self._templates = Templates()
        self._template_base = 0
        self._read: dict[int, GeometryText] = {}
        self._placed = 0
        self._size = 0

    def document(self, document: Document) -> None:
        """Gather its objects."""
        if "geometry-templates" in document.members:
            self._templates = document.templates()
            self._read = {}
            self._template_base = self._add_vertices(
                np.array(self._templates.vertices, dtype=np.float64).reshape(-1, 3)
            )
        self._transform = document.transform() or self._transform
        vertices = document.vertices(self._transform)
        base = self._add_vertices(vertices)
        objects = document.objects()
        scope: dict[str, int] = {}
        number = len(self.found.scopes)
        self.found.scopes.append(scope)
        for id, raw in objects:
            scope[id] = len(self.found.ids)
            self._object(document, id, raw, base, vertices)
            self.found.scope_of.append(number)

    def _add_vertices(self, vertices: NDArray[np.float64]) -> int:
        base = self._size
        self.found.vertices.append(vertices)
        self._size += len(vertices)
        return base

    def _object(
        self, document: Document, id: str, raw: msgspec.Raw, base: int, vertices: NDArray[np.float64]
    ) -> None:
        found, path = self.found, document.path
        where = document.at(f"CityObjects.{id}")
        members = strict_json.decode(raw, _raws, path, at=where)
        row = len(found.ids)
        found.ids.append(id)
        found.wheres.append(where)
        for name in members.keys() - MEMBERS:
            why = "it is of an extension" if name.startswith("+") else "CityJSON does not have it"
            self._skips.at(where, f"member {name}", why)

        def value(name: str) -> Any:
            return (
                strict_json.decode(members[name], _any, path, at=f"{where}.{name}")
                if name in members
                else None
            )

        def left_out(name: str, why: str) -> None:
            self._skips.at(where, f"attribute {name}", why)

        said = value("type")
        said = said if isinstance(said, str) else ""
        if said not in TYPES:
            found.strange[said] += 1
        plain = said.removeprefix("+")
        found.types.append(NAMES.get(plain, plain) or UNTYPED)
        attributes: dict[str, Value] = {}
        tree = value("attributes")
        if isinstance(tree, dict):
            add_attributes(attributes, tree, left_out)
        elif tree is not None:
            self._skips.at(where, "attributes", "they are no object")
        if "address" in members:
            add_address(attributes, value("address"), left_out)
        found.attributes.append(attributes)
        parents = value("parents") or value("parent")
        children = value("children") or value("members")
        found.claims += [Claim(id, parent, row) for parent in _ids(parents)]
        found.claimed += [Claim(child, id, row) for child in _ids(children)]
        if "geometry" in members:
            here = f"{where}.geometry"
            listed = strict_json.decode(members["geometry"], _geometries, path, at=here) or []
            for number, geometry in enumerate(listed):
                self._geometry(geometry, row, f"{here}[{number}]", base, vertices, document)

    def _geometry(
        self,
        geometry: GeometryText,
        row: int,
        where: str,
        base: int,
        vertices: NDArray[np.float64],
        document: Document,
    ) -> None:
        limit, placement = len(vertices), -1
        if geometry.type == "GeometryInstance":
            anchor = strict_json.decode(geometry.boundaries, _any, document.path, at=where)
            matrix = self._matrix(geometry, anchor, where, vertices)
            template = self._template(geometry.template, where, document) if matrix is not None else None
            if matrix is None or template is None:
                return
            geometry, base, limit = template, self._template_base, len(self._templates.vertices)
            placement = len(self.found.matrices)
            self.found.matrices.append(matrix)
        depth = DEPTHS.get(geometry.type) if isinstance(geometry.type, str) else None
        if depth is None:
            kind = geometry.type if isinstance(geometry.type, str) else None
            why = LEFT_OUT.get(kind or "", "CityJSON has no such geometry")
            self._skips.at(where, kind or "geometry", why if kind else "it has no type")
            return
        text = bytes(geometry.boundaries)
        if not is_boundaries(text):
            self._skips.at(where, geometry.type, "its boundaries are no lists of vertex numbers")
            return
        if placement >= 0:
            self._placed += len(text)
            if self._placed > MOST_PLACED:
                self._skips.at(where, "GeometryInstance", "the templates of all instances are too large")
                return
        self.found.geometries.append(
            Geometry(row, _lod(geometry.lod), text, depth, base, limit, placement, geometry.semantics, where)
        )

    def _template(self, number: Any, where: str, document: Document) -> GeometryText | None:
        listed = self._templates.templates
        if type(number) is not int or not 0 <= number < len(listed):
            self._skips.at(where, "GeometryInstance", "the file has no such template")
            return None
        if number not in self._read:
            at = f"geometry-templates.templates[{number}]"
            self._read[number] = strict_json.decode(listed[number], _geometry, document.path, at=at)
        return self._read[number]

    def _matrix(
        self, geometry: GeometryText, anchor: Any, where: str, vertices: NDArray[np.float64]
    ) -> NDArray[np.float64] | None:
        """Turn and shift of an instance: (3, 4); None where it has none."""
        numbers = geometry.matrix
        if (
            not isinstance(anchor, list)
            or len(anchor) != 1
            or type(anchor[0]) is not int
            or not 0 <= anchor[0] < len(vertices)
        ):
            why = "its boundaries are not one vertex number"
        elif (
            not isinstance(numbers, list)
            or len(numbers) != 16
            or not all(type(number) in (int, float) and abs(number) < 1e15 for number in numbers)
            or [float(number) for number in numbers[12:]] != [0.0, 0.0, 0.0, 1.0]
        ):
            why = "its matrix is none of 4 × 4 numbers that turns, scales and shifts"
        else:
            matrix = np.array(numbers, dtype=np.float64).reshape(4, 4)[:3]
            matrix[:, 3] += vertices[anchor[0]]
            return matrix
        self._skips.at(where, "GeometryInstance", why)
        return None


def _ids(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [id for id in listed if isinstance(id, str)]


def _lod(said: Any) -> float:
    try:
        lod = float(said) if type(said) in (str, int, float) else NO_LOD
    except ValueError:
        return NO_LOD
    return lod if 0 <= lod < 5 else NO_LOD
