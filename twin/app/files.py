"""What the user can do with files: open, add, save, take a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QFileDialog, QMessageBox

from twin.app import texts
from twin.errors import TwinError

if TYPE_CHECKING:
    from twin.app.objects_panel import ObjectsPanel
    from twin.app.placement_row import Standing
    from twin.app.preview_bar import Chosen
    from twin.app.window import Window
    from twin.model.placement import Placement
    from twin.model.project import Project
    from twin.session.session import Session


PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".svg", ".pdf")
"""Of these one goes back to their view where it is written beside them."""


def ask_open(window: Window) -> None:
    """Opens a project, or one or many files."""
    look(window, _asked(window, window.tr("Open"), window.tr("Projects and data")), alone=True)


def _asked(window: Window, title: str, what: str) -> list[Path]:
    """The files that the user chooses, of those that can be read or of all."""
    kinds = f"{what} ({openable()});;{window.tr('All files')} (*)"
    # all the endings beside the name of the kind would be longer than any window
    few = QFileDialog.Option.HideNameFilterDetails
    names, _ = QFileDialog.getOpenFileNames(window, title, _folder(window), kinds, options=few)
    return [Path(name) for name in names]


def openable() -> str:
    """What dialogs show at first: `*.gml *.tif` and so on, in either case."""
    from twin.formats.geotiff import SUFFIXES
    from twin.formats.model_suffixes import CLOUDS, MODEL_SUFFIXES
    from twin.formats.sources import CITY_SUFFIXES
    from twin.formats.vector import SUFFIXES as LAYERS

    groups = (CITY_SUFFIXES, (".gz", ".json", ".jsonl"), MODEL_SUFFIXES, CLOUDS, SUFFIXES, LAYERS)
    endings = dict.fromkeys([".twin.json", *(ending for group in groups for ending in group)])
    return " ".join(f"*{each}" for ending in endings for each in dict.fromkeys((ending, ending.upper())))


def ask_add(window: Window) -> None:
    """Adds one or many files to the project."""
    look(window, _asked(window, window.tr("Add"), window.tr("Data")), alone=False)


def dropped(window: Window, names: list[str]) -> None:
    """Files let go over the view: a project opens, anything else is shown before it is added."""
    look(window, [Path(name) for name in names], alone=window.session is None)


def look(window: Window, paths: list[Path], *, alone: bool) -> None:
    """Opens a project at once; says of other files what they are, and lets the user choose."""
    from twin.formats.open_project import is_project
    from twin.formats.read import entry_of

    if paths:
        window.settings.set_text("folder", str(paths[0].absolute().parent))
    others = []
    for path in map(entry_of, paths):
        if (view := _view_of(path)) is not None:
            from twin.app.export_actions import return_to

            return_to(window, view)
            return
        try:
            if is_project(path):
                window.open(path)
                return
        except OSError as error:
            window.complain(f"{path.name}: {error.strerror}.")
        else:
            others.append(path)
    if others:
        project = window.session.project if window.session is not None else None
        window.preview().show_files(others, project, alone=alone)


def _view_of(path: Path) -> Path | None:
    """The file that says how a picture was made: itself, or the one beside a picture."""
    from twin.formats import view_file

    if path.name.lower().endswith(view_file.SUFFIX):
        return path
    beside = view_file.beside(path)
    return beside if path.suffix.lower() in PICTURES and beside.is_file() else None


def take(window: Window, chosen: Chosen) -> None:
    """Opens or adds what was looked at."""
    from twin.app.placement_row import Standing
    from twin.model.placement import Placement

    first, count = chosen.paths[0], len(chosen.paths)
    if chosen.alone or window.session is None:
        standing = chosen.standing if first in chosen.placeless else Standing()
        placement = Placement(scale=standing.scale, up=standing.up)
        window.open(first, chosen.crs, placement, chosen.paths[1:], chosen.ground)
        return
    what = first.name if count == 1 else window.tr("{0} files").format(count)
    session = window.session

    def add(here: Placement) -> None:
        window.status.busy(window.tr("Adding {0} …").format(what))
        others = dict.fromkeys(chosen.placeless, here)
        window.loader.add(session.project, chosen.paths, Placement(crs=chosen.crs), others, chosen.ground)

    if chosen.standing.where == "click" and window.pencil is not None:
        from twin.app.placing import Placing

        names = chosen.placeless
        name = names[0].name if len(names) == 1 else window.tr("{0} files").format(len(names))
        Placing(window, window.pencil, name, chosen.standing, chosen.body, add)
    else:
        add(standing_of(window, chosen.standing, chosen.crs))


def standing_of(window: Window, standing: Standing, crs: str) -> Placement:
    """Where models are put that do not say it."""
    from twin.model.placement import Placement

    session, viewport = window.session, window.viewport
    camera = viewport.camera if viewport is not None else None
    at = None
    if standing.where == "view" and session is not None and camera is not None:
        origin = session.project.place.origin
        at = (round(camera.target[0] + origin[0], 2), round(camera.target[1] + origin[1], 2), origin[2])
    return Placement(at, "" if at is not None else crs, standing.scale, standing.up)


def save(window: Window) -> bool:
    """Saves the project where it is; asks where when it is nowhere or may not be changed."""
    session = window.session
    if session is None:
        return False
    path = session.project.path
    if path is None or session.project.read_only or not path.name.endswith(".twin.json"):
        return ask_save_as(window)
    return save_to(window, path)


def ask_save_as(window: Window) -> bool:
    """Saves the project under another name."""
    name, _ = QFileDialog.getSaveFileName(
        window, window.tr("Save as"), _folder(window), window.tr("Projects") + " (*.twin.json)"
    )
    if not name:
        return False
    path = Path(name if name.endswith(".twin.json") else f"{name}.twin.json")
    return save_to(window, path)


def save_to(window: Window, path: Path) -> bool:
    """Writes scenarios and project file; on a failure the old files are whole and the work is still here."""
    from dataclasses import replace

    from twin.formats import project_file
    from twin.formats.save_project import to_file
    from twin.formats.save_scenarios import move_scenarios, save_scenarios, with_scenarios_of

    session = window.session
    assert session is not None
    project = session.project
    here = project.path is not None and path.resolve() == project.path.resolve() and not project.read_only
    if not window.safe.may_write(path):
        window.complain(window.tr("{0} is open in another window, or cannot be written.").format(path.name))
        return False
    try:
        if here:
            before = window.as_saved.scenarios if window.as_saved is not None else ()
            kept = {scenario.id for scenario in project.scenarios}
            gone = [scenario.id for scenario in before if scenario.id not in kept]
            project, _written = save_scenarios(project, gone=gone)
        else:
            project = move_scenarios(project, scenarios_beside(path))
        project_file.save(to_file(project, session.state, path=path), path)
    except TwinError as error:
        window.complain(str(error))
        return False
    session.amend(lambda old: replace(with_scenarios_of(old, project), path=path, read_only=False))
    window.saved(path)
    window.say(window.tr("Saved {0}.").format(path.name))
    return True


def scenarios_beside(path: Path) -> Path:
    """The folder of the scenarios of a project that is saved under a new name; each project has its own."""
    return path.with_name(path.name.removesuffix(".twin.json") + "-scenarios")


def differs(project: Project, saved: Project | None) -> bool:
    """Whether there is anything in a project that its files do not say."""
    if saved is None:
        return True
    whole = ("name", "sources", "layers", "bookmarks", "scenarios")
    return any(getattr(project, name) != getattr(saved, name) for name in whole)


def tell_of_journal(window: Window) -> None:
    """Says why a project may only be read, and offers what a program that died has left of the work."""
    safe, session = window.safe, window.session
    if session is None:
        return
    bar = window.message_bar
    if safe.notice:
        bar.show_message(safe.notice, "warning", offer=window.tr("Save as…"), run=lambda: ask_save_as(window))
    if safe.problem:
        bar.show_message(
            window.tr("Changes of an earlier time that were not saved do not fit this project any more."),
            "warning",
            details=safe.problem,
            offer=window.tr("Put them away"),
            run=lambda: safe.answered(keep=False),
        )
    if safe.found is not None:
        bar.show_message(
            window.tr("The program ended before these changes were saved: {0}.").format(safe.changes),
            "warning",
            offer=window.tr("Recover"),
            run=lambda: _recover(window),
            other=window.tr("Discard"),
            run_other=lambda: safe.answered(keep=False),
        )


def _recover(window: Window) -> None:
    from dataclasses import replace

    session, found = window.session, window.safe.found
    if session is None or found is None:
        return
    window.safe.answered(keep=True)
    state = session.state
    if state.scenario not in {scenario.id for scenario in found.scenarios}:
        state = replace(state, scenario=found.scenarios[0].id)
    project = replace(session.project, scenarios=found.scenarios)
    session.adopt(project, state, title=window.tr("Recover changes"))
    from twin.app import model_files

    model_files.complete(window)


def may_go(window: Window) -> bool:
    """Whether the project may be left: it is saved, or the user says so."""
    if not window.changed_since_saving:
        return True
    asked = QMessageBox.question(
        window,
        window.tr("Save changes?"),
        window.tr("This project has changes that are not saved. Save them?"),
        QMessageBox.StandardButton.Save
        | QMessageBox.StandardButton.Discard
        | QMessageBox.StandardButton.Cancel,
    )
    if asked == QMessageBox.StandardButton.Save:
        return save(window)
    return asked == QMessageBox.StandardButton.Discard


def ask_relink(window: Window, source_id: str) -> None:
    """Shows the program where a missing file is now."""
    from twin.formats.save_project import relink

    session = window.session
    if session is None or session.project.path is None:
        return
    name, _ = QFileDialog.getOpenFileName(window, window.tr("Where is it now?"), _folder(window))
    if not name:
        return
    try:
        relink(session.project.path, source_id, Path(name))
    except TwinError as error:
        window.complain(str(error))
        return
    window.open(session.project.path)


def ask_export_objects(window: Window, panel: ObjectsPanel) -> None:
    """Asks where the listed objects go as a table."""
    name, _ = QFileDialog.getSaveFileName(
        window, window.tr("Save the listed objects"), _folder(window), window.tr("Tables") + " (*.csv)"
    )
    if name:
        export_objects(window, panel, Path(name if name.lower().endswith(".csv") else f"{name}.csv"))


def export_objects(window: Window, panel: ObjectsPanel, path: Path) -> None:
    """Writes the listed objects, in the order of the table, beside the window's work."""
    from twin.formats import csv_file

    columns, rows = panel.model.columns, panel.model.rows
    header = [column.name for column in columns]
    cells = ([column.value(row) for column in columns] for row in rows.tolist())
    done = window.tr("Saved {0}: {1} objects.").format(path.name, texts.amount(float(len(rows))))
    window.beside(lambda: csv_file.write(path, header, cells), lambda: window.say(done))


