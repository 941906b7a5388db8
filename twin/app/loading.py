"""Opens projects beside the window's own work."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from twin.errors import Cancelled, TwinError
from twin.model.placement import NOWHERE, Placement

DRAWING = ("twin.app.viewport", "twin.app.card_widget", "twin.app.furniture", "twin.app.legend")
"""Loaded while the first window is already on the screen."""


class Loader(QObject):
    """Opens one project after another in a thread of its own."""

    progressed = Signal(float)
    loaded = Signal(object, object)
    """Project, State"""
    added = Signal(object)
    """Project, with one more file."""
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, "loader")
        self._given_up = threading.Event()

    def open(self, path: Path, crs: str = "", placement: Placement = NOWHERE) -> None:
        """Begins; `loaded` or `failed` follows, or nothing after `cancel`."""
        self._given_up.clear()
        self._thread.submit(self._open, path, crs, placement)

    def add(self, project: object, path: Path) -> None:
        """Reads one more file into a project."""
        self._given_up.clear()
        self._thread.submit(self._add, project, path)

    def cancel(self) -> None:
        """Gives up what is being opened."""
        self._given_up.set()

    def close(self) -> None:
        """Waits for the thread to end."""
        self._given_up.set()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _open(self, path: Path, crs: str, placement: Placement) -> None:
        try:
            from twin.formats.open_project import first_state, open_project

            project = open_project(path, progress=self._progress, crs=crs, placement=placement)
            state = first_state(project)
            for module in DRAWING:
                import_module(module)
            from twin.render.prepare import prepare

            prepare(project.city, project.layers)
            self.loaded.emit(project, state)
        except Cancelled:
            return
        except TwinError as error:
            self.failed.emit(str(error))
        except Exception as error:  # shown to the user, who can go on with another file
            self.failed.emit(f"{path.name} could not be opened: {type(error).__name__}: {error}")

    def _add(self, project: object, path: Path) -> None:
        try:
            from twin.formats.open_project import add_source
            from twin.model.project import Project

            assert isinstance(project, Project)
            self.added.emit(add_source(project, path, progress=self._progress))
        except Cancelled:
            return
        except TwinError as error:
            self.failed.emit(str(error))
        except Exception as error:  # shown to the user, whose project stays as it was
            self.failed.emit(f"{path.name} could not be added: {type(error).__name__}: {error}")

    def _progress(self, fraction: float) -> None:
        if self._given_up.is_set():
            raise Cancelled("cancelled")
        self.progressed.emit(fraction)
