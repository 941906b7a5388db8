"""Knows which objects and trees lie in an area, the wholes of parts, and the middle of several."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import shapely
from shapely import MultiPoint
from shapely.geometry.base import BaseGeometry

from twin.analysis.surface_model import TREE_HEIGHT, metres
from twin.model.city import City, corners, named, roots, with_parts
from twin.model.layer import Layer
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


def trees_named(layers: Sequence[Layer], ids: Collection[str]) -> Iterator[tuple[str, Flat, float]]:
    """The trees of these ids: id, place and height. [m]"""
    for layer in layers:
        names = layer.table.columns.get("id")
        if layer.role == "trees" and names is not None:
            tall = np.nan_to_num(metres(layer, "height"), nan=TREE_HEIGHT)
            for row in np.flatnonzero([name in ids for name in names.tolist()]).tolist():
                place = layer.geometry[row].centroid
                yield str(names[row]), (place.x, place.y), float(tall[row])


def trees_within(layers: Sequence[Layer], area: BaseGeometry) -> tuple[str, ...]:
    """The trees that stand in an area in local metres."""
    found: list[str] = []
    for layer in layers:
        names = layer.table.columns.get("id")
        if layer.role == "trees" and names is not None and len(names):
            inside = shapely.contains(area, shapely.centroid(layer.geometry))
            found += [str(name) for name in names[inside].tolist()]
    return tuple(found)


def middle_of(city: City, ids: Sequence[str], layers: Sequence[Layer] = ()) -> Flat:
    """Of the box around all of them, objects and trees; 0, 0 where there is none. [m]"""
    points = corners(city, with_parts(city, named(city, ids)))[:, :2]
    stems = [place for _, place, _ in trees_named(layers, frozenset(ids))]
    points = np.concatenate([points, np.array(stems).reshape(-1, 2)])
    if not len(points):
        return 0.0, 0.0
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return float(middle[0]), float(middle[1])


def without_points(points: MultiPoint, numbers: Sequence[int]) -> MultiPoint | None:
    """Points without some of them, counted from 1; None where none is left."""
    left = [point for at, point in enumerate(points.geoms, start=1) if at not in numbers]
    return MultiPoint(left) if left else None


def only_points(points: MultiPoint, numbers: Sequence[int]) -> MultiPoint:
    """These points, counted from 1."""
    return MultiPoint([points.geoms[number - 1] for number in sorted(set(numbers))])


def with_some(points: MultiPoint, others: BaseGeometry, numbers: Sequence[int]) -> MultiPoint:
    """Points, some of them, counted from 1, as they are among as many others."""
    pairs = enumerate(zip(points.geoms, shapely.get_parts(others), strict=True), start=1)
    return MultiPoint([new if at in numbers else old for at, (old, new) in pairs])
