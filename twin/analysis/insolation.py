"""Tests how long the sun shines on façades, as Estonia asks of dwellings.

EVS 894:2008+A2:2015: at least 2.5 h without a break on every day from 22 April to 22 August, and what is
newly built leaves an existing dwelling at least half of the hours it had. Of high-rise houses it lets 3.5 h
in all do, parted once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from twin.analysis.compiled import compiled
from twin.analysis.sun import path, sunrise_sunset
from twin.model.city import City, roots
from twin.model.place import Place
from twin.model.raster import Raster
from twin.model.triangulate import normals

Floats = NDArray[np.float64]
CONTINUOUS, PARTED, SHARE = 2.5, 3.5, 0.5
"""Hours without a break that are asked for, hours in all where there is one break at most [h], and the part
of earlier hours that must be left."""
SEASON = ((4, 22), (6, 21), (8, 22))
"""Month and day: the ends of the time of year that hours are asked for, and the longest day in between, on
which the sun is soonest past a gap between houses."""
WINDOW = 1.5
"""Height of the middle of the lowest windows above the foot of a façade. [m]"""
SMALLEST = 8.0
"""Walls of less area are no façades. [m²]"""
STEP = 10.0
"""Between two positions of the sun. [min]"""
OUTSIDE, REACH = 2.5, 400.0
"""How far before its wall a place is looked from, so that the cells of its own house do not shade it, and how
far others are looked for. [m]"""


@dataclass(frozen=True, eq=False, slots=True)
class Facades:
    """One row for each façade: a wall of a building."""

    building: NDArray[np.object_]
    """gml:id."""
    at: Floats
    """(n, 3), the middle of the lowest windows. [m]"""
    aspect: Floats
    """Where it faces, clockwise from north. [deg]"""
    area: Floats
    """[m²]"""


def facades(city: City) -> Facades:
    """The upright walls of all buildings; walls side by side that face one way are one façade each."""
    twice = normals(city.vertices, city.ring_starts)
    size = np.linalg.norm(twice, axis=1)
    first = np.searchsorted(city.ring_surface, np.arange(len(city.surface_type)))
    area = size[first] / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = twice[first] / size[first, None]
    rows = np.flatnonzero((area >= SMALLEST) & (np.abs(unit[:, 2]) < 0.2))
    starts, ends = city.ring_starts[first[rows]], city.ring_starts[first[rows] + 1]
    middle = np.array(
        [
            (*city.vertices[a:b, :2].mean(axis=0), city.vertices[a:b, 2].min() + WINDOW)
            for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
    ).reshape(-1, 3)
    aspect = np.degrees(np.arctan2(unit[rows, 0], unit[rows, 1])) % 360
    middle[:, :2] += OUTSIDE * unit[rows, :2]
    building = city.object_id[roots(city)[city.surface_object[rows]]]
    return Facades(np.asarray(building, dtype=object), middle, aspect, area[rows])


def exposed(found: Facades, solid: Raster) -> NDArray[np.bool_]:
    """Which façades stand free, and not against a neighbour's wall: (n,)."""
    rows, columns = solid.values.shape
    column = np.floor((found.at[:, 0] - solid.west) / solid.cell).astype(int).clip(0, columns - 1)
    row = np.floor((solid.north - found.at[:, 1]) / solid.cell).astype(int).clip(0, rows - 1)
    return np.asarray(solid.values[row, column] <= found.at[:, 2])


def taken(found: Facades, rows: NDArray[np.bool_]) -> Facades:
    """Some of the façades."""
    return Facades(found.building[rows], found.at[rows], found.aspect[rows], found.area[rows])


