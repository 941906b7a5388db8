"""Paints north and scale, on pictures and over the view."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from twin.app.panel_paint import PAD, font, paint_panel, text_width
from twin.app.theme import tones, tones_of
from twin.model.state import Camera
from twin.scene.camera import distance, heading, metre, tilt
from twin.scene.standpoints import FLAT
from twin.session.session import Session

AT_THE_CENTRE = "at the centre"
STRAIGHT_DOWN = 85.0
"""From this tilt on the picture is a plan: one scale everywhere. [deg]"""
BAR = 130.0
"""The longest scale bar. [px]"""
ROSE, BAR_HEIGHT, MARGIN = 64.0, 46.0, 12
"""Side of the compass rose, height of the panel of the scale bar, and room around them. [px]"""


def paint_north(
    painter: QPainter, rect: QRectF, camera: Camera, *, scale: float, dark: bool = False, letter: str = "N"
) -> None:
    """Paints a compass rose that lies on the ground in the middle of the view; an arrow on a plan.

    Where the ground is but a line, the rose is seen from a little above.
    """
    colours = tones(dark)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    disc = QColor(colours.base)
    disc.setAlpha(226)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(disc)
    painter.drawEllipse(rect)
    radius, turned = rect.width() / 2, math.radians(heading(camera))
    painter.translate(rect.center())
    lean = math.sin(math.radians(max(abs(tilt(camera)), FLAT)))
    plan = tilt(camera) >= STRAIGHT_DOWN
    for turn in (180, 0) if plan else (90, 180, 270, 0):
        painter.save()
        painter.scale(1.0, lean)
        painter.rotate(turn - heading(camera))
        long = radius * (0.62 if turn == 0 else 0.5)
        for side, colour in ((-1, colours.bad if turn == 0 else colours.muted), (1, colours.line)):
            painter.setBrush(QColor(colour))
            wide = side * radius * (0.26 if plan else 0.16)
            painter.drawPolygon(QPolygonF([QPointF(0, 0), QPointF(wide, 0), QPointF(0, -long)]))
        painter.restore()
    # the letter stays upright, outside the tip
    way = QPointF(-math.sin(turned), -lean * math.cos(turned))
    size = math.hypot(way.x(), way.y())
    middle = way * (0.62 * radius + 0.18 * radius / size)
    used = font(11 * scale, bold=True)
    painter.setFont(used)
    painter.setPen(QColor(colours.text))
    box = 16 * scale
    painter.drawText(
        QRectF(middle.x() - box / 2, middle.y() - box / 2, box, box), Qt.AlignmentFlag.AlignCenter, letter
    )
    painter.restore()


def scale_bar(
    camera: Camera, size: tuple[int, int], most: float, centre: str = AT_THE_CENTRE
) -> tuple[float, float, str]:
    """The longest bar of round length that is no longer than `most`: metres, pixels, and its text.

    size: of the picture; most: [px]; centre: said where it holds there only.
    It is true in the middle of the picture, at the target's distance.
    """
    each = metre(camera, distance(camera), size[1])
    longest = most / each
    power = 10.0 ** math.floor(math.log10(longest))
    length = max(step * power for step in (1, 2, 5) if step * power <= longest * (1 + 1e-9))
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    if tilt(camera) < STRAIGHT_DOWN and not camera.height:
        text += f" ({centre})"
    return length, length * each, text


def paint_scale(
    painter: QPainter,
    rect: QRectF,
    camera: Camera,
    size: tuple[int, int],
    *,
    scale: float,
    dark: bool = False,
    centre: str = AT_THE_CENTRE,
) -> None:
    """Paints the scale bar on a panel that fills `rect`. size: of the whole picture [px]."""
    colours = tones(dark)
    paint_panel(painter, rect, colours, scale=scale)
    _, pixels, text = scale_bar(camera, size, BAR * scale, centre)
    left, top = rect.center().x() - pixels / 2, rect.top() + 26 * scale
    used = font(11.5 * scale)
    painter.save()
    painter.setFont(used)
    painter.setPen(QColor(colours.text))
    painter.drawText(
        QRectF(rect.left(), rect.top() + 5 * scale, rect.width(), 16 * scale),
        Qt.AlignmentFlag.AlignCenter,
        text,
    )
    bar = QRectF(left, top, pixels, 7 * scale)
    painter.fillRect(bar, QColor(colours.text))
    inside = 1.2 * scale
    for half in (0, 1):  # two halves, one dark and one light, show the half length
        if half:
            painter.fillRect(
                QRectF(left + pixels / 2, top + inside, pixels / 2 - inside, bar.height() - 2 * inside),
                QColor(colours.base),
            )
    painter.restore()


def scale_width(camera: Camera, size: tuple[int, int], *, scale: float, centre: str = AT_THE_CENTRE) -> float:
    """How wide the panel of the scale bar is. [px]"""
    _, pixels, text = scale_bar(camera, size, BAR * scale, centre)
    return max(pixels, text_width(text, font(11.5 * scale))) + 2 * PAD * scale


class FurnitureView(QWidget):
    """North and scale over the lower right corner of the view."""

    north_clicked = Signal()

    def __init__(self, parent: QWidget, size: Callable[[], tuple[int, int]] | None = None) -> None:
        """size: of the picture that the scale is of, the whole parent when None. [px]"""
        super().__init__(parent)
        self._view = parent
        self._picture = size or (lambda: (parent.width(), parent.height()))
        self._camera: Camera | None = None
        self._size = (1, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("North and scale")
        parent.installEventFilter(self)

    def refresh(self, session: Session) -> None:
        """Shows the camera of the scene."""
        self.set_camera(session.scene.camera, self._picture())

    def set_camera(self, camera: Camera, size: tuple[int, int]) -> None:
        """Shows another camera, as while the mouse moves. size: of the view [px]."""
        if (camera, size) == (self._camera, self._size):
            return
        self._camera, self._size = camera, (max(size[0], 1), max(size[1], 1))
        _, _, text = scale_bar(camera, self._size, BAR * self._scale())
        self.setAccessibleDescription(f"Looking towards {heading(camera):.0f}°. Scale bar: {text}.")
        self._place()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Stays in its corner when the view changes its size."""
        if watched is self._view and event.type() is QEvent.Type.Resize and self._camera is not None:
            self.set_camera(self._camera, self._picture())
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """A click on the rose asks for north up; all else goes to the view below."""
        if event.button() is Qt.MouseButton.LeftButton and self.rose().contains(event.position()):
            self.north_clicked.emit()
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Says what a click would do."""
        over = self.rose().contains(event.position())
        if over:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()
        self.setToolTip("North up (N)" if over else "")
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paints rose and bar."""
        if self._camera is None:
            return
        dark, scale = tones_of(self.palette()) is tones(True), self._scale()
        painter = QPainter(self)
        paint_north(painter, self.rose(), self._camera, scale=scale, dark=dark)
        bar = QRectF(0, self.height() - BAR_HEIGHT * scale, self.width(), BAR_HEIGHT * scale)
        paint_scale(painter, bar, self._camera, self._size, scale=scale, dark=dark)
        painter.end()

    def _scale(self) -> float:
        return self.fontMetrics().height() / 15.0

    def rose(self) -> QRectF:
        """Where the compass rose is in this widget."""
        side = ROSE * self._scale()
        return QRectF(self.width() - side, 0, side, side)

    def _place(self) -> None:
        assert self._camera is not None
        scale, view = self._scale(), self._view
        width = math.ceil(max(scale_width(self._camera, self._size, scale=scale), ROSE * scale))
        height = math.ceil((ROSE + BAR_HEIGHT + 8) * scale)
        self.setGeometry(view.width() - width - MARGIN, view.height() - height - MARGIN, width, height)
