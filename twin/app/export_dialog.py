"""Asks for exports of every kind, with a preview, and has them made beside the window."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from twin.app.export_page import Given, Page, Work
from twin.app.export_preview import ExportPreview
from twin.app.icons import icon
from twin.app.texts import QT_TRANSLATE_NOOP, tr
from twin.errors import TwinError

KINDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "picture": (QT_TRANSLATE_NOOP("texts", "Picture"), "picture", "export_picture.PicturePage"),
        "series": (QT_TRANSLATE_NOOP("texts", "Many pictures"), "split", "export_series.SeriesPage"),
        "sun-study": (QT_TRANSLATE_NOOP("texts", "Sun study"), "sun", "export_sun_study.SunStudyPage"),
        "film": (QT_TRANSLATE_NOOP("texts", "Film"), "play", "export_film.FilmPage"),
        "report": (QT_TRANSLATE_NOOP("texts", "Report"), "report", "export_report.ReportPage"),
        "web": (QT_TRANSLATE_NOOP("texts", "Web page"), "isolate", "export_web.WebPage"),
        "model": (QT_TRANSLATE_NOOP("texts", "Model"), "model", "export_files.ModelPage"),
        "values": (QT_TRANSLATE_NOOP("texts", "Values (GeoTIFF)"), "overlay", "export_files.ValuesPage"),
        "indicators": (QT_TRANSLATE_NOOP("texts", "Indicators"), "indicators", "export_files.IndicatorsPage"),
    }
)
"""Title, icon, and the page, which is loaded when it is first looked at."""
WIDE = 22
"""Of the list of kinds, in heights of a letter; of what is asked, twice as much."""


class ExportDialog(QDialog):
    """A list of kinds, what is asked of the chosen one, and a preview; does not block the window."""

    saved = Signal(str, str)
    """What is there: its path, and what the user should know of it."""

    def __init__(self, given: Given, kind: str = "picture", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.given = given
        self._pages: dict[str, Page] = {}
        self._paths: dict[str, str] = {}
        self._work: Work | None = None
        self._since = 0.0
        self.kinds, self._stack, self._right = QListWidget(), QStackedWidget(), QStackedWidget()
        self.preview = ExportPreview(given.project)
        self.path, self.told, self.problem = QLineEdit(), QLabel(), QLabel()
        self.bar = QProgressBar()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Close
        )
        self._lay_out()
        self.kinds.currentItemChanged.connect(lambda *_: self._turn())
        self.path.textEdited.connect(lambda *_: self._changed())
        self.preview.failed.connect(self._complain)
        self.buttons.accepted.connect(self.save)
        self.buttons.rejected.connect(self.reject)
        self.show_kind(kind)

    @property
    def page(self) -> Page:
        """The page that is looked at."""
        kind = self.kinds.currentItem().data(Qt.ItemDataRole.UserRole)
        if kind not in self._pages:
            module, _, name = KINDS[kind][2].partition(".")
            make: Callable[[Given], Page] = getattr(import_module(f"twin.app.{module}"), name)
            made = self._pages[kind] = make(self.given)
            made.changed.connect(self._asked)
            area = QScrollArea()
            area.setWidget(made)
            area.setWidgetResizable(True)
            area.setFrameShape(QScrollArea.Shape.NoFrame)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._stack.addWidget(area)
            self._paths[kind] = str(made.suggested)
            if made.aside is not None:
                self._right.addWidget(made.aside)
        return self._pages[kind]

    @property
    def busy(self) -> bool:
        """Whether something is being made."""
        return self._work is not None

    def show_kind(self, kind: str) -> None:
        """Turns to a page."""
        self.kinds.setCurrentRow(list(KINDS).index(kind))

    def save(self) -> None:
        """Starts making what is asked for."""
        page, path = self.page, Path(self.path.text())
        self.preview.stop()
        try:
            page.check(path)
            self._work = page.start(path, self._tell, self)
        except TwinError as error:
            self._complain(str(error))
            return
        self._since = time.monotonic()
        self.bar.setRange(0, 0)  # until it is said how far it is
        self.bar.setFormat("")
        self._set_busy(True)
        self._work.ended.connect(self._ended)

    def reject(self) -> None:
        """Gives up what is being made; once more, and the dialog closes."""
        if self._work is not None:
            self._stop()
            self._changed()
            return
        self._stop()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """Gives up what is being made."""
        self._stop()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        for kind, (title, drawing, _) in KINDS.items():
            item = QListWidgetItem(icon(drawing), tr(title), self.kinds)
            item.setData(Qt.ItemDataRole.UserRole, kind)
        self.kinds.setAccessibleName(self.tr("Kinds of export"))
        self.kinds.setIconSize(QSize(round(1.4 * em), round(1.4 * em)))
        self.kinds.setSpacing(2)
        self.kinds.setFixedWidth(round(WIDE * em / 2))
        browse = QPushButton(self.tr("Browse…"))
        browse.clicked.connect(self._browse)
        self.path.setAccessibleName(self.tr("File or folder"))
        self.bar.setAccessibleName(self.tr("Progress"))
        self.told.setObjectName("muted")
        for label in (self.told, self.problem):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.bar.setVisible(False)
        file = QHBoxLayout()
        file.addWidget(QLabel(self.tr("To")))
        file.addWidget(self.path)
        file.addWidget(browse)
        self._right.addWidget(self.preview)
        self._right.setFixedSize(self.preview.size())
        self._stack.setMinimumSize(2 * WIDE * em, 34 * em)
        grid, outer = QGridLayout(), QVBoxLayout(self)
        grid.addWidget(self._stack, 0, 0)
        grid.addWidget(self._right, 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        above, body = QHBoxLayout(), QVBoxLayout()
        body.addLayout(grid, 1)
        body.addWidget(self.told)
        body.addLayout(file)
        above.addWidget(self.kinds)
        above.addLayout(body, 1)
        outer.addLayout(above, 1)
        for below in (self.problem, self.bar, self.buttons):
            outer.addWidget(below)

    def _turn(self) -> None:
        page = self.page
        for area in (self._stack.widget(number) for number in range(self._stack.count())):
            if isinstance(area, QScrollArea) and area.widget() is page:
                self._stack.setCurrentWidget(area)
        self.path.setText(self._paths[page.kind])
        self._changed()

    def _asked(self) -> None:
        """Something else is asked for, which may end otherwise."""
        self.path.setText(str(self.page.fitted(Path(self.path.text()))))
        self._changed()

    def _changed(self) -> None:
        page = self.page
        self._paths[page.kind] = self.path.text()
        self.told.setText(page.told)
        self.told.setVisible(bool(page.told))
        self._right.setCurrentWidget(page.aside or self.preview)
        self.preview.show_sheet(page.sheet if page.aside is None else None)
        try:
            page.check(Path(self.path.text()))
        except TwinError as error:
            self._complain(str(error))
        else:
            self._complain("")

    def _complain(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self._save_button.setEnabled(not text and self._work is None)

    @property
    def _save_button(self) -> QPushButton:
        return self.buttons.button(QDialogButtonBox.StandardButton.Save)

    def _set_busy(self, busy: bool) -> None:
        self.bar.setVisible(busy)
        self.kinds.setEnabled(not busy)
        self._stack.setEnabled(not busy)
        self._save_button.setEnabled(not busy)
        close = self.buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Give up") if busy else self.tr("Close"))

    def _tell(self, fraction: float) -> None:
        if self._work is None:
            return
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * fraction))
        if 0.05 < fraction < 1.0:
            left = (time.monotonic() - self._since) * (1 / fraction - 1)
            self.bar.setFormat(self.tr("%p %, about {0} s left").format(round(left)))
        else:
            self.bar.setFormat("%p %")

    def _ended(self, problem: str) -> None:
        work, self._work = self._work, None
        if work is None:
            return
        self._set_busy(False)
        if problem:
            self._complain(problem)
            return
        self.saved.emit(self.path.text(), " ".join(work.notices))
        self.accept()

    def _stop(self) -> None:
        self.preview.stop()
        work, self._work = self._work, None
        if work is not None:
            work.cancel()
            self._set_busy(False)

    def _browse(self) -> None:
        """Asks without blocking, as a native question would stop the view behind it."""
        page = self.page
        dialog = QFileDialog(self, self.tr("Export"), self.path.text(), page.files)
        if page.ending:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix(page.ending.removeprefix("."))
        else:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.path.setText)
        dialog.fileSelected.connect(lambda *_: self._changed())
        dialog.open()
