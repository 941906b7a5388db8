"""Knows from a world file where an aerial picture lies on the map."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WORLD = {".jpg": ".jgw", ".jpeg": ".jgw", ".png": ".pgw", ".tif": ".tfw", ".tiff": ".tfw", ".gif": ".gfw"}
"""Ending of the file that says where a picture lies on the map, by that of the picture."""


def raster_to_picture(path: Path) -> NDArray[np.float64] | None:
    """The matrix from map to picture, (2, 3), that the world file beside a picture means; None without one.

    Places in the picture go from 0 to 1 rightwards and up. Raises ValueError.
    """
    endings = dict.fromkeys((WORLD.get(path.suffix.lower(), ".wld"), path.suffix + "w", ".wld"))
    for beside in (path.with_suffix(ending) for ending in endings):
        if beside.is_file():
            break
    else:
        return None
    with beside.open(encoding="ascii", errors="replace") as file:
        words = file.read(4096).split()
    try:
        a, d, b, e, c, f = (float(word) for word in words)
    except ValueError as error:
        raise ValueError("its world file is not six numbers") from error
    if not np.isfinite([a, b, c, d, e, f]).all() or not a * e - b * d:
        raise ValueError("its world file is not six numbers that can be")
    width, height = _size(path)
    pixel = np.linalg.inv(np.array([[a, b], [d, e]]))
    corner = -pixel @ np.array([c, f]) + 0.5
    share = np.array([1 / width, -1 / height])
    return np.asarray(np.column_stack([pixel, corner]) * share[:, None] + [[0, 0, 0], [0, 0, 1]])


def _size(path: Path) -> tuple[int, int]:
    from PIL import Image, UnidentifiedImageError

    from twin.formats.texture import FORMATS

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow only warns of large pictures
            with Image.open(path, formats=FORMATS) as picture:
                return picture.size
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, Warning, ValueError) as error:
        raise ValueError("its file is no picture that can be read") from error
