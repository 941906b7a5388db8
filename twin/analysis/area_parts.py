"""Puts a station area together: cuts cities to it, lets buildings of one file give way to another's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from twin.analysis import measured_heights
from twin.analysis.osm_heights import metres
from twin.analysis.osm_thing import is_building, is_canopy
from twin.model import city as cities
from twin.model import table
from twin.model.city import City
from twin.model.layer import Layer
from twin.model.osm import HEIGHT, Extract, Feature, LayerRows, Row
from twin.model.place import Place
from twin.model.points import PointCloud
from twin.model.raster import Raster
from twin.model.timetable import Timetable

COVERED = 0.1
"""A footprint of which another building covers more than this is already built."""
SAME_STOP = 60.0
"""A stop on the map this near to one of the timetable is the same. [m]"""


def nothing(area: Polygon, around: float) -> Extract:
    """An extract that holds nothing, to which other files are added."""
    return Extract([], [], [], [], Polygon(area.buffer(around).exterior.coords), area, {}, "")


def joined(extract: Extract, found: Sequence[Feature]) -> Extract:
    """The extract with more features, which have the tags of OpenStreetMap."""
    points = [f for f in found if f.geometry.geom_type == "Point"]
    lines = [f for f in found if f.geometry.geom_type in ("LineString", "MultiLineString")]
    areas = [f for f in found if f.geometry.geom_type in ("Polygon", "MultiPolygon")]
    return replace(
        extract,
        nodes=[*extract.nodes, *points],
        ways=[*extract.ways, *lines],
        areas=[*extract.areas, *areas],
    )


def part(layer: Layer, area: Polygon, place: Place) -> Layer:
    """The features of a layer that reach into the area, whole."""
    chosen = np.flatnonzero(shapely.intersects(layer.geometry, _local(area, place)))
    return replace(layer, geometry=layer.geometry[chosen], table=table.take(layer.table, chosen))


def within(city: City, area: Polygon, place: Place) -> City:
    """The objects of a city that reach into the area, with their parts."""
    local = _local(area, place)
    shapely.prepare(local)
    inside = shapely.contains_xy(local, city.vertices[:, 0], city.vertices[:, 1])
    reached = np.zeros(len(city.object_id), dtype=bool)
    reached[_owners(city)[inside]] = True
    return cities.without(city, ~reached[cities.roots(city)])


def with_buildings(
    extract: Extract, models: City, footprints: Sequence[Feature], place: Place, notes: Counter[str]
) -> Extract:
    """The extract with footprints in place of its own buildings, and neither where a city model has one."""
    taken: list[BaseGeometry] = []
    if len(models.object_id):
        owner = _owners(models)
        order = np.argsort(owner, kind="stable")
        starts = np.flatnonzero(np.diff(owner[order])) + 1
        national = models.vertices[:, :2] + np.array(place.origin[:2])
        taken = [shapely.MultiPoint(corners).convex_hull for corners in np.split(national[order], starts)]
    kept = _free(footprints, taken, "footprints left out: a city model has a building there", notes)
    taken += [f.geometry for f in kept]
    own = [f for f in extract.areas if is_building(f.tags)]
    rest = [f for f in extract.areas if not is_building(f.tags)]
    free = _free(own, taken, "buildings of the map left out: another file has one there", notes)
    return replace(extract, areas=[*rest, *free, *kept])


def with_heights(extract: Extract, place: Place, grid: Raster | None, cloud: PointCloud | None) -> Extract:
    """The extract with measured heights of the buildings that do not say theirs.

    grid: heights above the ground [m]; cloud: where it says nothing.
    """
    tree = None if cloud is None else shapely.STRtree([shapely.Point(xy) for xy in cloud.xyz[:, :2].tolist()])
    areas = []
    for feature in extract.areas:
        tags = feature.tags
        found = None
        if is_building(tags) and not is_canopy(tags) and metres(tags.get("height")) is None:
            local = _local(feature.geometry, place)
            if grid is not None:
                found = measured_heights.on_grid(local, grid), "nDSM, 90th percentile"
            if (found is None or found[0] is None) and cloud is not None and tree is not None:
                height = measured_heights.in_points(local, cloud.xyz, tree, cloud.classes)
                found = height, "point cloud, 90th percentile"
        if found is None or found[0] is None:
            areas.append(feature)
        else:
            measured = {"height": f"{found[0]:g}", HEIGHT: found[1]}
            areas.append(replace(feature, tags={**tags, **measured}))
    return replace(extract, areas=areas)


def contains(area: Polygon, east: NDArray[np.float64], north: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points lie in the area."""
    return np.asarray(shapely.contains_xy(area, east, north))


def with_stops(
    layers: Sequence[LayerRows], found: Timetable, points: NDArray[np.float64], notes: Counter[str]
) -> list[LayerRows]:
    """The layers with the stops of a timetable in place of those of the map.

    points: where the stops of the timetable are, (n, 2), in the CRS of the layers. [m]
    """
    stops: list[Row] = []
    for i, name in enumerate(found.ids):
        hours = found.departures[i]
        running = int((hours > 0).sum())
        attributes = {
            "name": found.names[i],
            "kind": found.kinds[i] or "bus",
            "departures": int(hours.sum()),
            "departures_per_hour": round(float(hours.sum()) / running, 1) if running else 0.0,
            "busiest_hour": int(hours.argmax()) if running else None,
            "departures_in_busiest_hour": int(hours.max()),
            "counted_on": found.day.isoformat(),
            "wheelchair": found.wheelchair[i] or None,
            **{f"departures_{hour:02}": int(count) for hour, count in enumerate(hours)},
        }
        stops.append((f"gtfs-{name}", shapely.Point(np.round(points[i], 3)), attributes))
    known = shapely.STRtree([shape for _, shape, _ in stops])
    mapped = [row for layer in layers if layer.name == "stops" for row in layer.rows]
    kept = [row for row in mapped if not len(known.query(row[1], "dwithin", distance=SAME_STOP))]
    notes["stops of the map left out: the timetable has them"] += len(mapped) - len(kept)
    rest = [layer for layer in layers if layer.name != "stops"]
    return [*rest, LayerRows("stops", "Point", [*stops, *kept])] if stops or kept else rest


def _free(
    features: Sequence[Feature], taken: Sequence[BaseGeometry], note: str, notes: Counter[str]
) -> list[Feature]:
    if not taken:
        return list(features)
    tree = shapely.STRtree(taken)
    found = []
    for feature in features:
        near = [taken[i] for i in tree.query(feature.geometry, "intersects")]
        share = feature.geometry.intersection(shapely.union_all(near)).area if near else 0.0
        if share > COVERED * feature.geometry.area:
            notes[note] += 1
        else:
            found.append(feature)
    return found


def _owners(city: City) -> NDArray[np.int32]:
    """The whole object that each vertex belongs to."""
    surfaces = np.repeat(city.ring_surface, np.diff(city.ring_starts))
    return cities.roots(city)[city.surface_object[surfaces]]


def _local(shape: BaseGeometry, place: Place) -> BaseGeometry:
    return shapely.transform(shape, lambda xy: xy - np.array(place.origin[:2]))