@dataclass(frozen=True, eq=False, slots=True)
class Judged:
    """What each façade that stands free gets, and whether that is enough."""

    facades: Facades
    dwelling: NDArray[np.bool_]
    """Whether its building is known to be a dwelling."""
    total: Floats
    """Fewest hours on a day of the season. [h]"""
    run: Floats
    """Fewest hours without a break. [h]"""
    parted: Floats
    """Fewest hours in all on days with one break at most, and none on others. [h]"""
    before: Floats
    """As `total`, before the scenario; NaN where the building did not stand. [h]"""
    left: Floats
    """The least share of its hours before that is left on a day; NaN where there were none."""

    @property
    def enough(self) -> NDArray[np.bool_]:
        """Whether the sun shines long enough without a break."""
        return np.asarray(self.run >= CONTINUOUS)

    @property
    def instead(self) -> NDArray[np.bool_]:
        """Whether it is not enough unless the house is a high-rise: what that is the data do not tell."""
        return np.asarray(~self.enough & (self.parted >= PARTED))

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Whether at least half is left; also where there was nothing to lose."""
        return np.asarray(~(self.left < SHARE))


def judge(
    plan: City,
    dwellings: frozenset[str],
    *,
    solid: Raster,
    before: Raster,
    stood: frozenset[str],
    place: Place,
    year: int,
) -> Judged:
    """Tests the façades of a scenario.

    dwellings: gml:ids; solid, before: heights of ground and roofs with the scenario and without [m];
    stood: gml:ids of what was there without it.
    """
    found = facades(plan)
    found = taken(found, exposed(found, solid))
    names = found.building.tolist()
    there = np.array([name in stood for name in names], dtype=bool)
    days = [date(year, month, day) for month, day in SEASON]
    now = [hours(found, solid, place, day) for day in days]
    # what stood there already is looked at from the same places in both
    then = [np.where(there, hours(found, before, place, day)[0], np.nan) for day in days]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = [np.where(old > 0, new / old, np.nan) for (new, *_), old in zip(now, then, strict=True)]
    return Judged(
        found,
        np.array([name in dwellings for name in names], dtype=bool),
        np.min([total for total, *_ in now], axis=0),
        np.min([run for _, run, _ in now], axis=0),
        np.min([np.where(breaks <= 1, total, 0.0) for total, _, breaks in now], axis=0),
        np.min(then, axis=0),
        np.fmin.reduce(shares),
    )


def hours(
    found: Facades,
    solid: Raster,
    place: Place,
    day: date,
    *,
    progress: Callable[[float], None] = lambda _fraction: None,
) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Hours of direct sun on each façade on a clear day, all of them and the longest without a break [h]; and
    how often they are broken off.

    solid: heights of ground and roofs [m]. A sun that stands behind a wall does not shine on it.
    """
    up = sunrise_sunset(place, day)
    count = len(found.area)
    if up is None or not count:
        return np.zeros(count), np.zeros(count), np.zeros(count, dtype=np.intp)
    rise, set_ = (time.timestamp() for time in up)
    intervals = max(1, round((set_ - rise) / 60 / STEP))
    each = (set_ - rise) / 3600 / intervals
    suns = path(place, rise + (np.arange(intervals) + 0.5) * (set_ - rise) / intervals)
    total, run, longest = np.zeros(count), np.zeros(count), np.zeros(count)
    begun = np.zeros(count, dtype=np.intp)
    for number, (altitude, azimuth) in enumerate(suns.tolist()):
        lit = _lit(found, solid, altitude, azimuth)
        total += each * lit
        begun += lit & (run == 0.0)
        run = np.where(lit, run + each, 0.0)
        longest = np.maximum(longest, run)
        progress((number + 1) / intervals)
    return total, longest, np.maximum(begun - 1, 0)


def _lit(found: Facades, solid: Raster, altitude: float, azimuth: float) -> NDArray[np.bool_]:
    if altitude <= 0:
        return np.zeros(len(found.area), dtype=bool)
    lit = np.cos(np.radians(found.aspect - azimuth)) > 0
    turn, slope = math.radians(azimuth), math.tan(math.radians(altitude))
    heights = np.nan_to_num(solid.values, nan=-1e9).astype(np.float64)
    column, row = (found.at[:, 0] - solid.west) / solid.cell, (solid.north - found.at[:, 1]) / solid.cell
    # from half a cell on, in steps of three quarters of one
    _follow(
        *(heights, column, row, found.at[:, 2].copy(), lit),
        *(math.sin(turn), -math.cos(turn), slope * solid.cell, float(heights.max()), REACH / solid.cell),
    )
    return lit


@compiled
def _follow(
    heights: Floats,
    column: Floats,
    row: Floats,
    up: Floats,
    lit: NDArray[np.bool_],
    right: float,
    down: float,
    slope: float,
    top: float,
    reach: float,
) -> None:
    """Goes from each lit place towards the sun until it is above all. Lengths in cells, heights in metres."""
    rows, columns = heights.shape
    for place in range(len(lit)):
        away = 0.5
        while lit[place] and away < reach:
            height = up[place] + away * slope
            if height >= top:
                break
            x, y = column[place] + away * right, row[place] + away * down
            if x < 0 or y < 0 or x >= columns or y >= rows:
                break
            if heights[int(y), int(x)] > height:
                lit[place] = False
            away += 0.75
