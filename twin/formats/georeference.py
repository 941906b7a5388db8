"""Knows where on Earth the coordinates of a file lie, whatever the file says about them."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import CrsError, DataError
from twin.formats.crs_area import DRAWING, REMEDY, area, from_degrees, hint, inside, order_of, suggested
from twin.formats.crs_names import codes, eastings_first
from twin.formats.place_near import in_true_metres, place_near
from twin.model.place import Place
from twin.model.transformation import transformation

if TYPE_CHECKING:
    from pyproj import CRS

FAR = 100_000.0
"""What lies further than this from the project was probably meant for another place. [m]"""
LOWEST = 1.0
"""So much of a city may lie below the ground that is drawn. [%]"""
NEARLY = 1.0
"""A ground no further from zero is drawn at zero. [m]"""
AT_ONCE = 2**17
"""Points that are brought into another CRS before anybody may give up."""
ELLIPSOID = "ellipsoid"
"""What heights in a CRS with three axes are measured from."""


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
    shown: NDArray[np.bool_] | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Located:
    """Bring coordinates as written in a file into `place`, or into a place of their own.

    points: (n, 3), the first two in the order of the file. names: every srsName in the file, the weightiest
    first; the first that the coordinates fit counts. crs: `EPSG:code` that overrules them. upright: how much
    of the surfaces face as they must if eastings come first, from 1 to -1; 0: nobody knows. The order of the
    axes is the one that falls into the area of use of the CRS; where both do, the one in which roofs face up;
    where nobody knows, the one the CRS defines. Geographic coordinates go to UTM. shown: which points say
    where the ground is; None: all.
    Raises DataError when nothing says where they lie, or what is said cannot be.
    """
    notices: list[str] = []
    said_codes = [found for found in dict.fromkeys(codes(name) for name in names) if found]
    if crs:
        chosen, said = codes(crs), f"--crs {crs}"
        if not chosen:
            raise DataError(path, "", f"{crs!r} is not the code of a CRS", REMEDY)
    elif said_codes:
        chosen = _fitting(path, said_codes, points)
        said = "srsName " + next(name for name in names if codes(name) == chosen)
        several = {found[0] for found in said_codes}
        if len(several) > 1:
            notices.append(f"The file names {len(several)} CRSs; all of it was read in EPSG:{chosen[0]}.")
    elif place is None or not place.crs:
        problem = f"names an unknown CRS, {names[0]!r}" if names else "does not say its CRS"
        error = CrsError(path, "", problem, hint(points))
        error.suggested = suggested(points)
        raise error
    else:
        return _unknown(points, names, place)
    horizontal, heights = _crs(path, chosen)
    code = f"EPSG:{chosen[0]}"
    formal = not eastings_first(said.removeprefix("srsName "))
    if crs and place is None and _is_drawing(horizontal, points):
        return _amid(path, points, horizontal, heights, f"--crs {crs}")
    swapped, order = order_of(path, horizontal, code, points, formal, upright, notices)
    progress(0.1)
    if swapped:
        points = points[:, [1, 0, 2]]
    progress(0.2)
    given = place
    place = given or _place(path, horizontal, heights, points, shown)
    progress(0.3)
    east, north = _transformed(path, horizontal, place, points, lambda done: progress(0.3 + 0.5 * done))
    local = np.column_stack([east, north, points[:, 2]])
    local -= np.array(place.origin)
    progress(0.9)
    if given is None and place.origin[2]:
        level = f"{place.origin[2]:.0f} m"
        notices.append(f"There is no terrain: the ground is drawn flat, {level} in the heights of the file.")
    if len(local):
        away = float(np.hypot(*(np.median(local[:, k]) for k in range(2))))
        progress(0.95)
        across = float(np.hypot(*(np.ptp(local[:, k]) for k in range(2))))
        if given and away > FAR:
            notices.append(f"It lies {away / 1000:.0f} km from the project.")
        if across > FAR:
            notices.append(f"Its objects are spread over {across / 1000:.0f} km.")
    notices += _height_notices(heights, given)
    return Located(place, local, code, f"{said}; {order}; {_height_words(heights)}", tuple(notices))


def _crs(path: Path, codes: Sequence[int]) -> tuple[CRS, str]:
    """The horizontal part, and what heights are measured from."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    found = []
    for code in codes:
        try:
            found.append(CRS.from_epsg(code))
        except CRSError as error:
            if not found:
                raise DataError(path, "", f"names EPSG:{code}, which nobody knows", REMEDY) from error
    parts = [part for crs in found for part in (crs.sub_crs_list or [crs])]
    heights = next((part.name.removesuffix(" height") for part in parts if part.is_vertical), "")
    horizontal = parts[0]
    if len(horizontal.axis_info) > 2:
        heights = ELLIPSOID
        horizontal = horizontal.to_2d()
    if not (horizontal.is_projected or horizontal.is_geographic):
        raise DataError(path, "", f"EPSG:{codes[0]} is no CRS for maps", REMEDY)
    return horizontal, heights


