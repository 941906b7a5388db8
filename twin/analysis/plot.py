"""Fills a plot with buildings of one form."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon, affinity, box
from shapely.geometry.base import BaseGeometry

from twin.model.scenario import FillPlot

LEAST = 0.4
"""Pieces of strips with less than this share of a full square of their depth are left out."""


@dataclass(frozen=True, slots=True)
class Filling:
    """Footprints that a plot has room for, and how high they become."""

    footprints: tuple[Polygon, ...]
    storeys: int
    floor_area: float
    """Gross, that is reached. [m²]"""


def fill(edit: FillPlot) -> Filling:
    """The buildings of the form on the plot, with as many storeys as the floor area needs.

    Raises ValueError when the plot, less the setback, has no room for one.
    """
    plot = edit.plot.buffer(-edit.setback, join_style="mitre")
    shapes = {"tower": _tower, "slab": _slabs, "row": _rows, "perimeter": _perimeter}[edit.form](plot, edit)
    footprints = tuple(
        shapely.orient_polygons(shape)
        for shape in shapes
        if isinstance(shape, Polygon) and shape.area >= LEAST * edit.depth**2
    )
    if not footprints:
        raise ValueError(f"there is no room for a {edit.form} {edit.depth:g} m deep")
    covered = math.fsum(shape.area for shape in footprints)
    storeys = min(max(math.ceil(edit.floor_area / covered - 1e-9), 1), edit.most_storeys)
    return Filling(footprints, storeys, storeys * covered)


def _tower(plot: BaseGeometry, edit: FillPlot) -> list[BaseGeometry]:
    angle = _angle(plot)
    middle = plot.centroid if plot.contains(plot.centroid) else plot.representative_point()
    half = edit.depth / 2
    square = box(middle.x - half, middle.y - half, middle.x + half, middle.y + half)
    return _parts(affinity.rotate(square, angle, origin=middle).intersection(plot))


def _slabs(plot: BaseGeometry, edit: FillPlot) -> list[BaseGeometry]:
    """Across the plot, side by side along its longer side."""
    return _strips(plot, _angle(plot) + 90.0, edit)


def _rows(plot: BaseGeometry, edit: FillPlot) -> list[BaseGeometry]:
    """Along the longer side of the plot."""
    return _strips(plot, _angle(plot), edit)


def _perimeter(plot: BaseGeometry, edit: FillPlot) -> list[BaseGeometry]:
    """Along the edge, around a yard."""
    return _parts(plot.difference(plot.buffer(-edit.depth, join_style="mitre")))


def _strips(plot: BaseGeometry, angle: float, edit: FillPlot) -> list[BaseGeometry]:
    """Parts of the plot in strips of the depth along `angle` [deg], with a gap between them."""
    if plot.is_empty:
        return []
    origin = plot.centroid
    turned = affinity.rotate(plot, -angle, origin=origin)
    west, south, east, north = turned.bounds
    count = max(int((north - south + edit.gap) // (edit.depth + edit.gap)), 1)
    # what is left over goes to both sides alike
    start = south + (north - south - count * edit.depth - (count - 1) * edit.gap) / 2
    found = []
    for low in start + np.arange(count) * (edit.depth + edit.gap):
        strip = box(west, low, east, low + edit.depth).intersection(turned)
        found += _parts(affinity.rotate(strip, angle, origin=origin))
    return found


def _angle(plot: BaseGeometry) -> float:
    """The direction of the longer side of the smallest rectangle around the plot. [deg]"""
    if plot.is_empty:
        return 0.0
    around = shapely.minimum_rotated_rectangle(plot)
    corners = shapely.get_coordinates(around)
    if len(corners) < 4:
        return 0.0
    sides = np.diff(corners[:3], axis=0)
    along = sides[np.argmax(np.hypot(sides[:, 0], sides[:, 1]))]
    return math.degrees(math.atan2(along[1], along[0]))


def _parts(shape: BaseGeometry) -> list[BaseGeometry]:
    return list(shapely.get_parts(shape))
