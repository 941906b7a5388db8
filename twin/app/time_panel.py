"""Moves through the day and the year."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from twin.session.session import Session


class TimePanel(QWidget):
    """Moves through the day and the year."""

    playing_changed = Signal(bool)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session

    @property
    def playing(self) -> bool:
        """Whether time runs."""
        return False

    def toggle_play(self) -> None:
        """Starts or stops time."""

    def pause(self) -> None:
        """Stops time."""

    def step(self, steps: int) -> None:
        """Goes on (1) or back (-1) by ten minutes."""

    def settle(self) -> None:
        """Brings the session to the time that is shown, now; before saving or taking a picture."""
