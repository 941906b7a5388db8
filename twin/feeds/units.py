"""Carries values into the units of our observed properties."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

SPELLED = {
    "": "",
    "c": "degC",
    "cel": "degC",
    "°c": "degC",
    "deg c": "degC",
    "deg_c": "degC",
    "degree celsius": "degC",
    "degrees celsius": "degC",
    "celsius": "degC",
    "[degf]": "degF",
    "°f": "degF",
    "f": "degF",
    "%": "percent",
    "%rh": "percent",
    "% rh": "percent",
    "°": "degree",
    "deg": "degree",
    "lx": "lux",
    "ppm": "ppm",
    "db": "decibel_level",
    "db(a)": "decibel_level",
    "dba": "decibel_level",
    "p1": "percent",
    "ms-1": "m/s",
    "m.s-1": "m/s",
    "kmh": "km/h",
    "wm-2": "W/m^2",
    "ug/m3": "ug/m^3",
    "µg/m3": "ug/m^3",
    "μg/m3": "ug/m^3",
    "ug.m-3": "ug/m^3",
    "1": "",
    "count": "",
    "pcs": "",
    "number": "",
    "kpl": "",
    "kpl/h": "",
    "gq": "ug/m^3",
    "gp": "mg/m^3",
}
"""How sources write units that pint would read as another one or not at all; UN/CEFACT codes of NGSI too.

Sound levels are a unit of their own, because a sum of them is none of two.
"""
CEFACT = {"CEL": "degC", "FAH": "degF", "P1": "percent", "MTS": "m/s", "KMH": "km/h", "A97": "hPa"}
CEFACT |= {"MBR": "mbar", "LUX": "lux", "59": "ppm", "2N": "decibel_level", "GQ": "ug/m^3", "KWH": "kWh"}
CEFACT |= {"KWT": "kW", "MMT": "mm", "MTR": "m", "VLT": "V", "DD": "degree", "KEL": "kelvin"}
_SUPERSCRIPTS = str.maketrans({"²": "^2", "³": "^3", "⁻": "-", "¹": "1", "·": "*", "μ": "u", "µ": "u"})


@cache
def conversion(source: str, target: str) -> Callable[[float], float] | None:
    """What makes a value in `target` of one in `source`; None where there is no way.

    A source that says no unit is taken to mean ours.
    """
    if not source or source == target:
        return _same
    here, there = _written(source), _written(target)
    if here == there:
        return _same
    registry = _registry()
    try:
        zero = float(registry.Quantity(0.0, here).to(there).magnitude)
        one = float(registry.Quantity(1.0, here).to(there).magnitude)
    except Exception:  # pint raises what Python's own tokenizer raises, besides its own errors
        return None
    return lambda value: zero + (one - zero) * value


def _same(value: float) -> float:
    return value


def _written(unit: str) -> str:
    """The unit as pint reads it."""
    text = unit.strip()
    if text in CEFACT:
        return CEFACT[text]
    return SPELLED.get(text.lower(), text.translate(_SUPERSCRIPTS))


@cache
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(cache_folder=None)
    registry.define("decibel_level = [sound_level]")
    return registry
