"""Reads GeoTIFF and other rasters onto square cells in local metres."""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats.raster_bands import (
    MOST_FRAMES,
    band_labels,
    classes_of,
    coloured,
    palette_of,
    picture_bands,
)
from twin.formats.raster_grid import Bounds, Grid, PixelWindow, grid_of, thinning, warped, window_of
from twin.model.place import Place
from twin.model.raster import Raster

DRIVERS = {
    ".tif": "GTiff",
    ".tiff": "GTiff",
    ".asc": "AAIGrid",
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".nc": "netCDF",
}
"""What may reach GDAL, and the one driver that each ending gets."""
SUFFIXES = tuple(DRIVERS)
BESIDE = (".asc", ".png", ".jpg", ".jpeg", ".nc")
"""Formats that often leave the CRS to others; they are taken to be in that of the project."""
LARGEST_BLOCK = 512 * 2**20
"""What one block of the file may take in memory. [byte]"""
MOST_PIXELS = 2_000_000_000
"""Of the part that is read, where the file has no overviews to read instead."""


def read_raster(
    path: Path,
    *,
    id: str,
    title: str,
    unit: str = "",
    attribution: str = "",
    place: Place,
    layer: str = "",
    bounds: Bounds | None = None,
    cell: float | None = None,
) -> tuple[Raster, tuple[str, ...]]:
    """A file as a Raster, and what was left out or changed on the way.

    Of several bands each is a frame, but for those of a picture. A picture with a palette has its colours,
    and its numbers as values.

    layer: the variable of a file of several; empty: the one with the most cells.
    bounds: west, south, east, north, local; None: all of it. [m]
    cell: side of the cells; None: about the file's own. [m]
    Absent are the nodata value, NaN, infinity, and pixels outside the file; scale and offset are applied.
    Pixels that are square and north-up in the place's CRS are taken over as they are. All others are
    interpolated bilinearly (GDAL's warp), which is right for quantities and wrong for class numbers.
    More than 4000 rows or columns are thinned out by taking single pixels, so that nothing is invented.
    Raises DataError: not a GeoTIFF, no CRS, outside the bounds, too large, unreadable.
    """
    notices: list[str] = []
    with opened(path, layer) as given:
        file = given
        if given.crs is None and path.suffix.lower() in BESIDE:
            file = _Said(given, place.crs)
            notices.append(f"does not say its coordinate system; it was read in {place.crs}, the project's")
        bands, grid = _read(file, path, place, (bounds, cell), notices)
        palette = palette_of(file)
        picture, labels = picture_bands(file), band_labels(file)
        unit = unit or file.units[0] or ""
        tags = file.tags()
    image = _image(bands) if picture else None if palette is None else coloured(bands[0], palette)
    several = len(bands) > 1 and image is None
    raster = Raster(
        bands[0] if not picture else np.asarray(np.mean(bands[:3], axis=0), dtype=np.float32),
        image=image,
        frames=bands if several else (),
        labels=labels[: len(bands)] if several else (),
        west=grid.west - place.origin[0],
        north=grid.north - place.origin[1],
        cell=grid.cell,
        id=id,
        title=str(tags.get("TITLE", "")) or path.stem if title in ("", path.stem) else title,
        unit=unit,
        source=attribution or str(tags.get("SOURCE", "")),
        quantity=str(tags.get("quantity", "")),
        classes=() if palette is None else classes_of(bands[0], palette, tags),
        middle=_number(tags.get("MIDDLE")),
    )
    return raster, tuple(f"{raster.title}: {notice}" for notice in notices)


def _number(text: object) -> float | None:
    try:
        return float(str(text))
    except ValueError:
        return None


def summary(path: Path) -> dict[str, Any]:
    """Size, CRS and kind of values, unread. Raises DataError."""
    with opened(path) as file:
        return {
            "columns": int(file.width),
            "rows": int(file.height),
            "bands": int(file.count),
            "band names": list(band_labels(file)) if file.count > 1 else [],
            "picture": bool(picture_bands(file)),
            "palette": palette_of(file) is not None,
            "driver": str(file.driver),
            "type": str(file.dtypes[0]),
            "crs": file.crs.to_string() if file.crs else "",
            "pixel": [float(side) for side in file.res],
            "nodata": None if file.nodata is None or file.nodata != file.nodata else float(file.nodata),
            "overviews": [int(factor) for factor in file.overviews(1)],
        }


