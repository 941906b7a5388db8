"""Makes films and reports in a process of their own, from a copy of the project as it is now."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTemporaryDir

from twin.formats import project_file, save_project, state_json, strict_json
from twin.formats.atomic import replace_file
from twin.formats.save_scenarios import move_scenarios
from twin.model.project import Project
from twin.model.state import Bookmark, State
from twin.scene.film import Film

Progress = Callable[[float], None]


def start_film(
    project: Project,
    film: Film,
    path: Path,
    *,
    progress: Progress = lambda _fraction: None,
    parent: QObject | None = None,
) -> QProcess:
    """Starts making a film; on `finished` the exit code is 0, or the error output is one line for the user.

    Killing the process leaves no file. Raises DataError when a source lies on another disk than the copy.
    """
    views = tuple(Bookmark(f"view-{number}", "", camera) for number, camera in enumerate(film.views))
    copied = replace(project, bookmarks=views or project.bookmarks)
    given = ["--out", str(path.absolute())]
    return start(
        "film", copied, film.state, lambda state: [*arguments(film, state), *given], progress, parent
    )


def start(
    command: str,
    project: Project,
    state: State,
    options: Callable[[Path], list[str]],
    progress: Progress,
    parent: QObject | None,
) -> QProcess:
    """Starts a command on a copy of the project. options: of it, from the file that holds the state."""
    folder = QTemporaryDir()
    here = Path(folder.path())
    copy = here / "copy.twin.json"
    project_file.save(save_project.to_file(move_scenarios(project, here / "scenarios"), path=copy), copy)
    view = here / "state.json"
    replace_file(view, strict_json.dump(state_json.encode(state, path=view)))
    process = QProcess(parent)
    surroundings = QProcessEnvironment.systemEnvironment()
    for name in ("TMPDIR", "TEMP", "TMP"):  # pictures that a killed process leaves go with the folder
        surroundings.insert(name, folder.path())
    process.setProcessEnvironment(surroundings)
    process.setProgram(sys.executable)
    process.setArguments(["-m", "twin", command, str(copy), *options(view)])

    def read() -> None:
        for line in bytes(process.readAllStandardOutput().data()).decode(errors="replace").splitlines():
            if line.startswith("progress: "):
                progress(float(line.removeprefix("progress: ")))

    process.readyReadStandardOutput.connect(read)
    # the folder lives as long as the process, which reads it
    process.finished.connect(lambda *_: folder.remove())
    process.start()
    return process


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
