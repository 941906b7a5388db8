"""Knows how high the ground is drawn under what is drawn by hand: at zero, or on a relief."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from twin.model.state import Point
from twin.model.terrain import Relief
from twin.scene.snapping import Flat
from twin.scene.terrain import heights_on

STEP = 2.0
"""A line that lies on a relief has a corner at least so often. [m]"""
MOST_STEPS = 200
"""Of one side; a longer one has them farther apart."""


@dataclass(frozen=True, eq=False, slots=True)
class Footing:
    """The ground that sketches lie and stand on."""

    relief: Relief | None = None
    """None: it is flat, at zero."""

    def at(self, place: Flat) -> float:
        """How high the ground is there. [m]"""
        if self.relief is None:
            return 0.0
        return float(heights_on(self.relief, np.array([place], dtype=np.float64))[0])

    def under(self, area: BaseGeometry) -> float:
        """The lowest ground at the corners of an area, which is where a building on it stands. [m]"""
        if self.relief is None or area.is_empty:
            return 0.0
        return float(heights_on(self.relief, shapely.get_coordinates(area)).min())

    def points(self, places: Sequence[Flat], above: float) -> tuple[Point, ...]:
        """Places so far above the ground. [m]"""
        if self.relief is None or not places:
            return tuple((x, y, above) for x, y in places)
        heights = heights_on(self.relief, np.array(places, dtype=np.float64)) + above
        return tuple((x, y, z) for (x, y), z in zip(places, heights.tolist(), strict=True))

    def line(self, places: Sequence[Flat], above: float) -> tuple[Point, ...]:
        """A line that follows the ground from corner to corner, so far above it. [m]"""
        if self.relief is None or len(places) < 2:
            return self.points(places, above)
        more: list[Flat] = []
        for a, b in itertools.pairwise(places):
            count = min(max(math.ceil(math.dist(a, b) / STEP), 1), MOST_STEPS)
            parts = (step / count for step in range(count))
            more += [(a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])) for part in parts]
        return self.points((*more, places[-1]), above)


FLAT = Footing()
