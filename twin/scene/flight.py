"""Flies a camera through views: past each of them, horizon level, above the ground and over the roofs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from twin.model.raster import Raster
from twin.model.state import Camera
from twin.scene.camera import STEEPEST, distance, heading, looking, tilt
from twin.scene.standpoints import flattened

Floats = NDArray[np.float64]
Heights = Callable[[Floats, Floats], Floats]
"""How high something stands at places of the map. [m]"""

RAMP = 0.25
"""Share of a flight that speeds up, and that slows down."""
FINENESS = 6
"""Steps of the path between two pictures, so that it passes through no roof between them."""
SHORTEST = 0.15
"""A part of the flight counts as this much of a turn, at least, so that no view is passed in no time."""
RISE = 28.0
"""So far down one looks half way of a long part, at least, as from a plane between two places. [deg]"""
ABOVE_ROOFS, AROUND, ABOVE_GROUND = 3.0, 5.0, 1.2
"""How far the eye stays above what stands within `AROUND` of it, and above the ground. [m]"""
NEAR = 8.0
"""So close to a view the eye only has to be outside of buildings, as the view may stand in a street. [m]"""
SMOOTH = 0.06
"""Share of the flight over which it rises for a roof, to each side."""


def flight(
    views: Sequence[Camera],
    frames: int,
    *,
    pause: int = 0,
    roofs: Heights | None = None,
    ground: Heights | None = None,
) -> tuple[Camera, ...]:
    """So many pictures of a flight: past all views in their order, or once around what a single one shows.

    pause: pictures that it stays at each view; roofs: highest of ground and buildings; ground: bare.
    The first picture is the first view, the last one the last. Raises ValueError without views or frames.
    """
    if not views or frames < 2:
        raise ValueError("a flight needs a view and two frames")
    stops = _of_one_kind(views)
    if len(stops) == 1:
        path = [_turned(stops[0], 360.0 * number / frames) for number in range(frames)]
        return tuple(_clear(path, np.zeros(len(path)), roofs, ground, held=()))
    knots = _knots(stops)
    fine = FINENESS * (frames - 1) + 1
    along = _along(knots, fine, pause * FINENESS)
    path = _path(stops, knots, along)
    held = tuple(int(np.abs(along - knot).argmin()) for knot in knots)
    at_rest = np.isin(along, knots).astype(np.float64)
    for number in np.flatnonzero(at_rest).tolist():
        path[number] = stops[int(np.abs(knots - along[number]).argmin())]
    return tuple(_clear(path, at_rest, roofs, ground, held=held)[::FINENESS])


def heights_of(raster: Raster, reach: float = 0.0) -> Heights:
    """The highest value of a grid within `reach` [m] of a place; very low outside of the grid."""
    cells = math.ceil(reach / raster.cell)
    grid = _widened(raster.values.astype(np.float64), cells)
    rows, columns = grid.shape

    def found(east: Floats, north: Floats) -> Floats:
        column = np.floor((east - raster.west) / raster.cell).astype(np.intp)
        row = np.floor((raster.north - north) / raster.cell).astype(np.intp)
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        values = grid[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)]
        return np.where(inside, values, -1e9)

    return found


def seconds_of(views: Sequence[Camera], *, pause: float = 0.0) -> float:
    """How long a calm flight takes. [s]"""
    if len(views) < 2:
        return 12.0
    return round(2.0 + 3.2 * float(_knots(_of_one_kind(views))[-1]) + pause * len(views), 1)


def eased(share: Floats, ramp: float = RAMP) -> Floats:
    """Where one is after a share of the time when speed grows from 0 and goes back to 0 evenly."""
    speed = 1 / (1 - ramp)
    begins, ends = speed * share**2 / (2 * ramp), 1 - speed * (1 - share) ** 2 / (2 * ramp)
    middle = speed * (share - ramp / 2)
    return np.where(share < ramp, begins, np.where(share > 1 - ramp, ends, middle))


def _of_one_kind(views: Sequence[Camera]) -> list[Camera]:
    """All with perspective, unless all are without."""
    flat = [bool(view.height) for view in views]
    kept = [replace(view, section=False) for view in views]
    if all(flat) or not any(flat):
        return kept
    return [flattened(view) if view.height else view for view in kept]


def _turned(camera: Camera, by: float) -> Camera:
    there = looking(camera.target, heading=heading(camera) + by, tilt=tilt(camera), distance=distance(camera))
    return replace(camera, position=there.position)


def _knots(stops: Sequence[Camera]) -> Floats:
    """How far along the flight each view is: by moves as large as they look, turns and approaches."""
    lengths = [0.0]
    for a, b in pairwise(stops):
        size = math.sqrt(_size(a) * _size(b))
        moved = math.asinh(math.dist(a.target, b.target) / size)
        turned = math.radians(abs(_turn(heading(a), heading(b)))) * 0.6
        tilted = math.radians(abs(tilt(a) - tilt(b)))
        nearer = abs(math.log(_size(a) / _size(b))) * 0.7
        lengths.append(max(math.hypot(moved, turned, tilted, nearer), SHORTEST))
    return np.cumsum(lengths)


def _size(camera: Camera) -> float:
    return camera.height or max(distance(camera), 1.0)


def _turn(a: float, b: float) -> float:
    """From a compass direction to another the shorter way. [deg]"""
    return (b - a + 180.0) % 360.0 - 180.0


def _along(knots: Floats, count: int, pause: int) -> Floats:
    """Where on the flight each step is: (count,)."""
    total = float(knots[-1])
    pause = min(pause, (count - len(knots)) // (2 * len(knots)))
    if pause <= 0:
        found = total * eased(np.linspace(0.0, 1.0, count))
        for knot in knots:  # each view is a step, exactly
            found[np.abs(found - knot).argmin()] = knot
        return found
    moving = count - pause * len(knots)
    ends = np.round(np.asarray(knots) / total * moving).astype(int)
    parts = [np.full(pause, knots[0])]
    for number in range(len(knots) - 1):
        steps = max(int(ends[number + 1] - ends[number]), 1)
        share = eased(np.arange(1, steps + 1) / steps, 0.5)
        parts += [
            knots[number] + share * (knots[number + 1] - knots[number]),
            np.full(pause, knots[number + 1]),
        ]
    found = np.concatenate(parts)[:count]
    return np.concatenate([found, np.full(count - len(found), total)])


def _path(stops: Sequence[Camera], knots: Floats, along: Floats) -> list[Camera]:
    turns = np.cumsum([heading(stops[0])] + [_turn(heading(a), heading(b)) for a, b in pairwise(stops)])
    flat = bool(stops[0].height)
    target = [_through(knots, np.array([stop.target[i] for stop in stops]), along) for i in range(3)]
    direction = _through(knots, turns, along)
    calm = {
        "tilt": np.array([tilt(stop) for stop in stops]),
        "away": np.log([max(distance(stop), 1.0) for stop in stops]),
        "tall": np.log([stop.height or 1.0 for stop in stops]),
        "angle": np.array([stop.angle for stop in stops]),
    }
    found = {name: _through(knots, values, along, calm=True) for name, values in calm.items()}
    part = np.clip(np.searchsorted(knots, along, side="right") - 1, 0, len(knots) - 2)
    share = (along - knots[part]) / (knots[part + 1] - knots[part])
    bell = 16 * share**2 * (1 - share) ** 2
    far = np.array(
        [
            max(math.log(math.dist(a.target, b.target) / (0.8 * math.sqrt(_size(a) * _size(b))) + 1e-9), 0.0)
            for a, b in pairwise(stops)
        ]
    )[part]
    # between places that are far apart one rises to see both
    found["away" if not flat else "tall"] += 0.5 * bell * far
    if not flat:
        lift = bell * np.minimum(far, 1.0)
        found["tilt"] += lift * np.maximum(RISE - found["tilt"], 0.0)
    made = []
    for i in range(len(along)):
        there = looking(
            (float(target[0][i]), float(target[1][i]), float(target[2][i])),
            heading=float(direction[i]),
            tilt=float(found["tilt"][i]),
            distance=math.exp(float(found["away"][i])),
            angle=float(found["angle"][i]),
        )
        made.append(replace(there, height=math.exp(float(found["tall"][i])) if flat else 0.0))
    return made


def _through(knots: Floats, values: Floats, along: Floats, *, calm: bool = False) -> Floats:
    """A smooth curve through values at the knots: Catmull and Rom's; calm: never beyond two neighbours."""
    steps, rises = np.diff(knots), np.diff(values)
    slopes = rises / steps
    tangents = np.concatenate([slopes[:1], slopes[:-1], slopes[-1:]])
    if len(slopes) > 1:
        before, after = steps[:-1], steps[1:]
        tangents[1:-1] = (after * slopes[:-1] + before * slopes[1:]) / (before + after)
        tangents[-1] = slopes[-1]
    if calm:  # Fritsch and Butland (1984): the tangent is no steeper than the gentler side allows
        same = slopes[:-1] * slopes[1:] > 0
        least = np.minimum(np.abs(slopes[:-1]), np.abs(slopes[1:]))
        inner = np.sign(slopes[1:]) * np.minimum(np.abs(tangents[1:-1]), 2 * least)
        tangents[1:-1] = np.where(same, inner, 0.0)
    part = np.clip(np.searchsorted(knots, along, side="right") - 1, 0, len(steps) - 1)
    t, h = (along - knots[part]) / steps[part], steps[part]
    a, b, m, n = values[part], values[part + 1], tangents[part] * h, tangents[part + 1] * h
    square, cube = t**2, t**3
    return np.asarray(
        (2 * cube - 3 * square + 1) * a
        + (cube - 2 * square + t) * m
        + (3 * square - 2 * cube) * b
        + (cube - square) * n
    )


