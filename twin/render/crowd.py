"""Draws a few tiles of a large city together from far away: a block for every few buildings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin.render import arrays
from twin.render.drawn_piece import data_of, lit
from twin.render.drawn_tile import left
from twin.render.shell import STEPS, Shell, join, palette
from twin.render.tiles import Tile
from twin.scene.items import Mask

TILES = 4
"""So many tiles are one crowd: the fewer actors there are, the sooner all of them are painted."""
FEW = 0.5
"""Where less than this share of its objects is shown there is no crowd."""


class Crowd:
    """The actor of some tiles."""

    def __init__(self, tiles: Sequence[Tile]) -> None:
        self.actor = lit()
        self._shell = _joined(tiles)
        self._members = np.concatenate([tile.objects[tile.blocks.groups.members] for tile in tiles])
        sizes = np.concatenate([tile.blocks.groups.size for tile in tiles])
        self._first, self._sizes = np.cumsum(sizes) - sizes, sizes
        self._closed = all(tile.blocks.closed for tile in tiles)
        arrays.fill(data_of(self.actor), self._shell.points, self._shell.normals)
        self._colours: NDArray[np.float64] | None = None
        self._hidden: NDArray[np.bool_] | None = None
        self._cut = True

    @property
    def sparse(self) -> bool:
        """Whether most of it is hidden."""
        return self._hidden is not None and bool(self._hidden.mean() > FEW)

    def paint(self, colours: NDArray[np.float64]) -> None:
        """Takes the colours of all objects of the city."""
        self._colours = colours

    def hide(self, hidden: Mask | None) -> None:
        """Takes which objects of the city are hidden."""
        here = None if hidden is None else hidden.objects[self._members]
        if here is None or not here.any():
            self._cut |= self._hidden is not None
            self._hidden = None
        elif self._hidden is None or (here != self._hidden).any():
            self._hidden, self._cut = here, True

    def look(self, opacity: float) -> None:
        """Takes another opacity."""
        self.actor.GetProperty().SetOpacity(opacity)
        self.actor.GetProperty().SetBackfaceCulling(opacity == 1.0 and self._closed)

    def draw(self, shown: bool, *, seen: bool) -> None:
        """Is drawn or not."""
        self.actor.SetVisibility(shown and seen)
        if not shown or not seen or (self._colours is None and not self._cut):
            return
        data = data_of(self.actor)
        if self._colours is not None:
            mean = np.add.reduceat(self._colours[self._members], self._first) / self._sizes[:, None]
            arrays.set_point_colours(data, self._shell.colours(palette(mean)))
            self._colours = None
        if self._cut:
            hidden = None if self._hidden is None else np.logical_and.reduceat(self._hidden, self._first)
            arrays.set_triangles(data, left(self._shell.triangles, self._shell.owner, hidden))
            self._cut = False
        arrays.refresh(self.actor)


def _joined(tiles: Sequence[Tile]) -> Shell:
    """The crowds of all tiles in one, their groups counted through."""
    whole, before = tiles[0].blocks.crowds, len(tiles[0].blocks.groups.first)
    for tile in tiles[1:]:
        shell = tile.blocks.crowds
        shifted = Shell(
            shell.points,
            shell.normals,
            shell.triangles,
            shell.owner + np.int32(before),
            shell.index + np.int32(before * STEPS),
        )
        whole, before = join(whole, shifted), before + len(tile.blocks.groups.first)
    return whole
