"""Finds the first object of a city that a ray meets, by a search tree for each tile."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonCore import mutable
from vtkmodules.vtkCommonDataModel import vtkStaticCellLocator

from twin.model.city import City, triangle_object
from twin.model.parts import part
from twin.model.state import Point
from twin.render import arrays
from twin.render.slots import drawn_in_tiles, slots_of

REACH = 50_000.0
"""How far a ray goes. [m]"""
BEYOND = 0.001
"""So far behind something hidden the search goes on. [m]"""


class Trees:
    """The search trees of one city; that of a tile is made when a ray first passes through its box."""

    def __init__(self, city: City, before: Trees | None = None) -> None:
        """before: of another scenario, whose trees serve this one as far as it is the same."""
        self._pieces: list[tuple[City, NDArray[np.intp]]] = []
        self._slots = slots_of(city) if drawn_in_tiles(city) else None
        self._trees: dict[int, _Tree] = {}
        if self._slots is not None:
            tiles, more = self._slots.tiles, self._slots.more
            self._low, self._high = tiles.low, tiles.high
            self._pieces = [(tiles.city, tile.objects) for tile in tiles.tiles]
            if before is not None and before._slots is not None and before._slots.tiles is tiles:
                count = len(tiles.tiles)
                self._trees = {number: tree for number, tree in before._trees.items() if number < count}
            if more is not None and self._slots.piece is not None:
                self._low, self._high = np.vstack([tiles.low, more.low]), np.vstack([tiles.high, more.high])
                self._pieces.append((self._slots.piece, more.objects))
        elif len(city.triangles):
            self._pieces = [(city, np.arange(len(city.object_id)))]
            self._low, self._high = np.full((1, 3), -np.inf), np.full((1, 3), np.inf)
        else:
            self._low = self._high = np.zeros((0, 3))

    def hit(
        self, eye: Point, direction: NDArray[np.float64], hidden: NDArray[np.bool_] | None = None
    ) -> tuple[int, Point] | None:
        """The object that a ray meets first, and where. hidden: (k,), objects it passes through. [m]"""
        slots = self._slots
        if slots is not None and (gone := slots.gone) is not None:
            hidden = gone if hidden is None else gone | slots.each(hidden)
        enters, passes = passed(self._low, self._high, np.array(eye), direction)
        best: tuple[float, int, Point] | None = None
        for tile in np.argsort(enters):
            if not passes[tile] or (best is not None and best[0] < enters[tile]):
                continue
            found = self._tree(int(tile)).hit(eye, direction, hidden)
            if found is not None and (best is None or found[0] < best[0]):
                best = found
        if best is None:
            return None
        _, row, at = best
        return (row if slots is None or slots.row is None else int(slots.row[row])), at

    def _tree(self, tile: int) -> _Tree:
        found = self._trees.get(tile)
        if found is None:
            found = self._trees[tile] = _Tree(*self._pieces[tile])
        return found


class _Tree:
    def __init__(self, city: City, objects: NDArray[np.intp]) -> None:
        """objects: of the city; as many names as it has objects where it is all of it."""
        piece = city if len(objects) == len(city.object_id) else part(city, objects)
        self._owner = objects[triangle_object(piece)]
        data = arrays.empty()
        arrays.fill(data, piece.vertices.astype(np.float32))
        arrays.set_triangles(data, piece.triangles)
        self._locator = vtkStaticCellLocator()
        self._locator.SetDataSet(data)
        self._locator.BuildLocator()

    def hit(
        self, eye: Point, direction: NDArray[np.float64], hidden: NDArray[np.bool_] | None
    ) -> tuple[float, int, Point] | None:
        """How far it is to the first object, which one it is, and where the ray meets it."""
        part, at, where = mutable(0.0), [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
        side, cell = mutable(0), mutable(0)
        far = [eye[i] + REACH * float(direction[i]) for i in range(3)]
        start = list(eye)
        # references take what C++ writes
        while self._locator.IntersectWithLine(start, far, 1e-6, part, at, where, side, cell):  # type: ignore[call-overload]
            row = int(self._owner[int(cell)])
            if hidden is None or not hidden[row]:
                return math.dist(eye, at), row, (at[0], at[1], at[2])
            start = [at[i] + BEYOND * float(direction[i]) for i in range(3)]
        return None


def passed(
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    eye: NDArray[np.float64],
    direction: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """How far it is to each box along a ray, and which boxes it passes through: (n,). low, high: (n, 3)."""
    along = np.where(np.abs(direction) > 1e-12, direction, 1e-12)
    first, second = (low - eye) / along, (high - eye) / along
    enters = np.minimum(first, second).max(axis=1, initial=0.0)
    leaves = np.maximum(first, second).min(axis=1, initial=np.inf)
    return enters, enters <= leaves
