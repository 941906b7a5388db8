"""The small shapes of trees, lamps, benches and stops, one unit tall, made of a few triangles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkPolyData

from twin.render.arrays import mesh, set_normals


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """One piece of a shape, in one colour."""

    data: vtkPolyData
    colour: str
    tinted: bool = False
    """Takes the layer's colour instead of its own."""


def crown(rings: int = 4, sides: int = 6) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A slightly egg-shaped ball, radius ½, from height 0 to 1."""
    points = [(0.0, 0.0, 0.0)]
    for ring in range(1, rings):
        up = 0.5 - 0.5 * np.cos(np.pi * ring / rings)
        radius = 0.5 * np.sin(np.pi * ring / rings) ** 0.8 * (1.06 - 0.22 * up)
        for side in range(sides):
            turn = 2 * np.pi * (side + 0.5 * (ring % 2)) / sides
            points.append((radius * np.cos(turn), radius * np.sin(turn), up))
    points.append((0.0, 0.0, 1.0))
    return np.array(points), _rings(rings - 1, sides)


def cone(sides: int = 7) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A pointed crown, radius ½, from height 0 to 1."""
    turn = 2 * np.pi * np.arange(sides) / sides
    foot = np.column_stack([0.5 * np.cos(turn), 0.5 * np.sin(turn), np.full(sides, 0.04)])
    return np.vstack([[(0.0, 0.0, 0.0)], foot, [(0.0, 0.0, 1.0)]]), _rings(1, sides)


def box(
    east: tuple[float, float], north: tuple[float, float], up: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A box between these limits."""
    corners = np.array([(x, y, z) for z in up for x, y in zip(_round(east), _square(north), strict=True)])
    sides = [(i, (i + 1) % 4, 4 + (i + 1) % 4) for i in range(4)]
    sides += [(i, 4 + (i + 1) % 4, 4 + i) for i in range(4)]
    return corners, np.array([*sides, (4, 5, 6), (4, 6, 7), (0, 2, 1), (0, 3, 2)])


def post(radius: float, low: float, high: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A three-sided post without ends, which nobody sees and everybody pays for."""
    turn = 2 * np.pi * np.arange(3) / 3
    around = np.column_stack([radius * np.cos(turn), radius * np.sin(turn)])
    points = np.vstack([np.column_stack([around, np.full(3, z)]) for z in (low, high)])
    faces = [face for i in range(3) for j in ((i + 1) % 3,) for face in ((i, j, 3 + j), (i, 3 + j, 3 + i))]
    return points, np.array(faces, dtype=np.int64)


def _round(limits: tuple[float, float]) -> tuple[float, ...]:
    return limits[0], limits[1], limits[1], limits[0]


def _square(limits: tuple[float, float]) -> tuple[float, ...]:
    return limits[0], limits[0], limits[1], limits[1]


def _rings(count: int, sides: int) -> NDArray[np.int64]:
    """Triangles of a closed body: bottom point, `count` rings of `sides` points, top point."""
    last = 1 + count * sides
    faces = []
    for i in range(sides):
        j = (i + 1) % sides
        faces.append((0, 1 + j, 1 + i))
        for ring in range(count - 1):
            a, b = 1 + ring * sides, 1 + (ring + 1) * sides
            faces += [(a + i, a + j, b + i), (a + j, b + j, b + i)]
        top = 1 + (count - 1) * sides
        faces.append((top + i, top + j, last))
    return np.array(faces, dtype=np.int64)


def _body(points: NDArray[np.float64], faces: NDArray[np.int64]) -> vtkPolyData:
    """A shape whose faces share their corners: each is paid for once, and the light runs softly over it."""
    data = mesh(points, faces)
    a, b, c = points[faces[:, 0]], points[faces[:, 1]], points[faces[:, 2]]
    across = np.cross(b - a, c - a)
    normals = np.zeros_like(points)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], across)
    set_normals(data, normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12))
    return data


def _raised(
    shape: tuple[NDArray[np.float64], NDArray[np.int64]], low: float, high: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    points, faces = shape
    return points * np.array([1.0, 1.0, high - low]) + np.array([0.0, 0.0, low]), faces


def tree() -> tuple[Part, ...]:
    """A broad-leaved tree: crown 1 wide, tip at height 1."""
    return (
        Part(_body(*post(0.045, 0.0, 0.4)), "#9a8468"),
        Part(_body(*_raised(crown(), 0.24, 1.0)), "#93b27c", tinted=True),
    )


def conifer() -> tuple[Part, ...]:
    """A needle tree: crown 1 wide, tip at height 1."""
    return (
        Part(_body(*post(0.05, 0.0, 0.2)), "#8d7459"),
        Part(_body(*_raised(cone(), 0.12, 1.0)), "#6f9476"),
    )


def lamp() -> tuple[Part, ...]:
    """A street lamp: a post and a head."""
    return (
        Part(_body(*post(0.12, 0.0, 1.0)), "#77797c"),
        Part(_body(*box((-0.45, 0.45), (-0.2, 0.2), (0.965, 1.0))), "#e0b64a"),
    )


def bench() -> tuple[Part, ...]:
    """A seat with a back."""
    return (
        Part(_body(*box((-0.5, 0.5), (-0.15, 0.15), (0.42, 0.52))), "#b08a5e"),
        Part(_body(*box((-0.5, 0.5), (0.11, 0.15), (0.52, 1.0))), "#b08a5e"),
    )


def stop() -> tuple[Part, ...]:
    """A post with a sign."""
    return (
        Part(_body(*post(0.05, 0.0, 1.0)), "#777777"),
        Part(_body(*box((-0.35, 0.35), (-0.06, 0.06), (0.75, 1.0))), "#2f6fb0", tinted=True),
    )


def block() -> tuple[Part, ...]:
    """A low block, for whatever has no shape of its own."""
    return (Part(_body(*box((-0.5, 0.5), (-0.5, 0.5), (0.0, 1.0))), "#d9822b", tinted=True),)


def portal() -> tuple[Part, ...]:
    """A gate to walk through, as at the mouth of a stair to the underground."""
    pieces = (
        box((-0.5, -0.38), (-0.3, 0.3), (0.0, 0.84)),
        box((0.38, 0.5), (-0.3, 0.3), (0.0, 0.84)),
        box((-0.5, 0.5), (-0.3, 0.3), (0.84, 1.0)),
    )
    return tuple(Part(_body(*piece), "#d9822b", tinted=True) for piece in pieces)


def pin() -> tuple[Part, ...]:
    """A drop on a needle, as on maps."""
    return (
        Part(_body(*post(0.06, 0.0, 0.5)), "#777777"),
        Part(_body(*_raised(crown(rings=3, sides=6), 0.45, 1.0)), "#d9822b", tinted=True),
    )


def plate() -> tuple[Part, ...]:
    """A flat square on the ground."""
    return (Part(_body(*box((-0.5, 0.5), (-0.5, 0.5), (0.0, 0.05))), "#ffffff", tinted=True),)


SHAPES: dict[str, tuple[Callable[[], tuple[Part, ...]], float, float]] = {
    "tree": (tree, 5.0, 8.0),
    "conifer": (conifer, 4.0, 10.0),
    "lamp": (lamp, 1.0, 6.0),
    "bench": (bench, 1.8, 0.9),
    "stop": (stop, 1.2, 3.0),
    "entrance": (portal, 3.2, 2.8),
    "crossing": (plate, 2.5, 0.6),
    "pin": (pin, 1.6, 4.0),
    "": (block, 1.0, 2.5),
}
"""Name to shape, its width and its height where no attribute says them. [m]"""
