"""Lists all actions with their keys, and lets the user change them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QWidget


class ShortcutsDialog(QDialog):
    """A table of actions and keys.

    actions: each with its own objectName; defaults: objectName to keys as `QKeySequence.toString()`;
    save: called with what differs from the defaults when the user accepts; the actions have it already.
    """

    def __init__(
        self,
        actions: Sequence[QAction],
        defaults: Mapping[str, str],
        save: Callable[[Mapping[str, str]], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        del actions, defaults, save
