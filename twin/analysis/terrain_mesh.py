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
CLOSER = 2
"""Times that an error between too many triangles and few is tried."""
APRONS = (1500.0, 6500.0)
"""The ground goes on so far beyond the data, and fades from the first to the second. [m]"""
FAR = 1e30
"""The error of a triangle that reaches beyond the grid: it is always halved."""

Floats = NDArray[np.float32]


def relief(terrain: Terrain, error: float = ERROR) -> Relief:
    """The mesh of a terrain. error: raised until there are at most MOST triangles. [m]"""
    grid = terrain.heights
    heights = np.ascontiguousarray(grid.values, dtype=np.float32)
    rows, columns = heights.shape
    if min(rows, columns) < 2:
        heights = np.pad(heights, ((0, int(rows < 2)), (0, int(columns < 2))), mode="edge")
    side = 1
    while side < max(heights.shape) - 1:
        side *= 2
    side = max(side, 2)
    corners, triangles = _made(heights, side, error)
    low = error
    while len(triangles) > MOST:
        low, error = error, 2 * error
        corners, triangles = _made(heights, side, error)
    for _ in range(CLOSER if low < error else 0):
        middle = (low * error) ** 0.5
        finer = _made(heights, side, middle)
        if len(finer[1]) > MOST:
            low = middle
        else:
            error, (corners, triangles) = middle, finer
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


def _made(heights: Floats, side: int, error: float) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Rows and columns of points, and triangles: more than MOST of them are cut short."""
    return _cut(heights, _errors(heights, side, error), side, error, MOST)


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
    """What leaving out each point costs: no less than the worst error of the two triangles it would halve.

    Triangles whose longest side is an edge of a square, and those halving a square, take turns, the smallest
    first: what a triangle costs hangs on the two that it is halved into.
    enough: of what is worse nobody needs to know how much. [m]
    """
    rows, columns = heights.shape
    errors = np.zeros((side + 1, side + 1), dtype=np.float32)
    half = 1
    while half < side:
        whole = 2 * half
        for y in range(0, min(side + 1, rows - 1 + half), whole):
            for x in range(0, columns - 1, whole):
                errors[y, x + half] = _beside(heights, errors, enough, x, y, x + whole, y)
        for y in range(0, rows - 1, whole):
            for x in range(0, min(side + 1, columns - 1 + half), whole):
                errors[y + half, x] = _beside(heights, errors, enough, x, y, x, y + whole)
        for y in range(0, rows - 1, whole):
            for x in range(0, columns - 1, whole):
                # the diagonals of four squares meet in the middle of the square that they make
                rises = (x + y) // whole % 2 == 1
                top, bottom = (y + whole, y) if rises else (y, y + whole)
                right = max(errors[top, x + half], errors[y + half, x + whole])
                left = max(errors[bottom, x + half], errors[y + half, x])
                cost = max(
                    _cost(heights, enough, right, x, top, x + whole, bottom, x + whole, top),
                    _cost(heights, enough, left, x, top, x + whole, bottom, x, bottom),
                )
                errors[y + half, x + half] = cost
        half = whole
    return errors


@compiled
def _beside(heights: Floats, errors: Floats, enough: float, ax: int, ay: int, bx: int, by: int) -> float:
    """The cost of the two triangles on both sides of an edge of a square, which is their longest side."""
    worst = 0.0
    x, y = (ax + bx) // 2, (ay + by) // 2
    for side in (-1, 1):
        cx, cy = x + side * (y - ay), y + side * (x - ax)
        if min(cx, cy) < 0 or max(cx, cy) >= len(errors):
            continue
        below = 0.0
        if max(bx - ax, by - ay) > 2:  # smaller ones are not halved any more
            below = max(errors[(ay + cy) // 2, (ax + cx) // 2], errors[(by + cy) // 2, (bx + cx) // 2])
        worst = max(worst, _cost(heights, enough, below, ax, ay, bx, by, cx, cy))
    return worst


@compiled
def _cost(
    z: Floats, enough: float, below: float, ax: int, ay: int, bx: int, by: int, cx: int, cy: int
) -> float:
    """No less than the error of a triangle, and than that of its halves, which is `below`.

    Between a triangle and its two halves lies nowhere more than in the middle of its longest side, so that
    most need not be looked at cell by cell.
    """
    rows, columns = z.shape
    if min(ax, bx, cx) >= columns - 1 or min(ay, by, cy) >= rows - 1:
        return 0.0
    if max(ax, bx, cx) > columns - 1 or max(ay, by, cy) > rows - 1:
        return FAR
    if below > enough:
        return below
    off = abs(z[(ay + by) >> 1, (ax + bx) >> 1] - (z[ay, ax] + z[by, bx]) / 2)
    if off > enough or off + below <= enough:
        return float(off + below)
    return max(below, _worst(z, ax, ay, bx, by, cx, cy, enough))


@compiled
def _worst(z: Floats, ax: int, ay: int, bx: int, by: int, cx: int, cy: int, enough: float) -> float:
    """The largest distance, straight up, of a cell within a triangle from its plane; or one over `enough`."""
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    za, zb, zc = z[ay, ax], z[by, bx], z[cy, cx]
    # height = za + east * (x - ax) + south * (y - ay)
    east = ((zb - za) * (cy - ay) - (zc - za) * (by - ay)) / area
    south = ((zc - za) * (bx - ax) - (zb - za) * (cx - ax)) / area
    sign = 1 if area > 0 else -1
    worst = 0.0
    for y in range(min(ay, by, cy), max(ay, by, cy) + 1):
        left, right = min(ax, bx, cx), max(ax, bx, cx)
        for side in range(3):
            px, py, qx, qy = ax, ay, bx, by
            if side == 1:
                px, py, qx, qy = bx, by, cx, cy
            elif side == 2:
                px, py, qx, qy = cx, cy, ax, ay
            # within where sign * ((qx - px) * (y - py) - (qy - py) * (x - px)) >= 0
            steep, level = sign * (qy - py), sign * (qx - px) * (y - py)
            if steep > 0:
                right = min(right, px + level // steep)
            elif steep < 0:
                left = max(left, px - level // -steep)
        base = za + south * (y - ay) - east * ax
        for x in range(left, right + 1):
            worst = max(worst, abs(z[y, x] - (base + east * x)))
        if worst > enough:
            break
    return worst


@compiled
def _cut(
    heights: Floats, errors: Floats, side: int, error: float, most: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Rows and columns of the points that are kept, and the triangles between them; ends over `most`."""
    rows, columns = heights.shape
    names = np.full((side + 1, side + 1), -1, dtype=np.int32)
    points = np.empty((1024, 2), dtype=np.int32)
    triangles = np.empty((2048, 3), dtype=np.int32)
    known, made = 0, 0
    stack = np.empty((128, 6), dtype=np.int64)
    stack[0] = (0, 0, side, side, side, 0)
    stack[1] = (side, side, 0, 0, 0, side)
    depth = 2
    while depth and made <= most:
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
