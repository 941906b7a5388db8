"""Sets up models from files: asks for one, reads it beside the window's work, and hands it to the pencil."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QFileDialog

from twin.app import planning
from twin.app.texts import tr
from twin.errors import TwinError
from twin.model.scenario import AddModel, Edit
from twin.scene.drawing import NO_POINTS

if TYPE_CHECKING:
    from twin.app.window import Window
    from twin.model.city import City
    from twin.model.project import Project


def ask(window: Window) -> None:
    """Asks for the file of a model, to be set up by clicks; a second time puts the tool away."""
    from twin.formats.edit_models import SUFFIXES

    pencil, session = window.pencil, window.session
    if pencil is None or session is None:
        return
    if pencil.tool is not None and pencil.tool.id == "model":
        pencil.take("")
        return
    if not planning.may_draw(window, lambda: ask(window)):
        return
    if session.project.path is None:
        window.complain(window.tr("A model is named from the project's folder: save the project first."))
        return
    kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
    name, _ = QFileDialog.getOpenFileName(
        window, window.tr("Model to set up"), str(session.project.path.parent), f"{tr('Models')} ({kinds})"
    )
    if name:
        take(window, Path(name))


def take(window: Window, path: Path) -> None:
    """Reads a model, then takes the tool in hand that sets it up."""
    from twin.formats.edit_models import relative, solid_and_guess

    session = window.session
    if session is None or session.project.path is None:
        return
    project, project_path = session.project, session.project.path
    read: list[tuple[City, bool]] = []
    try:
        name = relative(path, project_path)
    except TwinError as error:
        window.complain(str(error))
        return

    def ready() -> None:
        pencil = window.pencil
        if pencil is None or window.session is not session:
            return
        if pencil.tool is None or pencil.tool.id != "model":
            pencil.take("model")
        solid, guessed = read[0]
        pencil.set_template(AddModel("model", path.stem, NO_POINTS, name, solid=solid))
        if guessed:
            size = " × ".join(f"{side:.4g}" for side in np.ptp(solid.vertices, axis=0).tolist())
            window.say(
                window.tr(
                    "{0} does not say its unit: in metres it is {1} m. If that is wrong, change Size."
                ).format(path.name, size)
            )

    window.say(window.tr("Reading {0} …").format(path.name))
    window.beside(lambda: read.append(solid_and_guess(path, project.place)), ready)


def complete(window: Window) -> None:
    """Reads the models of edits that came without: pasted, imported, or found again after a crash."""
    session = window.session
    if session is None or not any(_lacks(edit) for one in session.project.scenarios for edit in one.own):
        return
    project = session.project
    read: list[tuple[Project, tuple[str, ...]]] = []

    def work() -> None:
        from twin.formats.edit_models import with_models

        read.append(with_models(project))

    def ready() -> None:
        from twin.formats.edit_models import given

        found, told = read[0]
        edits = [edit for one in found.scenarios for edit in one.edits if isinstance(edit, AddModel)]
        solids = {edit.path: edit.solid for edit in edits if edit.solid is not None}
        if window.session is session and solids:
            session.amend(lambda each: given(each, solids))
            session.try_again()
        for text in told:
            window.complain(text)

    window.beside(work, ready)


def _lacks(edit: Edit) -> bool:
    return isinstance(edit, AddModel) and edit.solid is None
