"""Draws a large city in tiles: in full where one is near, as blocks further off and while the view moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer

from twin.render.crowd import TILES, Crowd
from twin.render.drawn_tile import BLOCKS, CROWDS, EDGES, FINE, NO_EDGES, DrawnTile
from twin.render.dress import Dress, dress, mean_colours, skins_of_tiles
from twin.render.paint import marks, shown_colours, with_marks
from twin.render.parts import part
from twin.render.textured import dressed
from twin.render.tiles import Tiles, tiles_of
from twin.render.view import View
from twin.scene.items import Buildings

LIMITS = {False: (0.4, 0.03), True: (1.6, 0.12)}
"""A metre must be so many pixels for FINE and for BLOCKS, when the view rests and when it moves. [px/m]"""
BUILT_AT_ONCE = 1
"""So many tiles are worked out in full for one frame while the view moves."""


class TiledActors(tuple[vtkActor, ...]):
    """The actors of a city in tiles; which of them are drawn depends on where one looks from."""

    city: TiledCity

    @property
    def casters(self) -> tuple[vtkActor, ...]:
        """What stands for the city where shadows are made."""
        return tuple(actor for tile in self.city.drawn for actor in tile.bodies)


def make_tiled(item: Buildings) -> TiledActors:
    """The actors of a large city."""
    city = TiledCity(item)
    tiles = (actor for tile in city.drawn for actor in tile.actors)
    made = TiledActors((*tiles, *(crowd.actor for crowd in city.crowds)))
    made.city = city
    return made


class TiledCity:
    """What is drawn of a city, and in which colours."""

    def __init__(self, item: Buildings) -> None:
        self._item = item
        self.tiles: Tiles = tiles_of(item.city)
        skins = skins_of_tiles(self.tiles, item) if dressed(item) else [()] * len(self.tiles.tiles)
        self.drawn = tuple(
            DrawnTile(tile, each, item.atlas) for tile, each in zip(self.tiles.tiles, skins, strict=True)
        )
        every = self.tiles.tiles
        self.crowds = tuple(Crowd(every[first : first + TILES]) for first in range(0, len(every), TILES))
        self._mean = mean_colours(item) if dressed(item) else None
        self._colours = shown_colours(item)
        self._paint(np.ones(len(self.drawn), dtype=bool))
        self._all: tuple[DrawnTile | Crowd, ...] = (*self.drawn, *self.crowds)
        for drawn in self._all:
            drawn.look(item.opacity)
            drawn.hide(item.hidden)

    def update(self, old: Buildings, new: Buildings) -> None:
        """Changes colours, opacity and what is hidden; each tile is painted when it is next drawn."""
        self._item = new
        if not self.drawn:  # nothing of it has a shape
            return
        if (old.colouring, old.marked, old.chosen) != (new.colouring, new.marked, new.chosen):
            before, self._colours = self._colours, shown_colours(new)
            changed = (self._colours != before).any(axis=1)
            self._paint(np.bincount(self.tiles.tile_of[changed], minlength=len(self.drawn)) > 0)
        for drawn in self._all:
            if old.hidden is not new.hidden:
                drawn.hide(new.hidden)
            if old.opacity != new.opacity:
                drawn.look(new.opacity)

    def _paint(self, chosen: NDArray[np.bool_]) -> None:
        """Gives some of the tiles their colours."""
        found = marks(self._item)
        near = self._colours
        far = near if self._mean is None else with_marks(self._mean.copy(), found)
        for number in np.flatnonzero(chosen):
            self.drawn[number].paint(near, far, found)
        for number in np.unique(np.flatnonzero(chosen) // TILES):
            self.crowds[number].paint(far)

    def aim(self, renderer: vtkRenderer, *, moving: bool) -> None:
        """Chooses for each tile how it is drawn in the next frame, and brings that up to date."""
        view = View.of(renderer)
        low, high = self.tiles.low, self.tiles.high
        seen, (scale, least) = view.sees(low, high), view.scale(low, high)
        fine, blocks = LIMITS[moving]
        level = np.where(scale >= fine, FINE, np.where(scale >= blocks, BLOCKS, CROWDS))
        # what is behind may still throw a shadow into the picture
        level[~seen] = np.maximum(level[~seen], BLOCKS)
        self._draw_crowds(level, seen)
        left = BUILT_AT_ONCE if moving else len(self.drawn)
        for number in np.argsort(-scale):
            tile = self.drawn[number]
            wanted = int(level[number])
            if wanted == FINE and not tile.built:
                if left:
                    tile.build(self.tiles.fine(int(number)), self._dress(int(number)))
                    left -= 1
                else:
                    wanted = BLOCKS
            tile.draw(wanted, seen=bool(seen[number]))
            if wanted == FINE:
                tile.draw_edges(
                    view.pixels, bool(scale[number] > NO_EDGES), solid=bool(least[number] > EDGES)
                )

    def _draw_crowds(self, level: NDArray[np.int64], seen: NDArray[np.bool_]) -> None:
        """Draws those of which all tiles are far; the other tiles are drawn as blocks."""
        for number, crowd in enumerate(self.crowds):
            mine = slice(TILES * number, TILES * (number + 1))
            far = level[mine] == CROWDS
            shown = bool(far.all()) and not crowd.sparse
            if not shown:
                level[mine][far] = BLOCKS
            crowd.draw(shown, seen=bool(seen[mine].any()))

    def _dress(self, number: int) -> Dress | None:
        if not dressed(self._item):
            return None
        return dress(part(self._item.city, self.tiles.tiles[number].objects), self._item.atlas)
