"""Makes a sheet in a process of its own, from a copy of the project as it is now, saved or not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTemporaryDir

from twin.formats import project_file, save_project, view_file
from twin.formats.save_scenarios import move_scenarios
from twin.model.project import Project
from twin.model.sheet import Sheet


def start_export(
    project: Project,
    sheet: Sheet,
    path: Path,
    *,
    beside: bool = True,
    progress: Callable[[float], None] = lambda _fraction: None,
    parent: QObject | None = None,
) -> QProcess:
    """Starts making a sheet; on `finished` the exit code is 0, or the error output is one line for the user.

    Killing the process leaves no file. Raises DataError when a source lies on another disk than the copy.
    """
    folder = QTemporaryDir()
    copy = Path(folder.path()) / "export.twin.json"
    moved = move_scenarios(project, Path(folder.path()) / "scenarios")
    project_file.save(save_project.to_file(moved, path=copy), copy)
    order = Path(folder.path()) / "order.view.json"
    view_file.save(replace(moved, path=copy), sheet, order, origin=project.path, copy=True)
    process = QProcess(parent)
    process.setProgram(sys.executable)
    process.setArguments(
        [
            *("-m", "twin", "render", "--from", str(order), "--out", str(path.absolute()), "--progress"),
            *([] if beside else ["--no-sidecar"]),
        ]
    )

    def read() -> None:
        for line in bytes(process.readAllStandardOutput().data()).decode(errors="replace").splitlines():
            if line.startswith("progress: "):
                progress(float(line.removeprefix("progress: ")))

    process.readyReadStandardOutput.connect(read)
    # the folder lives as long as the process, which reads it
    process.finished.connect(lambda *_: folder.remove())
    process.start()
    return process


def problem_of(process: QProcess) -> str:
    """What to tell the user about a drawing process that ended; empty when it went well."""
    if process.exitStatus() is QProcess.ExitStatus.NormalExit and process.exitCode() == 0:
        return ""
    said = bytes(process.readAllStandardError().data()).decode(errors="replace").strip().splitlines()
    return said[-1] if said else "The picture could not be drawn: the drawing process ended without a word."
