"""Says what the sun does to a roof: how warm it gets, and what it takes up in a day.

A roof does not reach the people in the street below; this is what a light or a green one changes instead.
"""

from __future__ import annotations

from collections.abc import Iterable

from twin.analysis.heat_moment import Moment
from twin.analysis.radiation import KELVIN, STEFAN_BOLTZMANN

ROOFS = {"dark": 0.18, "planted, dry": 0.22, "light": 0.70}
"""Albedo of roofs to compare. Plants that have water are cooler than this by what they evaporate, which is
not worked out."""
CONVECTION = 12.0
"""Heat that a roof gives to the air by degree, with a light wind; an assumption. [W/m² K]"""


def roof_temperature(moment: Moment, *, albedo: float, emissivity: float = 0.95) -> float:
    """Of a flat roof that lets no heat through, under an open sky, once it has settled. [°C]

    What it takes up is what it gives off: (1 - albedo) G + ε (L - σ T⁴) = h (T - air), with h of CONVECTION.
    Raises ValueError for shares outside 0 to 1.
    """
    _check(albedo, emissivity)
    black = STEFAN_BOLTZMANN * (moment.air + KELVIN) ** 4
    gain = (1 - albedo) * moment.global_radiation + emissivity * moment.emissivity * black
    kelvin = moment.air + KELVIN
    for _ in range(20):  # Newton; the slope hardly changes, so it is exact after a few
        rest = gain - emissivity * STEFAN_BOLTZMANN * kelvin**4 - CONVECTION * (kelvin - moment.air - KELVIN)
        kelvin += rest / (4 * emissivity * STEFAN_BOLTZMANN * kelvin**3 + CONVECTION)
    return kelvin - KELVIN


def absorbed(moments: Iterable[Moment], *, albedo: float, hours: float = 1.0) -> float:
    """Sunlight that a square metre of open roof takes up in all moments, each `hours` long. [kWh/m²]

    Raises ValueError for an albedo outside 0 to 1.
    """
    _check(albedo, 1.0)
    return sum((1 - albedo) * moment.global_radiation * hours for moment in moments) / 1000


def _check(albedo: float, emissivity: float) -> None:
    if not 0 <= albedo <= 1 or not 0 < emissivity <= 1:
        raise ValueError(f"albedo {albedo:g} or emissivity {emissivity:g} is no share of 1")
