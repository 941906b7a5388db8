"""Finds anything that can be done or looked at by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QWidget


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette."""

    title: str
    hint: str
    """What it is, small, behind the title."""
    keys: str
    """Its shortcut as text, or empty."""
    run: Callable[[], object]
    kind: str = "a"
    """The prefix that asks for its kind: `a` actions, `l` layers, `s` scenarios, `b` buildings."""


class Palette(QFrame):
    """A search field and a list over the window.

    entries: called on each change with the kind asked for (empty: all) and the text typed after the prefix;
    gives the candidates, which the palette ranks. `twin.app.palette_entries` has those of a session.
    """

    def __init__(self, entries: Callable[[str, str], Iterable[Entry]], parent: QWidget) -> None:
        super().__init__(parent)
        self._entries = entries
        self.hide()

    def open(self, text: str = "") -> None:
        """Shows it at the top of its parent, ready to type."""
        del text
