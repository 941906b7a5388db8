"""Knows where on Earth the coordinates of a file lie, whatever the file says about them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.model.place import Place

if TYPE_CHECKING:
    from pyproj import CRS

CODE = re.compile(r"epsg(?:/[\w.]*/|:[\w.]*:|:|(?:\.xml)?#)(\d{4,6})", re.IGNORECASE)
"""EPSG:3879, urn:ogc:def:crs:EPSG:6.12:3068, http://www.opengis.net/def/crs/EPSG/0/6697, epsg.xml#4326 …"""
NAMES = {
    **{f"ETRS89_UTM{zone}": 25800 + zone for zone in range(28, 39)},
    **{f"DE_DHDN_3GK{zone}": 31464 + zone for zone in range(2, 6)},
    "CH1903": 21781,
    "CH1903+": 2056,
}
"""Names seen in files: those of the German surveys (urn:adv:crs:NAME*HEIGHTS) and of the Swiss one."""
FAR = 100_000.0
"""What lies further than this from the project was probably meant for another place. [m]"""
ROUND = 100.0
"""The origin is a multiple of this. [m]"""
LOWEST = 1.0
"""So much of a city may lie below the ground that is drawn. [%]"""
NEARLY = 1.0
"""A ground no further from zero is drawn at zero. [m]"""
SURELY = 0.5
"""So much more of the surfaces must face the right way than the wrong way to decide by it."""
REMEDY = "Say it with --crs, as in --crs EPSG:3879, or add the file to a project."


@dataclass(frozen=True, slots=True)
class Located:
    """Coordinates in local metres, and how it was decided where they lie."""

    place: Place
    points: NDArray[np.float64]
    """(n, 3), local easting, northing, height. [m]"""
    crs: str
    """Of the file, `EPSG:code`; empty: unknown."""
    decided_by: str
    notices: tuple[str, ...]


def locate(
    path: Path,
    points: NDArray[np.float64],
    names: Sequence[str],
    place: Place | None,
    crs: str,
    upright: Callable[[], float] | None = None,
) -> Located:
    """Bring coordinates as written in a file into `place`, or into a place of their own.

    points: (n, 3), the first two in the order of the file. names: every srsName in the file, the weightiest
    first. crs: `EPSG:code` that overrules them. upright: how much of the surfaces face as they must if
    eastings come first, from 1 to -1; 0: nobody knows. The order of the axes is the one that falls into the
    area of use of the CRS; where both do, the one in which roofs face up; where nobody knows, the one the CRS
    defines. Geographic coordinates go to UTM.
    Raises DataError when nothing says where they lie, or what is said cannot be.
    """
    notices: list[str] = []
    codes = [found for found in dict.fromkeys(_codes(name) for name in names) if found]
    if crs:
        chosen, said = _codes(crs), f"--crs {crs}"
        if not chosen:
            raise DataError(path, "", f"{crs!r} is not the code of a CRS", REMEDY)
    elif codes:
        chosen = codes[0]
        said = "srsName " + next(name for name in names if _codes(name) == chosen)
        if len({found[0] for found in codes}) > 1:
            notices.append(f"The file names {len(codes)} CRSs; all of it was read in EPSG:{chosen[0]}.")
    elif place is None or not place.crs:
        problem = f"names an unknown CRS, {names[0]!r}" if names else "does not say its CRS"
        raise DataError(path, "", problem, REMEDY)
    else:
        return _unknown(points, names, place)
    horizontal, heights = _crs(path, chosen)
    code = f"EPSG:{chosen[0]}"
    # by its short name a CRS is commonly meant with eastings first, whatever its definition says
    formal = said.lower().startswith(("srsname urn", "srsname http"))
    swapped, order = _order(path, horizontal, code, points, formal, upright, notices)
    if swapped:
        points = points[:, [1, 0, 2]]
    given = place
    place = given or _place(path, horizontal, heights, points)
    east, north = _transformed(path, horizontal, place, points)
    local = np.column_stack([east, north, points[:, 2]]) - np.array(place.origin)
    if given is None and place.origin[2]:
        level = f"{place.origin[2]:.0f} m"
        notices.append(f"There is no terrain: the ground is drawn flat, {level} in the heights of the file.")
    if len(local):
        away = float(np.hypot(*np.median(local[:, :2], axis=0)))
        across = float(np.hypot(*np.ptp(local[:, :2], axis=0)))
        if given and away > FAR:
            notices.append(f"It lies {away / 1000:.0f} km from the project.")
        if across > FAR:
            notices.append(f"Its objects are spread over {across / 1000:.0f} km.")
    return Located(place, local, code, f"{said}; {order}", tuple(notices))


def _codes(name: str) -> tuple[int, ...]:
    """The EPSG codes in a srsName: the CRS, and that of heights where it is a compound."""
    found = tuple(int(code) for code in CODE.findall(name))
    if found:
        return found
    known = name.rpartition(":")[2].partition("*")[0]
    return (NAMES[known],) if known in NAMES else ()


