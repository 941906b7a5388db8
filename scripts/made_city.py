"""Makes up a city of any size, the same every time: for measuring what no open data set is large enough for.

Four kinds of buildings on a grid of streets, about 30 triangles each, in the order in which a registry would
list them: any.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from twin.model.city import SURFACE_TYPES, City
from twin.model.place import Place
from twin.model.table import Table
from twin.model.triangulate import triangulate

PLACE = Place("EPSG:3879", (25_496_000.0, 6_673_000.0, 0.0), 24.94, 60.17, "Europe/Helsinki", "ground")
PITCH = 30.0
"""From one building to the next. [m]"""
STREET = 18.0
"""More than that to the next, after every eighth building. [m]"""
USES = ("residential", "office", "commercial", "education", "hotel", "civic")

GROUND, EAVES, RIDGE, ANNEX, TOP = range(5)
"""The heights a corner of a kind of building can have."""

Face = tuple[str, list[tuple[float, float, int]]]


@dataclass(frozen=True)
class Kind:
    """One shape of building, in its own square of 1 × 1."""

    corners: NDArray[np.float64]
    level: NDArray[np.intp]
    lengths: NDArray[np.intp]
    types: NDArray[np.uint8]
    triangles: NDArray[np.int32]
    triangle_surface: NDArray[np.int32]


def city(count: int, *, seed: int = 2026) -> City:
    """So many buildings, about 30 triangles each, on flat ground around the origin."""
    chance = np.random.default_rng(seed)
    kinds = (
        _kind(_gabled() + _annex()),
        _kind(_gabled() + _annex() + _chimney()),
        _kind(_angled()),
        _kind(_gabled()),
    )
    kind = chance.choice(len(kinds), count, p=(0.4, 0.25, 0.25, 0.1))
    side = int(np.ceil(np.sqrt(count)))
    plot = chance.permutation(count)
    across, along = plot % side, plot // side
    middle = np.column_stack([across * PITCH + across // 8 * STREET, along * PITCH + along // 8 * STREET])
    middle = middle - middle.max(axis=0) / 2
    # higher towards the middle, as cities are
    core = np.exp(-((np.linalg.norm(middle, axis=1) / (0.25 * side * PITCH + 1.0)) ** 2))
    eaves = chance.uniform(3.0, 12.0, count) + core * chance.uniform(0.0, 40.0, count)
    heights = np.column_stack([np.zeros(count), eaves, eaves + 4.0, 0.5 * eaves, eaves + 6.0])
    size = chance.uniform(13.0, 20.0, (count, 2))
    turn = np.radians(chance.uniform(0.0, 25.0, count) + 90.0 * chance.integers(0, 4, count))

    vertex_count = np.array([len(k.corners) for k in kinds])[kind]
    surface_count = np.array([len(k.types) for k in kinds])[kind]
    triangle_count = np.array([len(k.triangles) for k in kinds])[kind]
    v0, s0, t0 = (np.concatenate([[0], np.cumsum(n)]) for n in (vertex_count, surface_count, triangle_count))
    vertices = np.empty((v0[-1], 3))
    lengths = np.empty(s0[-1], np.int32)
    types = np.empty(s0[-1], np.uint8)
    triangles = np.empty((t0[-1], 3), np.int32)
    triangle_surface = np.empty(t0[-1], np.int32)
    for number, shape in enumerate(kinds):
        mine = np.flatnonzero(kind == number)
        rows = (v0[mine][:, None] + np.arange(len(shape.corners))).ravel()
        flat = (shape.corners[None] - 0.5) * size[mine][:, None]
        c, s = np.cos(turn[mine])[:, None], np.sin(turn[mine])[:, None]
        vertices[rows, 0] = (middle[mine, 0][:, None] + c * flat[..., 0] - s * flat[..., 1]).ravel()
        vertices[rows, 1] = (middle[mine, 1][:, None] + s * flat[..., 0] + c * flat[..., 1]).ravel()
        vertices[rows, 2] = heights[mine][:, shape.level].ravel()
        rows = (s0[mine][:, None] + np.arange(len(shape.types))).ravel()
        lengths[rows] = np.tile(shape.lengths, len(mine))
        types[rows] = np.tile(shape.types, len(mine))
        rows = (t0[mine][:, None] + np.arange(len(shape.triangles))).ravel()
        triangles[rows] = (v0[mine][:, None, None] + shape.triangles).reshape(-1, 3)
        triangle_surface[rows] = (s0[mine][:, None] + shape.triangle_surface).ravel()
    storeys = np.maximum(np.round(eaves / 3.0), 1)
    return City(
        place=PLACE,
        vertices=vertices,
        triangles=triangles,
        triangle_surface=triangle_surface,
        ring_starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        ring_surface=np.arange(s0[-1], dtype=np.int32),
        surface_object=np.repeat(np.arange(count, dtype=np.int32), surface_count),
        surface_type=types,
        surface_lod=np.full(s0[-1], 2, np.uint8),
        object_id=np.array([f"b{i:07d}" for i in range(count)], dtype=object),
        object_type=np.full(count, "Building", dtype=object),
        object_parent=np.full(count, -1, np.int32),
        attributes=Table(
            count,
            {
                "use": np.array(USES, dtype=object)[chance.integers(0, len(USES), count)],
                "measuredHeight": np.round(eaves + 4.0, 1),
                "storeysAboveGround": storeys.astype(np.int64),
            },
        ),
    )


def _kind(faces: list[Face]) -> Kind:
    lengths = np.array([len(ring) for _, ring in faces])
    starts = np.concatenate([[0], np.cumsum(lengths)])
    corners = np.array([corner for _, ring in faces for corner in ring])
    level = corners[:, 2].astype(np.intp)
    # any heights that rise with the level do for finding the triangles
    points = np.column_stack([corners[:, :2], np.array([0.0, 1.0, 1.4, 0.5, 1.6])[level]])
    found = [triangulate([points[a:b]]) + np.int32(a) for a, b in pairwise(starts)]
    return Kind(
        corners[:, :2],
        level,
        lengths,
        np.array([SURFACE_TYPES.index(name) for name, _ in faces], np.uint8),
        np.concatenate(found),
        np.repeat(np.arange(len(faces)), [len(each) for each in found]).astype(np.int32),
    )


def _prism(outline: list[tuple[float, float]], low: int, high: int) -> list[Face]:
    """A block over an outline that runs counter-clockwise."""
    walls: list[Face] = [
        ("WallSurface", [(*a, low), (*b, low), (*b, high), (*a, high)])
        for a, b in zip(outline, outline[1:] + outline[:1], strict=True)
    ]
    floor = ("GroundSurface", [(*corner, low) for corner in reversed(outline)])
    return [floor, *walls, ("RoofSurface", [(*corner, high) for corner in outline])]


def _box(west: float, south: float, east: float, north: float) -> list[tuple[float, float]]:
    return [(west, south), (east, south), (east, north), (west, north)]


def _gabled() -> list[Face]:
    w, s, e, n, m = 0.0, 0.25, 1.0, 1.0, 0.625
    return [
        ("GroundSurface", [(w, n, GROUND), (e, n, GROUND), (e, s, GROUND), (w, s, GROUND)]),
        ("WallSurface", [(w, s, GROUND), (e, s, GROUND), (e, s, EAVES), (w, s, EAVES)]),
        ("WallSurface", [(e, n, GROUND), (w, n, GROUND), (w, n, EAVES), (e, n, EAVES)]),
        ("WallSurface", [(e, s, GROUND), (e, n, GROUND), (e, n, EAVES), (e, m, RIDGE), (e, s, EAVES)]),
        ("WallSurface", [(w, n, GROUND), (w, s, GROUND), (w, s, EAVES), (w, m, RIDGE), (w, n, EAVES)]),
        ("RoofSurface", [(w, s, EAVES), (e, s, EAVES), (e, m, RIDGE), (w, m, RIDGE)]),
        ("RoofSurface", [(e, n, EAVES), (w, n, EAVES), (w, m, RIDGE), (e, m, RIDGE)]),
    ]


def _annex() -> list[Face]:
    return _prism(_box(0.3, 0.0, 0.7, 0.25), GROUND, ANNEX)


def _chimney() -> list[Face]:
    return _prism(_box(0.7, 0.58, 0.76, 0.67), EAVES, TOP)


def _angled() -> list[Face]:
    shape = [(0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.5, 0.5), (0.5, 1.0), (0.0, 1.0)]
    return _prism(shape, GROUND, EAVES) + _prism(_box(0.2, 0.2, 0.4, 0.4), EAVES, RIDGE)
