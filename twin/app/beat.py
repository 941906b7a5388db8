"""Calls again and again: as often as asked, and where that takes too long as often as it can."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

SOON = 0.004
"""So long between two calls at least, in which what was changed is drawn and keys are heard. [s]"""
AGAIN = 0.015
"""So long until the next try where a call could do nothing yet. [s]"""


class Beat(QObject):
    """A timer for what takes about as long as the time between two calls."""

    def __init__(
        self,
        call: Callable[[], bool],
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """call: says whether it did what it is there for."""
        super().__init__(parent)
        self._call, self._clock = call, clock
        self._due = 0.0
        self.every = 1.0
        """Between two calls. [s]"""
        self.running = False
        self.timer = QTimer(self, singleShot=True)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self.beat)

    def start(self) -> None:
        """Calls at once, and goes on."""
        self.running = True
        self._due = self._clock()
        self.beat()

    def stop(self) -> None:
        """No longer."""
        self.running = False
        self.timer.stop()

    def beat(self) -> None:
        """One call, and when the next will be: a late one does not put off all that follow."""
        did = self._call()
        if not self.running:  # the call may have ended it
            return
        now = self._clock()
        if did:
            self._due = max(self._due + self.every, now)
        self.timer.start(round(1000 * max(self._due - now, SOON if did else AGAIN)))
