"""Makes the columns of a city ready for writers: what belongs to which row, and coordinates in the CRS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from twin.model.city import City

DIGITS = range(3, 8)
"""Coordinates are written in whole millimetres, or in so much less that no ring loses its corners."""


@dataclass(frozen=True, eq=False)
class Shapes:
    """A city on its way into a file."""

    city: City

    @cached_property
    def digits(self) -> int:
        """Behind the point, of coordinates in metres."""
        city = self.city
        before = _corners(city.vertices, city.ring_starts)
        for digits in DIGITS:
            if (_corners(self._rounded(digits), city.ring_starts) >= np.minimum(before, 3)).all():
                return digits
        return DIGITS[-1]

    @cached_property
    def national(self) -> NDArray[np.float64]:
        """(n, 3), easting, northing, height in the CRS of the city, rounded. [m]"""
        return self._rounded(self.digits)

    def _rounded(self, digits: int) -> NDArray[np.float64]:
        # adding zero turns -0.0 into 0.0
        return np.asarray(np.round(self.city.vertices + np.array(self.city.place.origin), digits) + 0.0)

    @cached_property
    def object_surfaces(self) -> NDArray[np.int64]:
        """(k + 1,), the surfaces of object i are those from i to i + 1."""
        return np.searchsorted(self.city.surface_object, np.arange(len(self.city.object_id) + 1))

    @cached_property
    def surface_rings(self) -> NDArray[np.int64]:
        """(s + 1,), the rings of surface i are those from i to i + 1."""
        return np.searchsorted(self.city.ring_surface, np.arange(len(self.city.surface_object) + 1))

    @cached_property
    def children(self) -> dict[int, list[int]]:
        """The parts of each object that has some."""
        found: dict[int, list[int]] = {}
        for row, parent in enumerate(self.city.object_parent.tolist()):
            if parent >= 0:
                found.setdefault(parent, []).append(row)
        return found

    def surfaces(self, row: int) -> range:
        """Of an object."""
        return range(int(self.object_surfaces[row]), int(self.object_surfaces[row + 1]))

    def rings(self, surface: int) -> list[tuple[int, int]]:
        """Where each ring of a surface begins and ends in the vertices; the exterior first."""
        starts = self.city.ring_starts
        rings = range(int(self.surface_rings[surface]), int(self.surface_rings[surface + 1]))
        return [(int(starts[ring]), int(starts[ring + 1])) for ring in rings]

    def with_parts(self, row: int) -> list[int]:
        """An object and all its parts, each after what it is a part of."""
        found = [row]
        for one in found:  # it grows on the way
            found += self.children.get(one, [])
        return found


def _corners(points: NDArray[np.float64], ring_starts: NDArray[np.int32]) -> NDArray[np.int64]:
    """How many different corners each ring has, but no more than 3: (r,)."""
    starts, lengths = ring_starts[:-1], np.diff(ring_starts)
    ring = np.repeat(np.arange(len(starts)), lengths)
    unlike = (points != points[starts[ring]]).any(axis=1)
    where = np.flatnonzero(unlike)
    second = np.zeros(len(starts), dtype=np.int64)
    second[ring[where][::-1]] = where[::-1]  # the first one in each ring comes last
    third = unlike & (points != points[second[ring]]).any(axis=1)
    found = np.minimum(lengths, 1) + np.bincount(ring[unlike], minlength=len(starts)).clip(max=1)
    return np.asarray(found + np.bincount(ring[third], minlength=len(starts)).clip(max=1))


def shortest(values: NDArray[np.float32]) -> list[float]:
    """The floats with the fewest digits that are read as these."""
    return [float(str(value)) for value in values]


def sentence(title: str, attribution: str) -> str:
    """One line that says what a file shows and whose data it is made of."""
    parts: Sequence[str] = [part for part in (title, attribution) if part]
    return " · ".join(parts)