def _crs(path: Path, codes: tuple[int, ...]) -> tuple[CRS, str]:
    """The horizontal part, and what heights are measured from."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        found = [CRS.from_epsg(code) for code in codes]
    except CRSError as error:
        raise DataError(path, "", f"names EPSG:{codes[0]}, which nobody knows", REMEDY) from error
    parts = [part for crs in found for part in (crs.sub_crs_list or [crs])]
    heights = next((part.name for part in parts if part.is_vertical), "")
    horizontal = parts[0].to_2d() if len(parts[0].axis_info) > 2 else parts[0]
    if not (horizontal.is_projected or horizontal.is_geographic):
        raise DataError(path, "", f"EPSG:{codes[0]} is no CRS for maps", REMEDY)
    return horizontal, heights


def _box(crs: CRS) -> tuple[float, float, float, float]:
    """West, south, east, north of the area of use, in the CRS, easting first."""
    from pyproj import Transformer

    area = crs.area_of_use
    if area is None:
        return -math.inf, -math.inf, math.inf, math.inf
    if crs.is_geographic:
        return area.bounds
    there = Transformer.from_crs(4326, crs, always_xy=True)
    return there.transform_bounds(*area.bounds, densify_pts=11)


def _order(
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
    box = _box(crs)
    fits = [_inside(box, x, y, 0.1) for x, y in ((first, second), (second, first))]
    if not any(fits):
        fits = [_inside(box, x, y, 1.0) for x, y in ((first, second), (second, first))]
        if not any(fits):
            raise DataError(
                path,
                "",
                f"lies around {first:.8g}, {second:.8g}, far outside the area of use of {code}",
                "The CRS it names seems wrong; say another with --crs.",
            )
        notices.append(f"It lies outside the area of use of {code}.")
    if not all(fits):
        return fits[1], f"{words[fits[1]]}, because only so it lies in the area of use"
    seen = upright() if upright else 0.0
    if abs(seen) > SURELY:
        why = "both orders fit, but only so roofs face up and walls outwards"
        return seen < 0, f"{words[seen < 0]}; {why}"
    return defined, f"{words[defined]}, as {'the CRS defines it' if formal else 'is common'}; both orders fit"


def _inside(box: tuple[float, float, float, float], x: float, y: float, margin: float) -> bool:
    west, south, east, north = box
    across, along = (east - west) * margin, (north - south) * margin
    return west - across <= x <= east + across and south - along <= y <= north + along


def _place(path: Path, crs: CRS, heights: str, points: NDArray[np.float64]) -> Place:
    """A place around these points (easting first), or amid the area of use where there are none."""
    from pyproj import CRS, Transformer

    if len(points):
        middle = (points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2
    else:
        west, south, east, north = _box(crs)
        middle = np.array([(west + east) / 2, (south + north) / 2])
    there = Transformer.from_crs(crs, 4326, always_xy=True)
    longitude, latitude = there.transform(*middle)
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise DataError(path, "", f"has coordinates that EPSG:{crs.to_epsg()} does not have", REMEDY)
    metric = crs.is_projected and crs.axis_info[0].unit_conversion_factor == 1.0
    if not metric:
        zone = int((longitude + 180) // 6) % 60 + 1
        crs = CRS.from_epsg((32600 if latitude >= 0 else 32700) + zone)
    from_degrees = Transformer.from_crs(4326, crs, always_xy=True)
    east, north = from_degrees.transform(longitude, latitude)
    origin = (
        math.floor(east / ROUND + 0.5) * ROUND,
        math.floor(north / ROUND + 0.5) * ROUND,
        ground_level(points[:, 2]),
    )
    longitude, latitude = from_degrees.transform(*origin[:2], direction="INVERSE")
    return Place(
        f"EPSG:{crs.to_epsg()}", origin, round(longitude, 9), round(latitude, 9), height_system=heights
    )


def ground_level(heights: NDArray[np.float64]) -> float:
    """The height that is drawn as the ground where there is no terrain, in whole metres. [m]

    The hundredth part of the corners may lie lower, because single ones often are far off.
    """
    level = float(math.floor(np.percentile(heights, LOWEST))) if len(heights) else 0.0
    return level if abs(level) > NEARLY else 0.0


def _transformed(
    path: Path, crs: CRS, place: Place, points: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from pyproj import Transformer

    if f"EPSG:{crs.to_epsg()}" == place.crs or not len(points):
        return points[:, 0], points[:, 1]
    there = Transformer.from_crs(crs, place.crs, always_xy=True)
    east, north = there.transform(points[:, 0], points[:, 1])
    if not (np.isfinite(east).all() and np.isfinite(north).all()):
        raise DataError(path, "", f"has coordinates that do not exist in {place.crs}", REMEDY)
    return east, north


def _unknown(points: NDArray[np.float64], names: Sequence[str], place: Place) -> Located:
    said = f"The file names an unknown CRS, {names[0]!r}" if names else "The file does not say its CRS"
    near = points - np.array(place.origin)
    if not len(points):
        return Located(place, points, "", "no coordinates", ())
    if float(np.hypot(*np.median(near[:, :2], axis=0))) < FAR:
        return Located(place, near, "", "assumed", (f"{said}; it was read in {place.crs}, the project's.",))
    # a drawing around its own zero
    return Located(place, points, "", "assumed", (f"{said}; it was put at the project's origin.",))
