"""Draws the surfaces of a city with their pictures and materials."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkTexture

from twin.model.appearance import Appearance
from twin.model.atlas import CLAMPED, MIRRORED, Atlas
from twin.model.city import City
from twin.render import arrays
from twin.scene.items import Buildings

PLAIN, GLASS = -1, -2
"""Skins without a picture: solid, and such that one sees through."""
AROUND = tuple((across, up) for across in (-12, -4, 4, 12) for up in (-12, -4, 4, 12))
"""Where the surroundings of a corner are looked at. [px]"""
KEPT = 2
"""So many cities are dressed once only."""


@dataclass(frozen=True, eq=False, slots=True)
class Looks:
    """What each surface of a city is drawn with."""

    skin: NDArray[np.int32]
    """(s,), the page of its picture, or PLAIN or GLASS."""
    colour: NDArray[np.float64]
    """(s, 3), 0-255; NaN where it is that of its object."""
    alpha: NDArray[np.float64]
    """(s,), 0 clear to 1 solid."""
    image: NDArray[np.int32]
    """(s,), its picture in the atlas; only where `skin` is a page."""
    tone: NDArray[np.float64]
    """(s, 3), what its picture makes of the colour at its corners in the mean, 0-1."""


def dressed(item: Buildings) -> bool:
    """Whether the appearance of a city is shown."""
    return item.city.appearance is not None and item.textures and item.colouring is None


def looks(item: Buildings) -> Looks | None:
    """How the surfaces of a city look, or None where they are all in the colours of their objects."""
    if item.city.appearance is None or not dressed(item):
        return None
    return _looks(item.city, item.city.appearance, item.atlas)


@lru_cache(maxsize=KEPT)
def _looks(city: City, appearance: Appearance, atlas: Atlas | None) -> Looks:
    return looks_of(city, appearance, atlas)


def looks_of(city: City, appearance: Appearance, atlas: Atlas | None) -> Looks:
    """How the surfaces of a city look in an appearance."""
    count = len(city.surface_object)
    skin = np.full(count, PLAIN, dtype=np.int32)
    if atlas is not None:
        pictured = np.flatnonzero((appearance.surface_image >= 0) & _placed(city, appearance))
        skin[pictured] = atlas.page[appearance.surface_image[pictured]]
    colour, alpha = np.full((count, 3), np.nan), np.ones(count)
    colour[skin >= 0] = 255.0
    painted = np.flatnonzero((skin == PLAIN) & (appearance.surface_material >= 0))
    if len(painted):
        diffuse = np.array([material.diffuse for material in appearance.materials])
        clear = np.array([material.transparency for material in appearance.materials])
        colour[painted] = 255.0 * diffuse[appearance.surface_material[painted]]
        alpha[painted] = 1.0 - clear[appearance.surface_material[painted]]
    skin[alpha < 1.0] = GLASS
    found = Looks(skin, colour, alpha, appearance.surface_image, np.ones((count, 3)))
    return found if atlas is None else replace(found, tone=_tones(city, found, atlas))


def _tones(city: City, found: Looks, atlas: Atlas) -> NDArray[np.float64]:
    surface = np.repeat(city.ring_surface, np.diff(city.ring_starts))
    where, place = places(city, found, atlas)
    low, size = place[:, :2], np.abs(place[:, 2:])
    inside = low + size * (where - np.floor(where))
    colours = np.ones((len(surface), 3))
    for number, page in enumerate(atlas.pages):
        mine = np.flatnonzero((found.skin == number)[surface])
        pixels = page.shape[1::-1]
        first, last = low[mine] * pixels, (low[mine] + size[mine]) * pixels - 1
        # a corner alone may be any line or leaf; its surroundings are what one sees
        around = []
        for beside in AROUND:
            column, up = np.clip(inside[mine] * pixels + beside, first, last).astype(np.intp).T
            around.append(page[len(page) - 1 - up, column, :3])
        colours[mine] = np.mean(around, axis=0) / 255.0
    count = np.maximum(np.bincount(surface, minlength=len(found.skin)), 1)
    sums = [np.bincount(surface, colours[:, i], len(found.skin)) for i in range(3)]
    return np.asarray(np.column_stack(sums) / count[:, None])


def _placed(city: City, appearance: Appearance) -> NDArray[np.bool_]:
    """The surfaces of which all vertices have a place in a picture: (s,)."""
    nowhere = ~np.isfinite(appearance.coordinates).all(axis=1)
    surface = np.repeat(city.ring_surface, np.diff(city.ring_starts))
    return np.asarray(np.bincount(surface[nowhere], minlength=len(city.surface_object)) == 0)


def places(city: City, found: Looks, atlas: Atlas) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where each vertex lies in its picture, and where the picture lies on its page: (n, 2), (n, 4).

    The height on the page is negative for a picture that ends at its edges, the width for one that goes on
    mirrored.
    """
    assert city.appearance is not None
    surface = np.repeat(city.ring_surface, np.diff(city.ring_starts))
    pictured = (found.skin >= 0)[surface]
    image = np.where(pictured, found.image[surface], 0)
    place = atlas.place[image] * pictured[:, None]
    place[:, 2] *= np.where(atlas.wrap[image] == MIRRORED, -1, 1)
    place[:, 3] *= np.where(atlas.wrap[image] == CLAMPED, -1, 1)
    return np.where(pictured[:, None], city.appearance.coordinates, np.float32(0)), place


