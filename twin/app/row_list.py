"""A table of rows with a line above it: a filter, how many rows it leaves, and buttons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twin.app import icons, texts
from twin.app.object_table import ObjectTable

TYPING = 200
"""Without a key before the filter is applied. [ms]"""
PICKING = 60
"""Without a change before what is marked in the table is selected. [ms]"""
LOOKED_AT = 60
"""Rows whose texts decide how wide a column is at first."""
WIDEST = 18
"""So wide is a column at first at most. [em]"""


class RowsView(QTableView):
    """The table itself; Enter zooms to what is chosen."""

    entered_row = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Takes Enter, which would edit a cell."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit()
        else:
            super().keyPressEvent(event)


class RowList(QWidget):
    """What all lists of rows have; what is marked in them is told after a short rest."""

    def __init__(self, parent: QWidget | None, *, rows: str, columns: str, named: str) -> None:
        """rows, columns, named: accessible names of the table, its header and its filter."""
        super().__init__(parent)
        self._own = False
        """Whether the table is being changed by the program."""
        self.model, self.view = ObjectTable(), RowsView()
        self.filter, self.count = QLineEdit(), QLabel()
        self._buttons: list[QToolButton] = []
        self._typing = QTimer(self, singleShot=True, interval=TYPING)
        self._picking = QTimer(self, singleShot=True, interval=PICKING)
        self.filter.setPlaceholderText(self.tr("Filter: part of a name, or height > 20"))
        self.filter.setAccessibleName(named)
        self.filter.setClearButtonEnabled(True)
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setObjectName("muted")
        # in a narrow panel the number goes first
        self.count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._set_up(rows, columns)
        self.setFocusProxy(self.view)  # who opens it by a key goes on with the arrows
        self.filter.installEventFilter(self)
        self.filter.textEdited.connect(lambda _text: self._typing.start())
        self.filter.textChanged.connect(lambda text: None if text else self._typing.start(0))
        self._typing.timeout.connect(self.apply_filter)
        chosen = self.view.selectionModel()
        chosen.selectionChanged.connect(lambda *_: None if self._own else self._picking.start())

    def apply_filter(self) -> None:
        """Lists what the filter leaves."""
        self._typing.stop()
        self.model.show_filter(self.filter.text())
        self.show_count()

    def show_count(self) -> None:
        """Says how many rows there are."""
        self.count.setText(self.counted())

    def counted(self) -> str:
        """How many rows the filter leaves, and of how many."""
        shown, total = len(self.model.rows), texts.amount(float(self.model.total))
        if shown == self.model.total:
            return total
        return self.tr("{0} of {1}").format(texts.amount(float(shown)), total)

    def marked(self) -> NDArray[np.intp]:
        """The rows of the table that are chosen, rising."""
        marked = self.view.selectionModel().selection().toList()
        pieces = [np.arange(piece.top(), piece.bottom() + 1) for piece in marked]
        return np.unique(np.concatenate(pieces)) if pieces else np.zeros(0, np.intp)

    def fit_columns(self) -> None:
        """Makes columns as wide as what is in them."""
        self.view.resizeColumnsToContents()
        widest = WIDEST * self.fontMetrics().height()
        for column in range(self.model.columnCount()):
            self.view.setColumnWidth(column, min(self.view.columnWidth(column), widest))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the sizes of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """The arrow down leads from the filter to the first row that it leaves."""
        pressed = watched is self.filter and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down:
            if self._typing.isActive():
                self.apply_filter()
            self.view.setFocus()
            self.view.setCurrentIndex(self.model.index(0, 0))
            return True
        return super().eventFilter(watched, event)

    def button(self, icon: str, tip: str) -> QToolButton:
        """One more button at the end of the line."""
        made = QToolButton()
        made.setIcon(icons.icon(icon))
        made.setToolTip(tip)
        made.setAccessibleName(tip)
        self._buttons.append(made)
        return made

    def lay_out(self, body: QWidget, *, before: Sequence[QWidget] = ()) -> None:
        """Puts the line above the body. before: what stands before the filter."""
        em = self.fontMetrics().height()
        self._size()
        top = QHBoxLayout()
        top.setContentsMargins(round(0.6 * em), 0, round(0.5 * em), 0)
        top.setSpacing(round(0.3 * em))
        for widget in before:
            top.addWidget(widget, 2)
        top.addWidget(self.filter, 3)
        top.addWidget(self.count, 2)
        for button in self._buttons:
            top.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, round(0.3 * em), 0, 0)
        column.setSpacing(round(0.3 * em))
        column.addLayout(top)
        column.addWidget(body, 1)

    def _set_up(self, rows: str, columns: str) -> None:
        view = self.view
        view.setModel(self.model)
        view.setAccessibleName(rows)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setCornerButtonEnabled(False)
        view.verticalHeader().hide()
        header = view.horizontalHeader()
        header.setAccessibleName(columns)
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        # headers look at every selected row, which takes seconds when all are; so they look at nothing
        nothing = QItemSelectionModel(self.model, header)
        for each in (header, view.verticalHeader()):
            each.setSelectionModel(nothing)
        header.setResizeContentsPrecision(LOOKED_AT)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        view.setSortingEnabled(True)

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
