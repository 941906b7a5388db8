"""Works out where the sun shines on ground and roofs, at one moment and over a day."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from threading import Event

import numpy as np
from numpy.typing import NDArray

from twin.analysis.sun import Sun, path, sunrise_sunset
from twin.analysis.surface_model import TRUNK
from twin.analysis.sweep import OFTEN, Floats, Progress, in_threads, towards
from twin.model.place import Place
from twin.model.raster import Raster

TRANSMISSIVITY = 0.03
"""Share of direct sun that comes through a crown in leaf: the default of SOLWEIG, see Konarska et al. (2014),
TAC 117, 363; bare crowns let about 0.5 through."""
ROWS = 64
"""So many rows are swept in machine code between two reports of progress."""
_hastened = Event()


def hasten(*, progress: Progress = lambda _fraction: None) -> bool:
    """Loads the sweep in machine code, which all shadows are swept with from then on, to the same numbers.

    It takes as long as some ten shadows do without it, and the first time on a machine some seconds.
    """
    progress(0.0)
    if not _hastened.is_set():
        from twin.analysis import shadow_walk  # noqa: F401  # what it imports takes most of the time

        _hastened.set()
        hill = np.zeros((2, 2), dtype=np.float32)
        hill[0, 0] = 1.0
        land, crown = (Raster(values, 0.0, 0.0, 1.0) for values in (hill, 1.0 - hill))
        shadow(land, Sun(45.0, 0.0), canopy=crown)
    return True


def shadow(
    dsm: Raster,
    sun: Sun,
    *,
    canopy: Raster | None = None,
    ground: Raster | None = None,
    transmissivity: float | Floats = TRANSMISSIVITY,
    reach: float | None = None,
    progress: Progress = lambda _fraction: None,
) -> Raster:
    """Fraction of direct sun that reaches each cell, 1 (lit) to 0; all 0 when the sun is down.

    dsm: heights of ground and roofs; cells without a value cast no shadow and get none. [m]
    canopy: heights of crowns above the ground on the same grid, 0 where there is none; they begin at
        TRUNK of their height. [m]
    ground: heights of the bare ground under the crowns on the same grid; None: 0, as in `surface_model`. [m]
    transmissivity: share of direct sun that comes through crowns; of each cell where they differ. 0-1
    reach: how far shadows are followed; None: as far as they go. [m]
    progress: told the fraction done; what it raises ends the work.
    Looks towards the sun from every cell at once, one cell a step along the steeper axis and the nearest
    one across: Ratti & Richens (1999), Proc. CAADfutures, 99-114, and Lindberg & Grimmond (2011), TAC 105,
    311 for trees. So an edge of a shadow is good to about one cell, and what stands outside the grid
    casts none. Raises ValueError when the grids differ.
    """
    scene = _Scene(dsm, canopy, ground)
    values = scene.lit(sun, transmissivity, reach, progress)
    progress(1.0)
    return replace(
        dsm, values=values, id="shadow", title="Lit fraction", unit="", source="Computed from surface heights"
    )


def sun_hours(
    dsm: Raster,
    place: Place,
    day: date,
    *,
    canopy: Raster | None = None,
    ground: Raster | None = None,
    step_minutes: float = 10,
    transmissivity: float | Floats = TRANSMISSIVITY,
    progress: Progress = lambda _fraction: None,
) -> Raster:
    """Hours of direct sun on each cell in a day of the local calendar, under a clear sky. [h]

    The time from sunrise to sunset is cut into equal intervals of about `step_minutes`, and each is lit as in
    its middle. Otherwise as `shadow`.
    """
    hasten()
    scene = _Scene(dsm, canopy, ground)
    total = np.zeros(dsm.values.shape, dtype=np.float32)
    up = sunrise_sunset(place, day)
    if up is not None:
        rise, set_ = (time.timestamp() for time in up)
        intervals = max(1, round((set_ - rise) / 60 / step_minutes))
        hours = (set_ - rise) / 3600 / intervals
        middles = rise + (np.arange(intervals) + 0.5) * (set_ - rise) / intervals
        suns = [Sun(float(altitude), float(azimuth)) for altitude, azimuth in path(place, middles)]

        def lit(sun: Sun, go_on: Progress) -> Floats:
            return scene.lit(sun, transmissivity, None, go_on)

        for grid in in_threads(lit, suns, progress):
            total += grid
        total *= np.float32(hours)
    total[np.isnan(dsm.values)] = np.nan
    source = f"Computed every {step_minutes:g} min from surface heights, {day.isoformat()}"
    return replace(dsm, values=total, id="sun_hours", title="Sun hours", unit="h", source=source)


class _Scene:
    """Surface heights made ready for sweeping; several threads may sweep at once."""

    def __init__(self, dsm: Raster, canopy: Raster | None, ground: Raster | None) -> None:
        self.cell = dsm.cell
        self.missing = np.isnan(dsm.values)
        lowest = np.nanmin(dsm.values) if not self.missing.all() else 0.0
        self.heights: Floats = np.where(self.missing, lowest, dsm.values - lowest).astype(np.float32)
        self.row_top, self.column_top = self.heights.max(axis=1), self.heights.max(axis=0)
        self.top = float(self.row_top.max())
        for other in (canopy, ground):
            if other is not None and (other.bounds, other.cell) != (dsm.bounds, dsm.cell):
                raise ValueError("the surface, its crowns and its ground lie on different grids")
        crowns = canopy.values if canopy is not None else np.zeros_like(self.heights)
        self.tree_row, self.tree_column = np.nonzero(crowns > 0)
        tall = crowns[self.tree_row, self.tree_column]
        bare = ground.values[self.tree_row, self.tree_column] if ground is not None else np.float32(0)
        foot = bare - np.float32(lowest)
        order = np.argsort(-(foot + tall))  # tallest first, so that the long shadows are a short slice
        self.tree_row, self.tree_column = self.tree_row[order], self.tree_column[order]
        self.tree_top: Floats = (foot + tall)[order]
        self.tree_trunk: Floats = (foot + TRUNK * tall)[order]

    def lit(
        self, sun: Sun, transmissivity: float | Floats, reach: float | None, progress: Progress
    ) -> Floats:
        """The lit fraction: (rows, columns), NaN where the surface is."""
        if sun.altitude <= 0:
            found = np.zeros(self.heights.shape, dtype=np.float32)
        else:
            blocked = self._blocked(sun, reach, progress)
            found = self._through(sun, transmissivity, reach, progress)
            found[blocked] = 0
        found[self.missing] = np.nan
        return found

    def _blocked(self, sun: Sun, reach: float | None, progress: Progress) -> NDArray[np.bool_]:
        """Where the ground or a building stands before the sun."""
        if _hastened.is_set():
            return self._blocked_quickly(sun, reach, progress)
        heights = self.heights
        horizon = heights.copy()
        buffer = np.empty_like(heights)
        rows, columns = heights.shape
        for step, (down, right, drop, _) in enumerate(self._steps(sun, self.top, reach)):
            if step % OFTEN == 0:
                progress(min(drop / self.top, 1.0) * 0.8)
            # only the part of the grid that is still higher than the ray has fallen
            high_rows = np.flatnonzero(self.row_top > drop)
            high_columns = np.flatnonzero(self.column_top > drop)
            if not len(high_rows):
                break
            top, bottom = max(high_rows[0], down, 0), min(high_rows[-1] + 1, rows + down, rows)
            left, right_ = max(high_columns[0], right, 0), min(high_columns[-1] + 1, columns + right, columns)
            if top >= bottom or left >= right_:
                continue
            fallen = buffer[: bottom - top, : right_ - left]
            np.subtract(heights[top:bottom, left:right_], np.float32(drop), out=fallen)
            seen = horizon[top - down : bottom - down, left - right : right_ - right]
            np.maximum(seen, fallen, out=seen)
        return horizon > heights

    def _blocked_quickly(self, sun: Sun, reach: float | None, progress: Progress) -> NDArray[np.bool_]:
        from twin.analysis.shadow_walk import block_sun, block_tops

        down, right, drop, _ = self._columns(sun, self.top, reach)
        tops, found = block_tops(self.heights), np.empty(self.heights.shape, dtype=np.bool_)
        for row in range(0, len(found), ROWS):
            progress(row / len(found) * 0.8)
            part = found[row : row + ROWS]
            block_sun(self.heights, self.row_top, tops, down, right, drop, row, part)
        return found

    def _through(
        self, sun: Sun, transmissivity: float | Floats, reach: float | None, progress: Progress
    ) -> Floats:
        """What comes through the darkest crown before the sun, 1 where there is none.

        A crown is in the way where the ray passes its cell below the top and above the trunk.
        """
        rows, columns = self.heights.shape
        light = np.ones(rows * columns, dtype=np.float32)
        each = np.broadcast_to(np.asarray(transmissivity, dtype=np.float32), self.heights.shape)
        of_tree = each[self.tree_row, self.tree_column]
        tallest = float(self.tree_top[0]) if len(self.tree_top) else 0.0
        if _hastened.is_set():
            from twin.analysis.shadow_walk import dim

            progress(0.8)
            trees = self.tree_row, self.tree_column, self.tree_top, self.tree_trunk, of_tree
            light = light.reshape(rows, columns)
            dim(self.heights, *trees, *self._columns(sun, tallest, reach), light)
            return light
        surface = self.heights.ravel()
        for step, (down, right, drop, before) in enumerate(self._steps(sun, tallest, reach)):
            if step % OFTEN == 0:
                progress(0.8 + 0.2 * min(drop / tallest, 1.0))
            high = int(np.searchsorted(-self.tree_top, -before))
            row, column = self.tree_row[:high], self.tree_column[:high]
            inside = (row >= down) & (row < rows + down) & (column >= right) & (column < columns + right)
            target = (row[inside] - down) * columns + (column[inside] - right)
            ground = surface[target]
            top, trunk = self.tree_top[:high][inside], self.tree_trunk[:high][inside]
            hit = (top - np.float32(before) > ground) & (trunk - np.float32(drop) <= ground)
            # in one step no two cells of crowns shade the same cell
            light[target[hit]] = np.minimum(light[target[hit]], of_tree[:high][inside][hit])
        return light.reshape(rows, columns)

    def _steps(self, sun: Sun, top: float, reach: float | None) -> Iterator[tuple[int, int, float, float]]:
        """Cells down and right towards the sun, and how far the ray has risen there and one step before. [m]

        Ends where the ray is above `top`, beyond `reach`, or off the grid.
        """
        before = 0.0
        slope = self.cell * math.tan(math.radians(sun.altitude))
        for down, right, distance in towards(sun.azimuth, self.heights.shape):
            if before >= top or (reach is not None and distance * self.cell > reach):
                return
            drop = distance * slope
            yield down, right, drop, before
            before = drop

    def _columns(
        self, sun: Sun, top: float, reach: float | None
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
        """The same in columns."""
        steps = np.array(list(self._steps(sun, top, reach))).reshape(-1, 4)
        down, right = steps[:, :2].astype(np.int64).T.copy()
        drop, before = steps[:, 2:].astype(np.float32).T.copy()
        return down, right, drop, before
