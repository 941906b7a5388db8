"""What the program remembers between two runs: recent projects, the look, keys, the places of panels."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

MOST_RECENT = 10


class Settings:
    """Reads and writes the user's settings file; TWIN_SETTINGS names another one."""

    def __init__(self) -> None:
        own = os.environ.get("TWIN_SETTINGS")
        self._file = (
            QSettings(own, QSettings.Format.IniFormat)
            if own
            else QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "twin", "twin")
        )

    @property
    def recent(self) -> list[Path]:
        """Projects opened lately, the last one first; some may be gone."""
        paths = self._file.value("recent", [], list)
        return [Path(str(path)) for path in paths] if isinstance(paths, list) else []

    def add_recent(self, path: Path) -> None:
        """Puts a project at the head of the list."""
        paths = [path, *(old for old in self.recent if old != path)]
        self._file.setValue("recent", [str(p) for p in paths[:MOST_RECENT]])

    def text(self, name: str, default: str) -> str:
        """One word, as `theme` or `mouse`."""
        return str(self._file.value(name, default))

    def set_text(self, name: str, value: str) -> None:
        """Remembers a word."""
        self._file.setValue(name, value)

    def keys(self, action: str, default: str) -> str:
        """The shortcut the user gave an action."""
        return str(self._file.value(f"keys/{action}", default))

    def set_keys(self, action: str, keys: str) -> None:
        """Remembers a shortcut."""
        self._file.setValue(f"keys/{action}", keys)

    def layout(self, name: str) -> QByteArray:
        """Where panels were; empty at first."""
        found = self._file.value(f"layout/{name}", QByteArray())
        return found if isinstance(found, QByteArray) else QByteArray()

    def set_layout(self, name: str, value: QByteArray) -> None:
        """Remembers where panels are."""
        self._file.setValue(f"layout/{name}", value)
