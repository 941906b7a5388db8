"""Lists all objects of the city: filter, sort, select, hide, isolate."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStackedLayout,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twin.app import icons, texts
from twin.app.facts import middle
from twin.app.object_table import ObjectTable
from twin.app.theme import tones_of
from twin.model.city import City, named, row_of
from twin.model.state import Selection
from twin.scene.items import Buildings
from twin.session.commands import hide_selected, isolate_selected, select_objects, show_all_objects
from twin.session.session import Session

TYPING = 200
"""Without a key before the filter is applied. [ms]"""
PICKING = 60
"""Without a change before what is marked in the table is selected. [ms]"""
LOOKED_AT = 60
"""Rows whose texts decide how wide a column is at first."""


class ObjectsView(QTableView):
    """The table itself; Enter zooms to what is chosen."""

    entered_row = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Takes Enter, which would edit a cell."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit()
        else:
            super().keyPressEvent(event)


class ObjectsPanel(QWidget):
    """The objects of the scenario in view as a table, and what can be done with the selected ones."""

    zoom_requested = Signal()
    export_requested = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._city: City | None = None
        self._shown: tuple[object, ...] = ()
        self._own = False
        self.model = ObjectTable()
        self.view = ObjectsView()
        self.filter, self.count, self.empty = QLineEdit(), QLabel(), QLabel()
        self.every = self._button(
            "select_all", self.tr("Select all objects that are listed (Enter in the filter)")
        )
        self.zoom = self._button("zoom_in", self.tr("Zoom to the selected objects (Ctrl+J)"))
        self.hide_chosen = self._button("eye_off", self.tr("Hide the selected objects (H)"))
        self.isolate = self._button("isolate", self.tr("Show only the selected objects (I)"))
        self.unhide = self._button("eye", self.tr("Show all objects (Shift+I)"))
        self.export = self._button("export", self.tr("Save the listed objects as CSV"))
        others = (self.zoom, self.hide_chosen, self.isolate, self.unhide, self.export)
        self._buttons = (self.every, *others)
        self._typing = QTimer(self, singleShot=True, interval=TYPING)
        self._picking = QTimer(self, singleShot=True, interval=PICKING)
        self._lay_out()
        self._listen()

    def refresh(self, session: Session) -> None:
        """Makes the table equal to the session, as soon as it is seen."""
        self._session = session
        if not self.isVisible():
            return
        scene, state = session.scene, session.state
        city = scene.built.city if scene.built else session.project.city
        item = scene.items.get("buildings")
        hidden = item.hidden if isinstance(item, Buildings) else None
        relevant = (city, state.selected, hidden)
        if relevant == self._shown:
            return
        before, self._shown = self._shown, relevant
        if city is not self._city:
            self._show_city(city)
        muted = QColor(tones_of(self.palette()).muted)
        self.model.show_hidden(hidden.objects if hidden else None, muted)
        if not before or before[1] != state.selected or city is not before[0]:
            self._show_selected()
        self._show_count()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Catches up with what happened while nobody looked."""
        super().showEvent(event)
        self.refresh(self._session)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the sizes and colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size()
        if event.type() == QEvent.Type.PaletteChange and self._shown:
            self._shown = (self._shown[0], self._shown[1], None, "another look")
            self.refresh(self._session)

    def choose(self) -> None:
        """Selects in the session what is marked in the table."""
        self._picking.stop()
        rows = self._marked()
        if not len(rows):
            if self._session.state.selected:
                self._session.do(select_objects, None)
            return
        assert self._city is not None
        ids = self.model.ids(rows)
        if frozenset(ids) == self._session.state.selected:
            return
        current = self.view.currentIndex().row()
        at = int(np.searchsorted(rows, current))
        first = at if at < len(rows) and rows[at] == current else 0
        place = middle(self._city, int(self.model.rows[rows[first]]))
        self._own = True  # the table shows already what is selected now, and must not scroll
        try:
            self._session.do(select_objects, Selection("city", ids[first], "buildings", place), ids)
        finally:
            self._own = False

    def choose_listed(self) -> None:
        """Selects all that the filter leaves."""
        self._typing.stop()
        self._anew(lambda: self.model.show_filter(self.filter.text()))
        self.view.selectAll()
        self.choose()

    def _button(self, icon: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icons.icon(icon))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self.filter.setPlaceholderText(self.tr("Filter: part of a name, or height > 20"))
        self.filter.setAccessibleName(self.tr("Filter of the objects table"))
        self.filter.setToolTip(self.tr("Enter selects all that fits"))
        self.filter.setClearButtonEnabled(True)
        for label in (self.count, self.empty):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setObjectName("muted")
        self.empty.setObjectName("empty")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.view.setModel(self.model)
        self.view.setAccessibleName(self.tr("Objects"))
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.setTabKeyNavigation(False)
        self.view.setCornerButtonEnabled(False)
        self.view.verticalHeader().hide()
        header = self.view.horizontalHeader()
        header.setAccessibleName(self.tr("Columns of the objects table"))
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        # headers look at every selected row, which takes seconds when all are; so they look at nothing
        nothing = QItemSelectionModel(self.model, header)
        for each in (header, self.view.verticalHeader()):
            each.setSelectionModel(nothing)
        header.setResizeContentsPrecision(LOOKED_AT)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._size()
        top = QHBoxLayout()
        top.setContentsMargins(round(0.6 * em), 0, round(0.5 * em), 0)
        top.setSpacing(round(0.3 * em))
        # in a narrow panel the number goes first
        self.count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        top.addWidget(self.filter, 3)
        top.addWidget(self.count, 2)
        for button in self._buttons:
            top.addWidget(button)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, round(0.3 * em), 0, 0)
        column.setSpacing(round(0.3 * em))
        column.addLayout(top)
        column.addWidget(pages, 1)

    def _listen(self) -> None:
        self.filter.textEdited.connect(lambda _text: self._typing.start())
        self.filter.textChanged.connect(lambda text: None if text else self._typing.start(0))
        self.filter.returnPressed.connect(self._entered)
        self._typing.timeout.connect(lambda: self._anew(lambda: self.model.show_filter(self.filter.text())))
        self.view.setSortingEnabled(True)
        self.model.modelReset.connect(self._show_selected)
        chosen = self.view.selectionModel()
        chosen.selectionChanged.connect(lambda *_: None if self._own else self._picking.start())
        self._picking.timeout.connect(self.choose)
        self.view.doubleClicked.connect(lambda _index: self._zoom())
        self.view.entered_row.connect(self._zoom)
        self.every.clicked.connect(self.choose_listed)
        self.zoom.clicked.connect(self._zoom)
        self.hide_chosen.clicked.connect(lambda: self._session.do(hide_selected))
        self.isolate.clicked.connect(lambda: self._session.do(isolate_selected))
        self.unhide.clicked.connect(lambda: self._session.do(show_all_objects))
        self.export.clicked.connect(self.export_requested)

    def _entered(self) -> None:
        if self.filter.text().strip():
            self.choose_listed()

    def _zoom(self) -> None:
        self.choose()
        if self._session.state.selected:
            self.zoom_requested.emit()

    def _size(self) -> None:
        """By the size of the text."""
        em = self.fontMetrics().height()
        self.filter.setMinimumWidth(round(2.5 * em))
        self.filter.setMaximumWidth(28 * em)
        for button in self._buttons:
            button.setIconSize(QSize(round(1.2 * em), round(1.2 * em)))
        rows = self.view.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(em)
        rows.setDefaultSectionSize(round(1.8 * em))

    def _show_city(self, city: City) -> None:
        before = [column.name for column in self.model.columns]
        self._city = city
        self._anew(lambda: self.model.show_city(city))
        names = [column.name for column in self.model.columns]
        if names != before:
            self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.view.resizeColumnsToContents()
            widest = 18 * self.fontMetrics().height()
            for column in range(len(names)):
                if self.view.columnWidth(column) > widest:
                    self.view.setColumnWidth(column, widest)

    def _anew(self, change: Callable[[], None]) -> None:
        """Lists other rows; what was selected is marked again by `modelReset`."""
        change()
        self._show_count()

    def _show_selected(self) -> None:
        """Marks in the table what is selected in the session, and brings the first of it into view."""
        if self._own or self._city is None:
            return
        state = self._session.state
        self._own = True
        try:
            chosen = self.view.selectionModel()
            if not state.selected:
                chosen.clearSelection()
                return
            marked, last = QItemSelection(), self.model.columnCount() - 1
            pieces = self.model.pieces_of(named(self._city, state.selected))
            for top, bottom in pieces:
                marked.select(self.model.index(top, 0), self.model.index(bottom, last))
            chosen.select(marked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            told = row_of(self._city, state.selection.id) if state.selection is not None else None
            place = self.model.place_of(told) if told is not None else None
            if place is not None:
                index = self.model.index(place, 0)
                chosen.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
                self.view.scrollTo(index)
        finally:
            self._own = False

    def _show_count(self) -> None:
        shown, total, state = len(self.model.rows), self.model.total, self._session.state
        parts = [texts.amount(float(total))]
        if shown != total:
            parts = [self.tr("{0} of {1}").format(texts.amount(float(shown)), parts[0])]
        if state.selected:
            parts.append(self.tr("{0} selected").format(texts.amount(float(len(state.selected)))))
        hidden = self.model.faint
        if hidden is not None and hidden.any():
            parts.append(self.tr("{0} hidden").format(texts.amount(float(hidden.sum()))))
        self.count.setText(", ".join(parts))
        for button in (self.zoom, self.hide_chosen, self.isolate):
            button.setEnabled(bool(state.selected))
        self.unhide.setEnabled(bool(state.hidden_objects or state.isolated))
        for button in (self.every, self.export):
            button.setEnabled(shown > 0)
        self._pages.setCurrentIndex(0 if shown else 1)
        self.empty.setText(
            self.tr("No object fits the filter.")
            if total
            else self.tr("There are no objects: open or add a city model.")
        )

    def _marked(self) -> NDArray[np.intp]:
        """The chosen rows of the table, rising."""
        marked = self.view.selectionModel().selection().toList()
        pieces = [np.arange(piece.top(), piece.bottom() + 1) for piece in marked]
        return np.unique(np.concatenate(pieces)) if pieces else np.zeros(0, np.intp)
