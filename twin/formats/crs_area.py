"""Knows where a CRS is used, and by that in which order coordinates stand."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.model.transformation import transformation

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

LIKELY = (
    *(3067, *range(3873, 3886), 3301, 3006, 28992, 31370, 2154, 2056, 21781, 27700, 3068, 5514, 2180),
    *(31466, 31467, 31468, 31469, 25832, 25833, 25831, 25834, 25835, 6697, 4326),
)
"""CRSs that cities publish in, the narrow ones first."""
SUGGESTED = 3
SURELY = 0.5
"""So much more of the surfaces must face the right way than the wrong way to decide by it."""
DRAWING = 10_000.0
"""Coordinates so near to zero where no area of use is are those of a drawing. [m]"""
SEA = 4.5
"""So near to zero in degrees nobody lives: what lies there is a drawing. [deg]"""
WIDE = 5.0
"""No file of one city spans so much. [deg]"""
REMEDY = "Say it with --crs, as in --crs EPSG:3879, or add the file to a project."


def area(crs: CRS) -> tuple[float, float, float, float]:
    """West, south, east, north of the area of use, in the CRS, easting first."""
    area = crs.area_of_use
    if area is None:
        return -math.inf, -math.inf, math.inf, math.inf
    if crs.is_geographic:
        return area.bounds
    return from_degrees(crs.srs).transform_bounds(*area.bounds, densify_pts=11)


def from_degrees(crs: str) -> Transformer:
    """From longitude and latitude to a CRS, easting first."""
    return transformation(4326, crs)


def order_of(
    path: Path,
    crs: CRS,
    code: str,
    points: NDArray[np.float64],
    formal: bool,
    upright: Callable[[], float] | None,
    notices: list[str],
) -> tuple[bool, str]:
    """Whether northings come first, and why."""
    words = ["easting, northing", "northing, easting"]
    if crs.is_geographic:
        words = ["longitude, latitude", "latitude, longitude"]
    defined = formal and crs.axis_info[0].direction.lower() in ("north", "south")
    if not len(points):
        return defined, "no coordinates"
    first, second = (float(v) for v in np.median(points[:, :2], axis=0))
    box = area(crs)
    fits = [inside(box, x, y, 0.1) for x, y in ((first, second), (second, first))]
    if not any(fits):
        fits = [inside(box, x, y, 1.0) for x, y in ((first, second), (second, first))]
        if not any(fits):
            problem = f"lies around {first:.8g}, {second:.8g}, far outside the area of use of {code}"
            raise DataError(path, "", problem, f"The CRS it names seems wrong. {hint(points)}")
        notices.append(f"It lies outside the area of use of {code}.")
    if not all(fits):
        return fits[1], f"{words[fits[1]]}, because only so it lies in the area of use"
    seen = upright() if upright else 0.0
    if abs(seen) > SURELY:
        why = "both orders fit, but only so roofs face up and walls outwards"
        return seen < 0, f"{words[seen < 0]}; {why}"
    return defined, f"{words[defined]}, as {'the CRS defines it' if formal else 'is common'}; both orders fit"


def hint(points: NDArray[np.float64]) -> str:
    """What to do, with the CRSs that the coordinates may be in."""
    likely = suggested(points)
    if not likely:
        return REMEDY
    return f"By its coordinates it may be {' or '.join(likely)}. {REMEDY.replace('EPSG:3879', likely[0])}"


def suggested(points: NDArray[np.float64]) -> tuple[str, ...]:
    """The CRSs that coordinates (n, 3) may be in, as `EPSG:code`."""
    if not len(points):
        return ()
    first, second = (float(v) for v in np.median(points[:, :2], axis=0))
    wide = any(float(np.ptp(points[:, axis])) > WIDE for axis in range(2))
    found = suggestions(first, second)
    return tuple(f"EPSG:{code}" for code in found if not (wide and not _likely(code)[1]))


def suggestions(first: float, second: float) -> tuple[int, ...]:
    """The EPSG codes of common CRSs in whose area of use a place falls, in any order of axes."""
    found = []
    for code in LIKELY:
        box, projected = _likely(code)
        near_zero = math.hypot(first, second) < (DRAWING if projected else SEA)
        if not near_zero and (inside(box, first, second, 0.0) or inside(box, second, first, 0.0)):
            found.append(code)
    return tuple(found[:SUGGESTED])


@cache
def _likely(code: int) -> tuple[tuple[float, float, float, float], bool]:
    """The area of use, and whether it is in metres; working it out takes longer than reading a small file."""
    from pyproj import CRS

    crs = CRS.from_epsg(code)
    return area(crs), bool(crs.is_projected)


def inside(box: tuple[float, float, float, float], x: float, y: float, margin: float) -> bool:
    """Whether a place lies in a box or near it; margin: as a share of its sides."""
    west, south, east, north = box
    across, along = (east - west) * margin, (north - south) * margin
    return west - across <= x <= east + across and south - along <= y <= north + along
