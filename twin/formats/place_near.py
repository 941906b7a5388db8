"""Chooses the place of a project around a spot on the Earth: a CRS in true metres, and a round origin."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twin.formats.crs_area import from_degrees
from twin.formats.time_zone import zone_at
from twin.model.place import Place

if TYPE_CHECKING:
    from pyproj import CRS

ROUND = 100.0
"""The origin is a multiple of this. [m]"""
STRETCHED = (3857, 3785)
"""Web Mercator: its metres are half a metre long in Helsinki."""


def place_near(
    crs: str, longitude: float, latitude: float, *, height: float = 0.0, heights: str = ""
) -> Place:
    """A place whose origin is the multiple of ROUND nearest to a spot [deg], at a height [m].

    crs: a projected one in metres, as `EPSG:code`. heights: what heights are measured from.
    """
    there = from_degrees(crs)
    east, north = (math.floor(v / ROUND + 0.5) * ROUND for v in there.transform(longitude, latitude))
    longitude, latitude = there.transform(east, north, direction="INVERSE")
    zone = zone_at(longitude, latitude)
    return Place(crs, (east, north, height), round(longitude, 9), round(latitude, 9), zone, heights)


def in_true_metres(crs: CRS, code: int | None, longitude: float, latitude: float) -> str:
    """This CRS by its EPSG code, where it has one and its metres are metres on the ground; else UTM there."""
    metric = crs.is_projected and crs.axis_info[0].unit_conversion_factor == 1.0
    if not metric or not code or code in STRETCHED:
        code = utm(longitude, latitude)
    return f"EPSG:{code}"


def utm(longitude: float, latitude: float) -> int:
    """The EPSG code of the UTM zone (WGS 84) that a spot lies in. [deg]"""
    return (32600 if latitude >= 0 else 32700) + int((longitude + 180) // 6) % 60 + 1
