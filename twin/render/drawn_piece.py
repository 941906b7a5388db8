"""Draws a piece of a tile in full: its faces, the edges of these, and the darkness at their feet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor

from twin.model.atlas import Atlas
from twin.render import arrays
from twin.render.paint import EDGE
from twin.render.shading import receive_light
from twin.render.textured import GLASS, PLAIN, wear

NO_EDGES, EDGES = 0.6, 1.2
"""Up to where lines along edges, which would be all one sees, are not drawn; and from where they are solid.
[px/m]
"""
FEET = 0.8
"""While the view moves, the darkness at the feet is drawn where a metre is more than this. [px]"""

NOTHING = np.zeros((0, 3), dtype=np.int32)


class DrawnPiece:
    """The actors of a piece."""

    def __init__(self, skins: Sequence[int] = (), atlas: Atlas | None = None) -> None:
        """skins: what its surfaces wear beside the colours of their objects, pages of the atlas or GLASS."""
        self.bodies = {PLAIN: arrays.nowhere_clear(lit()), **{skin: lit() for skin in skins}}
        for skin in skins:
            if atlas is not None and skin >= 0:
                wear(self.bodies[skin], atlas, skin)
        self.edges = arrays.nowhere_clear(arrays.actor(arrays.empty()))
        _dim(self.edges)
        self.foot = arrays.nowhere_clear(arrays.actor(arrays.empty(), flat=True))

    @property
    def actors(self) -> tuple[vtkActor, ...]:
        """All of them."""
        return (*self.bodies.values(), self.edges, self.foot)

    def take(self, faces: vtkPolyData, feet: vtkPolyData) -> None:
        """Takes points and what is known of them, which the card holds once for all pieces of a tile."""
        for actor in self.actors:
            data = data_of(actor)
            data.GetPointData().Initialize()
            arrays.set_triangles(data, NOTHING)
            data.SetPoints((feet if actor is self.foot else faces).GetPoints())
        for body in self.bodies.values():
            data_of(body).GetPointData().ShallowCopy(faces.GetPointData())
        data_of(self.foot).GetPointData().ShallowCopy(feet.GetPointData())
        arrays.set_segments(data_of(self.edges), NOTHING[:, :2])

    def paint(self, faces: vtkPolyData, along: vtkPolyData) -> None:
        """Takes the colours of its faces, and of the lines along them."""
        for body in self.bodies.values():
            data_of(body).GetPointData().SetScalars(faces.GetPointData().GetScalars())
            arrays.refresh(body)
        data_of(self.edges).GetPointData().SetScalars(along.GetPointData().GetScalars())
        arrays.refresh(self.edges)

    def cut(
        self,
        bodies: dict[int, NDArray[np.int32]],
        edges: NDArray[np.int32],
        foot: NDArray[np.int32],
    ) -> None:
        """Takes the triangles of each skin, the ends of its edges, and the triangles at its feet."""
        for skin, triangles in bodies.items():
            arrays.set_triangles(data_of(self.bodies[skin]), triangles)
        arrays.set_segments(data_of(self.edges), edges)
        arrays.set_triangles(data_of(self.foot), foot)
        for actor in self.actors:
            arrays.refresh(actor)

    def look(self, *, solid: bool, culled: bool) -> None:
        """Lets nothing through, or some; culled: all its faces look outwards, none is seen from behind."""
        for skin, body in self.bodies.items():
            body.GetProperty().SetBackfaceCulling(solid and culled)
            if len(self.bodies) > 1:  # all share the colours, of which some may be clear
                body.SetForceOpaque(solid and skin != GLASS)
                body.SetForceTranslucent(skin == GLASS)

    def draw(self, *, pixels: float, scale: float, solid: bool, moving: bool) -> None:
        """Is drawn. pixels: as of a View; scale: of its nearest metre [px]; solid: its edges nowhere fade."""
        for body in self.bodies.values():
            body.VisibilityOn()
        self.foot.SetVisibility(not moving or scale > FEET)
        self.edges.SetVisibility(scale > NO_EDGES)
        # those that are not solid fade out far away
        self.edges.SetForceTranslucent(not solid)
        uniforms = self.edges.GetShaderProperty().GetVertexCustomUniforms()
        uniforms.SetUniformf("pixels", 1e9 if solid else pixels)

    def leave(self) -> None:
        """Is not drawn."""
        for actor in self.actors:
            actor.VisibilityOff()


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
