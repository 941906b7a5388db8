"""The shape of the ground: heights on a grid, and the mesh of them that is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twin.model.raster import Raster

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Terrain:
    """Heights of the bare ground; beyond its edges they go on as they are there."""

    id: str
    title: str
    heights: Raster
    """Local heights, at the middles of the cells; a number in every cell. [m]"""
    datum: str = ""
    """What heights are measured from, as the file says it; empty: it does not."""
    source: str = ""
    """Owner and licence in one line."""
    gaps: NDArray[np.bool_] | None = None
    """The cells that had no height and were filled from around them, as `heights`; None: there are none."""
    others: tuple[str, ...] = ()
    """Ids of further sources it is made of: where two have a height, the first counts."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of all sources it is made of."""
        return (self.id, *self.others)

    @property
    def known(self) -> float:
        """Share of the cells that had a height. 0-1"""
        return 1.0 if self.gaps is None else 1.0 - float(self.gaps.mean())

    @property
    def lowest(self) -> float:
        """The height that stays where it is when heights are exaggerated. [m]"""
        return float(self.heights.values.min())


@dataclass(frozen=True, eq=False, slots=True)
class Relief:
    """The ground as triangles; the last of them go on beyond the data, as high as at its edge."""

    terrain: Terrain
    vertices: Floats
    """(n, 3), local, as high as they are drawn. [m]"""
    triangles: NDArray[np.int32]
    """(m, 3), all facing up."""
    inner: int
    """So many of the triangles are within the data."""
    rim: int
    """So many of the points, the last ones, are the outermost."""
    error: float
    """No height on the grid is further from the mesh than this. [m]"""
    exaggeration: float = 1.0


def height_at(terrain: Terrain, east: Floats, north: Floats) -> Floats:
    """Heights at local positions, between four cells; beyond the edge that of the edge. [m]"""
    grid = terrain.heights
    rows, columns = grid.values.shape
    x = np.clip((np.asarray(east, dtype=np.float64) - grid.west) / grid.cell - 0.5, 0, columns - 1)
    y = np.clip((grid.north - np.asarray(north, dtype=np.float64)) / grid.cell - 0.5, 0, rows - 1)
    column, row = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    right, below = np.minimum(column + 1, columns - 1), np.minimum(row + 1, rows - 1)
    u, v = x - column, y - row
    z = grid.values
    upper = z[row, column] * (1 - u) + z[row, right] * u
    lower = z[below, column] * (1 - u) + z[below, right] * u
    return np.asarray(upper * (1 - v) + lower * v, dtype=np.float64)


def on_grid(terrain: Terrain, bounds: tuple[float, float, float, float], cell: float) -> Raster:
    """Heights in the middles of the cells of another grid, which begins in the north-west. [m]"""
    west, south, east, north = bounds
    columns, rows = (max(1, int(np.ceil(side / cell - 1e-6))) for side in (east - west, north - south))
    x = west + (np.arange(columns) + 0.5) * cell
    y = north - (np.arange(rows) + 0.5) * cell
    found = height_at(terrain, *np.meshgrid(x, y)).astype(np.float32)
    return replace(terrain.heights, values=found, west=west, north=north, cell=cell)


def raised(terrain: Terrain, height: Floats, exaggeration: float) -> Floats:
    """As high as something on the ground is drawn where the ground is exaggerated. [m]"""
    return np.asarray(terrain.lowest + (height - terrain.lowest) * exaggeration)


@lru_cache(maxsize=4)
def exaggerated(relief: Relief, times: float) -> Relief:
    """The same ground, drawn so many times as high; the lowest place stays where it is."""
    if times == relief.exaggeration:
        return relief
    lowest = relief.terrain.lowest
    true = lowest + (relief.vertices[:, 2] - lowest) / relief.exaggeration
    vertices = np.column_stack([relief.vertices[:, :2], raised(relief.terrain, true, times)])
    return replace(relief, vertices=vertices, exaggeration=times)


@lru_cache(maxsize=8)
def described(terrain: Terrain, height_system: str) -> tuple[str, ...]:
    """What one must know of it, one sentence each. height_system: of the project."""
    told = []
    if not terrain.datum:
        told.append(f"{terrain.title}: nothing says what its heights are measured from.")
    elif height_system and plain(terrain.datum) != plain(height_system):
        told.append(
            f"{terrain.title}: its heights are in {terrain.datum}, those of the project in {height_system}; "
            "they are kept."
        )
    if terrain.known < 1.0:
        told.append(
            f"{terrain.title}: {1 - terrain.known:.1%} of it has no height and was filled from around."
        )
    return tuple(told)


def plain(datum: str) -> str:
    """A vertical datum without the words that only some write."""
    return datum.lower().replace("height", "").replace(" ", "").strip()
