"""Fills the menus from the table of actions, and with the scenarios, overlays and views of a project."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMenu, QToolBar

from twin.app import actions as table
from twin.scene.overlays import overlays
from twin.session import commands

if TYPE_CHECKING:
    from twin.app.window import Window
    from twin.model.state import State
    from twin.session.session import Session


class Menus(QObject):
    """The menus and the tool bar of a window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._menus = {name: window.menuBar().addMenu(table.tr(name)) for name in table.MENUS}
        self._recent = QMenu(self.tr("Recent projects"), window)
        self._choices: list[QAction] = []
        self._of_project: list[QObject] = []
        for entry in table.ACTIONS:
            menu = self._menus[entry.menu]
            if entry.separator:
                menu.addSeparator()
            menu.addAction(window.actions_by_id[entry.id])
            if entry.id == "open":
                menu.addMenu(self._recent)
        self._panels = self._menus["View"].addMenu(self.tr("Panels"))
        self._fill_tools()

    def list_panels(self, docks: Iterable[QDockWidget]) -> None:
        """Lists the switches of panels."""
        self._panels.addActions([dock.toggleViewAction() for dock in docks])

    def fill(self, session: Session | None) -> None:
        """Lists what can be chosen in a project, with the keys 1-9."""
        for old in self._of_project:
            old.deleteLater()
        self._choices, self._of_project = [], []
        self._fill_recent()
        if session is None:
            return
        for number, scenario in enumerate(session.project.scenarios, 1):
            self._choice("scenario", scenario.id, scenario.title, str(number) if number < 10 else "")
        for number, (key, overlay) in enumerate(overlays(session.project).items(), 1):
            self._choice("overlay", key, overlay.title, f"Ctrl+{number}" if number < 10 else "")
        marks = QMenu(self.tr("Bookmarks"), self._menus["View"])
        for mark in session.project.bookmarks:
            marks.addAction(mark.title).triggered.connect(partial(self._do, commands.look, mark.camera))
        marks.setEnabled(bool(session.project.bookmarks))
        self._menus["View"].addMenu(marks)
        self._of_project.append(marks)

    def refresh(self, session: Session | None) -> None:
        """Makes marks and texts agree with the session."""
        table.refresh_actions(self._window, self._window.actions_by_id)
        if session is None:
            return
        for name, title in (("undo", session.undo_title), ("redo", session.redo_title)):
            text = table.tr(name.capitalize())
            self._window.actions_by_id[name].setText(f"{text}: {title}" if title else text)
        for action in self._choices:
            kind, chosen = action.data()
            action.setChecked(chosen == getattr(session.state, kind))

    def _choice(self, kind: str, key: str, title: str, keys: str) -> None:
        command = commands.choose_scenario if kind == "scenario" else commands.choose_overlay
        menu = self._menus[kind.capitalize()]
        action = QAction(title, menu)
        action.setCheckable(True)
        action.setShortcut(QKeySequence(keys))
        action.setData((kind, key))
        action.triggered.connect(partial(self._do, command, key))
        menu.addAction(action)
        self._choices.append(action)
        self._of_project.append(action)

    def _do(self, command: Callable[..., State], choice: object, _checked: bool = False) -> None:
        if self._window.session is not None:
            self._window.session.do(command, choice)
            self.refresh(self._window.session)  # a click on what is chosen already has unchecked it

    def _fill_recent(self) -> None:
        self._recent.clear()
        for path in self._window.settings.recent:
            action = self._recent.addAction(str(path))
            action.triggered.connect(partial(self._open, path))
            action.setEnabled(path.exists())
        self._recent.setEnabled(bool(self._window.settings.recent))

    def _open(self, path: Path, _checked: bool = False) -> None:
        self._window.open(path)

    def _fill_tools(self) -> None:
        bar = QToolBar(self.tr("Tools"), self._window)
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        menu = ""
        for entry in table.ACTIONS:
            if entry.toolbar and entry.menu != "Draw":
                if menu and entry.menu != menu:
                    bar.addSeparator()
                menu = entry.menu
                bar.addAction(self._window.actions_by_id[entry.id])
        self._window.addToolBar(bar)
        self._fill_drawing_tools()

    def _fill_drawing_tools(self) -> None:
        """The tools one draws with, with their names, as they are used in front of people."""
        bar = QToolBar(self.tr("Draw"), self._window)
        bar.setObjectName("draw")
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        for entry in table.ACTIONS:
            if entry.id.startswith("draw_") and entry.toolbar:
                if entry.separator:
                    bar.addSeparator()
                bar.addAction(self._window.actions_by_id[entry.id])
        self._window.addToolBar(bar)
