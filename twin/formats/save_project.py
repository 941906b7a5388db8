"""Makes a project file of an open project, and mends the paths of one."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import msgspec

from twin.errors import DataError
from twin.formats import project_file
from twin.formats.project_file import Content, PlaceEntry, ProjectFile, SourceEntry
from twin.formats.sources import Kind, kind_of, layer_in
from twin.model.project import Project, Source
from twin.model.state import State


def to_file(project: Project, state: State | None = None, *, path: Path | None = None) -> ProjectFile:
    """The project as a file content, for `project_file.save(…, path)`.

    What the file on disk says beyond the model, and what this version does not know of, stays.
    state: becomes the saved view.
    path: where it will be saved; None: where it was opened from. Paths of sources are relative to it.
    Raises DataError when a source lies on another disk than the project.
    """
    target = path or project.path
    if target is None:
        raise ValueError("a project that has no file yet needs a path")
    base = project_file.load(project.path) if project.path is not None else _fresh(project)
    folder = target.resolve().parent
    moved = project.path is None or folder != project.path.resolve().parent
    entries = {entry.id: entry for entry in base.content.sources}
    bookmarks = {bookmark.id: bookmark for bookmark in project.bookmarks}
    home = bookmarks.pop("home", None)
    content = msgspec.structs.replace(
        base.content,
        name=project.name,
        sources=tuple(
            _entry(source, entries.get(source.id), project, folder, moved) for source in project.sources
        ),
        home=base.content.home if home is None else home.camera,
        bookmarks=tuple(bookmarks.values()),
        view=base.content.view if state is None else state,
        scenario_order=_order(project, base.content.scenario_order),
        feeds=project.feeds,
    )
    return replace(base, content=content, path=target)


def relink(path: Path, source_id: str, new_path: Path) -> ProjectFile:
    """Lets a source, and all others in the same file, point to another file, and saves the project file.

    Raises DataError: no such source, read-only project, missing file, or one on another disk.
    """
    file = project_file.load(path)
    old = {entry.id: entry.path for entry in file.content.sources}
    if source_id not in old:
        raise DataError(path, "sources", f"has no {source_id!r}", f"Choose one of {', '.join(old)}.")
    text = relative(new_path, path.resolve().parent)
    project_file.source_path(path, text, f"source {source_id}")
    size, sha256 = project_file.fingerprint(new_path)
    sources = tuple(
        msgspec.structs.replace(entry, path=text, size=size, sha256=sha256)
        if entry.path == old[source_id]
        else entry
        for entry in file.content.sources
    )
    made = replace(file, content=msgspec.structs.replace(file.content, sources=sources))
    project_file.save(made, path)
    return made


def relative(path: Path, folder: Path) -> str:
    """A path as a project file in `folder` writes it. Raises DataError when there is no way from there."""
    try:
        text = Path(os.path.relpath(path.resolve(), folder)).as_posix()
    except ValueError as error:
        raise DataError(
            path, "", "is on another disk than the project", "Copy it beside the project."
        ) from error
    problem = project_file.path_problem(text)
    if problem:
        raise DataError(path, "", problem, "Rename it.")
    return text


def _order(project: Project, before: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of all scenarios, where they are listed otherwise than a folder is; what a file says stays."""
    order = tuple(scenario.id for scenario in project.scenarios)
    usual = sorted(project.scenarios, key=lambda s: (s.id != "today", bool(s.parents), f"{s.id}.geojson"))
    return order if before or order != tuple(one.id for one in usual) else ()


def _fresh(project: Project) -> ProjectFile:
    place = project.place
    entry = PlaceEntry(
        origin=place.origin,
        longitude=place.longitude,
        latitude=place.latitude,
        timezone=place.timezone,
        height_system=place.height_system,
    )
    return ProjectFile(Content(name=project.name, crs=place.crs, place=entry))


def _kind(source: Source, project: Project) -> Kind:
    """What a source is to the project; the ground is what the user said it is."""
    ground = project.terrain
    return "terrain" if ground is not None and source.id in ground.sources else kind_of(source.path)


def _entry(
    source: Source, known: SourceEntry | None, project: Project, folder: Path, moved: bool
) -> SourceEntry:
    if known is not None and not moved:
        entry = known
    else:
        path = relative(source.path, folder)
        entry = (
            msgspec.structs.replace(known, path=path)
            if known is not None
            else SourceEntry(id=source.id, path=path, kind=_kind(source, project), layer=layer_in(source.id))
        )
    entry = msgspec.structs.replace(
        entry,
        size=source.size,
        sha256=source.sha256,
        attribution=source.attribution,
        placement=source.placement,
    )
    untitled = known is not None and not known.title  # the reader gave it a title, not the user
    for layer in project.layers:
        if layer.id == source.id:
            entry = msgspec.structs.replace(
                entry, title="" if untitled else layer.title, role=layer.role, style=layer.style
            )
    for raster in project.rasters:
        if raster.id == source.id and not untitled:
            entry = msgspec.structs.replace(entry, title=raster.title)
    if project.terrain is not None and project.terrain.id == source.id and not untitled:
        entry = msgspec.structs.replace(entry, title=project.terrain.title)
    return entry
