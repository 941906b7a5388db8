"""Knows the slopes, edges and feet of a city, as arrays."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twin.model.city import SURFACE_TYPES, City, roots
from twin.model.origin import halves, origin
from twin.model.triangulate import normals

SAME_PLANE = 0.985
"""Two faces whose normals agree better than this (10°) show no edge between them."""
SKIRT = ((-0.5, 0.22), (6.5, 0.0))
"""Distance from a wall and how dark the ground is there. [m], 0-1"""
FOOT_HIGHEST, FOOT_LIFT = 1.0, 0.6
"""Only what stands on the ground darkens it [m]; drawn above all layers, below what is draped."""
FOOT_SMALLEST = 2.0
"""What covers less ground does not darken it. [m²]"""
EDGE_LOWEST = 0.05
"""An edge that lies lower than this is not drawn. [m]"""
SHARPEST = 0.25
"""Keeps the strips of a pointed corner from running away."""
LEVEL = 0.3
"""How far the normal of a surface without a type points up if it is a roof, or down if it is a floor."""

KEPT = 8
"""So many cities, one for each scenario, are worked out once only."""

PLAIN_SURFACE = SURFACE_TYPES.index("Surface")
GROUND = SURFACE_TYPES.index("GroundSurface")
ROOF, WALL = SURFACE_TYPES.index("RoofSurface"), SURFACE_TYPES.index("WallSurface")


@lru_cache(maxsize=KEPT)
def vertex_normals(city: City) -> NDArray[np.float64]:
    """The normal of the surface each vertex belongs to: (n, 3)."""
    if made := halves(city):
        return made.joined(made.vertices, vertex_normals(made.whole), vertex_normals(made.piece))
    found = normals(city.vertices, city.ring_starts)
    length = np.linalg.norm(found, axis=1, keepdims=True)
    found = found / np.where(length > 0, length, 1.0)
    # a hole runs the other way round, so it takes the normal of its exterior
    first = np.searchsorted(city.ring_surface, city.ring_surface)
    return np.asarray(np.repeat(found[first], np.diff(city.ring_starts), axis=0))


@lru_cache(maxsize=KEPT)
def surface_kinds(city: City) -> NDArray[np.uint8]:
    """The type of each surface, by its slope where the model does not say it: (s,), into SURFACE_TYPES."""
    if made := halves(city):
        return made.joined(made.surfaces, surface_kinds(made.whole), surface_kinds(made.piece))
    kinds = city.surface_type.copy()
    plain = np.flatnonzero(kinds == PLAIN_SURFACE)
    first = city.ring_starts[np.searchsorted(city.ring_surface, plain)]
    up = vertex_normals(city)[first, 2]
    kinds[plain] = np.select([up > LEVEL, up < -LEVEL], [ROOF, GROUND], WALL)
    return kinds


@lru_cache(maxsize=KEPT)
def closed(city: City) -> bool:
    """Whether every edge of every object is run along as often one way as the other: faces look outwards."""
    if not len(city.object_id) or not len(city.surface_object):
        return False
    if (made := origin(city)) is None:
        return not _gaping(city).any()
    return not (_gaping(made.piece).any() or _gaping(made.whole)[made.row[made.row >= 0]].any())


@lru_cache(maxsize=KEPT)
def _gaping(city: City) -> NDArray[np.bool_]:
    """The objects, with their parts, that have an edge which is run along more often one way: (k,)."""
    start, end, place, owner = _sides(city)
    low, high = np.minimum(place[start], place[end]), np.maximum(place[start], place[end])
    way = np.sign(place[end] - place[start])
    order = np.lexsort((high, low, owner))
    low, high, owner, way = low[order], high[order], owner[order], way[order]
    new = np.append(True, (low[1:] != low[:-1]) | (high[1:] != high[:-1]) | (owner[1:] != owner[:-1]))
    found = np.zeros(len(city.object_id), dtype=bool)
    if len(way):
        first = np.flatnonzero(new)
        found[owner[first[np.add.reduceat(way, first) != 0]]] = True
    return found


@lru_cache(maxsize=KEPT)
def drawn_edges(city: City) -> NDArray[np.intp]:
    """Both ends of every edge that is drawn: (2 n,), rows of the vertices."""
    if made := halves(city):
        each = zip(made.vertices, (made.whole, made.piece), strict=True)
        old, new = (rows[drawn_edges(half)] for rows, half in each)
        return np.concatenate([old[old >= 0], new])
    ends = edges(city).reshape(-1, 2)
    # along the ground the darkness at the feet draws the line
    return np.asarray(ends[(city.vertices[ends, 2] > EDGE_LOWEST).any(axis=1)].ravel())


def edges(city: City) -> NDArray[np.intp]:
    """Both ends of every edge where two faces of an object meet at an angle: (2 n,), rows of the vertices."""
    start, end, place, owner = _sides(city)
    if not len(start):
        return np.zeros(0, np.intp)
    low, high = np.minimum(place[start], place[end]), np.maximum(place[start], place[end])
    order = np.lexsort((high, low, owner))
    low, high, owner, start, end = low[order], high[order], owner[order], start[order], end[order]
    same = (low[1:] == low[:-1]) & (high[1:] == high[:-1]) & (owner[1:] == owner[:-1])
    facing = vertex_normals(city)[start]
    flat = same & ((facing[1:] * facing[:-1]).sum(1) > SAME_PLANE)
    keep = (low != high) & ~np.append(flat, False) & ~np.insert(flat | same, 0, False)
    return np.column_stack([start[keep], end[keep]]).ravel()


@lru_cache(maxsize=KEPT)
def foot_shade(
    city: City,
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Strips on the ground along the walls: points (n, 3) [m], triangles (m, 3), darkness (n,) 0-1.

    They fade outwards over SKIRT, as the street is darkest where the wall hides half of the sky.
    Last comes the row of the vertex that each point lies at: (n,).
    """
    if made := halves(city):
        old_points, old_faces, old_dark, beside = foot_shade(made.whole)
        row = made.vertices[0][beside]
        stays = row >= 0
        place, count = np.cumsum(stays) - 1, int(stays.sum())
        new_points, new_faces, new_dark, new_beside = foot_shade(made.piece)
        return (
            np.concatenate([old_points[stays], new_points]),
            np.concatenate([place[old_faces[stays[old_faces[:, 0]]]], new_faces + count]),
            np.concatenate([old_dark[stays], new_dark]),
            np.concatenate([row[stays], made.vertices[1][new_beside]]),
        )
    lengths = np.diff(city.ring_starts)
    ring = np.repeat(np.arange(len(lengths)), lengths)
    on_ground = np.zeros(len(lengths), dtype=bool)
    before, after = np.arange(len(ring)) - 1, np.arange(len(ring)) + 1
    before[city.ring_starts[:-1]] = city.ring_starts[1:] - 1
    after[city.ring_starts[1:] - 1] = city.ring_starts[:-1]
    if len(lengths):
        # the strips lie flat at zero, so a foot that stands deeper on a terrain has none
        low = np.abs(np.maximum.reduceat(city.vertices[:, 2], city.ring_starts[:-1])) < FOOT_HIGHEST
        on_ground = low & (surface_kinds(city)[city.ring_surface] == GROUND)
        # a triangle is a piece of something larger, and a wall stands on few of its sides
        on_ground &= lengths > 3
        x, y, _ = city.vertices.T
        area = np.add.reduceat(x * y[after] - y * x[after], city.ring_starts[:-1]) / 2
        on_ground &= np.abs(area) >= FOOT_SMALLEST  # steps and posts
    chosen = np.flatnonzero(on_ground[ring])
    if not len(chosen):
        return np.zeros((0, 3)), np.zeros((0, 3), np.int64), np.zeros(0), np.zeros(0, np.int64)
    # a ground surface looks down, so its ring has the street on the left; one drawn upside down has not
    side = np.where(vertex_normals(city)[chosen, 2] > 0, -1.0, 1.0)[:, None]
    here = city.vertices[chosen, :2]
    first = side * _left(here - city.vertices[before[chosen], :2])
    second = side * _left(city.vertices[after[chosen], :2] - here)
    meeting = first + second
    outward = meeting / np.maximum((meeting**2).sum(1, keepdims=True) / 2, SHARPEST)
    place = np.full(len(ring), -1)
    place[chosen] = np.arange(len(chosen))
    i, j = np.arange(len(chosen)), place[after[chosen]]
    count, rings = len(chosen), len(SKIRT)
    points = np.concatenate(
        [np.column_stack([here + w * outward, np.full(count, FOOT_LIFT)]) for w, _ in SKIRT]
    )
    faces = [
        np.column_stack(corners) + k * count
        for k in range(rings - 1)
        for corners in ((i, j, i + count), (j, j + count, i + count))
    ]
    dark = np.repeat([dark for _, dark in SKIRT], count)
    return points, np.concatenate(faces), dark, np.tile(chosen, rings)


