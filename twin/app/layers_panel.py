"""Shows and hides the layers."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from twin.session.session import Session


class LayersPanel(QWidget):
    """Shows and hides the layers."""

    zoom_requested = Signal(str)
    """Id of a layer, or `buildings`."""
    relink_requested = Signal(str)
    """Id of a source."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
