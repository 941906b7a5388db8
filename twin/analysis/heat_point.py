"""Says what makes a place hot: the day's curve at one point, and what a person takes up from each side."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from twin.analysis.heat_maps import HeatInput
from twin.analysis.heat_moment import Climate, Moment
from twin.analysis.heat_scene import HeatScene, Options
from twin.analysis.mean_radiant import GROUND_RADIUS
from twin.analysis.sky_patches import Prepared, Window, prepared
from twin.analysis.utci import utci


@dataclass(frozen=True, slots=True)
class Budget:
    """Radiation that a person takes up, by where it comes from. [W/m²]"""

    beam: float
    """Straight from the sun."""
    sky_and_walls: float
    """Sunlight from the sky, and what walls send on of it."""
    ground_light: float
    """Sunlight that the ground sends back."""
    warmth_above: float
    """Heat of sky, walls and crowns."""
    warmth_below: float
    """Heat of the ground."""

    @property
    def total(self) -> float:
        """All of it."""
        return self.beam + self.sky_and_walls + self.ground_light + self.warmth_above + self.warmth_below


@dataclass(frozen=True, slots=True)
class PointHour:
    """Heat at a point and a time."""

    time: float
    """Since 1970 UTC. [s]"""
    air: float
    """[°C]"""
    mean_radiant: float
    """[°C]"""
    utci: float
    """NaN where it is not rated. [°C]"""
    sunlit: float
    """Share of direct sun, 0 to 1."""
    budget: Budget


def points_hours(
    given: HeatInput,
    climate: Climate,
    times: Sequence[float],
    cells: Sequence[tuple[int, int]],
    *,
    options: Options | None = None,
) -> Iterator[tuple[PointHour, ...]]:
    """The curves at cells (row, column), one after the other, the same as in the maps of `heat_run`.

    They share what they can. times: since 1970 UTC [s], ascending. Raises ValueError where nobody can stand.
    """
    options = options or Options()
    ready = prepared(given.surroundings)
    moments = [climate.at(time) for time in times]
    for cell in cells:
        yield _hours(given, climate, moments, cell, options, ready)


def _hours(
    given: HeatInput,
    climate: Climate,
    moments: Sequence[Moment],
    cell: tuple[int, int],
    options: Options,
    ready: Prepared,
) -> tuple[PointHour, ...]:
    row, column = cell
    if not given.ground.open[row, column]:
        raise ValueError("a building stands there")
    margin = math.ceil(GROUND_RADIUS / given.ground.cell) + 1
    rows, columns = given.ground.cover.shape
    top, left = max(0, row - margin), max(0, column - margin)
    window = Window(top, left, min(rows, row + margin + 1) - top, min(columns, column + margin + 1) - left)
    scene = HeatScene(given.surroundings, given.ground, options, window=window, prepared=ready)
    at = row - top, column - left
    found = []
    for moment in moments:
        fluxes = scene.fluxes(moment, climate)
        second, sun = moment.suns[0]
        lit = float(scene.lit(second, sun)[1][at]) if sun.altitude > 0 else 0.0
        height = math.radians(max(sun.altitude, 0.0))
        body = options.body
        level, side = (moment.direct * lit * f(height) for f in (math.sin, math.cos))
        down, up = float(fluxes.shortwave_down[at]), float(fluxes.shortwave_up[at])
        budget = Budget(
            body.shortwave * (body.up * level + body.cylinder * side),
            body.shortwave * (body.up * (down - level) + body.cylinder * float(fluxes.shortwave_side[at])),
            body.shortwave * (body.up + 2 * body.side) * up,
            body.longwave
            * (body.up * float(fluxes.longwave_down[at]) + body.cylinder * float(fluxes.longwave_side[at])),
            body.longwave * (body.up + 2 * body.side) * float(fluxes.longwave_up[at]),
        )
        radiant = float(fluxes.mean_radiant[at])
        index = float(utci(moment.air, radiant, moment.wind, moment.humidity))
        found.append(PointHour(moment.seconds, moment.air, radiant, index, lit, budget))
    return tuple(found)
