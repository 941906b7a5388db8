"""Shows the objects of a city to Qt's table view, only as many cells as are in view."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from twin.app import texts
from twin.app.object_columns import CLASS, Column, columns_of, columns_of_layer, sort
from twin.model.city import City
from twin.model.layer import Layer
from twin.scene.row_filter import matching

Index = QModelIndex | QPersistentModelIndex
ARROW = "\u2003"
MOST_PIECES = 3000
"""A selection in more pieces is not marked in the table, which would take too long."""


class ObjectTable(QAbstractTableModel):
    """A row for each object that the filter leaves, in the order that was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: tuple[Column, ...] = ()
        self.rows: NDArray[np.intp] = np.zeros(0, np.intp)
        """The objects in the order of the table."""
        self.total = 0
        self.faint: NDArray[np.bool_] | None = None
        """Objects that are out of sight: (k,)."""
        self._muted = QColor()
        self._filter = ""
        self._order: tuple[int, bool] = (-1, False)

    def show_city(self, city: City) -> None:
        """Lists the objects of another city, filtered and sorted as before."""
        self.beginResetModel()
        names = [column.name for column in self.columns]
        self.columns = columns_of(city, self.columns)
        if [column.name for column in self.columns] != names:
            self._order = (-1, False)
        self.total, self.faint = len(city.object_id), None
        self._arrange()
        self.endResetModel()

    def show_layer(self, layer: Layer) -> None:
        """Lists the features of a layer instead."""
        self.beginResetModel()
        names = [column.name for column in self.columns]
        self.columns = columns_of_layer(layer)
        if [column.name for column in self.columns] != names:
            self._order = (-1, False)
        self.total, self.faint = len(layer.geometry), None
        self._arrange()
        self.endResetModel()

    def show_filter(self, text: str) -> None:
        """Lists only what fits."""
        self.beginResetModel()
        self._filter = text
        self._arrange()
        self.endResetModel()

    def show_hidden(self, hidden: NDArray[np.bool_] | None, muted: QColor) -> None:
        """Writes objects that are out of sight in a fainter colour."""
        if hidden is not self.faint or muted != self._muted:
            self.faint, self._muted = hidden, muted
            if len(self.rows):
                last = self.index(len(self.rows) - 1, len(self.columns) - 1)
                self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.ForegroundRole])

    def ids(self, rows: NDArray[np.intp]) -> list[str]:
        """The gml:ids of rows of the table."""
        return [str(gml_id) for gml_id in self.columns[0].values[self.rows[rows]]]

    def pieces_of(self, chosen: NDArray[np.bool_]) -> list[tuple[int, int]]:
        """First and last rows of the table that show these objects (k,); none where that is too many."""
        there = np.flatnonzero(chosen[self.rows])
        if not len(there):
            return []
        breaks = np.flatnonzero(np.diff(there) > 1)
        if len(breaks) >= MOST_PIECES:
            return []
        first, last = there[np.append(0, breaks + 1)], there[np.append(breaks, len(there) - 1)]
        return list(zip(first.tolist(), last.tolist(), strict=True))

    def place_of(self, row: int) -> int | None:
        """Where an object is in the table; None when the filter leaves it out."""
        found = np.flatnonzero(self.rows == row)
        return int(found[0]) if len(found) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  # Qt's name and default
        """Objects that the filter leaves."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  # Qt's name and default
        """Id, class and attributes."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell."""
        row, column = int(self.rows[index.row()]), self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            value = column.value(row)
            if value is None:
                return ""
            return texts.object_class(str(value)) if column.name == CLASS else texts.cell(column.name, value)
        if role == Qt.ItemDataRole.ToolTipRole:
            value = column.value(row)
            return None if value is None else texts.tip(texts.value(column.name, value))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            value = column.value(row)
            number = isinstance(value, int | float) and not isinstance(value, bool)
            side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and self.faint is not None and self.faint[row]:
            return self._muted
        return None

    def headerData(  # noqa: N802  # Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """What a column is called, with its unit; its own name as the tip."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            title = f"{column.title} [{column.unit}]" if column.unit else column.title
            # the arrow of the order is painted at the right, over what stands there
            return title if column.values.dtype == object else f"{title}{ARROW}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return texts.tip(column.name)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.values.dtype != object:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sorts by a column; -1: as the objects come."""
        wanted = (column, order == Qt.SortOrder.DescendingOrder)
        if wanted != self._order:
            self.beginResetModel()
            self._order = wanted
            self._arrange()
            self.endResetModel()

    def _arrange(self) -> None:
        rows = np.arange(self.total)
        if self._filter.strip() and self.total:
            rows = rows[matching(self.columns, self._filter)]
        column, descending = self._order
        if 0 <= column < len(self.columns):
            rows = sort(self.columns[column], rows, descending=descending)
        self.rows = rows
