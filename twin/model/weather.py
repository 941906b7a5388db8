"""Weather at a place, one row a time step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Weather:
    """Rows in order of time; every row holds the mean of the interval that ends at its time."""

    ends: Floats
    """Ends of the intervals: seconds since 1970 UTC. [s]"""
    step: float
    """Length of an interval. [s]"""
    air_temperature: Floats
    """[°C]"""
    relative_humidity: Floats
    """[%]"""
    wind: Floats
    """Speed at 10 m. [m/s]"""
    global_radiation: Floats
    """On a level plane. [W/m²]"""
    diffuse_radiation: Floats
    """On a level plane; NaN where nobody measured it. [W/m²]"""
    pressure: Floats
    """At the ground; NaN where nobody measured it. [hPa]"""
    sky_longwave: Floats
    """From the whole sky on a level plane; NaN where nobody measured it. [W/m²]"""
    source: str = ""
    """Where the values come from, in one line."""
    notices: tuple[str, ...] = ()
    """What was filled, converted or looks wrong."""

    @property
    def middles(self) -> Floats:
        """Middles of the intervals: seconds since 1970 UTC. [s]"""
        return self.ends - self.step / 2
