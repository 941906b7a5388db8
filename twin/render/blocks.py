"""Finds the box that each building is drawn as from afar, and what must keep its shape."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.model.city import City, triangle_object
from twin.model.parts import part
from twin.render.boxes import MIXED, NO_BOXES, Boxes, Flat, aprons, box_shell, joined
from twin.render.outline import closed, vertex_normals
from twin.render.paint import brightness
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