@contextmanager
def opened(path: Path, layer: str = "") -> Iterator[Any]:
    """The file for reading, by the driver of its ending alone; what goes wrong becomes a DataError.

    layer: the variable of a file of several.
    """
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning, RasterioError

    driver = DRIVERS.get(path.suffix.lower())
    if driver is None or not path.is_file() or str(path).startswith("/vsi"):
        raise DataError(path, "", "is no raster file that is read", f"Use one of {', '.join(DRIVERS)}.")
    # what lies beside a GeoTIFF could name other files; other formats need it to say where they lie
    beside = "EMPTY_DIR" if driver == "GTiff" else "FALSE"
    # this GDAL lacks some of the drivers that GDAL_SKIP names, and says so each time
    logging.getLogger("rasterio._env").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # said in check, as an error
            with (
                rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN=beside),
                rasterio.open(path, driver=driver, sharing=False) as file,
            ):
                if file.count or not file.subdatasets:
                    yield file
                    return
                name = _chosen(path, file, layer) if layer else _largest(file, driver)
                with rasterio.open(name, driver=driver, sharing=False) as part:
                    yield part
    except (RasterioError, ValueError, MemoryError) as error:
        why = str(error.__cause__ or error) or "it does not fit into memory"
        raise DataError(path, "", f"cannot be read: {why}", "Export it again as GeoTIFF.") from error


def variables_of(path: Path) -> tuple[str, ...]:
    """The variables of a file of several that are grids; empty for all other files. Raises DataError."""
    import rasterio

    if DRIVERS.get(path.suffix.lower()) != "netCDF":
        return ()
    found = []
    with opened(path) as part:
        crs = part.crs
    with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="FALSE"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is wrong with it is said when it is read
        with rasterio.open(path, driver="netCDF", sharing=False) as file:
            names = list(file.subdatasets)
        for name in names:
            with rasterio.open(name, driver="netCDF", sharing=False) as part:
                lies = not part.transform.is_identity and (part.crs is not None or crs is None)
                if lies and min(part.width, part.height) > 1:
                    found.append(_variable(name))
    return tuple(found)


def _chosen(path: Path, file: Any, layer: str) -> str:
    known = {_variable(str(name)): str(name) for name in file.subdatasets}
    if layer not in known:
        raise DataError(path, "", f"has no variable {layer!r}", f"Choose one of {', '.join(known)}.")
    return known[layer]


def _variable(name: str) -> str:
    """Of `netcdf:/path/file.nc:t2m`."""
    return name.rpartition(":")[2]


