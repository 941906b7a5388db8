"""Lets rows be dragged to another place of their list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QScrollArea, QWidget

from twin.app.theme import tones_of

THICK = 3
"""Of the line that says where a row goes. [px]"""


class RowDrag(QObject):
    """Watches the rows of a list; a click on them stays a click."""

    moved = Signal(int, int)
    """From which place to which: the row that was let go, in the list without it."""

    def __init__(self, area: QScrollArea, rows: QWidget) -> None:
        super().__init__(rows)
        self._area, self._list = area, rows
        self._rows: tuple[QAbstractButton, ...] = ()
        self._held: QAbstractButton | None = None
        self._pressed = QPoint()
        self.dragging = False
        self.mark = QFrame(rows)
        self.mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.mark.setAutoFillBackground(True)
        self.mark.hide()

    def watch(self, rows: tuple[QAbstractButton, ...]) -> None:
        """These are the rows, from above."""
        self._let_go()
        self._rows = rows
        for row in rows:
            row.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Takes what belongs to a drag."""
        kind = event.type()
        if isinstance(event, QMouseEvent) and isinstance(watched, QAbstractButton):
            return self._on_mouse(kind, event, watched)
        if self.dragging and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            self._let_go()
            return True
        return super().eventFilter(watched, event)

    def _on_mouse(self, kind: QEvent.Type, event: QMouseEvent, row: QAbstractButton) -> bool:
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._held, self._pressed = row, event.position().toPoint()
        elif kind == QEvent.Type.MouseMove and self._held is row:
            far = (event.position().toPoint() - self._pressed).manhattanLength()
            if not self.dragging and len(self._rows) > 1 and far >= QApplication.startDragDistance():
                self.dragging = True
                row.setDown(False)
                row.setCursor(Qt.CursorShape.ClosedHandCursor)
            if self.dragging:
                self._show(row.mapTo(self._list, event.position().toPoint()))
            return self.dragging
        elif kind == QEvent.Type.MouseButtonRelease and self._held is row:
            dragged = self.dragging
            at = row.mapTo(self._list, event.position().toPoint())
            self._let_go()
            if dragged:
                self._drop(row, at)
            return dragged
        return False

    def _gap(self, at: QPoint) -> int:
        """Between which rows a place is: before the first, 0."""
        return sum(row.geometry().center().y() < at.y() for row in self._rows)

    def _show(self, at: QPoint) -> None:
        gap = self._gap(at)
        beside = self._rows[min(gap, len(self._rows) - 1)].geometry()
        top = beside.top() if gap < len(self._rows) else beside.bottom() - THICK + 1
        self.mark.setStyleSheet(f"background: {tones_of(self._list.palette()).accent}")
        self.mark.setGeometry(beside.left(), max(top - THICK // 2, 0), beside.width(), THICK)
        self.mark.show()
        self.mark.raise_()
        self._area.ensureVisible(at.x(), at.y(), 0, beside.height() // 2)

    def _drop(self, row: QAbstractButton, at: QPoint) -> None:
        start, gap = self._rows.index(row), self._gap(at)
        end = gap - (gap > start)
        if end != start:
            self.moved.emit(start, end)

    def _let_go(self) -> None:
        if self._held is not None and self.dragging:
            self._held.unsetCursor()
        self._held, self.dragging = None, False
        self.mark.hide()
