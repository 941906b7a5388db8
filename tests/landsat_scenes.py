"""Scenes as Landsat Collection 2 delivers them, small, near Helsinki."""

from pathlib import Path

import numpy as np
import rasterio
from rasterio import Affine


def scene(folder: Path, day: str, kelvin: np.ndarray, quality: np.ndarray, *, shift: int = 0) -> Path:
    stem = f"LC08_L2SP_188018_{day}_20230801_02_T1"
    there = Affine(30.0, 0, 380_000.0 + 30 * shift, 0, -30.0, 6_680_000.0)
    numbers = np.round((kelvin - 149.0) / 0.00341802)
    doubt = np.full(kelvin.shape, 150)
    for end, values, kind in (
        ("ST_B10", numbers, "uint16"),
        ("QA_PIXEL", quality, "uint16"),
        ("ST_QA", doubt, "int16"),
    ):
        options = {"height": kelvin.shape[0], "width": kelvin.shape[1], "count": 1, "dtype": kind}
        path = folder / f"{stem}_{end}.TIF"
        with rasterio.open(path, "w", driver="GTiff", crs="EPSG:32635", transform=there, **options) as file:
            file.write(values.astype(kind), 1)
    return folder / f"{stem}_ST_B10.TIF"


CLEAR, CLOUD = 21824, 22280
"""QA_PIXEL of clear land, and of cloud with high confidence (bit 3)."""
