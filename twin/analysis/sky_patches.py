"""Works out what each cell sees around itself: sky, walls and crowns, patch by patch.

The sky is cut into AZIMUTHS sectors and 8 bands, as fine as the 145-153 patches of Tregenza (1987),
Lighting Res. Technol. 19, 13, that SOLWEIG uses. In each sector the height of walls is kept to half a degree,
so that walls cut bands; crowns hide whole bands. Memory: 2 x AZIMUTHS bytes a cell.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.analysis.compiled import compiled
from twin.analysis.sweep import WORKERS, towards

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Check = Callable[[], None]

AZIMUTHS = 32
"""Sectors, a multiple of 4 so that turning the scene by 90° changes nothing. Their middles lie half a step
off the axes of the grid, or a wall along an axis would hide less than half the sky."""
EDGES = (0.0, 12.0, 24.0, 36.0, 48.0, 60.0, 72.0, 84.0, 90.0)
"""Of the bands. [deg]"""
LOWEST_BAND = 6.0
"""Where the lowest band is asked for crowns: a crown that is seen lower is not seen. [deg]"""
STEPS = 180
"""Heights of walls are kept in ninety degrees' worth of these: half a degree each."""
BLOCK = 64
"""Cells of a row that are passed over together where nothing stops their rays."""
REACH = 250.0
"""How far is looked: 25 m of wall so far away hides 1 % of what comes from one side. [m]"""
_CENTRES = np.tan(np.radians([LOWEST_BAND, 18.0, 30.0, 42.0, 54.0, 66.0, 78.0])).astype(np.float32)
_CEILING_EVERY = 8


@dataclass(frozen=True, eq=False, slots=True)
class Surroundings:
    """Heights of all that stands there, on one grid, the first row in the north. [m]"""

    surface: Floats
    """Of ground and roofs; NaN where nobody knows."""
    cell: float
    tops: Floats | None = None
    """Of crowns, in the heights of `surface`; NaN where there is none."""
    trunks: Floats | None = None
    """Where those crowns begin."""

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Cells without a height."""
        return np.isnan(self.surface)


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a grid."""

    top: int
    left: int
    rows: int
    columns: int

    def of(self, grid: NDArray[Any]) -> NDArray[Any]:
        """The part of a grid (rows, columns)."""
        return grid[self.top : self.top + self.rows, self.left : self.left + self.columns]


def whole(grid: NDArray[Any]) -> Window:
    """The window that is all of a grid."""
    return Window(0, 0, *grid.shape)


@dataclass(frozen=True, eq=False, slots=True)
class Sky:
    """What each cell sees, sector by sector from north by east."""

    walls: Bytes
    """(AZIMUTHS, rows, columns): how high ground and buildings stand, in half degrees above the horizon."""
    crowns: Bytes
    """(AZIMUTHS, rows, columns): bit b is set where a crown stands in band b, before any wall."""
    missing: NDArray[np.bool_]


def azimuths() -> NDArray[np.float64]:
    """Middles of the sectors, clockwise from north. [deg]"""
    return (np.arange(AZIMUTHS) + 0.5) * 360 / AZIMUTHS


def look_around(
    scene: Surroundings,
    *,
    eye: float = 0.0,
    reach: float = REACH,
    check: Check = lambda: None,
    ready: Prepared | None = None,
    window: Window | None = None,
) -> Sky:
    """What each cell sees from a height [m] above its surface, out to `reach` [m].

    ready: the scene as `prepared` has it, when it is at hand. window: the part that is asked for; all around
    it is looked at nevertheless, so a part is the same as that part of the whole.
    check: called between sectors; what it raises ends the work.
    Walks away from all cells at once, one cell a step along the steeper axis and the nearest one across,
    as `twin.analysis.shadow`. A ray is stopped by a crown where it passes the crown's cell between trunk
    and top: Lindberg & Grimmond (2011), TAC 105, 311. Raises ValueError where no cell has a height.
    """
    ready = ready or prepared(scene)
    window = window or whole(ready.heights)
    rows, columns = window.rows, window.columns
    walls = np.zeros((AZIMUTHS, rows, columns), dtype=np.uint8)
    crowns = np.zeros((AZIMUTHS, rows, columns), dtype=np.uint8)

    def one(number: int) -> None:
        check()
        steps = steps_of(float(azimuths()[number]), ready, reach)
        corner = window.top, window.left
        found = walls[number], crowns[number]
        limits = ready.ceiling, ready.peaks
        _look(*ready.arrays, np.float32(eye), *steps, _CENTRES, *limits, *corner, *found)

    in_pool(one, range(AZIMUTHS))
    return Sky(walls, crowns, window.of(scene.missing))


