"""Asks how large a picture is to be and where it goes, and has it drawn beside the window."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from twin.app.picture import LARGEST, SMALLEST
from twin.formats import project_file, save_project, state_json, strict_json
from twin.formats.save_scenarios import move_scenarios
from twin.model.project import Project
from twin.model.state import State
from twin.session.session import Session

OWN = "Own size"
PRESETS = (
    ("Full HD, 1920 × 1080", (1920, 1080)),
    ("4K, 3840 × 2160", (3840, 2160)),
    ("8K, 7680 × 4320", (7680, 4320)),
)


class PictureDialog(QDialog):
    """Size, furniture and file of a picture; does not block the window."""

    accepted_picture = Signal(tuple, Path, bool)
    """size (width, height) [px], file, with furniture."""

    def __init__(self, session: Session, suggested: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Save picture")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self._size = QComboBox()
        self._size.setAccessibleName("Size")
        screen = _view_size(parent)
        for title, size in ((f"As on the screen, {screen[0]} × {screen[1]}", screen), *PRESETS):
            self._size.addItem(title, size)
        self._size.addItem(OWN, None)
        self._size.setCurrentIndex(1)
        self._width, self._height = _side("Width", 1920), _side("Height", 1080)
        self._furniture = QCheckBox("Title, legend, north, scale and sources")
        self._furniture.setChecked(True)
        self._path = QLineEdit(str(suggested))
        self._path.setAccessibleName("File")
        self._path.setMinimumWidth(320)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._lay_out(session)
        self._size.activated.connect(self._take_preset)
        self._path.textChanged.connect(self._judge)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._take_preset()
        self._judge()

    @property
    def size_chosen(self) -> tuple[int, int]:
        """Width and height. [px]"""
        return self._width.value(), self._height.value()

    def accept(self) -> None:
        """Says what was chosen, and closes."""
        self.accepted_picture.emit(self.size_chosen, Path(self._path.text()), self._furniture.isChecked())
        super().accept()

    def _lay_out(self, session: Session) -> None:
        browse = QPushButton("Browse…")
        browse.clicked.connect(self._browse)
        sides, file = QHBoxLayout(), QHBoxLayout()
        for widget in (self._width, QLabel("×"), self._height, QLabel("pixels")):
            sides.addWidget(widget)
        sides.addStretch()
        file.addWidget(self._path)
        file.addWidget(browse)
        form = QFormLayout()
        scenario = session.project.scenario(session.state.scenario).title
        form.addRow("Shows", QLabel(f"{scenario}, {session.state.time:%d.%m.%Y %H:%M}"))
        form.addRow("Size", self._size)
        form.addRow("", sides)
        form.addRow("With", self._furniture)
        form.addRow("File", file)
        outer = QVBoxLayout(self)
        outer.addLayout(form)
        outer.addWidget(self._problem)
        outer.addWidget(self._buttons)

    def _take_preset(self) -> None:
        size = self._size.currentData()
        for side in (self._width, self._height):
            side.setEnabled(size is None)
        if size is not None:
            self._width.setValue(size[0])
            self._height.setValue(size[1])

    def _browse(self) -> None:
        """Asks without blocking, as a native question would stop the view behind it."""
        dialog = QFileDialog(self, "Save picture", self._path.text(), "PNG pictures (*.png)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._path.setText)
        dialog.open()

    def _judge(self) -> None:
        path = Path(self._path.text())
        problem = ""
        if path.suffix.lower() != ".png":
            problem = "The name must end in .png."
        elif not path.absolute().parent.is_dir():
            problem = f"There is no folder {path.absolute().parent}."
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(not problem)


def start_render(
    project: Project,
    state: State,
    size: tuple[int, int],
    path: Path,
    *,
    furniture: bool = True,
    shadows: str = "",
    parent: QObject | None = None,
) -> QProcess:
    """Draws a picture in a process of its own, so that the window stays quick.

    The process is started; on `finished` its exit code is 0, or its error output is one line for the user.
    shadows: who makes them, as `twin render` takes it; empty: as it chooses.
    It reads a copy of the project as it is now, saved or not. Raises DataError when a source lies on another
    disk than the copy.
    """
    folder = QTemporaryDir()
    copy = Path(folder.path()) / "picture.twin.json"
    project = move_scenarios(project, Path(folder.path()) / "scenarios")
    project_file.save(save_project.to_file(project, path=copy), copy)
    saved = Path(folder.path()) / "state.json"
    saved.write_bytes(strict_json.dump(state_json.encode(state)))
    process = QProcess(parent)
    process.setProgram(sys.executable)
    process.setArguments(
        [
            *("-m", "twin", "render", str(copy), "--state", str(saved)),
            *("--size", f"{size[0]}x{size[1]}", "--out", str(path.absolute())),
            *([] if furniture else ["--plain"]),
            *(["--shadows", shadows] if shadows else []),
        ]
    )
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


def _side(name: str, value: int) -> QSpinBox:
    made = QSpinBox()
    made.setRange(SMALLEST, LARGEST)
    made.setValue(value)
    made.setAccessibleName(name)
    return made


def _view_size(parent: QWidget | None) -> tuple[int, int]:
    if parent is not None:
        ratio = parent.devicePixelRatioF()
        size = (round(parent.width() * ratio), round(parent.height() * ratio))
    else:
        screen = QGuiApplication.primaryScreen().size()
        size = (screen.width(), screen.height())
    width, height = (min(max(side, SMALLEST), LARGEST) for side in size)
    return width, height
