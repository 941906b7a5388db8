"""Splits a large city into tiles, each a mesh of its own in up to three degrees of detail, as arrays.

The card then leaves out the tiles one does not look at, and draws those far away as plain blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twin.model.city import City, triangle_object
from twin.model.parts import part, wholes
from twin.render.blocks import Blocks, blocks, city_shell
from twin.render.outline import closed, drawn_edges, foot_shade
from twin.render.shell import Shell

MANY_OBJECTS, MANY_TRIANGLES = 20_000, 500_000
"""A city with more is drawn in tiles."""
TRIANGLES, MOST = 24_000, 128
"""Of a tile, about; how many tiles there are at most."""
PIECES = 8
"""So many pieces of a tile in full are left out each for itself where they are not in the picture."""
KEPT = 2
"""So many large cities, as today's and one scenario's, are worked out once only."""


def is_large(city: City) -> bool:
    """Whether a city is drawn in tiles."""
    return len(city.triangles) > MANY_TRIANGLES or len(city.object_id) > MANY_OBJECTS


@dataclass(frozen=True, eq=False, slots=True)
class Fine:
    """A tile in full detail."""

    shell: Shell
    closed: bool
    """All faces look outwards, so that none is seen from behind."""
    ends: NDArray[np.int32]
    """(e, 2), both ends of each edge, rows of the shell's points."""
    edge_object: NDArray[np.int32]
    """(e,), whose edge it is."""
    foot_points: NDArray[np.float32]
    """The darkness on the ground: (f, 3). [m]"""
    foot_triangles: NDArray[np.int32]
    """(t, 3)"""
    foot_dark: NDArray[np.float64]
    """(f,), 0-1."""
    foot_object: NDArray[np.int32]
    """(t,), whose darkness it is."""
    piece: NDArray[np.intp]
    """(k,), in which of PIECES each object is."""
    low: NDArray[np.float64]
    """The lower corners of the boxes around them: (PIECES, 3). [m]"""
    high: NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Tile:
    """A part of a large city. Objects are counted within the tile."""

    objects: NDArray[np.intp]
    """(k,), rows of the city."""
    low: NDArray[np.float64]
    """The lower corner of the box around it: (3,). [m]"""
    high: NDArray[np.float64]
    blocks: Blocks


