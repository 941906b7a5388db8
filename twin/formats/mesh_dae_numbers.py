"""Turns the numbers of COLLADA into corners of faces and into matrices."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from lxml import etree
from numpy.typing import NDArray

Element = etree._Element
Matrix = NDArray[np.float64]
Table = NDArray[np.int64]
"""A row for each corner: where it is, and where it lies in a picture …"""


class Fault(Exception):
    """Something in the file that cannot be used; the rest may be."""


def _triangles(_group: Element, rows: list[Table], step: int) -> tuple[Table, Table]:
    table = np.concatenate([np.zeros((0, step), np.int64), *rows])
    table = table[: len(table) // 3 * 3]
    return table, np.full(len(table) // 3, 3)


def _polylist(group: Element, rows: list[Table], step: int) -> tuple[Table, Table]:
    lengths = ints(group.findtext("{*}vcount"))
    table = np.concatenate([np.zeros((0, step), np.int64), *rows])
    if (lengths < 0).any() or int(lengths.sum()) != len(table):
        raise Fault(f"its vcount asks for {int(lengths.sum())} corners, and it has {len(table)}")
    return table, lengths


def _polygons(_group: Element, rows: list[Table], step: int) -> tuple[Table, Table]:
    return np.concatenate([np.zeros((0, step), np.int64), *rows]), np.array(
        [len(row) for row in rows], np.int64
    )


def _strips(_group: Element, rows: list[Table], step: int) -> tuple[Table, Table]:
    found = []
    for row in rows:
        at = np.arange(max(len(row) - 2, 0))
        found.append(row[np.column_stack([at + at % 2, at + 1 - at % 2, at + 2]).ravel()])
    table = np.concatenate([np.zeros((0, step), np.int64), *found])
    return table, np.full(len(table) // 3, 3)


def _fans(_group: Element, rows: list[Table], step: int) -> tuple[Table, Table]:
    found = []
    for row in rows:
        at = np.arange(max(len(row) - 2, 0))
        found.append(row[np.column_stack([0 * at, at + 1, at + 2]).ravel()])
    table = np.concatenate([np.zeros((0, step), np.int64), *found])
    return table, np.full(len(table) // 3, 3)


LAID_OUT = {
    "triangles": _triangles,
    "polylist": _polylist,
    "polygons": _polygons,
    "tristrips": _strips,
    "trifans": _fans,
}
"""Corners of triangles and polygons (their table, and how many each has), by the kind of group."""


def _matrix(numbers: NDArray[np.float64]) -> Matrix:
    return numbers.reshape(4, 4)


def _translate(numbers: NDArray[np.float64]) -> Matrix:
    found = np.eye(4)
    found[:3, 3] = numbers[:3]
    return found


def _scale(numbers: NDArray[np.float64]) -> Matrix:
    return np.diag([*numbers[:3], 1.0])


def _rotate(numbers: NDArray[np.float64]) -> Matrix:
    """About an axis, by an angle. [deg]"""
    axis, angle = numbers[:3], math.radians(numbers[3])
    length = float(np.linalg.norm(axis))
    if not length > 0:
        raise Fault("its axis has no length")
    x, y, z = axis / length
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    found = np.eye(4)
    found[:3, :3] += math.sin(angle) * cross + (1 - math.cos(angle)) * (cross @ cross)
    return found


STEPS: dict[str, Callable[[NDArray[np.float64]], Matrix]] = {
    "matrix": _matrix,
    "translate": _translate,
    "scale": _scale,
    "rotate": _rotate,
}
"""The matrix (4, 4) of each kind of transformation."""


def floats(text: str | None) -> NDArray[np.float64]:
    """Numbers with spaces between them. Raises ValueError for what is none."""
    # float() knows NaN and INF as XML writes them; what they touch is left out later
    return np.array((text or "").split(), dtype=np.float64)


def ints(text: str | None) -> NDArray[np.int64]:
    """Whole numbers with spaces between them. Raises ValueError and OverflowError."""
    return np.array((text or "").split(), dtype=np.int64)


def whole(text: str | None, default: int) -> int:
    """One whole number. Raises ValueError."""
    return default if text is None else int(text)
