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
from twin.scene.footing import FLAT, Footing
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
    base: float = 0.0
    """Where it stands. [m]"""

    @property
    def hold(self) -> Point:
        """Moves it over the ground."""
        return (*self.middle, self.base + LIFT)

    @property
    def knob(self) -> Point:
        """Turns it."""
        return self.middle[0], self.middle[1] + self.radius, self.base + LIFT

    @property
    def arrow(self) -> Point:
        """Raises it."""
        return (*self.middle, self.base + self.height + max(0.35 * self.radius, 6.0))


def drawn(template: Edit | None, drawing: Drawing, at: Flat | None, land: Footing = FLAT) -> Sketch:
    """What is shown while an edit is drawn. template: with the values that are set; None: a measure.

    at: where the next corner would be; None: the mouse is not over the view. land: what it is drawn on.
    """
    future = drawing if at is None else clicked(drawing, at)
    path = outline(drawing, at)
    shape = made(future)
    closes = drawing.shape in ("polygon", "rectangle", "box") and len(path) > 2
    line = land.line((*path, *path[:1] * closes), LIFT)
    handles = land.points(drawing.corners, LIFT)
    lines = (line,) if len(line) > 1 and drawing.shape != "points" else ()
    wrong = closes and shape is None
    sketch = Sketch(lines=lines, handles=handles, wrong=wrong)
    if template is None:
        area = (shape,) if isinstance(shape, Polygon) else ()
        return replace(sketch, areas=area, relief=land.relief)
    return sketch if shape is None else ghost(shaped(template, shape), sketch, land)


def ghost(edit: Edit, sketch: Sketch, land: Footing = FLAT) -> Sketch:
    """A sketch with the body of an edit added."""
    areas, height, lines = _body(edit, land)
    if isinstance(edit, FillPlot) and not areas:
        return replace(sketch, wrong=True)
    bases = tuple(land.under(area) for area in areas) if height else ()
    lines = (*sketch.lines, *lines)
    return replace(sketch, areas=areas, height=height, bases=bases, lines=lines, relief=land.relief)


def _body(edit: Edit, land: Footing) -> tuple[tuple[Polygon, ...], float, tuple[tuple[Point, ...], ...]]:
    """Areas, their height [m], and lines."""
    shape = shape_of(edit)
    areas: tuple[Polygon, ...] = (shape,) if isinstance(shape, Polygon) else ()
    height = 0.0
    lines: tuple[tuple[Point, ...], ...] = ()
    match edit:
        case AddBuilding() | LimitHeight():
            height = edit.height
        case RaiseGround():  # what is dug out is drawn as its outline
            height = max(edit.height, 0.0)
        case AddCanopy():
            height = edit.height + edit.thickness
        case FillPlot():
            try:
                filling = plot.fill(edit)
            except ValueError:
                return (), 0.0, ()
            areas, height = filling.footprints, filling.storeys * edit.storey_height
        case PlantTrees() | PlantRow() | PlantArea():
            areas, lines = (), _trees(edit, land)
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


def _trees(edit: PlantTrees | PlantRow | PlantArea, land: Footing) -> tuple[tuple[Point, ...], ...]:
    feet = land.points([(tree.x, tree.y) for tree in places(edit)[:MOST_TREES]], 0.0)
    crowns = (_circle((x, y), edit.crown / 2, z + edit.height * 0.6) for x, y, z in feet)
    stems = (((x, y, z), (x, y, z + edit.height)) for x, y, z in feet)
    return (*crowns, *stems)


def shaped(edit: Edit, shape: BaseGeometry) -> Edit:
    """The edit with another shape."""
    changed: dict[str, Any] = {SHAPE[type(edit)]: shape}
    return replace(edit, **changed)


def held(edit: Edit, land: Footing = FLAT) -> Sketch:
    """The outline of an edit with dots on its corners, and small ones where there could be one more."""
    shape = shape_of(edit)
    if shape is None:
        return Sketch()
    dots, small = (land.points(places, LIFT) for places in (corners_of(shape), middles(shape)))
    return Sketch(lines=_rings(shape, land), handles=dots, small=small)


def middles(shape: BaseGeometry) -> tuple[Flat, ...]:
    """The middle of each side that lies between two corners of a shape."""
    if isinstance(shape, MultiPoint):
        return ()
    points = corners_of(shape)
    if isinstance(shape, Polygon):
        points = (*points, points[0])
    return tuple(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in itertools.pairwise(points))


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
    low, high = float(points[:, 2].min()), float(points[:, 2].max())
    return Gizmo((whole,), around, high - low, middle, reach + 4.0, low)


