"""Picks the layers around the buildings: ground, ways, rails, stops, street furniture, trees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from twin.analysis import osm_columns as columns
from twin.analysis import osm_points as points
from twin.analysis import osm_water as water
from twin.analysis.osm_thing import Thing, is_building, underground
from twin.model.osm import Extract, Feature, LayerRows, Row, RowValue

Attributes = Callable[[dict[str, str]], Mapping[str, RowValue]]

STREETS = (
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "residential",
    "unclassified",
    "living_street",
    "service",
    "pedestrian",
    "busway",
    "track",
    "road",
)
FOOTWAYS = ("footway", "path", "corridor", "bridleway")
RAILS = ("rail", "light_rail", "narrow_gauge", "preserved", "funicular")
SEEN = (
    *("highway", "railway", "aeroway", "waterway", "barrier", "power", "man_made", "natural", "leisure"),
    *("landuse", "amenity", "public_transport", "historic", "tourism"),
)
"""Keys of what one sees when one stands there: it is told what of it no layer draws."""
UNSEEN = ("coastline", "give_way", "stop", "stop_position", "switch", "survey_point", "railway_crossing")
"""Values that say how things are used; the sea is drawn instead of its coast."""
NAMED = 3
"""Values that are named of what is left out."""
PLATFORM_WIDTH = 3.0
"""Of a platform that is mapped as a line, an assumption. [m]"""


def layers(
    extract: Extract, things: Sequence[Thing], notes: Counter[str], *, sea: str = ""
) -> list[LayerRows]:
    """All layers, clipped to the area, in the order in which they are drawn.

    sea: what the water beyond a coastline is called.
    """
    below: list[Row] = []
    ground = [
        LayerRows("parks", "Polygon", _areas(_green(extract), extract, columns.park, notes)),
        LayerRows("railway_land", "Polygon", _areas(_railway_land(extract), extract, columns.name, notes)),
        LayerRows("water", "Polygon", _areas(water.areas(extract, sea), extract, columns.water, notes)),
        LayerRows("squares", "Polygon", _areas(_squares(extract), extract, columns.square, notes)),
    ]
    lines = [
        _lines(extract, "streets", "highway", STREETS, columns.street, below),
        _lines(extract, "footways", "highway", FOOTWAYS, columns.footway, below),
        _lines(extract, "cycleways", "highway", ("cycleway",), columns.footway, below),
        _lines(extract, "steps", "highway", ("steps",), columns.steps, below),
        _lines(extract, "rails", "railway", RAILS, columns.rail, below),
        _lines(extract, "tram", "railway", ("tram",), columns.rail, below),
        _lines(extract, "metro", "railway", ("subway",), columns.rail, below),
    ]
    platforms = LayerRows(
        "platforms", "Polygon", _areas(_platforms(extract), extract, columns.platform, notes)
    )
    standing = [
        LayerRows(name, "Point", points.inside(rows, extract))
        for name, rows in points.layers(extract, things, notes).items()
    ]
    under = LayerRows("underground", "LineString", sorted(below, key=lambda row: row[0]))
    # a metro in tunnels has no layer of its own
    found = [layer for layer in (*ground, *lines, platforms, *standing, under) if layer.rows]
    notes.update(_undrawn(extract, things, found))
    return found


def _undrawn(extract: Extract, things: Sequence[Thing], drawn: Sequence[LayerRows]) -> Counter[str]:
    """What of the area is in no layer and no building, by its key, with its commonest values."""
    known = {_whole(id) for layer in drawn for id, _, _ in layer.rows}
    known |= {thing.feature.id for whole in things for thing in (whole, *whole.parts)}
    others = {
        feature.id: feature
        for feature in (*extract.nodes, *extract.ways, *extract.areas)
        if feature.id not in known and not underground(feature.tags) and not is_building(feature.tags)
    }
    rest = list(others.values())
    inside = shapely.intersects(extract.area, [feature.geometry for feature in rest])
    values: dict[str, Counter[str]] = {}
    for feature in (rest[i] for i in inside.nonzero()[0]):
        key = next((key for key in SEEN if key in feature.tags), "")
        if key and feature.tags[key] not in UNSEEN:
            values.setdefault(key, Counter())[feature.tags[key]] += 1
    notes: Counter[str] = Counter()
    for key, count in values.items():
        names = ", ".join(value for value, _ in count.most_common(NAMED))
        more = " …" if len(count) > NAMED else ""
        notes[f"left out, no layer draws it: {key} ({names}{more})"] = count.total()
    return notes


def _whole(id: str) -> str:
    """The id of a feature of which a piece has this id."""
    return "-".join(id.split("-")[:3])


def _areas(features: Sequence[Feature], extract: Extract, say: Attributes, notes: Counter[str]) -> list[Row]:
    """Clipped polygons, the large ones first, so that the small ones are drawn over them."""
    rows: list[Row] = []
    for feature in features:
        if underground(feature.tags):
            notes["areas left out: under the ground"] += 1
            continue
        rows += _pieces(feature, extract.area, "Polygon", say(feature.tags))
    return sorted(rows, key=lambda row: (-round(row[1].area, 1), row[0]))


def _pieces(
    feature: Feature, area: BaseGeometry, shape: str, attributes: Mapping[str, RowValue]
) -> Iterator[Row]:
    """One row for each single piece inside the area; further pieces get a number after the id."""
    clipped = shapely.intersection(feature.geometry, area, grid_size=0.001)
    found = [p for p in shapely.get_parts(clipped) if p.geom_type == shape and max(p.area, p.length) > 0.5]
    for i, piece in enumerate(sorted(found, key=lambda p: p.bounds), start=1):
        yield feature.id if i == 1 else f"{feature.id}-{i}", shapely.normalize(piece), attributes


def _lines(
    extract: Extract, name: str, key: str, values: Sequence[str], say: Attributes, below: list[Row]
) -> LayerRows:
    """Ways by class; those under the ground go to `below`."""
    rows: list[Row] = []
    for feature in extract.ways:
        tags = feature.tags
        if tags.get(key) not in values or tags.get("area") == "yes" or tags.get("place") == "square":
            continue
        if underground(tags):
            attributes = {"layer": name, "level": tags.get("level"), "name": tags.get("name")}
            below += _line_pieces(feature, extract.area, {**attributes, "underground": 1})
        else:
            rows += _line_pieces(feature, extract.area, {**say(tags), "underground": 0})
    return LayerRows(name, "LineString", sorted(rows, key=lambda row: row[0]))


def _line_pieces(feature: Feature, area: BaseGeometry, attributes: Mapping[str, RowValue]) -> Iterator[Row]:
    clipped = shapely.intersection(feature.geometry, area)
    merged = shapely.line_merge(clipped) if clipped.geom_type == "MultiLineString" else clipped
    found = [p for p in shapely.get_parts(merged) if p.geom_type == "LineString" and p.length > 0.5]
    for i, piece in enumerate(found, start=1):
        yield feature.id if i == 1 else f"{feature.id}-{i}", piece, attributes


def _green(extract: Extract) -> list[Feature]:
    return [f for f in extract.areas if any(f.tags.get(key) == value for key, value in columns.GREEN)]


def _railway_land(extract: Extract) -> list[Feature]:
    return [f for f in extract.areas if f.tags.get("landuse") == "railway"]


def _squares(extract: Extract) -> list[Feature]:
    """Paved areas: closed ways tagged so, and relations, which cannot be anything else."""
    return [
        f
        for f in extract.areas
        if f.tags.get("place") == "square"
        or (
            f.tags.get("highway") in (*STREETS, "footway", "cycleway")
            and (f.tags.get("area") == "yes" or "relation" in f.id)
        )
    ]


def _platforms(extract: Extract) -> list[Feature]:
    """Platforms as areas; those mapped as a line get a width."""
    areas = {f.id: f for f in extract.areas if _is_platform(f.tags)}
    drawn = shapely.union_all([f.geometry for f in areas.values()])
    for feature in extract.ways:
        if feature.id in areas or not _is_platform(feature.tags):
            continue
        strip = feature.geometry.buffer(PLATFORM_WIDTH / 2, cap_style="flat", join_style="mitre")
        if strip.intersection(drawn).area < 0.5 * strip.area:
            tags = {**feature.tags, "width_source": f"default of {PLATFORM_WIDTH} m"}
            areas[feature.id] = Feature(feature.id, tags, strip)
    return list(areas.values())


def _is_platform(tags: dict[str, str]) -> bool:
    return "platform" in (tags.get("railway"), tags.get("public_transport"), tags.get("highway"))
