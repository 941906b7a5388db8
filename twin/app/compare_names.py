"""Says on the view which scenario is which."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from twin.app.below_message import BelowMessage
from twin.app.panel_paint import paint_panel
from twin.app.theme import tones_of
from twin.app.viewport import Viewport

MARGIN = 12
"""Between a name and the edges of its side. [px]"""


class SideNames(QObject):
    """Says at the upper edge of each side which scenario it is."""

    def __init__(self, view: Viewport) -> None:
        super().__init__(view)
        self._view = view
        self._names: list[SideName] = []
        self._borders: list[QFrame] = []
        self._message = BelowMessage(view)
        self._message.changed.connect(self._place)
        view.arranged.connect(self._place)
        self._place()

    @property
    def shown(self) -> tuple[str, ...]:
        """What is said, from left to right."""
        return tuple(name.text() for name in self._names if not name.isHidden())

    def _place(self) -> None:
        titles, areas, covered = self._view.titles, self._view.areas, self._message.height
        while len(self._names) < len(titles):
            self._names.append(SideName(self._view))
        self._part(() if self._view.swiped else areas)
        swipe = self._view.swiped
        for number, name in enumerate(self._names):
            if number >= len(titles):
                name.hide()
                continue
            name.setText(titles[number])
            name.adjustSize()
            area = areas[number]
            right = area.right() - MARGIN - name.width()
            left = right if swipe and number else area.left() + MARGIN
            name.move(left, max(area.top(), covered) + MARGIN)
            name.setVisible(area.width() >= name.width() + 2 * MARGIN)
            name.raise_()

    def _part(self, areas: tuple[QRect, ...]) -> None:
        """A line between views that lie beside or above one another."""
        lines = [QRect(area.left() - 1, area.top(), 2, area.height()) for area in areas if area.left()]
        lines += [QRect(area.left(), area.top() - 1, area.width(), 2) for area in areas if area.top()]
        while len(self._borders) < len(lines):
            border = QFrame(self._view)
            border.setFrameShape(QFrame.Shape.NoFrame)
            border.setBackgroundRole(QPalette.ColorRole.Window)
            border.setAutoFillBackground(True)
            self._borders.append(border)
        for number, border in enumerate(self._borders):
            border.setVisible(number < len(lines))
            if number < len(lines):
                border.setGeometry(lines[number])


class SideName(QLabel):
    """The title of one scenario on the view."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setContentsMargins(10, 6, 10, 6)
        font = QFont()  # says no more than that it is bold, so that the size follows the window's
        font.setBold(True)
        self.setFont(font)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """The text on a panel."""
        painter = QPainter(self)
        paint_panel(painter, QRectF(self.rect()), tones_of(self.palette()), scale=1.0)
        painter.end()
        super().paintEvent(event)
