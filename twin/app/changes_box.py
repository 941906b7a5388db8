"""Says what the scenario in view changes: in one sentence, what is wrong with it, and line by line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.analysis.build import Built
from twin.app import icons, texts
from twin.app.check_box import CheckBox
from twin.app.facts import selection_of
from twin.app.theme import tones_of
from twin.session.commands import select, toggle_highlight
from twin.session.session import Session

WHAT, WANTED = int(Qt.ItemDataRole.UserRole), int(Qt.ItemDataRole.UserRole) + 1
MOST_PROBLEMS, MOST_CHANGES = 20, 200
"""That are shown at once; the tool tip has all."""
QWIDGETSIZE_MAX = 16_777_215
"""As Qt has it."""
TALLEST = 7
"""More of what is wrong is scrolled to. [lines]"""


class ChangesBox(QWidget):
    """What a scenario changes, marked in the view where one likes."""

    object_activated = Signal(str, str)
    """What it is (`building`, `tree`, `ground`, `feature`) and its id; wants to be looked at."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._built: Built | None = None
        self.highlight = CheckBox(self.tr("Show what changes"))
        self.summary, self.problems, self._warning = QLabel(), QLabel(), QLabel()
        self.told = QScrollArea()
        self.list = QTreeWidget()
        self._lay_out()
        self.highlight.clicked.connect(lambda: self._session.do(toggle_highlight))
        self.list.itemClicked.connect(self._on_click)
        self.list.itemActivated.connect(self._on_click)
        self.list.itemDoubleClicked.connect(self._on_double_click)
        self._show_changes()

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
        self.highlight.setChecked(session.state.highlight)
        if session.scene.built is not self._built:
            self._built = session.scene.built
            self._show_changes()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the colours and sizes of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._show_changes()
            QTimer.singleShot(0, self, self._fit)  # labels get their own font after this

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Words need more lines in a narrow panel."""
        super().resizeEvent(event)
        self._fit()

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self.highlight.setAccessibleName(self.highlight.text())
        self.highlight.setToolTip(self.tr("Mark what the scenario adds and removes (C)"))
        for label in (self.summary, self.problems):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.summary.setObjectName("muted")
        self.problems.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.told.setWidget(self.problems)
        self.told.setWidgetResizable(True)
        self.told.setFrameShape(QFrame.Shape.NoFrame)
        self.told.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.told.setAccessibleName(self.tr("What is wrong with the scenario"))
        line = QFrame()
        line.setObjectName("line")
        warned = self._warned = QHBoxLayout()
        warned.setSpacing(round(0.4 * em))
        warned.addWidget(self._warning, 0, Qt.AlignmentFlag.AlignTop)
        warned.addWidget(self.told, 1)
        words = self._words = QVBoxLayout()
        words.setContentsMargins(round(0.7 * em), round(0.3 * em), round(0.7 * em), round(0.3 * em))
        words.setSpacing(round(0.5 * em))
        for widget in (line, self.highlight, self.summary):
            words.addWidget(widget)
        words.addLayout(warned)
        self._lay_out_list()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(round(0.2 * em))
        column.addLayout(words)
        column.addWidget(self.list, 1)
        column.addStretch()

    def _lay_out_list(self) -> None:
        em = self.fontMetrics().height()
        self.list.setAccessibleName(self.tr("What the scenario changes"))
        self.list.setToolTip(self.tr("Click to select, double-click to look at it"))
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(0)
        self.list.setMinimumHeight(round(3.5 * em))
        # it asks for nothing more, so that what is above it gets its share
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.list.setIconSize(QSize(em, em))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)

    def _show_changes(self) -> None:
        self.list.clear()
        built = self._built
        said = "" if built is None else texts.summary(built) or self.tr("Nothing changes: this is today.")
        self.summary.setText(said)
        self._show_problems(() if built is None else built.problems)
        if built is not None:
            self._fill(built)
        self.list.setVisible(self.list.topLevelItemCount() > 0)
        self._fit()

    def _fill(self, built: Built) -> None:
        tone = tones_of(self.palette())
        signs = {"added": tone.good, "removed": tone.bad, "changed": tone.accent}
        words = {"added": self.tr("added"), "removed": self.tr("removed"), "changed": self.tr("changed")}
        lines = texts.difference(built)
        for line in lines[:MOST_CHANGES]:
            item = QTreeWidgetItem([line.title, line.amount])
            item.setIcon(0, icons.icon(line.kind, QColor(signs[line.kind])))
            item.setData(0, WHAT, line.what)
            item.setData(0, WANTED, line.ids[0])
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setForeground(1, QColor(tone.muted))
            said = f"{line.title}: {words[line.kind]}"
            item.setToolTip(0, texts.tip(said))
            item.setData(0, int(Qt.ItemDataRole.AccessibleTextRole), said)
            self.list.addTopLevelItem(item)
        if len(lines) > MOST_CHANGES:
            rest = QTreeWidgetItem([self.tr("… and {0} more").format(len(lines) - MOST_CHANGES)])
            rest.setFlags(Qt.ItemFlag.ItemIsEnabled)
            rest.setToolTip(0, texts.tip(self.tr("All of them are in the panel Difference.")))
            self.list.addTopLevelItem(rest)

    def _show_problems(self, problems: tuple[str, ...]) -> None:
        said = list(problems[:MOST_PROBLEMS])
        if len(problems) > MOST_PROBLEMS:
            said.append(self.tr("… and {0} more").format(len(problems) - MOST_PROBLEMS))
        em = self.fontMetrics().height()
        colour = QColor(tones_of(self.palette()).caution)
        self._warning.setPixmap(icons.pixmap("warning", em, self.devicePixelRatioF(), colour))
        self.problems.setText("\n".join(said))
        self.problems.setToolTip(texts.tip("\n".join(problems)))
        for widget in (self._warning, self.told, self.problems):
            widget.setVisible(bool(problems))

    def _fit(self) -> None:
        """Gives the words the height they need: layouts hear too late how many lines a label has."""
        em = self.fontMetrics().height()
        width = self.told.viewport().width()
        self.told.setFixedHeight(min(max(self.problems.heightForWidth(width), em), TALLEST * em))
        self._warned.invalidate()
        self._words.invalidate()
        words = self._words.heightForWidth(max(self.width(), 10 * em))
        if words <= 0:  # it is new, and Qt shows it only when it comes to it
            QTimer.singleShot(0, self, self._fit)
            return
        words += round(0.2 * em)
        if self.list.isHidden():  # there is nothing that more room would be for
            self.setFixedHeight(words)
        else:
            self.setMinimumHeight(words + self.list.minimumHeight())
            self.setMaximumHeight(QWIDGETSIZE_MAX)

    def _on_click(self, item: QTreeWidgetItem, _column: int) -> None:
        what, wanted = item.data(0, WHAT), item.data(0, WANTED)
        if what:
            self._session.do(select, selection_of(self._session, what, wanted))

    def _on_double_click(self, item: QTreeWidgetItem, _column: int) -> None:
        what, wanted = item.data(0, WHAT), item.data(0, WANTED)
        if what:
            self.object_activated.emit(what, wanted)
