"""Cuts a city along an upright or sloping plane, as a drawing of a section shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.model.city import City, roots, triangle_object
from twin.model.triangulate import triangulate

Point = tuple[float, float, float]
Floats = NDArray[np.float64]
GRAIN = 1e-3
"""Ends of lines that are no farther apart meet. [m]"""
SMALLEST = 0.05
"""Faces that are smaller come from walls that the plane runs along. [m²]"""


@dataclass(frozen=True, eq=False, slots=True)
class Cut:
    """What the plane runs through, in space."""

    points: Floats
    """(n, 3), corners of the faces. [m]"""
    triangles: NDArray[np.int32]
    """(m, 3), rows of `points`."""
    outline: Floats
    """(2 k, 3), every two points a line around a face. [m]"""
    hatching: Floats
    """(2 k, 3), slanting lines over the faces. [m]"""
    area: float
    """Of all faces. [m²]"""


def cut(
    city: City,
    point: Point,
    normal: Point,
    spacing: float,
    *,
    progress: Callable[[float], None] = lambda _fraction: None,
) -> Cut:
    """The faces where a plane runs through the objects of a city.

    point: on the plane [m]; normal: across it, of any length; spacing: between the lines of the hatching [m].
    Each building is cut by itself; one whose surface has holes leaves what closes of it.
    """
    across = np.asarray(normal) / np.linalg.norm(normal)
    axes = _axes(across)
    ends, owner = _crossings(city, np.asarray(point), across)
    progress(0.3)
    flat = np.round((ends - np.asarray(point)) @ axes.T / GRAIN) * GRAIN
    faces: list[shapely.Polygon] = []
    for rows in _groups(owner):
        lines = shapely.linestrings(flat[rows])
        area = shapely.build_area(shapely.union_all(lines[shapely.length(lines) > 0]))
        faces += [face for face in shapely.get_parts(area) if face.area > SMALLEST]
    progress(0.7)

    def back(places: Floats) -> Floats:
        return np.asarray(places @ axes + np.asarray(point))

    points, triangles, outline, count = [], [], [], 0
    for face in faces:
        rings = [np.asarray(ring.coords)[:-1] for ring in (face.exterior, *face.interiors)]
        corners = [np.column_stack([ring, np.zeros(len(ring))]) for ring in rings]
        triangles.append(triangulate(corners) + count)
        points.append(back(np.concatenate(rings)))
        count += len(points[-1])
        outline += [back(np.stack([ring, np.roll(ring, -1, 0)], 1).reshape(-1, 2)) for ring in rings]
    stripes = _stripes(faces, spacing)
    progress(1.0)
    return Cut(
        np.concatenate(points) if points else np.zeros((0, 3)),
        np.concatenate(triangles).astype(np.int32) if triangles else np.zeros((0, 3), np.int32),
        np.concatenate(outline) if outline else np.zeros((0, 3)),
        back(stripes),
        float(sum(face.area for face in faces)),
    )


def _axes(across: Floats) -> Floats:
    """Two directions in the plane, the first level: (2, 3)."""
    level = np.cross((0.0, 0.0, 1.0), across)
    level = level / np.linalg.norm(level) if np.linalg.norm(level) > 1e-9 else np.array([1.0, 0.0, 0.0])
    return np.stack([level, np.cross(across, level)])


def _crossings(city: City, point: Floats, across: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Where triangles meet the plane: both ends (n, 2, 3), and the building each belongs to."""
    away = (city.vertices - point) @ across
    away = np.where(np.abs(away) < GRAIN / 4, GRAIN / 4, away)  # no corner lies on the plane itself
    above = away[city.triangles] > 0
    hit = np.flatnonzero(above.any(axis=1) & ~above.all(axis=1))
    corners, sides = city.triangles[hit], above[hit]
    alone = np.where(sides.sum(axis=1) == 1, sides.argmax(axis=1), (~sides).argmax(axis=1))
    row = np.arange(len(hit))
    first = corners[row, alone]
    ends = []
    for step in (1, 2):
        other = corners[row, (alone + step) % 3]
        part = away[first] / (away[first] - away[other])
        ends.append(city.vertices[first] + part[:, None] * (city.vertices[other] - city.vertices[first]))
    owner = np.asarray(roots(city)[triangle_object(city)[hit]], dtype=np.intp)
    return np.asarray(np.stack(ends, axis=1)), owner


def _groups(owner: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    order = np.argsort(owner, kind="stable")
    return [rows for rows in np.split(order, np.flatnonzero(np.diff(owner[order])) + 1) if len(rows)]


def _stripes(faces: list[shapely.Polygon], spacing: float) -> Floats:
    """Lines at 45° over all faces, every two points one: (2 k, 2)."""
    if not faces:
        return np.zeros((0, 2))
    west, south, east, north = shapely.total_bounds(faces)
    tall = north - south
    starts = np.arange(np.floor((west - tall) / spacing) * spacing, east, spacing * np.sqrt(2))
    low = np.column_stack([starts, np.full(len(starts), south)])
    high = np.column_stack([starts + tall, np.full(len(starts), north)])
    ends = np.stack([low, high], axis=1)
    lines = np.asarray(shapely.linestrings(ends), dtype=object)
    tree = shapely.STRtree(lines)
    face, line = tree.query(faces, predicate="intersects")
    found = shapely.get_parts(shapely.intersection(lines[line], np.array(faces, dtype=object)[face]))
    found = found[shapely.get_type_id(found) == shapely.GeometryType.LINESTRING]
    return np.asarray(shapely.get_coordinates(found)).reshape(-1, 2)
