"""Knows what CityGML 2.0 lets each class hold, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from twin.model.city import SURFACE_TYPES

NAMESPACES = {
    "": "http://www.opengis.net/citygml/2.0",
    "gml": "http://www.opengis.net/gml",
    "gen": "http://www.opengis.net/citygml/generics/2.0",
    "bldg": "http://www.opengis.net/citygml/building/2.0",
    "brid": "http://www.opengis.net/citygml/bridge/2.0",
    "tun": "http://www.opengis.net/citygml/tunnel/2.0",
    "tran": "http://www.opengis.net/citygml/transportation/2.0",
    "wtr": "http://www.opengis.net/citygml/waterbody/2.0",
    "luse": "http://www.opengis.net/citygml/landuse/2.0",
    "veg": "http://www.opengis.net/citygml/vegetation/2.0",
    "frn": "http://www.opengis.net/citygml/cityfurniture/2.0",
    "grp": "http://www.opengis.net/citygml/cityobjectgroup/2.0",
    "dem": "http://www.opengis.net/citygml/relief/2.0",
    "app": "http://www.opengis.net/citygml/appearance/2.0",
}
ALWAYS = ("", "gml", "gen", "bldg")
"""Namespaces that every file declares."""
NAMED = dict.fromkeys(("class", "function", "usage"), "string")
BUILT = {**NAMED, "yearOfConstruction": "year", "yearOfDemolition": "year"}
BUILDING = {
    **BUILT,
    "roofType": "string",
    "measuredHeight": "length",
    "storeysAboveGround": "count",
    "storeysBelowGround": "count",
}
INSIDE = ("InteriorWallSurface", "CeilingSurface", "FloorSurface")
ALL_FACES = {name: name for name in (*SURFACE_TYPES[1:7], *INSIDE)}
WATER = {
    "WaterSurface": "WaterSurface",
    "GroundSurface": "WaterGroundSurface",
    "ClosureSurface": "WaterClosureSurface",
}
OPENINGS = ("Window", "Door")
BOUNDED_BY = "boundedBy"
NOWHERE: Mapping[str, str] = MappingProxyType({})
TIN, RELIEF, GENERIC = "TINRelief", "ReliefFeature", "GenericCityObject"


@dataclass(frozen=True, slots=True)
class Kind:
    """How objects of a class are written."""

    prefix: str
    lods: Mapping[int, str]
    """The property with the geometry that has no semantic type, for each LoD that there may be."""
    order: tuple[str, ...]
    """The properties after the attributes: those of `lods`, BOUNDED_BY, and those that hold parts."""
    within: Mapping[str, str] = field(default_factory=lambda: NOWHERE)
    """The property that holds it, for each class that it may be a part of."""
    elements: Mapping[str, str] = field(default_factory=lambda: MappingProxyType(NAMED))
    """Attributes with an element of their own, in their order, and the form of their text."""
    faces: Mapping[str, str] = field(default_factory=lambda: NOWHERE)
    """Types of surfaces that bound it from LoD2 on, and their elements."""
    face: str = "lod{}MultiSurface"
    """The property with the geometry of such a surface."""
    held: Mapping[str, str] = field(default_factory=lambda: NOWHERE)
    """The property that holds it, for each type that BOUNDED_BY does not."""
    openings: bool = False
    """Whether its boundaries have windows and doors, from LoD3 on."""


def _lods(first: int, form: str, **others: str) -> dict[int, str]:
    found = {lod: f"lod{lod}{form}" for lod in range(first, 5)}
    return {**{int(name[1:]): said for name, said in others.items()}, **found}


def _construction(prefix: str, whole: str, room: str, extra: tuple[str, ...] = ()) -> dict[str, Kind]:
    """The classes of buildings, bridges or tunnels, which are built alike."""
    building = whole == "Building"
    wholes = (whole, f"{whole}Part")
    outer, inner = f"outer{whole}Installation", f"interior{whole}Installation"
    rooms, parts = f"interior{room}", f"consistsOf{whole}Part"
    in_room = "roomInstallation" if building else f"{room[0].lower()}{room[1:]}Installation"
    lods = _lods(1, "MultiSurface", **({"_0": "lod0FootPrint"} if building else {}))
    low = tuple(name for lod, name in lods.items() if lod < 3)
    order = (*low, *extra, outer, inner, BOUNDED_BY, lods[3], lods[4], rooms, parts)
    elements = BUILDING if building else BUILT
    outside, highest = _lods(2, "Geometry"), {4: "lod4Geometry"}
    room_order = (lods[4], BOUNDED_BY, "interiorFurniture", in_room)

    def bounded(lods: Mapping[int, str], order: tuple[str, ...], within: Mapping[str, str]) -> Kind:
        return Kind(prefix, lods, order, within, NAMED, ALL_FACES, openings=True)

    return {
        whole: replace(bounded(lods, order, {}), elements=elements),
        f"{whole}Part": replace(bounded(lods, order, dict.fromkeys(wholes, parts)), elements=elements),
        f"{whole}Installation": bounded(
            outside, (*outside.values(), BOUNDED_BY), dict.fromkeys(wholes, outer)
        ),
        f"Int{whole}Installation": bounded(
            highest, (highest[4], BOUNDED_BY), {**dict.fromkeys(wholes, inner), room: in_room}
        ),
        room: bounded({4: lods[4]}, room_order, dict.fromkeys(wholes, rooms)),
        f"{whole}Furniture": Kind(prefix, highest, (highest[4],), {room: "interiorFurniture"}),
    }


def _plain(prefix: str, lods: Mapping[int, str], within: Mapping[str, str] = NOWHERE) -> Kind:
    return Kind(prefix, lods, tuple(lods.values()), within)


_ELEMENT = _lods(1, "Geometry")
_ON_ROADS = _lods(1, "MultiSurface")
_AREAS = {"TrafficArea": "trafficArea", "AuxiliaryTrafficArea": "auxiliaryTrafficArea"}
_ROAD = Kind(
    *("tran", _ON_ROADS, (*_AREAS.values(), *_ON_ROADS.values()), NOWHERE, NAMED),
    *({name: name for name in _AREAS}, "lod{}MultiSurface", _AREAS),
)
_IN_WATER = _lods(2, "Solid", _0="lod0MultiSurface", _1="lod1MultiSurface")

KINDS: Mapping[str, Kind] = {
    **_construction("bldg", "Building", "Room"),
    **_construction("brid", "Bridge", "BridgeRoom", ("outerBridgeConstruction",)),
    "BridgeConstructionElement": Kind(
        *("brid", _ELEMENT, (*_ELEMENT.values(), BOUNDED_BY)),
        *(dict.fromkeys(("Bridge", "BridgePart"), "outerBridgeConstruction"), NAMED, ALL_FACES),
        openings=True,
    ),
    **_construction("tun", "Tunnel", "HollowSpace"),
    **dict.fromkeys(("TransportationComplex", "Road", "Railway", "Square", "Track"), _ROAD),
    "WaterBody": Kind(
        *("wtr", _IN_WATER, (*_IN_WATER.values(), BOUNDED_BY), {}, NAMED, WATER, "lod{}Surface"),
    ),
    "LandUse": _plain("luse", _lods(0, "MultiSurface")),
    "PlantCover": _plain("veg", _lods(1, "MultiSurface")),
    "SolitaryVegetationObject": _plain("veg", _ELEMENT),
    "CityFurniture": _plain("frn", _ELEMENT),
    "CityObjectGroup": Kind("grp", {}, ()),
    RELIEF: Kind("dem", {}, ("reliefComponent",), {}, {}),
    TIN: Kind("dem", dict.fromkeys(range(5), "tin"), ("tin",), {RELIEF: "reliefComponent"}, {}),
    GENERIC: _plain("gen", _lods(0, "Geometry")),
}
