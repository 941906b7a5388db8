"""Reads CityGML 1.0, 2.0 and 3.0."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from twin.formats import citygml_tree
from twin.formats.report import Report
from twin.model.city import City
from twin.model.place import Place


def read(
    path: Path,
    *,
    place: Place | None = None,
    crs: str = "",
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[City, Report]:
    """The city in a CityGML file (plain or gzip), and what was found and left out.

    Takes, means and raises the same as `citygml_tree.read`.
    """
    return citygml_tree.read(path, place=place, crs=crs, progress=progress)
