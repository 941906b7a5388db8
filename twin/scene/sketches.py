"""Works out what is shown of an edit while it is drawn, and what of it can be taken hold of."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
import shapely.affinity
from shapely import LineString, MultiPoint, Polygon
from shapely import Point as ShapelyPoint
from shapely.geometry.base import BaseGeometry

from twin.analysis import plot
from twin.analysis.build_ground import places
from twin.analysis.build_models import footprint, placed
from twin.model.city import City, corners, named, row_of, with_parts
from twin.model.scenario import (
    SHAPE,
    STOREY_HEIGHT,
    AddBuilding,
    AddCanopy,
    AddModel,
    AddWay,
    Edit,
    FillPlot,
    LimitHeight,
    PlantArea,
    PlantRow,
    PlantTrees,
    RaiseGround,
    shape_of,
)
from twin.model.state import Camera, Point
from twin.scene.drawing import Drawing, clicked, corners_of, made, outline
from twin.scene.items import Sketch
from twin.scene.snapping import Flat

LIFT = 0.4
"""Of lines over the ground. [m]"""
SMALLEST = 1.0
"""What is smaller is shown in this size. [m]"""
MOST_TREES = 600
"""That are shown one by one while they are drawn."""
MOST_MODELS = 20
"""Likewise."""
SIDES = 14
"""Of a circle."""


@dataclass(frozen=True, slots=True)
class Gizmo:
    """What a building is moved, turned and raised by."""

    ids: tuple[str, ...]
    footprint: Polygon
    height: float
    """[m]"""
    middle: Flat
    radius: float
    """Of the ring that turns it. [m]"""

    @property
    def hold(self) -> Point:
        """Moves it over the ground."""
        return (*self.middle, LIFT)

    @property
    def knob(self) -> Point:
        """Turns it."""
        return self.middle[0], self.middle[1] + self.radius, LIFT

    @property
    def arrow(self) -> Point:
        """Raises it."""
        return (*self.middle, self.height + max(0.35 * self.radius, 6.0))


def drawn(template: Edit | None, drawing: Drawing, at: Flat | None) -> Sketch:
    """What is shown while an edit is drawn. template: with the values that are set; None: a measure.

    at: where the next corner would be; None: the mouse is not over the view.
    """
    future = drawing if at is None else clicked(drawing, at)
    path = outline(drawing, at)
    shape = made(future)
    closes = drawing.shape in ("polygon", "rectangle", "box") and len(path) > 2
    line = tuple((x, y, LIFT) for x, y in (*path, *path[:1] * closes))
    handles = tuple((x, y, LIFT) for x, y in drawing.corners)
    lines = (line,) if len(line) > 1 and drawing.shape != "points" else ()
    wrong = closes and shape is None
    sketch = Sketch(lines=lines, handles=handles, wrong=wrong)
    if template is None:
        area = (shape,) if isinstance(shape, Polygon) else ()
        return replace(sketch, areas=area)
    return sketch if shape is None else ghost(shaped(template, shape), sketch)


def ghost(edit: Edit, sketch: Sketch | None = None) -> Sketch:
    """A sketch with the body of an edit added."""
    base = sketch or Sketch(lines=_rings(shape_of(edit)))
    areas, height, lines = _body(edit)
    if isinstance(edit, FillPlot) and not areas:
        return replace(base, wrong=True)
    return replace(base, areas=areas, height=height, lines=(*base.lines, *lines))


def _body(edit: Edit) -> tuple[tuple[Polygon, ...], float, tuple[tuple[Point, ...], ...]]:
    """Areas, their height [m], and lines."""
    shape = shape_of(edit)
    areas: tuple[Polygon, ...] = (shape,) if isinstance(shape, Polygon) else ()
    height = 0.0
    lines: tuple[tuple[Point, ...], ...] = ()
    match edit:
        case AddBuilding() | LimitHeight() | RaiseGround():
            height = edit.height
        case AddCanopy():
            height = edit.height + edit.thickness
        case FillPlot():
            try:
                filling = plot.fill(edit)
            except ValueError:
                return (), 0.0, ()
            areas, height = filling.footprints, filling.storeys * edit.storey_height
        case PlantTrees() | PlantRow() | PlantArea():
            areas, lines = (), _trees(edit)
        case AddModel(solid=City() as solid):
            spots = shapely.get_coordinates(edit.points).tolist()
            stood = [placed(solid.vertices, edit, (x, y)) for x, y in spots[:MOST_MODELS]]
            areas = tuple(around for corners in stood if (around := footprint(corners)).area > 0)
            height = float(solid.vertices[:, 2].max()) * edit.scale
        case AddWay():
            strip = edit.line.buffer(edit.width / 2, cap_style="flat", join_style="mitre")
            areas = tuple(part for part in shapely.get_parts(strip) if isinstance(part, Polygon))
        case _:
            pass
    return areas, height, lines


def _trees(edit: PlantTrees | PlantRow | PlantArea) -> tuple[tuple[Point, ...], ...]:
    trees = places(edit)[:MOST_TREES]
    crowns = (_circle((tree.x, tree.y), edit.crown / 2, edit.height * 0.6) for tree in trees)
    stems = (((tree.x, tree.y, 0.0), (tree.x, tree.y, edit.height)) for tree in trees)
    return (*crowns, *stems)


def shaped(edit: Edit, shape: BaseGeometry) -> Edit:
    """The edit with another shape."""
    changed: dict[str, Any] = {SHAPE[type(edit)]: shape}
    return replace(edit, **changed)


def held(edit: Edit) -> Sketch:
    """The outline of an edit with dots on its corners, and small ones where there could be one more."""
    shape = shape_of(edit)
    if shape is None:
        return Sketch()
    dots = tuple((x, y, LIFT) for x, y in corners_of(shape))
    return Sketch(lines=_rings(shape), handles=dots, small=middles(shape))


def middles(shape: BaseGeometry) -> tuple[Point, ...]:
    """The middle of each side that lies between two corners of a shape."""
    if isinstance(shape, MultiPoint):
        return ()
    points = corners_of(shape)
    if isinstance(shape, Polygon):
        points = (*points, points[0])
    return tuple(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, LIFT) for a, b in itertools.pairwise(points))


def gizmo_of(city: City, gml_id: str) -> Gizmo | None:
    """What moves an object of a city, with all its parts; None when it is not there."""
    row = row_of(city, gml_id)
    if row is None:
        return None
    while city.object_parent[row] >= 0:
        row = int(city.object_parent[row])
    whole = str(city.object_id[row])
    points = corners(city, with_parts(city, named(city, (whole,))))
    if len(points) < 3:
        return None
    around = MultiPoint(points[:, :2]).convex_hull
    if not isinstance(around, Polygon):
        return None
    west, south, east, north = around.bounds
    middle = ((west + east) / 2, (south + north) / 2)
    reach = float(np.hypot(*(points[:, :2] - middle).T).max())
    return Gizmo((whole,), around, float(np.ptp(points[:, 2])), middle, reach + 4.0)


def gizmo_of_edit(edit: Edit) -> Gizmo | None:
    """What moves the shape of an edit; None where it has none that covers any ground."""
    shape = shape_of(edit)
    around = shape.convex_hull if shape is not None else None
    if not isinstance(around, Polygon) or around.is_empty:
        return None
    west, south, east, north = around.bounds
    middle = ((west + east) / 2, (south + north) / 2)
    return Gizmo((edit.id,), around, 0.0, middle, math.hypot(east - west, north - south) / 2 + 4.0)


def bounds_of(edits: Iterable[Edit]) -> tuple[float, float, float, float] | None:
    """West, south, east, north of what is drawn by edits; None where nothing is. [m]"""
    boxes = [shape.bounds for edit in edits if (shape := shape_of(edit)) is not None and not shape.is_empty]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def gizmo(found: Gizmo, *, by: Flat = (0.0, 0.0), turn: float = 0.0, storeys: int = 0) -> Sketch:
    """The gizmo and where the building would be. by: [m]; turn: clockwise [deg]."""
    height = found.height + storeys * STOREY_HEIGHT
    there = shapely.affinity.translate(
        shapely.affinity.rotate(found.footprint, -turn, origin=found.middle), *by
    )
    middle = (found.middle[0] + by[0], found.middle[1] + by[1])
    angle = math.radians(turn)
    knob = (middle[0] + found.radius * math.sin(angle), middle[1] + found.radius * math.cos(angle), LIFT)
    top = (*middle, height + found.arrow[2] - found.height)
    pointed = tuple(((*middle, top[2])[0] + x, middle[1], top[2] - 3.0) for x in (-1.5, 1.5))
    lines = (
        _circle(middle, found.radius, LIFT, sides=48),
        ((*middle, LIFT), knob),
        ((*middle, height), top),
        (pointed[0], top, pointed[1]),
        *_rings(there),
        *_rings(there, height),
    )
    moves = bool(turn or storeys or by != (0.0, 0.0))
    return Sketch((there,) if moves else (), height, lines, ((*middle, LIFT), knob, top))


def body(at: Flat, sides: tuple[float, float, float], turn: float) -> Sketch:
    """The box that something takes up, and a line to what was north in it before it was turned.

    sides: from west to east, from south to north, and upwards [m]; turn: clockwise [deg].
    """
    wide, deep = (max(side, SMALLEST) / 2 for side in sides[:2])
    square = shapely.box(at[0] - wide, at[1] - deep, at[0] + wide, at[1] + deep)
    around = shapely.affinity.rotate(square, -turn, origin=at)
    angle = math.radians(turn)
    tip = at[0] + 1.3 * deep * math.sin(angle), at[1] + 1.3 * deep * math.cos(angle)
    return Sketch((around,), sides[2], (*_rings(around), ((*at, LIFT), (*tip, LIFT))))


def moved_model(edit: AddModel, found: Gizmo, by: Flat, turn: float) -> AddModel:
    """Models elsewhere, each turned about its own middle. by: [m]; turn: clockwise [deg].

    found: of one of them, by which all are moved.
    """
    number = found.ids[0].removeprefix(f"{edit.id}.")
    spots = shapely.get_coordinates(edit.points)
    spot = spots[int(number) - 1 if number.isdigit() and int(number) <= len(spots) else 0]
    # the zero of a model may lie far from its middle, and goes about it then
    there = shapely.affinity.rotate(ShapelyPoint(spot), -turn, origin=found.middle)
    aside = np.array([there.x, there.y]) - spot + by
    rotation = (edit.rotation + turn + 180.0) % 360.0 - 180.0
    return replace(edit, points=MultiPoint(spots + aside), rotation=rotation)


def height_at(camera: Camera, foot: Flat, direction: Sequence[float]) -> float:
    """How high over a place on the ground a ray from the eye passes nearest to it. [m]"""
    across = np.array([direction[0], direction[1]])
    level = float(across @ across)
    if level < 1e-12:
        return 0.0
    away = np.subtract(foot, camera.position[:2])
    along = float(away @ across) / level
    return camera.position[2] + along * float(direction[2])


def _rings(shape: BaseGeometry | None, height: float = LIFT) -> tuple[tuple[Point, ...], ...]:
    if isinstance(shape, Polygon):
        rings = [shape.exterior, *shape.interiors]
    elif isinstance(shape, LineString):
        rings = [shape]
    else:
        return ()
    return tuple(tuple((x, y, height) for x, y in shapely.get_coordinates(ring).tolist()) for ring in rings)


def _circle(middle: Flat, radius: float, height: float, *, sides: int = SIDES) -> tuple[Point, ...]:
    turns = (2 * math.pi * side / sides for side in range(sides + 1))
    return tuple(
        (middle[0] + radius * math.cos(turn), middle[1] + radius * math.sin(turn), height) for turn in turns
    )
