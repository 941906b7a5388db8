"""Draws rasters on the ground: values in their colours, and shade as darkness."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from shapely import box
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp

from twin.model.pit import Pit
from twin.model.raster import Raster
from twin.render import arrays
from twin.render.ground import STEP
from twin.render.opened import floors, opened
from twin.render.outline import ROOF, surface_kinds
from twin.render.shadow_shader import SHADE
from twin.render.slots import drawn_in_tiles
from twin.render.terrain import light_on
from twin.scene.colours import UNRATED, Ramp, number_colours, rgb
from twin.scene.items import SHADE_STRENGTH, Drape, Shade
from twin.scene.terrain import laid_rectangle

BORDER = 12
"""Cells over which shade fades out at the edge of the data."""
ROWS = 256
"""So many rows of a raster are coloured at once."""
ROOF_LIFT = 0.12
"""Of the shade above the roofs it falls on. [m]"""


def make_drape(item: Drape) -> tuple[vtkProp, ...]:
    """A textured plane; cells without a value are clear."""
    values = item.raster.values
    if item.raster.image is not None:
        image = item.raster.image.copy()
        image[..., 3] = image[..., 3] * item.opacity
        return (_plane(item, item.raster, image, smooth=True),)
    scale = item.ramp
    # between a value and none colours are blended, and the middle of the ramp is the least wrong
    middle = (scale.low + scale.high) / 2 if isinstance(scale, Ramp) else scale.breaks[len(scale.breaks) // 2]
    image = np.empty((*values.shape, 4), dtype=np.uint8)
    for top in range(0, len(values), ROWS):  # all at once would take ten times the memory of the picture
        part, shown = values[top : top + ROWS], image[top : top + ROWS]
        shown[..., :3] = number_colours(scale, np.nan_to_num(part, nan=middle))
        shown[np.isinf(part), :3] = [round(255 * tone) for tone in rgb(UNRATED)]
        shown[..., 3] = np.where(np.isnan(part), 0, round(255 * item.opacity))
    if item.shaded and item.relief is not None:
        image[..., :3] = image[..., :3] * light_on(item.relief, item.raster)[..., None]
    return (_plane(item, item.raster, image, smooth=item.smooth),)


def make_shade(item: Shade) -> tuple[vtkProp, ...]:
    """Darkness on the ground and, from the same raster, on the roofs."""
    image = shade_image(item, item.lit)
    ground = _plane(item, item.lit, image, smooth=True)
    city = item.city
    # the shade of a large city is in cells larger than its roofs, and would be drawn on all of them at once
    if drawn_in_tiles(city):
        return (ground,)
    roof = surface_kinds(city)[city.triangle_surface] == ROOF
    if not roof.any():
        return (ground,)
    data = arrays.mesh(city.vertices + np.array([0.0, 0.0, ROOF_LIFT]), city.triangles[roof])
    lit = item.roofs or item.lit
    west, south, east, north = lit.bounds
    arrays.set_texture_places(data, (city.vertices[:, :2] - (west, south)) / (east - west, north - south))
    roofs = arrays.actor(data, flat=True)
    roofs.SetTexture(arrays.texture(shade_image(item, lit), smooth=True))
    return ground, roofs


def update_shade(actors: tuple[vtkProp, ...], old: Shade, new: Shade) -> bool:
    """Lays another hour's shade on the same ground and roofs; False when the city is another one."""
    if old.relief is not new.relief or old.pits != new.pits:
        return False
    if old.city is not new.city or old.level != new.level or old.lit.bounds != new.lit.bounds:
        return False
    ground = arrays.texture(shade_image(new, new.lit), smooth=True)
    roofs = ground if new.roofs is None else arrays.texture(shade_image(new, new.roofs), smooth=True)
    for actor, texture in zip(actors, (ground, roofs), strict=False):
        assert isinstance(actor, vtkActor)
        actor.SetTexture(texture)
    return True


def shade_image(item: Shade, lit: Raster) -> NDArray[np.uint8]:
    """Dark, the more opaque the less sun: (rows, columns, 4)."""
    return darkness(lit, item.strength)


def prepare_shade(*lit: Raster) -> None:
    """Paints shade in any thread before it is drawn."""
    for raster in lit:
        darkness(raster, SHADE_STRENGTH)


@lru_cache(maxsize=6)  # ground and roofs of this moment, and of those that come while time passes
def darkness(lit: Raster, strength: float) -> NDArray[np.uint8]:
    """The picture of shade, not to be changed."""
    image = np.empty((*lit.values.shape, 4), dtype=np.uint8)[::-1]  # as textures lie in memory
    image[..., :3] = SHADE
    dark = np.fmax(1.0 - lit.values, 0.0)  # where nothing is known there is no shade
    image[..., 3] = np.minimum(dark * _border(dark.shape) * np.float32(255 * strength), 255.0)
    return image


@lru_cache(maxsize=4)  # an hour's shade follows the other while time passes
def _border(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """1, falling to 0 over the outermost cells: what lies beyond is not known, and long shadows are cut."""
    row, column = (np.minimum(np.arange(n) + 1, n - np.arange(n)) / (BORDER + 1) for n in shape)
    return np.clip(np.minimum(row[:, None], column[None, :]), 0.0, 1.0).astype(np.float32)


def _plane(item: Drape | Shade, raster: Raster, image: NDArray[np.uint8], *, smooth: bool) -> vtkActor:
    west, south, east, north = raster.bounds
    points = np.array([(west, south, 0.0), (east, south, 0.0), (east, north, 0.0), (west, north, 0.0)])
    triangles: NDArray[np.integer] = np.array([[0, 1, 2], [0, 2, 3]])
    if item.relief is not None:
        found = laid_rectangle(item.relief, raster.bounds)
        points, triangles = found.points, found.triangles
    points, triangles = _into_pits(points, triangles, item.pits, raster.bounds)
    data = arrays.mesh(points + np.array([0.0, 0.0, STEP * item.level]), triangles)
    arrays.set_texture_places(data, (points[:, :2] - (west, south)) / (east - west, north - south))
    made = arrays.actor(data, flat=True)
    made.SetTexture(arrays.texture(image, smooth=smooth))
    return made


def _into_pits(
    points: NDArray[np.float64],
    triangles: NDArray[np.integer],
    pits: tuple[Pit, ...],
    bounds: tuple[float, float, float, float],
) -> tuple[NDArray[np.float64], NDArray[np.integer]]:
    """What lies on the ground, and on the floors of the pits that are wholly in its bounds."""
    if not pits:
        return points, triangles
    points, triangles, _ = opened(points, triangles, pits)
    low, faces = floors(tuple(pit for pit in pits if box(*bounds).covers(pit.rim)))
    return np.concatenate([points, low]), np.concatenate([triangles, faces + len(points)])
