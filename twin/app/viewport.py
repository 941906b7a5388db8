"""The 3D view: a widget drawn by the card or, where Qt has no OpenGL, an image drawn beside it."""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtCore import QEasingCurve, QPointF, QSize, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from twin.app.canvas import CardCanvas, ImageCanvas
from twin.app.graphics import Graphics
from twin.app.navigation import Navigation
from twin.model.state import Camera, Point
from twin.render.camera import place_camera
from twin.render.pick import Picker
from twin.scene.camera import distance, heading
from twin.scene.scene import Scene

FLIGHT = 420
"""How long the view takes to fly to a place that was chosen. [ms]"""
PROBE = "from twin.render.snapshot import Darkroom; Darkroom((64, 64), fine=False).close()"


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
    drawn = Signal()
    """Something new is on the screen."""

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
        canvas.drawn.connect(self.drawn)
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
    def casts(self) -> bool:
        """Whether shadows are drawn with everything else, so that nobody need compute them."""
        return self._canvas is not None and self._canvas.stage.casts

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
    if graphics.card:
        return CardCanvas(parent, casts=graphics.casts)
    if not graphics.usable:
        # where there is no drawing library at all VTK ends the process, so another process goes first
        tried = subprocess.run(  # noqa: S603  # our own interpreter, a fixed text
            [sys.executable, "-c", PROBE], capture_output=True, timeout=60, check=False
        )
        if tried.returncode:
            return None
    return ImageCanvas(parent, casts=graphics.casts)


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
