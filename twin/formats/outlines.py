"""Reads the outlines of areas that a GIS puts on the clipboard: GeoJSON, or lines with WKT."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from twin.formats.lonlat import LonLat
from twin.model.place import Place

SMALLEST = 0.01
"""What is smaller is no area. [m²]"""


def outlines(text: str, place: Place) -> tuple[Polygon, ...]:
    """Valid areas in local metres; none where the text holds none.

    GeoJSON is in WGS 84, as its standard says. WKT does not say its CRS: what can be degrees is, all else is
    taken for coordinates of the project.
    """
    try:
        tree = json.loads(text)
    except ValueError:
        shapes = [shape for line in text.splitlines() if (shape := _of_wkt(line)) is not None]
    else:
        shapes = _of_geojson(tree)
    found, lonlat = [], LonLat(place)
    for shape in shapes:
        for part in shapely.get_parts(shapely.force_2d(shape)).tolist():
            if isinstance(part, Polygon) and not part.is_empty:
                local = shapely.transform(part, lambda points: _local(points, place, lonlat))
                if local.is_valid and local.area >= SMALLEST:
                    found.append(shapely.orient_polygons(local))
    return tuple(found)


def _local(points: NDArray[np.float64], place: Place, lonlat: LonLat) -> NDArray[np.float64]:
    if (np.abs(points) <= (180.0, 90.0)).all():
        return lonlat.local(points)
    return np.asarray(points - np.array(place.origin[:2]))


def _of_wkt(line: str) -> BaseGeometry | None:
    """The shape in a line of a table, in whichever of its columns."""
    for cell in line.split("\t"):
        if "polygon" in cell.lower():
            shape = shapely.from_wkt(cell.strip().strip('"'), on_invalid="ignore")
            if shape is not None:
                return shape
    return None


def _of_geojson(tree: Any) -> list[BaseGeometry]:
    if not isinstance(tree, dict):
        return []
    if tree.get("type") == "FeatureCollection":
        features = tree.get("features")
        return (
            [shape for each in features for shape in _of_geojson(each)] if isinstance(features, list) else []
        )
    if tree.get("type") == "Feature":
        return _of_geojson(tree.get("geometry"))
    shape = shapely.from_geojson(json.dumps(tree), on_invalid="ignore")
    return [shape] if isinstance(shape, BaseGeometry) else []
