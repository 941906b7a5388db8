"""Knows how a scenario is drawn with the tiles of the city it was made of, and what it takes besides.

A slot is a place for one object that is drawn: first those of the city in tiles, then those that the scenario
adds or reshapes. So going from one scenario to another draws nothing anew that stands in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from twin.model.city import City
from twin.model.origin import origin
from twin.render.tiles import TRIANGLES, Tile, Tiles, is_large, tile_of, tiles_of

T = TypeVar("T", bound=np.generic)

MOST = 4 * TRIANGLES
"""A city with more triangles of its own than this has tiles of its own."""
KEPT = 5
"""So many scenarios are looked through once only: those side by side, and the next."""


@dataclass(frozen=True, eq=False, slots=True)
class Slots:
    """What is drawn of a city."""

    tiles: Tiles
    """Of the city itself, or of that it was made of."""
    row: NDArray[np.int32] | None = None
    """(n,), the row of the object in each slot; -1 where it is gone. None: the slots are the objects."""
    more: Tile | None = None
    """What no tile has; its objects are slots."""
    piece: City | None = None
    """The objects of `more` as a city."""

    @property
    def gone(self) -> NDArray[np.bool_] | None:
        """The slots that are empty: (n,); None: there are none."""
        return None if self.row is None else self.row < 0

    def each(self, of_objects: NDArray[T]) -> NDArray[T]:
        """What is known of the objects (k, …), by slot: (n, …)."""
        return of_objects if self.row is None else of_objects[self.row]


@lru_cache(maxsize=KEPT)
def slots_of(city: City) -> Slots:
    """How a large city is drawn."""
    found = origin(city)
    if found is None or not is_large(found.whole):
        return Slots(tiles_of(city))
    other, piece = np.flatnonzero(found.row < 0), found.piece
    if len(piece.triangles) > MOST:
        return Slots(tiles_of(city))
    count = len(found.whole.object_id)
    row = np.full(count + len(other), -1, dtype=np.int32)
    same = np.flatnonzero(found.row >= 0)
    row[found.row[same]] = same
    row[count:] = other
    more = tile_of(piece, count + np.arange(len(other))) if len(piece.triangles) else None
    return Slots(tiles_of(found.whole), row, more, piece)


def drawn_in_tiles(city: City) -> bool:
    """Whether a city is drawn in tiles: a large one, and what was made of one."""
    found = origin(city)
    # first what it was made of, whose columns are there
    return (found is not None and is_large(found.whole)) or is_large(city)
