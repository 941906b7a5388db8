"""A box for the year in which planned trees are seen: as they are drawn, or grown since they were planted."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget

from twin.session.commands import see_in_year
from twin.session.session import Session

STEP = 10
"""Trees do not show a single year. [a]"""
SPAN = 100
"""Nobody plans for longer. [a]"""


class YearBox(QSpinBox):
    """Shows the year of the session; one step is ten years, and below the first is `as drawn`."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setSpecialValueText(self.tr("Trees as drawn"))
        self.setPrefix(self.tr("Trees in "))
        self.setSingleStep(STEP)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Year in which planned trees are seen"))
        self.setToolTip(self.tr("See planned trees grown by a year (Ctrl+. and Ctrl+,)"))
        self.valueChanged.connect(self._on_value)

    def refresh(self, session: Session) -> None:
        """Makes the box equal to the session."""
        self._session = session
        year, first = session.state.year, session.state.time.year
        with QSignalBlocker(self):
            # one step below the first year stands for "as drawn"
            self.setRange(min(first, year or first) - STEP, max(first + SPAN, year or first))
            self.setValue(self.minimum() if year is None else year)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  # Qt's name
        """Turns the year only while it is being typed, so that scrolling past changes nothing."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _on_value(self, value: int) -> None:
        drawn = value < self.minimum() + STEP
        self._session.do(see_in_year, None if drawn else value)


def step_year(session: Session, steps: int) -> None:
    """Ten years on (1) or back (-1); before the year of the date comes `as drawn`."""
    year, first = session.state.year, session.state.time.year
    if year is None:
        wanted = first if steps > 0 else None
    else:
        wanted = min(year + STEP * steps, first + SPAN)
        wanted = None if wanted < first else wanted
    session.do(see_in_year, wanted)
