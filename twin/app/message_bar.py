"""Tells the user something without stopping the work."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget


class MessageBar(QFrame):
    """A bar over the top edge of its parent; messages wait for each other."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()

    def show_message(
        self, text: str, level: str = "info", *, details: str = "", timeout: float = 0.0
    ) -> None:
        """Shows one message; level: `info`, `success`, `warning`, `error`; timeout 0: until closed. [s]"""
        del text, level, details, timeout

    def clear(self) -> None:
        """Takes all messages away."""
