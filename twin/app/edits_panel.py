"""Lists what a scenario does to today, one row an edit, to switch, order, change and remove."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QSplitter,
    QStyleOptionViewItem,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.app import icons, texts
from twin.app.check_box import CheckDelegate
from twin.app.edit_form import EditForm
from twin.app.edit_words import ICONS, KINDS, amount_text, name_of, problems_by_edit
from twin.app.theme import tones_of
from twin.model.scenario import Edit, Scenario
from twin.session.session import Session

ID = int(Qt.ItemDataRole.UserRole)


class Wrapped(CheckDelegate):
    """Lets what is wrong with an edit have as many lines as it needs."""

    def sizeHint(  # noqa: N802  # Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """By the width of the first column, in which Qt breaks the lines."""
        usual, view = super().sizeHint(option, index), option.widget
        if not index.parent().isValid() or not isinstance(view, QTreeWidget):
            return usual
        em = option.fontMetrics.height()
        room = view.columnWidth(0) - 2 * view.indentation() - view.iconSize().width() - em
        wrap = int(Qt.TextFlag.TextWordWrap)
        said = option.fontMetrics.boundingRect(0, 0, max(room, 4 * em), 10_000, wrap, str(index.data()))
        return QSize(usual.width(), max(usual.height(), said.height() + em // 3))


class EditsPanel(QWidget):
    """The edits of the scenario in view, in their order, with a form for the one that is chosen."""

    chosen = Signal(tuple)
    """Ids of the edits that are chosen."""
    switched = Signal(str, bool)
    """Id of an edit, and whether it takes part."""
    changed = Signal(object)
    """Edit, with another value."""
    moved = Signal(str, int)
    """Id of an edit, and its new place among the scenario's own."""
    removed = Signal(tuple)
    """Ids."""
    copied = Signal(tuple)
    """Ids."""
    pasted = Signal()
    zoom_requested = Signal(tuple)
    """Ids."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: tuple[object, ...] = ()
        self.title, self.empty = QLabel(), QLabel(self.tr("No edits yet: draw one with the tools above."))
        self.list = QTreeWidget()
        self.form = EditForm()
        self.template: Edit | None = None
        """What is drawn next, as long as the form shows that."""
        self._caption = QLabel()
        self._buttons: dict[str, QToolButton] = {}
        self._lay_out()
        self.list.itemSelectionChanged.connect(self._on_choice)
        self.list.itemChanged.connect(self._on_check)
        self.list.itemDoubleClicked.connect(lambda: self.zoom_requested.emit(self.ids))
        self.form.changed.connect(self.changed)
        self.refresh(session)

    @property
    def ids(self) -> tuple[str, ...]:
        """Of the edits that are chosen, in the order of the list."""
        rows = (self.list.topLevelItem(i) for i in range(self.list.topLevelItemCount()))
        return tuple(str(row.data(0, ID)) for row in rows if row is not None and row.isSelected())

    def choose(self, ids: Sequence[str]) -> None:
        """Chooses these edits and no others."""
        with QSignalBlocker(self.list):
            self.list.clearSelection()
            for row in self._rows():
                if row.data(0, ID) in ids:
                    row.setSelected(True)
                    self.list.setCurrentItem(row, 0, QItemSelectionModel.SelectionFlag.NoUpdate)
                    self.list.scrollToItem(row)
        self._on_choice()

    def show_template(self, edit: Edit | None) -> None:
        """Shows the values of what is drawn next; None: of what is chosen."""
        self.template = edit
        self._show_form()

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
        scenario = self._scenario
        problems = session.scene.built.problems if session.scene.built is not None else ()
        origins = tuple(one.title for one in session.project.scenarios)
        if (scenario, problems, origins) != self._shown:
            self._shown = (scenario, problems, origins)
            self._fill(scenario, problems)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._shown:
            self._shown = ()
            self.refresh(self._session)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Delete removes what is chosen."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.list.hasFocus():
            self._on_button("delete")
        else:
            super().keyPressEvent(event)

    @property
    def _scenario(self) -> Scenario:
        return self._session.project.scenario(self._session.state.scenario)

    def _rows(self) -> list[QTreeWidgetItem]:
        rows = (self.list.topLevelItem(i) for i in range(self.list.topLevelItemCount()))
        return [row for row in rows if row is not None]

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self.setMinimumWidth(14 * em)
        for label in (self.title, self.empty, self._caption):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.title.setObjectName("heading")
        self.empty.setObjectName("empty")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._caption.setObjectName("muted")
        self._lay_out_list()
        top = QWidget()
        upper = QVBoxLayout(top)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(round(0.3 * em))
        upper.addWidget(self.title)
        upper.addWidget(self.list, 1)
        upper.addWidget(self.empty, 1)
        upper.addLayout(self._lay_out_buttons())
        page = QWidget()
        lower = QVBoxLayout(page)
        lower.setContentsMargins(0, round(0.3 * em), round(0.4 * em), round(0.3 * em))
        lower.addWidget(self._caption)
        lower.addWidget(self.form)
        lower.addStretch(1)
        self._page = QScrollArea()
        self._page.setWidget(page)
        self._page.setWidgetResizable(True)
        self._page.setFrameShape(QFrame.Shape.NoFrame)
        self._page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(top)
        split.addWidget(self._page)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([12 * em, 18 * em])
        column = QVBoxLayout(self)
        column.setContentsMargins(round(0.6 * em), round(0.4 * em), round(0.6 * em), round(0.3 * em))
        column.addWidget(split)

    def _lay_out_list(self) -> None:
        em = self.fontMetrics().height()
        self.list.setAccessibleName(self.tr("Edits of the scenario"))
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(round(1.2 * em))
        self.list.setIconSize(QSize(round(1.1 * em), round(1.1 * em)))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(Wrapped(self.list))
        self.list.setItemsExpandable(False)
        self.list.setWordWrap(True)
        self.list.setMinimumHeight(5 * em)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.sectionResized.connect(lambda *_sizes: self.list.scheduleDelayedItemsLayout())

    def _lay_out_buttons(self) -> QHBoxLayout:
        em = self.fontMetrics().height()
        buttons = QHBoxLayout()
        buttons.setSpacing(round(0.1 * em))
        for name, icon, tip in (
            ("zoom", "zoom_in", self.tr("Look at it")),
            ("up", "up", self.tr("Do it earlier")),
            ("down", "down", self.tr("Do it later")),
            ("copy", "copy", self.tr("Copy edits (as GeoJSON)")),
            ("paste", "paste", self.tr("Paste edits into this scenario")),
            ("delete", "delete", self.tr("Remove edits (Delete)")),
        ):
            button = QToolButton()
            button.setIcon(icons.icon(icon))
            button.setIconSize(QSize(round(1.2 * em), round(1.2 * em)))
            button.setAutoRaise(True)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.clicked.connect(lambda _=False, name=name: self._on_button(name))
            self._buttons[name] = button
            buttons.addWidget(button)
        buttons.addStretch(1)
        return buttons

    def _fill(self, scenario: Scenario, problems: tuple[str, ...]) -> None:
        before = self.ids
        mark = self.tr(" (locked)") if scenario.locked else ""
        self.title.setText(f"{scenario.title}{mark}")
        self.title.setVisible(bool(scenario.title))
        origin = self._origins(scenario)
        tone = tones_of(self.palette())
        told = problems_by_edit(scenario.edits, problems)
        with QSignalBlocker(self.list):
            self.list.clear()
            for number, edit in enumerate(scenario.edits):
                inherited = number < scenario.inherited
                item = QTreeWidgetItem([name_of(edit), amount_text(edit)])
                item.setData(0, ID, edit.id)
                item.setIcon(0, icons.icon(ICONS[type(edit)], QColor(tone.muted if inherited else tone.text)))
                item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                item.setForeground(1, QBrush(QColor(tone.muted)))
                item.setCheckState(0, Qt.CheckState.Checked if edit.enabled else Qt.CheckState.Unchecked)
                said = texts.tr(KINDS[type(edit)])
                if inherited or scenario.locked:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
                if inherited:
                    said = self.tr("{0}, from {1}").format(said, origin[edit.id])
                    item.setForeground(0, QBrush(QColor(tone.muted)))
                    item.setText(1, origin[edit.id])
                item.setToolTip(0, texts.tip(f"{name_of(edit)}\n{said}"))
                item.setData(0, int(Qt.ItemDataRole.AccessibleTextRole), f"{name_of(edit)}: {said}")
                self.list.addTopLevelItem(item)
                self._add_problems(item, told.get(edit.id, ()))
                item.setSelected(edit.id in before)
            self.list.expandAll()
        # origins are long, amounts are short
        mode = QHeaderView.ResizeMode
        self.list.header().setSectionResizeMode(
            1, mode.Stretch if scenario.inherited else mode.ResizeToContents
        )
        self.list.setVisible(bool(scenario.edits))
        self.empty.setVisible(not scenario.edits)
        self._show_form()

    def _add_problems(self, item: QTreeWidgetItem, problems: tuple[str, ...]) -> None:
        colour = QColor(tones_of(self.palette()).caution)
        for text in problems:
            # the name stands above it
            line = QTreeWidgetItem([text.removeprefix(f"{item.text(0)}: ")])
            line.setIcon(0, icons.icon("warning", colour))
            line.setForeground(0, QBrush(colour))
            line.setToolTip(0, texts.tip(text))
            line.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item.addChild(line)
            line.setFirstColumnSpanned(True)

    def _origins(self, scenario: Scenario) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in self._session.project.scenarios:
            if one.id != scenario.id:
                found.update({edit.id: one.title for edit in one.own})
        return {edit.id: found.get(edit.id, "") for edit in scenario.edits[: scenario.inherited]}

    def _chosen(self) -> tuple[Edit, ...]:
        return tuple(edit for edit in self._scenario.edits if edit.id in self.ids)

    def _show_form(self) -> None:
        chosen, scenario = self._chosen(), self._scenario
        own = {edit.id for edit in scenario.own}
        free = not scenario.locked and bool(chosen) and all(edit.id in own for edit in chosen)
        alike = len({type(edit) for edit in chosen}) == 1
        one = chosen[0] if alike else None
        if self.template is not None:
            self.form.show_edit(self.template)
            self._caption.setText(self.tr("Next: {0}").format(texts.tr(KINDS[type(self.template)])))
        else:
            self.form.show_edit(one, enabled=free)
        self._page.setVisible(bool(chosen) or self.template is not None)
        if self.template is not None:
            pass
        elif one is not None and len(chosen) == 1:
            self._caption.setText(texts.tr(KINDS[type(one)]))
        elif one is not None:
            said = self.tr("{0} × {1}: what is changed here holds for all of them.")
            self._caption.setText(said.format(len(chosen), texts.tr(KINDS[type(one)]).lower()))
        else:
            self._caption.setText(self.tr("{0} edits are chosen.").format(len(chosen)))
        single = one is not None and len(chosen) == 1 and free
        place = [edit.id for edit in scenario.own].index(chosen[0].id) if single else -1
        for name, wanted in (
            ("zoom", bool(chosen)),
            ("copy", bool(chosen)),
            ("delete", free),
            ("up", place > 0),
            ("down", 0 <= place < len(scenario.own) - 1),
            ("paste", not scenario.locked),
        ):
            self._buttons[name].setEnabled(wanted)

    def _on_choice(self) -> None:
        self._show_form()
        self.chosen.emit(self.ids)

    def _on_check(self, item: QTreeWidgetItem, _column: int) -> None:
        self.switched.emit(str(item.data(0, ID)), item.checkState(0) == Qt.CheckState.Checked)

    def _on_button(self, name: str) -> None:
        if not self._buttons[name].isEnabled():
            return
        if name == "paste":
            self.pasted.emit()
        elif name in ("up", "down"):
            place = [edit.id for edit in self._scenario.own].index(self.ids[0])
            self.moved.emit(self.ids[0], place + (1 if name == "down" else -1))
        else:
            signal = {"zoom": self.zoom_requested, "copy": self.copied, "delete": self.removed}[name]
            signal.emit(self.ids)