class _Said:
    """A file with the coordinate system that it does not say itself."""

    def __init__(self, file: Any, crs: str) -> None:
        from rasterio.crs import CRS

        self._file, self.crs = file, CRS.from_user_input(crs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _largest(file: Any, driver: str) -> str:
    """The variable of a file of several that has the most cells."""
    import rasterio

    def cells(name: str) -> int:
        with rasterio.open(name, driver=driver) as part:
            return int(part.width) * int(part.height) * int(part.count)

    return max((str(name) for name in file.subdatasets), key=cells)


def _read(
    file: Any, path: Path, place: Place, wanted: tuple[Bounds | None, float | None], notices: list[str]
) -> tuple[tuple[NDArray[np.float32], ...], Grid]:
    check(file, path)
    grid, exact = grid_of(file, place, *wanted)
    window = window_of(file, grid, place)
    if window is None:
        raise DataError(path, "", "does not overlap the area", "Choose one that covers it.")
    step = thinning(file, max(window.rows, window.columns))
    if step > 1:
        _check_thinning(file, path, window)
        notices.append(f"one pixel in {step} is shown in each direction")
    wanted_bands = picture_bands(file) or tuple(range(1, file.count + 1))
    if not picture_bands(file):
        most = max(1, MOST_FRAMES // (4 * grid.rows * grid.columns))
        if most < len(wanted_bands):
            notices.append(f"only the first {most} of {len(wanted_bands)} bands are shown: all are too much")
            wanted_bands = wanted_bands[:most]
    found = []
    for band in wanted_bands:
        values = _values(file, path, window, step, notices, band)
        if exact and step == 1:
            found.append(_placed(values, window, grid, file))
        else:
            found.append(warped(values, window, grid, file, place, classes=palette_of(file) is not None))
    if not exact:
        how = "interpolated" if palette_of(file) is None else "moved"
        notices.append(f"{how} onto square cells of {grid.cell:g} m in {place.crs}")
    if not any(np.isfinite(one).any() for one in found):
        notices.append("has no value in the area")
    return tuple(found), grid


def _image(bands: tuple[NDArray[np.float32], ...]) -> NDArray[np.uint8]:
    """Red, green, blue and alpha: (rows, columns, 4); clear where there is nothing."""
    image = np.empty((*bands[0].shape, 4), dtype=np.uint8)
    there = np.isfinite(bands[0])
    for number, band in enumerate(bands[:3]):
        image[..., number] = np.nan_to_num(band)
    image[..., 3] = np.where(there, np.nan_to_num(bands[3]) if len(bands) > 3 else 255, 0)
    return image


def check(file: Any, path: Path) -> None:
    """Raises DataError for what no place can be found for, or no number."""
    if file.count < 1:
        raise DataError(path, "", "has no band", "Export it again as GeoTIFF.")
    if file.crs is None:
        raise DataError(
            path, "", "does not say its coordinate system", "Set it in a GIS and export it again."
        )
    if file.transform.is_identity or not abs(file.transform.determinant) > 0:
        raise DataError(
            path, "", "does not say where it lies", "Georeference it in a GIS and export it again."
        )
    if np.dtype(file.dtypes[0]).kind == "c":
        raise DataError(path, "", "holds complex numbers", "Choose a raster of real values.")
    rows, columns = file.block_shapes[0]
    size = rows * columns * np.dtype(file.dtypes[0]).itemsize
    if size > LARGEST_BLOCK:
        raise DataError(
            path,
            "",
            f"is packed in blocks of {rows} × {columns}, {size / 2**30:.1f} GB each",
            "Export it again in tiles (Cloud Optimized GeoTIFF).",
        )


def _check_thinning(file: Any, path: Path, window: PixelWindow) -> None:
    if window.rows * window.columns > MOST_PIXELS and not file.overviews(1):
        raise DataError(
            path,
            "",
            f"has {window.columns} × {window.rows} pixels and no overviews",
            "Cut it to the area, or export it as Cloud Optimized GeoTIFF.",
        )


def _values(
    file: Any, path: Path, window: PixelWindow, step: int, notices: list[str], band: int = 1
) -> NDArray[np.float32]:
    """The pixels of a window, NaN where there is none, with scale and offset."""
    from rasterio.enums import Resampling
    from rasterio.errors import RasterioError
    from rasterio.windows import Window

    shape = (math.ceil(window.rows / step), math.ceil(window.columns / step))
    whole = Window(window.column, window.row, window.columns, window.rows)
    try:
        read = file.read(band, window=whole, out_shape=shape, masked=True, resampling=Resampling.nearest)
        return _plain(read, file, band)
    except RasterioError:
        if step > 1:
            raise
    # a block is broken: read one by one what is still whole
    found = np.full(shape, np.nan, dtype=np.float32)
    broken = 0
    height = file.block_shapes[0][0]
    for top in range(window.row - window.row % height, window.row + window.rows, height):
        first, last = max(top, window.row), min(top + height, window.row + window.rows)
        part = Window(window.column, first, window.columns, last - first)
        try:
            found[first - window.row : last - window.row] = _plain(
                file.read(band, window=part, masked=True), file, band
            )
        except RasterioError:
            broken += last - first
    if broken >= window.rows:
        raise DataError(path, "", "is damaged: no row can be read", "Copy it again from where it came.")
    notices.append(f"{broken} of {window.rows} rows left out: the file is damaged there")
    return found


def _plain(read: Any, file: Any, band: int) -> NDArray[np.float32]:
    scale, offset = file.scales[band - 1], file.offsets[band - 1]
    if read.dtype.itemsize <= 2 and (scale, offset) == (1.0, 0.0):  # nothing in these but whole numbers
        found = np.asarray(read.data, dtype=np.float32)
        if np.ma.is_masked(read):
            found[np.ma.getmaskarray(read)] = np.nan
        return found
    wide = np.ma.filled(read.astype(np.float64), np.nan)
    wide[~(np.abs(wide) < 1e38)] = np.nan  # infinity, and nodata values that were written inexactly
    if (scale, offset) != (1.0, 0.0):
        wide = wide * scale + offset
    return np.asarray(wide, dtype=np.float32)


def _placed(values: NDArray[np.float32], window: PixelWindow, grid: Grid, file: Any) -> NDArray[np.float32]:
    """The pixels themselves, moved to where the grid begins."""
    column = round((grid.west - file.transform.c) / grid.cell) - window.column
    row = round((file.transform.f - grid.north) / grid.cell) - window.row
    return np.ascontiguousarray(values[row : row + grid.rows, column : column + grid.columns])