def in_pool(work: Callable[[int], None], numbers: range) -> None:
    """Do work that lets go of the interpreter in WORKERS threads; the first error ends it."""
    with ThreadPoolExecutor(WORKERS, "heat") as pool:
        jobs = [pool.submit(work, number) for number in numbers]
        try:
            for job in jobs:
                job.result()
        finally:
            for job in jobs:
                job.cancel()


@dataclass(frozen=True, eq=False, slots=True)
class Prepared:
    """Surroundings as the loops want them; crowns as a list sorted by row."""

    heights: Floats
    cell: float
    ceiling: np.float32
    """The highest top of all."""
    row_start: NDArray[np.int64]
    """(rows + 1,): where each row's crowns begin in the lists below."""
    crown_column: NDArray[np.int64]
    crown_top: Floats
    crown_trunk: Floats
    peaks: Floats
    """The highest of each BLOCK cells of a row: (rows, blocks)."""

    @property
    def arrays(self) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
        """Heights and crowns, in the order of the loops' arguments."""
        return self.heights, self.row_start, self.crown_column, self.crown_top, self.crown_trunk


def prepared(scene: Surroundings) -> Prepared:
    """Ready for the loops; cells without a height hide nothing. Raises ValueError when none has one."""
    missing = scene.missing
    if missing.all():
        raise ValueError("no cell has a height")
    lowest = np.float32(np.nanmin(scene.surface))
    heights = np.where(missing, np.float32(0), scene.surface - lowest).astype(np.float32)
    ceiling = heights.max()
    row = column = np.zeros(0, dtype=np.int64)
    top = trunk = np.zeros(0, dtype=np.float32)
    if scene.tops is not None and scene.trunks is not None:
        with np.errstate(invalid="ignore"):
            there = (scene.tops > scene.surface) & ~missing
        row, column = (found.astype(np.int64) for found in np.nonzero(there))
        top = (scene.tops[there] - lowest).astype(np.float32)
        trunk = (scene.trunks[there] - lowest).astype(np.float32)
        ceiling = max(ceiling, top.max(initial=np.float32(0)))
    start = np.searchsorted(row, np.arange(heights.shape[0] + 1)).astype(np.int64)
    blocks = -(-heights.shape[1] // BLOCK)
    padded = np.pad(heights, ((0, 0), (0, blocks * BLOCK - heights.shape[1])))
    peaks = padded.reshape(len(heights), blocks, BLOCK).max(axis=2)
    return Prepared(heights, scene.cell, np.float32(ceiling), start, column, top, trunk, peaks)


def steps_of(
    azimuth: float, ready: Prepared, reach: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Cells down and right of the steps in a direction, and how far they lead. [m]"""
    found = []
    for down, right, distance in towards(azimuth, ready.heights.shape):
        if distance * ready.cell > reach:
            break
        found.append((down, right, distance * ready.cell))
    down, right, metres = np.array(found or np.zeros((0, 3))).T
    return down.astype(np.int64), right.astype(np.int64), metres.astype(np.float32)


@dataclass(frozen=True, eq=False, slots=True)
class SkyViewFactors:
    """Shares of the sky as it lights a level plane, 0 to 1; each (rows, columns), NaN without a height."""

    buildings: Floats
    """That ground and buildings leave open."""
    crowns: Floats
    """That crowns leave open, where no building hides it already."""
    total: Floats
    """That is left of `buildings` when crowns let `transmissivity` through."""


def sky_view_factors(sky: Sky, *, transmissivity: float = 0.03) -> SkyViewFactors:
    """The usual summary of what cells see, by sector: Johnson & Watson (1984), JCAM 23, 329."""
    shape = sky.missing.shape
    level = np.sin(np.radians(np.arange(STEPS + 1) / 2)) ** 2  # of a ring from the horizon up
    edge = [int(2 * height) for height in EDGES]
    open_ = (1 - level).astype(np.float32)
    hidden = np.zeros((256, STEPS + 1))  # by crowns alone, by their bits and the height of walls
    height = np.arange(STEPS + 1)
    for band in range(8):
        low, high = edge[band], edge[band + 1]
        middle = np.clip(height, low, high)
        has = (np.arange(256) >> band & 1 == 1)[:, None]
        hidden += np.where(has, level[high] - level[middle], 0)
    hidden = hidden.astype(np.float32)
    buildings, crowns = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    for walls, bits in zip(sky.walls, sky.crowns, strict=True):
        buildings += open_[walls]
        crowns += hidden[bits, walls]
    nan = np.where(sky.missing, np.float32(np.nan), np.float32(0))
    buildings, crowns = buildings / np.float32(AZIMUTHS), crowns / np.float32(AZIMUTHS)
    total = buildings - np.float32(1 - transmissivity) * crowns
    return SkyViewFactors(buildings + nan, 1 - crowns + nan, np.maximum(total, 0) + nan)


@compiled
def _look(  # noqa: PLR0912, PLR0915  # one loop nest, cut up it would be slower and no clearer
    heights: Floats,
    row_start: NDArray[np.int64],
    crown_column: NDArray[np.int64],
    crown_top: Floats,
    crown_trunk: Floats,
    eye: np.float32,
    down: NDArray[np.int64],
    right: NDArray[np.int64],
    metres: Floats,
    tangents: Floats,
    ceiling: np.float32,
    peaks: Floats,
    above: int,
    left: int,
    walls: Bytes,
    crowns: Bytes,
) -> None:
    all_rows, all_columns = heights.shape
    rows, columns = walls.shape
    level = np.empty(columns, dtype=np.float32)
    slope = np.empty(columns, dtype=np.float32)
    bits = np.empty(columns, dtype=np.uint8)
    highest = crown_top.max() if len(crown_top) else np.float32(-1e9)
    blocks = (columns + BLOCK - 1) // BLOCK
    lowest = np.empty(blocks, dtype=np.float32)
    for row in range(rows):
        for column in range(columns):
            level[column] = heights[row + above, column + left] + eye
            slope[column] = np.float32(0)
            bits[column] = 0
        for i in range(row_start[row + above], row_start[row + above + 1]):
            column = crown_column[i] - left
            if 0 <= column < columns and crown_top[i] > level[column]:
                bits[column] = 128
        deepest = level.min()
        before = np.float32(0)
        for k in range(len(down)):
            other, shift, far = row + above + down[k], right[k] + left, metres[k]
            if other < 0 or other >= all_rows:
                break
            if k % _CEILING_EVERY == 0:
                least = np.float32(1e9)
                for block in range(blocks):
                    start, end = block * BLOCK, min((block + 1) * BLOCK, columns)
                    own, rising = level[start:end], slope[start:end]
                    low = np.float32(1e9)
                    for i in range(len(own)):
                        rise = own[i] + far * rising[i]
                        low = rise if rise < low else low
                    lowest[block] = low
                    least = low if low < least else least
                if least > ceiling:
                    break
            # farther on, the highest crown of all is below the lowest band
            near = highest - deepest > before * tangents[0]
            for i in range(row_start[other], row_start[other + 1] if near else row_start[other]):
                column = crown_column[i] - shift
                if column < 0 or column >= columns:
                    continue
                top = crown_top[i] - level[column]
                trunk = crown_trunk[i] - level[column]
                for band in range(7):
                    if top <= before * tangents[band]:
                        break
                    if trunk <= far * tangents[band] and slope[column] < tangents[band]:
                        bits[column] |= np.uint8(1 << band)
            first, last = max(0, -shift), min(columns, all_columns - shift)
            if first >= last:
                before = far
                continue
            share = np.float32(1) / far
            for block in range(blocks):
                start, end = max(block * BLOCK, first), min((block + 1) * BLOCK, last)
                if start >= end:
                    continue
                # what is no higher than the lowest ray of the block stops none of its rays
                peak = peaks[other, (start + shift) // BLOCK]
                beyond = peaks[other, (end - 1 + shift) // BLOCK]
                if (peak if peak > beyond else beyond) <= lowest[block]:
                    continue
                # from slices, so that no index could wrap and the compiler takes eight cells at once
                high, here, steepest = heights[other, start + shift :], level[start:end], slope[start:end]
                for i in range(len(here)):
                    found = (high[i] - here[i]) * share
                    steepest[i] = found if found > steepest[i] else steepest[i]
            before = far
        for column in range(columns):
            walls[row, column] = np.uint8(round(math.degrees(math.atan(slope[column])) * 2))
            crowns[row, column] = bits[column]
