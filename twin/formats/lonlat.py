"""Carries geometries between longitude and latitude in GeoJSON and local metres."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from twin.formats.crs_area import from_degrees
from twin.formats.edit_json import Fault
from twin.model.place import Place
from twin.model.scenario import Edit, shape_of

FAR = 100_000.0
"""What lies further than this from the origin was meant for another place. [m]"""
_LONLAT = "Export the layer with longitude and latitude (EPSG:4326)."


class LonLat:
    """Both ways between WGS 84 and the local metres of one place."""

    def __init__(self, place: Place) -> None:
        self._there = from_degrees(place.crs)
        self._origin = np.array(place.origin[:2])

    def local(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 2) longitude, latitude [deg] to (n, 2) local easting, northing [m]."""
        if not len(lonlat):
            return np.zeros((0, 2))
        national = np.column_stack(self._there.transform(lonlat[:, 0], lonlat[:, 1]))
        return np.asarray(national - self._origin)

    def lonlat(self, local: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 2) local easting, northing [m] to (n, 2) longitude, latitude [deg]."""
        if not len(local):
            return np.zeros((0, 2))
        east, north = (local + self._origin).T
        return np.column_stack(self._there.transform(east, north, direction="INVERSE"))

    def polygon(self, geometry: Any) -> Polygon:
        """A GeoJSON Polygon (or MultiPolygon of one) in local metres. Raises Fault."""
        kind, coordinates = _parts(geometry)
        if kind == "MultiPolygon":
            if len(coordinates) != 1:
                raise Fault(
                    "geometry",
                    f"has {len(coordinates)} parts",
                    "Split it into single parts, one feature each.",
                )
            coordinates = coordinates[0]
        elif kind != "Polygon":
            raise Fault("geometry", f"is a {kind}", "Draw a Polygon.")
        if not coordinates:
            raise Fault("geometry", "is empty", "Draw a Polygon.")
        rings = [self._points(ring) for ring in coordinates]
        if any(len(ring) < 4 for ring in rings):
            short = min(len(ring) for ring in rings)
            raise Fault("geometry", f"has a ring of {short} points", "A closed ring needs 4.")
        if any((ring[0] != ring[-1]).any() for ring in rings):
            raise Fault("geometry", "has a ring that is not closed", "Let it end where it begins.")
        found = Polygon(rings[0], rings[1:])
        if not found.is_valid:
            raise Fault(
                "geometry", f"is not valid ({shapely.is_valid_reason(found)}, local metres)", "Redraw it."
            )
        if found.area < 0.01:
            raise Fault("geometry", "has no area", "Draw a Polygon.")
        return found

    def points(self, geometry: Any) -> MultiPoint:
        """A GeoJSON Point or MultiPoint in local metres. Raises Fault."""
        kind, coordinates = _parts(geometry)
        if kind not in ("Point", "MultiPoint"):
            raise Fault("geometry", f"is a {kind}", "Draw points.")
        found = self._points([coordinates] if kind == "Point" else coordinates)
        if not len(found):
            raise Fault("geometry", "is empty", "Draw points.")
        return MultiPoint(found)

    def line(self, geometry: Any) -> LineString:
        """A GeoJSON LineString (or MultiLineString of one) in local metres. Raises Fault."""
        kind, coordinates = _parts(geometry)
        if kind == "MultiLineString" and len(coordinates) == 1:
            coordinates = coordinates[0]
        elif kind != "LineString":
            raise Fault("geometry", f"is a {kind}", "Draw one line.")
        corners = self._points(coordinates)
        if len(corners) < 2:
            raise Fault("geometry", f"has {len(corners)} points", "A line needs 2.")
        found = LineString(corners)
        if found.length < 0.01:
            raise Fault("geometry", "has no length", "Draw a line.")
        return found

    def geometry_of(self, edit: Edit) -> dict[str, Any] | None:
        """The GeoJSON geometry of an edit; None where it has none."""
        shape = shape_of(edit)
        if shape is None:
            return None
        # RFC 7946, 3.1.6: exteriors run counter-clockwise
        return self.geojson(shapely.orient_polygons(shape) if isinstance(shape, Polygon) else shape)

    def geojson(self, shape: BaseGeometry) -> dict[str, Any]:
        """A local geometry as GeoJSON with nine decimals."""
        if isinstance(shape, Polygon):
            rings = [shape.exterior, *shape.interiors]
            return {"type": "Polygon", "coordinates": [self._rounded(ring) for ring in rings]}
        kind = "LineString" if isinstance(shape, LineString) else "MultiPoint"
        return {"type": kind, "coordinates": self._rounded(shape)}

    def _rounded(self, shape: BaseGeometry) -> list[list[float]]:
        found: list[list[float]] = np.round(self.lonlat(shapely.get_coordinates(shape)), 9).tolist()
        return found

    def _points(self, positions: Any) -> NDArray[np.float64]:
        if not isinstance(positions, Sequence) or not all(_position(p) for p in positions):
            raise Fault("geometry", "has a position that is not [longitude, latitude]", _LONLAT)
        lonlat = np.array([p[:2] for p in positions], dtype=np.float64).reshape(-1, 2)
        if (np.abs(lonlat) > (180, 90)).any():
            raise Fault("geometry", "is not in degrees", _LONLAT)
        local = self.local(lonlat)
        far = np.hypot(*local.T).max(initial=0.0)
        if not far < FAR:
            way = f"lies {far / 1000:.0f} km from the project" if math.isfinite(far) else "lies off the map"
            raise Fault("geometry", way, "Longitude comes first, then latitude.")
        return local


def _parts(geometry: Any) -> tuple[str, Any]:
    if not isinstance(geometry, Mapping):
        raise Fault("geometry", "is missing", "Draw one.")
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list):
        raise Fault("geometry", "has no coordinates", "Draw one.")
    return str(geometry.get("type")), coordinates


def _position(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= 2
        and all(isinstance(number, int | float) and not isinstance(number, bool) for number in value[:2])
        and all(abs(number) < 1e12 for number in value[:2])  # JSON knows whole numbers that no float can hold
    )
