"""Joins several grids of heights to one ground."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats.terrain import filled
from twin.model.project import owners
from twin.model.raster import Raster
from twin.model.terrain import Terrain, height_at, plain

MOST_CELLS = 100_000_000
"""Of a ground that is made of several files."""
SAME = 0.01
"""Part of a cell by which the grids of two files may miss each other."""


def joined(first: Terrain, other: Terrain, path: Path) -> tuple[Terrain, tuple[str, ...]]:
    """Both as one ground in the cells of the first, and what is to be told of that.

    Where both have a height, the first counts. path: of the other.
    Raises DataError where so much lies between them that it is no one ground.
    """
    grid, more = first.heights, other.heights
    west, north = (min(more.west, grid.west), max(more.north, grid.north))
    left, up = (math.ceil(side / grid.cell - SAME) for side in (grid.west - west, north - grid.north))
    east, south = max(grid.bounds[2], more.bounds[2]), min(grid.bounds[1], more.bounds[1])
    columns = left + math.ceil((east - grid.west) / grid.cell - SAME)
    rows = up + math.ceil((grid.north - south) / grid.cell - SAME)
    if rows * columns > MOST_CELLS:
        problem = f"lies so far from {first.title} that one ground of both would be too large"
        raise DataError(path, "", problem, "Add it to a project of its own.")
    values = np.full((rows, columns), np.nan, dtype=np.float32)
    whole = replace(grid, values=values, west=grid.west - left * grid.cell, north=grid.north + up * grid.cell)
    _put(other, whole)
    there = values[up : up + grid.values.shape[0], left : left + grid.values.shape[1]]
    np.copyto(there, grid.values, where=np.True_ if first.gaps is None else ~first.gaps)
    told = []
    if first.datum and other.datum and plain(first.datum) != plain(other.datum):
        told.append(f"{other.title}: its heights are in {other.datum}, those beside it in {first.datum}.")
    made = replace(
        first,
        heights=whole,
        datum=first.datum or other.datum,
        source=" · ".join(owners([first.source, other.source])),
        others=(*first.others, *other.sources),
    )
    return filled(made), tuple(told)


def _put(ground: Terrain, whole: Raster) -> None:
    """Writes the known heights of a ground into the cells of a larger grid, taken over or interpolated."""
    grid = ground.heights
    west, south, east, north = grid.bounds
    # the cells whose middle lies within
    first, last = (math.ceil((x - whole.west) / whole.cell - 0.5 - SAME) for x in (west, east))
    top, bottom = (math.ceil((whole.north - y) / whole.cell - 0.5 - SAME) for y in (north, south))
    x = whole.west + (np.arange(first, last) + 0.5) * whole.cell
    y = whole.north - (np.arange(top, bottom) + 0.5) * whole.cell
    across, up = np.meshgrid(x, y)
    heights: NDArray[np.float64] = height_at(ground, across, up)
    if ground.gaps is not None:
        rows, columns = ground.gaps.shape
        row = np.clip(((north - up) / grid.cell).astype(np.intp), 0, rows - 1)
        column = np.clip(((across - west) / grid.cell).astype(np.intp), 0, columns - 1)
        heights[ground.gaps[row, column]] = np.nan
    whole.values[top:bottom, first:last] = heights
