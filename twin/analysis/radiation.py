"""Works out what sun and sky send down: clear-sky radiation, its diffuse share, and the glow of the air."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SOLAR_CONSTANT = 1361.0
"""Kopp & Lean (2011), GRL 38, L01706. [W/m²]"""
STEFAN_BOLTZMANN = 5.670374e-8
"""CODATA 2018. [W/m² K⁴]"""
KELVIN = 273.15
LOW_SUN = 3.0
"""Below this altitude the split into direct and diffuse rests on a handful of watts: all is diffuse. [deg]"""
CLEAREST = 2.0
"""Linke turbidity of very clean, cold air."""
PRESSURE = 1013.25
"""Where nobody measured it. [hPa]"""
_SMITH = np.array(
    [
        [3.37, 2.85, 2.80, 2.64],
        [2.99, 3.02, 2.70, 2.93],
        [3.60, 3.00, 2.98, 2.93],
        [3.04, 3.11, 2.92, 2.94],
        [2.70, 2.95, 2.77, 2.71],
        [2.52, 3.07, 2.67, 2.93],
        [1.76, 2.69, 2.61, 2.61],
        [1.60, 1.67, 2.24, 2.63],
        [1.11, 1.44, 1.94, 2.02],
    ]
)
"""How fast water vapour thins out with height, by 10° of latitude and by winter, spring, summer, autumn:
Smith (1966), J. Appl. Meteor. 5, 726, table 1."""


def extraterrestrial(day_of_year: float) -> float:
    """Direct radiation outside the air: Spencer (1971), Search 2, 172. [W/m²]"""
    b = 2 * math.pi * (day_of_year - 1) / 365
    return SOLAR_CONSTANT * (
        1.00011
        + 0.034221 * math.cos(b)
        + 0.00128 * math.sin(b)
        + 0.000719 * math.cos(2 * b)
        + 0.000077 * math.sin(2 * b)
    )


def vapour_pressure(air: float, humidity: float) -> float:
    """Of the water in the air: Magnus, as Jonsson et al. (2006), TAC 85, 185, use it. [hPa]

    air: [°C], humidity: relative. [%]
    """
    return 6.107 * math.pow(10.0, 7.5 * air / (237.3 + air)) * humidity / 100


def dew_point(air: float, humidity: float) -> float:
    """Where the water in the air would begin to condense. [°C]"""
    share = math.log10(max(vapour_pressure(air, humidity), 1e-3) / 6.107)
    return 237.3 * share / (7.5 - share)


def clear_sky(
    altitude: float, *, day_of_year: float, latitude: float, air: float, humidity: float, pressure: float
) -> float:
    """Global radiation under a cloudless sky: Crawford & Duchon (1999), J. Appl. Meteor. 38, 474. [W/m²]

    altitude of the sun and latitude: [deg]; air: [°C]; humidity: [%]; pressure: [hPa].
    """
    height = math.sin(math.radians(altitude))
    if height <= 0:
        return 0.0
    mass = 35 / math.sqrt(1224 * height**2 + 1)
    gases = 1.021 - 0.084 * math.sqrt(mass * (0.000949 * pressure + 0.051))
    season = int(((day_of_year + 31 + (0 if latitude >= 0 else 182)) % 365) // 91.25) % 4
    profile = float(_SMITH[min(int(abs(latitude) // 10), 8), season])
    fahrenheit = dew_point(air, humidity) * 9 / 5 + 32
    water = math.exp(0.1133 - math.log(profile + 1) + 0.0393 * fahrenheit)
    vapour = 1 - 0.077 * math.pow(water * mass, 0.3)
    aerosol = math.pow(0.935, mass)
    return max(0.0, extraterrestrial(day_of_year) * height * gases * vapour * aerosol)


def clearest_beam(altitude: float, *, day_of_year: float) -> float:
    """Direct radiation facing the sun through the clearest air there is, turbidity CLEAREST. [W/m²]

    Kasten (1996), Solar Energy 56, 239, as in Rigollier, Bauer & Wald (2000), Solar Energy 68, 33.
    Bounds what two small numbers, radiation on a level plane and the height of a low sun, give for the beam.
    """
    height = max(altitude, 0.0)
    mass = 1 / (math.sin(math.radians(height)) + 0.50572 * math.pow(height + 6.07995, -1.6364))
    if mass <= 20:
        thick = 6.6296 + 1.7513 * mass - 0.1202 * mass**2 + 0.0065 * mass**3 - 0.00013 * mass**4
    else:
        thick = 10.4 + 0.718 * mass
    return extraterrestrial(day_of_year) * math.exp(-0.8662 * CLEAREST * mass / thick)


def diffuse(
    global_radiation: float, altitude: float, *, day_of_year: float, air: float, humidity: float
) -> float:
    """The part of global radiation that comes from the sky: Reindl et al. (1990), Solar Energy 45, 1. [W/m²]

    altitude of the sun: [deg]; air: [°C]; humidity: relative. [%]
    """
    if global_radiation <= 0:
        return 0.0
    if altitude < LOW_SUN:
        return global_radiation
    height = math.sin(math.radians(altitude))
    kt = min(global_radiation / (extraterrestrial(day_of_year) * height), 1.0)
    moist = humidity / 100
    if kt <= 0.3:
        share = min(1.0, 1.0 - 0.232 * kt + 0.0239 * height - 0.000682 * air + 0.0195 * moist)
    elif kt < 0.78:
        share = 1.329 - 1.716 * kt + 0.267 * height - 0.00357 * air + 0.106 * moist
        share = min(0.97, max(0.1, share))
    else:
        share = max(0.1, 0.426 * kt - 0.256 * height + 0.00349 * air + 0.0734 * moist)
    return min(share, 1.0) * global_radiation


def sky_emissivity(air: float, humidity: float, clearness: float = 1.0) -> float:
    """Of the whole sky: Prata (1996) as in Jonsson et al. (2006), TAC 85, 185; clouds raise it towards 1.

    clearness: global radiation as a share of a cloudless sky's; 1 - clearness is the share of cloud that
        Crawford & Duchon (1999) let glow like a black body.
    """
    water = 46.5 * vapour_pressure(air, humidity) / (air + KELVIN)
    clear = 1 - (1 + water) * math.exp(-math.sqrt(1.2 + 3 * water))
    clearness = min(1.0, max(0.0, clearness))
    return clearness * clear + (1 - clearness)


def sky_glow(emissivity: float, altitude: Floats) -> Floats:
    """Emissivity of the sky by altitude [deg], so that a level plane receives what `emissivity` says.

    It rises towards the horizon with the length of the path through the air: Martin & Berdahl (1984), Solar
    Energy 33, 321, in the form of Nahon et al. (2019), Build. Environ. 155, 138.
    """
    if emissivity >= 1:
        return np.ones_like(altitude)
    fine = np.radians(np.linspace(0.05, 89.95, 900))
    weight = np.sin(fine) * np.cos(fine) / (np.sin(fine) * np.cos(fine)).sum()
    form = 1 - (1 - emissivity) ** (1 / (1.8 * np.sin(fine)))
    scale = 1.0
    for _ in range(4):  # no direction glows more than a black body, so the others have to make up for it
        scale *= emissivity / float((np.minimum(form * scale, 1) * weight).sum())
    at = np.sin(np.radians(np.maximum(altitude, 0.05)))
    return np.minimum(1.0, (1 - (1 - emissivity) ** (1 / (1.8 * at))) * scale)
