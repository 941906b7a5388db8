"""Lights solid things once for each corner instead of each pixel, which halves the time of a frame.

All corners of a face have the normal of that face, so the picture is the same.
Where the card draws the shadows, they are looked up for each pixel: see `shadow_shader`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  # without it a shader is a null pointer, and a crash
from vtkmodules.vtkRenderingCore import vtkActor, vtkGlyph3DMapper

from twin.render.arrays import ROUND

RGB = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Lighting:
    """What falls on a surface: from all sides, and from three directions."""

    ambient: RGB
    lamps: tuple[tuple[RGB, RGB], ...]
    """Direction to each light (east, north, up) and its colour, 0-1."""
    brightness: float = 1.0
    """Of flat things that are shown in their own colours, 0-1."""


EVEN = Lighting((1.0, 1.0, 1.0), tuple(((0.0, 0.0, 1.0), (0.0, 0.0, 0.0)) for _ in range(3)))
"""Everything shows its own colour on all sides, as a legend does."""
LAMPS = 3
DECLARE = "uniform vec3 lampAmbient;\n" + "".join(
    f"uniform vec3 lamp{i};\nuniform vec3 lampColour{i};\n" for i in range(LAMPS)
)
ALL_LIGHT = "lampAmbient" + "".join(
    f" + lampColour{i} * max(dot(facing, lamp{i}), 0.0)" for i in range(LAMPS)
)
LIGHT = f"  vec3 facing = normalize(normalMC);\n  vertexColorVSOutput.rgb *= {ALL_LIGHT}"


def receive_light(actor: vtkActor, *, instanced: bool = False) -> None:
    """Prepares an actor whose points have normals and colours; `shine` then says which light there is."""
    # VTK declares our uniforms itself, save for instanced shapes; and the normal of those only
    declare = DECLARE if instanced else "in vec3 normalMC;\n"
    shader = actor.GetShaderProperty()
    for place, text in (
        ("//VTK::Color::Dec", declare),
        ("//VTK::Color::Impl", f"{LIGHT};\n"),
    ):
        shader.AddVertexShaderReplacement(place, True, f"{place}\n{text}", False)
    shown = actor.GetProperty()
    shown.LightingOff()
    shown.SetAmbient(1.0)
    shown.SetDiffuse(0.0)


def shine(actor: vtkActor, lighting: Lighting) -> None:
    """Lets this light fall on an actor that can receive it."""
    uniforms = actor.GetShaderProperty().GetVertexCustomUniforms()
    uniforms.SetUniform3f("lampAmbient", list(lighting.ambient))
    for i, (direction, colour) in enumerate(lighting.lamps):
        towards = np.asarray(direction) / np.linalg.norm(direction)
        uniforms.SetUniform3f(f"lamp{i}", towards.tolist())
        uniforms.SetUniform3f(f"lampColour{i}", list(colour))


def is_lit(actor: vtkActor) -> bool:
    """Whether an actor is a body that `receive_light` prepared, not a line or a shade along one."""
    mapper = actor.GetMapper()
    return isinstance(mapper, vtkGlyph3DMapper) or mapper.GetInput().GetPointData().GetNormals() is not None


def is_round(actor: vtkActor) -> bool:
    """Whether an actor is of small round shapes, whose faces do not lie as their normals say."""
    mapper = actor.GetMapper()
    if isinstance(mapper, vtkGlyph3DMapper):
        return True
    normals = mapper.GetInput().GetPointData().GetNormals()
    return normals is not None and normals.GetName() == ROUND
