"""Chooses the coordinates of a station area by where it is."""

from __future__ import annotations

import math
import re

import numpy as np
from shapely import Point, Polygon

from twin.errors import TwinError
from twin.formats.crs_area import from_degrees
from twin.formats.place_near import place_near
from twin.model.place import Place

CITIES = {
    "Tampere": (23.76, 61.50, 3878),
    "Helsinki": (24.94, 60.17, 3879),
    "Tallinn": (24.75, 59.44, 3301),
}
"""Longitude and latitude [deg] of cities whose own data come in a CRS of their own, and its EPSG code."""
CITY_REACH = 0.35
"""So far from its middle a city's own CRS is taken, in degrees of latitude. [deg]"""
NATIONAL = (3067, 3301, 3059, 3346, 3006, 2180, 28992, 3812, 2154, 2056, 27700, 2157)
"""National grids in metres, easting first on maps."""
EUROPE = (-32.0, 34.0, 40.0, 82.0)
"""West, south, east, north of where ETRS89 is used. [deg]"""


def crs_for(latitude: float, longitude: float) -> tuple[str, str]:
    """`EPSG:code` of the CRS that is usual there, and why.

    A city's own, else the national grid with the smallest area of use, else UTM, which in Europe is that of
    ETRS89. Raises TwinError where UTM ends.
    """
    from pyproj import CRS

    check_centre(latitude, longitude)
    for name, (east, north, code) in CITIES.items():
        across = (longitude - east) * math.cos(math.radians(north))
        if math.hypot(across, latitude - north) < CITY_REACH:
            return f"EPSG:{code}", f"what {name} publishes in"
    found = []
    for code in NATIONAL:
        area = CRS.from_epsg(code).area_of_use
        if area is not None and area.west <= longitude <= area.east and area.south <= latitude <= area.north:
            found.append(((area.east - area.west) * (area.north - area.south), code, area.name))
    if found:
        _, code, name = min(found)
        return f"EPSG:{code}", f"the national grid ({name.split(' - ')[0]})"
    return f"EPSG:{_utm(latitude, longitude)}", "UTM, because no national grid is known here"


def place_for(latitude: float, longitude: float, crs: str = "") -> tuple[Place, str]:
    """A place whose origin is near the centre, on a round 100 m, and why it has its CRS.

    Raises TwinError: an unknown CRS, one that is not in metres or is not used there.
    """
    chosen, why = (crs, "chosen") if crs else crs_for(latitude, longitude)
    check_crs(chosen, latitude, longitude)
    return place_near(chosen, longitude, latitude, heights="ground"), why


def circle(place: Place, latitude: float, longitude: float, radius: float) -> Polygon:
    """The station area in the CRS of the place. [m]"""
    if not 10 <= radius <= 20_000:
        raise TwinError(f"A radius of {radius:g} m cannot be made. Choose one from 10 to 20000 m.")
    east, north = from_degrees(place.crs).transform(longitude, latitude)
    found = Point(east, north).buffer(radius, quad_segs=32)
    return Polygon(np.round(np.array(found.exterior.coords), 3))


def check_centre(latitude: float, longitude: float) -> None:
    """Raises TwinError for what is no place on Earth, and says so where the two were swapped."""
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        return
    if abs(longitude) <= 90 and abs(latitude) <= 180:
        swapped = f"{longitude:g},{latitude:g}"
        raise TwinError(f"No latitude is {latitude:g}: the two are swapped. Write the centre as {swapped}.")
    raise TwinError(
        f"{latitude:g},{longitude:g} is no place on Earth. Write latitude,longitude, as 60.17,24.94."
    )


def check_crs(crs: str, latitude: float, longitude: float) -> None:
    """Raises TwinError unless it is a CRS in metres that is used at this place."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        if not crs.upper().startswith("EPSG:"):
            raise ValueError(crs)
        found = CRS.from_epsg(int(crs[5:]))
    except (CRSError, ValueError) as error:
        raise TwinError(f"{crs} is no known CRS. Write its code, as EPSG:3879.") from error
    if not found.is_projected or found.axis_info[0].unit_conversion_factor != 1.0:
        raise TwinError(f"{crs} ({found.name}) is not in metres. Choose a projected one, as EPSG:3879.")
    area = found.area_of_use
    if area is not None and not (
        area.west - 1 <= longitude <= area.east + 1 and area.south - 1 <= latitude <= area.north + 1
    ):
        swapped = area.west <= latitude <= area.east and area.south <= longitude <= area.north
        hint = f" Latitude comes first: {longitude:g},{latitude:g}." if swapped else ""
        raise TwinError(f"{crs} ({found.name}) is not used at {latitude:g},{longitude:g}.{hint}")


def _utm(latitude: float, longitude: float) -> int:
    from pyproj.aoi import AreaOfInterest
    from pyproj.database import query_utm_crs_info

    west, south, east, north = EUROPE
    european = west <= longitude <= east and south <= latitude <= north
    here = AreaOfInterest(longitude, latitude, longitude, latitude)
    for datum in ("ETRS89", "WGS 84") if european else ("WGS 84",):
        found = query_utm_crs_info(datum_name=datum, area_of_interest=here, contains=True)
        # some countries have zones of their own beside those of the plain name
        zone = [info for info in found if re.fullmatch(rf"{datum} / UTM zone \d+[NS]", info.name)]
        if zone:
            return int(min(zone, key=lambda info: info.code).code)
    raise TwinError(f"No grid in metres is known at {latitude:g},{longitude:g}. Say one with --crs.")
