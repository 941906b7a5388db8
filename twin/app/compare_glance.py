"""Shows the baseline for as long as a key or button is held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QKeyEvent

from twin.app.viewport import Viewport
from twin.scene.comparison import WHOLE, Side, baseline_of
from twin.session.session import Session


class Glance(QObject):
    """A look at the baseline that leaves no trace: no step to undo, nothing computed anew."""

    def __init__(self, view: Viewport, back: Callable[[], object], parent: QObject) -> None:
        """back: shows again what was in view."""
        super().__init__(parent)
        self._view, self._back = view, back
        self._key = 0
        self.active = False

    def begin(self, session: Session, key: int = 0) -> None:
        """Shows the baseline until `end`, or until the key is let go."""
        if not self.active:
            self.active, self._key = True, key
            application = QCoreApplication.instance()
            assert application is not None
            application.installEventFilter(self)
        self.show(session)

    def show(self, session: Session) -> None:
        """The baseline as it is known by now, from where one looks."""
        name = baseline_of(session.project, session.state)
        scene = session.glance(name)
        if scene.built is None:  # it comes as soon as it is built
            return
        camera = self._view.camera
        there = scene if camera is None else replace(scene, camera=camera)
        side = Side(name, session.project.scenario(name).title, there)
        self._view.show_sides((side,), (WHOLE,), fly=False, titled=True)

    def end(self) -> None:
        """Shows again what was in view."""
        if self.active:
            self.active = False
            application = QCoreApplication.instance()
            assert application is not None
            application.removeEventFilter(self)
            self._back()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Notices that the key is let go, or that another window is used."""
        let_go = (
            event.type() is QEvent.Type.KeyRelease
            and isinstance(event, QKeyEvent)
            and event.key() == self._key
            and not event.isAutoRepeat()
        )
        if let_go or event.type() is QEvent.Type.ApplicationDeactivate:
            self.end()
        return False
