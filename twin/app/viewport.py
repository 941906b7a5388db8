"""The 3D view: a widget drawn by the card or, where Qt has no OpenGL, an image drawn beside it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEasingCurve, QPointF, QRect, QSize, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from twin.app.canvas import CardCanvas, ImageCanvas
from twin.app.graphics import Graphics
from twin.app.navigation import Navigation
from twin.model.state import Camera, Point, Selection
from twin.render.pick import Picker
from twin.scene.camera import distance, heading
from twin.scene.comparison import WHOLE, Pane, Side
from twin.scene.items import Item

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
    drawn = Signal()
    """Something new is on the screen."""
    arranged = Signal()
    """The sides, or the borders between them, are not what they were."""

    def __init__(self, graphics: Graphics, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.graphics = graphics
        self.setMinimumSize(QSize(200, 150))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._canvas = make_canvas(self, graphics)
        self._sides: tuple[Side, ...] = ()
        self._panes: tuple[Pane, ...] = ()
        self._titled = False
        self._text = 1.0
        self._pickers: dict[str, Picker] = {}
        self._extra: dict[str, tuple[Item, str]] = {}
        self.take_click: Callable[[QPointF], bool] = lambda _at: False
        """Who wants a click before anything is selected by it."""
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
        return self._canvas is not None and self._canvas.panes.first.casts

    @property
    def camera(self) -> Camera | None:
        """Where one looks from at this moment."""
        return self.navigation.camera if self._canvas is not None else None

    @property
    def areas(self) -> tuple[QRect, ...]:
        """Where each side is drawn, in this widget; of a swipe what is seen of it."""
        size = max(self.width(), 1), max(self.height(), 1)
        found = []
        for pane in self._panes:
            _, top, _, bottom = pane.pixels(size)
            left, right = pane.seen(size[0])
            found.append(QRect(left, top, right - left, bottom - top))
        return tuple(found)

    @property
    def titles(self) -> tuple[str, ...]:
        """Of the sides, as long as there is a choice."""
        return tuple(side.title for side in self._sides) if self._titled else ()

    @property
    def swiped(self) -> bool:
        """Whether two pictures share one place."""
        return any(pane.shown != WHOLE.shown for pane in self._panes)

    @property
    def picture_size(self) -> tuple[int, int]:
        """Of the picture of one side; all are about the same. [px]"""
        areas = self.areas
        if self.swiped or not areas:
            return max(self.width(), 1), max(self.height(), 1)
        return max(areas[0].width(), 1), max(areas[0].height(), 1)

    def show_sides(
        self, sides: Sequence[Side], panes: Sequence[Pane], *, fly: bool = True, titled: bool = False
    ) -> None:
        """Makes the view equal to scenes with one camera, each in its pane; a chosen view is flown to.

        titled: says which is which.
        """
        if self._canvas is None:
            return
        first, wanted = not self._sides, sides[0].scene.camera
        self._sides, self._panes, self._titled = tuple(sides), tuple(panes), titled
        names = {side.scenario for side in sides}
        self._pickers = {name: picker for name, picker in self._pickers.items() if name in names}
        camera = self.navigation.camera
        far = wanted != camera and (self._course is None or self._course[1] != wanted)
        if far and (first or not fly):
            self._flight.stop()
            self._course = None
            self.navigation.camera = wanted
            self.moved.emit(wanted)
        elif far:
            self._course = (camera, wanted)
            self._flight.stop()
            self._flight.start()
        self._canvas.panes.show(self._dressed(), panes, self.navigation.camera)
        self._canvas.draw()
        self._canvas.rest(False)
        self._still.start()
        self._place_areas()
        self.setAccessibleDescription("; ".join(description(side) for side in sides))

    def size_text(self, times: float) -> None:
        """Draws labels in the scenes so many times as large as usual."""
        self._text = times
        if self._canvas is not None:
            self._canvas.panes.size_text(times)
            if self._sides:
                self._place(self.navigation.camera)

    def draw_now(self) -> None:
        """Brings what is shown to the screen before anything else is done."""
        if self._canvas is not None and self.isVisible():
            self._canvas.draw_now()

    def show_extra(self, name: str, item: Item | None, *, scenario: str = "") -> None:
        """Draws something over the scenes, as what is being drawn by hand; None: no longer.

        scenario: over that one only, where several are compared.
        """
        if self._canvas is None or (item is None and name not in self._extra):
            return
        self._extra = {key: kept for key, kept in self._extra.items() if key != name}
        if item is not None:
            self._extra[name] = item, scenario
        if self._sides:
            self._canvas.panes.show(self._dressed(), self._panes, self.navigation.camera)
            self._canvas.rest(False)
            self._canvas.draw()
            self._still.start()

    @property
    def surface(self) -> QWidget | None:
        """The widget that takes mouse and keys."""
        return self._canvas.widget if self._canvas is not None else None

    def picture_at(self, at: QPointF) -> QRect:
        """The picture that a place of the view is in."""
        return self.navigation.area(at)

    def shows_at(self, at: QPointF, scenario: str) -> bool:
        """Whether a place of the view shows a scenario."""
        found = self._seen(at)
        return found is not None and found[0].scenario == scenario

    def selection_at(self, at: QPointF) -> Selection | None:
        """What lies at a place of the view."""
        found = self._seen(at)
        if found is None:
            return None
        side, area = found
        x, y, size = at.x() - area.left(), at.y() - area.top(), (area.width(), area.height())
        return self._picker(side).pick(side.scene, self.navigation.camera, x, y, size, self._text)

    def _dressed(self) -> tuple[Side, ...]:
        if not self._extra:
            return self._sides
        dressed = []
        for side in self._sides:
            extra = {
                name: item
                for name, (item, scenario) in self._extra.items()
                if "" in (scenario, side.scenario) or scenario == side.scenario
            }
            scene = replace(side.scene, items={**side.scene.items, **extra})
            dressed.append(replace(side, scene=scene))
        return tuple(dressed)

    def divide(self, panes: Sequence[Pane]) -> None:
        """Moves the borders between the sides, as while a divider is dragged."""
        if self._canvas is None or len(panes) != len(self._sides):
            return
        self._panes = tuple(panes)
        self._canvas.panes.divide(panes)
        self._place_areas()
        self._canvas.rest(False)
        self._canvas.draw()
        self._still.start()

    def close_canvas(self) -> None:
        """Must be called before the window goes."""
        if self._canvas is not None:
            self._flight.stop()
            self._still.stop()
            self._canvas.close()
            self._canvas = None

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """The sides are elsewhere then, and what was drawn finely was of another size."""
        super().resizeEvent(event)
        self._place_areas()
        if self._canvas is not None and self._sides:
            self._canvas.rest(False)
            self._still.start()

    def _place_areas(self) -> None:
        if self._canvas is not None:
            # the two of a swipe have the whole view, of which each shows a part
            self.navigation.areas = () if self.swiped else self.areas
        self.arranged.emit()

    def _seen(self, at: QPointF) -> tuple[Side, QRect] | None:
        """The side at a place of the view, and the picture it is drawn in."""
        for side, area in zip(self._sides, self.areas, strict=True):
            if area.contains(at.toPoint()):
                return side, self.navigation.area(at)
        return None

    def _picker(self, side: Side) -> Picker:
        """Each side its own, because it remembers where the things of one city are."""
        return self._pickers.setdefault(side.scenario, Picker())

    def _under(self, at: QPointF) -> Point | None:
        found = self._seen(at)
        if found is None:
            return None
        side, area = found
        x, y, size = at.x() - area.left(), at.y() - area.top(), (area.width(), area.height())
        return self._picker(side).point(side.scene, self.navigation.camera, x, y, size)

    def _click(self, at: QPointF) -> None:
        if not self.take_click(at) and self._seen(at) is not None:
            self.picked.emit(self.selection_at(at))

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
        self._canvas.panes.look(camera)
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
    angle = start.angle + part * (end.angle - start.angle)
    height = start.height + part * (end.height - start.height) if start.height else end.height
    return Camera(position, target, angle, height if end.height else 0.0, end.section)


def description(side: Side) -> str:
    """The view in words, for those who do not see it."""
    scene = side.scene
    changes = len(scene.built.changes) if scene.built is not None else 0
    legend = scene.legend.title if scene.legend is not None else "none"
    return (
        f"{side.title or 'View'} towards {heading(scene.camera):.0f}°, {distance(scene.camera):.0f} m away. "
        f"Overlay: {legend}. Changes in this scenario: {changes}."
    )
