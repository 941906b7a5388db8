"""Draws one tile of a large city: in full, or as blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor

from twin.model.atlas import Atlas
from twin.render import arrays
from twin.render.dress import Dress
from twin.render.paint import EDGE, FOOT_COLOUR, Mark
from twin.render.shading import receive_light
from twin.render.shell import Shell, palette
from twin.render.textured import GLASS, PLAIN, wear
from twin.render.tiles import Fine, Tile
from twin.scene.items import Mask

FINE, BLOCKS, CROWDS = 0, 1, 2
"""How a tile is drawn: in full, each building as a block, or not at all as a `Crowd` stands for it."""
NO_EDGES, EDGES = 0.6, 1.2
"""Up to where lines along edges, which would be all one sees, are not drawn; and from where they are solid.
[px/m]
"""
APRON = 0.11
"""How dark the ground around a block is, 0-1: as much as what fades out around the walls of a building."""

NOTHING = np.zeros((0, 3), dtype=np.int32)


class DrawnTile:
    """The actors of one tile."""

    def __init__(self, tile: Tile | None, skins: Sequence[int] = (), atlas: Atlas | None = None) -> None:
        """skins: what its surfaces wear beside the colours of their objects, pages of the atlas or GLASS."""
        self._skins = {skin: lit() for skin in skins}
        for skin, worn in self._skins.items():
            if atlas is not None and skin >= 0:
                wear(worn, atlas, skin)
        self.body, self.blocks = (arrays.nowhere_clear(lit()) for _ in range(2))
        self.edges = arrays.actor(arrays.empty())
        _dim(self.edges)
        self.foot, self.aprons = (arrays.actor(arrays.empty(), flat=True) for _ in range(2))
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
        self._shells: dict[int, tuple[vtkActor, Shell]] = {}
        self.objects = np.zeros(0, dtype=np.intp)
        self._hidden = None
        self._painted.clear()
        self._cut.clear()
        if tile is None:
            for actor in self.actors:
                actor.VisibilityOff()
            return
        self.objects = tile.objects
        blocks = tile.blocks.shell
        self._shells[BLOCKS] = self.blocks, blocks
        for actor, faces in ((self.blocks, blocks), (self.aprons, tile.blocks.aprons)):
            data = data_of(actor)
            # colours and faces of another tile would not fit
            data.GetPointData().Initialize()
            arrays.set_triangles(data, NOTHING)
            arrays.fill(data, faces.points, faces.normals if isinstance(faces, Shell) else None)

    @property
    def actors(self) -> tuple[vtkActor, ...]:
        """All of them, of which some are drawn."""
        return (self.body, *self._skins.values(), self.edges, self.foot, self.blocks, self.aprons)

    @property
    def bodies(self) -> tuple[vtkActor, ...]:
        """What throws the shadows of the tile: what is drawn, or its roofs would lie in their own shade."""
        return (self.body, *self._skins.values()) if self.body.GetVisibility() else (self.blocks,)

    @property
    def built(self) -> bool:
        """Whether it can be drawn in full."""
        return self._fine is not None

    def build(self, fine: Fine, dress: Dress | None = None) -> None:
        """Takes what is drawn in full, and what its surfaces wear."""
        self._fine, self._dress = fine, dress
        for actor in (self.body, *self._skins.values(), self.edges, self.foot):
            data_of(actor).GetPointData().Initialize()
            arrays.set_triangles(data_of(actor), NOTHING)
        arrays.set_segments(data_of(self.edges), NOTHING[:, :2])
        self._shells[FINE] = (self.body, fine.shell)
        arrays.fill(data_of(self.body), fine.shell.points, fine.shell.normals)
        data_of(self.edges).SetPoints(data_of(self.body).GetPoints())
        arrays.fill(data_of(self.foot), fine.foot_points)
        dark = np.empty((len(fine.foot_points), 4), dtype=np.uint8)
        dark[:, :3], dark[:, 3] = FOOT_COLOUR, 255 * fine.foot_dark
        arrays.set_point_colours(data_of(self.foot), dark)
        for skin, worn in self._skins.items():
            data = data_of(worn)
            data.SetPoints(data_of(self.body).GetPoints())
            data.GetPointData().ShallowCopy(data_of(self.body).GetPointData())
            if dress is not None and skin >= 0:
                arrays.set_texture_places(data, dress.where)
                arrays.set_values(data, "place", dress.place)
        self.look(self._opacity)

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
        for skin, worn in ((0, self.body), *self._skins.items()):
            worn.GetProperty().SetBackfaceCulling(solid and self._fine is not None and self._fine.closed)
            if self._skins:  # all share the colours, of which some may be clear
                worn.SetForceOpaque(solid and skin != GLASS)
                worn.SetForceTranslucent(skin == GLASS)

    def draw_edges(self, pixels: float, shown: bool, *, solid: bool) -> None:
        """Is drawn with lines along its edges; those that are not solid fade out far away."""
        self.edges.SetVisibility(shown)
        self.edges.SetForceTranslucent(not solid)
        uniforms = self.edges.GetShaderProperty().GetVertexCustomUniforms()
        uniforms.SetUniformf("pixels", 1e9 if solid else pixels)

    def draw(self, level: int, *, seen: bool) -> None:
        """Is drawn at a level."""
        if self._tile is None:
            level = CROWDS
        # each time, as whoever keeps actors for later shows all of them again
        for actor in (self.body, *self._skins.values(), self.foot):
            actor.SetVisibility(level == FINE)
        for actor in (self.blocks, self.aprons):
            actor.SetVisibility(level == BLOCKS)
        self.edges.VisibilityOff()
        if level == CROWDS:
            return
        if seen and level not in self._painted:
            self._painted.add(level)
            self._paint(level)
        # what was drawn once and is not seen may still throw a shadow into the picture
        known = seen or data_of(self._shells[level][0]).GetPointData().GetScalars() is not None
        if known and level not in self._cut:
            self._cut.add(level)
            self._leave_out(level)

    def _paint(self, level: int) -> None:
        actor, shell = self._shells[level]
        colours = self._near if level == FINE else self._far
        points = shell.colours(palette(colours[self.objects]))
        along = points
        if level == FINE and self._dress is not None:
            self._dress.paint(points, self._marks)
            along = self._dress.along(points)
        arrays.set_point_colours(data_of(actor), points)
        arrays.refresh(actor)
        if level == FINE:
            for worn in self._skins.values():
                data_of(worn).GetPointData().SetScalars(data_of(actor).GetPointData().GetScalars())
                arrays.refresh(worn)
            if along is points:
                data_of(self.edges).GetPointData().SetScalars(data_of(actor).GetPointData().GetScalars())
            else:
                arrays.set_point_colours(data_of(self.edges), along)
            arrays.refresh(self.edges)

    def _leave_out(self, level: int) -> None:
        actor, shell = self._shells[level]
        hidden = self._hidden
        bodies = [(actor, np.s_[:])]
        if level == FINE and self._dress is not None:
            worn = self._dress.skin
            bodies = [
                (self.body, worn == PLAIN),
                *((each, worn == skin) for skin, each in self._skins.items()),
            ]
        for each, mine in bodies:
            arrays.set_triangles(data_of(each), left(shell.triangles[mine], shell.owner[mine], hidden))
            arrays.refresh(each)
        if level == BLOCKS and self._tile is not None:
            ground = self._tile.blocks.aprons
            arrays.set_triangles(data_of(self.aprons), left(ground.triangles, ground.owner, hidden))
            arrays.refresh(self.aprons)
        if level == FINE and self._fine is not None:
            fine = self._fine
            arrays.set_segments(data_of(self.edges), left(fine.ends, fine.edge_object, hidden))
            arrays.set_triangles(data_of(self.foot), left(fine.foot_triangles, fine.foot_object, hidden))
            arrays.refresh(self.edges)
            arrays.refresh(self.foot)


def left(
    cells: NDArray[np.int32], owner: NDArray[np.int32], hidden: NDArray[np.bool_] | None
) -> NDArray[np.int32]:
    """The cells of what is not hidden. owner: the object of each cell."""
    return cells if hidden is None else cells[~hidden[owner]]


def lit() -> vtkActor:
    """An actor without data on which light falls."""
    made = arrays.actor(arrays.empty(lit=True))
    receive_light(made)
    return made


def _dim(lines: vtkActor) -> None:
    """Draws lines darker than the faces they run along, whose colours they share, and clear far away."""
    shader = lines.GetShaderProperty()
    for tag, text in (("//VTK::Color::Impl", DARKER), ("//VTK::PositionVC::Impl", FADING)):
        shader.AddVertexShaderReplacement(tag, True, f"{tag}\n{text}", False)
    arrays.lift_lines(lines)
    lines.GetProperty().LightingOff()


DARKER = f"  vertexColorVSOutput.rgb *= {EDGE};\n"
FADING = f"""
  float scale = pixels / max(gl_Position.w, 1.0);
  vertexColorVSOutput.a *= clamp((scale - {NO_EDGES}) / {EDGES - NO_EDGES}, 0.0, 1.0);
"""


def data_of(actor: vtkActor) -> vtkPolyData:
    """What an actor draws."""
    data = actor.GetMapper().GetInput()
    assert isinstance(data, vtkPolyData)
    return data
