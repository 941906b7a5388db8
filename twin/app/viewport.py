"""The 3D view: a widget drawn by the card or, where Qt has no OpenGL, an image drawn beside it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEasingCurve, QPointF, QSize, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from vtkmodules.vtkRenderingCore import vtkRenderer

from twin.app.graphics import Graphics
from twin.app.navigation import Navigation
from twin.model.state import Camera, Point
from twin.render.camera import place_camera
from twin.render.pick import Picker
from twin.render.snapshot import Darkroom
from twin.render.stage import Stage
from twin.scene.camera import distance, heading
from twin.scene.scene import Scene

FLIGHT = 420
"""How long the view takes to fly to a place that was chosen. [ms]"""
PROBE = "from twin.render.snapshot import Darkroom; Darkroom((64, 64), fine=False).close()"


class CardCanvas:
    """A widget in which VTK draws through OpenGL."""

    def __init__(self, parent: QWidget, graphics: Graphics) -> None:
        from twin.app.card_widget import card_widget

        self.widget = card_widget(parent)
        self.widget.setAcceptDrops(False)
        self._window = self.widget.GetRenderWindow()
        # on the processor every sample costs a frame; smooth edges come when the view rests
        self._window.SetMultiSamples(4 if graphics.card else 0)
        renderer = vtkRenderer()
        self._window.AddRenderer(renderer)
        self._window.GetInteractor().SetInteractorStyle(None)
        self._window.GetInteractor().Initialize()
        self.stage = Stage(renderer)
        self._card = graphics.card
        self.stage.fine(graphics.card)
        self._pace = Pace()
        self._moving = False
        self._asked = 0.0
        self.widget.frameSwapped.connect(self._drawn)

    def draw(self) -> None:
        """Asks for a frame."""
        if not self._asked:
            self._asked = perf_counter()
        self.widget.update()

    def rest(self, resting: bool) -> None:
        """Every pixel and smooth edges while nothing moves; what there is time for while something does."""
        if self._card or self._moving is not resting:
            return
        self._moving = not resting
        self.stage.renderer.SetUseFXAA(resting)
        self._resize()
        if resting:
            self.widget.update()

    def close(self) -> None:
        """Gives the drawing context back; Qt ends the process if the widget goes without it."""
        self.widget.frameSwapped.disconnect(self._drawn)
        self.stage.clear()
        self.widget.close()

    def _drawn(self) -> None:
        asked, self._asked = self._asked, 0.0
        if asked and self._moving and self._pace.took(perf_counter() - asked):
            self._resize()

    def _resize(self) -> None:
        ratio = self.widget.devicePixelRatioF() * (self._pace.scale if self._moving else 1.0)
        width, height = (max(round(side * ratio), 1) for side in (self.widget.width(), self.widget.height()))
        self._window.GetInteractor().UpdateSize(width, height)


class Pace:
    """How finely to draw while the view moves, from how long the last frames took."""

    SLOW, QUICK = 0.036, 0.016
    """Between these a frame is neither too late nor idle. [s]"""
    SCALES = (1.0, 0.8, 0.65, 0.5, 0.42)

    def __init__(self) -> None:
        self._step = 0
        self._mean = 0.025

    @property
    def scale(self) -> float:
        """Of the width and height that are drawn; the rest is stretched."""
        return self.SCALES[self._step]

    def took(self, seconds: float) -> bool:
        """Learns from one frame; says whether the scale is another one now."""
        self._mean += 0.4 * (min(seconds, 0.2) - self._mean)
        step = self._step + (self._mean > self.SLOW) - (self._mean < self.QUICK)
        step = min(max(step, 0), len(self.SCALES) - 1)
        if step == self._step:
            return False
        self._step, self._mean = step, 0.025
        return True


class ImageCanvas:
    """A widget that shows pictures drawn off-screen."""

    def __init__(self, parent: QWidget, _graphics: Graphics) -> None:
        self.widget = ImageWidget(parent, self.draw)
        self._room = Darkroom((640, 400), fine=False)
        self.stage = self._room.stage
        self._timer = QTimer(self.widget, singleShot=True, interval=15)
        self._timer.timeout.connect(self._render)
        self._resting = True

    def draw(self) -> None:
        """Asks for a picture; those asked for meanwhile are one."""
        if not self._timer.isActive():
            self._timer.start()

    def rest(self, resting: bool) -> None:
        """Full size while nothing moves, half while something does."""
        if self._resting != resting:
            self._resting = resting
            if resting:
                self.draw()

    def close(self) -> None:
        """Gives the drawing context back."""
        self._timer.stop()
        self._room.close()

    def _render(self) -> None:
        ratio = self.widget.devicePixelRatioF() * (1.0 if self._resting else 0.5)
        size = (max(round(self.widget.width() * ratio), 16), max(round(self.widget.height() * ratio), 16))
        self.widget.show_picture(self._room.take(size))


class ImageWidget(QWidget):
    """Shows one picture, stretched to its size."""

    def __init__(self, parent: QWidget, resized: Callable[[], None]) -> None:
        super().__init__(parent)
        self._picture: NDArray[np.uint8] | None = None
        self._resized = resized
        self.setFocusPolicy(Qt.FocusPolicy.WheelFocus)

    def show_picture(self, picture: NDArray[np.uint8]) -> None:
        """Shows (height, width, 3)."""
        self._picture = picture
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draws the picture."""
        if self._picture is None:
            return
        height, width, _ = self._picture.shape
        image = QImage(self._picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), image)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Asks for a picture of the new size."""
        super().resizeEvent(event)
        self._resized()


class Viewport(QWidget):
    """Shows a scene, moves about in it, and says what was clicked."""

    rested = Signal(object)
    """Camera: the mouse has come to rest."""
    moved = Signal(object)
    """Camera, at every frame of a movement."""
    picked = Signal(object)
    """Selection or None: something was clicked."""
    hovered = Signal(object)
    """Point under the mouse, or None."""
    dropped = Signal(list)
    """Paths of files."""

    def __init__(self, graphics: Graphics, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.graphics = graphics
        self.setAcceptDrops(True)
        self.setMinimumSize(QSize(200, 150))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._canvas = make_canvas(self, graphics)
        self._scene: Scene | None = None
        self._picker = Picker()
        if self._canvas is None:
            self._layout.addWidget(
                QLabel(self.tr(NO_3D), alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
            )
            return
        canvas = self._canvas
        self._layout.addWidget(canvas.widget)
        canvas.widget.setAccessibleName(self.tr("3D view"))
        self.navigation = Navigation(canvas.widget, self._under)
        self.navigation.moved.connect(self._move)
        self.navigation.rested.connect(self.rested)
        self.navigation.clicked.connect(self._click)
        self.navigation.hovered.connect(lambda at: self.hovered.emit(self._under(at)))
        self.navigation.left.connect(lambda: self.hovered.emit(None))
        self._still = QTimer(self, singleShot=True, interval=300)
        self._still.timeout.connect(lambda: canvas.rest(True))
        self._flight = QVariantAnimation(self, duration=FLIGHT, startValue=0.0, endValue=1.0)
        self._flight.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._flight.valueChanged.connect(self._fly)
        self._course: tuple[Camera, Camera] | None = None

    @property
    def camera(self) -> Camera | None:
        """Where one looks from at this moment."""
        return self.navigation.camera if self._canvas is not None else None

    def show_scene(self, scene: Scene, *, fly: bool = True) -> None:
        """Makes the view equal to the scene; a view that was chosen is flown to."""
        if self._canvas is None:
            return
        first, self._scene = self._scene is None, scene
        camera = self.navigation.camera
        far = scene.camera != camera and (self._course is None or self._course[1] != scene.camera)
        if far and (first or not fly):
            self._flight.stop()
            self._course = None
            self.navigation.camera = camera = scene.camera
            self.moved.emit(camera)
        elif far:
            self._course = (camera, scene.camera)
            self._flight.stop()
            self._flight.start()
        self._canvas.stage.show(scene, self.navigation.camera)
        self._canvas.draw()
        self._still.start()
        self.setAccessibleDescription(description(scene))

    def grab_picture(self) -> QImage:
        """What the view shows now."""
        assert self._canvas is not None
        return self._canvas.widget.grab().toImage()

    def close_canvas(self) -> None:
        """Must be called before the window goes."""
        if self._canvas is not None:
            self._flight.stop()
            self._still.stop()
            self._canvas.close()
            self._canvas = None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  # Qt's name
        """Takes files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  # Qt's name
        """Says which files were dropped."""
        self.dropped.emit([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def _under(self, at: QPointF) -> Point | None:
        if self._scene is None:
            return None
        camera, size = self.navigation.camera, self.navigation.size
        return self._picker.point(self._scene, camera, at.x(), at.y(), size)

    def _click(self, at: QPointF) -> None:
        if self._scene is not None:
            camera, size = self.navigation.camera, self.navigation.size
            self.picked.emit(self._picker.pick(self._scene, camera, at.x(), at.y(), size))

    def _move(self, camera: Camera) -> None:
        self._flight.stop()
        self._course = None
        self._place(camera)

    def _fly(self, part: float) -> None:
        if self._course is not None:
            start, end = self._course
            self._place(end if part >= 1.0 else between(start, end, part))
            if part >= 1.0:
                self._course = None

    def _place(self, camera: Camera) -> None:
        assert self._canvas is not None
        self.navigation.camera = camera
        place_camera(self._canvas.stage.renderer, camera)
        self._canvas.rest(False)
        self._canvas.draw()
        self._still.start()
        self.moved.emit(camera)


NO_3D = "This machine cannot draw in 3D. Everything else works: pictures can be made on another machine."


def make_canvas(parent: QWidget, graphics: Graphics) -> CardCanvas | ImageCanvas | None:
    """The best canvas this machine has, or None when nothing can draw."""
    if graphics.usable:
        return CardCanvas(parent, graphics)
    # where there is no drawing library at all VTK ends the process, so another process goes first
    tried = subprocess.run(  # noqa: S603  # our own interpreter, a fixed text
        [sys.executable, "-c", PROBE], capture_output=True, timeout=60, check=False
    )
    return ImageCanvas(parent, graphics) if tried.returncode == 0 else None


def between(start: Camera, end: Camera, part: float) -> Camera:
    """A camera on the way from one to another; part 0-1."""
    position, target = (
        (
            a[0] + part * (b[0] - a[0]),
            a[1] + part * (b[1] - a[1]),
            a[2] + part * (b[2] - a[2]),
        )
        for a, b in ((start.position, end.position), (start.target, end.target))
    )
    return Camera(position, target, start.angle + part * (end.angle - start.angle))


def description(scene: Scene) -> str:
    """The view in words, for those who do not see it."""
    changes = len(scene.built.changes) if scene.built is not None else 0
    legend = scene.legend.title if scene.legend is not None else "none"
    return (
        f"View towards {heading(scene.camera):.0f}°, {distance(scene.camera):.0f} m away. "
        f"Overlay: {legend}. Changes in this scenario: {changes}."
    )