def wear(actor: vtkActor, atlas: Atlas, page: int) -> None:
    """Draws an actor, whose points have places, with the pictures of a page."""
    actor.SetTexture(_texture(atlas, page))
    cut = bool((atlas.pages[page][..., 3] < 128).any())
    shader = actor.GetShaderProperty()
    for tag, text in (
        ("//VTK::TCoord::Dec", "in vec4 place;\nout vec4 placeOnPage;\n"),
        ("//VTK::TCoord::Impl", "  placeOnPage = place;\n"),
    ):
        shader.AddVertexShaderReplacement(tag, True, f"{tag}\n{text}", False)
    shader.AddFragmentShaderReplacement(
        "//VTK::TCoord::Dec", True, "//VTK::TCoord::Dec\nin vec4 placeOnPage;\n", False
    )
    shader.AddFragmentShaderReplacement("//VTK::TCoord::Impl", True, PICTURE + (CUT if cut else ""), False)
    mapper = actor.GetMapper()
    assert isinstance(mapper, vtkPolyDataMapper)
    mapper.MapDataArrayToVertexAttribute("place", "place", arrays.ON_POINTS, -1)


# which smaller copy of the page is looked at must be said, as the place jumps where a picture begins anew;
# of that copy not even half a pixel beside the picture is touched
PICTURE = """
  vec2 where = tcoordVCVSOutput;
  vec2 pixels = abs(placeOnPage.zw) * vec2(textureSize(actortexture, 0));
  vec2 across = dFdx(where) * pixels;
  vec2 down = dFdy(where) * pixels;
  float least = log2(min(pixels.x, pixels.y));
  float level = clamp(0.5 * log2(max(dot(across, across), dot(down, down)) + 1e-9), 0.0, least);
  vec2 inside = placeOnPage.w < 0.0 ? clamp(where, 0.0, 1.0)
    : (placeOnPage.z < 0.0 ? 1.0 - abs(mod(where, 2.0) - 1.0) : fract(where));
  vec2 rim = min(0.5 * exp2(ceil(level)) / pixels, vec2(0.5));
  inside = clamp(inside, rim, 1.0 - rim);
  vec4 picture = textureLod(actortexture, placeOnPage.xy + inside * abs(placeOnPage.zw), level);
  gl_FragData[0].rgb *= picture.rgb;
"""
CUT = """
  if (picture.a < 0.5)
  {
    discard;
  }
"""


@lru_cache(maxsize=16)
def _texture(atlas: Atlas, page: int) -> vtkTexture:
    made = arrays.texture(atlas.pages[page], smooth=True)
    made.MipmapOn()
    made.SetMaximumAnisotropicFiltering(1.0)  # which would look at neighbours on the page
    return made
