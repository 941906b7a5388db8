"""Cuts all polygons of a city into triangles at once."""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from twin.model.triangulate import normals, triangulate_all

MANY = 20_000
"""Rings."""
BLOCK = 2**15
"""Rings at a time: what is worked on then stays near the processor."""


def tessellate(
    vertices: NDArray[np.float64],
    ring_starts: NDArray[np.int32],
    ring_surface: NDArray[np.int32],
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Triangles (m, 3) and the surface of each (m,), in the order of the surfaces.

    Takes and means the same as the fields of City. A polygon without holes that every triangle of a fan from
    its first corner turns the same way is that fan; the others are cut with ears.
    """
    # machine code is worth it for many, where it does not take longer to come by
    cut = _block
    if len(ring_surface) > MANY and "numba" in sys.modules:
        from twin.formats import tessellate_fast

        cut = tessellate_fast.tessellate
    found: list[tuple[NDArray[np.int32], NDArray[np.int32]]] = []
    begin = 0
    while begin < len(ring_surface):
        end = min(begin + BLOCK, len(ring_surface))
        # a polygon stays whole, however many holes it has
        end = int(np.searchsorted(ring_surface, ring_surface[end - 1], side="right"))
        start, stop = ring_starts[begin], ring_starts[end]
        triangles, surface = cut(
            vertices[start:stop], ring_starts[begin : end + 1] - start, ring_surface[begin:end]
        )
        triangles += start
        found.append((triangles, surface))
        begin = end
        progress(begin / len(ring_surface))
    if not found:
        return np.zeros((0, 3), np.int32), np.zeros(0, np.int32)
    return np.concatenate([part[0] for part in found]), np.concatenate([part[1] for part in found])


def _block(
    vertices: NDArray[np.float64], ring_starts: NDArray[np.int32], ring_surface: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    first = np.flatnonzero(np.diff(ring_surface, prepend=-1))
    rings_of = np.diff(np.append(first, len(ring_surface)))
    lengths = np.diff(ring_starts)
    alone = rings_of == 1
    fans = lengths[first] - 2
    fans[~alone] = 0
    # every fan triangle of every polygon without holes, laid end to end
    polygon = np.repeat(np.arange(len(first)), fans)
    step = np.arange(len(polygon)) - np.repeat(np.cumsum(fans) - fans, fans)
    start = ring_starts[:-1][first][polygon]
    triangles = np.column_stack([start, start + step + 1, start + step + 2])
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    normal = normals(vertices, ring_starts)[first]
    turn = np.einsum("ij,ij->i", np.cross(b - a, c - a), normal[polygon])
    bad = np.ones(len(first), dtype=bool)
    bad[alone] = False
    np.logical_or.at(bad, polygon, turn < 0)
    flat = ~normal.any(axis=1)
    keep = ~bad[polygon] & (turn > 0)
    found = [triangles[keep].astype(np.int32)]
    surface = [ring_surface[first][polygon[keep]]]
    rest = np.flatnonzero(bad & ~flat)
    cut = triangulate_all(vertices, ring_starts, first[rest], rings_of[rest], normal[rest])
    found.append(cut)
    surface.append(ring_surface[np.searchsorted(ring_starts, cut[:, 0], side="right") - 1])
    all_surfaces = np.concatenate(surface)
    order = np.argsort(all_surfaces, kind="stable")
    return np.concatenate(found)[order], all_surfaces[order]
