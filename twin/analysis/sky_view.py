"""Works out how much of the sky each cell sees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from twin.analysis.sweep import OFTEN, Floats, Progress, in_threads, towards
from twin.model.raster import Raster


def sky_view(
    dsm: Raster,
    *,
    directions: int = 16,
    reach: float = 200.0,
    progress: Progress = lambda _fraction: None,
) -> Raster:
    """Share of the sky that each ground or roof cell sees, weighted as it lights a level plane, 0 to 1.

    dsm: heights of ground and roofs; cells without a value hide nothing and get none. [m]
    directions: in how many the horizon is looked for; even. 16 are good to 1 % in a street as high as wide,
        and to 4 % in one twice as high.
    reach: how far. [m]
    progress: told the fraction done; what it raises ends the work.
    The mean of cos² of the horizon's height: Dozier & Frew (1990), IEEE TGRS 28(5), 963, for a level plane,
    which in a street is the cosine of Johnson & Watson (1984), J. Climate Appl. Meteor. 23, 329.
    Raises ValueError for odd directions.
    """
    if directions < 2 or directions % 2:
        raise ValueError(f"directions come in opposite pairs, {directions} do not")
    missing = np.isnan(dsm.values)
    lowest = np.nanmin(dsm.values) if not missing.all() else 0.0
    # in cells, as the distances are
    heights: Floats = (np.where(missing, lowest, dsm.values) / dsm.cell).astype(np.float32)
    # half a step off the axes of the grid, or a wall along them would hide less than half the sky
    pairs = [360 * (number + 0.5) / directions for number in range(directions // 2)]

    def seen(azimuth: float, go_on: Progress) -> Floats:
        return _both_ways(heights, azimuth, reach / dsm.cell, go_on)

    total = np.zeros_like(heights)
    for grid in in_threads(seen, pairs, progress):
        total += grid
    total /= np.float32(directions)
    total[missing] = np.nan
    return replace(
        dsm,
        values=total,
        id="sky_view",
        title="Sky view factor",
        unit="",
        source="Computed from surface heights",
    )


def _both_ways(heights: Floats, azimuth: float, reach: float, go_on: Progress) -> Floats:
    """cos² of the horizon in a direction and cos² in the opposite one, added; all lengths in cells."""
    ahead, behind = np.zeros_like(heights), np.zeros_like(heights)
    buffer = np.empty_like(heights)
    rows, columns = heights.shape
    for step, (down, right, distance) in enumerate(towards(azimuth, heights.shape)):
        if distance > reach:
            break
        if step % OFTEN == 0:
            go_on(distance / reach)
        near = slice(max(0, -down), rows - max(0, down)), slice(max(0, -right), columns - max(0, right))
        far = slice(max(0, down), rows - max(0, -down)), slice(max(0, right), columns - max(0, -right))
        slope = buffer[: near[0].stop - near[0].start, : near[1].stop - near[1].start]
        np.subtract(heights[far], heights[near], out=slope)
        slope *= np.float32(1 / distance)
        # what rises seen from the near cell falls by as much seen from the far one
        np.maximum(ahead[near], slope, out=ahead[near])
        np.minimum(behind[far], slope, out=behind[far])
    for tangent in (ahead, behind):
        np.multiply(tangent, tangent, out=tangent)
        np.add(tangent, 1, out=tangent)
        np.reciprocal(tangent, out=tangent)
    return np.asarray(ahead + behind)
