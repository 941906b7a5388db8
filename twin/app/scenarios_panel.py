"""Switches scenarios, and renames and orders them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twin.app import icons
from twin.app.changes_box import ChangesBox
from twin.app.choice_row import ChoiceRow
from twin.app.scenario_drag import RowDrag
from twin.model.scenario import Scenario
from twin.model.scenario_tree import depth
from twin.session.commands import choose_scenario
from twin.session.session import Session

DEEPEST = 4
"""Rows are set in no further, however many generations stand above them."""


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
        self._scenarios: tuple[Scenario, ...] = ()
        self.rows: dict[str, ChoiceRow] = {}
        self._group = QButtonGroup(self)
        self._list = QWidget()
        self._scroll = QScrollArea()
        self.changes = ChangesBox(session)
        self.tools = QHBoxLayout()
        self.title_field: QLineEdit | None = None
        self.drag = RowDrag(self._scroll, self._list)
        self.drag.moved.connect(lambda start, end: self.reordered.emit(self._scenarios[start].id, end))
        self._lay_out()
        self.changes.object_activated.connect(self.object_activated)
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
        self.changes.refresh(session)
        state = session.state
        relevant = (session.project.scenarios, state.scenario)
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

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the sizes of another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self._shown:
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
        for watched in (self._scroll.viewport(), self._list):
            watched.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(round(0.3 * em), round(0.3 * em), round(0.3 * em), 0)
        column.setSpacing(round(0.2 * em))
        column.addWidget(self._scroll, 3)
        column.addLayout(self.tools)
        column.addWidget(self.changes, 2)
        column.addStretch()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Keeps the chosen row in sight when the list gets longer, or less room."""
        if watched in (self._scroll.viewport(), self._list) and event.type() is QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._show_chosen)
        return False

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
