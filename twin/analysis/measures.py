"""Measures every object of a city: footprint, volume, storeys, floor area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.model.city import City, triangle_object
from twin.model.table import Table

STOREYS = ("storeysAboveGround", "storeys", "levels", "building:levels")
"""Attributes that count the storeys above the ground, the most trusted first."""
STOREY_HEIGHT = 3.3
"""Taken where the storeys are not known: between that of homes and of offices. [m]"""
LOW = 2.2
"""What is lower than this has no storey. [m]"""
BUILDINGS = frozenset(("Building", "BuildingPart", "BuildingUnit", "Storey"))


@dataclass(frozen=True, eq=False, slots=True)
class Measures:
    """Of each object by itself, without its parts: (k,) each."""

    footprint: NDArray[np.float64]
    """What it covers seen from above; roofs above one another count twice. [m²]"""
    height: NDArray[np.float64]
    """From its lowest to its highest corner, 0 without geometry. [m]"""
    volume: NDArray[np.float64]
    """Between its surfaces and its lowest corner. [m³]"""
    storeys: NDArray[np.float64]
    """Above the ground, NaN for what is no building."""
    estimated: NDArray[np.bool_]
    """Whether the storeys were estimated from the height."""

    @property
    def floor_area(self) -> NDArray[np.float64]:
        """Gross, above the ground: footprint times storeys, 0 for what is no building: (k,). [m²]"""
        return np.nan_to_num(self.footprint * self.storeys)


def measure(city: City) -> Measures:
    """The measures of all objects of a city.

    The volume is the sum over all triangles of their area seen from above, counted up for what faces up and
    down for what faces down, times their mean height (divergence theorem); a missing ground surface changes
    nothing, as it would lie at the lowest corner.
    """
    count = len(city.object_id)
    of = triangle_object(city)
    low, high = _range(city)
    bottom = np.where(np.isfinite(low), low, 0.0)
    a, b, c = (city.vertices[city.triangles[:, k]] for k in range(3))
    ahead, aside = b[:, :2] - a[:, :2], c[:, :2] - a[:, :2]
    flat = (ahead[:, 0] * aside[:, 1] - ahead[:, 1] * aside[:, 0]) / 2
    above = (a[:, 2] + b[:, 2] + c[:, 2]) / 3 - bottom[of]
    up = np.bincount(of, np.maximum(flat, 0), minlength=count)
    down = np.bincount(of, np.maximum(-flat, 0), minlength=count)
    volume = np.abs(np.bincount(of, flat * above, minlength=count))
    height = np.where(high >= low, high - low, 0.0)
    storeys = _first(city.attributes, STOREYS, count)
    unknown = ~(storeys >= 0)
    guess = np.where(height < LOW, 0.0, np.maximum(np.rint(height / STOREY_HEIGHT), 1.0))
    building = np.array([kind in BUILDINGS for kind in city.object_type], dtype=bool)
    return Measures(
        footprint=np.maximum(up, down),
        height=height,
        volume=volume,
        storeys=np.where(building, np.where(unknown, guess, storeys), np.nan),
        estimated=building & unknown & (height > 0),
    )


def _range(city: City) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    count = len(city.object_id)
    owner = np.repeat(city.surface_object[city.ring_surface], np.diff(city.ring_starts))
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, owner, city.vertices[:, 2])
    np.maximum.at(high, owner, city.vertices[:, 2])
    return low, high


def _first(attributes: Table, names: Sequence[str], count: int) -> NDArray[np.float64]:
    """The first of these attributes that is a number: (k,), NaN where none is."""
    found = np.full(count, np.nan)
    for name in names:
        column = attributes.columns.get(name)
        if column is not None:
            values = (
                np.array([_number(value) for value in column.tolist()], dtype=np.float64)
                if column.dtype == object
                else column.astype(np.float64)
            )
            found = np.where(np.isnan(found), values, found)
    return found


def _number(value: object) -> float:
    """What a cell says as a number, NaN where it says none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return np.nan
    try:
        return float(value)
    except ValueError:
        return np.nan
