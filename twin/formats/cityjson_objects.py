"""Gathers the objects of CityJSON documents: types, attributes, and what is a part of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from twin.formats import rare_attributes, strict_json
from twin.formats.cityjson_attributes import add_address, add_attributes, is_fitting
from twin.formats.cityjson_document import Document, Raws
from twin.formats.cityjson_features import MANY, Features, features, is_bare, size
from twin.formats.cityjson_geometries import DEPTHS, NULL, Geometries, GeometryText
from twin.formats.cityjson_parents import Claim
from twin.formats.cityjson_said import Said
from twin.formats.cityjson_usual import Usual, usual
from twin.formats.report import Skips
from twin.model import table
from twin.model.table import Table, Value

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
NOTHING: dict[str, Value] = {}
"""Attributes of usual objects, which are kept elsewhere."""
FLAT = frozenset((str, float, bool, int, type(None)))
"""Attributes that stay as they are."""


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
_any = msgspec.json.Decoder(Any)


class Objects:
    """Takes documents one by one; columns of objects."""

    def __init__(self, skips: Skips, *, large: bool) -> None:
        self.ids: list[str] = []
        self.types: list[str] = []
        self._attributes: list[dict[str, Value]] = []
        self._plain: dict[int, Any] = {}
        """Attributes that are read all at once, because mostly none is nested, by the row of their object."""
        self.said: list[str] = []
        """Ids as they stand in the file."""
        self.lines: list[int] = []
        """Of each document."""
        self.scope_of: list[int] = []
        """The document of each object."""
        self.scopes: list[dict[str, int]] = []
        """Ids to rows, for each document."""
        self.claims: list[Claim] = []
        """What children say of their parents."""
        self.claimed: list[Claim] = []
        """What parents say of their children."""
        self._written: list[Said] = []
        """Attributes of usual objects."""
        self.geometries = Geometries(skips, large=large)
        self._large = large
        self._waiting: list[Document] = []
        """Features to be worked on together."""
        self._size = 0
        """Of what they say. [byte]"""
        self._strange: Counter[str] = Counter()
        self._became: dict[str, str] = {}
        """Classes by types."""
        self._skips = skips

    def add(self, document: Document) -> None:
        """Take all objects of a document, at once or with those of others, before `finish` is done."""
        if self._large and is_bare(document):
            self._waiting.append(document)
            self._size += size(document)
            if self._size >= MANY:
                self.finish()
        else:
            self.finish()
            self._add(document)

    def finish(self) -> None:
        """Take the objects of documents that still wait."""
        waiting, self._waiting, self._size = self._waiting, [], 0
        found = features(waiting, TYPES, DEPTHS) if len(waiting) > 1 else None
        if found is None:
            for document in waiting:
                self._add(document)
            return
        for run, many in found.runs():
            if many:
                self._take_features(found, run)
            else:
                for document in waiting[run]:
                    self._add(document)

    def _add(self, document: Document) -> None:
        self.geometries.begin(document)
        self.scopes.append({})
        self.lines.append(document.line)
        found = usual(document, TYPES, DEPTHS) if self._large else None
        if found is None:
            self._each(document, document.objects())
            return
        for run, many in found.runs():
            if many:
                first, ids = self._take(found, run)
                self.geometries.take(found, run, first)
                self.scopes[-1].update(zip(ids, range(first, len(self.ids)), strict=True))
                self.scope_of += [len(self.scopes) - 1] * len(ids)
            else:
                self._each(document, map(found.one, range(run.start, run.stop)))

    def _take_features(self, found: Features, run: slice) -> None:
        base, limit = self.geometries.begin_features(found, run)
        objects, counts = found.objects_of(run), np.diff(found.ends, prepend=0)[run]
        first, ids = self._take(found.found, objects)
        feature = np.repeat(np.arange(len(counts)), counts)
        self.geometries.take(found.found, objects, first, base[feature], limit[feature])
        self.scope_of += (feature + len(self.scopes)).tolist()
        end = 0
        for document, count in zip(found.documents[run], counts.tolist(), strict=True):
            begin, end = end, end + count
            self.scopes.append(dict(zip(ids[begin:end], range(first + begin, first + end), strict=True)))
            self.lines.append(document.line)

    def _each(self, document: Document, listed: Iterable[tuple[str, msgspec.Raw]]) -> None:
        for id, raw in listed:
            self.scopes[-1][id] = len(self.ids)
            self._object(document, id, raw)

    def _take(self, found: Usual, run: slice) -> tuple[int, list[str]]:
        """Take what a run of usual objects says but for shapes; the row of the first, and their ids."""
        first, ids = len(self.ids), found.ids(run)
        self.ids += ids
        self.said += ids
        self.types += map(self._kind, found.kinds(run))
        self._attributes += [NOTHING] * len(ids)
        self._written.append(found.attributes_of(run, first))
        for row, id, is_child in found.links_of(run):
            if is_child:
                self.claimed.append(Claim(id, ids[row], first + row))
            else:
                self.claims.append(Claim(ids[row], id, first + row))
        return first, ids

    def where(self, row: int) -> str:
        """Where an object stands, in words."""
        line = self.lines[self.scope_of[row]]
        return f"line {line}, CityObjects.{self.said[row]}" if line else f"CityObjects.{self.said[row]}"

    def name(self) -> list[str]:
        """Give each object an id of its own; returns what was strange about ids and types."""
        taken: set[str] = set()
        used: Counter[str] = Counter()
        unnamed = twice = 0
        for row, said in enumerate(self.said):
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

    def table(self) -> tuple[Table, dict[str, int]]:
        """The attributes of all objects, which are then here no more, and how many have each."""
        self._unfold()
        rows, written = self._attributes, self._written
        self._attributes, self._written = [], []
        if written:
            said = Said.joined(written).with_rows(0, rows)
            if rare_attributes.are_few(len(said.counts()), len(self.ids)):
                return said.table(len(rows)), said.counts()
            rows = said.read(len(rows))
        rare_attributes.limit(rows, self._left_out)
        found = table.from_rows(rows)
        counts = {name: table.present(column) for name, column in found.columns.items()}
        return found, {name: count for name, count in counts.items() if count}

    def _left_out(self, row: int, count: int) -> None:
        self._skips.at(self.where(row), rare_attributes.WHAT, rare_attributes.WHY, count)

    def _unfold(self) -> None:
        """Reads attributes that were kept as they are, unless they may stay so."""
        if not _is_flat(list(chain.from_iterable(map(dict.values, self._plain.values())))):
            for row, tree in self._plain.items():
                if not _is_flat(tree.values()):
                    self._attributes[row] = self._read(tree, None, {}, row)
        self._plain = {}

    def _object(self, document: Document, id: str, raw: msgspec.Raw) -> None:
        row = len(self.ids)
        self.ids.append(id)
        self.said.append(id)
        self.scope_of.append(len(self.scopes) - 1)
        thing, further = self._text(raw, row, document.path)
        said = thing.type if isinstance(thing.type, str) else ""
        if said not in TYPES:
            self._strange[said] += 1
        self.types.append(self._kind(said))
        tree = thing.attributes
        if type(tree) is dict and thing.address is None and not further:
            self._plain[row] = tree
        else:
            tree = self._read(tree, thing.address, further, row)
        self._attributes.append(tree)
        if thing.parents or thing.parent:
            self.claims += [Claim(id, parent, row) for parent in _ids(thing.parents or thing.parent)]
        if thing.children or thing.members:
            self.claimed += [Claim(child, id, row) for child in _ids(thing.children or thing.members)]

        if thing.geometry:

            def where(geometry: int) -> str:
                return f"{self.where(row)}.geometry[{geometry}]"

            for place, geometry in enumerate(thing.geometry):
                self.geometries.add(geometry, row, place, where, document)

    def _kind(self, said: str) -> str:
        found = self._became.get(said)
        if found is None:
            found = self._became[said] = NAMES.get(said, said.removeprefix("+")) or UNTYPED
        return found

    def _read(self, tree: Any, address: Any, further: dict[str, Any], row: int) -> dict[str, Value]:
        """Attributes, an address, and the members of extensions as attributes that are not nested."""
        attributes: dict[str, Value] = {}

        def left_out(name: str, why: str) -> None:
            self._skips.at(self.where(row), f"attribute {name}", why)

        if isinstance(tree, dict):
            add_attributes(attributes, tree, left_out)
        elif tree is not None:
            self._skips.at(self.where(row), "attributes", "they are no object")
        add_attributes(attributes, further, left_out)
        if address is not None:
            add_address(attributes, address, left_out)
        return attributes

    def _text(self, raw: msgspec.Raw, row: int, path: Path) -> tuple[ObjectText, dict[str, Any]]:
        """An object, and the members of extensions."""
        try:
            return _known.decode(raw), {}
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass  # what is wrong is found again below, or it has more members
        where = self.where(row)
        members = strict_json.decode(raw, _raws, path, at=where)
        thing = strict_json.decode(raw, _object, path, at=where)
        further = {}
        for name in members.keys() - set(ObjectText.__struct_encode_fields__):
            if name.startswith("+"):
                further[name] = strict_json.decode(members[name], _any, path, at=f"{where}.{name}")
            else:
                self._skips.at(where, f"member {name}", "CityJSON does not have it")
        return thing, further


def _is_flat(values: Collection[Any]) -> bool:
    """Whether attributes can stay as they are."""
    kinds = set(map(type, values))
    return kinds <= FLAT and (int not in kinds or all(map(is_fitting, values)))


def _ids(value: Any) -> list[str]:
    if value is None:
        return []
    listed = value if isinstance(value, list) else [value]
    return [id for id in listed if isinstance(id, str)]