@lru_cache(maxsize=1)  # `closed` and `edges` of a city follow each other
def _sides(
    city: City,
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64], NDArray[np.int32]]:
    """Each side of each ring: its first and last vertex, and the object it finally belongs to.

    The third array numbers the places of the vertices, to the centimetre.
    """
    start = np.arange(len(city.vertices))
    end = start + 1
    end[city.ring_starts[1:] - 1] = city.ring_starts[:-1]
    # three whole numbers in one, which sorts ten times as fast as rows of three
    cells = np.round(city.vertices * 100).astype(np.int64)
    cells -= cells.min(axis=0) if len(cells) else 0
    wide, deep = (int(cells[:, i].max(initial=0)) + 1 for i in (1, 2))
    _, place = np.unique((cells[:, 0] * wide + cells[:, 1]) * deep + cells[:, 2], return_inverse=True)
    lengths = np.diff(city.ring_starts)
    owner = roots(city)[city.surface_object[np.repeat(city.ring_surface, lengths)]]
    return start, end, place.reshape(-1), owner


def forget() -> None:
    """Lets go of what was worked out."""
    for work in (vertex_normals, surface_kinds, closed, _gaping, drawn_edges, foot_shade, _sides):
        work.cache_clear()


def _left(ways: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(ways, axis=1, keepdims=True)
    return np.column_stack([-ways[:, 1], ways[:, 0]]) / np.where(length > 0, length, 1.0)
