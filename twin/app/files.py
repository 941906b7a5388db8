"""What the user can do with files: open, add, save, take a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QFileDialog, QMessageBox

from twin.app import texts
from twin.errors import TwinError
from twin.formats.model_suffixes import CLOUDS, IFC, MESHES, TILES

if TYPE_CHECKING:
    from twin.app.objects_panel import ObjectsPanel
    from twin.app.window import Window

MODELS = " ".join(f"*{suffix}" for suffix in (*MESHES, *IFC, *TILES, *CLOUDS))
DATA = "*.twin.json *.gml *.xml *.citygml *.gz *.gpkg *.geojson *.json *.jsonl *.shp *.fgb *.tif *.tiff"
OPENABLE = f"{DATA} {MODELS}"


def ask_open(window: Window) -> None:
    """Opens a project or a single file."""
    name, _ = QFileDialog.getOpenFileName(
        window, window.tr("Open"), _folder(window), window.tr("Projects and data") + f" ({OPENABLE})"
    )
    if name:
        window.open(Path(name))


def ask_add(window: Window) -> None:
    """Adds a file to the project."""
    name, _ = QFileDialog.getOpenFileName(
        window, window.tr("Add"), _folder(window), window.tr("Data") + f" ({OPENABLE})"
    )
    if name and window.session is not None:
        add(window, Path(name))


def add(window: Window, path: Path) -> None:
    """Reads a file into the project, beside the window's work."""
    if window.session is not None:
        window.status.busy(window.tr("Adding {0} …").format(path.name))
        window.loader.add(window.session.project, path)


def dropped(window: Window, names: list[str]) -> None:
    """Files let go over the view: a project opens, anything else is added."""
    from twin.formats.open_project import is_project

    for path in map(Path, names):
        try:
            whole = is_project(path)
        except OSError as error:
            window.complain(f"{path.name}: {error.strerror}.")
            continue
        if whole or window.session is None:
            window.open(path)
        else:
            add(window, path)


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
    """Writes the project file; on a failure the old one is whole and the work is still here."""
    from dataclasses import replace

    from twin.formats import project_file
    from twin.formats.save_project import to_file

    session = window.session
    assert session is not None
    try:
        project_file.save(to_file(session.project, session.state, path=path), path)
    except TwinError as error:
        window.complain(str(error))
        return False
    session.project = replace(session.project, path=path, read_only=False)
    window.saved(path)
    window.say(window.tr("Saved {0}.").format(path.name))
    return True


def may_go(window: Window) -> bool:
    """Whether the project may be left: it is saved, or the user says so."""
    if not window.changed_since_saving:
        return True
    asked = QMessageBox.question(
        window,
        window.tr("Save changes?"),
        window.tr("Files or views were added to this project. Save them?"),
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


def ask_picture(window: Window) -> None:
    """Asks for size and file of a picture of this view."""
    from twin.app.picture_dialog import PictureDialog

    session = window.session
    if session is None:
        return
    stem = f"{session.project.name} {session.state.scenario} {session.state.time:%Y-%m-%d %H%M}"
    suggested = Path.home() / ("".join(c if c.isalnum() or c in "-_" else "-" for c in stem) + ".png")
    dialog = PictureDialog(session, suggested, window)
    dialog.accepted_picture.connect(lambda size, path, furniture: take_picture(window, size, path, furniture))
    dialog.show()


def take_picture(window: Window, size: tuple[int, int], path: Path, furniture: bool) -> None:
    """Draws the picture in a process of its own; says when it is there."""
    from dataclasses import replace

    from twin.app.picture_dialog import problem_of, start_render
    from twin.render.card import CARD, RASTER

    session, viewport = window.session, window.viewport
    if session is None or viewport is None:
        return
    state = replace(session.state, camera=viewport.camera or session.state.camera)
    window.say(window.tr("Drawing {0} …").format(path.name))
    shadows = CARD if session.card_shadows else RASTER
    try:
        process = start_render(
            session.project, state, size, path, furniture=furniture, shadows=shadows, parent=window
        )
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
    session = window.session
    return str(session.project.path.parent) if session and session.project.path else str(Path.home())
