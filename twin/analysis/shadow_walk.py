"""The walk of `twin.analysis.shadow` in machine code: the same numbers, without holding the interpreter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.analysis.compiled import compiled
from twin.analysis.sweep import Floats

BLOCK = 16
"""So many cells of a row are passed over at once where none is as high as the ray."""
Whole = NDArray[np.int64]


def block_tops(heights: Floats) -> Floats:
    """The highest of every BLOCK cells of each row: (rows, blocks)."""
    rows, columns = heights.shape
    beyond = -columns % BLOCK
    whole = np.pad(heights, ((0, 0), (0, beyond)), mode="edge")
    return np.asarray(whole.reshape(rows, -1, BLOCK).max(axis=2))


@compiled
def block_sun(
    heights: Floats,
    row_tops: Floats,
    tops: Floats,
    down: Whole,
    right: Whole,
    drop: Floats,
    first_row: int,
    blocked: NDArray[np.bool_],
) -> None:
    """Marks where the ground or a building stands before the sun: (rows from `first_row` on, columns).

    tops: as of `block_tops`; down, right, drop: the steps towards the sun, and how far the ray has risen.
    """
    rows, columns = heights.shape
    horizon = np.empty(columns, dtype=np.float32)
    for row in range(len(blocked)):
        own = heights[first_row + row]
        lowest = own.min()
        for column in range(columns):
            horizon[column] = own[column]
        for k in range(len(down)):
            other, shift, fallen = first_row + row + down[k], right[k], drop[k]
            if other < 0 or other >= rows:
                break
            if row_tops[other] - fallen <= lowest:
                continue
            for block in range(tops.shape[1]):
                if tops[other, block] - fallen <= lowest:
                    continue
                first = max(block * BLOCK - shift, 0)
                last = min(min(block * BLOCK + BLOCK, columns) - shift, columns)
                if first >= last:
                    continue
                # from slices, so that the compiler sees no index that could wrap, and takes eight at once
                high, seen = heights[other, first + shift :], horizon[first:last]
                for i in range(len(seen)):
                    found = high[i] - fallen
                    seen[i] = found if found > seen[i] else seen[i]
        for column in range(columns):
            blocked[row, column] = horizon[column] > own[column]


@compiled
def dim(
    heights: Floats,
    row: Whole,
    column: Whole,
    top: Floats,
    trunk: Floats,
    through: Floats,
    down: Whole,
    right: Whole,
    drop: Floats,
    before: Floats,
    light: Floats,
) -> None:
    """Lets each cell have what comes through the darkest crown before the sun.

    row to through: the cells of crowns, the tallest first; before: `drop` of the step before.
    """
    rows, columns = heights.shape
    for k in range(len(down)):
        for tree in range(len(row)):
            high = top[tree] - before[k]
            if high < 0:
                break
            y, x = row[tree] - down[k], column[tree] - right[k]
            if 0 <= y < rows and 0 <= x < columns:
                ground = heights[y, x]
                if high > ground and trunk[tree] - drop[k] <= ground and through[tree] < light[y, x]:
                    light[y, x] = through[tree]
