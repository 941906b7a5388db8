"""Draws a city model: one mesh, coloured per object, with soft edge lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp

from twin.model.city import SURFACE_TYPES, City, roots
from twin.model.triangulate import normals
from twin.render import arrays
from twin.scene.colours import ADDED, REMOVED, SELECTED, Classes, class_colours, ramp_colours, rgb
from twin.scene.items import Buildings, Chosen, Colouring, Gone

PLAIN = np.array([243, 240, 234])
UNKNOWN = np.array([214, 212, 208])
"""Objects that lack the attribute they are coloured by."""
EDGE = (0.42, 0.40, 0.38)
SAME_PLANE = 0.985
"""Two faces whose normals agree better than this (10°) show no edge between them."""
FOOT = 7.0
"""Walls darken towards the street over this height, as the sky is hidden there. [m]"""

ROOF, WALL = SURFACE_TYPES.index("RoofSurface"), SURFACE_TYPES.index("WallSurface")


def make_buildings(item: Buildings) -> tuple[vtkProp, ...]:
    """The actors of a city: faces, then edges."""
    city = item.city
    faces = arrays.mesh(city.vertices, city.triangles)
    arrays.set_normals(faces, vertex_normals(city))
    arrays.set_point_colours(faces, vertex_colours(item))
    body = arrays.actor(faces, opacity=item.opacity)
    body.GetProperty().SetAmbient(0.38)
    body.GetProperty().SetDiffuse(0.66)
    body.GetMapper().SetResolveCoincidentTopologyToPolygonOffset()
    body.GetMapper().SetRelativeCoincidentTopologyPolygonOffsetParameters(1.0, 1.0)
    lines = arrays.actor(arrays.segments(edges(city)), opacity=item.opacity)
    _unlit(lines, EDGE)
    return body, lines


def recolour_buildings(actors: tuple[vtkProp, ...], old: Buildings, new: Buildings) -> bool:
    """Changes colours and opacity in place; False when the city itself is another one."""
    if old.city is not new.city:
        return False
    body, lines = actors
    assert isinstance(body, vtkActor) and isinstance(lines, vtkActor)
    if (old.colouring, old.marked) != (new.colouring, new.marked):
        arrays.set_point_colours(body.GetMapper().GetInput(), vertex_colours(new))
        body.GetMapper().StaticOff()
        body.GetMapper().Update()
        body.GetMapper().StaticOn()
    for each in (body, lines):
        each.GetProperty().SetOpacity(new.opacity)
    return True


def make_gone(item: Gone) -> tuple[vtkProp, ...]:
    """Ghosts of removed objects."""
    city, mask = item.city, _objects(item.city, item.ids)
    inside = mask[city.surface_object[city.triangle_surface]]
    ghost = arrays.actor(arrays.mesh(city.vertices, city.triangles[inside]), opacity=0.3)
    ghost.GetProperty().SetColor(*rgb(REMOVED))
    ghost.GetProperty().SetAmbient(0.6)
    lines = arrays.actor(arrays.segments(edges(city, mask)))
    _unlit(lines, rgb(REMOVED))
    return ghost, lines


def make_chosen(item: Chosen) -> tuple[vtkProp, ...]:
    """A bright outline and tint around what was clicked."""
    city, mask = item.city, _objects(item.city, item.ids)
    inside = mask[city.surface_object[city.triangle_surface]]
    tint = arrays.actor(arrays.mesh(city.vertices, city.triangles[inside]), opacity=0.35, order=3)
    tint.GetProperty().SetColor(*rgb(SELECTED))
    lines = arrays.actor(arrays.segments(edges(city, mask)))
    _unlit(lines, rgb(SELECTED))
    lines.GetProperty().SetLineWidth(3.0)
    return tint, lines


def vertex_colours(item: Buildings) -> NDArray[np.uint8]:
    """The colour of every vertex: its object's, by kind of surface and height above the street. (n, 3)."""
    city = item.city
    colours = object_colours(city, item.colouring).astype(np.float64)
    if item.marked:
        colours[_objects(city, item.marked)] = 255 * np.array(rgb(ADDED))
    surface = np.repeat(city.ring_surface, np.diff(city.ring_starts))
    kind = city.surface_type[surface]
    factor = np.where(kind == ROOF, 1.02, 0.965)
    wall = kind == WALL
    factor[wall] *= 0.86 + 0.14 * np.clip(city.vertices[wall, 2] / FOOT, 0.0, 1.0)
    shaded = colours[city.surface_object[surface]] * factor[:, None]
    return np.asarray(np.clip(shaded, 0, 255), dtype=np.uint8)


