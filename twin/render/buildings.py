"""Draws a city model: one mesh, coloured per object, with soft edge lines; a large one in tiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp, vtkRenderer

from twin.model.city import City, triangle_object
from twin.render import arrays
from twin.render.outline import closed, drawn_edges, edges, foot_shade, vertex_normals
from twin.render.paint import EDGE, FOOT_COLOUR, vertex_colours
from twin.render.parts import marked, part
from twin.render.shading import receive_light
from twin.render.tiled import TiledActors, make_tiled
from twin.render.tiles import is_large
from twin.scene.colours import REMOVED, SELECTED, rgb
from twin.scene.items import Buildings, Chosen, Gone


def make_buildings(item: Buildings) -> tuple[vtkProp, ...]:
    """The actors of a city: faces, edges, and the darkness at their feet."""
    city = item.city
    if is_large(city):
        return make_tiled(item)
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
    made = (body, lines, foot)
    if item.hidden is not None:
        _leave_out(made, item)
    return made


def update_buildings(actors: tuple[vtkProp, ...], old: Buildings, new: Buildings) -> bool:
    """Changes colours, opacity and what is hidden in place; False when the city itself is another one."""
    if old.city is not new.city:
        return False
    if isinstance(actors, TiledActors):
        actors.city.update(old, new)
        return True
    body, lines, _ = actors
    assert isinstance(body, vtkActor)
    assert isinstance(lines, vtkActor)
    if (old.colouring, old.marked, old.chosen) != (new.colouring, new.marked, new.chosen):
        arrays.set_point_colours(body.GetMapper().GetInput(), vertex_colours(new))
        arrays.refresh(body)
        _colour_edges(lines, new)
    if old.hidden is not new.hidden:
        _leave_out(actors, new)
    for each in actors:
        assert isinstance(each, vtkActor)
        each.GetProperty().SetOpacity(new.opacity)
    body.GetProperty().SetBackfaceCulling(new.opacity == 1.0 and closed(new.city))
    return True


def aim_buildings(actors: tuple[vtkProp, ...], renderer: vtkRenderer, *, moving: bool) -> None:
    """Before each frame: chooses how finely the tiles of a large city are drawn from where one looks."""
    if isinstance(actors, TiledActors):
        actors.city.aim(renderer, moving=moving)


def make_gone(item: Gone) -> tuple[vtkProp, ...]:
    """Ghosts of removed objects."""
    city = _only(item.city, item.ids)
    ghost = arrays.actor(arrays.mesh(city.vertices, city.triangles), opacity=0.3)
    ghost.GetProperty().SetColor(*rgb(REMOVED))
    ghost.GetProperty().LightingOff()
    lines = _outline(city)
    lines.GetProperty().SetColor(*rgb(REMOVED))
    return ghost, lines


def make_chosen(item: Chosen) -> tuple[vtkProp, ...]:
    """A bright outline around what was clicked."""
    lines = _outline(_only(item.city, item.ids))
    lines.GetProperty().SetColor(*rgb(SELECTED))
    lines.GetProperty().SetLineWidth(3.0)
    return (lines,)


def _only(city: City, ids: tuple[str, ...]) -> City:
    return part(city, np.flatnonzero(marked(city, ids)))


def _outline(city: City) -> vtkActor:
    lines = arrays.actor(arrays.segments(city.vertices[edges(city)]))
    _unlit(lines)
    return lines


def _foot(city: City) -> vtkActor:
    points, faces, dark, _ = foot_shade(city)
    data = arrays.mesh(points, faces)
    shade = np.column_stack([np.tile(FOOT_COLOUR, (len(points), 1)), 255 * dark])
    arrays.set_point_colours(data, shade.astype(np.uint8))
    made = arrays.actor(data, flat=True)
    made.GetProperty().LightingOff()
    return made


def _leave_out(actors: tuple[vtkProp, ...], item: Buildings) -> None:
    """Draws only what is not hidden."""
    city = item.city
    body, lines, foot = actors
    assert isinstance(body, vtkActor)
    assert isinstance(lines, vtkActor)
    assert isinstance(foot, vtkActor)
    owner = city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]
    ends = drawn_edges(city)
    _, faces, _, corner = foot_shade(city)
    pairs = np.arange(len(ends), dtype=np.int32).reshape(-1, 2)
    kept = [
        _shown(cells, owners, item)
        for cells, owners in (
            (city.triangles, triangle_object(city)),
            (pairs, owner[ends[::2]]),
            (faces.astype(np.int32), owner[corner[faces[:, 0]]]),
        )
    ]
    arrays.set_triangles(body.GetMapper().GetInput(), kept[0])
    arrays.set_segments(lines.GetMapper().GetInput(), kept[1])
    arrays.set_triangles(foot.GetMapper().GetInput(), kept[2])
    for each in (body, lines, foot):
        arrays.refresh(each)


def _shown(cells: NDArray[np.int32], owner: NDArray[np.int32], item: Buildings) -> NDArray[np.int32]:
    return cells if item.hidden is None else cells[~item.hidden.objects[owner]]


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
