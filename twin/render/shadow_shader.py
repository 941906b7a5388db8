"""Knows what the card does at each corner and each pixel to tell what lies in the shade of something else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkGlyph3DMapper, vtkPolyDataMapper

from twin.render.shading import ALL_LIGHT, is_lit, is_round

SHADE = (30, 34, 60)
"""Shade is lit by the sky, which is blue."""
PARTS = ("Far", "Near")
"""The map of everything, and the finer one of what is near."""
AS_THEY_ARE = 0
"""VTK's DISABLE_SHIFT_SCALE, which has no name in Python."""
NOWHERE = np.column_stack([np.eye(3), np.full(3, -1e9)])
"""Puts every point beside the map."""

ROWS = """
uniform vec4 shade#X;
uniform vec4 shade#Y;
uniform vec4 shade#Z;
"""
PLACE = """
out vec3 shade#At;
out vec2 shade#Slope;
"""
# a face lies slanted in the map; its slope says how deep it is at cells around, else it would shade itself
LOOK = """
  shade#At = vec3(dot(shade#X, here), dot(shade#Y, here), dot(shade#Z, here));
  vec3 lean# = vec3(dot(level, shade#X.xyz) / dot(shade#X.xyz, shade#X.xyz),
    dot(level, shade#Y.xyz) / dot(shade#Y.xyz, shade#Y.xyz),
    dot(level, shade#Z.xyz) / dot(shade#Z.xyz, shade#Z.xyz));
  shade#Slope = -lean#.xy / min(lean#.z, -0.01 / length(shade#Z.xyz));
"""
# the lowest ground lies under the feet of the houses only so that it is drawn behind what lies on it
FLAT_CORNER = """
  vec4 here = vec4(vertexMC.xy, max(vertexMC.z, 0.0), 1.0);
  vec3 level = vec3(0.0, 0.0, 1.0);
"""
SOLID_CORNER = """
  vec4 here = vec4(vertexMC.xyz, 1.0);
  vec3 level = facing;
  // where the sun only grazes a face, nothing can be told, and little is lost
  float met = smoothstep(0.01, 0.04, -dot(facing, normalize(shadeFarZ.xyz)));
  shadeRoof = met * smoothstep(0.4, 0.8, facing.z);
"""
# small shapes are round, so that their faces do not lie as their normals say; it is their far side that casts
ROUND_CORNER = """
  vec4 here = vec4(#vertex.xyz, 1.0);
  vec3 level = -normalize(shadeFarZ.xyz);
  float met = 1.0;
  shadeRoof = 0.0;
"""
SUN_DECLARED = "#put vec3 shadeSun;\n#put float shadeRoof;\n"
SUN = f"  shadeSun = met * lampColour0 * max(dot(facing, lamp0), 0.0) / ({ALL_LIGHT});\n"

MAPS = """
uniform sampler2D shade#Map;
in vec3 shade#At;
in vec2 shade#Slope;
"""
SHADED = """
uniform vec3 shadeColour;
uniform float shadeStrength;
uniform float shadeBias;

float litIn(sampler2D map, vec3 at, vec2 slope)
{
  vec2 size = vec2(textureSize(map, 0));
  vec2 cell = at.xy * size - 0.5;
  vec2 first = floor(cell);
  vec2 part = cell - first;
  float lit = 0.0;
  for (int j = -1; j < 3; ++j)
  {
    float row = j < 0 ? 1.0 - part.y : (j > 1 ? part.y : 1.0);
    for (int i = -1; i < 3; ++i)
    {
      float column = i < 0 ? 1.0 - part.x : (i > 1 ? part.x : 1.0);
      vec2 there = first + vec2(i, j);
      float depth = at.z + dot(slope, (there - cell) / size) - shadeBias;
      ivec2 inside = ivec2(clamp(there, vec2(0.0), size - 1.0));
      lit += row * column * step(min(depth, 1.0), texelFetch(map, inside, 0).r);
    }
  }
  return lit / 9.0;
}

float shaded()
{
  vec2 rim = abs(shadeNearAt.xy * 2.0 - 1.0);
  float away = smoothstep(0.9, 0.98, max(rim.x, rim.y));
  float lit = 0.0;
  if (away < 1.0)
  {
    lit += (1.0 - away) * litIn(shadeNearMap, shadeNearAt, shadeNearSlope);
  }
  if (away > 0.0)
  {
    vec2 edge = abs(shadeFarAt.xy * 2.0 - 1.0);
    lit += away * (max(edge.x, edge.y) < 1.0 ? litIn(shadeFarMap, shadeFarAt, shadeFarSlope) : 1.0);
  }
  return 1.0 - lit;
}
"""
FLAT_PIXEL = """
  if (shadeStrength > 0.0)
  {
    fragOutput0.rgb = mix(fragOutput0.rgb, shadeColour, shadeStrength * shaded());
  }
"""
SOLID_PIXEL = """
  if (shadeStrength > 0.0 && max(shadeSun.r, max(shadeSun.g, shadeSun.b)) > 0.0)
  {
    float dark = shaded();
    fragOutput0.rgb *= 1.0 - dark * (1.0 - shadeRoof) * shadeSun;
    fragOutput0.rgb = mix(fragOutput0.rgb, shadeColour, shadeStrength * dark * shadeRoof);
  }
"""


