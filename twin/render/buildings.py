"""Draws a city model: one mesh, coloured per object, with soft edge lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp

from twin.model.city import SURFACE_TYPES, City, roots
from twin.model.triangulate import normals
from twin.render import arrays
from twin.render.light import AMBIENT, DIFFUSE
from twin.scene.colours import ADDED, REMOVED, SELECTED, Classes, class_colours, ramp_colours, rgb
from twin.scene.items import Buildings, Chosen, Colouring, Gone

PLAIN = np.array([243, 240, 234])
UNKNOWN = np.array([214, 212, 208])
"""Objects that lack the attribute they are coloured by."""
EDGE = 0.45
"""How bright an edge is, compared with the face it runs along."""
SAME_PLANE = 0.985
"""Two faces whose normals agree better than this (10°) show no edge between them."""
FOOT = 7.0
"""Walls darken towards the street over this height, as the sky is hidden there. [m]"""
SKIRT = ((-0.5, 0.22), (6.5, 0.0))
"""Distance from a wall and how dark the ground is there. [m], 0-1"""
FOOT_HIGHEST, FOOT_LIFT = 1.0, 0.6
"""Only what stands on the ground darkens it [m]; drawn above all layers, below what is draped."""
SHARPEST = 0.25
"""Keeps the strips of a pointed corner from running away."""

LEVEL = 0.3
"""How far the normal of a surface without a type points up if it is a roof, or down if it is a floor."""

PLAIN_SURFACE = SURFACE_TYPES.index("Surface")
GROUND = SURFACE_TYPES.index("GroundSurface")
ROOF, WALL = SURFACE_TYPES.index("RoofSurface"), SURFACE_TYPES.index("WallSurface")


def make_buildings(item: Buildings) -> tuple[vtkProp, ...]:
    """The actors of a city: faces, edges, and the darkness at their feet."""
    city = item.city
    faces = arrays.mesh(city.vertices, city.triangles)
    arrays.set_normals(faces, vertex_normals(city))
    arrays.set_point_colours(faces, vertex_colours(item))
    body = arrays.actor(faces, opacity=item.opacity)
    body.GetProperty().SetAmbient(AMBIENT)
    body.GetProperty().SetDiffuse(DIFFUSE)
    # a third of the time goes into walls that face away; only where all faces are known to look outwards
    body.GetProperty().SetBackfaceCulling(item.opacity == 1.0 and closed(city))
    ends = edges(city)
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
    ghost.GetProperty().SetAmbient(0.6)
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


def surface_kinds(city: City) -> NDArray[np.uint8]:
    """The type of each surface, by its slope where the model does not say it: (s,), into SURFACE_TYPES."""
    kinds = city.surface_type.copy()
    plain = np.flatnonzero(kinds == PLAIN_SURFACE)
    first = city.ring_starts[np.searchsorted(city.ring_surface, plain)]
    up = vertex_normals(city)[first, 2]
    kinds[plain] = np.select([up > LEVEL, up < -LEVEL], [ROOF, GROUND], WALL)
    return kinds


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


def closed(city: City) -> bool:
    """Whether every edge of every object is run along as often one way as the other: faces look outwards."""
    start, end, place, owner = _sides(city)
    low, high = np.minimum(place[start], place[end]), np.maximum(place[start], place[end])
    way = np.sign(place[end] - place[start])
    order = np.lexsort((high, low, owner))
    low, high, owner, way = low[order], high[order], owner[order], way[order]
    new = np.append(True, (low[1:] != low[:-1]) | (high[1:] != high[:-1]) | (owner[1:] != owner[:-1]))
    return bool(len(way)) and not np.add.reduceat(way, np.flatnonzero(new)).any()


def _sides(
    city: City,
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64], NDArray[np.int32]]:
    """Each side of each ring: its first and last vertex, and the object it finally belongs to.

    The third array numbers the places of the vertices, to the centimetre.
    """
    start = np.arange(len(city.vertices))
    end = start + 1
    end[city.ring_starts[1:] - 1] = city.ring_starts[:-1]
    # three whole numbers in one, which sorts ten times as fast as rows of three
    cells = np.round(city.vertices * 100).astype(np.int64)
    cells -= cells.min(axis=0) if len(cells) else 0
    wide, deep = (int(cells[:, i].max(initial=0)) + 1 for i in (1, 2))
    _, place = np.unique((cells[:, 0] * wide + cells[:, 1]) * deep + cells[:, 2], return_inverse=True)
    lengths = np.diff(city.ring_starts)
    owner = roots(city)[city.surface_object[np.repeat(city.ring_surface, lengths)]]
    return start, end, place.reshape(-1), owner


def edges(city: City, mask: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
    """Both ends of every edge where two faces of an object meet at an angle: (2 n,), rows of the vertices.

    mask: (k,), only these objects.
    """
    start, end, place, owner = _sides(city)
    if mask is not None:
        chosen = mask[owner]
        start, end, owner = start[chosen], end[chosen], owner[chosen]
    if not len(start):
        return np.zeros(0, np.intp)
    low, high = np.minimum(place[start], place[end]), np.maximum(place[start], place[end])
    order = np.lexsort((high, low, owner))
    low, high, owner, start, end = low[order], high[order], owner[order], start[order], end[order]
    same = (low[1:] == low[:-1]) & (high[1:] == high[:-1]) & (owner[1:] == owner[:-1])
    facing = vertex_normals(city)[start]
    flat = same & ((facing[1:] * facing[:-1]).sum(1) > SAME_PLANE)
    keep = (low != high) & ~np.append(flat, False) & ~np.insert(flat | same, 0, False)
    return np.column_stack([start[keep], end[keep]]).ravel()


def foot_shade(
    city: City,
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Strips on the ground along the walls: points (n, 3) [m], triangles (m, 3), darkness (n,) 0-1.

    They fade outwards over SKIRT, as the street is darkest where the wall hides half of the sky.
    """
    lengths = np.diff(city.ring_starts)
    ring = np.repeat(np.arange(len(lengths)), lengths)
    on_ground = np.zeros(len(lengths), dtype=bool)
    if len(lengths):
        low = np.maximum.reduceat(city.vertices[:, 2], city.ring_starts[:-1]) < FOOT_HIGHEST
        on_ground = low & (surface_kinds(city)[city.ring_surface] == GROUND)
    chosen = np.flatnonzero(on_ground[ring])
    if not len(chosen):
        return np.zeros((0, 3)), np.zeros((0, 3), np.int64), np.zeros(0)
    before, after = np.arange(len(ring)) - 1, np.arange(len(ring)) + 1
    before[city.ring_starts[:-1]] = city.ring_starts[1:] - 1
    after[city.ring_starts[1:] - 1] = city.ring_starts[:-1]
    # a ground surface looks down, so its ring has the street on the left; one drawn upside down has not
    side = np.where(vertex_normals(city)[chosen, 2] > 0, -1.0, 1.0)[:, None]
    here = city.vertices[chosen, :2]
    first = side * _left(here - city.vertices[before[chosen], :2])
    second = side * _left(city.vertices[after[chosen], :2] - here)
    meeting = first + second
    outward = meeting / np.maximum((meeting**2).sum(1, keepdims=True) / 2, SHARPEST)
    place = np.full(len(ring), -1)
    place[chosen] = np.arange(len(chosen))
    i, j = np.arange(len(chosen)), place[after[chosen]]
    count, rings = len(chosen), len(SKIRT)
    points = np.concatenate(
        [np.column_stack([here + w * outward, np.full(count, FOOT_LIFT)]) for w, _ in SKIRT]
    )
    faces = [
        np.column_stack(corners) + k * count
        for k in range(rings - 1)
        for corners in ((i, j, i + count), (j, j + count, i + count))
    ]
    return points, np.concatenate(faces), np.repeat([dark for _, dark in SKIRT], count)


def _foot(city: City) -> vtkActor:
    points, faces, dark = foot_shade(city)
    data = arrays.mesh(points, faces)
    shade = np.column_stack([np.tile([44, 42, 50], (len(points), 1)), 255 * dark])
    arrays.set_point_colours(data, shade.astype(np.uint8))
    made = arrays.actor(data, flat=True)
    made.GetProperty().LightingOff()
    return made


def _left(ways: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(ways, axis=1, keepdims=True)
    return np.column_stack([-ways[:, 1], ways[:, 0]]) / np.where(length > 0, length, 1.0)


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
