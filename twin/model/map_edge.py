"""Closes what leaves the extract along its edge."""

from __future__ import annotations

from collections import Counter

import numpy as np
import shapely
from shapely import LinearRing, LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

KNOWN_SHARE = 0.6
"""A building cut by the edge of the extract is kept when this share of its corners is known."""
NEAR = 30.0
"""A way that ends this near the edge of the extract leaves it at the nearest point. [m]"""

Ring = list[tuple[float, float]]
Runs = list[list[tuple[float, float]]]
"""The stretches of a way whose nodes are in the extract."""


def closed(
    refs: list[int],
    where: dict[int, tuple[float, float]],
    edge: Polygon,
    building: bool,
    notes: Counter[str],
) -> BaseGeometry | None:
    """The polygon of a closed way, with the corners outside the extract replaced."""
    missing = sum(ref not in where for ref in refs[:-1])
    if not missing:
        return valid(Polygon([where[ref] for ref in refs]))
    known = runs(refs, where)
    if refs[0] in where and len(known) > 1:  # the way's own start is no gap
        known = [known[-1] + known[0][1:], *known[1:-1]]
    if building:
        # straight across the gap: never more than is known
        ring = [corner for run in known for corner in run]
        enough = len(ring) >= 4 and len(ring) >= KNOWN_SHARE * (len(refs) - 1)
    else:
        ring = _along_edge(known, edge)
        enough = len(ring) >= 3
    shape = valid(Polygon(ring)) if enough else Polygon()
    notes[lost(building) if shape.is_empty else mended(building)] += 1
    return None if shape.is_empty else shape


def _along_edge(runs: Runs, edge: Polygon) -> Ring:
    """One ring of the runs, joined the shorter way along the edge of the extract."""
    border = LinearRing(edge.exterior.coords)
    ring: Ring = []
    for run, following in zip(runs, [*runs[1:], runs[0]], strict=True):
        ring += [*run, *_between(leaving(run, border), leaving(following[::-1], border), border)]
    return ring


def leaving(run: Ring, border: LinearRing) -> Point:
    """Where a way goes on to leave the extract: the nearest point, or straight on where that is not far."""
    last = Point(run[-1])
    nearest = border.interpolate(border.project(last))
    if len(run) < 2 or nearest.distance(last) < NEAR:
        return nearest
    ahead = np.subtract(run[-1], run[-2])
    far = LineString([last, np.array(run[-1]) + ahead / np.hypot(*ahead) * border.length])
    hits = shapely.get_parts(far.intersection(border))
    hit = min(hits, key=last.distance, default=nearest)
    return hit if hit.distance(last) < 2 * nearest.distance(last) else nearest


def _between(start: Point, end: Point, border: LinearRing) -> Ring:
    """Corners from `start` to `end` the shorter way round the border, both included."""
    a, b = border.project(start), border.project(end)
    forth = (b - a) % border.length
    step = 1.0 if forth <= border.length / 2 else -1.0
    span = min(forth, border.length - forth)
    corners = sorted(
        (d, xy)
        for xy in list(border.coords)[:-1]
        if 0 < (d := (step * (border.project(Point(xy)) - a)) % border.length) < span
    )
    return [(round(p.x, 3), round(p.y, 3)) for p in (start, *(Point(xy) for _, xy in corners), end)]


def runs(refs: list[int], where: dict[int, tuple[float, float]]) -> Runs:
    """The stretches of a way whose nodes are known."""
    runs: Runs = [[]]
    for ref in refs:
        if ref in where:
            runs[-1].append(where[ref])
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def valid(shape: BaseGeometry) -> BaseGeometry:
    """Polygons only, without self-crossings, in one order."""
    if not shape.is_valid:
        shape = shapely.make_valid(shape)
    parts = [p for p in getattr(shape, "geoms", [shape]) if p.geom_type == "Polygon" and p.area > 0.5]
    if not parts:
        parts = [
            p
            for whole in getattr(shape, "geoms", [])
            for p in getattr(whole, "geoms", [])
            if p.geom_type == "Polygon" and p.area > 0.5
        ]
    parts = [shapely.remove_repeated_points(p, 0.01) for p in parts]
    if not parts:
        return Polygon()
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def lost(building: bool) -> str:
    """The note for what could not be closed."""
    kind = "buildings" if building else "other areas"
    return f"{kind} left out: most of their corners lie outside the extract"


def mended(building: bool) -> str:
    """The note for what was closed."""
    kind = "buildings" if building else "other areas"
    return f"{kind} closed along the edge of the extract"
