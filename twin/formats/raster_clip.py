"""Cuts GeoTIFFs to an area, pixel by pixel and tile by tile, and writes them as one cloud-optimised file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import geotiff
from twin.formats.atomic import replace_file
from twin.formats.tile_wise import in_order
from twin.model.place import Place
from twin.model.transformation import transformation

Bounds = tuple[float, float, float, float]
MOST_PIXELS = 400_000_000
"""Of what is cut out, all bands together."""
TILE = 1024
"""Side of what is read at a time. [pixel]"""
SAME = 0.01
"""Part of a pixel by which the grids of two files may miss each other."""


@dataclass(frozen=True, eq=False, slots=True)
class _Look:
    """What two files must share to become one, and what goes with the pixels."""

    path: Path
    crs: Any
    transform: Any
    count: int
    dtype: str
    nodata: float | None
    scales: tuple[float, ...]
    offsets: tuple[float, ...]
    names: tuple[str, ...]
    units: tuple[str, ...]
    colours: tuple[Any, ...]
    """What each band is of a picture."""
    palette: dict[int, tuple[int, ...]] | None
    tags: dict[str, str]
    left: int
    top: int
    right: int
    bottom: int
    """What of it lies in the area. [pixel]"""


def clip(
    paths: Path | Sequence[Path], out: Path, place: Place, bounds: Bounds, executor: Executor | None = None
) -> int:
    """Write the pixels within local `bounds` (west, south, east, north) as they are; how many have a value.

    paths: a file, a folder of files, or several, which become one: where two have a value, the first counts.
    All bands, their names, the nodata value, scale, offset, palette and the CRS of the first file stay.
    executor: reads the tiles; None: here, one after the other.
    Raises DataError: not a GeoTIFF, no CRS, nothing of it in the area, unreadable, grids that do not meet.
    """
    files = files_of([paths] if isinstance(paths, Path) else paths)
    looks = [look for path in files if (look := _look(path, place, bounds)) is not None]
    if not looks:
        raise DataError(files[0], "", "does not overlap the area", "Choose one that covers it.")
    first, *others = looks
    places = [(0, 0), *(_shift(first, other) for other in others)]
    left = min(look.left + x for look, (x, _) in zip(looks, places, strict=True))
    top = min(look.top + y for look, (_, y) in zip(looks, places, strict=True))
    columns = max(look.right + x for look, (x, _) in zip(looks, places, strict=True)) - left
    rows = max(look.bottom + y for look, (_, y) in zip(looks, places, strict=True)) - top
    if rows * columns * first.count > MOST_PIXELS:
        raise DataError(first.path, "", "has too many pixels in the area", "Take one with larger pixels.")
    whole = len(looks) == 1
    nodata = first.nodata if whole or first.nodata is not None else _nothing(np.dtype(first.dtype))
    pixels = np.full((first.count, rows, columns), 0 if nodata is None else nodata, dtype=first.dtype)
    tiles = [
        (look.path, *tile, tile[0] + x - left, tile[1] + y - top)
        for look, (x, y) in zip(looks, places, strict=True)
        for tile in _tiles(look)
    ]
    found = in_order(executor, read_tile, (tile[:5] for tile in tiles))
    for (*_, across, down), tile in zip(tiles, found, strict=True):
        there = pixels[:, down : down + tile.shape[1], across : across + tile.shape[2]]
        if whole:
            there[...] = tile
        else:
            np.copyto(there, tile, where=_absent(there, nodata))
    _write(out, pixels, first, left, top, nodata)
    return int((~_absent(pixels[0], nodata)).sum())


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The rasters of these files and folders. Raises DataError for a folder without any."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(file for file in path.iterdir() if file.suffix.lower() in (".tif", ".tiff", ".asc"))
        if not inside:
            raise DataError(path, "", "is a folder without a GeoTIFF", "Choose the folder of the tiles.")
        found += inside
    return found


def reaches(path: Path, place: Place, bounds: Bounds) -> bool:
    """Whether something of a file lies within local bounds. Raises DataError."""
    return _look(path, place, bounds) is not None


def read_tile(path: Path, column: int, row: int, columns: int, rows: int) -> NDArray[Any]:
    """The pixels of a part of a file: (bands, rows, columns). Raises DataError."""
    from rasterio.windows import Window

    with geotiff.opened(path) as file:
        return np.asarray(file.read(window=Window(column, row, columns, rows)))


def _look(path: Path, place: Place, bounds: Bounds) -> _Look | None:
    """What a file is; None where nothing of it lies in the area. Raises DataError."""
    from pyproj import CRS
    from rasterio.enums import ColorInterp

    with geotiff.opened(path) as file:
        if not file.crs:
            raise DataError(path, "", "does not say its coordinate system", "Set it in a GIS, export again.")
        there = transformation(place.crs, CRS.from_wkt(file.crs.to_wkt()))
        along = np.linspace(0.0, 1.0, 21)
        east = place.origin[0] + bounds[0] + along * (bounds[2] - bounds[0])
        north = place.origin[1] + bounds[1] + along * (bounds[3] - bounds[1])
        across, up = np.meshgrid(east, north)
        x, y = there.transform(across.ravel(), up.ravel())
        inverse = ~file.transform
        columns = inverse.a * x + inverse.b * y + inverse.c
        rows = inverse.d * x + inverse.e * y + inverse.f
        known = np.isfinite(columns) & np.isfinite(rows)
        if not known.any():
            return None
        left, top = (max(0, math.floor(axis[known].min())) for axis in (columns, rows))
        right = min(file.width, math.ceil(columns[known].max()))
        bottom = min(file.height, math.ceil(rows[known].max()))
        if right <= left or bottom <= top:
            return None
        return _Look(
            path=path,
            crs=file.crs,
            transform=file.transform,
            count=file.count,
            dtype=str(file.dtypes[0]),
            nodata=file.nodata,
            scales=tuple(file.scales),
            offsets=tuple(file.offsets),
            names=tuple(name or "" for name in file.descriptions),
            units=tuple(unit or "" for unit in file.units),
            colours=tuple(file.colorinterp),
            palette=file.colormap(1) if file.colorinterp[0] == ColorInterp.palette else None,
            tags={k: v for k, v in file.tags().items() if k != "AREA_OR_POINT"},
            left=left,
            top=top,
            right=right,
            bottom=bottom,
        )


def _shift(first: _Look, other: _Look) -> tuple[int, int]:
    """How many pixels right and down of the first file another begins. Raises DataError."""
    a, b = first.transform, other.transform
    side = max(abs(a.a), abs(a.e), abs(a.b), abs(a.d))
    corner = ~a @ (b.c, b.f)
    shift = round(corner[0]), round(corner[1])
    alike = all(
        math.isclose(getattr(a, part), getattr(b, part), rel_tol=1e-6, abs_tol=1e-9 * side) for part in "abde"
    )
    meets = max(abs(corner[0] - shift[0]), abs(corner[1] - shift[1])) <= SAME
    if first.crs != other.crs:
        why = f"is in another coordinate system than {first.path.name}"
    elif not (alike and meets):
        why = f"its pixels do not lie in the grid of {first.path.name}"
    elif (first.count, first.dtype, first.scales, first.offsets, first.palette) != (
        *(other.count, other.dtype, other.scales, other.offsets),
        other.palette,
    ):
        why = f"has other bands or values than {first.path.name}"
    elif first.nodata != other.nodata and not (first.nodata != first.nodata and other.nodata != other.nodata):
        why = f"says that there is no value by another number than {first.path.name}"
    else:
        return shift
    raise DataError(other.path, "", why, "Give the tiles of one raster, or one file.")


def _tiles(look: _Look) -> Iterator[tuple[int, int, int, int]]:
    """Column, row, columns and rows of each part."""
    for row in range(look.top, look.bottom, TILE):
        for column in range(look.left, look.right, TILE):
            yield column, row, min(TILE, look.right - column), min(TILE, look.bottom - row)


def _nothing(dtype: np.dtype[Any]) -> float:
    """A number that stands for no value, where files leave gaps between them and have none."""
    if dtype.kind == "f":
        return math.nan
    return float(np.iinfo(dtype).min)


def _absent(pixels: NDArray[Any], nodata: float | None) -> NDArray[np.bool_]:
    if nodata is None or nodata != nodata:
        return np.asarray(pixels != pixels)
    absent = pixels == nodata
    return np.asarray(absent | np.isnan(pixels) if pixels.dtype.kind == "f" else absent)


def _write(out: Path, pixels: NDArray[Any], look: _Look, left: int, top: int, nodata: float | None) -> None:
    from rasterio import Affine
    from rasterio.io import MemoryFile

    options = {
        "width": pixels.shape[2],
        "height": pixels.shape[1],
        "count": look.count,
        "dtype": look.dtype,
        "crs": look.crs,
        "transform": look.transform @ Affine.translation(left, top),
        "nodata": nodata,
    }
    with MemoryFile() as memory:
        with memory.open(driver="COG", compress="deflate", **options) as made:
            made.write(pixels)
            made.scales, made.offsets = look.scales, look.offsets
            made.colorinterp = look.colours
            if look.palette is not None:
                made.write_colormap(1, look.palette)
            for band, (name, unit) in enumerate(zip(look.names, look.units, strict=True), start=1):
                made.set_band_description(band, name)
                made.set_band_unit(band, unit)
            made.update_tags(**look.tags)
        content = bytes(memory.getbuffer())
    replace_file(out, content)
