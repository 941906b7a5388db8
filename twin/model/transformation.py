"""Knows the way from one coordinate system to another, and keeps it: PROJ searches long for it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproj import CRS, Transformer


@lru_cache(maxsize=64)
def transformation(here: CRS | str | int, there: CRS | str | int) -> Transformer:
    """From one CRS to another, easting or longitude first in both. int: an EPSG code.

    Any thread may use it. Raises pyproj.exceptions.CRSError for what is no CRS.
    """
    from pyproj import Transformer

    return Transformer.from_crs(here, there, always_xy=True)
