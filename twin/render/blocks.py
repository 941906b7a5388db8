"""Makes plain blocks of buildings, as arrays: what a city looks like from so far that roofs are small."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.model.city import City, triangle_object
from twin.render.outline import FOOT_HIGHEST, FOOT_LIFT, SKIRT, closed, vertex_normals
from twin.render.paint import ELSEWHERE, FOOT, FOOT_SHADE, ON_ROOF, brightness
from twin.render.parts import part
from twin.render.shell import STEPS, Shell, index, join
from twin.scene.colours import CLASS_COLOURS

UPRIGHT = ("SolitaryVegetationObject", "CityFurniture")
"""Classes with colours of their own that become blocks all the same; the others lie on the ground."""
LOWEST = 1.0
"""What is lower than this is no block. [m]"""
LONGEST = 150.0
"""What is longer than this keeps its shape. [m]"""
FULL = 0.4
"""What covers less of the rectangle around it keeps its shape, as a ring around a courtyard does."""
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
class Groups:
    """Which objects are drawn as one."""

    first: NDArray[np.intp]
    """Where the members of each group begin: (g,)."""
    members: NDArray[np.intp]
    """Each object once: (k,)."""

    @property
    def size(self) -> NDArray[np.intp]:
        """How many members each group has: (g,)."""
        return np.diff(np.append(self.first, len(self.members)))


@dataclass(frozen=True, eq=False, slots=True)
class Flat:
    """Triangles on the ground."""

    points: NDArray[np.float32]
    """(n, 3) [m]"""
    triangles: NDArray[np.int32]
    """(m, 3)"""
    owner: NDArray[np.int32]
    """(m,), the object of each triangle."""


@dataclass(frozen=True, eq=False, slots=True)
class Blocks:
    """A city as it is drawn from afar."""

    shell: Shell
    """Each object as a block or, where that would be far from its shape, as it is."""
    aprons: Flat
    """The ground around the blocks, which they darken."""
    crowds: Shell
    """A block for every few objects; these are counted as `groups` says."""
    groups: Groups
    closed: bool
    """All faces look outwards, so that none is seen from behind."""


def blocks(city: City) -> Blocks:
    """What a city is drawn as from afar."""
    boxes, objects = plain_blocks(city)
    others = np.setdiff1d(np.arange(len(city.object_id)), objects)
    groups, first = joined(boxes)
    rest, solid = _as_they_are(city, others) if len(others) else (box_shell(NO_BOXES, others), True)
    place = np.zeros(len(city.object_id), dtype=np.int32)
    place[others] = len(first) + np.arange(len(others))
    members = np.concatenate([objects, others])
    return Blocks(
        join(box_shell(boxes, objects), rest),
        aprons(boxes, objects),
        join(
            box_shell(groups, np.arange(len(first)), roof=MIXED),
            replace(
                rest,
                owner=place[rest.owner],
                index=(place[rest.index // STEPS] * STEPS + rest.index % STEPS).astype(np.int32),
            ),
        ),
        Groups(np.concatenate([first, len(objects) + np.arange(len(others))]), members),
        solid,
    )


def plain_blocks(city: City) -> tuple[Boxes, NDArray[np.intp]]:
    """The boxes that objects of a city can be drawn as, and which objects these are: rising.

    A box covers as much ground as the roofs of its object, and is as high as they are in the mean.
    """
    count = len(city.object_id)
    if not len(city.triangles):
        return NO_BOXES, np.zeros(0, dtype=np.intp)
    owner = city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]
    turn = _turns(city, owner)
    c, s = np.cos(turn)[owner], np.sin(turn)[owner]
    x, y, z = city.vertices.T
    low, high = _limits(owner, np.column_stack([c * x + s * y, c * y - s * x, z]), count)
    size = high - low

    rows = triangle_object(city)
    a, b, d = (city.vertices[city.triangles[:, i]] for i in range(3))
    height = (a[:, 2] + b[:, 2] + d[:, 2]) / 3
    # faces above a quarter of the height are roofs, whichever way they look
    roof = height > (low[:, 2] + 0.25 * size[:, 2])[rows]
    area = 0.5 * roof * np.abs(_turned(b - a, d - a))
    whole = np.bincount(rows, area, count)
    share = area / np.where(whole > 0, whole, 1.0)[rows]
    centre = share[:, None] * (a + b + d) / 3
    middle = np.zeros((count, 3))
    for axis in range(3):
        middle[:, axis] = np.bincount(rows, centre[:, axis], count)
    full = whole / np.maximum(size[:, 0] * size[:, 1], 1e-9)
    flat = np.array([name in CLASS_COLOURS and name not in UPRIGHT for name in city.object_type], dtype=bool)
    fits = (size[:, 2] >= LOWEST) & (full >= FULL) & (np.maximum(size[:, 0], size[:, 1]) <= LONGEST) & ~flat
    half = 0.5 * size[:, :2] * np.sqrt(np.minimum(full, 1.0))[:, None]
    chosen = np.flatnonzero(fits)
    found = middle[chosen]
    return Boxes(found[:, :2], half[chosen], turn[chosen], low[chosen, 2], found[:, 2]), chosen


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


def city_shell(city: City) -> Shell:
    """All faces of a city as they are."""
    owner = city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]
    return Shell(
        city.vertices.astype(np.float32),
        vertex_normals(city).astype(np.float32),
        city.triangles,
        triangle_object(city),
        index(owner, brightness(city)),
    )


def _as_they_are(city: City, objects: NDArray[np.intp]) -> tuple[Shell, bool]:
    """Objects that are no blocks, and whether they are closed."""
    piece = part(city, objects)
    shell = city_shell(piece)
    owner = objects[shell.owner].astype(np.int32)
    colour = (objects[shell.index // STEPS] * STEPS + shell.index % STEPS).astype(np.int32)
    return replace(shell, owner=owner, index=colour), closed(piece)


def _turns(city: City, owner: NDArray[np.int32]) -> NDArray[np.float64]:
    """The direction most walls of each object run in or across: (k,). [rad]"""
    following = np.arange(1, len(city.vertices) + 1)
    following[city.ring_starts[1:] - 1] = city.ring_starts[:-1]
    x, y = (city.vertices[following, i] - city.vertices[:, i] for i in range(2))
    length = x * x + y * y
    # the fourth power of a direction is the same for all four sides of a rectangle
    square = (x + 1j * y) ** 2
    ways = square * square / np.where(length > 0, length, 1.0)
    count = len(city.object_id)
    return np.asarray(
        np.arctan2(np.bincount(owner, ways.imag, count), np.bincount(owner, ways.real, count)) / 4
    )


def _limits(
    owner: NDArray[np.int32], points: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The lowest and highest coordinates of the points of each owner, who are not falling: (count, 3)."""
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    low, high = np.zeros((count, 3)), np.zeros((count, 3))
    low[owner[starts]] = np.minimum.reduceat(points, starts)
    high[owner[starts]] = np.maximum.reduceat(points, starts)
    return low, high


def _turned(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def _mean_shade(base: NDArray[np.float64], top: NDArray[np.float64]) -> NDArray[np.float64]:
    """How bright a wall is in the mean that darkens towards the street."""
    low, high = np.clip(base / FOOT, 0.0, 1.0), np.clip(top / FOOT, 0.0, 1.0)
    # of the part that darkens, and of what is above it
    slope, above = (high + low) / 2, np.clip(top - np.maximum(base, FOOT), 0.0, None)
    part_above = above / np.maximum(top - base, 1e-9)
    return np.asarray(FOOT_SHADE + (1.0 - FOOT_SHADE) * (slope * (1 - part_above) + part_above))
