"""Knows how much of the upper edge of the view a message covers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from twin.app.message_bar import MessageBar

CHANGES = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize, QEvent.Type.Move)


class BelowMessage(QObject):
    """Watches the bar of messages, which lies over the view and belongs to what is around it."""

    changed = Signal()
    """A message has come, gone, or become larger."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._bar: MessageBar | None = None

    @property
    def height(self) -> int:
        """How far down it reaches; 0 where there is none. [px]"""
        around = self._view.parentWidget()
        if self._bar is None and around is not None:
            self._bar = around.findChild(MessageBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if self._bar is not None:
                self._bar.installEventFilter(self)
        if self._bar is None or self._bar.isHidden():
            return 0
        return max(self._bar.geometry().bottom() - self._view.y(), 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Notices what happens to the bar."""
        if watched is self._bar and event.type() in CHANGES:
            self.changed.emit()
        return False
