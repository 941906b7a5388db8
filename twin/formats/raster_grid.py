"""Knows which pixels of a GeoTIFF lie under which square cells in local metres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.model.place import Place
from twin.model.transformation import transformation

LARGEST_SIDE = 4000
"""Rows or columns of a Raster; more are thinned out."""
MARGIN = 4
"""Pixels read around the wanted part, for the interpolation at its edge."""
TINY = 1e-6
"""Part of a cell by which a border may miss it and still be meant to meet it."""
UNMOVED = 1e-3
"""Part of a pixel by which two systems of coordinates may differ that are the same."""
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PixelWindow:
    """A part of the file in its own pixels."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of the Raster, in national coordinates."""

    west: float
    north: float
    cell: float
    rows: int
    columns: int


def grid_of(file: Any, place: Place, bounds: Bounds | None, cell: float | None) -> tuple[Grid, bool]:
    """The cells wanted, and whether they are the file's own pixels."""
    t = file.transform
    own = _transformer(file, place) is None and t.b == t.d == 0 and t.e < 0 < t.a
    own = own and math.isclose(t.a, -t.e, rel_tol=1e-6)
    if own:
        west, north, side = t.c, t.f, t.a
        east, south = west + file.width * side, north - file.height * side
    else:
        west, south, east, north, side = cover(file, place)
    exact = own and (cell is None or math.isclose(cell, side, rel_tol=1e-6))
    if cell is not None and not exact:
        side = cell
    first, top, last, bottom = 0, 0, _cells(east - west, side), _cells(north - south, side)
    if bounds is not None:
        # whole cells of the same grid, so that cutting moves nothing
        e, n = place.origin[:2]
        first = max(first, math.floor((bounds[0] + e - west) / side + TINY))
        top = max(top, math.floor((north - bounds[3] - n) / side + TINY))
        last = min(last, _cells(bounds[2] + e - west, side))
        bottom = min(bottom, _cells(north - bounds[1] - n, side))
    rows, columns = bottom - top, last - first
    thin = (
        thinning(file, max(rows, columns)) if exact else max(1, math.ceil(max(rows, columns) / LARGEST_SIDE))
    )
    return (
        Grid(
            west + first * side,
            north - top * side,
            side * thin,
            math.ceil(rows / thin),
            math.ceil(columns / thin),
        ),
        exact,
    )


def thinning(file: Any, pixels: int) -> int:
    """Of so many pixels in a row every which one is taken: where it can be, those of an overview."""
    least = max(1, math.ceil(pixels / LARGEST_SIDE))
    return next((factor for factor in sorted(file.overviews(1)) if least <= factor < 2 * least), least)


def _cells(length: float, side: float) -> int:
    return math.ceil(length / side - TINY)


def cover(file: Any, place: Place) -> tuple[float, float, float, float, float]:
    """West, south, east, north of the file in the CRS of the place, and a side for square cells."""
    along = np.linspace(0.0, 1.0, 21)
    columns, rows = (axis.ravel() for axis in np.meshgrid(along * file.width, along * file.height))
    middle_column, middle_row = file.width / 2, file.height / 2
    columns = np.append(columns, [middle_column, middle_column + 0.5, middle_column])
    rows = np.append(rows, [middle_row, middle_row, middle_row + 0.5])
    t = file.transform
    east, north = t.a * columns + t.b * rows + t.c, t.d * columns + t.e * rows + t.f
    transformer = _transformer(file, place)
    if transformer is not None:
        east, north = transformer.transform(east, north)
    points = np.column_stack([east, north])
    (a, b), (c, d) = 2 * (points[-2:] - points[-3])
    side = math.sqrt(abs(a * d - b * c))
    usable = points[np.isfinite(points).all(axis=1)]
    if not len(usable) or not math.isfinite(side) or side == 0:
        raise ValueError(f"its coordinates do not exist in {place.crs}")
    low, high = usable.min(axis=0), usable.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1]), float(f"{side:.4g}")


def _transformer(file: Any, place: Place) -> Any:
    """From the CRS of the file to that of the place; None where they are the same."""
    from pyproj import CRS

    code = file.crs.to_epsg()  # a GeoTIFF that says more than the code would seem to be another CRS
    there = CRS.from_epsg(code) if code else CRS.from_wkt(file.crs.to_wkt())
    here = CRS.from_user_input(place.crs)
    if there.equals(here, ignore_axis_order=True):
        return None
    transformer = transformation(there, here)
    # one with heights may have lost its code, and moves nothing all the same
    column, row = np.array([0.0, file.width, file.width, 0.0]), np.array([0.0, 0.0, file.height, file.height])
    t = file.transform
    corners = np.array([t.a * column + t.b * row + t.c, t.d * column + t.e * row + t.f])
    moved = np.abs(np.array(transformer.transform(*corners)) - corners).max()
    return None if moved < UNMOVED * math.sqrt(abs(t.determinant)) else transformer


def window_of(file: Any, grid: Grid, place: Place) -> PixelWindow | None:
    """The pixels under the grid with a margin; None where there are none."""
    if grid.rows <= 0 or grid.columns <= 0:
        return None
    along = np.linspace(0.0, 1.0, 21)
    share_east, share_north = (axis.ravel() for axis in np.meshgrid(along, along))
    east = grid.west + share_east * grid.columns * grid.cell
    north = grid.north - share_north * grid.rows * grid.cell
    transformer = _transformer(file, place)
    if transformer is not None:
        east, north = transformer.transform(east, north, direction="INVERSE")
    inverse = ~file.transform
    column = inverse.a * east + inverse.b * north + inverse.c
    row = inverse.d * east + inverse.e * north + inverse.f
    usable = np.isfinite(column) & np.isfinite(row)
    if not usable.any():
        return None
    left, top = (max(0, math.floor(axis[usable].min() + TINY) - MARGIN) for axis in (column, row))
    right = min(file.width, math.ceil(column[usable].max() - TINY) + MARGIN)
    bottom = min(file.height, math.ceil(row[usable].max() - TINY) + MARGIN)
    if right - left <= 0 or bottom - top <= 0:
        return None
    return PixelWindow(top, left, bottom - top, right - left)


def warped(
    values: NDArray[np.float32],
    window: PixelWindow,
    grid: Grid,
    file: Any,
    place: Place,
    *,
    classes: bool = False,
) -> NDArray[np.float32]:
    """The pixels of a window, which may be thinned out, interpolated at the cells of the grid.

    classes: take the nearest pixel, as between two numbers of classes there is nothing.
    """
    from rasterio import Affine
    from rasterio.enums import Resampling
    from rasterio.warp import reproject

    found = np.full((grid.rows, grid.columns), np.nan, dtype=np.float32)
    rows, columns = values.shape
    scale = Affine.scale(window.columns / columns, window.rows / rows)
    reproject(
        values,
        found,
        src_transform=file.transform @ Affine.translation(window.column, window.row) @ scale,
        src_crs=file.crs,
        dst_transform=Affine(grid.cell, 0, grid.west, 0, -grid.cell, grid.north),
        dst_crs=place.crs,
        src_nodata=np.nan,
        dst_nodata=np.nan,
        resampling=Resampling.nearest if rows < window.rows or classes else Resampling.bilinear,
    )
    return found
