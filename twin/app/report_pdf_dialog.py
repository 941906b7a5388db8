"""Asks what a report compares, and has it made beside the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QProcess, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
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
    QVBoxLayout,
    QWidget,
)

from twin.app.export_dialog import LANGUAGES
from twin.app.export_process import problem_of
from twin.app.film_process import start
from twin.errors import TwinError
from twin.model.project import Project
from twin.model.state import State
from twin.scene.comparison import baseline_of

NOTHING = "none"
FILES = "PDF (*.pdf)"


class ReportDialog(QDialog):
    """Scenario, what it is compared with, language and file; does not block the window."""

    def __init__(self, project: Project, state: State, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export report"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self._project, self._state = project, replace(state, compare="none", compared=())
        self._process: QProcess | None = None
        self.scenario, self.against, self.language = QComboBox(), QComboBox(), QComboBox()
        self.path, self.told, self.problem = QLineEdit(str(path)), QLabel(), QLabel()
        self.bar = QProgressBar()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._fill()
        self._lay_out()
        for box in (self.scenario, self.against, self.language):
            box.activated.connect(self._changed)
        self.path.textEdited.connect(self._changed)
        self.buttons.accepted.connect(self.save)
        self.buttons.rejected.connect(self.reject)
        self._changed()

    @property
    def options(self) -> list[str]:
        """What the command is given, but for the view."""
        return [
            *("--scenario", self.scenario.currentData(), "--against", self.against.currentData()),
            *("--language", self.language.currentData(), "--progress"),
            *("--out", str(Path(self.path.text()).absolute())),
        ]

    def save(self) -> None:
        """Starts writing; the dialog closes when the report is there."""
        options = self.options
        try:
            self._process = start(
                "report",
                self._project,
                self._state,
                lambda view: ["--state", str(view), *options],
                lambda fraction: self.bar.setValue(round(1000 * fraction)),
                self,
            )
        except TwinError as error:
            self._complain(str(error))
            return
        self.bar.setValue(0)
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
        self.against.addItem(self.tr("Nothing"), NOTHING)
        for scenario in self._project.scenarios:
            self.scenario.addItem(scenario.title, scenario.id)
            self.against.addItem(scenario.title, scenario.id)
        self.scenario.setCurrentIndex(self.scenario.findData(self._state.scenario))
        base = baseline_of(self._project, self._state)
        self.against.setCurrentIndex(self.against.findData(base if base != self._state.scenario else NOTHING))
        for name, code in LANGUAGES:
            self.language.addItem(name, code)
        for widget, name in (
            (self.scenario, self.tr("Scenario")),
            (self.against, self.tr("Compared with")),
            (self.language, self.tr("Language of headings")),
            (self.path, self.tr("File")),
            (self.bar, self.tr("Progress")),
        ):
            widget.setAccessibleName(name)

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        browse = QPushButton(self.tr("Browse…"))
        browse.clicked.connect(self._browse)
        file = QHBoxLayout()
        file.addWidget(self.path)
        file.addWidget(browse)
        form, outer = QFormLayout(), QVBoxLayout(self)
        form.addRow(self.tr("Scenario"), self.scenario)
        form.addRow(self.tr("Compared with"), self.against)
        form.addRow(self.tr("Headings"), self.language)
        form.addRow(self.tr("File"), file)
        self.told.setText(
            self.tr(
                "Pictures, map, indicators with what they differ by, differences, method and licences. "
                "Pictures show this view, hour and overlay; figures of heat are told where heat is shown."
            )
        )
        self.told.setObjectName("muted")
        for label in (self.told, self.problem):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.bar.setRange(0, 1000)
        self.bar.setVisible(False)
        outer.addLayout(form)
        for widget in (self.told, self.problem, self.bar, self.buttons):
            outer.addWidget(widget)
        self.resize(42 * em, self.sizeHint().height())

    def _changed(self) -> None:
        path = Path(self.path.text())
        if self.scenario.currentData() == self.against.currentData():
            self._complain(
                self.tr("A scenario differs in nothing from itself. Choose another one, or nothing.")
            )
        elif path.suffix.lower() != ".pdf":
            self._complain(self.tr("The file of a report ends in .pdf."))
        elif not path.absolute().parent.is_dir():
            self._complain(self.tr("There is no folder {0}.").format(path.absolute().parent))
        else:
            self._complain("")

    def _complain(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        busy = self._process is not None
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(not text and not busy)

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
        process, self._process = self._process, None
        if process is not None and process.state() is not QProcess.ProcessState.NotRunning:
            process.kill()
            process.waitForFinished(2000)

    def _browse(self) -> None:
        """Asks without blocking, as a native question would stop the view behind it."""
        dialog = QFileDialog(self, self.tr("Export report"), self.path.text(), FILES)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.path.setText)
        dialog.fileSelected.connect(self._changed)
        dialog.open()
