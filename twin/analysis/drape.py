"""Lays triangles of a map on the ground, cut along those of the relief, so that neither shows through."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.analysis.compiled import compiled
from twin.model.terrain import Relief, height_at, raised

Floats = NDArray[np.float64]
PER_BUCKET = 2.0
"""Triangles of the relief in a square of the index, on average."""
MOST_CORNERS = 10
"""Of a triangle cut by a triangle, and some to spare."""
SPECK = 1e-6
"""Smaller pieces are left out: nobody sees them. [m²]"""


@dataclass(frozen=True, eq=False, slots=True)
class Draped:
    """Triangles on the ground."""

    points: Floats
    """(n, 3) [m]"""
    triangles: NDArray[np.int32]
    """(m, 3)"""
    of: NDArray[np.int32]
    """For each point the triangle of the map that it is a piece of: (n,)."""


@dataclass(frozen=True, eq=False, slots=True)
class Index:
    """Which triangles of a relief may lie in which square."""

    west: float
    south: float
    side: float
    starts: NDArray[np.int32]
    """(rows, columns + 1) into `names`."""
    names: NDArray[np.int32]

    def within(self, west: float, south: float, east: float, north: float) -> NDArray[np.int32]:
        """The triangles in all squares that a rectangle touches, each once, in their order."""
        rows, columns = self.starts.shape[0], self.starts.shape[1] - 1
        i0, i1 = (min(max(math.floor((x - self.west) / self.side), 0), columns - 1) for x in (west, east))
        j0, j1 = (min(max(math.floor((y - self.south) / self.side), 0), rows - 1) for y in (south, north))
        parts = [self.names[self.starts[j, i0] : self.starts[j, i1 + 1]] for j in range(j0, j1 + 1)]
        return np.unique(np.concatenate(parts))


def drape(relief: Relief, flat: Floats, triangles: NDArray[np.integer]) -> Draped:
    """Triangles of a map on the relief. flat: (n, 2) [m]; what lies beyond the relief is left out."""
    return drape_on(relief.vertices, relief.triangles, index_of(relief), flat, triangles)


def drape_on(
    vertices: Floats,
    faces: NDArray[np.int32],
    index: Index,
    flat: Floats,
    triangles: NDArray[np.integer],
) -> Draped:
    """The same on the faces of a part of a relief, which `index` finds."""
    points, made, of = _clip(
        np.ascontiguousarray(flat, dtype=np.float64),
        np.ascontiguousarray(triangles, dtype=np.int32),
        vertices,
        faces,
        index.west,
        index.south,
        index.side,
        index.starts,
        index.names,
    )
    return Draped(points, made, of)


def heights_on(relief: Relief, flat: Floats) -> Floats:
    """How high the relief is drawn at places of a map, (n, 2); beyond it as high as its terrain says. [m]"""
    index = index_of(relief)
    found = _heights(
        np.ascontiguousarray(flat, dtype=np.float64),
        relief.vertices,
        relief.triangles,
        index.west,
        index.south,
        index.side,
        index.starts,
        index.names,
    )
    beside = found < -1e29
    if beside.any():
        far = height_at(relief.terrain, flat[beside, 0], flat[beside, 1])
        found[beside] = raised(relief.terrain, far, relief.exaggeration)
    return found


@lru_cache(maxsize=4)
def index_of(relief: Relief) -> Index:
    """The index of a whole relief."""
    return index_in(relief.vertices, relief.triangles, relief.terrain.heights.bounds, relief.inner)


def index_in(
    vertices: Floats, faces: NDArray[np.int32], bounds: tuple[float, float, float, float], inner: int
) -> Index:
    """An index of faces in squares within bounds, in which `inner` of them lie."""
    west, south, east, north = bounds
    count = max(inner, 1) / PER_BUCKET
    side = max(math.sqrt((east - west) * (north - south) / count), 1e-3)
    columns, rows = math.ceil((east - west) / side), math.ceil((north - south) / side)
    corners = [vertices[faces[:, k], :2] for k in range(3)]
    low, high = np.minimum.reduce(corners), np.maximum.reduce(corners)
    # what lies beyond counts as in the outermost squares, from wherever it is looked for
    first, last = (
        np.clip(np.floor((corner - (west, south)) / side), 0, (columns - 1, rows - 1)).astype(np.int32)
        for corner in (low, high)
    )
    starts, names = _listed(first, last, rows, columns)
    return Index(west, south, side, starts, names)


@compiled
def _listed(
    first: NDArray[np.int32], last: NDArray[np.int32], rows: int, columns: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Names by square, one square after the other."""
    count = np.zeros(rows * columns + 1, dtype=np.int32)
    for name in range(len(first)):
        for row in range(first[name, 1], last[name, 1] + 1):
            for column in range(first[name, 0], last[name, 0] + 1):
                count[row * columns + column + 1] += 1
    total = np.cumsum(count)
    names = np.empty(total[-1], dtype=np.int32)
    put = total.copy()
    for name in range(len(first)):
        for row in range(first[name, 1], last[name, 1] + 1):
            for column in range(first[name, 0], last[name, 0] + 1):
                square = row * columns + column
                names[put[square]] = name
                put[square] += 1
    starts = np.empty((rows, columns + 1), dtype=np.int32)
    for row in range(rows):
        for column in range(columns + 1):
            starts[row, column] = total[row * columns + column]
    return starts, names


