"""Cuts a GeoTIFF to an area, pixel by pixel, and writes it as a cloud-optimised one."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from twin.errors import DataError
from twin.formats import geotiff
from twin.formats.atomic import replace_file
from twin.model.place import Place

Bounds = tuple[float, float, float, float]
MOST_PIXELS = 400_000_000
"""Of what is cut out, all bands together."""


def clip(path: Path, out: Path, place: Place, bounds: Bounds) -> int:
    """Write the pixels within `bounds` (west, south, east, north, local [m]) as they are; how many.

    All bands, their names, the nodata value, scale, offset and the CRS of the file stay.
    Raises DataError: not a GeoTIFF, no CRS, nothing of it in the area, unreadable.
    """
    from pyproj import CRS, Transformer
    from rasterio import Affine
    from rasterio.io import MemoryFile
    from rasterio.windows import Window

    geotiff.summary(path)  # raises for what is none
    with geotiff.opened(path) as file:
        if not file.crs:
            raise DataError(path, "", "does not say its coordinate system", "Set it in a GIS, export again.")
        there = Transformer.from_crs(place.crs, CRS.from_wkt(file.crs.to_wkt()), always_xy=True)
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
            raise DataError(path, "", "does not overlap the area", "Choose one that covers it.")
        left, right = (
            max(0, math.floor(columns[known].min())),
            min(file.width, math.ceil(columns[known].max())),
        )
        top, bottom = max(0, math.floor(rows[known].min())), min(file.height, math.ceil(rows[known].max()))
        if right <= left or bottom <= top:
            raise DataError(path, "", "does not overlap the area", "Choose one that covers it.")
        count = int((right - left) * (bottom - top))
        if count * file.count > MOST_PIXELS:
            raise DataError(path, "", "has too many pixels in the area", "Take one with larger pixels.")
        window = Window(left, top, right - left, bottom - top)
        options = {
            "width": right - left,
            "height": bottom - top,
            "count": file.count,
            "dtype": file.dtypes[0],
            "crs": file.crs,
            "transform": file.transform @ Affine.translation(left, top),
            "nodata": file.nodata,
        }
        with MemoryFile() as memory:
            with memory.open(driver="COG", compress="deflate", **options) as made:
                made.write(file.read(window=window))
                made.scales, made.offsets = file.scales, file.offsets
                for band, (name, unit) in enumerate(zip(file.descriptions, file.units, strict=True), start=1):
                    made.set_band_description(band, name or "")
                    made.set_band_unit(band, unit or "")
                made.update_tags(**{k: v for k, v in file.tags().items() if k != "AREA_OR_POINT"})
            content = bytes(memory.getbuffer())
    replace_file(out, content)
    return count
