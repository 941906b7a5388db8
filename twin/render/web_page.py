"""Turns scenes into what a page in a browser shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.model.city import City, without
from twin.model.layer import Layer
from twin.model.raster import Raster
from twin.model.terrain import Terrain, height_at
from twin.model.web_page import Bounds, Hills, Key, Patch, Solid, Veil
from twin.render.glyphs import places_of, sizes_of
from twin.render.ground import area_colours, widths
from twin.render.paint import vertex_colours
from twin.scene.colours import Classes, Ramp, number_colours, ramp_colours, rgb
from twin.scene.items import Areas, Buildings, Drape, Item, Lines
from twin.scene.scene import Legend

QUIET = ("base", "outline", "footprint")
"""Attributes that nobody asks for."""
MOST_FACTS = 24
FINEST = 256
"""Cells of the ground along a side: finer hills are not seen on a page."""
STEPS = 6
"""Colours of a ramp in the legend."""


def solid_of(city: City) -> Solid:
    """All objects of a city, with what can be read of them."""
    triangles = city.triangles.astype(np.uint32)
    facts = []
    for row in range(len(city.object_id)):
        values = city.attributes.row(row)
        known = [
            (name, written(value))
            for name, value in values.items()
            if value is not None and name not in QUIET
        ]
        facts.append((("id", str(city.object_id[row])), *known[:MOST_FACTS]))
    titles = [
        str(city.attributes.row(row).get("name") or city.object_id[row]) for row in range(len(city.object_id))
    ]
    return Solid(
        city.vertices.astype(np.float32),
        vertex_colours(Buildings(city))[:, :3],
        triangles,
        city.surface_object[city.triangle_surface].astype(np.uint32),
        tuple(titles),
        tuple(str(kind) for kind in city.object_type),
        tuple(facts),
    )


def written(value: object) -> str:
    """A value as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def only(city: City, rows: NDArray[np.bool_]) -> City:
    """Some objects of a city."""
    return without(city, ~rows)


def patches_of(items: Sequence[Item]) -> tuple[Patch, ...]:
    """Areas and lines on the ground, from low to high."""
    flat = [item for item in items if isinstance(item, Areas | Lines)]
    found = []
    for item in sorted(flat, key=lambda each: each.level):
        layer, kind = item.layer, shapely.get_dimensions(item.layer.geometry)
        if isinstance(item, Areas):
            mine = kind == 2
            found.append(Patch(layer.geometry[mine], area_colours(layer, item.marked)[mine]))
        else:
            mine = kind == 1
            shapes = shapely.buffer(layer.geometry[mine], widths(layer)[mine] / 2, cap_style="flat")
            colour = np.array([round(255 * part) for part in rgb(layer.style.colour)], dtype=np.uint8)
            found.append(Patch(shapes, np.tile(colour, (len(shapes), 1))))
    return tuple(patch for patch in found if len(patch.geometry))


def trees_of(layers: Sequence[Layer], terrain: Terrain | None = None) -> NDArray[np.float32]:
    """East, north, height and crown of every tree, and the ground it stands on: (n, 5). [m]"""
    found = [
        np.column_stack([places_of(layer)[:, :2], sizes_of(layer)[:, 2], sizes_of(layer)[:, 0]])
        for layer in layers
        if layer.style.glyph == "tree" and len(layer.geometry)
    ]
    trees = np.concatenate(found or [np.zeros((0, 4))])
    feet = np.zeros(len(trees)) if terrain is None else height_at(terrain, trees[:, 0], trees[:, 1])
    return np.column_stack([trees, feet]).astype(np.float32)


def hills_of(terrain: Terrain, bounds: Bounds) -> Hills:
    """The ground of a page, as fine as its data, and no finer than is seen."""
    west, south, east, north = bounds
    cell = max(terrain.heights.cell, (east - west) / FINEST, (north - south) / FINEST)
    columns, rows = (max(2, round(side / cell) + 1) for side in (east - west, north - south))
    x, y = np.meshgrid(np.linspace(west, east, columns), np.linspace(north, south, rows))
    return Hills(height_at(terrain, x, y).astype(np.float32), terrain.source)


def veil_of(overlay_id: str, title: str, drape: Drape, legend: Legend) -> Veil:
    """An overlay as a picture: clear where there is nothing."""
    raster: Raster = drape.raster
    values = raster.values
    image = np.zeros((*values.shape, 4), dtype=np.uint8)
    image[..., :3] = number_colours(drape.ramp, values)
    image[np.isinf(values), :3] = 143, 138, 130
    image[..., 3] = np.where(np.isnan(values), 0, 255)
    rows, columns = values.shape
    east, south = raster.west + columns * raster.cell, raster.north - rows * raster.cell
    return Veil(overlay_id, title, image, (raster.west, south, east, raster.north), key_of(legend))


def key_of(legend: Legend) -> Key:
    """How to read the colours: all classes, or some steps of a ramp."""
    scale = legend.scale
    entries = tuple(scale.colours) if isinstance(scale, Classes) else _steps(scale, legend.limits)
    return Key(legend.title, legend.unit, entries, legend.source, legend.note)


def _steps(ramp: Ramp, limits: tuple[float, float] | None) -> tuple[tuple[str, str], ...]:
    low, high = limits or (ramp.low, ramp.high)
    values = np.linspace(high, low, STEPS)
    colours = ramp_colours(ramp, values)
    return tuple(
        (f"{value:g}", "#{:02x}{:02x}{:02x}".format(*colour))
        for value, colour in zip(values.tolist(), colours.tolist(), strict=True)
    )