def gizmo_of_edit(edit: Edit, land: Footing = FLAT) -> Gizmo | None:
    """What moves the shape of an edit; None where it has none that covers any ground."""
    shape = shape_of(edit)
    around = shape.convex_hull if shape is not None else None
    if not isinstance(around, Polygon) or around.is_empty:
        return None
    west, south, east, north = around.bounds
    middle = ((west + east) / 2, (south + north) / 2)
    radius = math.hypot(east - west, north - south) / 2 + 4.0
    return Gizmo((edit.id,), around, 0.0, middle, radius, land.at(middle))


def bounds_of(edits: Iterable[Edit]) -> tuple[float, float, float, float] | None:
    """West, south, east, north of what is drawn by edits; None where nothing is. [m]"""
    boxes = [shape.bounds for edit in edits if (shape := shape_of(edit)) is not None and not shape.is_empty]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def gizmo(
    found: Gizmo, *, by: Flat = (0.0, 0.0), turn: float = 0.0, storeys: int = 0, land: Footing = FLAT
) -> Sketch:
    """The gizmo and where the building would be. by: [m]; turn: clockwise [deg]."""
    height = found.height + storeys * STOREY_HEIGHT
    there = shapely.affinity.translate(
        shapely.affinity.rotate(found.footprint, -turn, origin=found.middle), *by
    )
    middle = (found.middle[0] + by[0], found.middle[1] + by[1])
    # it rises and falls with the ground that it is moved over
    base = found.base + land.at(middle) - land.at(found.middle)
    angle = math.radians(turn)
    east, north = found.radius * math.sin(angle), found.radius * math.cos(angle)
    knob = (middle[0] + east, middle[1] + north, base + LIFT)
    top = (*middle, base + height + found.arrow[2] - found.base - found.height)
    pointed = tuple((middle[0] + x, middle[1], top[2] - 3.0) for x in (-1.5, 1.5))
    foot = shapely.get_coordinates(there.exterior).tolist()
    lines = (
        _circle(middle, found.radius, base + LIFT, sides=48),
        ((*middle, base + LIFT), knob),
        ((*middle, base + height), top),
        (pointed[0], top, pointed[1]),
        *(tuple((x, y, base + above) for x, y in foot) for above in (LIFT, height)),
    )
    moves = bool(turn or storeys or by != (0.0, 0.0))
    areas, dots = (there,) if moves else (), ((*middle, base + LIFT), knob, top)
    return Sketch(areas, height, lines, dots, bases=(base,) * len(areas), relief=land.relief)


def body(at: Flat, sides: tuple[float, float, float], turn: float, land: Footing = FLAT) -> Sketch:
    """The box that something takes up, and a line to what was north in it before it was turned.

    sides: from west to east, from south to north, and upwards [m]; turn: clockwise [deg].
    """
    wide, deep = (max(side, SMALLEST) / 2 for side in sides[:2])
    square = shapely.box(at[0] - wide, at[1] - deep, at[0] + wide, at[1] + deep)
    around = shapely.affinity.rotate(square, -turn, origin=at)
    angle = math.radians(turn)
    tip = at[0] + 1.3 * deep * math.sin(angle), at[1] + 1.3 * deep * math.cos(angle)
    lines = (*_rings(around, land), land.line((at, tip), LIFT))
    return Sketch((around,), sides[2], lines, bases=(land.at(at),), relief=land.relief)


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


def _rings(shape: BaseGeometry | None, land: Footing) -> tuple[tuple[Point, ...], ...]:
    if isinstance(shape, Polygon):
        rings = [shape.exterior, *shape.interiors]
    elif isinstance(shape, LineString):
        rings = [shape]
    else:
        return ()
    return tuple(land.line(shapely.get_coordinates(ring).tolist(), LIFT) for ring in rings)


def _circle(middle: Flat, radius: float, height: float, *, sides: int = SIDES) -> tuple[Point, ...]:
    turns = (2 * math.pi * side / sides for side in range(sides + 1))
    return tuple(
        (middle[0] + radius * math.cos(turn), middle[1] + radius * math.sin(turn), height) for turn in turns
    )
