"""What the user can do with films and reports: export one of this view."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from twin.model.state import State

if TYPE_CHECKING:
    from twin.app.window import Window


def ask_export_film(window: Window) -> None:
    """Asks for kind, views, length and file of a film."""
    from twin.app.files import suggested_picture
    from twin.app.film_dialog import FilmDialog
    from twin.render.card import CARD, RASTER

    session, state = window.session, _in_view(window)
    if session is None or state is None:
        return
    shadows = CARD if session.card_shadows else RASTER
    path = suggested_picture(session).with_suffix(".webp")
    dialog = FilmDialog(session.project, state, path, shadows, window)
    said = window.tr("Film saved: {0}")
    dialog.accepted.connect(lambda: window.say(said.format(dialog.path.text())))
    dialog.show()


def ask_export_report(window: Window) -> None:
    """Asks what a report compares, and where it goes."""
    from twin.app.files import suggested_picture
    from twin.app.report_pdf_dialog import ReportDialog

    session, state = window.session, _in_view(window)
    if session is None or state is None:
        return
    dialog = ReportDialog(session.project, state, suggested_picture(session).with_suffix(".pdf"), window)
    said = window.tr("Report saved: {0}")
    dialog.accepted.connect(lambda: window.say(said.format(dialog.path.text())))
    dialog.show()


def _in_view(window: Window) -> State | None:
    session, viewport = window.session, window.viewport
    if session is None or viewport is None:
        return None
    return replace(session.state, camera=viewport.camera or session.scene.camera)
