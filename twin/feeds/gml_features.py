"""Reads simple features out of GML, as WFS servers write it: points, lines and areas with plain values."""

from __future__ import annotations

import re
from typing import Any

from twin.feeds.ows import every, local

MEMBERS = ("member", "featureMember", "featureMembers")
GEOMETRIES = {
    "Point": "Point",
    "LineString": "LineString",
    "Curve": "LineString",
    "Polygon": "Polygon",
    "Surface": "Polygon",
    "MultiPoint": "MultiPoint",
    "MultiLineString": "MultiLineString",
    "MultiCurve": "MultiLineString",
    "MultiPolygon": "MultiPolygon",
    "MultiSurface": "MultiPolygon",
}
"""What GML calls a geometry, and GeoJSON."""
PARTS = {
    "MultiPoint": ("Point",),
    "MultiLineString": ("LineString", "Curve"),
    "MultiPolygon": ("Polygon", "Surface"),
}

Feature = dict[str, Any]


def features(root: Any) -> list[Feature]:
    """The features of a collection as GeoJSON features; coordinates in the order of the file."""
    found = []
    for holder in root:
        if local(holder) in MEMBERS:
            found += [_feature(element) for element in holder if local(element)]
    return found


def swapped(feature: Feature) -> Feature:
    """The same with the two coordinates of each position the other way round."""
    geometry = feature.get("geometry")
    if geometry is None:
        return feature
    return {**feature, "geometry": {**geometry, "coordinates": _turned(geometry["coordinates"])}}


def positions(geometry: Any) -> list[tuple[float, float]]:
    """All positions of a GeoJSON geometry."""
    if not isinstance(geometry, dict):
        return []
    found: list[tuple[float, float]] = []

    def walk(tree: Any) -> None:
        if isinstance(tree, list) and tree and isinstance(tree[0], int | float):
            found.append((float(tree[0]), float(tree[1])))
        elif isinstance(tree, list):
            for member in tree:
                walk(member)

    walk(geometry.get("coordinates"))
    for part in geometry.get("geometries", []):
        found += positions(part)
    return found


def _feature(element: Any) -> Feature:
    values: dict[str, Any] = {}
    geometry = None
    for attribute in element:
        name = local(attribute)
        if not name or name == "boundedBy":
            continue
        if not len(attribute):
            values[name] = (attribute.text or "").strip() or None
        elif geometry is None:
            shape = next((e for e in attribute.iter() if local(e) in GEOMETRIES), None)
            geometry = None if shape is None else _geometry(shape)
    number = next((v for k, v in element.attrib.items() if k.endswith("id")), None)
    return {"type": "Feature", "id": number, "properties": values, "geometry": geometry}


def _geometry(element: Any) -> dict[str, Any] | None:
    kind = GEOMETRIES[local(element)]
    if kind in PARTS:
        parts = [_coordinates(e) for name in PARTS[kind] for e in every(element, name)]
        return {"type": kind, "coordinates": [part for part in parts if part]} if parts else None
    found = _coordinates(element)
    return {"type": kind, "coordinates": found} if found else None


def _coordinates(element: Any) -> Any:
    kind = GEOMETRIES[local(element)]
    if kind == "Point":
        return next(iter(_corners(element)), None)
    if kind == "LineString":
        return _corners(element)
    outer = [e for name in ("exterior", "outerBoundaryIs") for e in every(element, name)]
    inner = [e for name in ("interior", "innerBoundaryIs") for e in every(element, name)]
    rings = [_corners(ring) for ring in (*outer[:1], *inner)]
    return rings if rings and len(rings[0]) > 3 else None


def _corners(element: Any) -> list[list[float]]:
    """Of pos, posList or coordinates beneath an element, in their order."""
    found: list[list[float]] = []
    for e in element.iter():
        name, text = local(e), e.text or ""
        if name in ("pos", "posList"):
            wide = e.get("srsDimension") or element.get("srsDimension")
            numbers = [float(n) for n in text.split()]
            size = len(numbers) if name == "pos" else int(wide or 2)
            found += [numbers[i : i + 2] for i in range(0, len(numbers) - 1, max(size, 2))]
        elif name == "coordinates":
            found += [
                [float(n) for n in pair.split(",")[:2]] for pair in re.split(r"\s+", text.strip()) if pair
            ]
    return found


def _turned(tree: Any) -> Any:
    if tree and isinstance(tree[0], int | float):
        return [tree[1], tree[0], *tree[2:]]
    return [_turned(member) for member in tree]
