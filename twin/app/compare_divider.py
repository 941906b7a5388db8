"""The line between two scenarios that is dragged across the view."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from twin.app.theme import tones_of
from twin.app.viewport import Viewport
from twin.scene.comparison import panes
from twin.session.commands import move_divider
from twin.session.session import Session

WIDE = 44
"""Of the strip that can be taken hold of, as for a finger. [px]"""
STEP = 0.02
"""Of an arrow key, of the width of the view."""
LINE, EDGE = QColor("#ffffff"), QColor(20, 30, 36, 150)


class Divider(QWidget):
    """Where a swipe is divided; the view follows the mouse, the session hears of it at the end."""

    def __init__(self, session: Session, view: Viewport) -> None:
        super().__init__(view)
        self._session, self._view = session, view
        self._at = session.state.divider
        self._held: float | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Divider between two scenarios"))
        self.setToolTip(self.tr("Drag to see more of one side"))
        view.installEventFilter(self)
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Stands where the state says, unless it is being dragged."""
        self._session = session
        self.setVisible(session.state.compare == "swipe" and len(session.sides) == 2)
        if self._held is None:
            self._at = session.state.divider
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Follows the size of the view."""
        if watched is self._view and event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Takes hold."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._held = event.position().x() - self.width() / 2

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Goes along."""
        if self._held is not None:
            x = self.mapTo(self._view, event.position()).x() - self._held
            self._go(x / max(self._view.width(), 1))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Is one step, however far it went."""
        if event.button() is Qt.MouseButton.LeftButton and self._held is not None:
            self._held = None
            self._session.do(move_divider, self._at)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Arrows move it a little."""
        by = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self._session.do(move_divider, self._at + by)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """A light line with dark edges, which shows on everything, and a handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.width() / 2
        painter.fillRect(QRectF(middle - 2.5, 0, 5, self.height()), EDGE)
        painter.fillRect(QRectF(middle - 1.5, 0, 3, self.height()), LINE)
        knob = QRectF(middle - 17, self.height() / 2 - 17, 34, 34)
        painter.setPen(QPen(QColor(tones_of(self.palette()).accent) if self.hasFocus() else EDGE, 2))
        painter.setBrush(LINE)
        painter.drawEllipse(knob)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#1c2529"))
        for side in (-1, 1):
            tip = knob.center() + QPointF(side * 11, 0)
            painter.drawPolygon(QPolygonF([tip, tip - QPointF(side * 6, 6), tip - QPointF(side * 6, -6)]))
        painter.end()

    def _go(self, at: float) -> None:
        state = move_divider(self._session.state, at)
        self._at = state.divider
        self._view.divide(panes(replace(state, compare="swipe"), 2))
        self._place()

    def _place(self) -> None:
        x = round(self._at * self._view.width())
        self.setGeometry(QRect(x - WIDE // 2, 0, WIDE, self._view.height()))
