"""Guesses the time zone of a place whose file does not say it."""

from __future__ import annotations

import math
import re
import sysconfig
import zoneinfo
from functools import cache
from pathlib import Path

import numpy as np

NEAR = 1500.0
"""The next city of the zone table may be so far away. [km]"""
EARTH = 6371.0
"""Radius. [km]"""
TABLE = "zone1970.tab"


def zone_at(longitude: float, latitude: float) -> str:
    """The time zone of the next city that the zone table names, as `Europe/Helsinki`.

    Where the table is not installed, or the next city is far, the zone of the meridian, as `Etc/GMT-2`, which
    knows no summer time. Near a border the guess may be the neighbour's.
    """
    cities = _cities()
    if cities:
        names = list(cities)
        east, north = np.radians(np.array([cities[name] for name in names])).T
        x, y = math.radians(longitude), math.radians(latitude)
        # great circle, by the haversine formula
        half = np.sin((north - y) / 2) ** 2 + math.cos(y) * np.cos(north) * np.sin((east - x) / 2) ** 2
        distance = 2 * EARTH * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
        nearest = int(np.argmin(distance))
        if distance[nearest] < NEAR:
            return names[nearest]
    hours = round(longitude / 15)
    # the sign is the other way round in these names (POSIX)
    return "UTC" if hours == 0 else f"Etc/GMT{-hours:+d}"


@cache
def _cities() -> dict[str, tuple[float, float]]:
    """The main city of each time zone: longitude, latitude. [deg]"""
    folders = [Path(folder) for folder in zoneinfo.TZPATH]
    folders.append(Path(sysconfig.get_path("purelib")) / "tzdata" / "zoneinfo")
    file = next((folder / TABLE for folder in folders if (folder / TABLE).is_file()), None)
    if file is None:
        return {}
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            _countries, place, name, *_ = line.split("\t")
            latitude, longitude = re.findall(r"[+-]\d+", place)
            found[name] = (_degrees(longitude, 3), _degrees(latitude, 2))
    return found


def _degrees(text: str, digits: int) -> float:
    """±DDMM[SS] with so many digits of degrees (ISO 6709)."""
    sign, number = (-1.0 if text[0] == "-" else 1.0), text[1:]
    minutes, seconds = number[digits : digits + 2], number[digits + 2 :]
    return sign * (int(number[:digits]) + int(minutes or 0) / 60 + int(seconds or 0) / 3600)
