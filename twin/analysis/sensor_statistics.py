"""Says a series in a few numbers, and how far a model is from what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.model.sensor import STALE_AFTER, Series

Floats = NDArray[np.float64]
USUAL = 3600.0
"""Interval of a datastream whose own nobody said. [s]"""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the good values of a series; NaN where there is none."""

    count: int
    bad: int
    mean: float
    lowest: float
    highest: float
    low: float
    """The 5th percentile."""
    high: float
    """The 95th percentile."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of modelled and measured values, in their unit; NaN where there is no pair."""

    count: int
    bias: float
    """Mean of model minus measurement."""
    rmse: float
    """Root of the mean square of model minus measurement."""
    correlation: float
    """Pearson's; NaN for fewer than three pairs."""


def statistics(series: Series) -> Statistics:
    """A series in a few numbers."""
    values = series.good.values
    bad = len(series) - len(values)
    if not len(values):
        none = float("nan")
        return Statistics(0, bad, none, none, none, none, none)
    low, high = np.percentile(values, [5, 95])
    return Statistics(
        len(values),
        bad,
        float(values.mean()),
        float(values.min()),
        float(values.max()),
        float(low),
        float(high),
    )


def agreement(modelled: Sequence[float] | Floats, measured: Sequence[float] | Floats) -> Agreement:
    """How far modelled values are from measured ones; a pair without one of them does not count."""
    model, truth = np.asarray(modelled, dtype=np.float64), np.asarray(measured, dtype=np.float64)
    both = np.isfinite(model) & np.isfinite(truth)
    model, truth = model[both], truth[both]
    none = float("nan")
    if not len(model):
        return Agreement(0, none, none, none)
    off = model - truth
    varied = len(model) > 2 and float(model.std()) > 0 and float(truth.std()) > 0
    alike = float(np.corrcoef(model, truth)[0, 1]) if varied else none
    return Agreement(len(model), float(off.mean()), float(np.sqrt((off**2).mean())), alike)


def hourly(series: Series, edges: Floats) -> Floats:
    """Means of the good values between edges [s since 1970 UTC]; NaN where there is none: one fewer."""
    good = series.good
    where = np.searchsorted(edges, good.times, side="right") - 1
    inside = (where >= 0) & (where < len(edges) - 1)
    count = np.bincount(where[inside], minlength=len(edges) - 1)
    total = np.bincount(where[inside], good.values[inside], minlength=len(edges) - 1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def around(series: Series, moments: Floats, half: float) -> Floats:
    """Means of the good values from `half` [s] before moments [s since 1970 UTC] to `half` after; NaN where
    there is none. The moments need not be equally far apart: a day may have 23 or 25 hours."""
    good = series.good
    sums = np.concatenate([[0.0], np.cumsum(good.values)])
    first, last = (np.searchsorted(good.times, moments + by, side="left") for by in (-half, half))
    return np.where(last > first, (sums[last] - sums[first]) / np.maximum(last - first, 1), np.nan)


def with_gaps(series: Series, interval: float) -> tuple[Floats, Floats]:
    """Times and good values of a curve, with NaN where nothing came for three intervals. [s]"""
    good = series.good
    longest = STALE_AFTER * (interval if np.isfinite(interval) else USUAL)
    gaps = np.flatnonzero(np.diff(good.times) > longest) + 1
    return (
        np.insert(good.times, gaps, good.times[gaps - 1] + longest if len(gaps) else np.zeros(0)),
        np.insert(good.values, gaps, np.full(len(gaps), np.nan)),
    )
