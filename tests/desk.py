"""Somebody at the window of the program, with a mouse and a keyboard."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from real_window import wait

from twin.app.edits_panel import EditsPanel
from twin.app.window import Window
from twin.model.scenario import Scenario
from twin.scene.camera import looking, pixel_of
from twin.scene.items import Sketch
from twin.session import commands
from twin.session.session import Session

NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@dataclass
class Desk:
    """Somebody at the window, with a mouse and a keyboard."""

    window: Window
    path: Path

    @property
    def session(self) -> Session:
        assert self.window.session is not None
        return self.window.session

    @property
    def scenario(self) -> Scenario:
        return self.session.project.scenario(self.session.state.scenario)

    @property
    def view(self) -> QWidget:
        assert self.window.viewport is not None and self.window.viewport.surface is not None
        return self.window.viewport.surface

    @property
    def sketch(self) -> Sketch | None:
        assert self.window.viewport is not None
        found, _ = self.window.viewport._extra.get("sketch", (None, ""))
        return found if isinstance(found, Sketch) else None

    @property
    def edits(self) -> EditsPanel:
        panel = self.window.panel("edits")
        assert isinstance(panel, EditsPanel)
        return panel

    def look(self, x: float, y: float, distance: float) -> None:
        """From above, so that nothing stands before the ground."""
        camera = looking((x, y, 0.0), heading=0.0, tilt=80.0, distance=distance)
        self.session.do(commands.look, camera)
        wait(lambda: self.window.viewport is not None and self.window.viewport.camera == camera)

    def pixel(self, x: float, y: float, z: float = 0.0) -> QPoint:
        assert self.window.viewport is not None and self.window.viewport.camera is not None
        size = (self.view.width(), self.view.height())
        found = pixel_of(self.window.viewport.camera, (x, y, z), size)
        assert found is not None
        return QPoint(round(found[0]), round(found[1]))

    def hover(self, x: float, y: float) -> None:
        QTest.mouseMove(self.view, self.pixel(x, y))
        QApplication.processEvents()

    def click(self, *places: tuple[float, float]) -> None:
        for x, y in places:
            self.hover(x, y)
            QTest.mouseClick(self.view, LEFT, NONE, self.pixel(x, y))
            QApplication.processEvents()

    def press(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)
        self.view.setFocus()
        QTest.keyClick(self.view, key, keys)
        QApplication.processEvents()

    def write(self, text: str) -> None:
        QTest.keyClicks(self.view, text)
        QApplication.processEvents()

    def drag(self, start: QPoint, end: QPoint) -> None:
        QTest.mousePress(self.view, LEFT, NONE, start)
        for step in range(1, 6):
            QTest.mouseMove(self.view, start + (end - start) * step / 5)
            QApplication.processEvents()
        QTest.mouseRelease(self.view, LEFT, NONE, end)
        QApplication.processEvents()
