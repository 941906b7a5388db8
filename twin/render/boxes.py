"""Upright boxes, as arrays: what a city looks like from so far that roofs are small."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.render.outline import FOOT_HIGHEST, FOOT_LIFT, SKIRT
from twin.render.paint import ELSEWHERE, FOOT, FOOT_SHADE, ON_ROOF
from twin.render.shell import Shell, index

TOGETHER = 4
"""So many buildings become one block of a group."""
SPREAD, MIXED = 1.4, 0.86
"""How much more ground than its buildings it covers, and how bright its roof is: it has the walls between."""
TALL, TALLER = 25.0, 2.0
"""What is higher than this [m], and than so many times the usual, stays alone: it is part of the skyline."""

CORNERS = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])
OUTWARDS = np.array([(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)])


@dataclass(frozen=True, eq=False, slots=True)
class Boxes:
    """Upright boxes."""

    middle: NDArray[np.float64]
    """(n, 2) [m]"""
    half: NDArray[np.float64]
    """(n, 2), half the length and width. [m]"""
    turn: NDArray[np.float64]
    """(n,), of the length from east to north. [rad]"""
    base: NDArray[np.float64]
    """(n,) [m]"""
    top: NDArray[np.float64]
    """(n,) [m]"""


NO_BOXES = Boxes(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0), np.zeros(0), np.zeros(0))


@dataclass(frozen=True, eq=False, slots=True)
class Flat:
    """Triangles on the ground."""

    points: NDArray[np.float32]
    """(n, 3) [m]"""
    triangles: NDArray[np.int32]
    """(m, 3)"""
    owner: NDArray[np.int32]
    """(m,), the object of each triangle."""


def joined(boxes: Boxes) -> tuple[Boxes, NDArray[np.intp]]:
    """A box for every few that follow each other, and where its members begin."""
    if not len(boxes.base):
        return boxes, np.zeros(0, dtype=np.intp)
    tall = boxes.top - boxes.base
    alone = (tall > TALL) & (tall > TALLER * np.median(tall))
    first = np.zeros(len(tall), dtype=bool)
    first[::TOGETHER] = True
    first |= alone
    first[1:] |= alone[:-1]
    starts = np.flatnonzero(first)
    group = np.cumsum(first) - 1
    area = 4.0 * boxes.half.prod(axis=1)
    whole = np.add.reduceat(area, starts)
    share = area / whole[group]
    ways = np.add.reduceat(share * np.exp(4j * boxes.turn), starts)
    turn = np.angle(ways) / 4
    middle = np.add.reduceat(share[:, None] * boxes.middle, starts)
    c, s = np.cos(turn)[group], np.sin(turn)[group]
    away = boxes.middle - middle[group]
    reach = np.linalg.norm(boxes.half, axis=1)[:, None]
    across = np.column_stack([c * away[:, 0] + s * away[:, 1], c * away[:, 1] - s * away[:, 0]])
    half = 0.5 * (np.maximum.reduceat(across + reach, starts) - np.minimum.reduceat(across - reach, starts))
    half *= np.sqrt(np.minimum(SPREAD * whole / (4.0 * half.prod(axis=1)), 1.0))[:, None]
    members = np.diff(np.append(starts, len(group)))
    single = members == 1
    half[single], turn[single] = boxes.half[starts[single]], boxes.turn[starts[single]]
    top = np.add.reduceat(share * boxes.top, starts)
    return Boxes(middle, half, turn, np.minimum.reduceat(boxes.base, starts), top), starts


def box_shell(boxes: Boxes, owner: NDArray[np.integer], *, roof: float = ON_ROOF) -> Shell:
    """Four walls and a roof for each box, 20 corners and 10 triangles.

    owner: the object of each, (n,). roof: how bright.
    """
    count = len(boxes.base)
    c, s = np.cos(boxes.turn)[:, None], np.sin(boxes.turn)[:, None]
    flat = CORNERS[None] * boxes.half[:, None, :]
    x = boxes.middle[:, :1] + c * flat[..., 0] - s * flat[..., 1]
    y = boxes.middle[:, 1:] + s * flat[..., 0] + c * flat[..., 1]
    corners = np.zeros((count, 20, 3), dtype=np.float32)
    normals = np.zeros((count, 20, 3), dtype=np.float32)
    for wall in range(4):
        ends = [wall, (wall + 1) % 4, (wall + 1) % 4, wall]
        place = slice(4 * wall, 4 * wall + 4)
        corners[:, place, 0], corners[:, place, 1] = x[:, ends], y[:, ends]
        corners[:, place, 2] = np.stack([boxes.base, boxes.base, boxes.top, boxes.top], axis=1)
        out = OUTWARDS[wall]
        normals[:, place, 0] = c * out[0] - s * out[1]
        normals[:, place, 1] = s * out[0] + c * out[1]
    corners[:, 16:, 0], corners[:, 16:, 1], corners[:, 16:, 2] = x, y, boxes.top[:, None]
    normals[:, 16:, 2] = 1.0
    light = np.full((count, 20), roof)
    light[:, :16] = (ELSEWHERE * _mean_shade(boxes.base, boxes.top))[:, None]
    face = np.array([(0, 1, 2), (0, 2, 3)])
    faces = (4 * np.arange(5)[:, None, None] + face).reshape(-1, 3)
    triangles = 20 * np.arange(count)[:, None, None] + faces
    return Shell(
        corners.reshape(-1, 3),
        normals.reshape(-1, 3),
        triangles.reshape(-1, 3).astype(np.int32),
        np.repeat(owner, 10).astype(np.int32),
        index(np.repeat(owner, 20), light.ravel()),
    )


def aprons(boxes: Boxes, owner: NDArray[np.integer]) -> Flat:
    """The ground around boxes that stand on it, as far as their walls darken it. owner: of each box, (n,)."""
    low = boxes.base < FOOT_HIGHEST
    c, s = np.cos(boxes.turn[low])[:, None], np.sin(boxes.turn[low])[:, None]
    flat = CORNERS[None] * (boxes.half[low] + SKIRT[-1][0])[:, None, :]
    points = np.full((int(low.sum()), 4, 3), FOOT_LIFT, dtype=np.float32)
    points[..., 0] = boxes.middle[low, :1] + c * flat[..., 0] - s * flat[..., 1]
    points[..., 1] = boxes.middle[low, 1:] + s * flat[..., 0] + c * flat[..., 1]
    faces = 4 * np.arange(len(points))[:, None, None] + np.array([(0, 1, 2), (0, 2, 3)])
    return Flat(
        points.reshape(-1, 3),
        faces.reshape(-1, 3).astype(np.int32),
        np.repeat(owner[low], 2).astype(np.int32),
    )


def _mean_shade(base: NDArray[np.float64], top: NDArray[np.float64]) -> NDArray[np.float64]:
    """How bright a wall is in the mean that darkens towards the street."""
    low, high = np.clip(base / FOOT, 0.0, 1.0), np.clip(top / FOOT, 0.0, 1.0)
    # of the part that darkens, and of what is above it
    slope, above = (high + low) / 2, np.clip(top - np.maximum(base, FOOT), 0.0, None)
    part_above = above / np.maximum(top - base, 1e-9)
    return np.asarray(FOOT_SHADE + (1.0 - FOOT_SHADE) * (slope * (1 - part_above) + part_above))
