"""Finds what stands where something new is to be."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from twin.analysis.worksite import Worksite, name_of
from twin.model.city import SURFACE_TYPES, City, with_parts
from twin.model.origin import origin
from twin.model.parts import boxes, corners_of, part, wholes

TOUCH = 0.5
"""Buildings may reach this far into each other before it is called a problem; plots are drawn by hand. [m]"""
GROUND = SURFACE_TYPES.index("GroundSurface")
MOST_NAMED = 3
"""Buildings that are in the way are told by name; of more, the number."""


def overlaps(work: Worksite) -> None:
    """Tells which buildings that still stand are in the way of new ones."""
    city, new_ones = work.city, work.in_the_way
    if not new_ones or not len(city.vertices):
        return
    standing, gone, whole = boxes(city), with_parts(city, work.gone), wholes(city)
    moved = [row for row, corners in work.moved.items() if len(corners) and not gone[row]]
    flat = [work.moved[row][:, :2] for row in moved]
    around = [(*corners.min(axis=0), *corners.max(axis=0)) for corners in flat]
    at = np.array(around).reshape(-1, 4).T
    for new in new_ones:
        area = new.footprint.buffer(-TOUCH)
        if area.is_empty:
            continue
        near = _meeting(area, standing)
        hit = [row for row in near if not gone[row] and row not in work.moved and _reaches(city, row, area)]
        hit += [moved[n] for n in _meeting(area, at) if _reaches(_as_moved(work, moved[n]), 0, area)]
        if hit:
            names = [_called(work, row) for row in np.unique(whole[hit]).tolist()]
            if len(names) > MOST_NAMED:
                names[MOST_NAMED:] = [f"{len(names) - MOST_NAMED} more"]
            which = "which is" if len(names) == 1 else "which are"
            said = " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
            work.problems.append(f"{name_of(new.edit)} overlaps {said}, {which} not removed.")


def inside(area: Polygon, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points lie in an area: (n,)."""
    if area.is_empty:
        return np.zeros(len(x), dtype=bool)
    west, south, east, north = area.bounds
    found = (x > west) & (x < east) & (y > south) & (y < north)
    near = np.flatnonzero(found)
    found[near] = shapely.contains_xy(area, x[near], y[near])
    return found


def under_a_roof(city: City, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the points (n, 2) lie below or above any triangle of the city: (n,)."""
    found = np.zeros(len(points), dtype=bool)
    if len(points):
        order = np.argsort(points[:, 0])
        for piece in _around(city, points[order]):
            _mark_covered(found, piece, points, order)
    return found


def _around(city: City, points: NDArray[np.float64]) -> Iterator[City]:
    """The objects of a city that points (n, 2), from west to east, can lie in or under, as small cities."""
    made = origin(city)
    standing = (
        (city, np.arange(len(city.object_id))) if made is None else (made.whole, made.row[made.row >= 0])
    )
    if made is not None and len(made.piece.object_id):
        yield made.piece
    whole, rows = standing
    if not len(whole.vertices):
        return
    near, _ = _pairs(boxes(whole)[:, rows], points)
    if len(near):
        yield part(whole, rows[np.unique(near)])


def _mark_covered(
    found: NDArray[np.bool_], city: City, points: NDArray[np.float64], order: NDArray[np.intp]
) -> None:
    """Marks in `found` (n,) which of the points triangles of a city cover. order: from west to east."""
    places = city.vertices[city.triangles, :2]
    low, high = places.min(axis=1), places.max(axis=1)
    row, point = _pairs(np.vstack([low.T, high.T]), points[order])
    point = order[point]
    a, b, c = (places[row, corner] - points[point] for corner in range(3))
    turns = np.stack([_cross(a, b), _cross(b, c), _cross(c, a)])
    lies = np.abs(turns.sum(axis=0)) > 0  # walls are lines from above
    found[point[lies & ((turns >= 0).all(axis=0) | (turns <= 0).all(axis=0))]] = True


def _pairs(
    boxes: NDArray[np.float64], points: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which boxes (4, k) hold which of the points (n, 2), which come from west to east: rows of both."""
    west, south, east, north = boxes
    x, y = points.T
    # from west to east, the points beside a box follow one another
    first, last = np.searchsorted(x, west, "left"), np.searchsorted(x, east, "right")
    near = np.flatnonzero((last > first) & (east >= west))
    count = last[near] - first[near]
    row = np.repeat(near, count)
    point = np.arange(len(row)) - np.repeat(np.cumsum(count) - count - first[near], count)
    held = (y[point] >= south[row]) & (y[point] <= north[row])
    return row[held], point[held]


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def _meeting(area: Polygon, boxes: NDArray[np.float64]) -> list[int]:
    """Which boxes (4, k) an area may reach into."""
    left, low, right, high = area.bounds
    west, south, east, north = boxes
    return np.flatnonzero((east >= left) & (west <= right) & (north >= low) & (south <= high)).tolist()


def _as_moved(work: Worksite, row: int) -> City:
    """One object as it is by now, as a city."""
    return replace(part(work.city, np.array([row])), vertices=work.moved[row])


def _reaches(city: City, row: int, area: Polygon) -> bool:
    """Whether an object has a corner in an area, or stands on any of it."""
    return bool(inside(area, *city.vertices[corners_of(city, row), :2].T).any()) or any(
        shape.intersects(area) for shape in _stands_on(city, row)
    )


@lru_cache(maxsize=2048)
def _stands_on(city: City, row: int) -> tuple[Polygon, ...]:
    """The ground surfaces of an object from above, or all its surfaces where nothing says what is ground."""
    first, last = _between(city.surface_object, row)
    ground = np.flatnonzero(city.surface_type[first:last] == GROUND) + first
    found = []
    for surface in ground.tolist() if len(ground) else range(first, last):
        start, end = _between(city.ring_surface, surface)
        starts = city.ring_starts[start : end + 1].tolist()
        loops = [city.vertices[a:b, :2] for a, b in itertools.pairwise(starts) if b - a > 2]
        shape = Polygon(loops[0], loops[1:]) if loops else Polygon()
        if shape.area > 0 and shape.is_valid:
            found.append(shape)
    return tuple(found)


def _between(rising: NDArray[np.int32], number: int) -> tuple[int, int]:
    """Where a number begins in an array, and where the next one does."""
    # of the same type, or the whole array would be copied into another one
    first, last = np.searchsorted(rising, np.array([number, number + 1], dtype=rising.dtype)).tolist()
    return first, last


def _called(work: Worksite, row: int) -> str:
    """The name of an object, or its id where it has none."""
    name = work.known(row).get("name")
    return name if isinstance(name, str) and name else str(work.city.object_id[row])
