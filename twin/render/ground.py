"""Draws what lies flat: the ground, areas, and lines as ribbons of their true width."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from shapely import boundary, get_coordinates, get_dimensions, get_parts
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp, vtkRenderer

from twin.model.layer import Layer
from twin.model.pit import Pit
from twin.model.state import Camera
from twin.model.table import number_of
from twin.model.terrain import Relief
from twin.render import arrays
from twin.render.opened import opened
from twin.scene.colours import ABSENT, ADDED, GROUND_COLOURS, Classes, class_colours, number_colours, rgb
from twin.scene.items import Areas, Colouring, Glyphs, Ground, Lines
from twin.scene.terrain import laid

APRON, FADE = 1500.0, 5000.0
"""The ground goes on beyond the data, so that the city does not float, and then fades. [m]"""
WIDE = 4000.0
"""Longer areas have more ground around them. [m]"""
KEPT = 64
"""So many layers are cut into triangles once only."""
DASH = 2.0
"""Length of the dashes of a dashed line, in its widths."""
STEP = 0.02
"""From one level to the next: just enough for the depth buffer to tell them apart. [m]"""


def make_ground(item: Ground) -> tuple[vtkProp, ...]:
    """One wide plane a hand below the layers, and a rim where it fades into the haze."""
    west, south, east, north = item.bounds
    wider = max(east - west - WIDE, north - south - WIDE, 0.0)  # of a large area one sees as much more
    near, far = _square(item, APRON + wider), _square(item, APRON + FADE + 2 * wider)
    points, triangles, _ = opened(near, np.array([[0, 1, 2], [0, 2, 3]]), item.pits)
    plane = arrays.nowhere_clear(arrays.actor(arrays.mesh(points, triangles), flat=True))
    plane.GetProperty().SetColor(*rgb(item.colour))
    side = np.arange(4)
    after = (side + 1) % 4
    faces = np.concatenate(
        [np.column_stack([side, 4 + side, 4 + after]), np.column_stack([side, 4 + after, after])]
    )
    fading = arrays.mesh(np.concatenate([near, far]), faces)
    colour = [round(255 * c) for c in rgb(item.colour)]
    arrays.set_point_colours(fading, np.array([[*colour, 255]] * 4 + [[*colour, 0]] * 4, dtype=np.uint8))
    return plane, arrays.actor(fading, flat=True)


def _square(item: Ground, margin: float) -> NDArray[np.float64]:
    west, south, east, north = item.bounds
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    return np.array([(west, south, -0.25), (east, south, -0.25), (east, north, -0.25), (west, north, -0.25)])


def make_areas(item: Areas) -> tuple[vtkProp, ...]:
    """The filled polygons of a layer; later rows lie above earlier ones."""
    layer = item.layer
    points, triangles, owner = _on_ground(layer, item.relief, item.pits)
    height = np.full(len(points), STEP * item.level)
    if layer.role == "ground":
        height += 0.5 * STEP * owner / max(len(layer.geometry), 1)  # the newest surface lies on top
    points = points + np.column_stack([np.zeros((len(points), 2)), height])
    data = arrays.mesh(points, triangles)
    arrays.set_point_colours(data, area_colours(layer, item.marked, item.look.colouring)[owner])
    filled_in = (_laid_out(data, item.opacity),) if item.look.filled else ()
    return (*filled_in, *_edges(item))


def _laid_out(data: vtkPolyData, opacity: float) -> vtkActor:
    return arrays.nowhere_clear(arrays.actor(data, opacity=opacity, flat=True))


def _edges(item: Areas) -> tuple[vtkProp, ...]:
    """The edges of polygons as ribbons that lie on what is filled."""
    if not item.look.outline or not item.look.outline_width:
        return ()
    points, triangles = _edge_mesh(item.layer, item.look.outline_width, item.relief)
    points, triangles, _ = opened(points, triangles, item.pits)
    made = arrays.actor(
        arrays.mesh(points + np.array([0.0, 0.0, STEP * (item.level + 0.7)]), triangles),
        opacity=item.opacity,
        flat=True,
    )
    made.GetProperty().SetColor(*rgb(item.look.outline))
    return (made,)


@lru_cache(maxsize=8)
def _edge_mesh(
    layer: Layer, width: float, relief: Relief | None
) -> tuple[NDArray[np.float64], NDArray[np.integer]]:
    lines = np.array(boundary(layer.geometry), dtype=object)
    flat, triangles, _ = ribbons(lines, np.full(len(lines), width))
    if relief is None:
        return np.column_stack([flat, np.zeros(len(flat))]), triangles
    found = laid(relief, flat, triangles)
    return found.points, found.triangles


def make_lines(item: Lines) -> tuple[vtkProp, ...]:
    """The lines of a layer as ribbons as wide as their `width` attribute says."""
    points, triangles, owner = _on_ground(item.layer, item.relief, item.pits)
    points = points + np.array([0.0, 0.0, STEP * item.level])
    data = arrays.mesh(points, triangles)
    if item.look.colouring is not None:
        arrays.set_point_colours(data, feature_colours(item.layer, item.look.colouring)[owner])
    made = _laid_out(data, item.opacity)
    made.GetProperty().SetColor(*rgb(item.layer.style.colour))
    return (made,)


def _on_ground(
    layer: Layer, relief: Relief | None, pits: tuple[Pit, ...]
) -> tuple[NDArray[np.float64], NDArray[np.integer], NDArray[np.int64]]:
    """Triangles of a layer, as high as the ground is drawn: points (n, 3) [m], triangles, owners."""
    triangles: NDArray[np.integer]
    if relief is not None:
        points, triangles, owner = _laid(layer, relief)
    else:
        flat, triangles, owner = filled(layer)
        points = np.column_stack([flat, np.zeros(len(flat))])
    if not pits:
        return points, triangles, owner
    found, faces, of = opened(points, triangles, pits)
    added = np.zeros(len(found) - len(points), dtype=np.int64)
    new = faces >= len(points)
    added[faces[new] - len(points)] = np.repeat(owner[triangles[of, 0]], 3)[new.ravel()]
    return found, faces, np.concatenate([owner, added])


@lru_cache(maxsize=KEPT)
def _laid(layer: Layer, relief: Relief) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int64]]:
    flat, triangles, owner = filled(layer)
    found = laid(relief, flat, triangles)
    return found.points, found.triangles, owner[triangles[found.of, 0]]


@lru_cache(maxsize=KEPT)
def filled(layer: Layer) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Triangles of a layer's polygons, or of its lines as ribbons: see `arrays.flat_triangles`.

    Any thread may work it out, before anybody waits for it.
    """
    if int(get_dimensions(layer.geometry).max(initial=0)) == 1:
        if not layer.style.dashed:
            return ribbons(layer.geometry, widths(layer))
        pieces, line = dashes(layer.geometry, widths(layer))
        points, triangles, piece = ribbons(pieces, widths(layer)[line])
        return points, triangles, line[piece]
    return arrays.flat_triangles(layer.geometry)