def suggested_picture(session: Session) -> Path:
    """Where a picture of the view goes unless the user says otherwise."""
    stem = _plain(f"{session.project.name} {session.state.scenario} {session.state.time:%Y-%m-%d %H%M}")
    return Path.home() / f"{stem}.png"


def take_picture(window: Window, size: tuple[int, int], path: Path, furniture: bool) -> None:
    """Draws the picture in a process of its own; says when it is there."""
    from dataclasses import replace

    from twin.app.export_process import problem_of, start_export
    from twin.model.sheet import Panel, Sheet

    session, viewport = window.session, window.viewport
    if session is None or viewport is None:
        return
    state = replace(session.state, camera=viewport.camera or session.state.camera)
    window.say(window.tr("Drawing {0} …").format(path.name))
    shadows: Literal["card", "raster"] = "card" if session.card_shadows else "raster"
    try:
        sheet = Sheet((Panel(state),), size, plain=not furniture, shadows=shadows)
        process = start_export(session.project, sheet, path, parent=window)
    except TwinError as error:
        window.complain(str(error))
        return

    def ended(_code: int, _status: QProcess.ExitStatus) -> None:
        if problem := problem_of(process):
            window.complain(problem)
        else:
            window.say(window.tr("Picture saved: {0}").format(str(path)))

    process.finished.connect(ended)


def _folder(window: Window) -> str:
    """Where the project is, else the last of its files, else where the user was last."""
    session = window.session
    if session is not None:
        sources = [source.path for source in session.project.sources]
        for path in (session.project.path, *reversed(sources)):
            if path is not None and path.parent.is_dir():
                return str(path.parent)
    last = window.settings.text("folder", "")
    return last if last and Path(last).is_dir() else str(Path.home())


def _plain(text: str) -> str:
    """A name that every file system takes."""
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in text)
