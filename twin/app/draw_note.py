"""What is said beside the mouse while drawing: the mark of what a corner is pulled to, and the measures."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from twin.app.below_message import BelowMessage
from twin.app.compare_bar import CompareBar
from twin.app.panel_paint import font, paint_panel
from twin.app.texts import tr
from twin.app.theme import tones_of
from twin.scene.colours import SELECTED

MARK, GAP = 26, 8
"""Side of the mark, and room between it and the words. [px]"""
SAID, MEASURED = 15.0, 13.0
"""Size of the words, where text has its usual size. [px]"""
KINDS = {
    "corner": "corner",
    "edge": "edge",
    "right angle": "right angle",
    "along": "straight on",
    "grid": "grid",
}


def scale_of(view: QWidget) -> float:
    """How much larger than usual text is shown."""
    return max(view.fontMetrics().height() / 15.0, 1.0)


class DrawNote(QWidget):
    """Follows the mouse, and lets everything through to the view."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.kind, self.lines, self._turned = "", (), False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    kind: str
    lines: tuple[str, ...]

    def say(self, at: QPointF, kind: str, lines: tuple[str, ...]) -> None:
        """Shows the mark at a place of the view, and the words beside it."""
        self.kind, self.lines = kind, tuple(line for line in lines if line)
        metrics = QFontMetricsF(self._font())
        wide = max((metrics.horizontalAdvance(line) for line in self._said()), default=0.0)
        tall = max(len(self._said()) * metrics.height() + 8, MARK)
        width = MARK + GAP + (wide + 16 if self._said() else 0)
        self.resize(round(width), round(tall + MARK))
        view = self.parentWidget()
        # the words go to the other side of the mark where there is no room
        self._turned = view is not None and at.x() - MARK / 2 + width > view.width()
        left = at.x() + MARK / 2 - width if self._turned else at.x() - MARK / 2
        self.move(round(left), round(at.y() - MARK / 2))
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draws mark and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = tones_of(self.palette())
        middle = QPointF(self.width() - MARK / 2 if self._turned else MARK / 2, MARK / 2)
        for colour, width in ((QColor("#ffffff"), 5.0), (QColor(SELECTED), 2.4)):
            painter.setPen(QPen(colour, width))
            self._paint_mark(painter, middle)
        said = self._said()
        if said:
            used = self._font()
            height = QFontMetricsF(used).height()
            left = 0.0 if self._turned else MARK + GAP / 2
            area = QRectF(left, MARK / 2, self.width() - MARK - GAP, len(said) * height + 8)
            paint_panel(painter, area, tone, scale=0.8)
            painter.setFont(used)
            painter.setPen(QColor(tone.text))
            for number, line in enumerate(said):
                painter.drawText(QPointF(area.left() + 8, area.top() + 4 + (number + 0.78) * height), line)
        painter.end()

    def _font(self) -> QFont:
        return font(MEASURED * scale_of(self), bold=True)

    def _said(self) -> tuple[str, ...]:
        return (
            (*self.lines, tr(KINDS[self.kind])) if self.kind in KINDS and self.kind != "grid" else self.lines
        )

    def _paint_mark(self, painter: QPainter, at: QPointF) -> None:
        """A square at a corner, a triangle on an edge, an angle where it is square, a cross elsewhere."""
        x, y, r = at.x(), at.y(), 7.0
        if self.kind == "corner":
            painter.drawRect(QRectF(x - r, y - r, 2 * r, 2 * r))
        elif self.kind == "edge":
            painter.drawPolygon([QPointF(x - r, y + r), QPointF(x + r, y + r), QPointF(x, y - r)])
        elif self.kind in ("right angle", "along"):
            painter.drawPolyline([QPointF(x - r, y - r), QPointF(x - r, y + r), QPointF(x + r, y + r)])
            painter.drawEllipse(at, 2.0, 2.0)
        else:
            painter.drawLine(QPointF(x - r, y), QPointF(x + r, y))
            painter.drawLine(QPointF(x, y - r), QPointF(x, y + r))


class DrawSentence(QLabel):
    """Says over the view, large enough to be read from the back of a room, what the next click does."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setContentsMargins(14, 7, 14, 7)
        self._view, self._message = view, BelowMessage(view)
        self._message.changed.connect(self._place)
        view.installEventFilter(self)
        self.hide()

    def say(self, text: str) -> None:
        """Shows the sentence in the middle of the upper edge, below any message; nothing hides it."""
        self.setText(text)
        self.setVisible(bool(text))
        self._place()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Has more lines in a narrow view."""
        if watched is self._view and event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange):
            self._place()
        return False

    def _place(self) -> None:
        if self.isHidden():
            return
        self.setFont(font(SAID * scale_of(self._view), bold=True))
        room, margins = max(self._view.width() - 24, 100), self.contentsMargins()
        wide = self.fontMetrics().horizontalAdvance(self.text()) + margins.left() + margins.right() + 8
        self.setWordWrap(wide > room)
        width = min(wide, room)
        self.resize(width, self.heightForWidth(width) if wide > room else self.sizeHint().height())
        top, bar = self._message.height, self._view.findChild(CompareBar)
        if bar is not None and not bar.isHidden() and bar.y() < self._view.height() // 3:
            top = bar.geometry().bottom()  # where the lower edge has no room for it
        self.move((self._view.width() - width) // 2, top + 12)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """The words on a light ground."""
        painter = QPainter(self)
        paint_panel(painter, QRectF(self.rect()), tones_of(self.palette()), scale=1.0)
        painter.end()
        super().paintEvent(event)
