"""Fills the ground between sensors by inverse distance, and says by how much it errs where one is left out.

Shepard (1968), doi 10.1145/800186.810616: weights are 1/distance², all stations count. Nothing is said
outside the convex hull of the stations, nor where fewer than FEWEST of them are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPoint, contains_xy

from twin.model.raster import Raster

Floats = NDArray[np.float64]
FEWEST = 4
"""Fewer stations make no field."""
POWER = 2.0
NEAR = 1.0
"""Nearer than this to a station its own value is taken. [m]"""
ACROSS = 160
"""Cells along the longer side."""


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    """Values between stations."""

    raster: Raster
    """NaN outside the hull."""
    error: float
    """Root mean square of what a station is off when the others alone say its value. [unit of the values]"""
    bias: float
    """Mean of the same, what the others say minus what it says."""
    count: int
    """Stations that were used."""


def field(places: Floats, values: Floats, *, name: str, title: str, unit: str, source: str) -> Field | None:
    """The field of stations. places: (n, 2) [m]; values: (n,), NaN does not count.

    None: there are fewer than FEWEST, or they stand in a line.
    """
    known = np.isfinite(values) & np.isfinite(places[:, 0])
    places, values = places[known, :2], values[known]
    if len(values) < FEWEST:
        return None
    hull = MultiPoint(places).convex_hull
    if hull.geom_type != "Polygon":
        return None
    west, south, east, north = hull.bounds
    cell = max((east - west), (north - south)) / ACROSS
    columns, rows = (int(np.ceil((high - low) / cell)) for low, high in ((west, east), (south, north)))
    x = west + (np.arange(columns) + 0.5) * cell
    y = north - (np.arange(rows) + 0.5) * cell
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    inside = contains_xy(hull, grid)
    found = np.full(len(grid), np.nan, dtype=np.float32)
    found[inside] = weighted(places, values, grid[inside])
    off = left_out(places, values)
    raster = Raster(
        found.reshape(rows, columns), west, north, cell, id=name, title=title, unit=unit, source=source
    )
    return Field(raster, float(np.sqrt((off**2).mean())), float(off.mean()), len(values))


def weighted(places: Floats, values: Floats, at: Floats) -> Floats:
    """What stations say at other places: (m,). places: (n, 2), at: (m, 2). [m]"""
    away = np.hypot(at[:, None, 0] - places[None, :, 0], at[:, None, 1] - places[None, :, 1])
    weights = np.maximum(away, NEAR) ** -POWER
    return np.asarray((weights @ values) / weights.sum(axis=1))


def left_out(places: Floats, values: Floats) -> Floats:
    """For each station, what the others say there minus what it says: (n,)."""
    rows = np.arange(len(values))
    return np.array(
        [
            float(weighted(places[rows != row], values[rows != row], places[row : row + 1])[0]) - values[row]
            for row in rows
        ]
    )
