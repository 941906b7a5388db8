"""Says what was clicked."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from twin.session.session import Session


class PropertiesPanel(QWidget):
    """Says what was clicked."""

    zoom_requested = Signal(str, str)
    """Kind of the selection and its id; wants to be looked at."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
