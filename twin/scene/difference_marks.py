"""Says what differs between two scenarios, and makes the lines that mark what lies flat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from twin.analysis.build import Built
from twin.analysis.content import ids_of
from twin.analysis.difference import Comparison, compare
from twin.model import table
from twin.model.layer import Layer, Style
from twin.scene.colours import ADDED, CHANGED, REMOVED
from twin.scene.scene import Request

OUTLINE = 0.7
"""Width of the lines around what is gone or changed. [m]"""
HATCH = 3.0
"""From one line of a hatch to the next. [m]"""
MOST_LINES = 200
"""Across one area."""
POINT = 3.0
"""Across a circle around a point of no known width. [m]"""


@dataclass(frozen=True, eq=False, slots=True)
class Marks:
    """What differs, and how to mark it."""

    comparison: Comparison
    added: tuple[str, ...]
    """gml:ids."""
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    features: Mapping[str, tuple[str, ...]]
    """Layer to the ids of its new features."""
    lines: tuple[Layer, ...]
    """Around what is gone, along what is new, and across what is changed."""


def want_marks(before: Built, after: Built) -> Request:
    """The request for everything that differs from one scenario to another."""
    return Request(("difference", before, after), marks, (before, after), "Differences")


def marks(before: Built, after: Built, *, progress: Callable[[float], None]) -> Marks:
    """Everything that differs, with lines where it lies flat."""
    comparison = compare(before, after)
    progress(0.7)
    old, new = ({layer.id: layer for layer in built.layers} for built in (before, after))
    shapes: dict[str, list[BaseGeometry]] = {ADDED: [], REMOVED: [], CHANGED: []}
    features: dict[str, list[str]] = {}
    rows: dict[int, dict[str, int]] = {}
    for each in comparison.features:
        layer = (old if each.kind == "removed" else new)[each.what]
        if id(layer) not in rows:
            rows[id(layer)] = {name: row for row, name in enumerate(ids_of(layer))}
        row = rows[id(layer)][each.id]
        shape, marked = (
            _outline(layer, row),
            not each.id.startswith("#"),
        )  # as features without an id are called
        if each.kind == "added" and marked:
            features.setdefault(layer.id, []).append(each.id)
        if each.kind == "changed":
            shapes[CHANGED] += [shape.boundary, *hatch(shape)]
        elif each.kind == "removed" or not marked or shapely.get_dimensions(layer.geometry[row]) > 0:
            shapes[REMOVED if each.kind == "removed" else ADDED].append(shape.boundary)
    lines = tuple(_lines(colour, found) for colour, found in shapes.items() if found)
    ids = {
        kind: tuple(each.id for each in comparison.objects if each.kind == kind)
        for kind in ("added", "removed", "changed")
    }
    found = {name: tuple(each) for name, each in features.items()}
    return Marks(comparison, ids["added"], ids["removed"], ids["changed"], found, lines)


def hatch(shape: BaseGeometry) -> list[BaseGeometry]:
    """Parallel lines across an area, HATCH apart, in the same places whatever its outline."""
    west, south, east, north = shape.bounds
    apart = max(HATCH, (east - west + north - south) / MOST_LINES)
    first, last = np.floor((west + south) / apart), np.ceil((east + north) / apart)
    # on each line x + y is the same
    lines = [
        shapely.LineString([(west, k * apart - west), (east, k * apart - east)])
        for k in np.arange(first, last + 1)
    ]
    found = shapely.intersection(shape, np.array(lines, dtype=object))
    return [each for each in found if shapely.get_dimensions(each) == 1 and not each.is_empty]


def _outline(layer: Layer, row: int) -> BaseGeometry:
    """The area that a feature takes on the ground."""
    shape: BaseGeometry = layer.geometry[row]
    dimension = int(shapely.get_dimensions(shape))
    if dimension == 2:
        return shape
    across = layer.table.row(row).get("crown" if dimension == 0 else "width")
    wide = (
        float(across) if isinstance(across, int | float) and across > 0 else POINT if not dimension else 0.0
    )
    return shape.buffer((wide or layer.style.width) / 2, cap_style="round" if not dimension else "flat")


def _lines(colour: str, shapes: list[BaseGeometry]) -> Layer:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    name = f"difference:{colour}"
    rows = table.from_rows([{"id": f"{name}.{row}"} for row in range(len(shapes))])
    return Layer(name, name, geometry, rows, Style(colour, width=OUTLINE))
