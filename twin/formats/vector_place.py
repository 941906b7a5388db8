"""Brings the coordinates of a layer to local metres, and names what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.errors import CrsError, DataError
from twin.formats.crs_area import area, hint, inside, suggested
from twin.model.place import Place
from twin.model.transformation import transformation

if TYPE_CHECKING:
    from pyproj import CRS

FAR = 100_000.0
"""What lies further than this from the origin is probably in other coordinates. [m]"""
DEGREES = (180.0, 90.0)
Geometries = NDArray[np.object_]


def crs_of(path: Path, name: str, text: str | None, points: NDArray[np.float64] | None = None) -> CRS:
    """The CRS of a layer by what is said of it. Raises CrsError where nothing is, DataError: it is unknown.

    points: its coordinates (n, 2), which tell what it may be.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if not text:
        remedy = "Set it in a GIS and export again (a Shapefile needs its .prj beside it)."
        likely = suggested(points) if points is not None and len(points) else ()
        if likely:
            remedy = f"By its coordinates it may be {' or '.join(likely)}. {remedy}"
        error = CrsError(path, name, "does not say its coordinate system", remedy)
        error.suggested = likely
        raise error
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise DataError(
            path, name, f"has an unknown coordinate system: {error}", "Set another one."
        ) from error


def middles(geometry: Geometries) -> NDArray[np.float64]:
    """The middle of each geometry: (n, 2), NaN where it is empty."""
    bounds = shapely.bounds(geometry).reshape(-1, 4)
    return (bounds[:, :2] + bounds[:, 2:]) / 2


def to_local(
    path: Path, name: str, geometry: Geometries, there: CRS, place: Place, notices: list[str]
) -> tuple[Geometries, NDArray[np.intp]]:
    """Geometries in local metres, and the row each came from.

    Swapped axes are put right and named; degrees among metres, and what no coordinates of the place can say,
    are left out and counted. Raises DataError: degrees that are called metres, or metres called degrees.
    """
    kept = of_one_unit(path, name, middles(geometry), there, notices)
    geometry = geometry[kept]
    middle = middles(geometry)
    middle = middle[np.isfinite(middle).all(axis=1)]
    swapped = len(middle) > 0 and _swapped(middle, there, place)
    if swapped:
        axes = "latitude stands before longitude" if there.is_geographic else "northing stands before easting"
        first, second = _median(middle)
        notices.append(f"its axes are swapped and were put right: {axes} ({first:.8g}, {second:.8g})")
    elif len(middle) and not inside(area(there), *_median(middle), 0.1):
        notices.append(f"it lies outside the area of use of {_code(there)}: check its coordinate system")
    geometry = shapely.transform(geometry, _mover(there, place, swapped=swapped))
    finite = np.isfinite(shapely.bounds(geometry).reshape(-1, 4)).all(axis=1)
    if not finite.all():
        notices.append(f"{_features(~finite)} left out: outside the coordinates of {place.crs}")
        geometry, kept = geometry[finite], kept[finite]
    far = np.abs(shapely.bounds(geometry).reshape(-1, 4)).max(axis=1, initial=0.0) > FAR
    if far.any():
        notices.append(
            f"{_features(far)} over {FAR / 1000:.0f} km away: check the coordinate system of the file"
        )
    return geometry, kept


def of_one_unit(
    path: Path, name: str, middle: NDArray[np.float64], crs: CRS, notices: list[str]
) -> NDArray[np.intp]:
    """The rows whose coordinates are in the unit of the CRS. Raises DataError when none are."""
    known = np.isfinite(middle).all(axis=1)
    small = known & (np.abs(middle) <= DEGREES).all(axis=1)
    wrong = known & (np.abs(middle).max(axis=1, initial=0.0) > 360.0) if crs.is_geographic else small
    if not crs.is_geographic and inside(area(crs), 0.0, 0.0, 0.0):
        return np.arange(len(middle))  # so near to zero there are places
    if not wrong.any():
        return np.arange(len(middle))
    said, is_in = ("degrees", "metres") if crs.is_geographic else ("metres", "degrees")
    if wrong.sum() == known.sum():
        remedy = hint(middle[known]) if crs.is_geographic else "Set EPSG:4326 in a GIS and export it again."
        raise DataError(path, name, f"says {_code(crs)}, which is in {said}, but is in {is_in}", remedy)
    notices.append(f"{_features(wrong)} left out: in {is_in} among {said}")
    return np.flatnonzero(~wrong)


def _swapped(middle: NDArray[np.float64], crs: CRS, place: Place) -> bool:
    """Whether the axes stand the other way round: by the area of use, or because only so it is here."""
    first, second = _median(middle)
    box = area(crs)
    here, turned = inside(box, first, second, 0.1), inside(box, second, first, 0.1)
    if here != turned:
        return turned
    if not here:
        return False
    there = np.array([(first, second), (second, first)])
    away = np.linalg.norm(_mover(crs, place)(there), axis=1)
    return bool(not away[0] <= FAR and away[1] <= FAR)


def _median(middle: NDArray[np.float64]) -> tuple[float, float]:
    first, second = np.median(middle, axis=0).tolist()
    return first, second


def _mover(crs: CRS, place: Place, *, swapped: bool = False) -> Any:
    from pyproj import CRS

    origin, here = np.array(place.origin[:2]), CRS.from_user_input(place.crs)
    same = crs.equals(here, ignore_axis_order=True)
    transformer = None if same else transformation(crs, here)

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        if swapped:
            points = points[:, ::-1]
        if transformer is not None and len(points):
            points = np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
        moved: NDArray[np.float64] = points - origin
        return moved

    return move


def _code(crs: CRS) -> str:
    found = crs.to_epsg()
    return f"EPSG:{found}" if found else str(crs.name)


def _features(mask: Any) -> str:
    number = int(mask.sum())
    return f"{number} feature" + ("s" if number != 1 else "")
