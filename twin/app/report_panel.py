"""Shows what came of reading each city model: what was kept, and what was not."""

from __future__ import annotations

import json

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from twin.app import icons, texts
from twin.app.fact_table import FactTable
from twin.app.report_text import Report, as_text, left_out, name_of, sections
from twin.model.project import Project
from twin.session.session import Session


class ReportPanel(QWidget):
    """One import report at a time, as a list of facts to read and to copy."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._project: Project | None = None
        self.file, self.table = QComboBox(), FactTable()
        self.copy_text, self.copy_json = QPushButton(self.tr("Copy")), QPushButton(self.tr("Copy JSON"))
        self.empty = QLabel(self.tr("No city model is open, so there is nothing to report."))
        self._lay_out()
        self.file.currentIndexChanged.connect(lambda _row: self._show())
        self.copy_text.clicked.connect(lambda: self._copy(as_text))
        self.copy_json.clicked.connect(lambda: self._copy(_tree))
        self.refresh(session)

    @property
    def report(self) -> Report | None:
        """The one that is shown."""
        return self._session.project.reports.get(self.file.currentData() or "")

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session, as soon as they are seen."""
        self._session = session
        if session.project is self._project or not self.isVisible():
            return
        before = self.file.currentData()
        self._project = session.project
        self.file.blockSignals(True)
        self.file.clear()
        for source, report in session.project.reports.items():
            count = left_out(report)
            told = self.tr("{0} ({1} left out)").format(name_of(report), texts.amount(float(count)))
            self.file.addItem(told if count else name_of(report), source)
        self.file.blockSignals(False)
        there = self.file.findData(before)
        self.file.setCurrentIndex(there if there >= 0 else self._first(session.project))
        self._show()

    def choose(self, source: str) -> None:
        """Shows the report of a source."""
        self.refresh(self._session)
        if (row := self.file.findData(source)) >= 0:
            self.file.setCurrentIndex(row)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Catches up with what happened while nobody looked."""
        super().showEvent(event)
        self.refresh(self._session)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the colours and sizes of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setMinimumWidth(14 * self.fontMetrics().height())
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._project is not None:
            # later, because the table gets its own new colours only after its panel
            QTimer.singleShot(0, self, self._show)

    def _first(self, project: Project) -> int:
        """The first report that says something was left out, else the first."""
        rows = [left_out(report) > 0 for report in project.reports.values()]
        return rows.index(True) if True in rows else 0

    def _show(self) -> None:
        report = self.report
        self._pages.setCurrentIndex(0 if report is None else 1)
        if report is not None:
            self.table.show_sections(sections(report))
            self.table.scrollToTop()

    def _copy(self, say: object) -> None:
        report = self.report
        if report is not None and callable(say):
            QGuiApplication.clipboard().setText(say(report))

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self.setMinimumWidth(14 * em)
        for widget in (self.file, self.file.view()):
            widget.setAccessibleName(self.tr("File whose import report is shown"))
        self.file.setToolTip(self.tr("File whose import report is shown"))
        self.file.setMinimumContentsLength(8)
        self.file.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.table.setAccessibleName(self.tr("Import report"))
        for button, tip in (
            (self.copy_text, self.tr("Copy the report as text")),
            (self.copy_json, self.tr("Copy the report as JSON, for other programs")),
        ):
            button.setFlat(True)
            button.setIcon(icons.icon("copy"))
            button.setIconSize(QSize(em, em))
            button.setToolTip(texts.tip(tip))
            button.setAccessibleName(tip)
        self.empty.setObjectName("empty")
        self.empty.setTextFormat(Qt.TextFormat.PlainText)
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy_text)
        buttons.addWidget(self.copy_json)
        buttons.addStretch()
        head = QVBoxLayout()
        head.setContentsMargins(round(0.6 * em), round(0.3 * em), round(0.6 * em), 0)
        head.addWidget(self.file)
        head.addLayout(buttons)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(page)


def _tree(report: Report) -> str:
    return json.dumps(dict(report), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
