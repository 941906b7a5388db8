"""The file `*.view.json` beside a picture: all that makes it again, and what it was made of and with."""

from __future__ import annotations

import hashlib
import os
import platform
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from twin import __version__
from twin.errors import DataError
from twin.formats import state_json, strict_json
from twin.formats.atomic import replace_file
from twin.model.project import Project
from twin.model.sheet import Sheet

SUFFIX = ".view.json"
SCHEMA, VERSION = "twin-view", 1
MADE_WITH = ("vtk", "PySide6-Essentials", "numpy")
SMALL = 8 * 2**20
"""Smaller sources are read for the hash of a project; of larger ones size and recorded hash count. [byte]"""


@dataclass(frozen=True, slots=True)
class ViewFile:
    """What such a file says."""

    sheet: Sheet
    project: Path | None
    """The project file; None where the project was never saved."""
    hash: str
    """Of the project as it was."""
    origin: Path | None = None
    """The project that `project` is a copy of."""


def beside(picture: Path) -> Path:
    """The description of a picture."""
    return picture.with_name(picture.stem + SUFFIX)


def save(
    project: Project, sheet: Sheet, path: Path, *, origin: Path | None = None, copy: bool = False
) -> None:
    """Writes the description of a sheet. Raises DataError.

    origin: what to name as the project where it is not its own path; copy: both are named.
    """
    named = origin or project.path
    where: dict[str, Any] = {"name": project.name, "sha256": fingerprint(project)}
    if copy and project.path is not None:
        where["path"] = str(project.path)
        where["origin"] = str(origin) if origin is not None else ""
    elif named is not None:
        where["path"] = _relative(named, path.parent)
    tree = {
        "schema": SCHEMA,
        "version": VERSION,
        "project": where,
        "made_with": {
            "twin": __version__,
            "python": platform.python_version(),
            **{name: _version(name) for name in MADE_WITH},
        },
        "sheet": strict_json.laid_over(None, sheet, path),
    }
    replace_file(path, strict_json.dump(tree))


def load(path: Path, project: Project | None = None) -> ViewFile:
    """What a description says; times are in the zone of the project, if one is given. Raises DataError."""
    tree = strict_json.read(path)
    if not isinstance(tree, dict) or tree.get("schema") != SCHEMA:
        raise DataError(path, "schema", f"is not {SCHEMA}", "Choose a file that was saved beside a picture.")
    if tree.get("version") != VERSION:
        raise DataError(path, "version", f"is {tree.get('version')}", f"This program reads {VERSION}.")
    sheet = strict_json.convert(tree.get("sheet"), Sheet, path, at="sheet")
    for number, panel in enumerate(sheet.panels):
        state_json.check(panel.state, path, f"sheet.panels[{number}].state.")
    if project is not None:
        sheet = in_zone(sheet, project)
    where = tree.get("project")
    where = where if isinstance(where, dict) else {}
    named, origin = where.get("path"), where.get("origin")
    found = (path.parent / named).resolve() if isinstance(named, str) and named else None
    return ViewFile(
        sheet,
        found,
        str(where.get("sha256", "")),
        Path(origin) if isinstance(origin, str) and origin else None,
    )


def in_zone(sheet: Sheet, project: Project) -> Sheet:
    """The same sheet by the clock of the place."""
    zone = project.place.zone
    panels = tuple(replace(p, state=state_json.in_zone(p.state, zone)) for p in sheet.panels)
    return replace(sheet, panels=panels)


def fingerprint(project: Project) -> str:
    """SHA-256 over the content of a project: what it names, and its sources as they are."""
    found = hashlib.sha256()
    for source in sorted(project.sources, key=lambda source: source.id):
        found.update(f"{source.id}\0{source.attribution}\0".encode())
        path = source.path
        size = path.stat().st_size if path.is_file() else -1
        if 0 <= size <= SMALL:
            found.update(hashlib.sha256(path.read_bytes()).digest())
        else:
            found.update(f"{size}\0{source.sha256}\0".encode())
    for scenario in project.scenarios:
        found.update(f"{scenario.id}\0{scenario.title}\0{len(scenario.edits)}\0".encode())
    return found.hexdigest()


def _relative(path: Path, folder: Path) -> str:
    """So that both can be moved together; with / on every system."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another disk of Windows
        return str(path)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
