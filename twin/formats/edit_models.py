"""Reads the models that edits set up, each once, in a process of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from twin.errors import DataError
from twin.formats import cache
from twin.formats.mesh_place import SIZE
from twin.formats.model_suffixes import IFC, MESHES
from twin.formats.project_file import source_path
from twin.model.city import City
from twin.model.place import Place
from twin.model.placement import Placement
from twin.model.project import Project
from twin.model.scenario import AddModel, Edit

SUFFIXES = (*MESHES, *IFC)
"""Of the files that can be set up."""
MOST_TRIANGLES = 2_000_000
"""More is a city, and not something that stands in one."""
Progress = Callable[[float], None]


def solid_of(path: Path, place: Place, progress: Progress = lambda _: None) -> City:
    """The model in a file, its middle at 0, 0 and its lowest point at 0, in metres with z up.

    Where a file says that it stands does not matter. Raises DataError: not readable, empty, too large.
    """
    return solid_and_guess(path, place, progress)[0]


def solid_and_guess(path: Path, place: Place, progress: Progress = lambda _: None) -> tuple[City, bool]:
    """The same, and whether its unit had to be guessed because the file does not say it."""
    if path.suffix.lower() not in SUFFIXES:
        kinds = ", ".join(SUFFIXES)
        raise DataError(path, "", "is no model that can be set up", f"Choose a file of {kinds}.")
    city, report = cache.city(path, place, progress, placement=Placement(at=place.origin))
    if not len(city.triangles):
        raise DataError(path, "", "holds no surface", "Export it again, with its faces.")
    if len(city.triangles) > MOST_TRIANGLES:
        count = f"{len(city.triangles):,} triangles"
        raise DataError(path, "", f"has {count}", f"Simplify it to {MOST_TRIANGLES:,} or fewer.")
    low, high = city.vertices.min(axis=0), city.vertices.max(axis=0)
    middle = np.array([*(low + high)[:2] / 2, low[2]])
    guessed = any(SIZE in notice for notice in report.notices)
    return replace(city, vertices=city.vertices - middle), guessed


def with_models(project: Project) -> tuple[Project, tuple[str, ...]]:
    """The project with the models of its edits read, and what is wrong with those that could not be."""
    found: dict[str, City | str] = {}
    for scenario in project.scenarios:
        for edit in scenario.edits:
            if isinstance(edit, AddModel) and edit.solid is None and edit.path not in found:
                found[edit.path] = _read(project, edit.path)
    solids = {path: solid for path, solid in found.items() if isinstance(solid, City)}
    return given(project, solids), tuple(text for text in found.values() if isinstance(text, str))


def given(project: Project, solids: Mapping[str, City]) -> Project:
    """The project with these models, by the path that edits name, in the edits that lack them."""
    if not solids:
        return project
    scenarios = tuple(
        replace(one, edits=tuple(_given(edit, solids) for edit in one.edits)) for one in project.scenarios
    )
    return replace(project, scenarios=scenarios)


def _given(edit: Edit, solids: Mapping[str, City]) -> Edit:
    if isinstance(edit, AddModel) and edit.solid is None and edit.path in solids:
        return replace(edit, solid=solids[edit.path])
    return edit


def _read(project: Project, path: str) -> City | str:
    if project.path is None:
        return f"{path}: the project is not saved, so that it is not known where the model lies."
    try:
        return solid_of(source_path(project.path, path, "path"), project.place)
    except DataError as error:
        return str(error)


def relative(path: Path, project_path: Path) -> str:
    """How an edit names a file. Raises DataError for a file on another disk."""
    try:
        found = os.path.relpath(path.resolve(), project_path.resolve().parent)
    except ValueError as error:
        raise DataError(path, "", "lies on another disk than the project", "Copy it beside it.") from error
    return Path(found).as_posix()
