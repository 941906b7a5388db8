"""Works out where the sun reaches the ground and a person, fast enough for many times of a day.

The same walk as `twin.analysis.shadow`, for two heights at once and as a compiled loop.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from twin.analysis.compiled import compiled
from twin.analysis.sky_patches import Floats, Prepared, Window, steps_of, whole
from twin.analysis.sun import Sun

REACH = 500.0
"""How far a shadow is followed. [m]"""
_CEILING_EVERY = 8


def sunlit(
    ready: Prepared,
    sun: Sun,
    *,
    transmissivity: float,
    eye: float,
    reach: float = REACH,
    window: Window | None = None,
) -> tuple[Floats, Floats]:
    """Share of direct sun on the ground and at a height `eye` [m] above it, 0 to 1: (rows, columns) each.

    transmissivity: share that comes through a crown. window: the part that is asked for.
    All 0 when the sun is down.
    """
    window = window or whole(ready.heights)
    ground, body = (np.zeros((window.rows, window.columns), dtype=np.float32) for _ in range(2))
    if sun.altitude > 0:
        steps = steps_of(sun.azimuth, ready, reach)
        tangent = np.float32(math.tan(math.radians(sun.altitude)))
        through = np.float32(transmissivity)
        light = tangent, ready.ceiling, through
        _sunlit(*ready.arrays, np.float32(eye), *steps, *light, window.top, window.left, ground, body)
    return ground, body


@compiled
def _sunlit(  # noqa: PLR0912  # one loop nest, cut up it would be slower and no clearer
    heights: Floats,
    row_start: NDArray[np.int64],
    crown_column: NDArray[np.int64],
    crown_top: Floats,
    crown_trunk: Floats,
    eye: np.float32,
    down: NDArray[np.int64],
    right: NDArray[np.int64],
    metres: Floats,
    tangent: np.float32,
    ceiling: np.float32,
    through: np.float32,
    above: int,
    left: int,
    ground: Floats,
    body: Floats,
) -> None:
    all_rows, all_columns = heights.shape
    rows, columns = ground.shape
    horizon = np.empty(columns, dtype=np.float32)
    crowns = np.empty(columns, dtype=np.uint8)
    highest = crown_top.max() if len(crown_top) else np.float32(-1e9)
    for row in range(rows):
        own = heights[row + above, left : left + columns]
        lowest = own.min()
        for column in range(columns):
            horizon[column] = own[column]
            crowns[column] = 0
        before = np.float32(0)
        for k in range(len(down)):
            other, shift = row + above + down[k], right[k] + left
            if other < 0 or other >= all_rows:
                break
            if k % _CEILING_EVERY == 0 and lowest + before > ceiling:
                break
            drop = metres[k] * tangent
            near = highest - before > lowest  # farther on, the ray is above the highest crown of all
            for i in range(row_start[other], row_start[other + 1] if near else row_start[other]):
                column = crown_column[i] - shift
                if column < 0 or column >= columns:
                    continue
                top, trunk, foot = crown_top[i] - before, crown_trunk[i] - drop, own[column]
                if top > foot and trunk <= foot:
                    crowns[column] |= 1
                if top > foot + eye and trunk <= foot + eye:
                    crowns[column] |= 2
            first, last = max(0, -shift), min(columns, all_columns - shift)
            if first >= last:
                before = drop
                continue
            # from slices, so that the compiler sees no index that could wrap, and takes eight cells at once
            high, seen = heights[other, first + shift :], horizon[first:last]
            for i in range(len(seen)):
                found = high[i] - drop
                seen[i] = found if found > seen[i] else seen[i]
            before = drop
        for column in range(columns):
            over = horizon[column] - own[column]
            if over <= 0:
                ground[row, column] = through if crowns[column] & 1 else np.float32(1)
            if over <= eye:
                body[row, column] = through if crowns[column] & 2 else np.float32(1)
