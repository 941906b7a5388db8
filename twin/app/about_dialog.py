"""Says what the program is, whose data it shows and whose work it stands on."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from twin.model.project import Project


class AboutDialog(QDialog):
    """Name, version, licences."""

    def __init__(self, project: Project | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        del project
