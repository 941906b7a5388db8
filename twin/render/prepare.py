"""Works ahead of the drawing, in any thread, what takes time: edges, feet, triangles."""

from __future__ import annotations

from shapely import get_dimensions

from twin.model.city import City
from twin.model.layer import Layer
from twin.render.ground import filled
from twin.render.outline import closed, drawn_edges, foot_shade, surface_kinds, vertex_normals


def prepare(city: City, layers: tuple[Layer, ...]) -> None:
    """All that drawing this city and these layers will ask for."""
    for work in (surface_kinds, closed, drawn_edges, foot_shade):
        work(city)
    for layer in layers:
        if len(layer.geometry) and int(get_dimensions(layer.geometry).max()) > 0:
            filled(layer)


def forget() -> None:
    """Lets go of everything worked out, as when a project is closed."""
    for work in (vertex_normals, surface_kinds, closed, drawn_edges, foot_shade, filled):
        work.cache_clear()
