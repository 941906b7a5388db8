"""Reads CityGML 1.0, 2.0 and 3.0."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from twin.formats import citygml_tree, machine_code
from twin.formats.report import Report
from twin.formats.stoppable import stoppable
from twin.model.city import City
from twin.model.place import Place

LARGE = 400 << 20
"""Walking through the element tree of such a file takes longer than to compile what need not. [byte]"""
SMALL = 8 << 20
"""Walking through the element tree of such a file takes no longer than to load what need not. [byte]"""


def read(
    path: Path,
    *,
    place: Place | None = None,
    crs: str = "",
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[City, Report]:
    """The city in a CityGML file (plain or gzip), and what was found and left out.

    Takes, means and raises the same as `citygml_tree.read`. It is scanned where that is faster, and read
    again through its element tree where the scan has any doubt.
    """
    if machine_code.is_worth_it(path, SMALL, LARGE):
        # to load the machine code takes a second without any progress
        found = stoppable(lambda told: _scanned(path, place, crs, told), progress)
        if found:
            return found
    return citygml_tree.read(path, place=place, crs=crs, progress=progress)


def _scanned(
    path: Path, place: Place | None, crs: str, progress: Callable[[float], None]
) -> tuple[City, Report] | None:
    """None: the tree can tell what is wrong, or that nothing is."""
    from twin.formats import citygml_fast
    from twin.formats.citygml_grammar import DoubtError

    threads = min(2, os.cpu_count() or 1)
    try:
        return citygml_fast.read(path, place=place, crs=crs, progress=progress, threads=threads)
    except DoubtError:
        return None