def _clear(
    path: list[Camera],
    at_rest: Floats,
    roofs: Heights | None,
    ground: Heights | None,
    *,
    held: tuple[int, ...],
) -> list[Camera]:
    """The path lifted over all it would touch, gently; views that were chosen stay as they are."""
    if not path or path[0].height or (roofs is None and ground is None):
        return path
    eyes = np.array([camera.position for camera in path])
    needed = np.full(len(path), -np.inf)
    if ground is not None:
        needed = ground(eyes[:, 0], eyes[:, 1]) + ABOVE_GROUND
    if roofs is not None:
        steps = np.linspace(0.0, 2 * math.pi, 12, endpoint=False)
        here = roofs(eyes[:, 0], eyes[:, 1])
        around = np.max(
            [
                here,
                *(
                    roofs(eyes[:, 0] + r * math.cos(a), eyes[:, 1] + r * math.sin(a))
                    for a in steps
                    for r in (AROUND / 2, AROUND)
                ),
            ],
            axis=0,
        )
        near = np.zeros(len(path), bool)
        for number in held:
            near |= np.linalg.norm(eyes - eyes[number], axis=1) < NEAR
        needed = np.maximum(needed, np.where(near, here + ABOVE_GROUND, around + ABOVE_ROOFS))
    lift = np.maximum(needed - eyes[:, 2], 0.0)
    still = at_rest > 0
    lift[still] = 0.0
    if not lift.any():
        return path
    lift = _gentle(lift, still)
    return [_higher(camera, float(up)) for camera, up in zip(path, lift, strict=True)]


