"""Reads IFC by ifcopenshell, where that is installed, in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from twin.errors import DataError
from twin.formats import mesh_city, mesh_parts, worker
from twin.formats.report import Report
from twin.model.city import City
from twin.model.place import Place
from twin.model.placement import NOWHERE, Placement

READ = 0.9
"""How much of the work is done when the file was read."""
SLOW = 10.0
"""So many times longer than a plain file may it take: shapes have to be worked out."""


def read(
    path: Path,
    *,
    place: Place | None = None,
    crs: str = "",
    placement: Placement = NOWHERE,
    pictures: Path,
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[City, Report]:
    """The building elements of an IFC file, and what was found and left out.

    Takes and means the same as `mesh.read`. Each element is an object of its IFC class, named by its
    GlobalId, in its storey and building; openings are cut out. Raises DataError too where ifcopenshell is not
    installed.
    """
    if find_spec("ifcopenshell") is None:
        problem = "is IFC, and the library that reads it is not installed"
        raise DataError(path, "", problem, "Install it with: pip install twin[ifc]")
    begun = time.perf_counter()
    size = path.stat().st_size if path.is_file() else 0
    arrays, words = worker.run(
        "twin.formats.ifc_elements:read",
        path,
        {"own": placement.at is not None},
        lambda done: progress(READ * done),
        seconds=worker.seconds_for(size) * SLOW,
    )
    parts = mesh_parts.unpack(arrays, words)
    seconds = time.perf_counter() - begun
    found = mesh_city.make(path, parts, place, crs, placement, pictures, seconds)
    progress(1.0)
    return found
