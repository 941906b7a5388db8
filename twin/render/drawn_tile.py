"""Draws one tile of a large city: in full, or as blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor

from twin.model.atlas import Atlas
from twin.render import arrays
from twin.render.drawn_piece import EDGES, NOTHING, DrawnPiece, data_of, lit
from twin.render.dress import Dress
from twin.render.paint import FOOT_COLOUR, Mark
from twin.render.shell import Shell, palette
from twin.render.textured import PLAIN
from twin.render.tiles import PIECES, Fine, Tile
from twin.render.view import View
from twin.scene.items import Mask

FINE, BLOCKS, CROWDS = 0, 1, 2
"""How a tile is drawn: in full, each building as a block, or not at all as a `Crowd` stands for it."""
APRON = 0.11
"""How dark the ground around a block is, 0-1: as much as what fades out around the walls of a building."""


class DrawnTile:
    """The actors of one tile."""

    def __init__(self, tile: Tile | None, skins: Sequence[int] = (), atlas: Atlas | None = None) -> None:
        """skins: as of a DrawnPiece."""
        self._skins, self._atlas = tuple(skins), atlas
        # made for a tile that is near only: each takes as long, and as much memory, as a few houses
        self.pieces: tuple[DrawnPiece, ...] = ()
        self.blocks = arrays.nowhere_clear(lit())
        self.aprons = arrays.nowhere_clear(arrays.actor(arrays.empty(), flat=True))
        self.aprons.GetProperty().SetColor(*(c / 255 for c in FOOT_COLOUR))
        self._opacity = 1.0
        self._near = self._far = np.zeros((0, 3))
        self._marks: list[Mark] = []
        self._hidden: NDArray[np.bool_] | None = None
        self._painted: set[int] = set()
        self._cut: set[int] = set()
        self.take(tile)

    def take(self, tile: Tile | None) -> None:
        """Draws another tile; None: nothing."""
        self._tile = tile
        self._fine: Fine | None = None
        self._dress: Dress | None = None
        self._faces = arrays.empty(lit=True)
        self.level = CROWDS
        self.objects = np.zeros(0, dtype=np.intp)
        self._hidden = None
        self._painted.clear()
        self._cut.clear()
        if tile is None:
            for actor in self.actors:
                actor.VisibilityOff()
            return
        self.objects = tile.objects
        for actor, faces in ((self.blocks, tile.blocks.shell), (self.aprons, tile.blocks.aprons)):
            data = data_of(actor)
            # colours and faces of another tile would not fit
            data.GetPointData().Initialize()
            arrays.set_triangles(data, NOTHING)
            arrays.fill(data, faces.points, faces.normals if isinstance(faces, Shell) else None)

    @property
    def actors(self) -> tuple[vtkActor, ...]:
        """All of them, of which some are drawn."""
        return (*(actor for piece in self.pieces for actor in piece.actors), self.blocks, self.aprons)

    @property
    def bodies(self) -> tuple[vtkActor, ...]:
        """What throws the shadows of the tile: what is drawn, or its roofs would lie in their own shade.

        Also the pieces that are not in the picture.
        """
        if self.level != FINE:
            return (self.blocks,)
        return tuple(body for piece in self.pieces for body in piece.bodies.values())

    @property
    def built(self) -> bool:
        """Whether it can be drawn in full."""
        return self._fine is not None

    def build(self, fine: Fine, dress: Dress | None = None) -> tuple[vtkActor, ...]:
        """Takes what is drawn in full, and what its surfaces wear; returns the actors that are new."""
        self._fine, self._dress = fine, dress
        self._painted.discard(FINE)
        self._cut.discard(FINE)
        self._faces, feet = arrays.empty(lit=True), arrays.empty()
        arrays.fill(self._faces, fine.shell.points, fine.shell.normals)
        arrays.fill(feet, fine.foot_points)
        dark = np.empty((len(fine.foot_points), 4), dtype=np.uint8)
        dark[:, :3], dark[:, 3] = FOOT_COLOUR, 255 * fine.foot_dark
        arrays.set_point_colours(feet, dark)
        if dress is not None:
            arrays.set_texture_places(self._faces, dress.where)
            arrays.set_values(self._faces, "place", dress.place)
        known = len(self.pieces)
        if not known:
            # each page of pictures is one more actor, of which there would be too many
            count = 1 if self._skins else PIECES
            self.pieces = tuple(DrawnPiece(self._skins, self._atlas) for _ in range(count))
        for piece in self.pieces:
            piece.take(self._faces, feet)
        self.look(self._opacity)
        return () if known else tuple(actor for piece in self.pieces for actor in piece.actors)

    def paint(self, near: NDArray[np.float64], far: NDArray[np.float64], found: Sequence[Mark]) -> None:
        """Takes the colours of all objects of the city, in full and as blocks, and what is marked."""
        self._near, self._far = near, far
        self._marks = [mark.among(self.objects) for mark in found]
        self._painted.clear()

    def hide(self, hidden: Mask | None) -> None:
        """Takes which objects of the city are hidden."""
        here = None if hidden is None else hidden.objects[self.objects]
        if here is not None and not here.any():
            here = None
        if here is self._hidden or (
            here is not None and self._hidden is not None and (here == self._hidden).all()
        ):
            return
        self._hidden = here
        self._cut.clear()

    def look(self, opacity: float) -> None:
        """Takes another opacity."""
        self._opacity = opacity
        for actor in self.actors:
            actor.GetProperty().SetOpacity(opacity)
        self.aprons.GetProperty().SetOpacity(APRON * opacity)
        solid = opacity == 1.0
        closed = self._tile is not None and self._tile.blocks.closed
        self.blocks.GetProperty().SetBackfaceCulling(solid and closed)
        for piece in self.pieces:
            piece.look(solid=solid, culled=self._fine is not None and self._fine.closed)

    def draw(self, level: int, *, seen: bool) -> None:
        """Is drawn at a level; of a tile in full nothing is, until its pieces are.

        One that is not seen is left out here, which is quicker than letting VTK find that for each frame.
        """
        self.level = CROWDS if self._tile is None else level
        for piece in self.pieces:
            piece.leave()
        for actor in (self.blocks, self.aprons):
            actor.SetVisibility(seen and self.level == BLOCKS)
        if self.level == CROWDS:
            return
        if seen and level not in self._painted:
            self._painted.add(level)
            self._paint(level)
        # what was drawn once and is not seen may still throw a shadow into the picture
        faces = self._faces if level == FINE else data_of(self.blocks)
        known = seen or faces.GetPointData().GetScalars() is not None
        if known and level not in self._cut:
            self._cut.add(level)
            self._leave_out(level)

    def boxes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The corners of the boxes around its pieces in full: (p, 3) each. [m]"""
        assert self._tile is not None
        assert self._fine is not None
        if len(self.pieces) == 1:
            return self._tile.low[None], self._tile.high[None]
        return self._fine.low, self._fine.high

    def draw_pieces(self, view: View, *, moving: bool) -> None:
        """Draws those of its pieces in full that are in the picture."""
        low, high = self.boxes()
        scale = view.scale(low, high)[0].tolist()
        # of all pieces alike, as what lets something through is drawn after what does not
        assert self._tile is not None
        solid = bool(view.scale(self._tile.low[None], self._tile.high[None])[1, 0] > EDGES)
        for number, seen in enumerate(view.sees(low, high).tolist()):
            if seen:
                self.pieces[number].draw(pixels=view.pixels, scale=scale[number], solid=solid, moving=moving)
            else:
                self.pieces[number].leave()

    def _paint(self, level: int) -> None:
        colours = palette((self._near if level == FINE else self._far)[self.objects])
        if level == BLOCKS:
            assert self._tile is not None
            arrays.set_point_colours(data_of(self.blocks), self._tile.blocks.shell.colours(colours))
            arrays.refresh(self.blocks)
            return
        assert self._fine is not None
        points = self._fine.shell.colours(colours)
        along = self._faces
        if self._dress is not None:
            self._dress.paint(points, self._marks)
            along = arrays.empty()
            arrays.set_point_colours(along, self._dress.along(points))
        arrays.set_point_colours(self._faces, points)
        for piece in self.pieces:
            piece.paint(self._faces, along)

    def _leave_out(self, level: int) -> None:
        hidden = self._hidden
        if level == BLOCKS:
            assert self._tile is not None
            for actor, faces in (
                (self.blocks, self._tile.blocks.shell),
                (self.aprons, self._tile.blocks.aprons),
            ):
                arrays.set_triangles(data_of(actor), left(faces.triangles, faces.owner, hidden))
                arrays.refresh(actor)
            return
        assert self._fine is not None
        fine, shell = self._fine, self._fine.shell
        for number, piece in enumerate(self.pieces):
            gone = hidden
            if len(self.pieces) > 1:
                gone = fine.piece != number
                gone = gone if hidden is None else gone | hidden
            bodies = {PLAIN: left(shell.triangles, shell.owner, gone)}
            if self._dress is not None:
                worn = self._dress.skin
                bodies = {
                    skin: left(shell.triangles[worn == skin], shell.owner[worn == skin], gone)
                    for skin in piece.bodies
                }
            piece.cut(
                bodies,
                left(fine.ends, fine.edge_object, gone),
                left(fine.foot_triangles, fine.foot_object, gone),
            )


def left(
    cells: NDArray[np.int32], owner: NDArray[np.int32], hidden: NDArray[np.bool_] | None
) -> NDArray[np.int32]:
    """The cells of what is not hidden. owner: the object of each cell."""
    return cells if hidden is None else cells[~hidden[owner]]