def _gentle(lift: Floats, still: NDArray[np.bool_]) -> Floats:
    """A smooth curve that is nowhere below, and 0 where the camera rests."""
    count = len(lift)
    reach = np.full(count, max(round(SMOOTH * count), 1))
    if still.any():
        places = np.flatnonzero(still)
        reach = np.minimum(reach, np.abs(np.arange(count)[:, None] - places).min(axis=1))
    widest = np.array([lift[max(i - reach[i], 0) : i + reach[i] + 1].max() for i in range(count)])
    # half as wide, so that each mean is of values that have all seen the middle
    half = reach // 2
    return np.array([widest[max(i - half[i], 0) : i + half[i] + 1].mean() for i in range(count)])


def _higher(camera: Camera, up: float) -> Camera:
    if up <= 0.0:
        return camera
    east, north, high = camera.position
    made = replace(camera, position=(east, north, high + up))
    if tilt(made) <= STEEPEST:
        return made
    there = looking(camera.target, heading=heading(camera), tilt=STEEPEST, distance=distance(made))
    return replace(made, position=there.position)


def _widened(grid: Floats, cells: int) -> Floats:
    """The highest within so many cells to each side."""
    for axis in (0, 1):
        found = grid
        for step in range(1, cells + 1):
            for by in (step, -step):
                moved = np.roll(grid, by, axis)
                edge = slice(0, by) if by > 0 else slice(by, None)
                moved[(edge, slice(None)) if axis == 0 else (slice(None), edge)] = -1e9
                found = np.maximum(found, moved)
        grid = found
    return grid
