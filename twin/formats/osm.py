"""Reads an OpenStreetMap extract: tagged points, lines and areas in metres."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from shapely import LineString, MultiLineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from twin.errors import DataError
from twin.formats.crs_area import from_degrees
from twin.model import map_edge as edge
from twin.model.osm import Extract, Feature

SUFFIXES = (".pbf", ".osm", ".osm.bz2", ".osm.gz")
SLACK = 0.001
"""So much of an area, as a share, may lie outside the extract without being cut: the sides of a box bend."""
EACH = 20_000
"""Elements between two looks at whether the work is still wanted."""
ASSEMBLED = ("multipolygon", "building")
"""Types of relations that are areas."""

Box = tuple[float, float, float, float]
"""West, south, east, north. [deg]"""


@dataclass
class _Raw:
    """The elements as they are in the file, nodes already in metres."""

    crs: str
    wanted: Box | None
    where: dict[int, tuple[float, float]] = field(default_factory=dict)
    ways: dict[int, list[int]] = field(default_factory=dict)
    members: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    tagged: dict[tuple[str, int], dict[str, str]] = field(default_factory=dict)
    newest: str = ""


def read(
    path: Path,
    crs: str,
    area: Polygon,
    *,
    around: float | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> Extract:
    """Everything tagged in the file; relations are assembled by osmium, ways by their nodes.

    crs: a projected `EPSG:code`. area: the station area in it. [m]
    around: only what reaches so near to the area is taken, which of a large file is little; None: all. [m]
    Raises DataError: no such file, no OpenStreetMap data, or none of the area in it.
    """
    held = held_by(path)
    wanted = None if around is None else _degrees(area.buffer(around), crs)
    with reading(path):
        raw = _raw(path, crs, wanted, progress)
        progress(0.6)
        held_edge = outline(crs, *(held or wanted or _spread(raw)))
        inside = area if area.difference(held_edge).area < SLACK * area.area else area.intersection(held_edge)
        if inside.is_empty or not isinstance(inside, Polygon):
            remedy = "Choose an extract that covers the centre, or another centre (latitude first)."
            raise DataError(path, "", "holds nothing of the area", remedy)
        return _extract(path, raw, held_edge, inside, progress)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turns what osmium gives up on into a DataError."""
    try:
        yield
    except RuntimeError as error:  # osmium's own are RuntimeErrors
        remedy = "Take an OpenStreetMap extract, as *.osm.pbf."
        raise DataError(path, "", f"cannot be read: {error}", remedy) from error


def held_by(path: Path) -> Box | None:
    """The box that an extract says it holds; None where it does not say. Raises DataError."""
    import osmium

    check(path)
    with reading(path):
        found = osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING).header().box()
    if not found.valid():
        return None
    low, high = found.bottom_left, found.top_right
    return low.lon, low.lat, high.lon, high.lat


def outline(crs: str, west: float, south: float, east: float, north: float) -> Polygon:
    """A box in degrees as a polygon of four corners. [m]"""
    corners = list(box(west, south, east, north).exterior.coords)[:-1]
    return Polygon([_metres(crs, *corner) for corner in corners])


def check(path: Path) -> None:
    """Raises DataError for what is no extract by its name."""
    if not path.is_file() or str(path).startswith("/vsi"):
        raise DataError(path, "", "is missing or no plain file", "Choose another file.")
    if not path.name.lower().endswith(SUFFIXES):
        remedy = f"Choose a file ending in {', '.join(SUFFIXES)}."
        raise DataError(path, "", "is no OpenStreetMap extract", remedy)


def _extract(
    path: Path, raw: _Raw, held: Polygon, area: Polygon, progress: Callable[[float], None]
) -> Extract:
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
            closed = edge.closed(refs, raw.where, held, _is_building(tags), notes)
            if closed is not None:
                cut = any(ref not in raw.where for ref in refs)
                areas.append(Feature(f"osm-way-{number}", tags, closed, cut))
    progress(0.7)
    areas += _relations(path, raw, held, notes)
    progress(1.0)
    return Extract(points, lines, areas, coast, held, area, raw.tagged, raw.newest, notes)


