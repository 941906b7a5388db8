"""Writes grids as GeoTIFF that other programs know the place, the unit and the origin of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats.atomic import replace_file
from twin.model.place import Place

NODATA = -9999.0
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
    from rasterio import Affine
    from rasterio.enums import Resampling
    from rasterio.errors import RasterioError
    from rasterio.io import MemoryFile

    filled = np.where(np.isfinite(values), values, np.float32(NODATA)).astype(np.float32)
    corner = Affine(cell, 0, west + place.origin[0], 0, -cell, north + place.origin[1])
    try:
        with MemoryFile() as memory:
            with memory.open(
                driver="GTiff",
                width=values.shape[1],
                height=values.shape[0],
                count=1,
                dtype="float32",
                crs=place.crs,
                transform=corner,
                nodata=NODATA,
                tiled=True,
                blockxsize=BLOCK,
                blockysize=BLOCK,
                compress="deflate",
                predictor=3,
            ) as file:
                file.write(filled, 1)
                file.set_band_description(1, title)
                file.set_band_unit(1, unit)
                file.update_tags(TITLE=title, UNIT=unit, **tags)
                factors = [factor for factor in (2, 4, 8, 16) if min(values.shape) // factor >= 64]
                if factors:
                    file.build_overviews(factors, Resampling.average)
            content = bytes(memory.getbuffer())
    except (RasterioError, ValueError) as error:
        raise DataError(path, "", f"cannot be written: {error}", "Choose another folder.") from error
    replace_file(path, content)
