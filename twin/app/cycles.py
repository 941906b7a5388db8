"""Looks for cycles of objects that nobody needs any more, in the thread of the window alone.

Python looks for them in whichever thread makes objects just then. Where one of the cycles holds an object of
Qt, as a timer that runs, Qt ends it in the wrong thread, and the program with it.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

EVERY = 500
"""How often it looks whether there is enough to look through. [ms]"""
RARELY = 60.0
"""So long passes between two looks at all objects, which take longest. [s]"""
RUSH, PATIENCE = 20_000, 20.0
"""While so many more objects come between two looks, a file is being read: most of them will go by
themselves, and looking through all would hold up the window. So long that is waited for. [s]"""
ALL = 2
"""The oldest generation."""


class Cycles(QObject):
    """Does it from now on."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._looked = self._rested = time.monotonic()
        self._young = 0
        timer = QTimer(self, interval=EVERY)
        timer.timeout.connect(self.look)
        timer.start()

    def look(self) -> int | None:
        """Looks through the oldest generation that has grown enough: which it was."""
        now, counts = time.monotonic(), gc.get_count()
        rush, self._young = counts[0] - self._young > RUSH, counts[0]
        if rush and now - self._rested < PATIENCE:
            return None
        self._rested = now
        enough = gc.get_threshold()
        grown = [old for old, count in enumerate(counts) if count > enough[old]]
        if ALL in grown:
            if now - self._looked < RARELY:
                grown.remove(ALL)
            else:
                self._looked = now
        if not grown:
            return None
        gc.collect(grown[-1])
        self._young = 0
        return grown[-1]
