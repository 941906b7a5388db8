"""Draws a large city in tiles: in full where one is near, as blocks further off and while the view moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer

from twin.model.city import City
from twin.model.parts import part
from twin.render.crowd import TILES, Crowd
from twin.render.drawn_tile import BLOCKS, CROWDS, FINE, DrawnTile
from twin.render.dress import dress, mean_colours, skins_of_tiles
from twin.render.paint import Mark, marks, shown_colours, with_marks
from twin.render.slots import drawn_in_tiles, slots_of
from twin.render.textured import GLASS, dressed
from twin.render.tiles import Tiles, in_full
from twin.render.view import View
from twin.scene.items import Buildings, Mask

LIMITS = {False: (0.4, 0.03), True: (1.6, 0.12)}
"""A metre must be so many pixels for FINE and for BLOCKS, when the view rests and when it moves. [px/m]"""
BUILT_AT_ONCE = 1
"""So many tiles are worked out in full for one frame while the view moves."""


class TiledActors(tuple[vtkActor, ...]):
    """The actors of a city in tiles; which of them are drawn depends on where one looks from."""

    city: TiledCity

    def joined(self, more: tuple[vtkActor, ...]) -> TiledActors:
        """With those of tiles that one came near to."""
        made = TiledActors((*self, *more))
        made.city = self.city
        return made

    @property
    def casters(self) -> tuple[vtkActor, ...]:
        """What stands for the city where shadows are made."""
        return tuple(actor for tile in self.city.all for actor in tile.bodies)


def make_tiled(item: Buildings) -> TiledActors:
    """The actors of a large city."""
    city = TiledCity(item)
    tiles = (actor for tile in city.all for actor in tile.actors)
    made = TiledActors((*tiles, *(crowd.actor for crowd in city.crowds)))
    made.city = city
    return made


class TiledCity:
    """What is drawn of a city, and in which colours."""

    def __init__(self, item: Buildings) -> None:
        self._item = item
        self._slots = slots_of(item.city)
        self.tiles: Tiles = self._slots.tiles
        every = self.tiles.tiles
        skins: list[tuple[int, ...]] = [()] * len(every)
        more: tuple[int, ...] = ()
        if dressed(item):
            skins = skins_of_tiles(self.tiles, item.atlas)
            more = (*range(len(item.atlas.pages) if item.atlas is not None else 0), GLASS)
        self.drawn = tuple(DrawnTile(tile, each, item.atlas) for tile, each in zip(every, skins, strict=True))
        self.added = DrawnTile(self._slots.more, more, item.atlas)
        """What a scenario adds or reshapes."""
        self.all = (*self.drawn, self.added)
        self.crowds = tuple(Crowd(every[first : first + TILES]) for first in range(0, len(every), TILES))
        self._drawn_before: tuple[NDArray[np.int64], NDArray[np.bool_]] | None = None
        """How each tile was to be drawn, and which were in the picture; None: all are drawn anew."""
        self._mean = self._means()
        self._colours = self._slots.each(shown_colours(item))
        self._all: tuple[DrawnTile | Crowd, ...] = (*self.all, *self.crowds)
        self._paint(np.ones(len(self.all), dtype=bool))
        hidden = self._hidden()
        for drawn in self._all:
            drawn.look(item.opacity)
            drawn.hide(hidden)

    def fits(self, city: City) -> bool:
        """Whether another city is drawn with the same tiles."""
        return drawn_in_tiles(city) and slots_of(city).tiles is self.tiles

    def update(self, old: Buildings, new: Buildings) -> None:
        """Changes colours, opacity, what is hidden, and what a scenario adds.

        Each tile is painted when it is next drawn.
        """
        self._item = new
        self._drawn_before = None
        if not self.drawn:  # nothing of it has a shape
            return
        other = old.city is not new.city
        if other:
            self._slots = slots_of(new.city)
            self._mean = self._means()
            self.added.take(self._slots.more)
            self.added.look(new.opacity)
        if other or (old.colouring, old.marked, old.chosen) != (new.colouring, new.marked, new.chosen):
            before, self._colours = self._colours, self._slots.each(shown_colours(new))
            count = len(self.tiles.tile_of)
            changed = (self._colours[:count] != before[:count]).any(axis=1)
            chosen = np.bincount(self.tiles.tile_of[changed], minlength=len(self.all)) > 0
            chosen[-1] = True
            self._paint(chosen)
        if other or old.hidden is not new.hidden:
            hidden = self._hidden()
            for drawn in self._all:
                drawn.hide(hidden)
        if old.opacity != new.opacity:
            for drawn in self._all:
                drawn.look(new.opacity)

    def _means(self) -> NDArray[np.float64] | None:
        return self._slots.each(mean_colours(self._item)) if dressed(self._item) else None

    def _hidden(self) -> Mask | None:
        """The slots that are not drawn."""
        hidden, gone = self._item.hidden, self._slots.gone
        if gone is None:
            return hidden
        return Mask(gone if hidden is None else gone | self._slots.each(hidden.objects))

    def _paint(self, chosen: NDArray[np.bool_]) -> None:
        """Gives some of the tiles their colours."""
        each = self._slots.each
        found = [Mark(each(mark.objects), mark.rest, mark.mixed) for mark in marks(self._item)]
        near = self._colours
        far = near if self._mean is None else with_marks(self._mean.copy(), found)
        for number in np.flatnonzero(chosen):
            self.all[number].paint(near, far, found)
        for number in np.unique(np.flatnonzero(chosen[:-1]) // TILES):
            self.crowds[number].paint(far)

    def aim(self, renderer: vtkRenderer, *, moving: bool) -> tuple[vtkActor, ...]:
        """Chooses for each tile how it is drawn in the next frame, and brings that up to date.

        Returns the actors that are new.
        """
        view = View.of(renderer)
        low, high = self.tiles.low, self.tiles.high
        if (more := self._slots.more) is not None:
            low, high = np.vstack([low, more.low]), np.vstack([high, more.high])
        else:
            self.added.draw(BLOCKS, seen=False)
        seen, scale = view.sees(low, high), view.scale(low, high)[0]
        fine, blocks = LIMITS[moving]
        level = np.where(scale >= fine, FINE, np.where(scale >= blocks, BLOCKS, CROWDS))
        # what is behind may still throw a shadow into the picture
        level[~seen] = np.maximum(level[~seen], BLOCKS)
        count = len(self.drawn)
        self._draw_crowds(level[:count], seen[:count])
        level[count:] = np.minimum(level[count:], BLOCKS)
        return self._draw_tiles(view, level, seen, scale, moving=moving)

    def _draw_tiles(
        self,
        view: View,
        level: NDArray[np.int64],
        seen: NDArray[np.bool_],
        scale: NDArray[np.float64],
        *,
        moving: bool,
    ) -> tuple[vtkActor, ...]:
        """Draws those that are near in pieces, and of the others those that were drawn in another way."""
        before, self._drawn_before = self._drawn_before, (level, seen)
        other = np.ones(len(level), dtype=bool)
        if before is not None and len(before[0]) == len(level):
            other = (before[0] != level) | (before[1] != seen)
        more: list[vtkActor] = []
        left = BUILT_AT_ONCE if moving else len(self.all)
        nearest = np.argsort(-scale)
        for number in nearest[(other | (level == FINE))[nearest]].tolist():
            tile, wanted, anew = self.all[number], int(level[number]), bool(other[number])
            if wanted == FINE and not tile.built:
                if left:
                    more += self._build(number)
                    left, anew = left - 1, True
                else:
                    wanted = BLOCKS
            if anew:
                tile.draw(wanted, seen=bool(seen[number]))
            if tile.level == FINE:
                tile.draw_pieces(view, moving=moving)
        return tuple(more)

    def shown_again(self) -> None:
        """All its actors were switched on, whatever of them is drawn."""
        self._drawn_before = None

    def _build(self, number: int) -> tuple[vtkActor, ...]:
        """Works out a tile in full; returns the actors that are new."""
        if number == len(self.drawn):
            piece = self._slots.piece
            assert piece is not None
            detail = in_full(piece)
        else:
            detail = self.tiles.fine(number)
            piece = part(self.tiles.city, self.tiles.tiles[number].objects) if dressed(self._item) else None
        worn = dress(piece, self._item.atlas) if dressed(self._item) and piece is not None else None
        return self.all[number].build(detail, worn)

    def _draw_crowds(self, level: NDArray[np.int64], seen: NDArray[np.bool_]) -> None:
        """Draws those of which all tiles are far; the other tiles are drawn as blocks."""
        for number, crowd in enumerate(self.crowds):
            mine = slice(TILES * number, TILES * (number + 1))
            far = level[mine] == CROWDS
            shown = bool(far.all()) and not crowd.sparse
            if not shown:
                level[mine][far] = BLOCKS
            crowd.draw(shown, seen=bool(seen[mine].any()))
