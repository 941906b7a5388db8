"""Pulls a place that is pointed at to corners, edges, right angles and a grid near it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from twin.model.city import SURFACE_TYPES, City

Flat = tuple[float, float]
Segments = NDArray[np.float64]
"""(m, 4): from x, y to x, y. [m]"""
NONE: Segments = np.zeros((0, 4))
GROUND = SURFACE_TYPES.index("GroundSurface")


@dataclass(frozen=True, slots=True)
class Snapped:
    """Where a place has been pulled to."""

    at: Flat
    """[m]"""
    kind: str = ""
    """`corner`, `edge`, `right angle`, `along`, `grid`; empty: left where it was."""


def snap(
    at: Flat,
    targets: Segments,
    *,
    reach: float,
    drawn: Sequence[Flat] = (),
    grid: float = 0.0,
) -> Snapped:
    """The nearest of what is within reach: corners before edges, edges before right angles, the grid last.

    targets: edges that stand; drawn: the corners of what is being drawn, the last one last, whose own corners
    and directions count too; grid: from line to line, 0: none. reach: [m]
    """
    own = _chain(drawn[:-1])
    every = np.concatenate([targets, own]) if len(own) else targets
    corner = _nearest_corner(at, every, drawn[:-1], reach)
    if corner is not None:
        return Snapped(corner, "corner")
    edge = _nearest_edge(at, targets, reach)
    if edge is not None:
        foot, row = edge
        both = _square_to(at, drawn, targets[row], reach)
        return Snapped(both, "right angle") if both is not None else Snapped(foot, "edge")
    if drawn:
        turned = _turned(at, drawn, targets, reach)
        if turned is not None:
            return turned
    if grid > 0:
        # the grid is what is left: it pulls from everywhere
        return Snapped((grid * round(at[0] / grid), grid * round(at[1] / grid)), "grid")
    return Snapped(at)


def near(segments: Segments, middle: Flat, reach: float) -> Segments:
    """The edges whose box comes within reach of a place. [m]"""
    x, y = middle
    low = np.minimum(segments[:, :2], segments[:, 2:])
    high = np.maximum(segments[:, :2], segments[:, 2:])
    inside = (low[:, 0] <= x + reach) & (high[:, 0] >= x - reach)
    inside &= (low[:, 1] <= y + reach) & (high[:, 1] >= y - reach)
    return segments[inside]


def edges_of_city(city: City) -> Segments:
    """The edges on which the buildings of a city stand; all edges of what has no ground surface."""
    if not len(city.vertices):
        return NONE
    lengths = np.diff(city.ring_starts)
    ground = city.surface_type[city.ring_surface] == GROUND
    stands = np.zeros(len(city.object_id), dtype=bool)
    stands[city.surface_object[city.ring_surface[ground]]] = True
    chosen = np.repeat(ground | ~stands[city.surface_object[city.ring_surface]], lengths)
    after = np.arange(1, len(city.vertices) + 1)
    after[city.ring_starts[1:] - 1] = city.ring_starts[:-1]
    flat = city.vertices[:, :2]
    found = np.concatenate([flat[chosen], flat[after[chosen]]], axis=1)
    return np.asarray(found[(found[:, :2] != found[:, 2:]).any(axis=1)])


def edges_of(shapes: Iterable[BaseGeometry]) -> Segments:
    """The edges of shapes; a point is an edge without length."""
    corners, part = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts([s for s in shapes if s.geom_type.endswith("Polygon")])),
        return_index=True,
    )
    return _pairs(corners, part)


def edges_of_lines(lines: Iterable[BaseGeometry]) -> Segments:
    """The edges of lines."""
    corners, part = shapely.get_coordinates(shapely.get_parts(list(lines)), return_index=True)
    return _pairs(corners, part)


def _pairs(corners: NDArray[np.float64], part: NDArray[np.integer]) -> Segments:
    if len(corners) < 2:
        return NONE
    same = part[1:] == part[:-1]
    return np.concatenate([corners[:-1][same], corners[1:][same]], axis=1)


def _chain(corners: Sequence[Flat]) -> Segments:
    if len(corners) < 2:
        return NONE
    points = np.asarray(corners, dtype=np.float64)
    return np.concatenate([points[:-1], points[1:]], axis=1)


def _nearest_corner(at: Flat, segments: Segments, more: Sequence[Flat], reach: float) -> Flat | None:
    corners = np.concatenate([segments[:, :2], segments[:, 2:], np.asarray(more, dtype=float).reshape(-1, 2)])
    if not len(corners):
        return None
    away = np.hypot(corners[:, 0] - at[0], corners[:, 1] - at[1])
    best = int(np.argmin(away))
    return (float(corners[best, 0]), float(corners[best, 1])) if away[best] <= reach else None


def _nearest_edge(at: Flat, segments: Segments, reach: float) -> tuple[Flat, int] | None:
    if not len(segments):
        return None
    start, step = segments[:, :2], segments[:, 2:] - segments[:, :2]
    length = (step**2).sum(axis=1)
    along = ((np.asarray(at) - start) * step).sum(axis=1) / np.where(length > 0, length, 1.0)
    foot = start + np.clip(along, 0, 1)[:, None] * step
    away = np.hypot(foot[:, 0] - at[0], foot[:, 1] - at[1])
    best = int(np.argmin(away))
    return ((float(foot[best, 0]), float(foot[best, 1])), best) if away[best] <= reach else None


def _square_to(at: Flat, drawn: Sequence[Flat], edge: NDArray[np.float64], reach: float) -> Flat | None:
    """Where the way from the last corner meets an edge at a right angle, when that is within reach."""
    if not drawn:
        return None
    foot = _nearest_edge(drawn[-1], edge.reshape(1, 4), math.inf)
    if foot is None:
        return None
    (x, y), _ = foot
    step = edge[2:] - edge[:2]
    square = abs((x - drawn[-1][0]) * step[0] + (y - drawn[-1][1]) * step[1]) < 1e-6 * float(step @ step)
    return (x, y) if square and math.dist((x, y), at) <= reach and math.dist((x, y), drawn[-1]) > 0 else None


def _turned(at: Flat, drawn: Sequence[Flat], targets: Segments, reach: float) -> Snapped | None:
    """Along or square to what was drawn last, or to the edge that the first corner lies on."""
    last = drawn[-1]
    directions = []
    if len(drawn) > 1:
        directions.append((last[0] - drawn[-2][0], last[1] - drawn[-2][1]))
        directions.append((drawn[1][0] - drawn[0][0], drawn[1][1] - drawn[0][1]))
    elif (found := _nearest_edge(last, targets, 1e-6)) is not None:
        edge = targets[found[1]]
        directions.append((float(edge[2] - edge[0]), float(edge[3] - edge[1])))
    best: tuple[float, Snapped] | None = None
    for x, y in directions:
        length = math.hypot(x, y)
        if length == 0:
            continue
        for kind, (u, v) in (
            ("along", (x / length, y / length)),
            ("right angle", (-y / length, x / length)),
        ):
            far = (at[0] - last[0]) * u + (at[1] - last[1]) * v
            foot = (last[0] + far * u, last[1] + far * v)
            away = math.dist(foot, at)
            if away <= reach and abs(far) > reach and (best is None or away < best[0]):
                best = away, Snapped(foot, kind)
    return best[1] if best is not None else None