@compiled
def _longer(array: Any) -> Any:
    """The same with as much room again."""
    return np.concatenate((array, np.empty_like(array)))


@compiled
def _cut_to(here: Floats, there: Floats, p: Floats, q: Floats, r: Floats) -> int:
    """Leaves in `here` of the triangle in it what lies within another; returns how many corners that has."""
    size = 3
    for side in range(3):
        sx, sy, ex, ey = p[0], p[1], q[0], q[1]
        if side == 1:
            sx, sy, ex, ey = q[0], q[1], r[0], r[1]
        elif side == 2:
            sx, sy, ex, ey = r[0], r[1], p[0], p[1]
        dx, dy = ex - sx, ey - sy
        kept = 0
        for k in range(size):
            m = k + 1 if k + 1 < size else 0
            u = dx * (here[k, 1] - sy) - dy * (here[k, 0] - sx)
            v = dx * (here[m, 1] - sy) - dy * (here[m, 0] - sx)
            if u >= 0:
                there[kept, 0], there[kept, 1] = here[k, 0], here[k, 1]
                kept += 1
            if (u >= 0) != (v >= 0):
                share = u / (u - v)
                there[kept, 0] = here[k, 0] + share * (here[m, 0] - here[k, 0])
                there[kept, 1] = here[k, 1] + share * (here[m, 1] - here[k, 1])
                kept += 1
        size = kept
        if size < 3:
            return 0
        for k in range(size):
            here[k, 0], here[k, 1] = there[k, 0], there[k, 1]
    area = 0.0
    for k in range(size):
        m = k + 1 if k + 1 < size else 0
        area += here[k, 0] * here[m, 1] - here[m, 0] * here[k, 1]
    return size if abs(area) >= SPECK else 0


@compiled
def _raise(flat: Floats, points: Floats, p: Floats, q: Floats, r: Floats) -> None:
    """Writes corners as high as the plane through three points."""
    qx, qy, qz = q[0] - p[0], q[1] - p[1], q[2] - p[2]
    rx, ry, rz = r[0] - p[0], r[1] - p[1], r[2] - p[2]
    whole = qx * ry - rx * qy
    for k in range(len(flat)):
        x, y = flat[k, 0] - p[0], flat[k, 1] - p[1]
        points[k, 0] = flat[k, 0]
        points[k, 1] = flat[k, 1]
        points[k, 2] = p[2] + ((x * ry - rx * y) * qz + (qx * y - x * qy) * rz) / whole


