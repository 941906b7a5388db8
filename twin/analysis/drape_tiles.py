"""Lays very many triangles of a map on the ground tile by tile, on all processors or on other machines."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor

import numpy as np
from numpy.typing import NDArray

from twin.analysis.drape import Draped, Floats, drape_on, index_in, index_of
from twin.model.terrain import Relief

TILE = 1000.0
"""Side of a tile. [m]"""

Piece = tuple[Floats, NDArray[np.int32], Floats, NDArray[np.int32]]
"""Points and faces of the ground, corners and triangles of the map: all that a tile needs."""


def drape_tiles(
    relief: Relief, flat: Floats, triangles: NDArray[np.integer], executor: Executor, *, tile: float = TILE
) -> Draped:
    """What `drape` makes, in the same order of the triangles of the map, whoever works the tiles out.

    executor: any of concurrent.futures; each tile takes with it the ground below it and no more.
    """
    rows = list(_tiles(flat, triangles, tile))
    running = [executor.submit(drape_piece, _piece(relief, flat, triangles[some])) for some in rows]
    try:
        found = [each.result() for each in running]
    finally:
        for each in running:
            each.cancel()
    points, made, of = [np.empty((0, 3))], [np.empty((0, 3), np.int32)], [np.empty(0, np.int32)]
    known = 0
    for some, piece in zip(rows, found, strict=True):
        points.append(piece.points)
        made.append(piece.triangles + np.int32(known))
        of.append(some[piece.of].astype(np.int32))
        known += len(piece.points)
    whole, owner = np.concatenate(made), np.concatenate(of)
    # what comes later is drawn over what came before
    order = np.argsort(owner[whole[:, 0]], kind="stable")
    return Draped(np.concatenate(points), whole[order], owner)


def drape_piece(piece: Piece) -> Draped:
    """The triangles of one tile on its ground."""
    vertices, faces, flat, triangles = piece
    if not len(faces):
        return Draped(np.empty((0, 3)), np.empty((0, 3), np.int32), np.empty(0, np.int32))
    low, high = flat.min(axis=0).tolist(), flat.max(axis=0).tolist()
    index = index_in(vertices, faces, (low[0], low[1], high[0], high[1]), len(faces))
    return drape_on(vertices, faces, index, flat, triangles)


def _tiles(flat: Floats, triangles: NDArray[np.integer], tile: float) -> Iterator[NDArray[np.intp]]:
    """The triangles of each tile: those whose middle lies in it."""
    if not len(triangles):
        return
    middle = flat[triangles].mean(axis=1)
    column, row = np.floor((middle - middle.min(axis=0)) / tile).astype(np.int64).T
    number = row * (int(column.max()) + 1) + column
    order = np.argsort(number, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(number[order])) + 1)


def _piece(relief: Relief, flat: Floats, triangles: NDArray[np.integer]) -> Piece:
    corners, again = np.unique(triangles, return_inverse=True)
    mine = np.ascontiguousarray(flat[corners])
    low, high = mine.min(axis=0).tolist(), mine.max(axis=0).tolist()
    faces = relief.triangles[index_of(relief).within(low[0], low[1], high[0], high[1])]
    points, below = np.unique(faces, return_inverse=True)
    return (
        np.ascontiguousarray(relief.vertices[points]),
        below.reshape(-1, 3).astype(np.int32),
        mine,
        again.reshape(-1, 3).astype(np.int32),
    )
