"""Knows which objects lie in an area, which whole objects parts belong to, and the middle of several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import MultiPoint
from shapely.geometry.base import BaseGeometry

from twin.model.city import City, corners, named, roots, with_parts
from twin.scene.snapping import Flat


def whole_ids(city: City, ids: Sequence[str]) -> tuple[str, ...]:
    """The whole objects that these are, or are parts of, in the order of the city."""
    rows = np.unique(roots(city)[named(city, ids)])
    return tuple(str(city.object_id[row]) for row in rows.tolist())


def within(city: City, area: BaseGeometry) -> tuple[str, ...]:
    """The whole objects the middle of which, with all their parts, lies in an area in local metres."""
    owner = roots(city)[city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]]
    low = np.full((len(city.object_id), 2), np.inf)
    high = -low
    np.minimum.at(low, owner, city.vertices[:, :2])
    np.maximum.at(high, owner, city.vertices[:, :2])
    there = np.flatnonzero((high >= low).all(axis=1))
    middle = (low[there] + high[there]) / 2
    inside = shapely.contains_xy(area, middle[:, 0], middle[:, 1])
    return tuple(str(city.object_id[row]) for row in there[inside].tolist())


def middle_of(city: City, ids: Sequence[str]) -> Flat:
    """Of the box around all of them; 0, 0 where they have no corner. [m]"""
    points = corners(city, with_parts(city, named(city, ids)))
    if not len(points):
        return 0.0, 0.0
    middle = (points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2
    return float(middle[0]), float(middle[1])


def without_points(points: MultiPoint, numbers: Sequence[int]) -> MultiPoint | None:
    """Points without some of them, counted from 1; None where none is left."""
    left = [point for at, point in enumerate(points.geoms, start=1) if at not in numbers]
    return MultiPoint(left) if left else None