def _raw(path: Path, crs: str, wanted: Box | None, progress: Callable[[float], None]) -> _Raw:
    """What is tagged, with the nodes it needs: osmium keeps the places of all others."""
    import osmium

    raw = _Raw(crs, wanted)
    tagged_nodes = osmium.filter.EmptyTagFilter()
    tagged_nodes.enable_for(osmium.osm.NODE)
    for count, element in enumerate(
        osmium.FileProcessor(str(path)).with_locations().with_filter(tagged_nodes)
    ):
        if count % EACH == 0:
            progress(0.5 * count / (count + 20 * EACH))
        tags = {tag.k: tag.v for tag in element.tags}
        if isinstance(element, osmium.osm.Node):
            kind, taken = "node", _take_node(raw, element)
        elif isinstance(element, osmium.osm.Way):
            kind, taken = "way", _take_way(raw, element)
        elif isinstance(element, osmium.osm.Relation):
            kind, taken = "relation", _take_relation(raw, element, tags)
        else:
            continue
        if not taken:
            continue
        raw.newest = max(raw.newest, element.timestamp.isoformat())
        if tags:
            raw.tagged[kind, element.id] = tags
    return raw


def _take_node(raw: _Raw, node: Any) -> bool:
    place = node.location
    if not place.valid() or not _near([(place.lon, place.lat)], raw.wanted):
        return False
    raw.where[node.id] = _metres(raw.crs, place.lon, place.lat)
    return True


def _take_way(raw: _Raw, way: Any) -> bool:
    known = [(node.ref, node.location) for node in way.nodes]
    places = {ref: (place.lon, place.lat) for ref, place in known if place.valid()}
    if raw.wanted is not None and not _near(places.values(), raw.wanted):
        return False
    raw.ways[way.id] = [ref for ref, _ in known]
    for ref, lonlat in places.items():
        if ref not in raw.where:
            raw.where[ref] = _metres(raw.crs, *lonlat)
    return True


def _take_relation(raw: _Raw, relation: Any, tags: dict[str, str]) -> bool:
    if tags.get("type") not in ASSEMBLED:
        return False
    members = [(m.ref, m.role) for m in relation.members if m.type == "w"]
    if raw.wanted is not None and not any(ref in raw.ways for ref, _ in members):
        return False
    raw.members[relation.id] = members
    return True


def _near(places: Iterable[tuple[float, float]], wanted: Box | None) -> bool:
    """Whether the box around some places meets the wanted one."""
    if wanted is None:
        return True
    found = list(places)
    if not found:
        return False
    east, north = zip(*found, strict=True)
    across = bool(min(east) <= wanted[2] and max(east) >= wanted[0])
    return across and bool(min(north) <= wanted[3] and max(north) >= wanted[1])


def _relations(path: Path, raw: _Raw, held: Polygon, notes: Counter[str]) -> list[Feature]:
    """What osmium can assemble, and what is left of those whose ways leave the extract."""
    import osmium

    found: dict[int, tuple[BaseGeometry, bool]] = {}
    filters = [] if raw.wanted is None else [osmium.filter.IdFilter(list(raw.members))]
    for element in osmium.FileProcessor(str(path)).with_areas(*filters) if raw.members else ():
        if not isinstance(element, osmium.osm.Area) or element.from_way():
            continue
        if element.orig_id() not in raw.members:
            continue
        polygons = []
        for outer in element.outer_rings():
            holes = [[_metres(raw.crs, n.lon, n.lat) for n in ring] for ring in element.inner_rings(outer)]
            polygons.append(Polygon([_metres(raw.crs, n.lon, n.lat) for n in outer], holes))
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


def _spread(raw: _Raw) -> Box:
    """The box around all nodes of an extract that does not say what it holds."""
    if not raw.where:
        return 0.0, 0.0, 0.0, 0.0
    whole = shapely.MultiPoint(list(raw.where.values()))
    return _degrees(whole.envelope, raw.crs)


def _degrees(shape: BaseGeometry, crs: str) -> Box:
    west, south, east, north = from_degrees(crs).transform_bounds(
        *shape.bounds, direction="INVERSE", densify_pts=11
    )
    return west, south, east, north


def _metres(crs: str, longitude: float, latitude: float) -> tuple[float, float]:
    x, y = from_degrees(crs).transform(longitude, latitude)
    return round(x, 3), round(y, 3)


def _is_building(tags: dict[str, str]) -> bool:
    return "building" in tags or "building:part" in tags
