"""Knows which part of the world the sun looks at, and where each point lies in what it sees."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float, float, float]
"""West, east, south, north, bottom, top. [m]"""

NEAREST = 125.0
"""Half the side of the smallest near part. [m]"""
SHARE = 0.5
"""Half the side of the near part, of the distance one looks from."""
AHEAD = 0.6
"""The middle of the near part is no farther than this share of half its side, so that it holds the feet."""
STEPS = 16
"""The near part moves by one of so many steps of its side, so that it stays while the view moves a little."""


@dataclass(frozen=True, slots=True)
class SunView:
    """A box along the rays of the sun: first level across them, then up, then along them."""

    altitude: float
    """Of the sun. [deg]"""
    azimuth: float
    """Of the sun, clockwise from north. [deg]"""
    low: tuple[float, float, float]
    """Where the box begins, across, up and along. [m]"""
    high: tuple[float, float, float]

    @property
    def size(self) -> NDArray[np.float64]:
        """Across, up and along: (3,). [m]"""
        return np.subtract(self.high, self.low)

    @property
    def rows(self) -> NDArray[np.float64]:
        """Takes points (x, y, z, 1) to their place in the box, 0-1: (3, 4)."""
        turn = axes(self.altitude, self.azimuth)
        return np.column_stack([turn, np.negative(self.low)]) / self.size[:, None]


def axes(altitude: float, azimuth: float) -> NDArray[np.float64]:
    """The directions across, up and along the rays of the sun: (3, 3). altitude, azimuth [deg]."""
    height, turn = math.radians(altitude), math.radians(azimuth)
    level = np.array([math.sin(turn), math.cos(turn), 0.0])
    across = np.array([-math.cos(turn), math.sin(turn), 0.0])
    above = np.array([0.0, 0.0, 1.0])
    return np.stack(
        [
            across,
            math.cos(height) * above - math.sin(height) * level,
            -math.sin(height) * above - math.cos(height) * level,
        ]
    )


def whole(altitude: float, azimuth: float, box: Box, *, side: int) -> SunView:
    """Everything in a box that stands upright. side: of the map, whose rim stays free. [cells]"""
    low, high = _limits(altitude, azimuth, box)
    free = (high - low) * 4.0 / side
    free[2] = 1.0
    return SunView(altitude, azimuth, _point(low - free), _point(high + free))


def near(
    everything: SunView,
    position: tuple[float, float, float],
    target: tuple[float, float, float],
    top: float,
) -> SunView | None:
    """The part one looks at, or None when that is no smaller than everything.

    position, target: of the camera; top: of what stands there [m].
    """
    eye, aim = np.array(position), np.array(target)
    distance = float(np.linalg.norm(aim - eye))
    half = NEAREST * 2.0 ** max(round(math.log2(max(SHARE * distance, 1.0) / NEAREST)), 0)
    # from low down one sees what is near, however far away one aims
    there = (aim - eye)[:2]
    ahead = there * min(1.0, AHEAD * half / max(float(np.linalg.norm(there)), 1e-9))
    middle = np.array([*(eye[:2] + ahead), 0.0])
    turn = axes(everything.altitude, everything.azimuth)
    height = math.radians(everything.altitude)
    across, above = 2.0 * half, 2.0 * half * math.sin(height) + min(top, half) * math.cos(height)
    if across >= everything.size[0]:
        return None
    # a step below the ground that one sees, which at a low sun is but a strip
    step = np.array([across / STEPS, above / (STEPS - 3)])
    size = step * STEPS
    lift = np.array([half, half * math.sin(height) + 1.5 * step[1]])
    begin = np.round((turn[:2] @ middle - lift) / step) * step
    low = (*begin.tolist(), everything.low[2])
    high = (*(begin + size).tolist(), everything.high[2])
    return SunView(everything.altitude, everything.azimuth, low, high)


def _limits(altitude: float, azimuth: float, box: Box) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    corners = np.array([(x, y, z) for x in box[:2] for y in box[2:4] for z in box[4:]])
    seen = corners @ axes(altitude, azimuth).T
    return seen.min(axis=0), seen.max(axis=0)


def _point(values: NDArray[np.float64]) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])
