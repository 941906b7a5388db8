"""Weather at a place, one row a time step."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DESIGN, MEASURED = "design", "measured"
"""The weathers that come with the program: a day made of a `HotDay`, and a day that was measured."""


@dataclass(frozen=True, slots=True)
class HotDay:
    """A day without clouds; the defaults are a hot day in southern Finland.

    Air: the limits of the second of three heat warnings of the Finnish Meteorological Institute are a highest
    temperature of 30 °C and a mean of 24 °C. Wind: a light breeze. Dew point: of a moist, not a sultry day.
    """

    highest: float = 31.0
    """[°C]"""
    lowest: float = 19.0
    """[°C]"""
    warmest: float = 15.0
    """Hour of local standard time. [h]"""
    dew_point: float = 15.0
    """[°C]"""
    wind: float = 2.0
    """At 10 m. [m/s]"""
    clearness: float = 1.0
    """Global radiation as a share of a cloudless sky's."""

    def as_text(self) -> str:
        """All numbers in one line."""
        return ", ".join(f"{key} {value:g}" for key, value in asdict(self).items())


HOT_DAY = HotDay()
HOT_DAY_LIMITS = {
    "highest": (-40.0, 50.0),
    "lowest": (-50.0, 45.0),
    "warmest": (0.0, 24.0),
    "dew_point": (-50.0, 32.0),
    "wind": (0.0, 17.0),
    "clearness": (0.0, 1.0),
}
"""The least and the most of each number of a `HotDay`; wind to the range of UTCI."""


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
