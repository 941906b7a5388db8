"""Draws a city model: one mesh, coloured per object, with soft edge lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp

from twin.model.city import City, heights, roots
from twin.render import arrays
from twin.render.outline import (
    ROOF,
    WALL,
    closed,
    drawn_edges,
    edges,
    foot_shade,
    surface_kinds,
    vertex_normals,
)
from twin.render.shading import receive_light
from twin.scene.colours import (
    ADDED,
    CLASS_COLOURS,
    REMOVED,
    SELECTED,
    Classes,
    class_colours,
    ramp_colours,
    rgb,
)
from twin.scene.items import HEIGHT, Buildings, Chosen, Colouring, Gone

PLAIN = np.array([243, 240, 234])
UNKNOWN = np.array([214, 212, 208])
"""Objects that lack the attribute they are coloured by."""
EDGE = 0.62
"""How bright an edge is, compared with the face it runs along."""
FOOT = 7.0
"""Walls darken towards the street over this height, as the sky is hidden there. [m]"""


def make_buildings(item: Buildings) -> tuple[vtkProp, ...]:
    """The actors of a city: faces, edges, and the darkness at their feet."""
    city = item.city
    faces = arrays.mesh(city.vertices, city.triangles)
    arrays.set_normals(faces, vertex_normals(city))
    arrays.set_point_colours(faces, vertex_colours(item))
    body = arrays.actor(faces, opacity=item.opacity)
    receive_light(body)
    # a third of the time goes into walls that face away; only where all faces are known to look outwards
    body.GetProperty().SetBackfaceCulling(item.opacity == 1.0 and closed(city))
    ends = drawn_edges(city)
    drawn = arrays.segments(city.vertices[ends])
    arrays.remember(drawn, "vertex", ends)
    lines = arrays.actor(drawn, opacity=item.opacity)
    _unlit(lines)
    _colour_edges(lines, item)
    foot = _foot(city)
    foot.GetProperty().SetOpacity(item.opacity)
    return body, lines, foot


def recolour_buildings(actors: tuple[vtkProp, ...], old: Buildings, new: Buildings) -> bool:
    """Changes colours and opacity in place; False when the city itself is another one."""
    if old.city is not new.city:
        return False
    body = actors[0]
    assert isinstance(body, vtkActor)
    if (old.colouring, old.marked, old.chosen) != (new.colouring, new.marked, new.chosen):
        arrays.set_point_colours(body.GetMapper().GetInput(), vertex_colours(new))
        arrays.refresh(body)
        lines = actors[1]
        assert isinstance(lines, vtkActor)
        _colour_edges(lines, new)
    for each in actors:
        assert isinstance(each, vtkActor)
        each.GetProperty().SetOpacity(new.opacity)
    body.GetProperty().SetBackfaceCulling(new.opacity == 1.0 and closed(new.city))
    return True


def make_gone(item: Gone) -> tuple[vtkProp, ...]:
    """Ghosts of removed objects."""
    city, mask = item.city, _objects(item.city, item.ids)
    inside = mask[city.surface_object[city.triangle_surface]]
    ghost = arrays.actor(arrays.mesh(city.vertices, city.triangles[inside]), opacity=0.3)
    ghost.GetProperty().SetColor(*rgb(REMOVED))
    ghost.GetProperty().LightingOff()
    lines = arrays.actor(arrays.segments(city.vertices[edges(city, mask)]))
    _unlit(lines)
    lines.GetProperty().SetColor(*rgb(REMOVED))
    return ghost, lines


def make_chosen(item: Chosen) -> tuple[vtkProp, ...]:
    """A bright outline around what was clicked."""
    city, mask = item.city, _objects(item.city, item.ids)
    lines = arrays.actor(arrays.segments(city.vertices[edges(city, mask)]))
    _unlit(lines)
    lines.GetProperty().SetColor(*rgb(SELECTED))
    lines.GetProperty().SetLineWidth(3.0)
    return (lines,)


def vertex_colours(item: Buildings) -> NDArray[np.uint8]:
    """The colour of every vertex: its object's, by kind of surface and height above the street. (n, 3)."""
    city = item.city
    colours = object_colours(city, item.colouring).astype(np.float64)
    if item.marked:
        new = _objects(city, item.marked)
        colours[new] = 0.35 * colours[new] + 0.65 * 255 * np.array(rgb(ADDED))
    if item.chosen:
        mine = _objects(city, item.chosen)
        colours[mine] = 0.45 * colours[mine] + 0.55 * 255 * np.array(rgb(SELECTED))
    surface = np.repeat(city.ring_surface, np.diff(city.ring_starts))
    kind = surface_kinds(city)[surface]
    factor = np.where(kind == ROOF, 1.02, 0.965)
    wall = kind == WALL
    factor[wall] *= 0.86 + 0.14 * np.clip(city.vertices[wall, 2] / FOOT, 0.0, 1.0)
    shaded = colours[city.surface_object[surface]] * factor[:, None]
    return np.asarray(np.clip(shaded, 0, 255), dtype=np.uint8)


def object_colours(city: City, colouring: Colouring | None) -> NDArray[np.uint8]:
    """The colour of every object: (k, 3). A part that lacks the attribute takes that of its whole.

    Overlays colour buildings and whatever has the attribute; ground, water and green keep their own colours.
    """
    plain = class_colours(Classes(tuple(CLASS_COLOURS.items())), city.object_type, other=PLAIN)
    if colouring is None:
        return plain
    built = np.array([str(kind).startswith("Building") for kind in city.object_type], dtype=bool)
    column = city.attributes.columns.get(colouring.column)
    absent = np.full(len(city.object_id), None, dtype=object)
    values = absent if column is None else _inherited(city, column)
    if isinstance(colouring.scale, Classes):
        known = np.array([value is not None for value in values], dtype=bool)
        found = class_colours(colouring.scale, values)
        found[built & ~known] = UNKNOWN
    else:
        numbers = np.array([v if isinstance(v, int | float) else np.nan for v in values], dtype=float)
        if colouring.column == HEIGHT:
            numbers = np.where(np.isnan(numbers) & built, heights(city), numbers)
        known = np.isfinite(numbers)
        found = ramp_colours(colouring.scale, numbers)
        found[built & ~known] = UNKNOWN
    return np.where((built | known)[:, None], found, plain)


def _foot(city: City) -> vtkActor:
    points, faces, dark = foot_shade(city)
    data = arrays.mesh(points, faces)
    shade = np.column_stack([np.tile([44, 42, 50], (len(points), 1)), 255 * dark])
    arrays.set_point_colours(data, shade.astype(np.uint8))
    made = arrays.actor(data, flat=True)
    made.GetProperty().LightingOff()
    return made


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


def _colour_edges(lines: vtkActor, item: Buildings) -> None:
    data = lines.GetMapper().GetInput()
    faces = vertex_colours(item)[arrays.remembered(data, "vertex")]
    arrays.set_point_colours(data, np.asarray(EDGE * faces, dtype=np.uint8))
    arrays.refresh(lines)


def _unlit(lines: vtkActor) -> None:
    arrays.lift_lines(lines.GetMapper())
    shown = lines.GetProperty()
    shown.LightingOff()
    shown.SetLineWidth(1.0)
