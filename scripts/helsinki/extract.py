"""Reads the OpenStreetMap extract: tagged points, lines and areas in EPSG:3879."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import osmium
import pyproj
import shapely
from shapely import LineString, MultiLineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from helsinki import edge
from helsinki.edge import Runs
from twin.model.place import Place

CRS = "EPSG:3879"
AREA = (24.935, 60.164, 24.953, 60.179)
"""West, south, east, north of the station area. [deg]"""


@dataclass(frozen=True)
class Feature:
    """One OSM element with a shape."""

    id: str
    """As `osm-way-123`."""
    tags: dict[str, str]
    geometry: BaseGeometry
    """In EPSG:3879, rounded to 1 mm. [m]"""
    cut: bool = False
    """Its outline was closed along the edge of the extract."""


@dataclass(frozen=True)
class Extract:
    """All that is tagged in the extract."""

    nodes: list[Feature]
    ways: list[Feature]
    """As lines; a way that leaves the extract is a MultiLineString of what is known of it."""
    areas: list[Feature]
    """Closed ways and multipolygon relations."""
    coast: list[Runs]
    """Coastlines, water on their right."""
    edge: Polygon
    """What the extract holds. [m]"""
    area: Polygon
    """The station area, as far as the extract holds it. [m]"""
    tagged: dict[tuple[str, int], dict[str, str]]
    """The tags of every tagged element by its type (`node`, `way`, `relation`) and number."""
    newest: str
    """When the latest edit in it was made, ISO 8601."""
    notes: Counter[str] = field(default_factory=Counter)
    """What was left out or mended, and how often."""


@dataclass
class _Raw:
    """The elements as they are in the file, nodes already in metres."""

    where: dict[int, tuple[float, float]] = field(default_factory=dict)
    ways: dict[int, list[int]] = field(default_factory=dict)
    members: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    tagged: dict[tuple[str, int], dict[str, str]] = field(default_factory=dict)
    newest: str = ""


def place() -> Place:
    """The origin amid the area on a round 100 m; heights count from the local ground."""
    west, south, east, north = AREA
    x, y = _metres((west + east) / 2, (south + north) / 2)
    origin = (round(x, -2), round(y, -2), 0.0)
    longitude, latitude = _to_metres().transform(origin[0], origin[1], direction="INVERSE")
    return Place(CRS, origin, round(longitude, 7), round(latitude, 7), "Europe/Helsinki", "ground")


def read(path: Path) -> Extract:
    """Everything tagged in the file; relations are assembled by osmium, ways by their nodes."""
    raw = _raw(path)
    held = osmium.io.Reader(str(path)).header().box()
    west, south = held.bottom_left.lon, held.bottom_left.lat
    east, north = held.top_right.lon, held.top_right.lat
    held_edge = _outline(west, south, east, north)
    area = _outline(max(west, AREA[0]), max(south, AREA[1]), min(east, AREA[2]), min(north, AREA[3]))
    notes: Counter[str] = Counter()
    points = [
        Feature(f"osm-node-{number}", tags, Point(raw.where[number]))
        for (kind, number), tags in raw.tagged.items()
        if kind == "node"
    ]
    lines, areas, coast = [], [], []
    for number, refs in raw.ways.items():
        tags = raw.tagged.get(("way", number), {})
        runs = edge.runs(refs, raw.where)
        if not tags or not runs:
            continue
        if tags.get("natural") == "coastline":
            coast.append(runs)
        parts = [LineString(run) for run in runs if len(run) > 1]
        if parts:
            shape = parts[0] if len(parts) == 1 else MultiLineString(parts)
            lines.append(Feature(f"osm-way-{number}", tags, shape))
        if refs[0] == refs[-1] and len(refs) > 3:
            closed = edge.closed(refs, raw.where, held_edge, _is_building(tags), notes)
            if closed is not None:
                cut = any(ref not in raw.where for ref in refs)
                areas.append(Feature(f"osm-way-{number}", tags, closed, cut))
    areas += _relations(path, raw, held_edge, notes)
    return Extract(points, lines, areas, coast, held_edge, area, raw.tagged, raw.newest, notes)


def _raw(path: Path) -> _Raw:
    raw = _Raw()
    for element in osmium.FileProcessor(str(path)):
        tags = {tag.k: tag.v for tag in element.tags}
        if isinstance(element, osmium.osm.Node):
            kind = "node"
            raw.where[element.id] = _metres(element.location.lon, element.location.lat)
        elif isinstance(element, osmium.osm.Way):
            kind = "way"
            raw.ways[element.id] = [node.ref for node in element.nodes]
        elif isinstance(element, osmium.osm.Relation):
            kind = "relation"
            if tags.get("type") not in ("multipolygon", "building"):
                continue
            raw.members[element.id] = [(m.ref, m.role) for m in element.members if m.type == "w"]
        else:
            continue
        raw.newest = max(raw.newest, element.timestamp.isoformat())
        if tags:
            raw.tagged[kind, element.id] = tags
    return raw


def _relations(path: Path, raw: _Raw, held: Polygon, notes: Counter[str]) -> list[Feature]:
    """What osmium can assemble, and what is left of those whose ways leave the extract."""
    found: dict[int, tuple[BaseGeometry, bool]] = {}
    for element in osmium.FileProcessor(str(path)).with_areas():
        if not isinstance(element, osmium.osm.Area) or element.from_way():
            continue
        polygons = []
        for outer in element.outer_rings():
            holes = [[_metres(n.lon, n.lat) for n in ring] for ring in element.inner_rings(outer)]
            polygons.append(Polygon([_metres(n.lon, n.lat) for n in outer], holes))
        shape = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
        found[element.orig_id()] = (edge.valid(shape), False)
    for number in sorted(raw.members.keys() - found.keys()):
        building = _is_building(raw.tagged["relation", number])
        rings: dict[str, list[BaseGeometry]] = {"outer": [], "inner": []}
        for ref, role in raw.members[number]:
            refs = raw.ways.get(ref, [])
            if role in rings and refs and refs[0] == refs[-1]:
                ring = edge.closed(refs, raw.where, held, building, Counter())
                rings[role] += [] if ring is None else [ring]
        if not rings["outer"]:
            notes[edge.lost(building)] += 1
            continue
        whole = shapely.difference(shapely.union_all(rings["outer"]), shapely.union_all(rings["inner"]))
        found[number] = (edge.valid(whole), True)
        notes[edge.mended(building)] += 1
    return [
        Feature(f"osm-relation-{number}", raw.tagged["relation", number], shape, cut)
        for number, (shape, cut) in sorted(found.items())
        if not shape.is_empty
    ]


def _outline(west: float, south: float, east: float, north: float) -> Polygon:
    return Polygon([_metres(*corner) for corner in list(box(west, south, east, north).exterior.coords)[:-1]])


def _metres(longitude: float, latitude: float) -> tuple[float, float]:
    x, y = _to_metres().transform(longitude, latitude)
    return round(x, 3), round(y, 3)


@cache
def _to_metres() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", CRS, always_xy=True)


def _is_building(tags: dict[str, str]) -> bool:
    return "building" in tags or "building:part" in tags
