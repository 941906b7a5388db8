"""Reads surface temperature scenes of Landsat Collection 2 Level 2 onto one grid."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import geotiff
from twin.formats.raster_grid import Bounds, Grid, window_of
from twin.model.place import Place

ENDS = ("_ST_B10", "_QA_PIXEL", "_ST_QA")
"""What the files of temperature, of quality and of uncertainty are called after the name of the scene."""
_DATE = re.compile(r"_(\d{4})(\d{2})(\d{2})_\d{8}_")


@dataclass(frozen=True, eq=False, slots=True)
class LandsatScene:
    """The numbers of one scene as they are written, on the grid of the first one."""

    name: str
    date: str
    """As 2023-07-11; empty: its name does not say."""
    numbers: NDArray[np.int32]
    quality: NDArray[np.int32]
    doubt: NDArray[np.int32] | None
    """None: its file is not there."""
    west: float
    """National easting of the outer corner. [m]"""
    north: float
    cell: float
    crs: str


def read_scenes(
    paths: Sequence[Path], around: tuple[Place, Bounds] | None = None
) -> tuple[LandsatScene, ...]:
    """Scenes by their ST_B10 files, or by the folders these lie in.

    around: west, south, east, north in local metres of a place, of which no more than whole pixels are read;
    None: all of the first scene. Raises DataError.
    """
    found: list[LandsatScene] = []
    for path in paths:
        found.append(_read(temperature_of(path), found[0] if found else None, around))
    return tuple(found)


def temperature_of(path: Path) -> Path:
    """The file of surface temperature of a scene."""
    if path.is_dir():
        inside = sorted(each for each in path.iterdir() if each.stem.upper().endswith(ENDS[0]))
        if not inside:
            raise DataError(path, "", "holds no file *_ST_B10.TIF", "Choose a Level 2 scene with ST.")
        return inside[0]
    if not path.stem.upper().endswith(ENDS[0]):
        raise DataError(path, "", "is no file *_ST_B10.TIF", "Choose the surface temperature of a scene.")
    return path


def _read(path: Path, first: LandsatScene | None, around: tuple[Place, Bounds] | None) -> LandsatScene:
    stem = path.stem[: -len(ENDS[0])]
    beside = [path.with_name(f"{stem}{end}{path.suffix}") for end in ENDS]
    if not beside[1].is_file():
        problem = f"is without {beside[1].name}: clouds cannot be told from ground"
        raise DataError(path, "", problem, "Put it beside the temperature.")
    date = _DATE.search(path.name)
    with geotiff.opened(path) as file:
        geotiff.check(file, path)
        t = file.transform
        left, top, columns, rows = 0, 0, file.width, file.height
        if around is not None:
            place, (west, south, east, north) = around
            cells = math.ceil((north - south) / t.a), math.ceil((east - west) / t.a)
            x, y = place.origin[0] + west, place.origin[1] + north
            window = window_of(file, Grid(x, y, float(t.a), *cells), place)
            if window is None:
                raise DataError(path, "", "does not overlap the area", "Choose a scene that covers it.")
            left, top, columns, rows = window.column, window.row, window.columns, window.rows
        corner = t @ (left, top)
        grid = (float(corner[0]), float(corner[1]), float(t.a), file.crs.to_string(), (rows, columns))
    if first is not None:
        grid = (first.west, first.north, first.cell, first.crs, first.numbers.shape)
    numbers, quality = (_on(each, grid, fill) for each, fill in zip(beside[:2], (0, 1), strict=True))
    if numbers.shape == quality.shape and not (numbers != 0).any():
        raise DataError(path, "", "has no value in the area of the first scene", "Choose another scene.")
    doubt = _on(beside[2], grid, -9999) if beside[2].is_file() else None
    said = "-".join(date.groups()) if date else ""
    return LandsatScene(stem, said, numbers, quality, doubt, *grid[:4])


def _on(path: Path, grid: tuple[float, float, float, str, Any], fill: int) -> NDArray[np.int32]:
    """Band 1 on a grid, pixel for pixel: numbers and bits have nothing between them."""
    from rasterio import Affine
    from rasterio.enums import Resampling
    from rasterio.warp import reproject

    west, north, cell, crs, shape = grid
    there = Affine(cell, 0, west, 0, -cell, north)
    with geotiff.opened(path) as file:
        numbers = file.read(1).astype(np.int32)
        if file.transform == there and file.shape == tuple(shape):
            return np.asarray(numbers)
        found = np.full(shape, fill, dtype=np.int32)
        reproject(
            numbers,
            found,
            src_transform=file.transform,
            src_crs=file.crs,
            dst_transform=there,
            dst_crs=crs,
            dst_nodata=fill,
            init_dest_nodata=True,
            resampling=Resampling.nearest,
        )
    return found
