"""Writes the scenarios of a project into their files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from twin.errors import DataError
from twin.formats import scenario_file
from twin.formats.atomic import put_away
from twin.formats.sources import id_for, kind_of
from twin.model.project import Project, Source
from twin.model.scenario import Scenario

FOLDER = "scenarios"
"""Beside a project that has no folder of scenarios yet."""


def save_scenarios(project: Project, *, gone: Iterable[str] = ()) -> tuple[Project, tuple[Path, ...]]:
    """Write every scenario that differs from its file; returns the project and the files written.

    New ones go into the first folder of scenarios that the project names; where it names none, into a folder
    beside the project, which is then one of its sources: the project file has to be saved after that.
    gone: ids of scenarios that were deleted; their files go to `.backups`.
    Raises DataError when a file cannot be written; ValueError when the project has no file yet.

    """
    if project.path is None:
        raise ValueError("a project that has no file yet has no place for scenarios")
    files = _files(project)
    written = []
    for scenario in project.scenarios:
        path = files.get(scenario.id)
        if path is None:
            if scenario == scenario_file.TODAY:
                continue
            project, folder = _home(project)
            path = folder / f"{scenario.id}{scenario_file.SUFFIXES[0]}"
        if not _same(scenario, path, project):
            scenario_file.write(scenario, path, project.place, whole=False)
            written.append(path)
    for name in gone:
        if name in files and name not in {scenario.id for scenario in project.scenarios}:
            put_away(files[name])
            written.append(files[name])
    return project, tuple(written)


def move_scenarios(project: Project, folder: Path) -> Project:
    """Write every scenario into a folder, made where it is not there; the project then has them from it.

    For a project that goes elsewhere, under another name or as a copy, with the files it came from left as
    they are. Raises DataError when a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            folder, "", f"cannot be made: {error.strerror}", "Save the project elsewhere."
        ) from error
    for scenario in project.scenarios:
        path = folder / f"{scenario.id}{scenario_file.SUFFIXES[0]}"
        scenario_file.write(scenario, path, project.place, whole=False)
    others = tuple(source for source in project.sources if not _holds_scenarios(source))
    # not the id of a folder it had before, whose path the project file knows
    found = Source(id_for(folder, None, (one.id for one in project.sources)), folder.resolve(), -1, "", "")
    return replace(project, sources=(*others, found))


def with_scenarios_of(project: Project, saved: Project) -> Project:
    """A project with its scenarios in the files of another, as for an earlier step after a later is saved."""
    others = tuple(source for source in project.sources if not _holds_scenarios(source))
    return replace(project, sources=(*others, *(one for one in saved.sources if _holds_scenarios(one))))


def _holds_scenarios(source: Source) -> bool:
    path = source.path
    return path.is_dir() or (
        path.suffix.lower() in scenario_file.SUFFIXES and path.is_file() and kind_of(path) == "scenarios"
    )


def _files(project: Project) -> dict[str, Path]:
    """The files that hold scenarios now, by id."""
    found: dict[str, Path] = {}
    for source in project.sources:
        if not _holds_scenarios(source):
            continue
        names = sorted(source.path.iterdir()) if source.path.is_dir() else [source.path]
        for path in names:
            if path.suffix.lower() in scenario_file.SUFFIXES and path.is_file():
                found.setdefault(path.stem, path)
    return found


def _home(project: Project) -> tuple[Project, Path]:
    for source in project.sources:
        if source.path.is_dir():
            return project, source.path
    assert project.path is not None
    folder = project.path.resolve().parent / FOLDER
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise DataError(
            folder, "", f"cannot be made: {error.strerror}", "Save the project elsewhere."
        ) from error
    source = Source(id_for(folder, None, (one.id for one in project.sources)), folder, -1, "", "")
    return replace(project, sources=(*project.sources, source)), folder


def _same(scenario: Scenario, path: Path, project: Project) -> bool:
    """Whether the file says the same, to the precision it keeps."""
    if not path.is_file():
        return False
    try:
        there = scenario_file.read(path, project.place)
    except DataError:
        return False
    return scenario_file.text_of(there, project.place) == scenario_file.text_of(scenario, project.place)