def dashes(
    lines: NDArray[np.object_], wide: NDArray[np.float64]
) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Pieces DASH times as long as a line is wide, with gaps half as long, and the line of each."""
    found: list[BaseGeometry] = []
    owner: list[int] = []
    for row, line in enumerate(lines):
        long = DASH * float(wide[row])
        for part in get_parts(line):
            starts = np.arange(0.0, part.length, 1.5 * long)
            found += [substring(part, start, start + long) for start in starts]
            owner += [row] * len(starts)
    pieces = np.empty(len(found), dtype=object)
    pieces[:] = found
    return pieces, np.array(owner, dtype=np.intp)


def ribbons(
    lines: NDArray[np.object_], wide: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Lines as strips of their width: points (n, 2) [m], triangles (m, 3), line of each point (n,).

    wide: (l,) [m]. A strip for each stretch between two corners, and a wedge to each side of a corner.
    """
    parts, line = get_parts(lines, return_index=True)
    corner, part = get_coordinates(parts, return_index=True)
    step = np.diff(corner, axis=0)
    length = np.linalg.norm(step, axis=1)
    real = np.flatnonzero((part[1:] == part[:-1]) & (length > 0))
    owner = line[part[real]]
    along = step[real] / length[real, None]
    side = np.column_stack([-along[:, 1], along[:, 0]]) * wide[owner, None] / 2
    start, end = corner[real], corner[real + 1]
    strips = np.stack([start + side, start - side, end - side, end + side], axis=1)
    joined = np.flatnonzero((part[real][1:] == part[real][:-1]) & (start[1:] == end[:-1]).all(axis=1))
    at, before, after = start[1:][joined], side[joined], side[joined + 1]
    wedges = np.stack([at, at + before, at + after, at - before, at - after], axis=1)
    points = np.concatenate([strips.reshape(-1, 2), wedges.reshape(-1, 2)])
    first = 4 * np.arange(len(real))[:, None]
    last = 4 * len(real) + 5 * np.arange(len(joined))[:, None]
    triangles = np.concatenate(
        [first + corners for corners in ((0, 1, 2), (0, 2, 3))]
        + [last + corners for corners in ((0, 1, 2), (0, 3, 4))]
    )
    return points, triangles, np.concatenate([np.repeat(owner, 4), np.repeat(owner[1:][joined], 5)])


