"""Chooses the level of detail in which a city is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from twin.model import city as cities
from twin.model.city import City


def present(city: City) -> tuple[float, ...]:
    """The LoDs that any surface has, rising."""
    return tuple(np.unique(city.surface_lod).tolist())


def shown(city: City, lod: float | None = None) -> City:
    """Only the surfaces to show; all objects stay, and the city itself comes back where nothing is left out.

    lod: None: each object as `surface_shown` says, which is its highest. Otherwise each object is shown in
    its highest LoD up to this one; where it has none, it is not shown, save for a whole (with all its parts)
    that has nothing up to this LoD: that is shown in the lowest one it has.
    """
    chosen = _chosen(city, lod)
    if chosen.all():
        return city if city.surface_shown is None else replace(city, surface_shown=None)
    return replace(cities.only_surfaces(city, chosen), surface_shown=None)


def name(lod: float) -> str:
    """As people write it: 2, 2.2."""
    return f"{lod:g}"


def split(whole: City) -> tuple[City, City | None]:
    """What is shown of a city at first, and the whole of it where that leaves something out."""
    first = shown(whole)
    return first, whole if len(first.surface_object) < len(whole.surface_object) else None


def _chosen(city: City, lod: float | None) -> NDArray[np.bool_]:
    default = np.ones(len(city.surface_lod), bool) if city.surface_shown is None else city.surface_shown
    if lod is None or not len(default):
        return default
    whole = cities.roots(city)[city.surface_object]
    levels, count = city.surface_lod, len(city.object_id)
    low = _highest(whole[default], levels[default], count)
    lowest = -_highest(whole, -levels, count)
    limit = np.where(lowest > lod, lowest, lod)[whole]
    inside = levels <= limit
    best = _highest(city.surface_object[inside], levels[inside], count)
    found = inside & (levels == best[city.surface_object])
    # a whole that stays below the limit anyway is shown as it is by default
    same = (np.isfinite(low) & (low <= lod))[whole]
    return np.where(same, default, found)


def _highest(of: NDArray[np.int32], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    found = np.full(count, -np.inf)
    np.maximum.at(found, of, values)
    return found
