"""Finds walls in a height grid: how high they are, where they face, and how much of them is in the sun."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.analysis.sun import Sun
from twin.analysis.sweep import towards

Floats = NDArray[np.float32]

LOWEST = 1.0
"""A step in the surface lower than this is no wall. [m]"""
NEAR = 4
"""Cells around a wall's foot that say where it faces, so that the steps of a slanting wall vanish."""


@dataclass(frozen=True, eq=False, slots=True)
class Walls:
    """In every cell at the foot of a wall; 0 and NaN elsewhere: (rows, columns) each."""

    height: Floats
    """[m]"""
    aspect: Floats
    """Where the wall faces, clockwise from north; NaN where there is none. [deg]"""


def walls(surface: Floats, *, lowest: float = LOWEST) -> Walls:
    """Walls of a surface, at the foot: cells whose highest neighbour of four stands `lowest` or more above.

    surface: heights; NaN is no wall. [m] The wall faces away from what stands above it within NEAR cells.
    Cells at the edge of the grid have none, as nobody knows what stands beside them.
    """
    known = np.isfinite(surface)
    filled = np.where(known, surface, np.float32(np.nanmin(surface) if known.any() else 0)).astype(np.float32)
    highest = filled.copy()
    highest[1:] = np.maximum(highest[1:], filled[:-1])
    highest[:-1] = np.maximum(highest[:-1], filled[1:])
    highest[:, 1:] = np.maximum(highest[:, 1:], filled[:, :-1])
    highest[:, :-1] = np.maximum(highest[:, :-1], filled[:, 1:])
    height = highest - filled
    height[(height < lowest) | ~known] = 0
    for edge in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        height[edge] = 0
    aspect = _away(filled, lowest)
    aspect[height == 0] = np.nan
    return Walls(height.astype(np.float32), aspect.astype(np.float32))


def _away(surface: Floats, lowest: float) -> Floats:
    """Direction away from the middle of all that stands above a cell, clockwise from north. [deg]"""
    east, north = np.zeros_like(surface), np.zeros_like(surface)
    rows, columns = surface.shape
    for down in range(-NEAR, NEAR + 1):
        for right in range(-NEAR, NEAR + 1):
            length = math.hypot(down, right)
            if not 0 < length <= NEAR + 0.5:
                continue
            near = slice(max(0, -down), rows - max(0, down)), slice(max(0, -right), columns - max(0, right))
            far = slice(max(0, down), rows - max(0, -down)), slice(max(0, right), columns - max(0, -right))
            above = surface[far] - surface[near] >= lowest
            east[near] -= above * np.float32(right / length)
            north[near] += above * np.float32(down / length)
    return np.asarray(np.degrees(np.arctan2(east, north)) % 360, dtype=np.float32)


def sunlit_height(surface: Floats, found: Walls, sun: Sun, *, cell: float) -> Floats:
    """How much of each wall the sun reaches, from its top down; 0 where it faces away or the sun is down. [m]

    Divided by the height of the wall it is the sunlit share. surface: as for `walls`; cell: [m].
    What stands outside the grid gives no shade.
    """
    if sun.altitude <= 0:
        return np.zeros_like(found.height)
    shade = _shade_above(surface, sun, cell)
    with np.errstate(invalid="ignore"):
        facing = np.cos(np.radians(found.aspect - np.float32(sun.azimuth))) > 0
    lit = np.clip(found.height - shade, 0, found.height)
    lit[~facing] = 0
    return np.asarray(lit, dtype=np.float32)


def _shade_above(surface: Floats, sun: Sun, cell: float) -> Floats:
    """How high above each cell the shade of others ends. [m]"""
    filled = np.where(np.isfinite(surface), surface, np.nanmin(surface)).astype(np.float32)
    horizon = filled.copy()
    top = float(filled.max() - filled.min())
    rows, columns = filled.shape
    slope = cell * math.tan(math.radians(sun.altitude))
    for down, right, distance in towards(sun.azimuth, filled.shape):
        drop = np.float32(distance * slope)
        if drop > top:
            break
        near = slice(max(0, -down), rows - max(0, down)), slice(max(0, -right), columns - max(0, right))
        far = slice(max(0, down), rows - max(0, -down)), slice(max(0, right), columns - max(0, -right))
        np.maximum(horizon[near], filled[far] - drop, out=horizon[near])
    return horizon - filled
