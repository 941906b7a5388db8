"""Makes a mesh of a grid of heights: few triangles where the ground is even, many where it is not.

Right triangles that are halved at the middle of their longest side: Evans, Kirkpatrick & Townsend (2001),
Algorithmica 30, 264. Here the error of a triangle is the largest of all cells within it, not only of its
middle, so that the bound holds everywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.analysis.compiled import compiled
from twin.model.terrain import Relief, Terrain

ERROR = 0.2
"""Of heights, where that does not take more than MOST triangles. [m]"""
MOST = 250_000
"""More triangles take longer to draw than they show."""
APRONS = (1500.0, 6500.0)
"""The ground goes on so far beyond the data, and fades from the first to the second. [m]"""
FAR = np.float32(1e30)
"""The error of a triangle that reaches beyond the grid: it is always halved."""

Floats = NDArray[np.float32]


def relief(terrain: Terrain, error: float = ERROR) -> Relief:
    """The mesh of a terrain. error: doubled until there are at most MOST triangles. [m]"""
    grid = terrain.heights
    heights = np.ascontiguousarray(grid.values, dtype=np.float32)
    rows, columns = heights.shape
    if min(rows, columns) < 2:
        heights = np.pad(heights, ((0, int(rows < 2)), (0, int(columns < 2))), mode="edge")
    side = 1
    while side < max(heights.shape) - 1:
        side *= 2
    side = max(side, 2)
    while True:
        errors = _errors(heights, side, error)
        corners, triangles = _cut(heights, errors, side, error)
        if len(triangles) <= MOST:
            break
        error *= 2
    row, column = corners.T
    points = np.column_stack(
        [
            grid.west + (column + 0.5) * grid.cell,
            grid.north - (row + 0.5) * grid.cell,
            heights[row, column].astype(np.float64),
        ]
    )
    loop = _edge(points)
    every, ring = [points], loop.astype(np.int32)
    faces = [triangles]
    for beyond in APRONS:
        outer = np.arange(len(loop), dtype=np.int32) + sum(len(some) for some in every)
        every.append(_outwards(points, loop, beyond))
        after, further = np.roll(ring, -1), np.roll(outer, -1)
        faces += [np.column_stack([ring, outer, further]), np.column_stack([ring, further, after])]
        ring = outer
    made = np.concatenate(faces).astype(np.int32)
    return Relief(terrain, np.concatenate(every), made, len(triangles), len(loop), error)


def _edge(points: NDArray[np.float64]) -> NDArray[np.intp]:
    """The points on the edge of a rectangle, turning left."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    x, y, _ = points.T
    sides = (
        (np.flatnonzero((y == low[1]) & (x < high[0])), x),
        (np.flatnonzero((x == high[0]) & (y < high[1])), y),
        (np.flatnonzero((y == high[1]) & (x > low[0])), -x),
        (np.flatnonzero((x == low[0]) & (y > low[1])), -y),
    )
    return np.concatenate([side[np.argsort(key[side])] for side, key in sides])


