"""Switches scenarios and lists what they change."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollArea,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.app import icons, texts
from twin.app.check_box import CheckBox
from twin.app.choice_row import ChoiceRow
from twin.app.facts import selection_of
from twin.app.scenario_drag import RowDrag
from twin.app.theme import tones_of
from twin.model.scenario import Scenario
from twin.model.scenario_tree import depth
from twin.session.commands import choose_scenario, select, toggle_highlight
from twin.session.session import Session

WHAT, WANTED = int(Qt.ItemDataRole.UserRole), int(Qt.ItemDataRole.UserRole) + 1

DEEPEST = 4
"""Rows are set in no further, however many generations stand above them."""
MOST_PROBLEMS, MOST_CHANGES = 4, 200
"""That are shown at once; the tool tip has all."""


class ScenariosPanel(QWidget):
    """A row for each scenario, and what the chosen one changes."""

    object_activated = Signal(str, str)
    """What it is (`building`, `tree`, `ground`, `feature`) and its id; wants to be looked at."""
    renamed = Signal(str)
    """The chosen scenario is to have this title."""
    reordered = Signal(str, int)
    """Id of a scenario, and its place in the list."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: tuple[object, ...] = ()
        self._built: object = None
        self._scenarios: tuple[Scenario, ...] = ()
        self.rows: dict[str, ChoiceRow] = {}
        self._group = QButtonGroup(self)
        self._list = QWidget()
        self._scroll = QScrollArea()
        self.highlight = CheckBox(self.tr("Show what changes"))
        self.summary = QLabel()
        self.problems, self._warning = QLabel(), QLabel()
        self.changes = QTreeWidget()
        self.tools = QHBoxLayout()
        self.title_field: QLineEdit | None = None
        self.drag = RowDrag(self._scroll, self._list)
        self.drag.moved.connect(lambda start, end: self.reordered.emit(self._scenarios[start].id, end))
        self._lay_out()
        self.highlight.clicked.connect(lambda: self._session.do(toggle_highlight))
        self.changes.itemClicked.connect(self._on_click)
        self.changes.itemActivated.connect(self._on_click)
        self.changes.itemDoubleClicked.connect(self._on_double_click)
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
        state, built = session.state, session.scene.built
        relevant = (session.project.scenarios, state.scenario, state.highlight, built)
        if relevant == self._shown:
            return
        self._shown = relevant
        if session.project.scenarios != self._scenarios:
            self._scenarios = session.project.scenarios
            self._rebuild()
        if state.scenario in self.rows:
            self.rows[state.scenario].setChecked(True)
            # later, because rows that are new have no place yet
            QTimer.singleShot(0, self, self._show_chosen)
        self.highlight.setChecked(state.highlight)
        if built is not self._built:
            self._built = built
            self._show_changes()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the colours and sizes of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._shown:
            self._show_changes()
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Gives the scenarios the height they need, if there is so much."""
        super().resizeEvent(event)
        self._fit()

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        rows = QVBoxLayout(self._list)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(round(0.15 * em))
        self._scroll.setWidget(self._list)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.highlight.setAccessibleName(self.highlight.text())
        self.highlight.setToolTip(self.tr("Mark what the scenario adds and removes (C)"))
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setWordWrap(True)
        self.summary.setObjectName("muted")
        self.changes.setAccessibleName(self.tr("What the scenario changes"))
        self.changes.setToolTip(self.tr("Click to select, double-click to look at it"))
        self.changes.setColumnCount(2)
        self.changes.setHeaderHidden(True)
        self.changes.setRootIsDecorated(False)
        self.changes.setIndentation(0)
        self.changes.setMinimumHeight(round(3.5 * em))
        self.changes.setIconSize(QSize(em, em))
        self.changes.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.changes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.changes.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        line = QFrame()
        line.setObjectName("line")
        inner = self._words = QVBoxLayout()
        inner.setContentsMargins(round(0.7 * em), round(0.3 * em), round(0.7 * em), round(0.3 * em))
        inner.setSpacing(round(0.5 * em))
        inner.addWidget(line)
        inner.addWidget(self.highlight)
        inner.addWidget(self.summary)
        self.problems.setTextFormat(Qt.TextFormat.PlainText)
        self.problems.setWordWrap(True)
        warned = self._warned = QHBoxLayout()
        warned.setSpacing(round(0.4 * em))
        warned.addWidget(self._warning, 0, Qt.AlignmentFlag.AlignTop)
        warned.addWidget(self.problems, 1)
        inner.addLayout(warned)
        column = QVBoxLayout(self)
        column.setContentsMargins(round(0.3 * em), round(0.3 * em), round(0.3 * em), 0)
        column.setSpacing(round(0.2 * em))
        column.addWidget(self._scroll, 3)
        column.addLayout(self.tools)
        column.addLayout(inner)
        column.addWidget(self.changes, 2)

    def _rebuild(self) -> None:
        self._end_rename()
        for row in self.rows.values():
            self._group.removeButton(row)
            row.hide()
            row.deleteLater()
        self.rows.clear()
        for number, scenario in enumerate(self._scenarios, 1):
            row = ChoiceRow(
                scenario.title,
                description=scenario.description,
                keys=str(number) if number <= 9 else "",
                badge=", ".join(self._marks(scenario)),
                depth=min(depth(self._scenarios, scenario.id), DEEPEST),
                parent=self._list,
            )
            row.clicked.connect(lambda _=False, wanted=scenario.id: self._session.do(choose_scenario, wanted))
            self._group.addButton(row)
            self.rows[scenario.id] = row
            layout = self._list.layout()
            assert layout is not None
            layout.addWidget(row)
        self.drag.watch(tuple(self.rows.values()))
        self._fit()

    def _show_chosen(self) -> None:
        row = self.rows.get(self._session.state.scenario)
        if row is not None:
            self._scroll.ensureWidgetVisible(row, 0, round(0.3 * self.fontMetrics().height()))

    def _marks(self, scenario: Scenario) -> list[str]:
        words = ((scenario.locked, self.tr("locked")), (scenario.illustrative, self.tr("illustrative")))
        return [word for holds, word in words if holds]

    def set_actions(self, actions: Sequence[QAction], more: QMenu) -> None:
        """Puts buttons below the rows: one for each action, and one for a menu of the others."""
        em = self.fontMetrics().height()
        self.tools.setContentsMargins(round(0.3 * em), 0, round(0.3 * em), 0)
        self.tools.setSpacing(round(0.1 * em))
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            self._add_tool(button, action.text())
        self.tools.addStretch(1)
        others = QToolButton()
        others.setIcon(icons.icon("more"))
        others.setMenu(more)
        others.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        others.setToolTip(self.tr("More to do with this scenario"))
        self._add_tool(others, others.toolTip())

    def _add_tool(self, button: QToolButton, name: str) -> None:
        em = self.fontMetrics().height()
        button.setIconSize(QSize(round(1.25 * em), round(1.25 * em)))
        button.setAutoRaise(True)
        button.setAccessibleName(name)
        self.tools.addWidget(button)

    def begin_rename(self) -> None:
        """Lets the title of the chosen scenario be written in its row: Enter takes it, Esc does not."""
        row = self.rows.get(self._session.state.scenario)
        if row is None:
            return
        self._end_rename()
        em = self.fontMetrics().height()
        field = self.title_field = QLineEdit(
            self._session.project.scenario(self._session.state.scenario).title, row
        )
        field.setAccessibleName(self.tr("Title of the scenario"))
        field.setGeometry(round(1.6 * em), round(0.1 * em), row.width() - round(2.0 * em), round(1.9 * em))
        field.selectAll()
        field.show()
        field.setFocus()
        field.editingFinished.connect(self._take_title)
        QShortcut(
            QKeySequence(Qt.Key.Key_Escape),
            field,
            self._end_rename,
            context=Qt.ShortcutContext.WidgetShortcut,
        )

    def _take_title(self) -> None:
        field = self.title_field
        self._end_rename()
        if field is not None:
            self.renamed.emit(field.text())

    def _end_rename(self) -> None:
        field, self.title_field = self.title_field, None
        if field is not None:
            field.blockSignals(True)
            field.hide()
            field.deleteLater()

    def _fit(self) -> None:
        layout, em = self._list.layout(), self.fontMetrics().height()
        self.setMinimumWidth(14 * em)
        if layout is None or not self.rows:
            return
        width = max(self.width(), 14 * em) - round(0.6 * em)
        needed = layout.heightForWidth(width)
        if needed <= 0:  # the rows are new, and Qt shows them only when it comes to it
            QTimer.singleShot(0, self, self._fit)
            return
        least = min(needed, 5 * em)
        self._scroll.setMinimumHeight(least)
        self._scroll.setMaximumHeight(needed)
        # a layout forgets that labels in a narrow panel need more lines, and hears of new texts too late
        self._warned.invalidate()
        self._words.invalidate()
        words = self._words.heightForWidth(width)
        listed = 0 if self.changes.isHidden() else self.changes.minimumHeight()
        tools = self.tools.sizeHint().height()
        self.setMinimumHeight(least + min(words, 9 * em) + listed + tools + em)

    def _show_changes(self) -> None:
        self.changes.clear()
        built = self._session.scene.built
        if built is None:
            self.summary.setText("")
            self._show_problems(())
            return
        self.summary.setText(texts.summary(built) or self.tr("Nothing changes: this is today."))
        tone = tones_of(self.palette())
        signs = {"added": tone.good, "removed": tone.bad, "changed": tone.accent}
        self._show_problems(built.problems)
        self._fit()
        words = {
            "added": self.tr("added"),
            "removed": self.tr("removed"),
            "changed": self.tr("changed"),
        }
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
            self.changes.addTopLevelItem(item)
        if len(lines) > MOST_CHANGES:
            rest = QTreeWidgetItem([self.tr("… and {0} more").format(len(lines) - MOST_CHANGES)])
            rest.setFlags(Qt.ItemFlag.ItemIsEnabled)
            rest.setToolTip(0, texts.tip(self.tr("All of them are in the panel Difference.")))
            self.changes.addTopLevelItem(rest)
        self.changes.setVisible(self.changes.topLevelItemCount() > 0)
        self._fit()

    def _show_problems(self, problems: tuple[str, ...]) -> None:
        said = list(problems[:MOST_PROBLEMS])
        if len(problems) > MOST_PROBLEMS:
            said.append(self.tr("… and {0} more").format(len(problems) - MOST_PROBLEMS))
        em = self.fontMetrics().height()
        colour = QColor(tones_of(self.palette()).caution)
        self._warning.setPixmap(icons.pixmap("warning", em, self.devicePixelRatioF(), colour))
        self.problems.setText("\n".join(said))
        self.problems.setToolTip(texts.tip("\n".join(problems)))
        self._warning.setVisible(bool(problems))
        self.problems.setVisible(bool(problems))

    def _on_click(self, item: QTreeWidgetItem, _column: int) -> None:
        what, wanted = item.data(0, WHAT), item.data(0, WANTED)
        if what:
            self._session.do(select, selection_of(self._session, what, wanted))

    def _on_double_click(self, item: QTreeWidgetItem, _column: int) -> None:
        what, wanted = item.data(0, WHAT), item.data(0, WANTED)
        if what:
            self.object_activated.emit(what, wanted)
