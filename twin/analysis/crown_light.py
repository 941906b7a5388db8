"""Knows how much sunlight comes through crowns: by species, in leaf and bare."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twin.analysis.species import species_named
from twin.analysis.surface_model import TREE_CROWN, Bounds, crown_rows, metres
from twin.model.layer import Layer

IN_LEAF = (130, 275)
"""First and last day of the year on which crowns of unknown species are in leaf in southern Finland."""
LEAVES, BARE = 0.03, 0.5
"""What comes through those in leaf and bare: Konarska et al. (2014), TAC 117, 363. 0-1"""
Crowns = tuple[tuple[str, float], ...]
"""Species and the area of their crowns, seen from above; unknown ones under the empty name. [m²]"""


def light_through(species: str, day: date) -> float:
    """Share of direct sunlight that comes through a crown of this species on a day. 0-1"""
    known = _known(species)
    first, last = IN_LEAF if known is None else known.in_leaf
    leaves, bare = (LEAVES, BARE) if known is None else known.light
    return leaves if first <= day.timetuple().tm_yday <= last else bare


@lru_cache(maxsize=4)
def light_of_cells(trees: Layer, day: date, *, bounds: Bounds, cell: float) -> NDArray[np.float32]:
    """What comes through the highest crown over each cell of a grid, 1 where there is none: (rows, columns).

    bounds: west, south, east, north; the grid begins in the north-west, as that of `canopy_model`. [m]
    """
    rows = crown_rows(trees, bounds=bounds, cell=cell)
    each = np.array([light_through(name, day) for name in _species(trees)] or [1.0])
    return np.where(rows >= 0, each[rows], 1.0).astype(np.float32)


def crowns_of(trees: Layer | None) -> Crowns:
    """How much crown there is of each species."""
    if trees is None:
        return ()
    found: dict[str, float] = {}
    sizes = np.nan_to_num(metres(trees, "crown"), nan=TREE_CROWN).tolist()
    for species, wide in zip(_species(trees), sizes, strict=True):
        kind = _known(species)
        name = "" if kind is None else kind.name
        found[name] = found.get(name, 0.0) + math.pi / 4 * wide**2
    return tuple(sorted(found.items()))


def mean_light(crowns: Crowns, day: date) -> float:
    """What comes through crowns on a day, each weighing as its area; of none as of unknown ones."""
    total = sum(area for _, area in crowns)
    if not total:
        return light_through("", day)
    return sum(area * light_through(name, day) for name, area in crowns) / total


def _species(trees: Layer) -> Iterable[str]:
    column = trees.table.columns.get("species")
    if column is None:
        return [""] * len(trees.geometry)
    return [name if isinstance(name, str) else "" for name in column.tolist()]


# a large city has the same few species very often
_known = lru_cache(maxsize=4096)(species_named)
