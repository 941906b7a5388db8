"""Works out how clear the sky was, and whether the clock of the weather agrees with the sun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from twin.analysis import radiation
from twin.analysis.sun import path
from twin.model.place import Place
from twin.model.weather import Weather

Floats = NDArray[np.float64]

HIGH_ENOUGH = 10.0
"""Altitude of the sun from which global radiation tells of clouds. [deg]"""
WITHIN = 6
"""Times within an interval at which the sun is looked for."""
SHIFTS = np.arange(-60.0, 61.0, 10.0) * 60
"""Of the clock, which are tried. [s]"""
STEADY = 0.05
"""Scatter of radiation around a clear day's curve, as a share, from which a day counts as clear."""
BETTER = 2.0
"""Times by which another clock has to follow the curve better, before the file's own is doubted."""
FEWEST = 5
"""Rows with a high sun that a day needs for that."""


@dataclass(frozen=True, eq=False, slots=True)
class Clearness:
    """How clear the sky was in every row of the weather."""

    index: Floats
    """Global radiation as a share of a cloudless sky's; with a low sun and at night as before and after."""
    known: bool
    """Whether any row could say."""
    shifts: dict[int, float]
    """By day, counted from 1970 in local standard time: how much later than by the file's clock the sun stood
    where its radiation fits a clear day. [s]"""


def clearness(weather: Weather, place: Place, *, offset: float) -> Clearness:
    """The index of all rows. offset: of local standard time from UTC. [s]

    On a day without clouds radiation follows the clear-sky curve; where it follows it only with another
    clock, that clock is used for the index, and told. Nothing else is moved.
    """
    within = ((np.arange(WITHIN) + 0.5) / WITHIN - 1) * weather.step
    times = weather.ends[None, :, None] + SHIFTS[:, None, None] + within
    heights = path(place, times.ravel())[:, 0].reshape(times.shape)
    clear = _clear(weather, place, heights, offset)
    mean = np.degrees(np.arcsin(np.sin(np.radians(np.maximum(heights, 0))).mean(axis=2)))
    usable = (mean >= HIGH_ENOUGH) & np.isfinite(weather.global_radiation)
    days = ((weather.middles + offset) // 86400).astype(np.int64)
    own = int(np.flatnonzero(SHIFTS == 0)[0])
    chosen = np.full(len(weather.ends), own)
    shifts: dict[int, float] = {}
    for day in np.unique(days):
        rows = days == day
        scatter = [_scatter(weather.global_radiation, clear[k], usable[k] & rows) for k in range(len(SHIFTS))]
        best = int(np.argmin(scatter))
        if scatter[best] < STEADY and scatter[own] > BETTER * scatter[best] and scatter[own] > STEADY:
            chosen[rows] = best
            shifts[int(day)] = float(SHIFTS[best])
    row = np.arange(len(weather.ends))
    known = usable[chosen, row] & (clear[chosen, row] > 0)
    index = weather.global_radiation[known] / clear[chosen, row][known]
    middles = weather.middles
    found = np.interp(middles, middles[known], index) if known.any() else np.ones(len(middles))
    return Clearness(found, bool(known.any()), shifts)


def doubts(found: Clearness) -> tuple[str, ...]:
    """A sentence for each day on which the clock of the weather does not agree with the sun."""
    return tuple(
        f"On {date(1970, 1, 1) + timedelta(days=day)} radiation fits a sun {abs(shift) / 60:.0f} min "
        f"{'later' if shift > 0 else 'earlier'} than the clock of the weather says: look at its time zone, "
        "and whether its rows begin or end at their time."
        for day, shift in found.shifts.items()
    )


def clear_sky(weather: Weather, row: int, place: Place, heights: Sequence[float], day_of_year: int) -> float:
    """Mean global radiation of a cloudless sky, the sun at several altitudes [deg], in a row's air. [W/m²]"""
    pressure = float(weather.pressure[row])
    return sum(
        radiation.clear_sky(
            height,
            day_of_year=day_of_year,
            latitude=place.latitude,
            air=float(weather.air_temperature[row]),
            humidity=float(weather.relative_humidity[row]),
            pressure=pressure if pressure == pressure else radiation.PRESSURE,
        )
        for height in heights
    ) / len(heights)


def _clear(weather: Weather, place: Place, heights: Floats, offset: float) -> Floats:
    """Of a cloudless sky: (shifts, rows)."""
    found = np.zeros(heights.shape[:2])
    for row in range(heights.shape[1]):
        local = datetime.fromtimestamp(float(weather.middles[row]) + offset, UTC)
        day = local.timetuple().tm_yday
        for shift in range(heights.shape[0]):
            if heights[shift, row].max() > 0:
                found[shift, row] = clear_sky(weather, row, place, heights[shift, row].tolist(), day)
    return found


def _scatter(radiation_: Floats, clear: Floats, rows: NDArray[np.bool_]) -> float:
    """Of radiation around a clear day's curve, as a share of its mean; infinite for too few rows."""
    if rows.sum() < FEWEST or not (clear[rows] > 0).all():
        return float("inf")
    ratio = radiation_[rows] / clear[rows]
    return float(ratio.std() / ratio.mean()) if ratio.mean() > 0 else float("inf")
