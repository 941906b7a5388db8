"""Shows how a sheet will look: a small one, drawn beside the window soon after the last change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QProcess, Qt, QTemporaryDir, QTimer, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from twin.app.export_process import end, problem_of, start_export
from twin.errors import TwinError
from twin.model.project import Project
from twin.model.sheet import SCREEN, Sheet

ROOM = (560, 400)
"""[px]"""
PAUSE = 400
"""After the last change, before it is drawn. [ms]"""


class ExportPreview(QLabel):
    """A small picture of the same layout, drawn as the large one will be."""

    failed = Signal(str)
    """Why it cannot be drawn."""

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._folder = QTemporaryDir()
        self._drawing: QProcess | None = None
        self._wanted: Sheet | None = None
        self._shown: Sheet | None = None
        self.setFixedSize(*ROOM)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAccessibleName(self.tr("Preview"))
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._draw)

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Draws it as soon as nothing changes for a moment; None: there is nothing to see."""
        self._wanted = sheet
        if sheet is None:
            self.stop()
            self._shown = None
            self.setText(self.tr("Of this kind there is no preview."))
        else:
            self._timer.start()

    def stop(self) -> None:
        """Gives up what is being drawn."""
        self._timer.stop()
        drawing, self._drawing = self._drawing, None
        if drawing is not None:
            self._shown = None
        end(drawing)

    def _draw(self) -> None:
        sheet = self._wanted
        if sheet is None:
            return
        small = reduced(sheet)
        if small == self._shown:
            return
        self.stop()
        self._shown = small
        if self.pixmap().isNull():
            self.setText(self.tr("Drawing a preview …"))
        path = Path(self._folder.path()) / "preview.png"
        try:
            process = self._drawing = start_export(self._project, small, path, beside=False, parent=self)
        except TwinError as error:
            self.failed.emit(str(error))
            return
        process.finished.connect(lambda *_: self._seen(process, path))

    def _seen(self, process: QProcess, path: Path) -> None:
        if process is not self._drawing:
            return
        self._drawing = None
        picture = QPixmap(str(path))
        if problem := problem_of(process):
            self.setText(self.tr("It cannot be drawn so."))
            self.failed.emit(problem)
        elif not picture.isNull():
            fit, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            self.setPixmap(picture.scaled(*ROOM, fit, smooth))


def reduced(sheet: Sheet) -> Sheet:
    """The same sheet with no more dots than the preview has room for."""
    part = min(ROOM[0] / sheet.size[0], ROOM[1] / sheet.size[1], 1.0)
    width, height = (max(round(part * side), 16) for side in sheet.size)
    if sheet.page == SCREEN and not sheet.plain:  # smaller ones have no room for the words
        width, height = 2 * width, 2 * height
    return replace(sheet, size=(width, height), clear=False, deep=False)
