"""Knows what the surfaces of a tile wear, and what they look like from afar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twin.model.atlas import Atlas
from twin.model.city import City
from twin.render.paint import Mark, brightness, object_colours, with_marks
from twin.render.textured import GLASS, looks_of, places
from twin.render.tiles import Tiles
from twin.scene.items import Buildings

UNUSED = 12
"""What is darker than this in a picture is mostly a part that no surface shows. [0-255]"""


@dataclass(frozen=True, eq=False, slots=True)
class Dress:
    """What the surfaces of a tile wear, by triangle and by vertex."""

    skin: NDArray[np.int32]
    """(m,), of each triangle: the page of its picture, PLAIN or GLASS."""
    own: NDArray[np.intp]
    """(v,), the vertices that have colours of their own."""
    owner: NDArray[np.int32]
    """(v,), whose they are."""
    colour: NDArray[np.float32]
    """(v, 3), 0-255."""
    light: NDArray[np.float32]
    """(v,), see `paint.brightness`."""
    alpha: NDArray[np.uint8]
    """(v,), 0 clear to 255 solid."""
    tone: NDArray[np.float32]
    """(v, 3), what a picture makes of the colour, 0-1."""
    where: NDArray[np.float32]
    """(n, 2), where each vertex of the tile lies in its picture."""
    place: NDArray[np.float32]
    """(n, 4), where that picture lies on its page."""

    def paint(self, points: NDArray[np.uint8], found: Sequence[Mark]) -> None:
        """Puts the colours of its own over those of the objects: (n, 4)."""
        colours = with_marks(self.colour.astype(np.float64), found, self.owner)
        points[self.own, :3] = np.clip(colours * self.light[:, None], 0, 255)
        points[self.own, 3] = self.alpha

    def along(self, points: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The colours of lines along faces with these colours: (n, 4)."""
        found = points.copy()
        found[self.own, :3] = points[self.own, :3] * self.tone
        found[self.own, 3] = 255
        return found


def dress(piece: City, atlas: Atlas | None) -> Dress:
    """What the surfaces of a tile wear, as a city of its own."""
    assert piece.appearance is not None
    found = looks_of(piece, piece.appearance, atlas)
    surface = np.repeat(piece.ring_surface, np.diff(piece.ring_starts))
    own = np.flatnonzero(np.isfinite(found.colour[:, 0])[surface])
    mine = surface[own]
    nowhere = np.zeros((len(surface), 4), dtype=np.float32)
    where, place = (nowhere[:, :2], nowhere) if atlas is None else places(piece, found, atlas)
    return Dress(
        found.skin[piece.triangle_surface],
        own,
        piece.surface_object[mine],
        found.colour[mine].astype(np.float32),
        brightness(piece)[own].astype(np.float32),
        (255 * found.alpha[mine]).astype(np.uint8),
        found.tone[mine].astype(np.float32),
        where,
        place,
    )


def skins_of_tiles(tiles: Tiles, atlas: Atlas | None) -> list[tuple[int, ...]]:
    """The pages that the surfaces of each tile may show, and GLASS where there may be any."""
    city, appearance = tiles.city, tiles.city.appearance
    if appearance is None:  # only what a scenario adds has any
        return [()] * len(tiles.tiles)
    count = len(tiles.tiles)
    tile = tiles.tile_of[city.surface_object]
    pages = len(atlas.pages) if atlas is not None else 0
    there = np.zeros((count, pages + 1), dtype=bool)
    if atlas is not None:
        shown = np.flatnonzero(appearance.surface_image >= 0)
        page = atlas.page[appearance.surface_image[shown]]
        there[tile[shown[page >= 0]], page[page >= 0]] = True
    if len(appearance.materials):
        clear = np.array([material.transparency > 0 for material in appearance.materials], dtype=bool)
        painted = np.flatnonzero(appearance.surface_material >= 0)
        there[tile[painted[clear[appearance.surface_material[painted]]]], pages] = True
    return [tuple(GLASS if page == pages else page for page in np.flatnonzero(row).tolist()) for row in there]


@lru_cache(maxsize=2)
def _means(atlas: Atlas) -> NDArray[np.float64]:
    """The mean colour of each picture: (n, 3), 0-255."""
    found = np.full((len(atlas.page), 3), 255.0)
    for row in np.flatnonzero(atlas.page >= 0):
        page = atlas.pages[atlas.page[row]]
        size = np.array(page.shape[1::-1])
        left, low = np.round(atlas.place[row, :2] * size).astype(int)
        wide, high = np.round(atlas.place[row, 2:] * size).astype(int)
        top = len(page) - low - high
        pixels = page[top : top + high, left : left + wide, :3].reshape(-1, 3)
        used = pixels[pixels.max(axis=1) >= UNUSED]
        if len(used):
            found[row] = used.mean(axis=0)
    return found


def mean_colours(item: Buildings) -> NDArray[np.float64]:
    """The colour of each object that its surfaces have in the mean: (k, 3), 0-255."""
    city, appearance = item.city, item.city.appearance
    assert appearance is not None
    colours = object_colours(city, None)[city.surface_object].astype(np.float64)
    painted = np.flatnonzero(appearance.surface_material >= 0)
    if len(painted):
        diffuse = np.array([material.diffuse for material in appearance.materials])
        colours[painted] = 255.0 * diffuse[appearance.surface_material[painted]]
    if item.atlas is not None:
        shown = np.flatnonzero(appearance.surface_image >= 0)
        shown = shown[item.atlas.page[appearance.surface_image[shown]] >= 0]
        colours[shown] = _means(item.atlas)[appearance.surface_image[shown]]
    count = len(city.object_id)
    surfaces = np.maximum(np.bincount(city.surface_object, minlength=count), 1)
    sums = [np.bincount(city.surface_object, colours[:, i], count) for i in range(3)]
    return np.asarray(np.column_stack(sums) / surfaces[:, None])
