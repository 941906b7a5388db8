"""Makes a film in a process of its own: what the command is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QProcess

from twin.app.export_process import Copied, Progress, start
from twin.model.project import Project
from twin.model.state import Bookmark
from twin.scene.film import Film


def start_film(
    project: Project,
    film: Film,
    path: Path,
    *,
    progress: Progress = lambda _fraction: None,
    parent: QObject | None = None,
) -> QProcess:
    """Starts making a film, as `export_process.start` does."""
    views = tuple(Bookmark(f"view-{number}", "", camera) for number, camera in enumerate(film.views))
    copied = replace(project, bookmarks=views or project.bookmarks)

    def options(copy: Copied) -> list[str]:
        return [str(copy.path), *arguments(film, copy.state(film.state)), "--out", str(path.absolute())]

    return start("film", copied, options, progress=progress, parent=parent)


def arguments(film: Film, state: Path) -> list[str]:
    """What makes `twin film` make the same film; the views are the bookmarks of its project."""
    hours = [] if film.hours is None else ["--hours", f"{film.hours[0]:g}-{film.hours[1]:g}"]
    return [
        *("--kind", film.kind, "--state", str(state), "--progress"),
        *("--frames", str(film.frames), "--fps", f"{film.rate:g}", "--pause", f"{film.pause:g}"),
        *("--size", f"{film.size[0]}x{film.size[1]}"),
        *(("--with", film.after) if film.after else ()),
        *hours,
        *(("--shadows", film.shadows) if film.shadows else ()),
        *(("--plain",) if film.plain else ()),
    ]
