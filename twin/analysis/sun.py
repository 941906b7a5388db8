"""Knows where the sun stands.

The NREL solar position algorithm: Reda & Andreas (2004), Solar Energy 76(5), 577-589, as pvlib has it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from twin.model.place import Place

PRESSURE = 1013.25
"""Of the standard atmosphere at sea level; bends the light of a low sun. [hPa]"""
AIR = 12.0
"""A yearly mean, as pvlib assumes; 20 K more or less move a sun 5° high by 0.01°. [°C]"""
DELTA_T = 67.0
"""Terrestrial time less UT, as pvlib assumes; a few seconds move the sun by less than 0.0001°. [s]"""
REFRACTION = 0.5667
"""Of the light at the horizon: Reda & Andreas (2004). [deg]"""
HORIZON = -(REFRACTION + 0.26667)
"""True altitude of the sun's centre when its upper limb touches the horizon (A.2 of the same). [deg]"""
MOST_KEPT = 4096
"""So many times at once are remembered: every scenario of a day asks for the same ones."""


@dataclass(frozen=True, slots=True)
class Sun:
    """Where the sun stands."""

    altitude: float
    """Above the horizon, as seen through the air. [deg]"""
    azimuth: float
    """Clockwise from north. [deg]"""


@lru_cache(maxsize=256)
def sun(place: Place, time: datetime) -> Sun:
    """Where the sun stands at one time. Raises ValueError when the time has no zone."""
    altitude, azimuth = path(place, [time])[0]
    return Sun(float(altitude), float(azimuth))


def path(place: Place, times: Sequence[datetime] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Apparent altitude and azimuth of the sun at many times: (n, 2). [deg]

    times: datetimes with a zone, or seconds since 1970 UTC. [s]
    """
    found = _position(place, times)
    return np.column_stack([found[2], found[4]])


def sunrise_sunset(place: Place, day: date) -> tuple[datetime, datetime] | None:
    """When the sun rises and sets on a day of the local calendar, to the second, in local time.

    Where it does not set, the day's own beginning and end; None where it does not rise.
    """
    first = datetime.combine(day, time(), place.zone)
    last = datetime.combine(day + timedelta(days=1), time(), place.zone)
    seconds = np.arange(first.timestamp(), last.timestamp() + 1, 60)
    above = _position(place, seconds)[3] - HORIZON
    up = np.flatnonzero(above > 0)
    if not len(up):
        return None
    rise, set_ = seconds[0], seconds[-1]
    if up[0] > 0:
        rise = _zero(seconds, above, up[0] - 1)
    if up[-1] < len(above) - 1:
        set_ = _zero(seconds, above, up[-1])
    # rounded up and down, so that the sun is up at both
    return (
        datetime.fromtimestamp(math.ceil(rise), place.zone),
        datetime.fromtimestamp(math.floor(set_), place.zone),
    )


def direction(sun: Sun) -> NDArray[np.float64]:
    """Unit vector towards the sun in local east, north, up: (3,).

    Grid north is taken for north: the meridian convergence, under 2° near the middle of a zone, is ignored.
    """
    altitude, azimuth = math.radians(sun.altitude), math.radians(sun.azimuth)
    level = math.cos(altitude)
    return np.array([level * math.sin(azimuth), level * math.cos(azimuth), math.sin(altitude)])


def _zero(seconds: NDArray[np.float64], above: NDArray[np.float64], i: int) -> float:
    share = above[i] / (above[i] - above[i + 1])
    return float(seconds[i] + share * (seconds[i + 1] - seconds[i]))


def _position(place: Place, times: Sequence[datetime] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows: apparent and true zenith, apparent and true altitude, azimuth [deg], equation of time [min]."""
    if isinstance(times, np.ndarray):
        seconds = times.astype(np.float64)
    else:
        if any(t.utcoffset() is None for t in times):
            raise ValueError("a time without a zone says nothing about the sun")
        seconds = np.array([t.timestamp() for t in times])
    if len(seconds) > MOST_KEPT:
        return _worked_out(place.latitude, place.longitude, seconds)
    return _remembered(place.latitude, place.longitude, seconds.tobytes())


@lru_cache(maxsize=256)
def _remembered(latitude: float, longitude: float, seconds: bytes) -> NDArray[np.float64]:
    found = _worked_out(latitude, longitude, np.frombuffer(seconds))
    found.setflags(write=False)  # others get it too
    return found


def _worked_out(latitude: float, longitude: float, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = _spa().solar_position(
        seconds, latitude, longitude, 0.0, PRESSURE, AIR, DELTA_T, REFRACTION, 1
    )
    return np.asarray(found)


@cache
def _spa() -> ModuleType:
    """pvlib's spa.py by itself."""
    # it needs only numpy, while importing the package around it takes 0.8 s for pandas and scipy
    package = find_spec("pvlib")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("pvlib is not installed", name="pvlib")
    file = Path(package.submodule_search_locations[0]) / "spa.py"
    spec = spec_from_file_location("pvlib_spa", file)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"{file} cannot be loaded", name="pvlib.spa")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
