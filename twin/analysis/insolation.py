"""Tests how long the sun shines on façades, as Estonia asks of dwellings.

EVS 894:2008+A2:2015: at least 2.5 h without a break on every day from 22 April to 22 August, and what is
newly built leaves an existing dwelling at least half of the hours it had.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from twin.analysis.sun import path, sunrise_sunset
from twin.model.city import City, roots
from twin.model.place import Place
from twin.model.raster import Raster
from twin.model.triangulate import normals

Floats = NDArray[np.float64]
CONTINUOUS, SHARE = 2.5, 0.5
"""Hours without a break that are asked for [h], and the part of earlier hours that must be left."""
FIRST, LAST = (4, 22), (8, 22)
"""Month and day of the time of year that the hours are asked for."""
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


def hours(
    found: Facades,
    solid: Raster,
    place: Place,
    day: date,
    *,
    progress: Callable[[float], None] = lambda _fraction: None,
) -> tuple[Floats, Floats]:
    """Hours of direct sun on each façade on a clear day, all of them and the longest without a break. [h]

    solid: heights of ground and roofs [m]. A sun that stands behind a wall does not shine on it.
    """
    up = sunrise_sunset(place, day)
    count = len(found.area)
    if up is None or not count:
        return np.zeros(count), np.zeros(count)
    rise, set_ = (time.timestamp() for time in up)
    intervals = max(1, round((set_ - rise) / 60 / STEP))
    each = (set_ - rise) / 3600 / intervals
    suns = path(place, rise + (np.arange(intervals) + 0.5) * (set_ - rise) / intervals)
    total, run, longest = np.zeros(count), np.zeros(count), np.zeros(count)
    for number, (altitude, azimuth) in enumerate(suns.tolist()):
        lit = _lit(found, solid, altitude, azimuth)
        total += each * lit
        run = np.where(lit, run + each, 0.0)
        longest = np.maximum(longest, run)
        progress((number + 1) / intervals)
    return total, longest


def least(
    found: Facades, solid: Raster, place: Place, year: int, *, days: Sequence[tuple[int, int]] = (FIRST, LAST)
) -> tuple[Floats, Floats]:
    """Of the first and the last day of the season, on which the sun is lowest, the fewer hours. [h]"""
    every = [hours(found, solid, place, date(year, month, day)) for month, day in days]
    return np.min([total for total, _ in every], axis=0), np.min([run for _, run in every], axis=0)


def _lit(found: Facades, solid: Raster, altitude: float, azimuth: float) -> NDArray[np.bool_]:
    turn = math.radians(azimuth)
    facing = np.cos(np.radians(found.aspect - azimuth)) > 0
    lit = facing & (altitude > 0)
    rows, columns = solid.values.shape
    open_ = np.flatnonzero(lit)
    slope = math.tan(math.radians(max(altitude, 0.01)))
    top = float(np.nanmax(solid.values))
    for away in np.arange(solid.cell / 2, REACH, solid.cell * 0.75).tolist():
        if not len(open_):
            break
        at = found.at[open_]
        height = at[:, 2] + away * slope
        open_, at, height = open_[height < top], at[height < top], height[height < top]
        column = np.floor((at[:, 0] + away * math.sin(turn) - solid.west) / solid.cell).astype(int)
        row = np.floor((solid.north - at[:, 1] - away * math.cos(turn)) / solid.cell).astype(int)
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        blocked = np.zeros(len(open_), dtype=bool)
        blocked[inside] = solid.values[row[inside], column[inside]] > height[inside]
        lit[open_[blocked]] = False
        open_ = open_[~blocked & inside]
    return np.asarray(lit)
