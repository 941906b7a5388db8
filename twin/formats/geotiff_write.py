"""Writes grids as GeoTIFF that other programs know the place, the unit and the origin of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats.atomic import replace_file
from twin.model.place import Place

NODATA, NO_CLASS = -9999.0, 255
BLOCK = 256


def write_raster(
    path: Path,
    values: NDArray[np.float32],
    *,
    west: float,
    north: float,
    cell: float,
    place: Place,
    unit: str,
    title: str,
    tags: Mapping[str, str],
) -> None:
    """One band of float32, tiled and deflated, with overviews; NaN becomes NODATA.

    west, north: local outer corner of the first cell. [m] tags: what else it should say of itself.
    Raises DataError where it cannot be written.
    """
    from rasterio.enums import Resampling

    filled = np.where(np.isfinite(values), values, np.float32(NODATA)).astype(np.float32)
    corner = (west + place.origin[0], north + place.origin[1], cell)
    said = {"TITLE": title, "UNIT": unit, **tags}
    options = {"dtype": "float32", "nodata": NODATA, "predictor": 3, "crs": place.crs}
    _write(path, filled, corner, options, said, Resampling.average)


def write_classes(
    path: Path,
    values: NDArray[np.float32],
    classes: Sequence[tuple[str, tuple[int, int, int]]],
    *,
    west: float,
    north: float,
    cell: float,
    place: Place,
    title: str,
    tags: Mapping[str, str],
) -> None:
    """Numbers of classes, of which each has a name and a colour; NaN becomes NO_CLASS.

    Otherwise as `write_raster`. Raises DataError where it cannot be written.
    """
    from rasterio.enums import Resampling

    numbers = np.where(np.isfinite(values), values, np.float32(NO_CLASS)).astype(np.uint8)
    corner = (west + place.origin[0], north + place.origin[1], cell)
    names = {f"CLASS_{number}": name for number, (name, _) in enumerate(classes)}
    said = {"TITLE": title, "UNIT": "", **tags, **names}
    options = {"dtype": "uint8", "nodata": NO_CLASS, "crs": place.crs}
    palette = {number: (*colour, 255) for number, (_, colour) in enumerate(classes)}
    # between two numbers of classes there is nothing
    _write(path, numbers, corner, options, said, Resampling.nearest, palette)


def _write(
    path: Path,
    values: NDArray[Any],
    corner: tuple[float, float, float],
    options: Mapping[str, Any],
    tags: Mapping[str, str],
    coarser: Any,
    palette: Mapping[int, tuple[int, ...]] | None = None,
) -> None:
    from rasterio import Affine
    from rasterio.errors import RasterioError
    from rasterio.io import MemoryFile

    west, north, cell = corner
    try:
        with MemoryFile() as memory:
            with memory.open(
                driver="GTiff",
                width=values.shape[1],
                height=values.shape[0],
                count=1,
                transform=Affine(cell, 0, west, 0, -cell, north),
                tiled=True,
                blockxsize=BLOCK,
                blockysize=BLOCK,
                compress="deflate",
                **options,
            ) as file:
                file.write(values, 1)
                if palette is not None:
                    file.write_colormap(1, palette)
                file.set_band_description(1, tags["TITLE"])
                file.set_band_unit(1, tags["UNIT"])
                file.update_tags(**tags)
                factors = [factor for factor in (2, 4, 8, 16) if min(values.shape) // factor >= 64]
                if factors:
                    file.build_overviews(factors, coarser)
            content = bytes(memory.getbuffer())
    except (RasterioError, ValueError) as error:
        raise DataError(path, "", f"cannot be written: {error}", "Choose another folder.") from error
    replace_file(path, content)
