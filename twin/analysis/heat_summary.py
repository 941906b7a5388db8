"""Sums heat up: hours above a threshold, shares of classes, means over the ground people walk on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.analysis.utci import CLASSES

Floats = NDArray[np.float32]

THRESHOLDS = 26.0, 32.0, 38.0
"""Where moderate, strong and very strong heat stress begin. [°C]"""


def hours_above(maps: Floats, threshold: float, *, step: float = 1.0) -> Floats:
    """Hours in which a map lies above a threshold; NaN where none has a value.

    maps: (times, rows, columns) [°C]; step: between the times. [h]
    """
    known = np.isfinite(maps)
    with np.errstate(invalid="ignore"):
        found = ((maps > threshold) & known).sum(axis=0).astype(np.float32) * np.float32(step)
    found[~known.any(axis=0)] = np.nan
    return np.asarray(found)


def class_shares(utci: Floats) -> dict[str, float]:
    """Share of the rated area in each class of heat or cold stress that occurs, the hottest first."""
    rated = utci[np.isfinite(utci)]
    if not rated.size:
        return {}
    found, above = {}, np.inf
    for low, name in CLASSES:
        share = float(((rated > low) & (rated <= above)).mean())
        if share > 0:
            found[name] = share
        above = low
    return found


def spread_of(values: Floats) -> dict[str, float] | None:
    """Lowest, mean and highest value; None where there is none."""
    known = values[np.isfinite(values)]
    if not known.size:
        return None
    return {"min": float(known.min()), "mean": float(known.mean()), "max": float(known.max())}
