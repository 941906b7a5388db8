"""Asks how large a picture is to be and where it goes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal
from PySide6.QtWidgets import QDialog, QWidget

from twin.model.state import State
from twin.session.session import Session


class PictureDialog(QDialog):
    """Size, furniture and file of a picture; does not block the window."""

    accepted_picture = Signal(tuple, Path, bool)
    """size (width, height) [px], file, with furniture."""

    def __init__(self, session: Session, suggested: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        raise NotImplementedError


def start_render(
    project_path: Path,
    state: State,
    size: tuple[int, int],
    path: Path,
    *,
    furniture: bool = True,
    parent: QObject | None = None,
) -> QProcess:
    """Draws a picture in a process of its own, so that the window stays quick."""
    raise NotImplementedError
