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
MORE = {
    "Europe/Stockholm": (
        *((18.07, 59.33), (11.97, 57.71), (13.00, 55.60), (17.14, 60.67), (13.51, 59.38), (14.64, 63.18)),
        *((17.31, 62.39), (20.26, 63.83), (22.15, 65.58), (20.23, 67.86), (18.29, 57.64)),
    ),
    "Europe/Helsinki": (
        *((22.27, 60.45), (21.62, 63.10), (23.76, 61.50), (25.47, 65.01), (25.73, 66.50)),
        *((24.15, 65.85), (29.76, 62.60), (27.02, 69.66), (28.19, 61.06), (23.68, 67.94)),
    ),
    "Europe/Oslo": (
        *((10.75, 59.91), (5.73, 58.97), (5.32, 60.39), (10.40, 63.43), (14.40, 67.28), (17.43, 68.44)),
        *((18.96, 69.65), (23.68, 70.66), (30.05, 69.73), (23.27, 69.97)),
    ),
    "Europe/Copenhagen": ((12.57, 55.68), (10.39, 55.40), (10.21, 56.16), (9.92, 57.05)),
    "Europe/Berlin": ((11.58, 48.14), (11.08, 49.45), (9.18, 48.78), (7.85, 48.00), (9.99, 53.55)),
    "Europe/Amsterdam": ((4.90, 52.37), (4.31, 52.08), (5.12, 52.09), (6.57, 53.22), (5.47, 51.44)),
    "Europe/Moscow": ((30.31, 59.94), (28.75, 60.71), (34.35, 61.79), (33.08, 68.97), (28.33, 57.82)),
    "Europe/Tallinn": ((26.72, 58.38), (28.19, 59.38), (24.50, 58.39), (22.49, 58.25), (26.05, 57.84)),
}
"""Cities that the table lacks, and whose nearest in it is of a neighbour with another clock or name. [deg]"""


def zone_at(longitude: float, latitude: float) -> str:
    """The time zone of the next city that the zone table names, as `Europe/Helsinki`.

    Where the table is not installed, or the next city is far, the zone of the meridian, as `Etc/GMT-2`, which
    knows no summer time. Near a border the guess may be the neighbour's.
    """
    cities = _cities()
    if cities:
        known = [*cities.items(), *((name, place) for name in MORE for place in MORE[name])]
        names = [name for name, _ in known]
        east, north = np.radians(np.array([place for _, place in known])).T
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
