"""Cuts all polygons of a large city into triangles in machine code."""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.formats.compiled import compiled
from twin.model.triangulate import triangulate_all

FAN, EARS, NOTHING = range(3)


def tessellate(
    vertices: NDArray[np.float64], ring_starts: NDArray[np.int32], ring_surface: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The same as `tessellate.tessellate`."""
    if not len(ring_surface):
        return np.zeros((0, 3), np.int32), np.zeros(0, np.int32)
    first = np.flatnonzero(np.diff(ring_surface, prepend=-1))
    rings = np.diff(np.append(first, len(ring_surface)))
    points = np.ascontiguousarray(vertices, dtype=np.float64)
    kinds, normal, counts = _kinds(points, ring_starts, first, rings)
    rest = np.flatnonzero(kinds == EARS)
    cut = triangulate_all(points, ring_starts, first[rest], rings[rest], normal[rest])
    owner = (
        np.searchsorted(first, np.searchsorted(ring_starts, cut[:, 0], side="right") - 1, side="right") - 1
    )
    counts[rest] = np.bincount(owner, minlength=len(first))[rest]
    ends = np.cumsum(counts)
    triangles = np.empty((int(ends[-1]), 3), dtype=np.int32)
    _fill(triangles, points, ring_starts, first, kinds, normal, ends - counts, cut)
    return triangles, np.repeat(ring_surface[first], counts)


@compiled
def _kinds(vertices, ring_starts, first, rings):
    """How each polygon is cut, its normal (n, 3), and how many triangles it gives as a fan."""
    kinds = np.empty(len(first), np.uint8)
    normal = np.zeros((len(first), 3))
    counts = np.zeros(len(first), np.int64)
    for k in range(len(first)):
        start, stop = ring_starts[first[k]], ring_starts[first[k] + 1]
        x, y, z = vertices[start, 0], vertices[start, 1], vertices[start, 2]
        a = b = c = 0.0
        # relative to a corner, because products of far coordinates lose digits
        for m in range(start + 1, stop - 1):
            ux, uy, uz = vertices[m, 0] - x, vertices[m, 1] - y, vertices[m, 2] - z
            vx, vy, vz = vertices[m + 1, 0] - x, vertices[m + 1, 1] - y, vertices[m + 1, 2] - z
            a += uy * vz - uz * vy
            b += uz * vx - ux * vz
            c += ux * vy - uy * vx
        normal[k, 0], normal[k, 1], normal[k, 2] = a, b, c
        if a == 0 and b == 0 and c == 0:
            kinds[k] = NOTHING
            continue
        kinds[k] = FAN if rings[k] == 1 else EARS
        for m in range(start + 1, stop - 1):
            if kinds[k] == EARS:
                break
            turn = _turn(vertices, start, m, m + 1, a, b, c)
            if turn < 0:
                kinds[k] = EARS
            elif turn > 0:
                counts[k] += 1
    return kinds, normal, counts


@compiled
def _turn(vertices, i, j, k, a, b, c):
    """Which way a triangle faces, seen along a normal."""
    ux, uy, uz = (
        vertices[j, 0] - vertices[i, 0],
        vertices[j, 1] - vertices[i, 1],
        vertices[j, 2] - vertices[i, 2],
    )
    vx, vy, vz = (
        vertices[k, 0] - vertices[i, 0],
        vertices[k, 1] - vertices[i, 1],
        vertices[k, 2] - vertices[i, 2],
    )
    return (uy * vz - uz * vy) * a + (uz * vx - ux * vz) * b + (ux * vy - uy * vx) * c


@compiled
def _fill(triangles, vertices, ring_starts, first, kinds, normal, begins, cut):
    """Put fans and ears in the order of the polygons."""
    taken = 0
    for k in range(len(first)):
        at = begins[k]
        if kinds[k] == FAN:
            start, stop = ring_starts[first[k]], ring_starts[first[k] + 1]
            for m in range(start + 1, stop - 1):
                if _turn(vertices, start, m, m + 1, normal[k, 0], normal[k, 1], normal[k, 2]) > 0:
                    triangles[at, 0], triangles[at, 1], triangles[at, 2] = start, m, m + 1
                    at += 1
        elif kinds[k] == EARS:
            end = begins[k + 1] if k + 1 < len(first) else len(triangles)
            for row in range(end - at):
                for column in range(3):
                    triangles[at + row, column] = cut[taken + row, column]
            taken += end - at
