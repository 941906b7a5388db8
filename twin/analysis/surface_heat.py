"""Surface temperature from Landsat scenes: in degrees, without clouds, put together, and where it is hot.

Landsat 8-9 Collection 2 Level 2 Science Product Guide (USGS LSDS-1619), tables 6-3 and 7-1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
GAIN, OFFSET = 0.00341802, 149.0
"""Of band ST_B10: K = GAIN · DN + OFFSET."""
FILL = 0
KELVIN = 273.15
NOT_CLEAR = 0b111110
"""Bits 1 to 5 of QA_PIXEL: dilated cloud, cirrus, cloud, shadow of clouds, snow."""
DOUBT, NO_DOUBT = 0.01, -9999
"""Of band ST_QA: K = DOUBT · DN."""
FINEST = 30.0
"""Side of the pixels as they are delivered; the sensor itself sees 100 m. [m]"""


@dataclass(frozen=True, slots=True)
class HotSpots:
    """Where a surface is hotter than the area is, in standard deviations."""

    classes: Floats
    """2: over mean + 2 deviations, 1: over mean + 1, 0: else; NaN where nothing is known."""
    mean: float
    deviation: float


def celsius(numbers: NDArray[np.integer], quality: NDArray[np.integer]) -> Floats:
    """Surface temperature where the sky was clear, NaN elsewhere. [°C]"""
    there = (numbers != FILL) & ((quality & NOT_CLEAR) == 0) & ((quality & 1) == 0)
    found = numbers.astype(np.float64) * GAIN + OFFSET - KELVIN
    return np.where(there, found, np.nan).astype(np.float32)


def uncertainty(numbers: NDArray[np.integer]) -> Floats:
    """How far off a surface temperature may be, as the product says; NaN where it does not. [K]"""
    return np.where(numbers != NO_DOUBT, numbers.astype(np.float64) * DOUBT, np.nan).astype(np.float32)


def composite(
    scenes: Sequence[Floats], how: Literal["median", "mean"] = "median"
) -> tuple[Floats, NDArray[np.int32]]:
    """Several scenes of one grid as one, and how many were clear at each cell."""
    stack = np.stack(scenes)
    count = np.isfinite(stack).sum(axis=0).astype(np.int32)
    found = np.full(stack.shape[1:], np.nan, dtype=np.float32)
    clear = count > 0
    reduce = np.nanmedian if how == "median" else np.nanmean
    found[clear] = reduce(stack[:, clear], axis=0)
    return found, count


def anomaly(temperature: Floats) -> Floats:
    """Each cell less the mean of the area. [K]"""
    if not np.isfinite(temperature).any():
        return temperature
    return np.asarray(temperature - np.nanmean(temperature, dtype=np.float64), dtype=np.float32)


def hot_spots(temperature: Floats) -> HotSpots:
    """Cells over mean + 1 and mean + 2 standard deviations of the area."""
    present = temperature[np.isfinite(temperature)].astype(np.float64)
    if not present.size:
        return HotSpots(np.full(temperature.shape, np.nan, dtype=np.float32), np.nan, np.nan)
    mean, deviation = float(present.mean()), float(present.std())
    classes = np.full(temperature.shape, np.nan, dtype=np.float32)
    known = np.isfinite(temperature)
    above = temperature[known] - mean
    classes[known] = (above > deviation).astype(np.float32) + (above > 2 * deviation)
    return HotSpots(classes, mean, deviation)