def object_colours(city: City, colouring: Colouring | None) -> NDArray[np.uint8]:
    """The colour of every object: (k, 3). A part that lacks the attribute takes that of its whole."""
    count = len(city.object_id)
    if colouring is None:
        return np.broadcast_to(PLAIN, (count, 3)).astype(np.uint8)
    column = city.attributes.columns.get(colouring.column)
    if column is None:
        return np.broadcast_to(UNKNOWN, (count, 3)).astype(np.uint8)
    values = _inherited(city, column)
    if isinstance(colouring.scale, Classes):
        return class_colours(colouring.scale, values.astype(object))
    numbers = np.array([v if isinstance(v, (int, float)) else np.nan for v in values.tolist()], dtype=float)
    found = ramp_colours(colouring.scale, numbers)
    found[np.isnan(numbers)] = UNKNOWN
    return found


def vertex_normals(city: City) -> NDArray[np.float64]:
    """The normal of the surface each vertex belongs to: (n, 3)."""
    found = normals(city.vertices, city.ring_starts)
    length = np.linalg.norm(found, axis=1, keepdims=True)
    found = found / np.where(length > 0, length, 1.0)
    # a hole runs the other way round, so it takes the normal of its exterior
    first = np.searchsorted(city.ring_surface, city.ring_surface)
    return np.asarray(np.repeat(found[first], np.diff(city.ring_starts), axis=0))


def edges(city: City, mask: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
    """Both ends of every edge where two faces of an object meet at an angle: (2 n, 3). [m]

    mask: (k,), only these objects.
    """
    lengths = np.diff(city.ring_starts)
    start = np.arange(len(city.vertices))
    end = start + 1
    end[city.ring_starts[1:] - 1] = city.ring_starts[:-1]
    owner = roots(city)[city.surface_object[np.repeat(city.ring_surface, lengths)]]
    if mask is not None:
        chosen = mask[owner]
        start, end, owner = start[chosen], end[chosen], owner[chosen]
    if not len(start):
        return np.zeros((0, 3))
    _, place = np.unique(np.round(city.vertices * 100).astype(np.int64), axis=0, return_inverse=True)
    place = place.reshape(-1)
    low, high = np.minimum(place[start], place[end]), np.maximum(place[start], place[end])
    order = np.lexsort((high, low, owner))
    low, high, owner, start, end = low[order], high[order], owner[order], start[order], end[order]
    same = (low[1:] == low[:-1]) & (high[1:] == high[:-1]) & (owner[1:] == owner[:-1])
    facing = vertex_normals(city)[start]
    flat = same & ((facing[1:] * facing[:-1]).sum(1) > SAME_PLANE)
    keep = (low != high) & ~np.append(flat, False) & ~np.insert(flat | same, 0, False)
    ends = np.column_stack([start[keep], end[keep]]).ravel()
    return np.asarray(city.vertices[ends])


def _inherited(city: City, column: NDArray[np.generic]) -> NDArray[np.object_]:
    values = column.astype(object)
    absent = np.array([v is None or v != v for v in values.tolist()])
    top = roots(city)
    values[absent] = values[top[absent]]
    return values


def _objects(city: City, ids: tuple[str, ...]) -> NDArray[np.bool_]:
    """Marks the objects of these ids, and their parts."""
    named = np.isin(city.object_id.astype(str), ids)
    return np.asarray(named | named[roots(city)])


def _unlit(lines: vtkActor, colour: tuple[float, float, float]) -> None:
    shown = lines.GetProperty()
    shown.SetColor(*colour)
    shown.LightingOff()
    shown.SetLineWidth(1.0)
