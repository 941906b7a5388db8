"""The line at the foot of the window: what is being worked on, the place under the mouse, the CRS."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QMainWindow, QProgressBar, QToolButton, QWidget

from twin.app import icons
from twin.app.texts import amount, tr
from twin.model.terrain import height_at
from twin.scene.items import Land, Shade, Sunlight
from twin.session.session import Session


class Status(QWidget):
    """Fills the status bar of a window."""

    cancelled = Signal()
    """What is being opened is no longer wanted."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.hide()
        self._job, self._progress = QLabel(window), QProgressBar(window)
        self._progress.setMaximumWidth(window.fontMetrics().horizontalAdvance("m") * 14)
        self._progress.setTextVisible(False)
        self._progress.hide()
        self._stop = QToolButton(window)
        self._stop.setIcon(icons.icon("cancel"))
        self._stop.setToolTip(self.tr("Stop opening"))
        self._stop.setAccessibleName(self.tr("Stop opening"))
        self._stop.clicked.connect(self.cancelled)
        self._stop.hide()
        self._position, self._shadows, self._crs = QLabel(window), QLabel(window), QLabel(window)
        self._position.setAccessibleName(self.tr("Place under the mouse"))
        self._crs.setAccessibleName(self.tr("Coordinate reference system"))
        self._hint, self._year = QLabel(window), QLabel(window)
        self._year.setAccessibleName(self.tr("Year in which planned trees are seen"))
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._hint.setAccessibleName(self.tr("What the next click does"))
        bar = window.statusBar()
        for widget in (self._hint, self._job, self._progress, self._stop):
            bar.addWidget(widget)
        for widget in (self._position, self._year, self._shadows, self._crs):
            bar.addPermanentWidget(widget)

    def busy(self, text: str) -> None:
        """Shows that something is being opened."""
        self._job.setText(text)
        self._progress.setRange(0, 0)
        self._progress.show()
        self._stop.show()

    def progress(self, fraction: float) -> None:
        """How far it is, 0-1."""
        self._progress.setRange(0, 100)
        self._progress.setValue(round(100 * fraction))

    def idle(self) -> None:
        """Nothing is being opened any more."""
        self._job.clear()
        self._progress.hide()
        self._stop.hide()

    def hint(self, text: str) -> None:
        """What the next click does."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    def refresh(self, session: Session) -> None:
        """What is being computed, and where coordinates are from."""
        running = session.running
        if self._stop.isHidden():  # what is being opened is told first
            self._job.setText(running[0].request.title + " …" if running else "")
        self._shadows.setText(shadows(session))
        year = session.state.year
        self._year.setText("" if year is None else tr("Trees in {0}").format(year))
        self._crs.setText(session.project.place.crs)

    def show_position(self, session: Session | None, point: object) -> None:
        """The coordinates of a place in the CRS of the project; nothing for None."""
        if session is None or not isinstance(point, tuple):
            self._position.clear()
            return
        place = session.project.place
        east, north, up = (point[i] + place.origin[i] for i in range(3))
        height = f" ({place.height_system})" if place.height_system else ""
        told = f"E {east:,.1f}  N {north:,.1f}  z {up:.1f} m{height}"
        if isinstance(land := session.scene.items.get("ground"), Land):
            there = height_at(land.relief.terrain, *(np.array([part]) for part in point[:2]))
            datum = land.relief.terrain.datum
            told = f"E {east:,.1f}  N {north:,.1f}  {self._heights(up, float(there[0]) + place.origin[2])}"
            told += f" ({datum})" if datum else ""
        self._position.setText(told.replace(",", "\u202f"))

    def _heights(self, up: float, ground: float) -> str:
        """Of what is under the mouse, and of the ground below it. [m]"""
        return self.tr("z {0} m, ground {1} m").format(f"{up:.1f}", f"{ground:.1f}")


def shadows(session: Session) -> str:
    """Who makes the shadows in view; empty when there are none."""
    sun, shade = session.scene.items.get("sun"), session.scene.items.get("shade")
    if session.card_shadows and isinstance(sun, Sunlight) and sun.shadows:
        return tr("Shadows: drawn by the card")
    if isinstance(shade, Shade):
        return tr("Shadows: computed, {0}").format(amount(shade.lit.cell, "m"))
    return ""
