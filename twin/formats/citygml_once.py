"""Chooses what is shown by default of objects that are given more than once."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from twin.formats.citygml_objects import Object, Polygon
from twin.formats.gml import HOLE
from twin.formats.report import Skips

HIDDEN = 9
"""An LoD that nothing has."""


def choose(things: Sequence[Object], first: int, numbers: array[float], skips: Skips) -> None:
    """Mark the polygons that show each thing once, and drop those written twice in one LoD.

    Each object is shown in its highest LoD with surfaces; not at all where that is a footprint or block
    around parts of a higher LoD. A surface that came by a link is not shown again where it is written out.
    What is dropped is counted in `skips`.

    things: the objects of one member or many, their links followed; first: the row of the first one;
    numbers: the coordinates of the file.
    """
    for thing in things:
        thing.polygons = _without_doubles(thing, numbers, skips)
    shown = [max((polygon.lod for polygon in thing.polygons), default=-1) for thing in things]
    parts: dict[int, list[int]] = {}
    for k, thing in enumerate(things):
        if thing.type.endswith("Part") and thing.parent >= first and shown[k] >= 0:
            parts.setdefault(thing.parent - first, []).append(k)
    for k, within in parts.items():
        if not 0 <= shown[k] < min(2, *(shown[part] for part in within)):
            continue
        if _is_hull(things[k], shown[k], [(things[part], shown[part]) for part in within], numbers):
            shown[k] = HIDDEN
    copies = []
    for thing, lod in zip(things, shown, strict=True):
        for polygon in thing.polygons:
            polygon.shown = polygon.lod == lod
            if polygon.original is not None:
                copies.append((polygon, polygon.original))
    for copy, original in copies:
        copy.shown = copy.shown and not original.shown


def _is_hull(thing: Object, lod: int, parts: Sequence[tuple[Object, int]], numbers: array[float]) -> bool:
    """Whether the parts stand inside a footprint or block, and not beside it or on it; each in an LoD."""
    low, high, ground = _extent(thing, lod, numbers)
    for part, level in parts:
        bottom, top, shape = _extent(part, level, numbers)
        if high > low and not low <= (bottom + top) / 2 <= high:
            return False
        if not shape.is_empty and not ground.covers(shape.representative_point()):
            return False
    return True


def _extent(thing: Object, lod: int, numbers: array[float]) -> tuple[float, float, BaseGeometry]:
    """Lowest and highest height, and what an object covers on the map, in the coordinates of the file."""
    spans = [
        polygon.surface.rings[0] for polygon in thing.polygons if polygon.lod == lod and polygon.placement < 0
    ]
    if not spans:
        return 0.0, 0.0, shapely.Polygon()
    rings = [np.array(numbers[start:stop]).reshape(-1, 3) for start, stop in spans]
    heights = np.concatenate(rings)[:, 2]
    # the buffer drops walls, which are lines on the map
    flat = shapely.buffer([shapely.Polygon(ring[:, :2]) for ring in rings], 0)
    return float(heights.min()), float(heights.max()), shapely.union_all(flat)


def _without_doubles(thing: Object, numbers: array[float], skips: Skips) -> list[Polygon]:
    """Leave out what one LoD writes out twice, as in a solid and again as its boundary surfaces."""
    polygons = thing.polygons
    if all(p.type for p in polygons) or len({p.property for p in polygons}) < 2:
        return polygons
    seen: dict[tuple[int, int, frozenset[tuple[float, ...]]], int] = {}
    kept = []
    # surfaces with a semantic type first, because they say more
    for polygon in sorted(polygons, key=lambda p: p.type == 0):
        start, stop = polygon.surface.rings[0]
        flat = numbers[start:stop]
        corners = frozenset(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
        key = polygon.lod, polygon.placement, corners
        if seen.setdefault(key, polygon.property) != polygon.property and polygon.type == 0:
            if polygon.original is None:
                _count(polygon, thing, skips)
        else:
            kept.append(polygon)
    return kept


def _count(double: Polygon, thing: Object, skips: Skips) -> None:
    skips.add("surface given twice", "shown once", line=thing.line, gml_id=thing.id)
    holes = len(double.surface.rings) - 1
    if holes:
        why = "its surface is given twice"
        skips.add(HOLE, why, line=thing.line, gml_id=thing.id, count=holes)
