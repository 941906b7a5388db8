"""Finds the largest places that are hotter than a threshold, and sums an hour and a day up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.analysis.heat_maps import HeatMaps
from twin.analysis.heat_summary import THRESHOLDS, class_shares, spread_of

Floats = NDArray[np.float32]

AFTERNOON = 12, 13, 14, 15, 16
"""Hours of the hottest part of the day; their mean is what scenarios are compared by. [h]"""
LEAST = 100.0
"""Smaller places are no hot spots. [m²]"""
MOST = 12
LARGEST = 0.1
"""A place that covers more of the ground is no spot."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A connected place above a threshold."""

    bounds: tuple[float, float, float, float]
    """West, south, east, north, local. [m]"""
    area: float
    """[m²]"""
    mean: float
    """[°C]"""
    highest: float
    """[°C]"""


@dataclass(frozen=True, slots=True)
class HeatFigures:
    """Heat in numbers, where people can stand; None where nothing is rated or ready yet."""

    shares: tuple[tuple[str, float], ...]
    """Classes of the hour that occur, the hottest first, and their share of the area."""
    spread: tuple[float, float, float] | None
    """Lowest, mean and highest UTCI of the hour. [°C]"""
    radiant: float | None
    """Mean of the radiant temperatures of the hour. [°C]"""
    afternoon: float | None
    """Mean UTCI of AFTERNOON. [°C]"""
    strong: float | None
    """Share of the area with strong heat stress in the mean of AFTERNOON."""
    threshold: float
    """Of the spots: the highest of THRESHOLDS that any spot reaches; higher by whole degrees as long as one
    spot would cover over LARGEST of the ground. [°C]"""
    spots: tuple[Spot, ...]
    """The largest first."""


def hot_spots(
    values: Floats, threshold: float, *, west: float, north: float, cell: float, most: int = MOST
) -> tuple[Spot, ...]:
    """The largest connected places above a threshold, of at least LEAST. values: (rows, columns) [°C]

    Cells that touch at a side belong together. west, north: outer corner of the first cell. [m]
    """
    from scipy.ndimage import find_objects, label

    with np.errstate(invalid="ignore"):
        places, count = label(values > threshold)
    sizes = np.bincount(places.ravel(), minlength=count + 1)[1:]
    order = [n for n in np.argsort(-sizes, kind="stable")[:most] if sizes[n] * cell**2 >= LEAST]
    boxes = find_objects(places)
    found = []
    for number in order:
        rows, columns = boxes[number]
        inside = values[rows, columns][places[rows, columns] == number + 1]
        bounds = (
            west + columns.start * cell,
            north - rows.stop * cell,
            west + columns.stop * cell,
            north - rows.start * cell,
        )
        area = float(sizes[number]) * cell**2
        found.append(Spot(bounds, area, float(inside.mean()), float(inside.max())))
    return tuple(found)


def heat_figures(maps: HeatMaps, index: int, *, west: float, north: float) -> HeatFigures:
    """The figures of an hour, and of the day where all its hours are ready. index: of the hour."""
    walked, cell = maps.walked, maps.given.ground.cell
    utci = np.where(walked, maps.utci[index], np.float32(np.nan))
    threshold, spots = _spots(utci, west, north, cell)
    spread, radiant = spread_of(utci), spread_of(maps.mean_radiant[index][walked])
    afternoon = strong = None
    if set(AFTERNOON) <= set(maps.done):
        mean = maps.utci[list(AFTERNOON)].mean(axis=0)
        rated = mean[walked & np.isfinite(mean)]
        if rated.size:
            afternoon, strong = float(rated.mean()), float((rated > THRESHOLDS[1]).mean())
    return HeatFigures(
        tuple(class_shares(utci).items()),
        (spread["min"], spread["mean"], spread["max"]) if spread else None,
        radiant["mean"] if radiant else None,
        afternoon,
        strong,
        threshold,
        spots,
    )


def _spots(utci: Floats, west: float, north: float, cell: float) -> tuple[float, tuple[Spot, ...]]:
    rated = int(np.isfinite(utci).sum()) * cell**2
    spots: tuple[Spot, ...] = ()
    for threshold in sorted(THRESHOLDS, reverse=True):
        spots = hot_spots(utci, threshold, west=west, north=north, cell=cell)
        if spots:
            break
    while spots and spots[0].area > LARGEST * rated:
        higher = hot_spots(utci, threshold + 1, west=west, north=north, cell=cell)
        if not higher:
            break
        threshold, spots = threshold + 1, higher
    return threshold, spots