def widths(layer: Layer) -> NDArray[np.float64]:
    """How wide each line is: (n,). [m]"""
    column = layer.table.columns.get("width")
    if column is None or column.dtype == object:
        return np.full(len(layer.geometry), layer.style.width)
    numbers = column.astype(np.float64)
    return np.where(np.isfinite(numbers) & (numbers > 0), numbers, layer.style.width)


def feature_colours(layer: Layer, colouring: Colouring) -> NDArray[np.uint8]:
    """The colour of each feature by the values of an attribute: (n, 3)."""
    column = layer.table.columns.get(colouring.column)
    absent = np.array([round(255 * c) for c in rgb(ABSENT)], dtype=np.uint8)
    if column is None:
        return np.tile(absent, (len(layer.geometry), 1))
    there = np.array([value is not None and value == value for value in column.tolist()], dtype=bool)
    if isinstance(colouring.scale, Classes):
        found = class_colours(colouring.scale, np.array(column.tolist(), dtype=object))
    else:
        numbers = np.array([number_of(value) for value in column.tolist()])
        found = number_colours(colouring.scale, numbers)
    return np.where(there[:, None], found, absent).astype(np.uint8)


def show_from_afar(
    actors: tuple[vtkProp, ...], item: Areas | Lines | Glyphs, _renderer: vtkRenderer, camera: Camera
) -> None:
    """Draws a layer only as near and as far as it is wanted."""
    shown = is_near(item.look.near, item.look.far, camera)
    for each in actors:
        each.SetVisibility(shown)


def is_near(near: float, far: float, camera: Camera) -> bool:
    """Whether the eye is within limits of what it looks at; without perspective, as if it were in it."""
    away = math.dist(camera.position, camera.target)
    if camera.height:
        away = camera.height / (2 * math.tan(math.radians(camera.angle) / 2))
    return near <= away and (not far or away <= far)


def area_colours(
    layer: Layer, marked: tuple[str, ...], colouring: Colouring | None = None
) -> NDArray[np.uint8]:
    """The colour of each polygon: its surface's where the layer is ground, else the layer's. (n, 3)."""
    plain = np.array([round(255 * c) for c in rgb(layer.style.colour)], dtype=np.uint8)
    colours = np.tile(plain, (len(layer.geometry), 1))
    if colouring is not None:
        colours = feature_colours(layer, colouring)
    surface = layer.table.columns.get("surface")
    if layer.role == "ground" and surface is not None and colouring is None:
        for name, colour in GROUND_COLOURS.items():
            colours[surface == name] = [round(255 * c) for c in rgb(colour)]
    if marked:
        new = np.isin(layer.table.columns["id"].astype(str), marked)
        tint = np.array([255 * c for c in rgb(ADDED)])
        colours[new] = np.asarray(0.55 * colours[new] + 0.45 * tint, dtype=np.uint8)
    return colours
