"""Draws a city model: one mesh, coloured per object, with soft edge lines; a large one in tiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp, vtkRenderer

from twin.model.city import City, triangle_object
from twin.model.parts import marked, part
from twin.render import arrays
from twin.render.drawn_piece import FEET
from twin.render.outline import closed, drawn_edges, edges, foot_shade, vertex_normals
from twin.render.paint import EDGE, FOOT_COLOUR, vertex_colours
from twin.render.shading import receive_light
from twin.render.slots import drawn_in_tiles
from twin.render.textured import GLASS, PLAIN, dressed, looks, places, wear
from twin.render.tiled import TiledActors, make_tiled
from twin.render.view import View
from twin.scene.colours import REMOVED, SELECTED, rgb
from twin.scene.items import Buildings, Chosen, Gone


def make_buildings(item: Buildings) -> tuple[vtkProp, ...]:
    """The actors of a city: edges, the darkness at their feet, and faces, one actor for each kind of skin."""
    city = item.city
    if drawn_in_tiles(city):
        return make_tiled(item)
    ends = drawn_edges(city)
    drawn = arrays.segments(city.vertices[ends])
    arrays.remember(drawn, "vertex", ends)
    lines = arrays.nowhere_clear(arrays.actor(drawn))
    _unlit(lines)
    made = Whole((*_bodies(item), lines, _foot(city)))
    made.skins = _skins(item)
    _colour(made, item)
    _leave_out(made, item)
    _look(made, item)
    return made


class Whole(tuple[vtkActor, ...]):
    """The actors of a city in one piece: bodies, then edges and feet."""

    skins: tuple[int, ...]
    """What each body shows: the page of its pictures, PLAIN or GLASS."""


def update_buildings(actors: tuple[vtkProp, ...], old: Buildings, new: Buildings) -> bool:
    """Changes colours, opacity and what is hidden in place; False when it must be made anew."""
    if isinstance(actors, TiledActors) and not actors.city.fits(new.city):
        return False
    if old.city is not new.city and not isinstance(actors, TiledActors):
        return False
    if dressed(old) != dressed(new) or (dressed(new) and old.atlas is not new.atlas):
        return False
    if isinstance(actors, TiledActors):
        actors.city.update(old, new)
        return True
    assert isinstance(actors, Whole)
    if old.even != new.even or (old.colouring, old.marked, old.chosen) != (
        new.colouring,
        new.marked,
        new.chosen,
    ):
        _colour(actors, new)
    if old.hidden is not new.hidden:
        _leave_out(actors, new)
    if old.opacity != new.opacity:
        _look(actors, new)
    return True


def aim_buildings(
    actors: tuple[vtkProp, ...], renderer: vtkRenderer, *, moving: bool
) -> tuple[vtkActor, ...]:
    """Before each frame: chooses how finely a city is drawn from where one looks; returns actors to add."""
    if isinstance(actors, TiledActors):
        return actors.city.aim(renderer, moving=moving)
    middle = View.of(renderer).at(renderer.GetActiveCamera().GetDistance())
    actors[-1].SetVisibility(not moving or middle > FEET)
    return ()


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
    """A bright outline around what was clicked, or what breaks a rule."""
    lines = _outline(_only(item.city, item.ids))
    lines.GetProperty().SetColor(*rgb(REMOVED if item.wrong else SELECTED))
    lines.GetProperty().SetLineWidth(3.0)
    return (lines,)


def _only(city: City, ids: tuple[str, ...]) -> City:
    return part(city, np.flatnonzero(marked(city, ids)))


def _outline(city: City) -> vtkActor:
    lines = arrays.actor(arrays.segments(city.vertices[edges(city)]))
    _unlit(lines)
    return lines


def _skins(item: Buildings) -> tuple[int, ...]:
    """The skins of a city; each is an actor, as an actor has the pictures of one page."""
    found = looks(item)
    return (PLAIN,) if found is None else tuple(np.union1d(found.skin, [PLAIN]).tolist())


def _bodies(item: Buildings) -> list[vtkActor]:
    city, found = item.city, looks(item)
    faces = arrays.mesh(city.vertices, city.triangles[:0])
    arrays.set_normals(faces, vertex_normals(city))
    skins = _skins(item)
    if found is not None and item.atlas is not None and max(skins) >= 0:
        where, place = places(city, found, item.atlas)
        arrays.set_texture_places(faces, where)
        arrays.set_values(faces, "place", place)
    made = []
    for skin in skins:
        # the card holds the points once for all
        body = arrays.actor(arrays.alike(faces))
        receive_light(body)
        if found is None:
            arrays.nowhere_clear(body)
        if skin >= 0:
            assert item.atlas is not None
            wear(body, item.atlas, skin)
        made.append(body)
    return made


def _foot(city: City) -> vtkActor:
    points, faces, dark, _ = foot_shade(city)
    data = arrays.mesh(points, faces)
    shade = np.column_stack([np.tile(FOOT_COLOUR, (len(points), 1)), 255 * dark])
    arrays.set_point_colours(data, shade.astype(np.uint8))
    # clear where it ends, which leaves what is below as it is
    made = arrays.nowhere_clear(arrays.actor(data, flat=True))
    made.GetProperty().LightingOff()
    return made


def _colour(actors: Whole, item: Buildings) -> None:
    *bodies, lines, _ = actors
    colours = vertex_colours(item)
    first = bodies[0].GetMapper().GetInput()
    arrays.set_point_colours(first, colours)
    for body in bodies:
        body.GetMapper().GetInput().GetPointData().SetScalars(first.GetPointData().GetScalars())
        arrays.refresh(body)
    data = lines.GetMapper().GetInput()
    ends = arrays.remembered(data, "vertex")
    along = colours[ends, :3].astype(np.float64)
    if (found := looks(item)) is not None:
        along *= found.tone[np.repeat(item.city.ring_surface, np.diff(item.city.ring_starts))[ends]]
    arrays.set_point_colours(data, np.asarray(EDGE * along, dtype=np.uint8))
    arrays.refresh(lines)


def _leave_out(actors: Whole, item: Buildings) -> None:
    """Draws what is not hidden, each face in its skin."""
    city, found = item.city, looks(item)
    *bodies, lines, foot = actors
    owner = triangle_object(city)
    for body, skin in zip(bodies, actors.skins, strict=True):
        faces, of = city.triangles, owner
        if found is not None:
            mine = found.skin[city.triangle_surface] == skin
            faces, of = faces[mine], of[mine]
        arrays.set_triangles(body.GetMapper().GetInput(), _shown(faces, of, item))
    corner = city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]
    ends = drawn_edges(city)
    pairs = np.arange(len(ends), dtype=np.int32).reshape(-1, 2)
    arrays.set_segments(lines.GetMapper().GetInput(), _shown(pairs, corner[ends[::2]], item))
    _, ground, _, beside = foot_shade(city)
    strips = _shown(ground.astype(np.int32), corner[beside[ground[:, 0]]], item)
    arrays.set_triangles(foot.GetMapper().GetInput(), strips)
    for each in actors:
        arrays.refresh(each)


def _look(actors: Whole, item: Buildings) -> None:
    """Makes it as clear as it is to be."""
    solid = item.opacity == 1.0
    for each in actors:
        each.GetProperty().SetOpacity(item.opacity)
    for body, skin in zip(actors, actors.skins, strict=False):
        # all share the colours, of which some are clear
        body.SetForceOpaque(solid and skin != GLASS)
        body.SetForceTranslucent(skin == GLASS)
        # a third of the time goes into walls that face away; only where all faces are known to look outwards
        body.GetProperty().SetBackfaceCulling(solid and closed(item.city))


def _shown(cells: NDArray[np.int32], owner: NDArray[np.int32], item: Buildings) -> NDArray[np.int32]:
    return cells if item.hidden is None else cells[~item.hidden.objects[owner]]


def _unlit(lines: vtkActor) -> None:
    arrays.lift_lines(lines)
    shown = lines.GetProperty()
    shown.LightingOff()
    shown.SetLineWidth(1.0)
