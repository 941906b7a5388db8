"""Makes exports in a process of their own, from a copy of the project as it is now, saved or not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTemporaryDir

from twin.app import sensor_pictures
from twin.formats import project_file, save_project, state_json, strict_json, view_file
from twin.formats.atomic import replace_file
from twin.formats.save_scenarios import move_scenarios
from twin.model.project import Project
from twin.model.sheet import Sheet
from twin.model.state import State

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy of a project in a folder that lives as long as the process that reads it."""

    project: Project
    origin: Path | None
    """The file of the project itself; None where it has none."""

    @property
    def path(self) -> Path:
        """The file of the copy."""
        assert self.project.path is not None
        return self.project.path

    def state(self, state: State) -> Path:
        """Writes a state beside it."""
        view = self.path.with_name("state.json")
        replace_file(view, strict_json.dump(state_json.encode(state, path=view)))
        return view


def start(
    command: str,
    project: Project,
    options: Callable[[Copied], list[str]],
    *,
    state: State | None = None,
    progress: Progress = lambda _fraction: None,
    parent: QObject | None = None,
) -> QProcess:
    """Starts a command; on `finished` the exit code is 0, or the error output ends in a line for the user.

    options: of the command, from the copy it works on; state: the view the copy opens with.
    Killing the process leaves no file. Raises DataError when a source lies on another disk than the copy.
    """
    folder = QTemporaryDir()
    here = Path(folder.path())
    copy = here / "export.twin.json"
    moved = move_scenarios(project, here / "scenarios")
    project_file.save(save_project.to_file(moved, state, path=copy), copy)
    process = QProcess(parent)
    surroundings = QProcessEnvironment.systemEnvironment()
    for name in ("TMPDIR", "TEMP", "TMP"):  # what a killed process leaves goes with the folder
        surroundings.insert(name, folder.path())
    if (heard := sensor_pictures.shown(project.path)) is not None:
        surroundings.insert(sensor_pictures.SHOWN, str(heard))
    process.setProcessEnvironment(surroundings)
    process.setProgram(sys.executable)
    given = options(Copied(replace(moved, path=copy), project.path))
    process.setArguments(["-m", "twin", command, *given])

    def read() -> None:
        for line in bytes(process.readAllStandardOutput().data()).decode(errors="replace").splitlines():
            if line.startswith("progress: "):
                progress(float(line.removeprefix("progress: ")))

    process.readyReadStandardOutput.connect(read)
    # the folder lives as long as the process, which reads it
    process.finished.connect(lambda *_: folder.remove())
    process.start()
    return process


def start_export(
    project: Project,
    sheet: Sheet,
    path: Path,
    *,
    beside: bool = True,
    progress: Progress = lambda _fraction: None,
    parent: QObject | None = None,
) -> QProcess:
    """Starts making a sheet, as `start` does. beside: with its description in a file `*.view.json`."""

    def options(copy: Copied) -> list[str]:
        order = copy.path.with_name("order.view.json")
        view_file.save(copy.project, sheet, order, origin=copy.origin, copy=True)
        more = [] if beside else ["--no-sidecar"]
        return ["--from", str(order), "--out", str(path.absolute()), "--progress", *more]

    return start("render", project, options, progress=progress, parent=parent)


def problem_of(process: QProcess) -> str:
    """What to tell the user about a process that ended; empty when it went well."""
    if process.exitStatus() is QProcess.ExitStatus.NormalExit and process.exitCode() == 0:
        return ""
    said = bytes(process.readAllStandardError().data()).decode(errors="replace").strip().splitlines()
    return said[-1] if said else "Nothing could be made: the process that was to do it ended without a word."


def notices_of(process: QProcess) -> tuple[str, ...]:
    """What a process that went well had to say: what was left out, and what the reader should know."""
    said = bytes(process.readAllStandardError().data()).decode(errors="replace").splitlines()
    return tuple(dict.fromkeys(line.removeprefix("twin: ") for line in said if line.startswith("twin: ")))


def end(process: QProcess | None) -> None:
    """Ends a process that nobody waits for any more."""
    if process is not None and process.state() is not QProcess.ProcessState.NotRunning:
        process.kill()
        process.waitForFinished(2000)
