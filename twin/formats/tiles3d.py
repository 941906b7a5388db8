"""Reads local 3D tilesets (1.0, 1.1) and single tiles, in a process of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from twin.errors import DataError
from twin.formats import mesh_city, mesh_parts, worker
from twin.formats.mesh_nearby import beside
from twin.formats.report import Report
from twin.model.city import City
from twin.model.place import Place
from twin.model.placement import NOWHERE, Placement

READ = 0.8
"""How much of the work is done when the files were read."""


def read(
    path: Path,
    *,
    place: Place | None = None,
    crs: str = "",
    placement: Placement = NOWHERE,
    pictures: Path,
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[City, Report]:
    """The objects of a tileset, and what was found and left out.

    Takes and means the same as `mesh.read`. Of tiles that replace each other the finest are read; only files
    in the folder of the tileset and below. Each row of a batch or property table is one object.
    """
    begun = time.perf_counter()
    size = path.stat().st_size + sum(status[1] for status in beside(path)) if path.is_file() else -1
    arrays, words = worker.run(
        "twin.formats.tiles3d_tree:read", path, {}, lambda done: progress(READ * done), size=size
    )
    parts = mesh_parts.unpack(arrays, words)
    if parts.crs and placement.at is not None:
        raise DataError(path, "", "says itself where it stands", "Leave out --at.")
    seconds = time.perf_counter() - begun
    found = mesh_city.make(path, parts, place, crs, placement, pictures, seconds)
    progress(1.0)
    return found
