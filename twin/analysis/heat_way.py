"""Says how much heat someone takes up who walks along a way."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float32]

STRONG = 32.0
"""UTCI over which heat stress is strong: COST Action 730. [°C]"""
PACE = 1.2
"""Of a grown-up who walks. [m/s]"""
LEAST = 0.5
"""Share of a way that must be known, to speak of it."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """Heat along a way."""

    length: float
    """[m]"""
    known: float
    """Share of the way where there is a value; the rest lies in buildings or outside of the area."""
    mean: float
    """[°C]"""
    lowest: float
    highest: float
    strong: float
    """Share of what is known that lies over STRONG."""

    @property
    def minutes_strong(self) -> float:
        """Time over STRONG at PACE, where it is known. [min]"""
        return self.length * self.known * self.strong / PACE / 60


def way_of(geometry: shapely.Geometry) -> NDArray[np.float64] | None:
    """The corners of a line, of several parts the longest: (n, 2) [m]; None of what is no line."""
    if shapely.get_dimensions(geometry) != 1:
        return None
    longest = max(shapely.get_parts(shapely.line_merge(geometry)), key=shapely.length)
    return np.asarray(shapely.get_coordinates(longest))


def exposure(
    values: Floats, line: NDArray[np.float64], *, west: float, north: float, cell: float
) -> Exposure | None:
    """Of one hour's UTCI or radiant temperature; None where less than LEAST of the way has a value.

    values: (rows, columns) [°C]; line: (n, 2) local metres; west, north: outer corner of the first cell. [m]
    """
    if len(line) < 2:
        return None
    found = along(values, line, west=west, north=north, cell=cell)
    there = found[np.isfinite(found)]
    known = len(there) / len(found)
    if known < LEAST:
        return None
    length = float(np.hypot(*np.diff(line, axis=0).T).sum())
    return Exposure(
        length,
        known,
        float(there.mean()),
        float(there.min()),
        float(there.max()),
        float((there > STRONG).mean()),
    )


def along(
    values: Floats, line: NDArray[np.float64], *, west: float, north: float, cell: float
) -> NDArray[np.float64]:
    """Values of a grid along a line, a sample every half cell; NaN outside and where there is none.

    line: (n, 2) local metres; west, north: outer corner of the first cell. [m]
    """
    parts = np.hypot(*np.diff(line, axis=0).T)
    far = np.concatenate([[0.0], np.cumsum(parts)])
    steps = np.linspace(0, far[-1], max(2, math.ceil(far[-1] / cell * 2) + 1))
    x, y = (np.interp(steps, far, line[:, axis]) for axis in (0, 1))
    column, row = np.floor((x - west) / cell).astype(int), np.floor((north - y) / cell).astype(int)
    rows, columns = values.shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    found = np.full(len(steps), np.nan)
    found[inside] = values[row[inside], column[inside]]
    return found
