"""Knows which place a raster makes, when it is opened by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from twin.errors import DataError
from twin.formats import geotiff
from twin.formats.georeference import ground_level
from twin.formats.place_near import in_true_metres, place_near
from twin.formats.raster_grid import cover
from twin.formats.terrain import read_terrain
from twin.model.place import Place
from twin.model.transformation import transformation


def place_of(path: Path) -> Place:
    """A place amid the raster: in its own CRS where that is metric, else in UTM. Raises DataError."""
    from pyproj import CRS

    with geotiff.opened(path) as file:
        geotiff.check(file, path)
        known = file.crs.to_epsg()  # a GeoTIFF that says more than the code would seem to be another CRS
        crs = CRS.from_epsg(known) if known else CRS.from_wkt(file.crs.to_wkt())
        east, north = file.transform @ (file.width / 2, file.height / 2)
    flat = next((part for part in crs.sub_crs_list if not part.is_vertical), crs).to_2d()
    to_degrees = transformation(flat, 4326)
    longitude, latitude = to_degrees.transform(east, north)
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise DataError(path, "", "lies off the map", "Check its coordinate system in a GIS.")
    goal = in_true_metres(flat, _code(flat, east, north), longitude, latitude)
    return place_near(goal, longitude, latitude)


def _code(flat: Any, east: float, north: float) -> int | None:
    """The EPSG code of a CRS without heights, in which the place has these coordinates."""
    from pyproj import CRS

    sure, likely = flat.to_epsg(), flat.to_epsg(min_confidence=25)
    if sure or not likely:
        return int(sure) if sure else None
    # cut out of one with heights, it may have lost its code, and has another name than it
    there = transformation(flat, CRS.from_epsg(likely))
    return int(likely) if np.hypot(*np.subtract(there.transform(east, north), (east, north))) < 0.01 else None


def size_of(path: Path, place: Place) -> tuple[float, float]:
    """From west to east and from south to north in the CRS of a place. [m] Raises DataError."""
    with geotiff.opened(path) as file:
        west, south, east, north, _ = cover(file, place)
    return east - west, north - south


def place_of_terrain(path: Path) -> Place:
    """The same, with its zero at the foot of the terrain and in the heights of its file."""
    place = place_of(path)
    found, _ = read_terrain(path, id="", title="", place=place)
    level = ground_level(found.heights.values.ravel().astype(np.float64))
    return replace(place, origin=(*place.origin[:2], level), height_system=found.datum)
