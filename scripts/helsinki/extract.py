"""Knows which part of the OpenStreetMap extract is the bundled station area."""

from __future__ import annotations

from pathlib import Path

from twin.formats import osm
from twin.formats.crs_area import from_degrees
from twin.model.osm import Extract
from twin.model.place import Place

CRS = "EPSG:3879"
AREA = (24.935, 60.164, 24.953, 60.179)
"""West, south, east, north of the station area. [deg]"""
SEA = "Itämeri"
DAY = "2019-04-21"
"""Of the extract; it stands in for the day of writing."""


def place() -> Place:
    """The origin amid the area on a round 100 m; heights count from the local ground."""
    west, south, east, north = AREA
    there = from_degrees(CRS)
    x, y = there.transform((west + east) / 2, (south + north) / 2)
    origin = (round(x, -2), round(y, -2), 0.0)
    longitude, latitude = there.transform(origin[0], origin[1], direction="INVERSE")
    return Place(CRS, origin, round(longitude, 7), round(latitude, 7), "Europe/Helsinki", "ground")


def read(path: Path) -> Extract:
    """All that is in the file."""
    west, south, east, north = AREA
    held = osm.held_by(path) or AREA
    area = osm.outline(CRS, max(west, held[0]), max(south, held[1]), min(east, held[2]), min(north, held[3]))
    return osm.read(path, CRS, area)
