"""What the view is drawn on: a widget of the graphics card's or, without one, pictures drawn off-screen.

Without a card every pixel is the work of the processor. A picture drawn small while it moves, and finely
when it rests, and shown as an image, is twice as quick as the same through a widget with OpenGL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from twin.render.card import CARD, RASTER
from twin.render.panes import Panes
from twin.render.snapshot import Darkroom


class CardCanvas(QObject):
    """A widget in which VTK draws through OpenGL."""

    drawn = Signal()
    """A frame is on the screen."""

    def __init__(self, parent: QWidget, *, casts: bool = False) -> None:
        """casts: the card draws the shadows."""
        from twin.app.card_widget import card_widget

        super().__init__(parent)
        self.widget = card_widget(parent)
        self.widget.setAcceptDrops(False)
        window = self.widget.GetRenderWindow()
        window.SetMultiSamples(4)
        self.panes = Panes(window, casts=casts)
        window.GetInteractor().SetInteractorStyle(None)
        window.GetInteractor().Initialize()
        self.widget.frameSwapped.connect(self.drawn)

    def draw(self) -> None:
        """Asks for a frame."""
        self.widget.update()

    def draw_now(self) -> None:
        """A card is quick enough for one frame like any other."""
        self.widget.update()

    def rest(self, resting: bool) -> None:
        """A card draws every frame as finely."""

    def close(self) -> None:
        """Gives the drawing context back; Qt ends the process if the widget goes without it."""
        self.widget.frameSwapped.disconnect(self.drawn)
        self.panes.clear()
        self.widget.close()


class ImageCanvas(QObject):
    """A widget that shows pictures drawn off-screen: small ones at once, a fine one when nothing moves."""

    drawn = Signal()
    """A picture is on the screen."""

    def __init__(self, parent: QWidget, *, casts: bool = False) -> None:
        """casts: shadows are drawn as by a card, however long it takes."""
        super().__init__(parent)
        self.widget = ImageWidget(parent, self.draw, self.drawn.emit)
        self._room = Darkroom((640, 400), fine=False, shadows=CARD if casts else RASTER)
        self.panes = self._room.panes
        self._pace = Pace()
        self._began = 0.0
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._quick)
        self._bands = QTimer(self, interval=5)
        self._bands.timeout.connect(self._next_band)
        self._fine = np.zeros((0, 0, 3), np.uint8)
        self._strips: Iterator[None] = iter(())

    def draw(self) -> None:
        """Asks for a picture; those asked for meanwhile are one."""
        self._bands.stop()
        if not self._soon.isActive():
            self._soon.start()

    def draw_now(self) -> None:
        """Brings a picture to the screen before anything else is done."""
        self._soon.stop()
        self._quick()
        self.widget.repaint()

    def rest(self, resting: bool) -> None:
        """Begins the fine picture, or gives it up."""
        if not resting:
            self._bands.stop()
            return
        width, height = self._size(1.0)
        self._fine = np.zeros((height, width, 3), np.uint8)
        self._strips = self._draw_finely()
        self._bands.start()

    def close(self) -> None:
        """Gives the drawing context back."""
        self._soon.stop()
        self._bands.stop()
        self._room.close()

    def _size(self, scale: float) -> tuple[int, int]:
        ratio = self.widget.devicePixelRatioF() * scale
        return max(round(self.widget.width() * ratio), 16), max(round(self.widget.height() * ratio), 16)

    def _quick(self) -> None:
        began = perf_counter()
        apart, self._began = began - self._began, began
        self.panes.fine(False)
        self.widget.show_picture(self._room.take(self._size(self._pace.scale)))
        self._pace.took(perf_counter() - began, apart)

    def _next_band(self) -> None:
        """The fine picture is drawn in strips, so that the window answers in between."""
        height, width, _ = self._fine.shape
        if (width, height) != self._size(1.0):
            self.rest(True)
            return
        self.panes.fine(True)
        if next(self._strips, self) is self:
            self._bands.stop()
            self.widget.show_picture(self._fine)

    def _draw_finely(self) -> Iterator[None]:
        """Draws one strip of one side at each step."""
        height, width, _ = self._fine.shape
        for stage, pane in zip(self.panes.stages, self.panes.places, strict=True):
            left, top, right, bottom = pane.pixels((width, height))
            first, last = (column - left for column in pane.seen(width))
            size = (max(right - left, 1), max(bottom - top, 1))
            strip = min(max(BAND_PIXELS // max(last - first, 1), 16), size[1])
            for done in range(0, size[1] if last > first else 0, strip):
                drawn = self._room.strip(size, done, strip, stage=stage, columns=(first, last))
                place = self._fine[top + done :, left + first : left + last][: len(drawn)]
                place[:] = drawn[:, first:last]
                yield


BAND_PIXELS = 150_000
"""So many pixels are drawn finely in less than a tenth of a second, on two cores that have other work too."""


class Pace:
    """How finely to draw while the view moves, from how long the last pictures took."""

    SLOW, QUICK = 0.030, 0.014
    """Between these a picture is neither too late nor idle. [s]"""
    SHARE, SLOWEST, LONG = 0.4, 0.065, 0.4
    """A picture may take so much of the time between two where they come seldom, as while time passes slowly,
    but never longer; pictures further apart tell nothing. [1, s, s]"""
    SCALES = (1.0, 0.8, 0.65, 0.5, 0.42)

    def __init__(self) -> None:
        self._step = 2
        self._mean = 0.022

    @property
    def scale(self) -> float:
        """Of the width and height that are drawn; the rest is stretched."""
        return self.SCALES[self._step]

    def took(self, seconds: float, apart: float = 0.0) -> bool:
        """Learns from one picture; says whether the scale is another one now.

        apart: how long after the last one it was begun. [s]
        """
        slow, quick = self.SLOW, self.QUICK
        if (share := self.SHARE * apart) > slow and apart < self.LONG:
            slow = min(share, self.SLOWEST)
            quick = 0.7 * slow
        self._mean += 0.4 * (min(seconds, 0.2) - self._mean)
        step = self._step + (self._mean > slow) - (self._mean < quick)
        step = min(max(step, 0), len(self.SCALES) - 1)
        if step == self._step:
            return False
        self._step, self._mean = step, (slow + quick) / 2
        return True


class ImageWidget(QWidget):
    """Shows one picture, stretched to its size."""

    def __init__(self, parent: QWidget, resized: Callable[[], None], shown: Callable[[], None]) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._resized, self._shown = resized, shown
        self.setFocusPolicy(Qt.FocusPolicy.WheelFocus)
        self.setMinimumSize(QSize(16, 16))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_picture(self, picture: NDArray[np.uint8]) -> None:
        """Shows (height, width, 3)."""
        height, width, _ = picture.shape
        image = QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
        self._image = image.convertToFormat(QImage.Format.Format_RGB32)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draws the picture."""
        painter = QPainter(self)
        if self._image.isNull():
            painter.fillRect(self.rect(), self.palette().window())
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect(), self._image)
        painter.end()
        if not self._image.isNull():
            self._shown()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Asks for a picture of the new size."""
        super().resizeEvent(event)
        self._resized()
