"""Looks at a file before it is added: what it is, where it lies, how much it holds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from twin.errors import CrsError, DataError
from twin.formats import cache, sources
from twin.formats.crs_area import suggestions
from twin.formats.model_suffixes import CLOUDS, MODEL_SUFFIXES
from twin.formats.read import kind_of
from twin.formats.report import Report, is_looks
from twin.model.place import Place
from twin.model.placement import NOWHERE, Placement

Progress = Callable[[float], None]
VECTORS = {
    ".gpkg": "GeoPackage",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".shp": "Shapefile",
    ".fgb": "FlatGeobuf",
    ".kml": "KML",
    ".kmz": "KML",
    ".csv": "CSV",
    ".tsv": "CSV",
    ".parquet": "GeoParquet",
    ".geoparquet": "GeoParquet",
    ".pbf": "OpenStreetMap",
    ".osm": "OpenStreetMap",
    ".zip": "GTFS",
}
"""Formats of layers by the ending of the file."""
RASTERS = {"GTiff": "GeoTIFF", "AAIGrid": "ASCII grid", "PNG": "PNG", "JPEG": "JPEG", "netCDF": "netCDF"}
"""Formats of rasters by the driver that reads them."""
DEGREES = 4326
GLANCE = 20_000
"""Points of a cloud that are enough to say where it lies."""


@dataclass(frozen=True, slots=True)
class Peek:
    """What a file holds, as far as can be said without adding it."""

    path: Path
    kind: str
    """city, points, vector, raster or scenarios."""
    format: str
    count: int
    unit: str
    """What is counted: objects, points, features, cells or edits."""
    crs: str = ""
    """As `EPSG:code`; empty: the file does not say it."""
    crs_source: str = ""
    """What decided it."""
    size: tuple[float, float] | None = None
    """From west to east and from south to north. [m]"""
    away: float | None = None
    """From the place it is added to. [m]"""
    left_out: int = 0
    """Things that would not be read, without looks."""
    suggested: tuple[str, ...] = ()
    """The CRSs that it may be in, where it does not say it."""
    placeless: bool = False
    """Of a kind that seldom says where it stands, and does not."""
    tall: float = 0.0
    """From its lowest point to its highest. [m]"""
    ground: bool | None = None
    """Whether its name says that it holds heights of the ground; None: it cannot."""


def peek(
    path: Path,
    *,
    place: Place | None = None,
    placement: Placement = NOWHERE,
    progress: Progress = lambda _: None,
) -> Peek:
    """What the file would give to a project at that place; None: to one of its own.

    What was read of a city model lies in the cache afterwards, so that adding it takes little more.
    `progress` is called with 0-1 and may raise to give up.
    A city model that does not say where it lies is counted as it is written.
    Raises DataError: cannot be read, is a project; CrsError: a cloud that does not say where it lies.
    """
    kind = kind_of(path)
    if kind == "project":
        raise DataError(path, "", "is a project", "Open it by itself.")
    progress(0.0)
    return _KINDS[kind](path, place, placement, progress)


def _city(path: Path, place: Place | None, placement: Placement, progress: Progress) -> Peek:
    crs = placement.crs if placement.at is None else ""
    suggested: tuple[str, ...] | None = None
    try:
        city, report = cache.city(path, place, progress, crs=crs, placement=placement)
    except CrsError as error:
        suggested = error.suggested
        city, report = cache.city(path, _nowhere(), progress, placement=placement)
    found = _reported(path, "city", report, city.place, place, sum(report.objects.values()), "objects")
    return found if suggested is None else replace(found, suggested=suggested)


def _points(path: Path, place: Place | None, placement: Placement, progress: Progress) -> Peek:
    from twin.formats import las

    crs = placement.crs if placement.at is None else ""
    cloud, found, report = las.read(
        path,
        id="peek",
        title="",
        place=place,
        crs=crs,
        placement=placement,
        most=GLANCE,
        progress=progress,
    )
    return _reported(path, "points", report, found, place, cloud.total, "points")


def _reported(
    path: Path, kind: str, report: Report, here: Place, given: Place | None, count: int, unit: str
) -> Peek:
    size, away, tall = None, None, 0.0
    placeless = not report.crs and path.suffix.lower() in (*MODEL_SUFFIXES, *CLOUDS)
    suggested: tuple[str, ...] = ()
    # points are thinned on purpose here, so that what is left out says nothing
    missed = (item.count for item in report.skipped if not is_looks(item.what))
    left_out = sum(missed) if kind == "city" else 0
    if report.extent is not None:
        west, south, low, right, top, high = report.extent
        tall = high - low
        size = (right - west, top - south)
        middle = (west + right) / 2, (south + top) / 2
        away = math.dist(middle, here.origin[:2]) if given is not None else None
        if not report.crs and not (
            placeless and given is None
        ):  # alone it was moved to a place of no meaning
            # what is not near the project is put at its origin as it is written
            moved = any("origin" in notice for notice in report.notices)
            east, north = (m - o * moved for m, o in zip(middle, here.origin[:2], strict=True))
            # a model of a few metres around zero is no place in degrees
            fits = [code for code in suggestions(east, north) if not (placeless and code == DEGREES)]
            suggested = tuple(f"EPSG:{code}" for code in fits)
    return Peek(
        path,
        kind,
        report.format,
        count,
        unit,
        report.crs,
        report.crs_source,
        size,
        away,
        left_out,
        suggested,
        placeless,
        tall,
    )


def _vector(path: Path, place: Place | None, _placement: Placement, _progress: Progress) -> Peek:
    from twin.formats import vector, vector_info

    names = vector.list_layers(path)
    found = [vector_info.summary(path, name) for name in names]
    crs = next((each["crs"] for each in found if each["crs"]), "")
    size, away = None, None
    if found:
        here = vector_info.place_of(path)
        away = _distance(here, place) if place is not None else None
    form = VECTORS.get(path.suffix.lower(), path.suffix[1:])
    form = f"{form}, {len(names)} layers" if len(names) > 1 else form
    count = sum(each["features"] for each in found)
    return Peek(path, "vector", form, count, "features", crs, "", size, away)


def _raster(path: Path, place: Place | None, _placement: Placement, _progress: Progress) -> Peek:
    from twin.formats import geotiff, raster_place
    from twin.formats.terrain import looks_like_terrain

    found = geotiff.summary(path)
    size, away = None, None
    if found["crs"]:
        here = raster_place.place_of(path)
        size = raster_place.size_of(path, here)
        away = _distance(here, place) if place is not None else None
    elif path.suffix.lower() not in geotiff.BESIDE:
        raise DataError(
            path, "", "does not say its coordinate system", "Set it in a GIS and export it again."
        )
    # of several bands, or of colours, none is the ground
    ground = looks_like_terrain(path) if found["bands"] == 1 and not found["palette"] else None
    cells = found["columns"] * found["rows"]
    return Peek(
        path, "raster", RASTERS[found["driver"]], cells, "cells", found["crs"], "", size, away, ground=ground
    )


def _scenarios(path: Path, place: Place | None, _placement: Placement, _progress: Progress) -> Peek:
    from twin.formats import scenario_file, vector_info

    if path.is_dir():
        found, _ = scenario_file.read_folder(path, place or _nowhere())
        return Peek(path, "scenarios", "folder of scenarios", len(found), "scenarios")
    scenario = scenario_file.read(path, place or vector_info.place_of(path))
    return Peek(path, "scenarios", "scenario", len(scenario.edits), "edits")


def _nowhere() -> Place:
    return Place("EPSG:32631", (500_000.0, 0.0, 0.0), 3.0, 0.0)


def _distance(first: Place, second: Place) -> float:
    """Over the ground, between two origins. [m]"""
    from pyproj import Geod

    _, _, metres = Geod(ellps="WGS84").inv(first.longitude, first.latitude, second.longitude, second.latitude)
    return float(metres)


_KINDS: dict[sources.Kind, Callable[[Path, Place | None, Placement, Progress], Peek]] = {
    "city": _city,
    "points": _points,
    "vector": _vector,
    "raster": _raster,
    "scenarios": _scenarios,
}
