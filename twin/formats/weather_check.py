"""Checks what a weather file gave: gaps, values twice, other units; and makes Weather of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.model.weather import Weather

Floats = NDArray[np.float64]
Columns = dict[str, Floats]
"""By the names of Weather's fields."""

NEEDED = {
    "air_temperature": "air temperature",
    "relative_humidity": "relative humidity",
    "global_radiation": "global radiation",
    "wind": "wind",
}
LIMITS = {
    "relative_humidity": (0.0, 105.0, "%"),
    "wind": (0.0, 75.0, "m/s"),
    "global_radiation": (-25.0, 1500.0, "W/m²"),
    "diffuse_radiation": (-25.0, 1200.0, "W/m²"),
    "sky_longwave": (50.0, 700.0, "W/m²"),
}


def checked(path: Path, times: Floats, columns: Columns, source: str, *, fill: float, gaps: bool) -> Weather:
    """The weather of columns that may lie in any order of time.

    times: ends of the intervals, since 1970 UTC. [s] fill, gaps: as in `read_weather`. Raises DataError.
    """
    order = np.argsort(times, kind="stable")
    times = times[order]
    columns = {key: found[order] for key, found in columns.items()}
    twice = np.flatnonzero(np.diff(times) <= 0)
    if len(twice):
        raise DataError(path, _when(times[twice[0]]), "is there twice", "Keep one row for each time.")
    step = float(np.median(np.diff(times))) if len(times) > 1 else 3600.0
    jumps = np.flatnonzero(np.abs(np.diff(times) - step) > 1)
    if len(jumps) and not gaps:
        first = jumps[0]
        raise DataError(
            path,
            f"after {_when(times[first])}",
            f"the next row is {(times[first + 1] - times[first]) / 60:g} min later, others {step / 60:g} min",
            "Fill the gap.",
        )
    notices: list[str] = []
    for key, name in NEEDED.items():
        if key not in columns or np.isnan(columns[key]).all():
            if key == "wind" and fill > 0:
                columns[key] = np.full(len(times), 1.5)
                notices.append("no wind in the file: 1.5 m/s is taken")
                continue
            raise DataError(path, "", f"has no {name}", f"Name a column {key!r}.")
        columns[key] = _filled(path, times, columns[key], name, fill / step * 3600, notices)
    for key in ("pressure", "sky_longwave"):
        if key in columns:  # never 0: some write that for what nobody measured
            columns[key] = np.where(columns[key] > 0, columns[key], np.nan)
    _check_units(path, columns)
    absent = np.full(len(times), np.nan)
    diffuse = columns.get("diffuse_radiation", absent)
    if not (diffuse > 0).any():  # a column of zeros stands for one that nobody measured
        diffuse = absent
    return Weather(
        times,
        step,
        columns["air_temperature"],
        np.minimum(columns["relative_humidity"], 100.0),
        columns["wind"],
        np.maximum(columns["global_radiation"], 0.0),
        np.maximum(diffuse, 0.0),
        columns.get("pressure", absent),
        columns.get("sky_longwave", absent),
        source,
        tuple(notices),
    )


def _filled(
    path: Path, times: Floats, values: Floats, name: str, longest: float, notices: list[str]
) -> Floats:
    """The values, with short gaps filled between their neighbours. longest: in steps."""
    gone = np.isnan(values)
    if not gone.any():
        return values
    edges = np.flatnonzero(np.diff(np.concatenate([[False], gone, [False]]).astype(int)))
    for begin, end in edges.reshape(-1, 2):
        if end - begin > longest:
            raise DataError(
                path, _when(times[begin]), f"{name} is missing in {end - begin} rows", "Fill the gap."
            )
    notices.append(f"{name}: {gone.sum()} missing values filled between their neighbours")
    return np.interp(times, times[~gone], values[~gone])


def _check_units(path: Path, columns: Columns) -> None:
    air = columns["air_temperature"]
    if np.median(air) > 150:
        raise DataError(path, "", f"air temperature is {np.median(air):.0f}: kelvin", "Give it in °C.")
    if air.min() < -70 or air.max() > 60:
        raise DataError(path, "", f"air temperature runs from {air.min():g} to {air.max():g} °C", "Mend it.")
    humidity = columns["relative_humidity"]
    if humidity.max() <= 1.05:
        raise DataError(path, "", "relative humidity is a share of 1", "Give it in %.")
    pressure = columns.get("pressure")
    if pressure is not None and np.isfinite(pressure).any():
        middle = float(np.nanmedian(pressure))
        if not 500 <= middle <= 1100:
            unit = "kPa" if 50 <= middle <= 110 else "Pa" if 50_000 <= middle <= 110_000 else "no hPa"
            raise DataError(path, "", f"pressure is {middle:g}: {unit}", "Give it in hPa.")
    for key, (low, high, unit) in LIMITS.items():
        found = columns.get(key)
        if found is None or not np.isfinite(found).any():
            continue
        least, most = float(np.nanmin(found)), float(np.nanmax(found))
        if least < low or most > high:
            worst = least if least < low else most
            raise DataError(
                path, "", f"{key.replace('_', ' ')} of {worst:g} {unit} cannot be", "Look at its unit."
            )


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
