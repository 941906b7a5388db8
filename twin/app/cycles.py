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
ALL = 2
"""The oldest generation."""


class Cycles(QObject):
    """Does it from now on."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._looked = time.monotonic()
        timer = QTimer(self, interval=EVERY)
        timer.timeout.connect(self.look)
        timer.start()

    def look(self) -> int | None:
        """Looks through the oldest generation that has grown enough: which it was."""
        grown = [
            old
            for old, (n, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if n > most
        ]
        if ALL in grown:
            if time.monotonic() - self._looked < RARELY:
                grown.remove(ALL)
            else:
                self._looked = time.monotonic()
        if not grown:
            return None
        gc.collect(grown[-1])
        return grown[-1]