def _fitting(path: Path, named: Sequence[tuple[int, ...]], points: NDArray[np.float64]) -> tuple[int, ...]:
    """The codes of the first named CRS in whose area of use coordinates lie, or of the first of all."""
    if len(named) < 2 or not len(points):
        return named[0]
    first, second = (float(v) for v in np.median(points[:, :2], axis=0))
    for found in named:
        with contextlib.suppress(DataError):
            box = area(_crs(path, found)[0])
            if inside(box, first, second, 0.1) or inside(box, second, first, 0.1):
                return found
    return named[0]


def _is_drawing(crs: CRS, points: NDArray[np.float64]) -> bool:
    """Whether coordinates lie around a zero of their own, where the CRS is not used."""
    if not len(points) or not crs.is_projected:
        return False
    first, second = (float(v) for v in np.median(points[:, :2], axis=0))
    box = area(crs)
    return math.hypot(first, second) < DRAWING and not (
        inside(box, first, second, 0.1) or inside(box, second, first, 0.1)
    )


def _amid(path: Path, points: NDArray[np.float64], crs: CRS, heights: str, said: str) -> Located:
    """A drawing around its own zero, amid the area of use of the CRS that the user names for it."""
    place = _place(path, crs, heights, points[:0])
    level = ground_level(points[:, 2])
    place = replace(place, origin=(*place.origin[:2], level))
    notice = f"Its coordinates lie around zero: it was put in the middle of the area of use of {place.crs}."
    local = points - np.array([0.0, 0.0, level])
    return Located(place, local, "", f"{said}; a drawing around its own zero", (notice,))


def _height_words(heights: str) -> str:
    if heights == ELLIPSOID:
        return "heights above the ellipsoid"
    return f"heights in {heights}" if heights else "nothing says what heights are measured from"


def _height_notices(heights: str, place: Place | None) -> list[str]:
    found = []
    if heights == ELLIPSOID:
        found.append("Its heights are above the ellipsoid, which can be 100 m off those above the sea.")
    theirs = place.height_system.removesuffix(" height") if place else ""
    if heights and theirs and heights != theirs:
        found.append(f"Its heights are in {heights}, those of the project in {theirs}; they are kept.")
    return found


def _place(
    path: Path,
    crs: CRS,
    heights: str,
    points: NDArray[np.float64],
    shown: NDArray[np.bool_] | None = None,
) -> Place:
    """A place around these points (easting first), or amid the area of use where there are none."""
    if len(points):
        # axis by axis, because along rows NumPy is slow
        middle = np.array([(points[:, k].min() + points[:, k].max()) / 2 for k in range(2)])
    else:
        west, south, east, north = area(crs)
        middle = np.array([(west + east) / 2, (south + north) / 2])
    longitude, latitude = from_degrees(crs.srs).transform(middle[0], middle[1], direction="INVERSE")
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise DataError(path, "", f"has coordinates that EPSG:{crs.to_epsg()} does not have", REMEDY)
    goal = in_true_metres(crs, crs.to_epsg(), longitude, latitude)
    level = ground_level(points[:, 2] if shown is None else points[shown, 2])
    return place_near(goal, longitude, latitude, height=level, heights=heights)


def ground_level(heights: NDArray[np.float64]) -> float:
    """The height that is drawn as the ground where there is no terrain, in whole metres. [m]

    The hundredth part of the corners may lie lower, because single ones often are far off.
    """
    level = float(math.floor(np.percentile(heights, LOWEST))) if len(heights) else 0.0
    return level if abs(level) > NEARLY else 0.0


def _transformed(
    path: Path,
    crs: CRS,
    place: Place,
    points: NDArray[np.float64],
    progress: Callable[[float], None],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if f"EPSG:{crs.to_epsg()}" == place.crs or not len(points):
        return points[:, 0], points[:, 1]
    there = transformation(crs, place.crs)
    east, north = np.empty(len(points)), np.empty(len(points))
    for begin in range(0, len(points), AT_ONCE):
        rows = slice(begin, begin + AT_ONCE)
        east[rows], north[rows] = there.transform(points[rows, 0], points[rows, 1])
        progress(min(rows.stop / len(points), 1.0))
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
