"""What every kind of export has: what is asked of it, where it goes, and what makes it beside the window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, Qt, QThreadPool, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from twin.app.export_process import Progress, end, notices_of, problem_of
from twin.errors import DataError, TwinError
from twin.model.project import Project
from twin.model.sheet import Sheet
from twin.model.state import State
from twin.scene.scene import Scene

LANGUAGES = (("English", "en"), ("Suomi", "fi"), ("Svenska", "sv"), ("Eesti", "et"))
LIST_ROWS = 5
"""Of a list to tick that are seen at once."""


@dataclass(frozen=True, eq=False, slots=True)
class Given:
    """What is in view while exports are asked for."""

    project: Project
    state: State
    """With the camera written down."""
    path: Path
    """Folder and name that are suggested; each kind gives it its own ending."""
    shadows: str = ""
    """Who makes them in the window."""
    scene: Scene | None = None


class Work(QObject):
    """Something that is being made beside the window."""

    ended = Signal(str)
    """Empty: it is there; else what went wrong."""
    notices: tuple[str, ...] = ()
    """What the user should know of what is there."""

    def cancel(self) -> None:
        """Nobody waits for it any more."""


class ProcessWork(Work):
    """Made in a process of its own, which can be ended."""

    def __init__(self, process: QProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = process
        process.finished.connect(self._finished)

    def cancel(self) -> None:
        """Ends the process; it leaves nothing."""
        process, self._process = self._process, None
        end(process)

    def _finished(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            problem = problem_of(process)
            self.notices = () if problem else notices_of(process)
            self.ended.emit(problem)


class ThreadWork(Work):
    """Written by a function in a thread: what is there already, and takes but a moment."""

    def __init__(self, write: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)

        def run() -> None:
            try:
                write()
            except TwinError as error:
                self.ended.emit(str(error))
            else:
                self.ended.emit("")

        QThreadPool.globalInstance().start(run)


class TickList(QListWidget):
    """A list of which some are ticked."""

    def __init__(
        self,
        rows: Iterable[tuple[str, object]],
        ticked: Iterable[object] | None = None,
        *,
        moved: bool = False,
    ) -> None:
        """rows: text and what it stands for; ticked: of these, all when None; moved: can be put in order."""
        super().__init__()
        on = None if ticked is None else tuple(ticked)
        for text, value in rows:
            item = QListWidgetItem(text, self)
            item.setData(Qt.ItemDataRole.UserRole, value)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            chosen = on is None or value in on
            item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)
        if moved:
            self.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        seen = min(max(self.count(), 2), LIST_ROWS)
        self.setFixedHeight(round((seen + 0.6) * 1.5 * self.fontMetrics().height()))

    @property
    def chosen(self) -> tuple[Any, ...]:
        """What is ticked, in the order of the list."""
        items = (self.item(row) for row in range(self.count()))
        ticked = (item for item in items if item.checkState() is Qt.CheckState.Checked)
        return tuple(item.data(Qt.ItemDataRole.UserRole) for item in ticked)


class Page(QWidget):
    """One kind of export, as a page of the dialog."""

    changed = Signal()
    """Something else is asked for."""
    kind = ""
    ending = ""
    """Of the file; empty: it is a folder."""
    files = ""
    """What is offered where one looks for a place, as `Pictures (*.png)`."""

    def __init__(self, given: Given, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.given = given
        self.form = QFormLayout()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self.form)
        outer.addStretch(1)

    @property
    def suggested(self) -> Path:
        """Where it goes unless the user says otherwise."""
        name = self.given.path
        return (
            name.with_name(name.stem + self.ending)
            if self.ending
            else name.with_name(f"{name.stem}-{self.kind}")
        )

    @property
    def told(self) -> str:
        """What will be made, in a sentence or two."""
        return ""

    @property
    def sheet(self) -> Sheet | None:
        """What the preview shows; None: nothing."""
        return None

    @property
    def aside(self) -> QWidget | None:
        """What is shown instead of a preview."""
        return None

    def fitted(self, path: Path) -> Path:
        """The path as what is asked for now ends."""
        return path

    def check(self, path: Path) -> None:
        """Raises TwinError or DataError where it cannot be made, or not there."""
        raise NotImplementedError

    def start(self, path: Path, progress: Progress, parent: QObject) -> Work:
        """Starts making it. Raises as `check`."""
        raise NotImplementedError

    def row(self, label: str, widget: QWidget, name: str = "") -> None:
        """One more thing that is asked. name: for screen readers, where the label says too little."""
        widget.setAccessibleName(name or label)
        self.form.addRow(label, widget)
        match widget:
            case QComboBox():
                widget.activated.connect(self.changed)
            case QLineEdit():
                widget.textEdited.connect(self.changed)
            case QCheckBox():
                widget.setAccessibleName(name or widget.text())
                widget.clicked.connect(self.changed)
            case QSpinBox() | QDoubleSpinBox():
                widget.valueChanged.connect(self.changed)
            case QListWidget():
                widget.itemChanged.connect(self.changed)
                widget.model().rowsMoved.connect(self.changed)

    def language_box(self) -> QComboBox:
        """The languages that pages are written in."""
        box = QComboBox()
        for name, code in LANGUAGES:
            box.addItem(name, code)
        return box

    def scenario_box(self, chosen: str) -> QComboBox:
        """All scenarios, by title."""
        box = QComboBox()
        for scenario in self.given.project.scenarios:
            box.addItem(scenario.title, scenario.id)
        box.setCurrentIndex(box.findData(chosen))
        return box

    def scenario_list(self, ticked: Iterable[str] | None = None) -> TickList:
        """All scenarios, to tick."""
        return TickList(((each.title, each.id) for each in self.given.project.scenarios), ticked)


def check_folder(path: Path) -> None:
    """Raises DataError where no folder can be made, or a file lies there."""
    above = path.absolute().parent
    if not above.is_dir():
        raise DataError(path, "", f"there is no folder {above}", "Make it, or save elsewhere.")
    if path.exists() and not path.is_dir():
        raise DataError(path, "", "is no folder", "Choose another name.")


def check_file(path: Path, endings: Iterable[str]) -> None:
    """Raises DataError where the file cannot be written, or does not end as it should."""
    known = tuple(endings)
    if not path.name.lower().endswith(known):
        raise DataError(path, "", "does not end as it should", f"Let it end in {', '.join(known)}.")
    if not path.absolute().parent.is_dir():
        raise DataError(
            path, "", f"there is no folder {path.absolute().parent}", "Make it, or save elsewhere."
        )
    if path.is_dir():
        raise DataError(path, "", "is a folder", "Choose another name.")
