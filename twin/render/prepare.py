"""Works ahead of the drawing, in any thread, what takes time: edges, feet, triangles."""

from __future__ import annotations

from shapely import get_dimensions

from twin.model import parts
from twin.model.city import City
from twin.model.layer import Layer
from twin.model.origin import halves
from twin.render import outline, paint
from twin.render.drape import darkness
from twin.render.ground import filled
from twin.render.outline import closed, drawn_edges, foot_shade, surface_kinds
from twin.render.slots import drawn_in_tiles, slots_of
from twin.render.tiles import tiles_of


def prepare(city: City, layers: tuple[Layer, ...]) -> None:
    """All that drawing this city and these layers will ask for at first."""
    if drawn_in_tiles(city):
        slots_of(city)
        parts.rows_of(city)
        paint.object_colours(city, None)
    else:
        for work in (surface_kinds, closed, drawn_edges, foot_shade):
            work(city)
    for layer in layers:
        if len(layer.geometry) and int(get_dimensions(layer.geometry).max()) > 0:
            filled(layer)


def forget() -> None:
    """Lets go of everything worked out, as when a project is closed."""
    for module in (outline, parts, paint):
        module.forget()
    halves.cache_clear()
    darkness.cache_clear()
    filled.cache_clear()
    slots_of.cache_clear()
    tiles_of.cache_clear()