def receive_shadow(actor: vtkActor) -> None:
    """Prepares an actor for the shadows that the card draws; `place_shadow` and `darken` say which.

    What `receive_light` prepared loses the light of the sun in shade, so that what faces away from it stays
    as it is; roofs and all else are darkened as by the raster `Shade`.
    """
    mapper, shader = actor.GetMapper(), actor.GetShaderProperty()
    solid, instanced = is_lit(actor), isinstance(mapper, vtkGlyph3DMapper)
    # as in `receive_light`: VTK declares the uniforms of corners itself, save for instanced shapes
    declared = (
        (_each(ROWS) if instanced else "")
        + _each(PLACE)
        + (SUN_DECLARED.replace("#put", "out") if solid else "")
    )
    corner = SOLID_CORNER if solid else FLAT_CORNER
    if is_round(actor):
        corner = ROUND_CORNER.replace("#vertex", "vertex" if instanced else "vertexMC")
    for tag, text in (
        ("//VTK::TCoord::Dec", declared),
        ("//VTK::TCoord::Impl", corner + _each(LOOK) + (SUN if solid else "")),
    ):
        shader.AddVertexShaderReplacement(tag, True, f"{tag}\n{text}", False)
    for tag, text in (
        # in place of what VTK would declare, as it knows no maps
        (
            "//VTK::CustomUniforms::Dec",
            _each(MAPS) + (SUN_DECLARED.replace("#put", "in") if solid else "") + SHADED,
        ),
        ("//VTK::Light::Impl", f"//VTK::Light::Impl\n{SOLID_PIXEL if solid else FLAT_PIXEL}"),
    ):
        shader.AddFragmentShaderReplacement(tag, True, text, False)
    if isinstance(mapper, vtkPolyDataMapper):
        # corners must reach the card as they are, not moved to where numbers are finer
        mapper.SetVBOShiftScaleMethod(AS_THEY_ARE)


def place_shadow(actor: vtkActor, part: str, rows: NDArray[np.float64] | None) -> None:
    """Says where points lie in the map of a part: (3, 4), see `SunView`; None: it has no map."""
    uniforms = actor.GetShaderProperty().GetVertexCustomUniforms()
    for axis, row in zip("XYZ", NOWHERE if rows is None else rows, strict=True):
        uniforms.SetUniform4f(f"shade{part}{axis}", row.tolist())


def darken(actor: vtkActor, *, strength: float, bias: float, units: tuple[int, ...]) -> None:
    """Says how dark shade is, 0-1, and which texture units hold the maps of PARTS.

    bias: what lies less than this before a thing does not shade it, of the depth of the map.
    """
    uniforms = actor.GetShaderProperty().GetFragmentCustomUniforms()
    uniforms.SetUniformf("shadeStrength", strength)
    uniforms.SetUniformf("shadeBias", bias)
    uniforms.SetUniform3f("shadeColour", [colour / 255 for colour in SHADE])
    for part, unit in zip(PARTS, units, strict=True):
        uniforms.SetUniformi(f"shade{part}Map", unit)


def _each(text: str) -> str:
    return "".join(text.replace("#", part) for part in PARTS)
