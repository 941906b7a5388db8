"""Checks the rings of large CityJSON files in machine code."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.formats.compiled import compiled

OUTSIDE, TOO_LARGE, FEW = 1, 2, 3
"""As in `cityjson_rings`."""


@compiled
def check(
    numbers: NDArray[np.int32],
    starts: NDArray[np.int32],
    base: NDArray[np.int32],
    limit: NDArray[np.int32],
    positions: NDArray[np.float64],
    farthest: float,
) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """How many corners each ring has without last ones that repeat its first, and what is wrong with it.

    starts: (r + 1,), where each ring begins. base, limit: (r,), the vertex that its number 0 means, and how
    many it may use.
    """
    lengths = np.zeros(len(base), np.int32)
    fault = np.zeros(len(base), np.int8)
    for ring in range(len(base)):
        start, end, first = starts[ring], starts[ring + 1], base[ring]
        wrong = 0
        for k in range(start, end):
            if numbers[k] >= limit[ring]:
                wrong = OUTSIDE
                break
            at = first + numbers[k]
            for axis in range(3):
                # comparing this way round is false for what is no number
                if not abs(positions[at, axis]) < farthest:
                    wrong = TOO_LARGE
        fault[ring] = wrong
        if wrong:
            continue
        while end > start + 1 and _same(positions, first + numbers[end - 1], first + numbers[start]):
            end -= 1
        lengths[ring] = end - start
        second, different = start, 1
        for k in range(start + 1, end):
            if _same(positions, first + numbers[k], first + numbers[start]):
                continue
            if different == 1:
                second, different = k, 2
            elif not _same(positions, first + numbers[k], first + numbers[second]):
                different = 3
                break
        if different < 3:
            fault[ring] = FEW
    return lengths, fault


@compiled
def _same(positions: NDArray[np.float64], first: int, second: int) -> bool:
    x = positions[first, 0] == positions[second, 0]
    y = positions[first, 1] == positions[second, 1]
    return bool(x and y and positions[first, 2] == positions[second, 2])
