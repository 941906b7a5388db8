"""Works out the universal thermal climate index: how hot it feels to a person who walks.

Bröde et al. (2012), IJB 56, 481: a polynomial fitted to the model of Fiala et al. (2012), IJB 56, 429.
Classes of heat stress: COST Action 730, Błażejczyk et al. (2013), Geogr. Pol. 86, 5.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.analysis.utci_terms import TERMS

Floats = NDArray[np.float64]

AIR = -50.0, 50.0
"""Within these the polynomial holds. [°C]"""
EXCESS = -30.0, 70.0
"""Of radiant over air temperature. [K]"""
WIND = 0.5, 17.0
"""At 10 m; less is taken for the least, as its authors advise. [m/s]"""
HUMIDITY = 5.0, 100.0
"""Relative. [%]"""
VAPOUR = 5.0
"""Above 50 hPa the polynomial does not hold. [kPa]"""
CLASSES = (
    (46.0, "extreme heat stress"),
    (38.0, "very strong heat stress"),
    (32.0, "strong heat stress"),
    (26.0, "moderate heat stress"),
    (9.0, "no thermal stress"),
    (0.0, "slight cold stress"),
    (-13.0, "moderate cold stress"),
    (-27.0, "strong cold stress"),
    (-40.0, "very strong cold stress"),
    (-math.inf, "extreme cold stress"),
)
"""Lower ends [°C] and names, the hottest first."""
_ORDER = 6


def saturation(air: ArrayLike) -> Floats:
    """Vapour pressure over water in moist air: Hardy (1998), ITS-90. [kPa] air: [°C]"""
    kelvin = np.asarray(air, dtype=np.float64) + 273.15
    powers = (
        -2.8365744e3 / kelvin**2
        - 6.028076559e3 / kelvin
        + 1.954263612e1
        - 2.737830188e-2 * kelvin
        + 1.6261698e-5 * kelvin**2
        + 7.0229056e-10 * kelvin**3
        - 1.8680009e-13 * kelvin**4
        + 2.7150305 * np.log(kelvin)
    )
    return np.asarray(np.exp(powers) / 1000)


def utci(air: ArrayLike, radiant: ArrayLike, wind: ArrayLike, humidity: ArrayLike) -> Floats:
    """The index; NaN, not rated, where the polynomial does not hold. [°C]

    air, radiant: temperatures [°C]; wind: at 10 m [m/s]; humidity: relative [%]. They broadcast.
    """
    t, r, v, h = np.broadcast_arrays(
        *(np.asarray(x, dtype=np.float64) for x in (air, radiant, wind, humidity))
    )
    excess, vapour = r - t, saturation(t) * h / 100
    v_used = np.maximum(v, WIND[0])
    powers = [
        [np.ones_like(t), *(x ** np.float64(n) for n in range(1, _ORDER + 1))]
        for x in (t, v_used, excess, vapour)
    ]
    found = t.copy()
    for a, b, c, d, coefficient in TERMS:
        found += coefficient * powers[0][a] * powers[1][b] * powers[2][c] * powers[3][d]
    with np.errstate(invalid="ignore"):
        rated = (
            (t >= AIR[0])
            & (t <= AIR[1])
            & (excess >= EXCESS[0])
            & (excess <= EXCESS[1])
            & (v <= WIND[1])
            & (v >= 0)
            & (h >= HUMIDITY[0])
            & (h <= HUMIDITY[1])
            & (vapour <= VAPOUR)
        )
    found[~rated] = np.nan
    return found


def utci_map(air: float, radiant: NDArray[np.float32], wind: float, humidity: float) -> NDArray[np.float32]:
    """As `utci`, for a grid of radiant temperatures in the same air: a polynomial of one variable."""
    least = max(wind, WIND[0])
    vapour = float(saturation(air)) * humidity / 100
    line = np.zeros(_ORDER + 1)
    for a, b, c, d, coefficient in TERMS:
        line[c] += coefficient * air**a * least**b * vapour**d
    excess = radiant - np.float32(air)
    found = np.full_like(radiant, np.float32(line[-1]))
    for coefficient in line[-2::-1]:
        found *= excess
        found += np.float32(coefficient)
    found += np.float32(air)
    right = (
        AIR[0] <= air <= AIR[1]
        and 0 <= wind <= WIND[1]
        and HUMIDITY[0] <= humidity <= HUMIDITY[1]
        and vapour <= VAPOUR
    )
    with np.errstate(invalid="ignore"):
        found[~((excess >= EXCESS[0]) & (excess <= EXCESS[1]) & right)] = np.nan
    return found


def stress(index: float) -> str:
    """The class of a value of the index [°C]; empty for NaN."""
    return "" if index != index else next(name for low, name in CLASSES if index > low)
