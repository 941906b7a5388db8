"""A grid of values on the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, slots=True)
class Raster:
    """Values on square cells, the first row in the north, the first column in the west."""

    values: NDArray[np.float32]
    """(rows, columns); NaN where there is no value."""
    west: float
    """Local easting of the outer edge of the first column. [m]"""
    north: float
    """Local northing of the outer edge of the first row. [m]"""
    cell: float
    """Side of a cell. [m]"""
    id: str = ""
    title: str = ""
    unit: str = ""
    source: str = ""
    """Where the values come from, in one line, with the licence."""
    image: NDArray[np.uint8] | None = None
    """(rows, columns, 4), red, green, blue and alpha, of a picture; its values are then their mean."""
    frames: tuple[NDArray[np.float32], ...] = ()
    """The values of each moment or band, where there are several; `values` is the first."""
    labels: tuple[str, ...] = ()
    """What each of the frames is: a moment as 2026-07-15T12:00+00:00, or a name."""
    quantity: str = ""
    """`surface temperature` of what must not be taken for the temperature of the air; else empty."""
    classes: tuple[tuple[str, str], ...] = ()
    """Name and colour of each class that occurs, where the values are numbers of classes."""
    middle: float | None = None
    """Where colours turn from one to another, as at the zero of a difference."""

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north. [m]"""
        rows, columns = self.values.shape
        return self.west, self.north - rows * self.cell, self.west + columns * self.cell, self.north


def value_at(raster: Raster, east: float, north: float) -> float:
    """The value of the cell at a local position [m]; NaN outside or without a value."""
    row, column = int((raster.north - north) // raster.cell), int((east - raster.west) // raster.cell)
    rows, columns = raster.values.shape
    if 0 <= row < rows and 0 <= column < columns:
        return float(raster.values[row, column])
    return float("nan")
