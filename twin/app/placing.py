"""Puts models where one clicks that do not say where they stand, and turns them before they stay."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from twin.app.draw_note import DrawSentence
from twin.app.texts import tr
from twin.model.placement import Placement
from twin.model.terrain import height_at
from twin.scene import sketches
from twin.scene.snapping import Flat

if TYPE_CHECKING:
    from twin.app.draw_pencil import Pencil
    from twin.app.placement_row import Standing
    from twin.app.window import Window

STEP, FINE = 15.0, 1.0
"""Of turning by a key, and while Shift is held. [deg]"""
TYPED = frozenset("0123456789.,-")
TAKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
TURNING = {Qt.Key.Key_Left: -1.0, Qt.Key.Key_Right: 1.0}


class Placing(QObject):
    """Has mouse and keys of the view until the models stay or are given up."""

    def __init__(
        self,
        window: Window,
        pencil: Pencil,
        name: str,
        standing: Standing,
        body: tuple[float, float, float],
        done: Callable[[Placement], None],
    ) -> None:
        assert window.viewport is not None and window.viewport.surface is not None
        self._view = window.viewport
        self._surface: QWidget | None = window.viewport.surface
        super().__init__(self._view)
        self._window, self._pencil, self._name = window, pencil, name
        self._standing, self._body, self._done = standing, body, done
        self.at: Flat | None = None
        """Where they stand. [m]"""
        self._hovered: Flat | None = None
        self.turn, self._typed, self._twice = 0.0, "", False
        pencil.take("")
        self._before, self._view.take_click = self._view.take_click, self._click
        self._sentence = DrawSentence(self._view)
        surface = window.viewport.surface
        surface.installEventFilter(self)
        surface.setCursor(Qt.CursorShape.CrossCursor)
        surface.setFocus()
        # another tool, and another project, end it
        pencil.changed.connect(self.give_up)
        session = window.session
        assert session is not None
        session.changed.connect(self._show)
        self._session = session
        self._show()

    def give_up(self) -> None:
        """Nothing is added."""
        if self._surface is None:
            return
        self._view.take_click = self._before
        self._surface.removeEventFilter(self)
        if self._pencil.tool is None:  # else it has its own by now
            self._surface.unsetCursor()
        self._surface = None
        self._pencil.changed.disconnect(self.give_up)
        self._session.changed.disconnect(self._show)
        self._view.show_extra("placing", None)
        self._sentence.hide()
        self._sentence.deleteLater()
        self._window.status.hint("")
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Comes before the pencil and the navigation; what it does not want goes on to them."""
        kind = event.type()
        if isinstance(event, QKeyEvent) and kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            if not self._wants(event):
                return False
            event.accept()
            if kind == QEvent.Type.KeyPress:
                self._key(event)
            return True
        if isinstance(event, QMouseEvent):
            if kind == QEvent.Type.MouseMove and event.buttons() == Qt.MouseButton.NoButton:
                self._hovered = self._place(event.position())
                self._show()
            self._twice = kind == QEvent.Type.MouseButtonDblClick or (
                self._twice and kind != QEvent.Type.MouseButtonPress
            )
        return super().eventFilter(watched, event)

    def _click(self, at: QPointF) -> bool:
        if self._twice and self.at is not None:
            self._finish()
            return True
        self.at = self._place(at) or self.at
        self._show()
        return True

    def _wants(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in TAKING:
            return self.at is not None
        if key == Qt.Key.Key_Backspace:
            return bool(self._typed)
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        return plain and (key == Qt.Key.Key_Escape or key in TURNING or event.text() in TYPED - {""})

    def _key(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self._window.say(self._window.tr("Nothing was added."))
            self.give_up()
            return
        if key in TAKING:
            self._finish()
            return
        if key in TURNING:
            step = FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            self._typed, self.turn = "", (self.turn + TURNING[Qt.Key(key)] * step + 180.0) % 360.0 - 180.0
        else:
            self._typed = self._typed[:-1] if key == Qt.Key.Key_Backspace else self._typed + event.text()
            self.turn = _angle(self._typed)
        self._show()

    def _finish(self) -> None:
        at, project = self.at, self._session.project
        assert at is not None
        east, north, up = project.place.origin
        if project.terrain is not None:
            ground = float(height_at(project.terrain, np.array([at[0]]), np.array([at[1]]))[0])
            up += ground if math.isfinite(ground) else 0.0
        where = (round(at[0] + east, 2), round(at[1] + north, 2), round(up, 2))
        placement = Placement(
            where, "", self._standing.scale, self._standing.up, rotation=self.turn, middle=True
        )
        self.give_up()
        self._done(placement)

    def _place(self, at: QPointF) -> Flat | None:
        found = self._pencil.aim.snapped(at)
        return found.at if found is not None else None

    def _show(self, _session: object = None) -> None:
        """Makes outline and sentence equal to what was chosen."""
        if self._surface is None:
            return
        said = f"{self._typed or f'{self.turn:g}'}°"
        if self.at is None:
            text = tr("Click where {0} stands. ← and → or a typed angle turn it: {1}. Esc cancels.")
        else:
            text = tr(
                "Enter leaves {0} here, a click moves it. ← and → or a typed angle turn it: {1}. Esc cancels."
            )
        self._sentence.say(text.format(self._name, said))
        self._window.status.hint(text.format(self._name, said))
        at = self.at or self._hovered
        land = self._pencil.aim.land
        outline = sketches.body(at, self._body, self.turn, land) if at is not None else None
        self._view.show_extra("placing", outline)


def _angle(typed: str) -> float:
    """What was typed so far. [deg]"""
    try:
        found = float(typed.replace(",", "."))
    except ValueError:
        return 0.0
    return found if math.isfinite(found) else 0.0
