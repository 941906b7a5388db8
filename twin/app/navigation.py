"""Turns mouse and keys into camera movement."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from twin.model.state import Camera, Point
from twin.render.camera import on_ground, ray
from twin.scene import camera as cameras

Button, Key = Qt.MouseButton, Qt.KeyboardModifier

PRESETS: dict[str, dict[tuple[Qt.MouseButton, Qt.KeyboardModifier], str]] = {
    "map": {
        (Button.LeftButton, Key.NoModifier): "pan",
        (Button.LeftButton, Key.ShiftModifier): "orbit",
        (Button.LeftButton, Key.AltModifier): "orbit",
        (Button.LeftButton, Key.ControlModifier): "look",
        (Button.MiddleButton, Key.NoModifier): "orbit",
        (Button.RightButton, Key.NoModifier): "zoom",
    },
    "sketchup": {
        (Button.MiddleButton, Key.NoModifier): "orbit",
        (Button.MiddleButton, Key.ShiftModifier): "pan",
        (Button.LeftButton, Key.AltModifier): "orbit",
        (Button.RightButton, Key.NoModifier): "zoom",
    },
    "paraview": {
        (Button.LeftButton, Key.NoModifier): "orbit",
        (Button.MiddleButton, Key.NoModifier): "pan",
        (Button.LeftButton, Key.ShiftModifier): "pan",
        (Button.RightButton, Key.NoModifier): "zoom",
    },
}
"""What dragging does, by button and key, for people who come from other programs."""

CLICK = 4.0
"""A press that moves less is a click. [px]"""
REST = 220
"""After the last wheel step or key the view is at rest. [ms]"""


@dataclass(frozen=True, slots=True)
class Grip:
    """What the mouse took hold of when it was pressed."""

    mode: str
    at: QPointF
    camera: Camera
    anchor: Point
    area: QRect
    """The picture it is in."""


class Navigation(QObject):
    """Moves a camera by what happens to a widget."""

    moved = Signal(object)
    """Camera, while it moves."""
    rested = Signal(object)
    """Camera, when it has come to rest."""
    clicked = Signal(QPointF)
    hovered = Signal(QPointF)
    left = Signal()

    def __init__(self, widget: QWidget, point: Callable[[QPointF], Point | None]) -> None:
        """point: where the ray through a pixel of the widget meets the scene."""
        super().__init__(widget)
        self.preset = "map"
        self.camera = Camera((0.0, -100.0, 100.0), (0.0, 0.0, 0.0))
        self.areas: tuple[QRect, ...] = ()
        """Where in the widget the scene is drawn; empty: everywhere."""
        self._widget, self._point = widget, point
        self._grip: Grip | None = None
        self._pressed: QPointF | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(lambda: self.rested.emit(self.camera))
        widget.setMouseTracking(True)
        widget.installEventFilter(self)

    @property
    def size(self) -> tuple[int, int]:
        """Of the widget. [px]"""
        return max(self._widget.width(), 1), max(self._widget.height(), 1)

    def area(self, at: QPointF) -> QRect:
        """The part of the widget whose picture a place is in."""
        whole = QRect(0, 0, *self.size)
        return next((area for area in self.areas if area.contains(at.toPoint())), whole)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Takes what moves the view; everything else goes on to the widget."""
        take = {
            QEvent.Type.MouseButtonPress: self._press,
            QEvent.Type.MouseButtonDblClick: self._press,
            QEvent.Type.MouseMove: self._drag,
            QEvent.Type.MouseButtonRelease: self._release,
            QEvent.Type.Wheel: self._wheel,
            QEvent.Type.KeyPress: self._key,
            QEvent.Type.NativeGesture: self._gesture,
            QEvent.Type.Leave: self._leave,
        }.get(event.type())
        return take(event) if take is not None else super().eventFilter(watched, event)

    def _press(self, event: QEvent) -> bool:
        assert isinstance(event, QMouseEvent)
        self._widget.setFocus()
        self._pressed = event.position()
        keys = event.modifiers() & ~Key.KeypadModifier
        mode = PRESETS[self.preset].get((event.button(), keys))
        if mode is not None:
            anchor = self._point(event.position()) or self._far(event.position())
            self._grip = Grip(mode, event.position(), self.camera, anchor, self.area(event.position()))
        return True

    def _drag(self, event: QEvent) -> bool:
        assert isinstance(event, QMouseEvent)
        if self._grip is None:
            self.hovered.emit(event.position())
            return True
        if self._pressed is not None and _length(event.position() - self._pressed) < CLICK:
            return True
        self._pressed = None
        self._go(self._dragged(self._grip, event.position()), rest=False)
        return True

    def _dragged(self, grip: Grip, now: QPointF) -> Camera:
        by = now - grip.at
        height = max(grip.area.height(), 1)
        if grip.mode == "pan":
            return self._panned(grip, now)
        if grip.mode == "orbit":
            return cameras.orbit(
                grip.camera, turn=by.x() * 240 / height, rise=by.y() * 130 / height, about=grip.anchor
            )
        if grip.mode == "look":
            return cameras.look_around(grip.camera, turn=by.x() * -60 / height, rise=by.y() * -60 / height)
        return cameras.zoom(grip.camera, math.exp(by.y() * 3.0 / height), grip.anchor)

    def _panned(self, grip: Grip, now: QPointF) -> Camera:
        """The place that was taken hold of stays under the mouse."""
        eye, direction = _ray(grip.camera, now, grip.area)
        there = on_ground(eye, direction, grip.anchor[2])
        reach = 8 * math.dist(grip.camera.position, grip.anchor)
        if there is None or math.dist(eye, there) > reach:
            return self.camera  # towards the horizon a pixel is a mile
        return cameras.move(grip.camera, grip.anchor[0] - there[0], grip.anchor[1] - there[1])

    def _release(self, event: QEvent) -> bool:
        assert isinstance(event, QMouseEvent)
        pressed, self._pressed = self._pressed, None
        grip, self._grip = self._grip, None
        if pressed is not None and event.button() == Button.LeftButton:
            self.clicked.emit(event.position())
        elif grip is not None:
            self.rested.emit(self.camera)
        return True

    def _wheel(self, event: QEvent) -> bool:
        assert isinstance(event, QWheelEvent)
        steps = event.angleDelta().y() / 120
        if steps:
            towards = self._point(event.position()) or self._far(event.position())
            self._go(cameras.zoom(self.camera, 0.83**steps, towards))
        return True

    def _gesture(self, event: QEvent) -> bool:
        assert isinstance(event, QNativeGestureEvent)
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        towards = self._point(event.position()) or self._far(event.position())
        self._go(cameras.zoom(self.camera, 1 / (1 + event.value()), towards))
        return True

    def _key(self, event: QEvent) -> bool:
        assert isinstance(event, QKeyEvent)
        step = 0.06 * cameras.distance(self.camera)
        keys = event.modifiers() & ~Key.KeypadModifier
        arrows = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        if event.key() in arrows:
            right, up = arrows[Qt.Key(event.key())]
            if keys == Key.ShiftModifier:
                moved = cameras.orbit(self.camera, turn=-6.0 * right, rise=4.0 * up)
            elif keys == Key.ControlModifier:
                moved = cameras.look_around(self.camera, turn=4.0 * right, rise=-3.0 * up)
            elif keys == Key.NoModifier:
                moved = cameras.strafe(self.camera, right * step, up * step)
            else:
                return False
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            climb = step if event.key() == Qt.Key.Key_PageUp else -step
            if self.camera.position[2] + climb < 1.0:
                return True
            moved = cameras.move(self.camera, 0.0, 0.0, climb)
        else:
            return False
        self._go(moved)
        return True

    def _leave(self, _event: QEvent) -> bool:
        self.left.emit()
        return False

    def _far(self, at: QPointF) -> Point:
        """A point before the eye as far away as the target, for when the mouse is on the sky."""
        eye, direction = _ray(self.camera, at, self.area(at))
        far = cameras.distance(self.camera)
        return (
            eye[0] + far * float(direction[0]),
            eye[1] + far * float(direction[1]),
            eye[2] + far * float(direction[2]),
        )

    def _go(self, camera: Camera, *, rest: bool = True) -> None:
        if camera == self.camera:
            return
        self.camera = camera
        self.moved.emit(camera)
        if rest:
            self._rest.start()


def _ray(camera: Camera, at: QPointF, area: QRect) -> tuple[Point, NDArray[np.float64]]:
    size = max(area.width(), 1), max(area.height(), 1)
    return ray(camera, at.x() - area.left(), at.y() - area.top(), size)


def _length(vector: QPointF) -> float:
    return math.hypot(vector.x(), vector.y())
