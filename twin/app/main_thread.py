"""Brings work back to the thread that owns the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot


class MainThread(QObject):
    """Calls functions in the thread it was made in."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._posted.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def post(self, function: Callable[[], None]) -> None:
        """From any thread: calls the function soon, in ours."""
        self._posted.emit(function)

    @Slot(object)
    def _call(self, function: Callable[[], None]) -> None:
        function()
