"""Says what a vector file holds and where it lies, without reading its features."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from twin.errors import DataError
from twin.formats.place_near import in_true_metres, place_near
from twin.formats.vector import check_file, gdal, names_of, read_raw
from twin.formats.vector_place import crs_of, of_one_unit
from twin.formats.vector_raw import reader_of
from twin.model.place import Place
from twin.model.transformation import transformation


def summary(path: Path, layer: str) -> dict[str, Any]:
    """Features, geometry, CRS and fields of a layer, unread. Raises DataError."""
    if reader_of(path) is not None:
        raw = read_raw(path, layer)
        kinds = sorted({str(shape.geom_type) for shape in raw.geometry if shape is not None})
        said = {"features": len(raw.geometry), "geometry": ", ".join(kinds), "crs": raw.crs}
        return {**said, "fields": list(raw.fields)}
    import pyogrio

    check_file(path)
    with gdal(path, layer, []):
        found = pyogrio.read_info(path, layer=layer, force_feature_count=True)
    return {
        "features": int(found["features"]),
        "geometry": str(found["geometry_type"]),
        "crs": str(found["crs"] or ""),
        "fields": [str(name) for name in found["fields"]],
    }


def place_of(path: Path) -> Place:
    """A place around the first layer of a file: in its own CRS where that is metric, else in UTM.

    Raises DataError: no CRS, empty, unreadable.
    """
    name = names_of(path)[0]
    said, bounds = _bounds(path, name)
    corners = None if bounds is None else np.reshape(bounds, (2, 2))
    crs = crs_of(path, name, said, corners)
    if bounds is None or not np.isfinite(bounds).all():
        raise DataError(path, name, "is empty", "Choose another file.")
    west, south, east, north = bounds
    of_one_unit(path, name, np.array([((west + east) / 2, (south + north) / 2)]), crs, [])
    to_degrees = transformation(crs, 4326)
    longitude, latitude = to_degrees.transform((west + east) / 2, (south + north) / 2)
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise DataError(path, name, "lies off the map", "Check its coordinate system in a GIS.")
    return place_near(in_true_metres(crs, crs.to_epsg(), longitude, latitude), longitude, latitude)


def _bounds(path: Path, name: str) -> tuple[str, Any]:
    """What a layer says of its CRS, and west, south, east, north in that; None where it is empty."""
    if reader_of(path) is not None:
        raw = read_raw(path, name)
        there = shapely.is_missing(raw.geometry)
        return raw.crs, None if there.all() else shapely.total_bounds(raw.geometry)
    import pyogrio

    with gdal(path, name, []):
        info = pyogrio.read_info(path, layer=name, force_total_bounds=True)
    return str(info["crs"] or ""), info["total_bounds"]
