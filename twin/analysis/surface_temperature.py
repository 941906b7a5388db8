"""Knows what the ground and walls are made of, and how warm they get in sun and shade.

In the sun: the curves that Lindberg, Holmer & Thorsson (2008), IJB 52, 697, and Lindberg, Onomura & Grimmond
(2016), IJB 60, 1439, fitted to measurements. In the shade, where those take the temperature of the air: the
answer of a thick slab to the day's air and radiation (see `shaded`): yards keep the cool of the night.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.analysis.radiation import KELVIN, STEFAN_BOLTZMANN

Floats = NDArray[np.float64]

DAY = 86400.0
HARMONICS = 6
"""Of the day, that a slab follows; quicker changes do not reach below its skin."""
WHOLE_DAY = 0.8
"""Share of a day that has to be known, to speak of its rhythm."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a surface is made of."""

    albedo: float
    """Share of sunlight sent back."""
    emissivity: float
    warming: float
    """How much warmer than the air the sunlit surface gets, by degree of the day's highest sun. [K/deg]"""
    offset: float
    """The same with the sun at the horizon. [K]"""
    warmest: float
    """Hour of the highest temperature, of local standard time. [h]"""
    effusivity: float
    """Root of conductivity times volumetric heat capacity. [J/m² K √s]"""

    def __post_init__(self) -> None:
        if not 0 <= self.albedo <= 1 or not 0 < self.emissivity <= 1:
            raise ValueError(f"albedo {self.albedo:g} or emissivity {self.emissivity:g} is no share of 1")
        if self.effusivity <= 0:
            raise ValueError(f"effusivity {self.effusivity:g} is not above 0")


MATERIALS: Mapping[str, Material] = {
    "cobblestone": Material(0.20, 0.95, 0.37, -3.41, 15.0, 2054.0),
    "asphalt": Material(0.18, 0.95, 0.58, -9.78, 15.0, 1269.0),
    "roof": Material(0.18, 0.95, 0.58, -9.78, 15.0, 1118.0),
    "grass": Material(0.16, 0.94, 0.21, -3.38, 14.0, 1423.0),
    "bare_soil": Material(0.25, 0.94, 0.33, -3.01, 14.0, 1732.0),
    "ballast": Material(0.25, 0.94, 0.33, -3.01, 14.0, 1732.0),
    "water": Material(0.05, 0.98, 0.00, 0.00, 12.0, 1e6),
    "wall": Material(0.20, 0.90, 0.37, -3.41, 15.0, 1118.0),
}
"""Albedo, emissivity and sunlit curves: Lindberg et al. (2008) and (2016). Effusivity: from
the conductivities and heat capacities that come with SOLWEIG's parameters (cobble 2.0 W/m K and 2.11 MJ/m³ K,
asphalt 0.83 and 1.94, roofs and walls 1.0 and 1.25, grass 1.5 and 1.35, soil 1.5 and 2.0); ballast is
taken as bare soil; water mixes, so it hardly follows the day."""

UNWALKED = "water", "ballast"
"""Where nobody walks."""

GROUND = {
    "asphalt": "asphalt",
    "concrete": "cobblestone",
    "paving_stones": "cobblestone",
    "sett": "cobblestone",
    "gravel": "bare_soil",
    "ballast": "ballast",
    "sand": "bare_soil",
    "planting": "grass",
    "grass": "grass",
    "meadow": "grass",
    "wood": "grass",
    "water": "water",
}
"""Which curve a surface of a scenario follows (`twin.model.scenario.GROUND_SURFACES`)."""


def sunlit_excess(
    material: Material, *, hour: float, sunrise: float, highest_sun: float, clearness: float
) -> float:
    """How much warmer than the air a sunlit surface is: Lindberg et al. (2016). [K]

    hour, sunrise: of local standard time. [h]; highest_sun: altitude at noon. [deg]
    clearness: global radiation as a share of a cloudless sky's.
    """
    amplitude = max(material.warming * highest_sun + material.offset, 0.0)
    if hour <= sunrise or material.warmest <= sunrise:
        return 0.0
    phase = (hour - sunrise) / (material.warmest - sunrise)
    if phase >= 2:
        return 0.0
    return amplitude * math.sin(math.pi / 2 * phase) * min(max(clearness, 0.0), 1.0)


def exchange(wind: float) -> float:
    """Heat that a surface gives to air and surroundings by degree: convection and radiation. [W/m² K]

    wind: at 10 m. [m/s]; half of it blows at the ground of a street. Convection: Jürges (1924), as McAdams
    (1954), Heat Transmission, has it: 5.7 + 3.8 v; radiation: 4 σ T³ at 15 °C.
    """
    return 5.7 + 3.8 * 0.5 * wind + 4 * STEFAN_BOLTZMANN * (15 + KELVIN) ** 3


def shaded(
    material: Material,
    seconds: Floats,
    air: Floats,
    gain: Floats,
    *,
    at: float,
    coefficient: float,
) -> tuple[float, float]:
    """Temperature of a shaded surface that sees no sky [°C], and what a whole sky adds to it [K].

    seconds: middles of the steps of the day around. [s]; air: their temperature. [°C]
    gain: what a surface under a whole sky takes up in shade, less what it gives off when as warm as the
        air. [W/m²]
    at: when. [s]; coefficient: as `exchange` gives it. [W/m² K]
    The sol-air temperature of Mackey & Wright (1944), ASHVE Trans. 50, drives a half-infinite slab; each
    harmonic of the day reaches its surface weaker and later by h / (h + b √(iω)). Where less than
    WHOLE_DAY is known, the surface follows at once.
    """
    driven = air, gain / coefficient
    now = [float(np.interp(at, seconds, series)) for series in driven]
    step = float(np.median(np.diff(seconds))) if len(seconds) > 1 else DAY
    if len(seconds) * step < WHOLE_DAY * DAY:
        return now[0], now[1]
    grid = seconds[0] + np.arange(48) * DAY / 48
    found = []
    for series in driven:
        waves = np.fft.rfft(np.interp(grid, seconds, series, period=DAY)) / len(grid)
        value = waves[0].real
        for order in range(1, HARMONICS + 1):
            omega = 2 * math.pi * order / DAY
            answer = coefficient / (coefficient + material.effusivity * complex(0, omega) ** 0.5)
            turn = complex(math.cos(omega * (at - grid[0])), math.sin(omega * (at - grid[0])))
            value += 2 * (waves[order] * answer * turn).real
        found.append(float(value))
    return found[0], found[1]
