"""Makes a station area out of open data: gathers what the files hold, and writes it as a project."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from twin.analysis import measured_heights, osm_buildings, osm_layers, osm_solids
from twin.analysis.osm_heights import metres
from twin.analysis.osm_thing import is_building, is_canopy
from twin.errors import DataError, TwinError
from twin.formats import area_sources, area_write, cache, geotiff, gtfs, las, osm, vector
from twin.formats.area_crs import circle, place_for
from twin.formats.crs_area import from_degrees
from twin.formats.georeference import ground_level
from twin.formats.sources import kind_of
from twin.model import city as city_
from twin.model import table
from twin.model.city import City
from twin.model.layer import Layer
from twin.model.osm import ATTRIBUTION, Extract, Feature, LayerRows, Row
from twin.model.place import Place
from twin.model.station_area import Gathered, Wanted

Progress = Callable[[float, str], None]
"""Called with a share (0-1) and what is being done; may raise to give up."""
AROUND = 400.0
"""What lies so far around the area is looked at, for buildings that reach into it. [m]"""
COVERED = 0.1
"""A footprint of which a city model covers more than this is already built."""
SAME_STOP = 60.0
"""A stop on the map this near to one of the timetable is the same. [m]"""
HEIGHT = "height: "
OFF = "a city model has a building there"


def quiet(_share: float, _doing: str) -> None:
    """Progress that nobody follows."""


def gather(wanted: Wanted, progress: Progress = quiet) -> Gathered:
    """Everything the files hold of the area, clipped, in one CRS. Raises TwinError and DataError."""
    begun = time.perf_counter()
    if not area_write.files_of(Gathered(wanted, _NOWHERE, Polygon(), _NOTHING, ())):
        raise TwinError("Nothing to make an area of. Give at least one file, as --osm FILE.osm.pbf.")
    place, why = place_for(wanted.latitude, wanted.longitude, wanted.crs)
    area = circle(place, wanted.latitude, wanted.longitude, wanted.radius)
    notes: Counter[str] = Counter()
    credits: dict[str, str] = {}
    progress(0.0, "city model")
    place = _levelled(wanted, place, area, progress)
    progress(0.0, "map")
    extract = _extract(wanted, place, area, notes, progress)
    if wanted.osm is not None:
        credits["osm"] = ATTRIBUTION
    extract, layers = _vectors(wanted, place, extract, credits, notes)
    progress(0.4, "buildings")
    models, footprints = _buildings(wanted, place, area, notes, progress)
    if wanted.buildings:
        owners = dict.fromkeys(area_write.credit(path, wanted.credits) for path in wanted.buildings)
        credits["buildings"] = " · ".join(owners)
    extract = _with_buildings(extract, models, footprints, place, notes)
    extract = _measured(wanted, place, extract, area, notes)
    progress(0.6, "buildings")
    things = osm_solids.things(extract, notes)
    made = osm_buildings.city(things, place, notes)
    said = [name for name in notes if name.startswith(HEIGHT)]
    heights = Counter({name.removeprefix(HEIGHT): notes.pop(name) for name in said})
    city = made
    if len(models.object_id):
        heights["city model"] += int((models.object_parent < 0).sum())
        city = city_.concatenate(models, made)
    progress(0.75, "layers")
    rows = osm_layers.layers(extract, things, notes)
    day = extract.newest[:10]
    on = ""
    if wanted.gtfs is not None:
        progress(0.85, "timetable")
        rows, on, publisher = _timetable(wanted, wanted.gtfs, area, place, rows, notes, progress)
        owner = wanted.credits.get(wanted.gtfs.name, "")
        credits["stops"] = owner or f"{publisher or wanted.gtfs.name} (GTFS): licence not stated"
        day = max(day, on)
    progress(1.0, "done")
    return Gathered(
        wanted=wanted,
        place=place,
        area=extract.area,
        city=city,
        rows=rows,
        layers=layers,
        chosen_by=why,
        height_sources=dict(heights),
        departures_on=on,
        day=day or "1970-01-01",
        credits=credits,
        notes=notes,
        seconds=time.perf_counter() - begun,
    )


def make(wanted: Wanted, out: Path, *, overwrite: bool = False, progress: Progress = quiet) -> Gathered:
    """Gather and write; what was gathered. Raises TwinError and DataError."""
    area_write.check(out, replace=overwrite)
    gathered = gather(wanted, lambda share, doing: progress(0.8 * share, doing))
    area_write.write(
        gathered, out, replace=overwrite, progress=lambda share: progress(0.8 + 0.2 * share, "files")
    )
    return gathered


_NOWHERE = Place("", (0.0, 0.0, 0.0), 0.0, 0.0)
_NOTHING = city_.empty(_NOWHERE)


def _extract(wanted: Wanted, place: Place, area: Polygon, notes: Counter[str], progress: Progress) -> Extract:
    if wanted.osm is None:
        held = area.buffer(AROUND)
        return Extract([], [], [], [], Polygon(held.exterior.coords), area, {}, "")
    _check_order(wanted, wanted.osm)
    found = osm.read(
        wanted.osm,
        place.crs,
        area,
        around=AROUND,
        progress=lambda share: progress(0.3 * share, "map"),
    )
    if found.area.area < 0.99 * area.area:
        share = 1 - found.area.area / area.area
        notes[f"{wanted.osm.name} does not reach over {share:.0%} of the area"] += 1
    notes.update(found.notes)
    return found


def _check_order(wanted: Wanted, path: Path) -> None:
    """Raises TwinError where the extract holds the centre only with latitude and longitude swapped."""
    held = osm.held_by(path) if path.is_file() else None
    if held is None:
        return
    west, south, east, north = held
    inside = west <= wanted.longitude <= east and south <= wanted.latitude <= north
    swapped = west <= wanted.latitude <= east and south <= wanted.longitude <= north
    if swapped and not inside:
        raise TwinError(
            f"{path.name} holds the centre only with its axes swapped. Latitude comes first: "
            f"{wanted.longitude:g},{wanted.latitude:g}."
        )


def _vectors(
    wanted: Wanted, place: Place, extract: Extract, credits: dict[str, str], notes: Counter[str]
) -> tuple[Extract, list[Layer]]:
    """The extract with what speaks its language, and all other layers, clipped."""
    layers: list[Layer] = []
    for path in wanted.lamps:
        nodes = area_sources.lamps(path, place, notes)
        extract = replace(extract, nodes=[*extract.nodes, *nodes])
        credits["lamps"] = area_write.credit(path, wanted.credits)
    local = shapely.transform(extract.area, lambda xy: xy - np.array(place.origin[:2]))
    for path in wanted.vectors:
        found = area_sources.features(path, place, Counter())
        if area_sources.speaks_osm(found):
            area_sources.features(path, place, notes)
            extract = _joined(extract, found)
            for name in ("streets", "footways", "cycleways", "steps"):
                credits.setdefault(name, area_write.credit(path, wanted.credits))
            continue
        names = vector.names_of(path)
        for name in names:
            layer = area_sources.read(path, name, place, notes)
            chosen = np.flatnonzero(shapely.intersects(layer.geometry, local))
            if not len(chosen):
                notes[f"{path.name}: layers without anything in the area"] += 1
                continue
            layers.append(
                _part(layer, chosen, path, f"{layer.id}-{name}" if len(names) > 1 else layer.id, wanted)
            )
    return extract, layers


def _part(layer: Layer, chosen: NDArray[np.intp], path: Path, name: str, wanted: Wanted) -> Layer:
    return replace(
        layer,
        id=name,
        geometry=layer.geometry[chosen],
        table=table.take(layer.table, chosen),
        source=area_write.credit(path, wanted.credits),
    )


def _joined(extract: Extract, found: Sequence[Feature]) -> Extract:
    points = [f for f in found if f.geometry.geom_type == "Point"]
    lines = [f for f in found if f.geometry.geom_type in ("LineString", "MultiLineString")]
    areas = [f for f in found if f.geometry.geom_type in ("Polygon", "MultiPolygon")]
    return replace(
        extract,
        nodes=[*extract.nodes, *points],
        ways=[*extract.ways, *lines],
        areas=[*extract.areas, *areas],
    )


def _buildings(
    wanted: Wanted, place: Place, area: Polygon, notes: Counter[str], progress: Progress
) -> tuple[City, list[Feature]]:
    """What city models hold of the area, and footprints."""
    city, footprints = city_.empty(place), []
    for path in wanted.buildings:
        if kind_of(path) == "vector":
            footprints += area_sources.features(path, place, notes, footprints=True)
            continue
        if kind_of(path) != "city":
            raise DataError(path, "", "holds no buildings", "Give a city model or footprints.")
        found, report = cache.city(path, place, lambda share: progress(0.4 + 0.2 * share, "buildings"))
        for notice in report.notices:
            notes[f"{path.name}: {notice}"] += 1
        for item in report.skipped:
            notes[f"{path.name}: {item.what} left out: {item.why}"] += item.count
        part = _within(found, area, place)
        notes[f"{path.name}: objects outside the area"] += len(found.object_id) - len(part.object_id)
        if len(part.object_id):
            city = city_.concatenate(city, part) if len(city.object_id) else part
    return city, footprints


def _levelled(wanted: Wanted, place: Place, area: Polygon, progress: Progress) -> Place:
    """The place with its origin on the ground of the city models, where no terrain says how high that is."""
    if wanted.dem is not None:
        return replace(place, height_system="")
    found = []
    for path in wanted.buildings:
        if kind_of(path) == "city":
            city, _ = cache.city(path, place, lambda _share: progress(0.0, "city model"))
            found.append(_within(city, area, place).vertices[:, 2])
    heights = np.concatenate(found) if found else np.zeros(0)
    level = ground_level(heights)
    if not len(heights):
        return place
    return replace(place, origin=(*place.origin[:2], level), height_system="")


def _within(city: City, area: Polygon, place: Place) -> City:
    """The objects of a city that reach into the area, with their parts."""
    local = shapely.transform(area, lambda xy: xy - np.array(place.origin[:2]))
    shapely.prepare(local)
    owner = _owners(city)
    inside = shapely.contains_xy(local, city.vertices[:, 0], city.vertices[:, 1])
    reached = np.zeros(len(city.object_id), dtype=bool)
    reached[owner[inside]] = True
    return city_.without(city, ~reached[city_.roots(city)])


def _owners(city: City) -> NDArray[np.int32]:
    """The whole object that each vertex belongs to."""
    surfaces = np.repeat(city.ring_surface, np.diff(city.ring_starts))
    return city_.roots(city)[city.surface_object[surfaces]]


def _with_buildings(
    extract: Extract, models: City, footprints: Sequence[Feature], place: Place, notes: Counter[str]
) -> Extract:
    """The extract with footprints in place of its own buildings, and neither where a city model has one."""
    taken: list[BaseGeometry] = []
    if len(models.object_id):
        owner = city_.roots(models)[
            models.surface_object[np.repeat(models.ring_surface, np.diff(models.ring_starts))]
        ]
        order = np.argsort(owner, kind="stable")
        starts = np.flatnonzero(np.diff(owner[order])) + 1
        national = models.vertices[:, :2] + np.array(place.origin[:2])
        taken = [shapely.MultiPoint(part).convex_hull for part in np.split(national[order], starts)]
    kept = _free(footprints, taken, f"footprints left out: {OFF}", notes)
    taken += [f.geometry for f in kept]
    own = [f for f in extract.areas if is_building(f.tags)]
    rest = [f for f in extract.areas if not is_building(f.tags)]
    free = _free(own, taken, "buildings of the map left out: another file has one there", notes)
    return replace(extract, areas=[*rest, *free, *kept])


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


def _measured(wanted: Wanted, place: Place, extract: Extract, area: Polygon, notes: Counter[str]) -> Extract:
    """The extract with measured heights of buildings that do not say theirs."""
    if wanted.ndsm is None and wanted.points is None:
        return extract
    west, south, east, north = area.buffer(AROUND).bounds
    x, y = place.origin[:2]
    grid = cloud = tree = None
    if wanted.ndsm is not None:
        bounds = (west - x, south - y, east - x, north - y)
        grid, told = geotiff.read_raster(
            wanted.ndsm, id="ndsm", title=wanted.ndsm.name, place=place, bounds=bounds
        )
        notes.update(told)
    if wanted.points is not None:
        cloud, _, _ = las.read(wanted.points, id="points", title=wanted.points.name, place=place)
        tree = shapely.STRtree(shapely.points(cloud.xyz[:, :2]))
    areas = []
    for feature in extract.areas:
        height, source = None, ""
        known = metres(feature.tags.get("height")) is not None
        if is_building(feature.tags) and not is_canopy(feature.tags) and not known:
            local = shapely.transform(feature.geometry, lambda xy: xy - np.array((x, y)))
            if grid is not None:
                height, source = measured_heights.on_grid(local, grid), "nDSM, 90th percentile"
            if height is None and cloud is not None and tree is not None:
                height = measured_heights.in_points(local, cloud.xyz, tree, cloud.classes)
                source = "point cloud, 90th percentile"
        if height is None:
            areas.append(feature)
        else:
            tags = {**feature.tags, "height": f"{height:g}", area_sources.HEIGHT: source}
            areas.append(replace(feature, tags=tags))
    return replace(extract, areas=areas)


def _timetable(
    wanted: Wanted,
    path: Path,
    area: Polygon,
    place: Place,
    rows: Sequence[LayerRows],
    notes: Counter[str],
    progress: Progress,
) -> tuple[list[LayerRows], str, str]:
    """The layers with the stops of a timetable, the day, and who publishes it."""
    there = from_degrees(place.crs)

    def near(lonlat: NDArray[np.float64]) -> NDArray[np.bool_]:
        east, north = there.transform(lonlat[:, 0], lonlat[:, 1])
        return np.asarray(shapely.contains_xy(area, east, north))

    found = gtfs.read(
        path,
        weekday=wanted.weekday,
        near=near,
        progress=lambda share: progress(0.85 + 0.1 * share, "timetable"),
    )
    for reason, count in found.bad.items():
        notes[f"{path.name}: rows left out, {reason}"] += count
    stops: list[Row] = []
    points = np.round(np.column_stack(there.transform(*found.lonlat.T)), 3) if len(found.ids) else []
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
        stops.append((f"gtfs-{name}", shapely.Point(points[i]), attributes))
    known = shapely.STRtree([shape for _, shape, _ in stops])
    layers = []
    for layer in rows:
        if layer.name == "stops":
            kept = [row for row in layer.rows if not len(known.query(row[1], "dwithin", distance=SAME_STOP))]
            notes["stops of the map left out: the timetable has them"] += len(layer.rows) - len(kept)
            stops += kept
        else:
            layers.append(layer)
    if stops:
        layers.append(LayerRows("stops", "Point", stops))
    return layers, found.day.isoformat(), found.publisher
