"""Draws a large city in tiles: in full where one is near, as blocks further off and while the view moves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkCamera, vtkRenderer

from twin.render import arrays
from twin.render.paint import EDGE, FOOT_COLOUR, shown_colours
from twin.render.shading import receive_light
from twin.render.shell import Shell, palette
from twin.render.tiles import Fine, Tile, Tiles, tiles_of
from twin.scene.items import Buildings, Mask

FINE, BLOCKS, CROWDS = 0, 1, 2
"""How a tile is drawn: in full, each building as a block, or a block for every few."""
LIMITS = {False: (0.4, 0.03), True: (1.6, 0.12)}
"""A metre must be so many pixels for FINE and for BLOCKS, when the view rests and when it moves. [px/m]"""
NO_EDGES, EDGES = 0.6, 1.2
"""Up to where lines along edges, which would be all one sees, are not drawn; and from where they are solid.
[px/m]
"""
APRON = 0.11
"""How dark the ground around a block is, 0-1: as much as what fades out around the walls of a building."""
BUILT_AT_ONCE = 1
"""So many tiles are worked out in full for one frame while the view moves."""
FEW = 0.5
"""A tile of which less than this share is shown has no crowds."""


class TiledActors(tuple[vtkActor, ...]):
    """The actors of a city in tiles; which of them are drawn depends on where one looks from."""

    city: TiledCity

    @property
    def casters(self) -> tuple[vtkActor, ...]:
        """What stands for the city where shadows are made."""
        return tuple(tile.body if tile.built else tile.blocks for tile in self.city.drawn)


def make_tiled(item: Buildings) -> TiledActors:
    """The actors of a large city."""
    city = TiledCity(item)
    made = TiledActors(actor for tile in city.drawn for actor in tile.actors)
    made.city = city
    return made


@dataclass(frozen=True, slots=True)
class View:
    """What one looks through: the camera, and how many pixels a metre is at a distance of one metre."""

    position: NDArray[np.float64]
    planes: NDArray[np.float64]
    """(6, 4), the sides of what is seen, facing inwards."""
    pixels: float

    @staticmethod
    def of(renderer: vtkRenderer) -> View:
        """The view of a renderer at this moment."""
        camera: vtkCamera = renderer.GetActiveCamera()
        width, height = renderer.GetSize()
        planes = [0.0] * 24
        camera.GetFrustumPlanes(width / max(height, 1), planes)
        pixels = height / (2 * math.tan(math.radians(camera.GetViewAngle()) / 2))
        return View(np.array(camera.GetPosition()), np.array(planes).reshape(6, 4), pixels)

    def sees(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which boxes may be in the picture: (n,). low, high: (n, 3) [m]."""
        normal = self.planes[:, None, :3]
        furthest = np.where(normal > 0, high, low)
        return np.asarray(((normal * furthest).sum(axis=2) + self.planes[:, 3:] >= 0).all(axis=0))

    def scale(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
        """How many pixels a metre is where a box is nearest, and where it is furthest: (2, n). [px/m]"""
        below, above = low - self.position, self.position - high
        near = np.maximum(np.maximum(below, above), 0.0)
        far = np.maximum(np.abs(below), np.abs(above))
        away = np.linalg.norm(np.stack([near, far]), axis=2)
        return np.asarray(self.pixels / np.maximum(away, 1.0))


class TiledCity:
    """What is drawn of a city, and in which colours."""

    def __init__(self, item: Buildings) -> None:
        self.tiles: Tiles = tiles_of(item.city)
        self.drawn = tuple(DrawnTile(tile) for tile in self.tiles.tiles)
        self._colours = shown_colours(item)
        self._look(item.opacity)
        for tile in self.drawn:
            tile.paint(self._colours)
            tile.hide(item.hidden)

    def update(self, old: Buildings, new: Buildings) -> None:
        """Changes colours, opacity and what is hidden; each tile is painted when it is next drawn."""
        hidden, recoloured = old.hidden is not new.hidden, np.zeros(len(self._colours), dtype=bool)
        if (old.colouring, old.marked, old.chosen) != (new.colouring, new.marked, new.chosen):
            colours = shown_colours(new)
            recoloured = (colours != self._colours).any(axis=1)
            self._colours = colours
        changed = np.bincount(self.tiles.tile_of[recoloured], minlength=len(self.drawn)) > 0
        for tile, other in zip(self.drawn, changed, strict=True):
            if other:
                tile.paint(self._colours)
            if hidden:
                tile.hide(new.hidden)
        if old.opacity != new.opacity:
            self._look(new.opacity)

    def aim(self, renderer: vtkRenderer, *, moving: bool) -> None:
        """Chooses for each tile how it is drawn in the next frame, and brings that up to date."""
        view = View.of(renderer)
        low, high = self.tiles.low, self.tiles.high
        seen, (scale, least) = view.sees(low, high), view.scale(low, high)
        fine, blocks = LIMITS[moving]
        level = np.where(scale >= fine, FINE, np.where(scale >= blocks, BLOCKS, CROWDS))
        # what is behind may still throw a shadow into the picture
        level[~seen] = np.maximum(level[~seen], BLOCKS)
        left = BUILT_AT_ONCE if moving else len(self.drawn)
        for number in np.argsort(-scale):
            tile = self.drawn[number]
            wanted = int(level[number])
            if wanted == FINE and not tile.built:
                if left:
                    tile.build(self.tiles.fine(int(number)))
                    left -= 1
                else:
                    wanted = BLOCKS
            tile.draw(wanted, seen=bool(seen[number]))
            if wanted == FINE:
                tile.draw_edges(
                    view.pixels, bool(scale[number] > NO_EDGES), solid=bool(least[number] > EDGES)
                )

    def _look(self, opacity: float) -> None:
        for tile in self.drawn:
            tile.look(opacity)


class DrawnTile:
    """The actors of one tile."""

    def __init__(self, tile: Tile) -> None:
        self._tile = tile
        self._fine: Fine | None = None
        self.objects = tile.objects
        self.body, self.blocks, self.crowds = _lit(), _lit(), _lit()
        self.edges = arrays.actor(arrays.empty())
        _dim(self.edges)
        self.foot, self.aprons = (arrays.actor(arrays.empty(), flat=True) for _ in range(2))
        self.aprons.GetProperty().SetColor(*(c / 255 for c in FOOT_COLOUR))
        arrays.fill(_data(self.aprons), tile.aprons.points)
        self._opacity = 1.0
        self._shells: dict[int, tuple[vtkActor, Shell]] = {
            BLOCKS: (self.blocks, tile.blocks),
            CROWDS: (self.crowds, tile.crowds),
        }
        for actor, shell in self._shells.values():
            arrays.fill(_data(actor), shell.points, shell.normals)
        self._colours = np.zeros((0, 3))
        self._hidden: NDArray[np.bool_] | None = None
        self._painted: set[int] = set()
        self._cut: set[int] = set()

    @property
    def actors(self) -> tuple[vtkActor, ...]:
        """All of them, of which some are drawn."""
        return self.body, self.edges, self.foot, self.blocks, self.aprons, self.crowds

    @property
    def built(self) -> bool:
        """Whether it can be drawn in full."""
        return self._fine is not None

    def build(self, fine: Fine) -> None:
        """Takes what is drawn in full."""
        self._fine = fine
        self._shells[FINE] = (self.body, fine.shell)
        arrays.fill(_data(self.body), fine.shell.points, fine.shell.normals)
        _data(self.edges).SetPoints(_data(self.body).GetPoints())
        arrays.fill(_data(self.foot), fine.foot_points)
        dark = np.empty((len(fine.foot_points), 4), dtype=np.uint8)
        dark[:, :3], dark[:, 3] = FOOT_COLOUR, 255 * fine.foot_dark
        arrays.set_point_colours(_data(self.foot), dark)
        self.look(self._opacity)

    def paint(self, colours: NDArray[np.float64]) -> None:
        """Takes the colours of all objects of the city."""
        self._colours = colours[self.objects]
        self._painted.clear()

    def hide(self, hidden: Mask | None) -> None:
        """Takes which objects of the city are hidden."""
        here = None if hidden is None else hidden.objects[self.objects]
        if here is not None and not here.any():
            here = None
        if here is None and self._hidden is None:
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
        self.blocks.GetProperty().SetBackfaceCulling(solid)
        self.crowds.GetProperty().SetBackfaceCulling(solid)
        self.body.GetProperty().SetBackfaceCulling(solid and self._fine is not None and self._fine.closed)

    def draw_edges(self, pixels: float, shown: bool, *, solid: bool) -> None:
        """Is drawn with lines along its edges; those that are not solid fade out far away."""
        self.edges.SetVisibility(shown)
        self.edges.SetForceTranslucent(not solid)
        uniforms = self.edges.GetShaderProperty().GetVertexCustomUniforms()
        uniforms.SetUniformf("pixels", 1e9 if solid else pixels)

    def draw(self, level: int, *, seen: bool) -> None:
        """Is drawn at a level."""
        if level == CROWDS and self._hidden is not None and self._hidden.mean() > FEW:
            level = BLOCKS
        # each time, as whoever keeps actors for later shows all of them again
        for number, actor in enumerate((self.body, self.blocks, self.crowds)):
            actor.SetVisibility(number == level)
        self.foot.SetVisibility(level == FINE)
        self.edges.VisibilityOff()
        self.aprons.SetVisibility(level == BLOCKS)
        if seen and level not in self._painted:
            self._painted.add(level)
            self._paint(level)
        if seen and level not in self._cut:
            self._cut.add(level)
            self._leave_out(level)

    def _paint(self, level: int) -> None:
        actor, shell = self._shells[level]
        colours = self._colours
        if level == CROWDS:
            groups = self._tile.groups
            colours = np.add.reduceat(colours[groups.members], groups.first) / groups.size[:, None]
        arrays.set_point_colours(_data(actor), shell.colours(palette(colours)))
        arrays.refresh(actor)
        if level == FINE:
            _data(self.edges).GetPointData().SetScalars(_data(actor).GetPointData().GetScalars())
            arrays.refresh(self.edges)

    def _leave_out(self, level: int) -> None:
        actor, shell = self._shells[level]
        hidden = self._hidden
        if level == CROWDS and hidden is not None:
            hidden = np.logical_and.reduceat(hidden[self._tile.groups.members], self._tile.groups.first)
        arrays.set_triangles(_data(actor), _shown(shell.triangles, shell.owner, hidden))
        arrays.refresh(actor)
        if level == BLOCKS:
            ground = self._tile.aprons
            arrays.set_triangles(_data(self.aprons), _shown(ground.triangles, ground.owner, hidden))
            arrays.refresh(self.aprons)
        if level == FINE and self._fine is not None:
            fine = self._fine
            arrays.set_segments(_data(self.edges), _shown(fine.ends, fine.edge_object, hidden))
            arrays.set_triangles(_data(self.foot), _shown(fine.foot_triangles, fine.foot_object, hidden))
            arrays.refresh(self.edges)
            arrays.refresh(self.foot)


def _shown(
    cells: NDArray[np.int32], owner: NDArray[np.int32], hidden: NDArray[np.bool_] | None
) -> NDArray[np.int32]:
    return cells if hidden is None else cells[~hidden[owner]]


def _lit() -> vtkActor:
    made = arrays.actor(arrays.empty(lit=True))
    receive_light(made)
    return made


def _dim(lines: vtkActor) -> None:
    """Draws lines darker than the faces they run along, whose colours they share, and clear far away."""
    shader = lines.GetShaderProperty()
    for tag, text in (("//VTK::Color::Impl", DARKER), ("//VTK::PositionVC::Impl", FADING)):
        shader.AddVertexShaderReplacement(tag, True, f"{tag}\n{text}", False)
    arrays.lift_lines(lines.GetMapper())
    lines.GetProperty().LightingOff()


DARKER = f"  vertexColorVSOutput.rgb *= {EDGE};\n"
FADING = f"""
  float scale = pixels / max(gl_Position.w, 1.0);
  vertexColorVSOutput.a *= clamp((scale - {NO_EDGES}) / {EDGES - NO_EDGES}, 0.0, 1.0);
"""


def _data(actor: vtkActor) -> vtkPolyData:
    data = actor.GetMapper().GetInput()
    assert isinstance(data, vtkPolyData)
    return data
