"""Asks what a picture of the view is to be like, shows it, and has it made beside the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QProcess, Qt, QTemporaryDir, QTimer
from PySide6.QtGui import QCloseEvent, QPixmap
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
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from twin.app.export_process import problem_of, start_export
from twin.app.export_write import check_path
from twin.errors import TwinError
from twin.model.project import Project
from twin.model.sheet import SCREEN, Panel, Sheet
from twin.model.state import State
from twin.scene.sheet_layout import PAGES
from twin.scene.standpoints import flattened

SCREENS = (("Full HD", (1920, 1080)), ("4K", (3840, 2160)), ("8K", (7680, 4320)), ("16K", (15360, 8640)))
SCALES = ("As in the view", "1:500", "1:1000", "1:2000", "1:5000")
LANGUAGES = (("English", "en"), ("Suomi", "fi"), ("Svenska", "sv"), ("Eesti", "et"))
FILES = "Pictures (*.png *.jpg *.webp *.tif *.svg *.pdf)"
PREVIEW = (560, 400)
"""Room for the preview. [px]"""
PAUSE = 400
"""After the last change, before a preview is drawn. [ms]"""


class ExportDialog(QDialog):
    """Page, size, words and file of a picture, with a preview; does not block the window."""

    def __init__(
        self, project: Project, state: State, path: Path, shadows: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export picture"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self._project, self._state, self._shadows = project, state, shadows
        self._folder = QTemporaryDir()
        self._process: QProcess | None = None
        self._drawing: QProcess | None = None
        self._shown: Sheet | None = None
        self.page, self.size_box, self.scale = QComboBox(), QComboBox(), QComboBox()
        self.dpi = QSpinBox()
        self.language = QComboBox()
        self.title, self.note, self.path = QLineEdit(), QLineEdit(), QLineEdit(str(path))
        self.words = QCheckBox(self.tr("Title, legend, north, scale and sources"))
        self.even = QCheckBox(self.tr("Flat light: colours exactly as in the legend"))
        self.clear, self.deep = QCheckBox(self.tr("Without sky")), QCheckBox(self.tr("16 bit a colour"))
        self.preview, self.problem = QLabel(self.tr("Drawing a preview …")), QLabel()
        self.bar = QProgressBar()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._fill()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._draw)
        for box in (self.page, self.size_box, self.scale, self.language):
            box.activated.connect(self._changed)
        for line in (self.title, self.note, self.path):
            line.textEdited.connect(self._changed)
        for check in (self.words, self.even, self.clear, self.deep):
            check.clicked.connect(self._changed)
        self.dpi.valueChanged.connect(self._changed)
        self.buttons.accepted.connect(self.save)
        self.buttons.rejected.connect(self.reject)
        self._changed()

    @property
    def sheet(self) -> Sheet:
        """The picture as it is asked for."""
        page = str(self.page.currentData())
        size = self.size_box.currentData()
        if page != SCREEN:
            each = self.dpi.value() / 25.4
            size = round(PAGES[page].width * each), round(PAGES[page].height * each)
        scale = self.scale.currentText().partition(":")[2] if page != SCREEN else ""
        state = self._state
        if scale and state.camera is not None and not state.camera.height:
            state = replace(state, camera=flattened(state.camera))
        return Sheet(
            (Panel(state),),
            size,
            page,
            scale=float(scale or 0),
            language=self.language.currentData(),
            title=self.title.text(),
            note=self.note.text(),
            plain=page == SCREEN and not self.words.isChecked(),
            flat=self.even.isChecked(),
            clear=self.clear.isChecked(),
            deep=self.deep.isChecked(),
            shadows=self._shadows,  # type: ignore[arg-type]  # one of those a Sheet takes
        )

    def save(self) -> None:
        """Starts making the file; the dialog closes when it is there."""
        self._stop()
        path = Path(self.path.text())
        try:
            self._process = start_export(self._project, self.sheet, path, progress=self._tell, parent=self)
        except TwinError as error:
            self._complain(str(error))
            return
        self.bar.setVisible(True)
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(False)
        self._process.finished.connect(self._ended)

    def reject(self) -> None:
        """Gives up what is being made, and closes."""
        self._stop()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """As `reject`."""
        self._stop()
        super().closeEvent(event)

    def _fill(self) -> None:
        self.page.addItem(self.tr("Screen: words over the view"), SCREEN)
        for name, page in PAGES.items():
            self.page.addItem(f"{page.title}, {page.width:.0f} × {page.height:.0f} mm", name)
        for name, size in SCREENS:
            self.size_box.addItem(f"{name}, {size[0]} × {size[1]}", size)
        self.scale.addItems(SCALES)
        for name, code in LANGUAGES:
            self.language.addItem(name, code)
        self.dpi.setRange(50, 600)
        self.dpi.setValue(200)
        self.dpi.setSuffix(self.tr(" dots an inch"))
        self.words.setChecked(True)
        for widget, name in (
            (self.page, self.tr("Page")),
            (self.size_box, self.tr("Size")),
            (self.dpi, self.tr("Fineness")),
            (self.scale, self.tr("Scale")),
            (self.language, self.tr("Language")),
            (self.title, self.tr("Title")),
            (self.note, self.tr("Note")),
            (self.path, self.tr("File")),
            (self.words, self.tr("Title, legend, north, scale and sources")),
            (self.even, self.tr("Flat light: colours exactly as in the legend")),
            (self.clear, self.tr("Without sky")),
            (self.deep, self.tr("16 bit a colour")),
            (self.bar, self.tr("Progress")),
            (self.preview, self.tr("Preview")),
        ):
            widget.setAccessibleName(name)

    def _lay_out(self) -> None:
        browse = QPushButton(self.tr("Browse…"))
        browse.clicked.connect(self._browse)
        file = QHBoxLayout()
        file.addWidget(self.path)
        file.addWidget(browse)
        self.title.setPlaceholderText(self.tr("The scenario"))
        self.form = QFormLayout()
        for name, widget in (
            (self.tr("Page"), self.page),
            (self.tr("Size"), self.size_box),
            (self.tr("Fineness"), self.dpi),
            (self.tr("Scale"), self.scale),
            (self.tr("Language"), self.language),
            (self.tr("Title"), self.title),
            (self.tr("Note"), self.note),
            (self.tr("With"), self.words),
            ("", self.even),
            ("", self.clear),
            ("", self.deep),
        ):
            self.form.addRow(name, widget)
        self.form.addRow(self.tr("File"), file)
        self.preview.setFixedSize(*PREVIEW)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.problem.setWordWrap(True)
        self.bar.setRange(0, 1000)
        self.bar.setVisible(False)
        above, outer = QHBoxLayout(), QVBoxLayout(self)
        above.addLayout(self.form)
        above.addWidget(self.preview)
        outer.addLayout(above)
        outer.addWidget(self.problem)
        outer.addWidget(self.bar)
        outer.addWidget(self.buttons)

    def _changed(self) -> None:
        paper = self.page.currentData() != SCREEN
        for widget, shown in (
            (self.size_box, not paper),
            (self.words, not paper),
            (self.dpi, paper),
            (self.scale, paper),
            (self.language, paper or self.words.isChecked()),
            (self.title, paper),
            (self.note, paper),
        ):
            self.form.setRowVisible(widget, shown)
        try:
            check_path(Path(self.path.text()), self.sheet)
            self._complain("")
        except TwinError as error:
            self._complain(str(error))
        self._timer.start()

    def _complain(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        busy = self._process is not None
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(not text and not busy)

    def _draw(self) -> None:
        """A small one of the same layout, drawn as the large one will be."""
        sheet = self.sheet
        part = min(PREVIEW[0] / sheet.size[0], PREVIEW[1] / sheet.size[1])
        width, height = (max(round(part * side), 16) for side in sheet.size)
        if sheet.page == SCREEN and not sheet.plain:  # smaller ones have no room for the words
            width, height = 2 * width, 2 * height
        small = replace(sheet, size=(width, height), clear=False, deep=False)
        if small == self._shown:
            return
        self._shown = small
        _kill(self._drawing)
        path = Path(self._folder.path()) / "preview.png"
        try:
            process = self._drawing = start_export(self._project, small, path, beside=False, parent=self)
        except TwinError as error:
            self._complain(str(error))
            return
        process.finished.connect(lambda *_: self._seen(process, path))

    def _seen(self, process: QProcess, path: Path) -> None:
        if process is not self._drawing:
            return
        self._drawing = None
        picture = QPixmap(str(path))
        if problem := problem_of(process):
            self._complain(problem)
        elif not picture.isNull():
            fit, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            self.preview.setPixmap(picture.scaled(*PREVIEW, fit, smooth))

    def _tell(self, fraction: float) -> None:
        self.bar.setValue(round(1000 * fraction))

    def _ended(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        self.bar.setVisible(False)
        if problem := problem_of(process):
            self._complain(problem)
        else:
            self.accept()

    def _stop(self) -> None:
        self._timer.stop()
        process, self._process = self._process, None
        drawing, self._drawing = self._drawing, None
        _kill(process)
        _kill(drawing)

    def _browse(self) -> None:
        """Asks without blocking, as a native question would stop the view behind it."""
        dialog = QFileDialog(self, self.tr("Export picture"), self.path.text(), FILES)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.path.setText)
        dialog.fileSelected.connect(self._changed)
        dialog.open()


def _kill(process: QProcess | None) -> None:
    if process is not None and process.state() is not QProcess.ProcessState.NotRunning:
        process.kill()
        process.waitForFinished(2000)
