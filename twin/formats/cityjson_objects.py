"""Gathers the objects of CityJSON documents: types, attributes, and what is a part of what."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from twin.formats import strict_json
from twin.formats.cityjson_attributes import add_address, add_attributes
from twin.formats.cityjson_document import Document, Raws
from twin.formats.cityjson_geometries import NULL, Geometries, GeometryText
from twin.formats.cityjson_parents import Claim
from twin.formats.report import Skips
from twin.model.table import Value

NAMES = {"TransportSquare": "Square", "BuildingRoom": "Room", "TunnelHollowSpace": "HollowSpace"}
"""Types that CityGML calls otherwise."""
TYPES = frozenset(
    (
        *("Building", "BuildingPart", "BuildingInstallation", "BuildingConstructiveElement"),
        *("BuildingFurniture", "BuildingStorey", "BuildingRoom", "BuildingUnit"),
        *("Bridge", "BridgePart", "BridgeInstallation", "BridgeConstructiveElement"),
        *("BridgeConstructionElement", "BridgeRoom", "BridgeFurniture"),
        *("Tunnel", "TunnelPart", "TunnelInstallation", "TunnelConstructiveElement"),
        *("TunnelHollowSpace", "TunnelFurniture", "OtherConstruction", "Railway", "Road", "TransportSquare"),
        *("Waterway", "WaterBody", "LandUse", "PlantCover", "SolitaryVegetationObject", "TINRelief"),
        *("CityFurniture", "CityObjectGroup", "GenericCityObject"),
    )
)
UNTYPED = "GenericCityObject"
MANY_NAMES = 256
"""So many different attributes are always kept."""
MANY_CELLS = 2**24
"""More are kept while attributes times objects are not more than this."""


class ObjectText(msgspec.Struct):
    """A city object as it stands in the file."""

    type: Any = None
    attributes: Any = None
    geometry: list[GeometryText] | None = None
    parents: Any = None
    parent: Any = None
    """Before version 1.0."""
    children: Any = None
    members: Any = None
    """Of a group, in version 1.0."""
    address: Any = None
    children_roles: msgspec.Raw = NULL
    extent: msgspec.Raw = msgspec.field(default=NULL, name="geographicalExtent")
    toplevel: msgspec.Raw = NULL


class KnownObject(ObjectText, forbid_unknown_fields=True):
    """One without members of extensions."""


_raws = msgspec.json.Decoder(Raws)
_known = msgspec.json.Decoder(KnownObject)
_object = msgspec.json.Decoder(ObjectText)


class Objects:
    """Takes documents one by one; columns of objects."""

    def __init__(self, skips: Skips) -> None:
        self.ids: list[str] = []
        self.types: list[str] = []
        self.attributes: list[dict[str, Value]] = []
        self.wheres: list[str] = []
        self.scope_of: list[int] = []
        """The document of each object."""
        self.scopes: list[dict[str, int]] = []
        """Ids to rows, for each document."""
        self.claims: list[Claim] = []
        """What children say of their parents."""
        self.claimed: list[Claim] = []
        """What parents say of their children."""
        self.geometries = Geometries(skips)
        self._strange: Counter[str] = Counter()
        self._skips = skips

    def add(self, document: Document) -> None:
        """Take all objects of a document."""
        self.geometries.begin(document)
        scope: dict[str, int] = {}
        number = len(self.scopes)
        self.scopes.append(scope)
        for id, raw in document.objects():
            scope[id] = len(self.ids)
            self._object(document, id, raw)
            self.scope_of.append(number)

    def name(self) -> list[str]:
        """Give each object an id of its own; returns what was strange about ids and types."""
        taken: set[str] = set()
        used: Counter[str] = Counter()
        unnamed = twice = 0
        for row, said in enumerate(self.ids):
            id = said
            unnamed += not id
            twice += id in taken
            stem, number = id or self.types[row], 1 if id else 0
            while not id or id in taken:
                used[stem] += 1
                id = f"{stem}-{used[stem] + number}"
            taken.add(id)
            self.ids[row] = id
        notices = []
        if unnamed:
            notices.append(f"{unnamed} objects have no id and were numbered.")
        if twice:
            notices.append(f"{twice} objects repeat an id and were numbered.")
        for kind, count in self._strange.items():
            if not kind:
                notices.append(f"{count} objects have no type; they are shown as {UNTYPED}.")
            elif kind.startswith("+"):
                notices.append(f"{count} objects are of the type {kind} of an extension.")
            else:
                notices.append(f"{count} objects are of the type {kind}, which CityJSON does not have.")
        return notices

    def limit(self) -> None:
        """Leave out the rarest attributes where so many would fill the memory with empty cells."""
        names = Counter(name for row in self.attributes for name in row)
        if len(names) <= MANY_NAMES or len(names) * len(self.ids) <= MANY_CELLS:
            return
        kept = {name for name, _ in names.most_common(max(MANY_NAMES, MANY_CELLS // len(self.ids)))}
        for where, row in zip(self.wheres, self.attributes, strict=True):
            rare = row.keys() - kept
            for name in rare:
                del row[name]
            if rare:
                self._skips.at(where, "rare attribute", "there are too many different ones", len(rare))

    def _object(self, document: Document, id: str, raw: msgspec.Raw) -> None:
        where = document.at(f"CityObjects.{id}")
        thing = self._text(raw, where, document.path)
        row = len(self.ids)

        def left_out(name: str, why: str) -> None:
            self._skips.at(where, f"attribute {name}", why)

        said = thing.type if isinstance(thing.type, str) else ""
        if said not in TYPES:
            self._strange[said] += 1
        plain = said.removeprefix("+")
        attributes: dict[str, Value] = {}
        if isinstance(thing.attributes, dict):
            add_attributes(attributes, thing.attributes, left_out)
        elif thing.attributes is not None:
            self._skips.at(where, "attributes", "they are no object")
        if thing.address is not None:
            add_address(attributes, thing.address, left_out)
        self.ids.append(id)
        self.wheres.append(where)
        self.types.append(NAMES.get(plain, plain) or UNTYPED)
        self.attributes.append(attributes)
        self.claims += [Claim(id, parent, row) for parent in _ids(thing.parents or thing.parent)]
        self.claimed += [Claim(child, id, row) for child in _ids(thing.children or thing.members)]
        for number, geometry in enumerate(thing.geometry or ()):
            self.geometries.add(geometry, row, f"{where}.geometry[{number}]", document)

    def _text(self, raw: msgspec.Raw, where: str, path: Path) -> ObjectText:
        try:
            return _known.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass  # what is wrong is found again below, or it has more members
        members = strict_json.decode(raw, _raws, path, at=where)
        for name in members.keys() - set(ObjectText.__struct_encode_fields__):
            why = "it is of an extension" if name.startswith("+") else "CityJSON does not have it"
            self._skips.at(where, f"member {name}", why)
        return strict_json.decode(raw, _object, path, at=where)


def _ids(value: Any) -> list[str]:
    if value is None:
        return []
    listed = value if isinstance(value, list) else [value]
    return [id for id in listed if isinstance(id, str)]
