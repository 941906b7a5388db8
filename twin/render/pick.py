"""Finds what lies under a pixel, on the processor: a thousand times quicker than drawing ids."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from shapely import Point as ShapelyPoint
from shapely import distance

from twin.model.city import City
from twin.model.layer import Layer
from twin.model.state import Camera, Point, Selection
from twin.render.camera import on_ground, ray
from twin.render.glyphs import places_of, sizes_of
from twin.render.ground import widths
from twin.render.sensors import sensor_hit
from twin.render.terrain import on_land
from twin.render.trees import REACH, Trees
from twin.scene.camera import metre
from twin.scene.items import Areas, Buildings, Glyphs, Lines
from twin.scene.scene import Scene
from twin.scene.sensor_marks import SensorMarks

PIXELS = 5.0
"""A small thing is hit this far beside it. [px]"""


class Picker:
    """Remembers the search trees of a city between clicks."""

    def __init__(self) -> None:
        self._city: City | None = None
        self._trees: Trees | None = None

    def pick(
        self, scene: Scene, camera: Camera, x: float, y: float, size: tuple[int, int], text: float = 1.0
    ) -> Selection | None:
        """What lies under a pixel from the upper left corner; None when it is the sky.

        text: so many times as large as usual labels are.
        """
        sensors = scene.items.get("sensors")
        if isinstance(sensors, SensorMarks) and (sensor := sensor_hit(sensors, camera, x, y, size, text)):
            return sensor  # before everything
        eye, direction = ray(camera, x, y, size)
        found: list[tuple[float, Selection]] = []
        buildings = scene.items.get("buildings")
        if isinstance(buildings, Buildings) and (hit := self._city_hit(buildings, eye, direction)):
            found.append(hit)
        spread = PIXELS / metre(camera, 1.0, size[1])
        for item in scene.items.values():
            if isinstance(item, Glyphs) and (hit := glyph_hit(item, eye, direction, spread)):
                found.append(hit)
        ground = met(scene, eye, direction)
        if ground is not None and (along := math.dist(eye, ground)) < REACH:
            found.append((along, ground_hit(scene, ground)))
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def point(self, scene: Scene, camera: Camera, x: float, y: float, size: tuple[int, int]) -> Point | None:
        """Where the ray through a pixel meets buildings or ground; None when it is the sky. [m]"""
        eye, direction = ray(camera, x, y, size)
        ground = met(scene, eye, direction)
        buildings = scene.items.get("buildings")
        if isinstance(buildings, Buildings) and (hit := self._city_hit(buildings, eye, direction)):
            along, selection = hit
            if ground is None or along < math.dist(eye, ground):
                return selection.at
        return ground if ground is not None and math.dist(eye, ground) < REACH else None

    def _city_hit(
        self, item: Buildings, eye: Point, direction: NDArray[np.float64]
    ) -> tuple[float, Selection] | None:
        if item.city is not self._city or self._trees is None:
            self._city, self._trees = item.city, Trees(item.city, self._trees)
        hidden = None if item.hidden is None else item.hidden.objects
        hit = self._trees.hit(eye, direction, hidden)
        if hit is None:
            return None
        row, at = hit
        return math.dist(eye, at), Selection("city", str(item.city.object_id[row]), "buildings", at)


def met(scene: Scene, eye: Point, direction: NDArray[np.float64], *, height: float = 0.0) -> Point | None:
    """Where a ray meets the ground of a scene, or None when it looks at the sky. [m]

    height: of the ground where it is flat. [m]
    """
    if scene.relief is not None:
        return on_land(scene.relief, eye, direction)
    return on_ground(eye, direction, height)


def glyph_hit(
    item: Glyphs, eye: Point, direction: NDArray[np.float64], spread: float
) -> tuple[float, Selection] | None:
    """The nearest shape of a layer that a ray passes through or close by.

    spread: how much wider a shape is to the hand, by distance. [m/m]
    """
    layer = item.layer
    foot, size = places_of(layer, item.relief), sizes_of(layer)
    # the closest approach of the ray to each shape's upright axis
    flat = direction[:2]
    level = float(flat @ flat)
    along = ((foot[:, :2] - eye[:2]) @ flat) / max(level, 1e-12)
    up = np.clip(eye[2] + along * direction[2], foot[:, 2], foot[:, 2] + size[:, 2])
    axis = np.column_stack([foot[:, :2], up])
    along = (axis - eye) @ direction
    beside = np.linalg.norm(axis - (np.asarray(eye) + along[:, None] * direction), axis=1)
    hit = (along > 0) & (beside < np.maximum(size[:, 0] / 2, along * spread))
    if not hit.any():
        return None
    nearest = int(np.argmin(np.where(hit, along, np.inf)))
    at = (float(foot[nearest, 0]), float(foot[nearest, 1]), float(foot[nearest, 2] + size[nearest, 2]))
    return float(along[nearest]), Selection("layer", feature_id(layer, nearest), layer.id, at)


def ground_hit(scene: Scene, at: Point) -> Selection:
    """The uppermost feature that lies at a place on the ground, or the place itself."""
    here = ShapelyPoint(at[0], at[1])
    for item in reversed(list(scene.items.values())):
        if isinstance(item, Areas | Lines):
            reach = widths(item.layer) / 2 if isinstance(item, Lines) else np.zeros(len(item.layer.geometry))
            hits = np.flatnonzero(distance(item.layer.geometry, here) <= reach)
            if len(hits):
                return Selection("layer", feature_id(item.layer, int(hits[-1])), item.layer.id, at)
    return Selection("ground", at=at)


def feature_id(layer: Layer, row: int) -> str:
    """The `id` of a row, or its number where the layer has no ids."""
    ids = layer.table.columns.get("id")
    return str(row) if ids is None else str(ids[row])
