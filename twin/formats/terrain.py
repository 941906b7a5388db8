"""Reads the ground from grids of heights, and from contour lines and points that have heights."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import geotiff, terrain_lines, vector
from twin.formats.raster_grid import Bounds
from twin.model.place import Place
from twin.model.raster import Raster
from twin.model.terrain import Terrain

Floats = NDArray[np.float32]
WORDS = re.compile(r"(^|[^a-z])(dem|dtm|dgm|dhm|mdt|mnt|srtm|terrain|elevation|korkeusmalli)([^a-z]|$)")
"""What grids of heights of the ground are called."""
SURFACE = re.compile(r"(^|[^a-z])(n?dsm|dom|ndom|mds|mns|chm|pintamalli)([^a-z]|$)")
"""What grids of heights of roofs and tree tops are called; their CRS may have a vertical datum, too."""
FEET = {"ft": 0.3048, "foot": 0.3048, "feet": 0.3048, "us-ft": 1200 / 3937, "us survey foot": 1200 / 3937}
LOWEST, HIGHEST = -11_000.0, 9_000.0
"""No ground lies deeper or higher. [m]"""
SEARCH = 200.0
"""Cells over which holes are filled evenly; the middle of larger ones takes what is nearest along a row."""


def looks_like_terrain(path: Path) -> bool:
    """Whether a grid says that it holds heights of the ground: by its name, its folder's, or its content.

    Content: one band that is called so, or one whose CRS has a vertical datum and that can be
    negative. A range of values alone says nothing: degrees and decibels lie in it, too.
    """
    if any(WORDS.search(name.lower()) for name in (path.stem, path.resolve().parent.name)):
        return True
    if SURFACE.search(path.stem.lower()):
        return False
    try:
        with geotiff.opened(path) as file:
            wkt = file.crs.to_wkt() if file.crs else ""
            one, kind = file.count == 1, str(file.dtypes[0])
            called = one and WORDS.search(str(file.descriptions[0] or "").lower())
    except DataError:  # who reads it says what is wrong
        return False
    upright = "VERT_CS" in wkt or "VERTCRS" in wkt
    return bool(called or (one and upright and not kind.startswith("uint")))


def read_terrain(
    path: Path, *, id: str, title: str, attribution: str = "", place: Place, bounds: Bounds | None = None
) -> tuple[Terrain, tuple[str, ...]]:
    """The ground in local metres, and what was changed on the way.

    bounds: west, south, east, north, local; None: all of it. [m]
    Raises DataError: unreadable, no CRS, elsewhere, no heights, or heights that no ground has.
    """
    title = title or path.stem
    if path.suffix.lower() in vector.BEGINNINGS:
        heights, notices = terrain_lines.between(path, title, place, bounds)
        datum = ""
    else:
        heights, datum, notices = _of_grid(path, title, place, bounds)
    z = heights.values
    known = np.isfinite(z)
    if not known.any():
        raise DataError(path, "", "has no height in the area", "Choose one that covers it.")
    low, high = float(z[known].min()), float(z[known].max())
    if low < LOWEST or high > HIGHEST:
        raise DataError(
            path, "", f"has heights from {low:g} to {high:g} m, which no ground has", "Add it as a raster."
        )
    heights = replace(heights, values=np.asarray(z - np.float32(place.origin[2]), dtype=np.float32))
    heights = replace(heights, id=id, title=title, unit="m", source=attribution)
    return filled(Terrain(id, title, heights, datum, attribution)), notices


def filled(ground: Terrain) -> Terrain:
    """The ground with a height in every cell, from around those that have none."""
    z = ground.heights.values
    known = np.isfinite(z)
    if known.all():
        return replace(ground, gaps=None)
    return replace(ground, heights=replace(ground.heights, values=_filled(z, known)), gaps=~known)


def _of_grid(
    path: Path, title: str, place: Place, bounds: Bounds | None
) -> tuple[Raster, str, tuple[str, ...]]:
    with geotiff.opened(path) as file:
        datum = vertical(file.crs)
        unit = str(file.units[0] or "").lower()
    heights, notices = geotiff.read_raster(path, id="", title=title, place=place, bounds=bounds)
    told = [notice for notice in notices if "has no value" not in notice]
    if unit in FEET:
        heights = replace(heights, values=heights.values * np.float32(FEET[unit]))
        told.append(f"{title}: heights in feet were turned into metres.")
    return heights, datum, tuple(told)


def vertical(crs: Any) -> str:
    """The vertical datum that a compound CRS names; empty where there is none."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if crs is None:
        return ""
    try:
        whole = CRS.from_wkt(crs.to_wkt())
    except CRSError:
        return ""
    for part in whole.sub_crs_list:
        if part.is_vertical:
            return str(part.name.removesuffix(" height"))
    return "ellipsoid" if len(whole.axis_info) > 2 else ""


def _filled(z: Floats, known: NDArray[np.bool_]) -> Floats:
    """Heights for the cells that have none, from around them."""
    from rasterio.fill import fillnodata

    found = np.where(known, z, np.float32(0))
    found = np.asarray(fillnodata(found, mask=known.astype(np.uint8), max_search_distance=SEARCH))
    there = np.asarray(known | (found != 0))
    for _ in range(2):  # along rows, then along columns
        found, there = _along(found, there)
        found, there = np.ascontiguousarray(found.T), np.ascontiguousarray(there.T)
    return found


def _along(z: Floats, there: Any) -> tuple[Floats, NDArray[np.bool_]]:
    """Every cell takes the nearest height in its row, where there is one."""
    column = np.arange(z.shape[1])
    before = np.maximum.accumulate(np.where(there, column, -1), axis=1)
    after = np.minimum.accumulate(np.where(there, column, z.shape[1])[:, ::-1], axis=1)[:, ::-1]
    take_after = (before < 0) | ((after < z.shape[1]) & (after - column < column - before))
    at = np.where(take_after, np.minimum(after, z.shape[1] - 1), before)
    return np.take_along_axis(z, at, axis=1), np.repeat(there.any(axis=1)[:, None], z.shape[1], axis=1)