def _outwards(points: NDArray[np.float64], loop: NDArray[np.intp], beyond: float) -> NDArray[np.float64]:
    """The edge of a rectangle moved outwards, each point as high as it was."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    middle, half = (low + high) / 2, (high - low) / 2
    moved = points[loop].copy()
    moved[:, :2] = middle + (moved[:, :2] - middle) * (half + beyond) / half
    return moved


@compiled
def _errors(heights: Floats, side: int, enough: float) -> Floats:
    """What leaving out each point costs: the worst error of the two triangles it would halve.

    enough: of what is worse nobody needs to know how much. [m]
    """
    rows, columns = heights.shape
    errors = np.zeros((side + 1, side + 1), dtype=np.float32)
    count = side * side * 2 - 2
    half = count - side * side
    for number in range(count - 1, -1, -1):
        # walks down from the root to the triangle of that number
        code = number + 2
        ax, ay, bx, by, cx, cy = 0, 0, 0, 0, 0, 0
        if code & 1:
            bx, by, cx = side, side, side
        else:
            ax, ay, cy = side, side, side
        code >>= 1
        while code > 1:
            mx, my = (ax + bx) >> 1, (ay + by) >> 1
            if code & 1:
                bx, by = ax, ay
                ax, ay = cx, cy
            else:
                ax, ay = bx, by
                bx, by = cx, cy
            cx, cy = mx, my
            code >>= 1
        mx, my = (ax + bx) >> 1, (ay + by) >> 1
        left, right = min(ax, bx, cx), max(ax, bx, cx)
        top, bottom = min(ay, by, cy), max(ay, by, cy)
        if left >= columns - 1 or top >= rows - 1:
            continue
        worst = np.float32(0.0)
        if number < half:
            worst = max(errors[(ay + cy) >> 1, (ax + cx) >> 1], errors[(by + cy) >> 1, (bx + cx) >> 1])
        if right > columns - 1 or bottom > rows - 1:
            worst = FAR
        elif worst <= enough:
            own = _worst(heights, ax, ay, bx, by, cx, cy, left, right, top, bottom, enough)
            worst = max(worst, np.float32(own))
        errors[my, mx] = max(errors[my, mx], worst)
    return errors


@compiled
def _worst(
    z: Floats,
    ax: int,
    ay: int,
    bx: int,
    by: int,
    cx: int,
    cy: int,
    left: int,
    right: int,
    top: int,
    bottom: int,
    enough: float,
) -> float:
    """The largest distance, straight up, of a cell within a triangle from its plane; or one over `enough`."""
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    za, zb, zc = z[ay, ax], z[by, bx], z[cy, cx]
    # height = za + east * (x - ax) + south * (y - ay)
    east = ((zb - za) * (cy - ay) - (zc - za) * (by - ay)) / area
    south = ((zc - za) * (bx - ax) - (zb - za) * (cx - ax)) / area
    sign = 1 if area > 0 else -1
    worst = 0.0
    for y in range(top, bottom + 1):
        for x in range(left, right + 1):
            u = sign * ((bx - ax) * (y - ay) - (by - ay) * (x - ax))
            v = sign * ((cx - bx) * (y - by) - (cy - by) * (x - bx))
            w = sign * ((ax - cx) * (y - cy) - (ay - cy) * (x - cx))
            if u >= 0 and v >= 0 and w >= 0:
                off = abs(z[y, x] - (za + east * (x - ax) + south * (y - ay)))
                worst = max(worst, off)
        if worst > enough:
            break
    return worst


@compiled
def _cut(
    heights: Floats, errors: Floats, side: int, error: float
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Rows and columns of the points that are kept, and the triangles between them."""
    rows, columns = heights.shape
    names = np.full((side + 1, side + 1), -1, dtype=np.int32)
    points = np.empty((1024, 2), dtype=np.int32)
    triangles = np.empty((2048, 3), dtype=np.int32)
    known, made = 0, 0
    stack = np.empty((128, 6), dtype=np.int64)
    stack[0] = (0, 0, side, side, side, 0)
    stack[1] = (side, side, 0, 0, 0, side)
    depth = 2
    while depth:
        depth -= 1
        ax, ay, bx, by, cx, cy = stack[depth]
        if min(ax, bx, cx) >= columns - 1 or min(ay, by, cy) >= rows - 1:
            continue
        mx, my = (ax + bx) >> 1, (ay + by) >> 1
        if abs(ax - cx) + abs(ay - cy) > 1 and errors[my, mx] > error:
            stack[depth] = (cx, cy, ax, ay, mx, my)
            stack[depth + 1] = (bx, by, cx, cy, mx, my)
            depth += 2
            continue
        if made == len(triangles):
            more = np.empty((2 * made, 3), dtype=np.int32)
            more[:made] = triangles
            triangles = more
        for corner, (x, y) in enumerate(((ax, ay), (bx, by), (cx, cy))):
            if names[y, x] < 0:
                if known == len(points):
                    room = np.empty((2 * known, 2), dtype=np.int32)
                    room[:known] = points
                    points = room
                points[known] = (y, x)
                names[y, x] = known
                known += 1
            triangles[made, corner] = names[y, x]
        # rows go south, so a triangle that turns right on the grid turns left on the map
        if (bx - ax) * (cy - ay) - (cx - ax) * (by - ay) > 0:
            last = triangles[made, 2]
            triangles[made, 2] = triangles[made, 1]
            triangles[made, 1] = last
        made += 1
    return points[:known].copy(), triangles[:made].copy()