@compiled
def _clip(
    flat: Floats,
    triangles: NDArray[np.int32],
    vertices: Floats,
    faces: NDArray[np.int32],
    west: float,
    south: float,
    side: float,
    starts: NDArray[np.int32],
    names: NDArray[np.int32],
) -> tuple[Floats, NDArray[np.int32], NDArray[np.int32]]:
    """Every triangle of the map cut by every face of the ground under it (Sutherland & Hodgman 1974)."""
    rows, columns = starts.shape[0], starts.shape[1] - 1
    points = np.empty((1024, 3), dtype=np.float64)
    owner = np.empty(1024, dtype=np.int32)
    made = np.empty((1024, 3), dtype=np.int32)
    known, count = 0, 0
    seen = np.full(len(faces), -1, dtype=np.int32)
    here = np.empty((MOST_CORNERS, 2), dtype=np.float64)
    there = np.empty((MOST_CORNERS, 2), dtype=np.float64)
    for number in range(len(triangles)):
        a, b, c = triangles[number]
        left = min(flat[a, 0], flat[b, 0], flat[c, 0])
        right = max(flat[a, 0], flat[b, 0], flat[c, 0])
        low = min(flat[a, 1], flat[b, 1], flat[c, 1])
        high = max(flat[a, 1], flat[b, 1], flat[c, 1])
        i0 = min(max(math.floor((left - west) / side), 0), columns - 1)
        i1 = min(max(math.floor((right - west) / side), 0), columns - 1)
        j0 = min(max(math.floor((low - south) / side), 0), rows - 1)
        j1 = min(max(math.floor((high - south) / side), 0), rows - 1)
        for j in range(j0, j1 + 1):
            for at in range(starts[j, i0], starts[j, i1 + 1]):
                name = names[at]
                if seen[name] == number:
                    continue
                seen[name] = number
                p, q, r = faces[name]
                if (
                    max(vertices[p, 0], vertices[q, 0], vertices[r, 0]) <= left
                    or min(vertices[p, 0], vertices[q, 0], vertices[r, 0]) >= right
                    or max(vertices[p, 1], vertices[q, 1], vertices[r, 1]) <= low
                    or min(vertices[p, 1], vertices[q, 1], vertices[r, 1]) >= high
                ):
                    continue
                for k in range(3):
                    here[k, 0], here[k, 1] = flat[triangles[number, k], 0], flat[triangles[number, k], 1]
                size = _cut_to(here, there, vertices[p], vertices[q], vertices[r])
                if size < 3:
                    continue
                if known + size > len(points):
                    points, owner = _longer(points), _longer(owner)
                if count + size > len(made):
                    made = _longer(made)
                _raise(here[:size], points[known : known + size], vertices[p], vertices[q], vertices[r])
                owner[known : known + size] = number
                for k in range(1, size - 1):
                    made[count, 0] = known
                    made[count, 1] = known + k
                    made[count, 2] = known + k + 1
                    count += 1
                known += size
    return points[:known].copy(), made[:count].copy(), owner[:known].copy()


@compiled
def _heights(
    flat: Floats,
    vertices: Floats,
    faces: NDArray[np.int32],
    west: float,
    south: float,
    side: float,
    starts: NDArray[np.int32],
    names: NDArray[np.int32],
) -> Floats:
    """The height of the face under each place; less than -1e29 where there is none."""
    rows, columns = starts.shape[0], starts.shape[1] - 1
    found = np.full(len(flat), -1e30, dtype=np.float64)
    for number in range(len(flat)):
        x, y = flat[number]
        i = min(max(math.floor((x - west) / side), 0), columns - 1)
        j = min(max(math.floor((y - south) / side), 0), rows - 1)
        for at in range(starts[j, i], starts[j, i + 1]):
            p, q, r = faces[names[at]]
            px, py, pz = vertices[p]
            qx, qy, qz = vertices[q, 0] - px, vertices[q, 1] - py, vertices[q, 2] - pz
            rx, ry, rz = vertices[r, 0] - px, vertices[r, 1] - py, vertices[r, 2] - pz
            whole = qx * ry - rx * qy
            u = ((x - px) * ry - rx * (y - py)) / whole
            v = (qx * (y - py) - (x - px) * qy) / whole
            if u >= -1e-9 and v >= -1e-9 and u + v <= 1 + 1e-9:
                found[number] = pz + u * qz + v * rz
                break
    return found