class Tiles:
    """The tiles of one city; what is fine is worked out when it is first asked for."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.tiles = tuple(tile_of(part(city, objects), objects) for objects in split(city))
        self.low = np.array([tile.low for tile in self.tiles]).reshape(-1, 3)
        self.high = np.array([tile.high for tile in self.tiles]).reshape(-1, 3)
        self.tile_of = np.zeros(len(city.object_id), dtype=np.intp)
        for number, tile in enumerate(self.tiles):
            self.tile_of[tile.objects] = number
        self._fine: dict[int, Fine] = {}

    def fine(self, number: int) -> Fine:
        """A tile in full detail."""
        found = self._fine.get(number)
        if found is None:
            found = self._fine[number] = in_full(part(self.city, self.tiles[number].objects))
        return found


@lru_cache(maxsize=KEPT)
def tiles_of(city: City) -> Tiles:
    """The tiles of a city."""
    return Tiles(city)


def split(city: City) -> tuple[NDArray[np.intp], ...]:
    """The objects of each tile, near ones beside each other: halves of halves, each with as many triangles.

    An object stays with its parts; those without any corner are in no tile.
    """
    weight = np.bincount(triangle_object(city), minlength=len(city.object_id))
    whole, middle = wholes(city), _middles(city)
    there = np.flatnonzero(weight)
    # the place decides the order, then the whole, so that parts follow each other
    objects = there[np.lexsort((there, whole[there], _curve(middle[there])))]
    total = int(weight.sum())
    halvings = int(np.clip(np.ceil(np.log2(max(total / TRIANGLES, 1.0))), 0, np.log2(MOST)))
    tiles = _halved(objects, halvings, middle, whole, weight)
    return tuple(tile for tile in tiles if len(tile))


def _middles(city: City) -> NDArray[np.float64]:
    """Where each object lies: (k, 2). Parts lie where their whole lies, which may have no corners itself."""
    whole = wholes(city)
    owner = whole[city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]]
    corners = np.maximum(np.bincount(owner, minlength=len(whole)), 1)
    return np.column_stack([np.bincount(owner, city.vertices[:, i], len(whole)) / corners for i in range(2)])[
        whole
    ]


def _halved(
    objects: NDArray[np.intp],
    times: int,
    middle: NDArray[np.float64],
    whole: NDArray[np.int32],
    weight: NDArray[np.int64],
) -> list[NDArray[np.intp]]:
    found = [objects]
    for _ in range(times):
        found = [half for each in found for half in _halves(each, middle, whole, weight)]
    return found


def _halves(
    objects: NDArray[np.intp],
    middle: NDArray[np.float64],
    whole: NDArray[np.int32],
    weight: NDArray[np.int64],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    if len(objects) < 2:
        return objects, objects[:0]
    places = middle[objects]
    axis = int(np.ptp(places[:, 1]) > np.ptp(places[:, 0]))
    order = np.lexsort((whole[objects], places[:, axis]))
    half = int(np.searchsorted(np.cumsum(weight[objects[order]]), weight[objects].sum() / 2))
    # not through an object and its parts
    first = np.zeros(len(objects), dtype=bool)
    first[order[:half]] = True
    split_whole = whole[objects[order[min(half, len(order) - 1)]]]
    first[whole[objects] == split_whole] = False
    return objects[first], objects[~first]


def _curve(middle: NDArray[np.float64]) -> NDArray[np.int64]:
    """A number for each place, alike for places close to each other (Morton 1966)."""
    if not len(middle):
        return np.zeros(0, dtype=np.int64)
    low, wide = middle.min(axis=0), max(float(np.ptp(middle, axis=0).max()), 1e-9)
    cells = ((middle - low) / wide * 1023).astype(np.int64)
    found = np.zeros(len(cells), dtype=np.int64)
    for bit in range(10):
        found |= (cells[:, 0] >> bit & 1) << 2 * bit | (cells[:, 1] >> bit & 1) << 2 * bit + 1
    return found


def tile_of(piece: City, objects: NDArray[np.intp]) -> Tile:
    """A tile of all of a city. objects: what they are called outside."""
    return Tile(objects, *_box(piece.vertices), blocks(piece))


def in_full(piece: City) -> Fine:
    """All of a city in full detail."""
    shell = city_shell(piece)
    owner = piece.surface_object[np.repeat(piece.ring_surface, np.diff(piece.ring_starts))]
    ends = drawn_edges(piece).reshape(-1, 2)
    foot, faces, dark, corner = foot_shade(piece)
    pieces = _pieces(piece)
    boxes = np.array(
        [_box(np.vstack([piece.vertices[mine[owner]], foot[mine[owner[corner]]]])) for mine in pieces]
    )
    return Fine(
        shell,
        closed(piece),
        ends.astype(np.int32),
        owner[ends[:, 0]],
        foot.astype(np.float32),
        faces.astype(np.int32),
        dark,
        owner[corner[faces[:, 0]]],
        pieces.argmax(axis=0),
        boxes[:, 0],
        boxes[:, 1],
    )


def _pieces(city: City) -> NDArray[np.bool_]:
    """Which objects are in each piece: (PIECES, k)."""
    count = len(city.object_id)
    weight = np.bincount(triangle_object(city), minlength=count)
    halvings = int(np.log2(PIECES))
    found = np.zeros((PIECES, count), dtype=bool)
    for mine, rows in zip(
        found, _halved(np.arange(count), halvings, _middles(city), wholes(city), weight), strict=True
    ):
        mine[rows] = True
    return found


def _box(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The lower and the upper corner of the box around points; a point where there are none."""
    if not len(points):
        return np.zeros(3), np.zeros(3)
    # by column, which is ten times as quick as all three at once
    low, high = (np.array([find(column) for column in points.T]) for find in (np.min, np.max))
    return low, high
