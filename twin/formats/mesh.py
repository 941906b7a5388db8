"""Reads meshes: OBJ, PLY, STL, OFF, GLB, glTF and DAE, in a process of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from twin.formats import mesh_city, mesh_parts, worker
from twin.formats.report import Report
from twin.model.city import City
from twin.model.place import Place
from twin.model.placement import NOWHERE, Placement

READ = 0.8
"""How much of the work is done when the file was read."""


def read(
    path: Path,
    *,
    place: Place | None = None,
    crs: str = "",
    placement: Placement = NOWHERE,
    pictures: Path,
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[City, Report]:
    """The objects of a mesh, and what was found and left out.

    place: of the project; None: one of its own. crs: `EPSG:code` of the coordinates. placement: where it
    stands, its unit and axis, as the user says. pictures: a folder for those inside of the file.
    Triangles stay triangles. Raises DataError: not readable, empty, or placed where nothing can be.
    """
    begun = time.perf_counter()
    arrays, words = worker.run("twin.formats.mesh_files:read", path, {}, lambda done: progress(READ * done))
    parts = mesh_parts.unpack(arrays, words)
    seconds = time.perf_counter() - begun
    found = mesh_city.make(path, parts, place, crs, placement, pictures, seconds)
    progress(1.0)
    return found
