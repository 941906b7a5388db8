"""Chooses what is laid over the city, and shows the work under way."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from twin.session.session import Session


class OverlayPanel(QWidget):
    """Chooses what is laid over the city, and shows the work under way."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
