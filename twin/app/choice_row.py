"""A wide row that is chosen with one click: a dot, a title, a line of description, small marks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from twin.app import texts
from twin.app.theme import tones_of

MOST_LINES = 2
"""Of the description; the whole of it is in the tool tip."""


class ChoiceRow(QRadioButton):
    """One of several choices; rows of one parent exclude each other.

    keys: shown at the right as on a key; badge: a small word beside the title; depth: so far it is set in,
    below the row it belongs to.
    All texts are shown as they are, never as formatting.
    """

    def __init__(
        self,
        title: str,
        *,
        description: str = "",
        keys: str = "",
        badge: str = "",
        depth: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title, self._description, self._keys, self._badge = title, description, keys, badge
        self._hovered, self._depth = False, depth
        self._heights: dict[tuple[int, bool], int] = {}
        """Worked out already, by width and whether it is chosen: layouts ask dozens of times."""
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join(part for part in (badge, description) if part))
        tip = "\n".join(part for part in (title, description) if part)
        self.setToolTip(texts.tip(f"{tip} ({keys})" if keys else tip))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def describe(self, description: str) -> None:
        """Shows another description."""
        if description != self._description:
            self._description = description
            self._heights.clear()
            self.setAccessibleDescription(" ".join(part for part in (self._badge, description) if part))
            self.updateGeometry()
            self.update()

    def hitButton(self, at: QPoint) -> bool:  # noqa: N802  # Qt's name
        """The whole row can be clicked."""
        return self.rect().contains(at)

    def hasHeightForWidth(self) -> bool:  # noqa: N802  # Qt's name
        """A narrow row needs more lines."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802  # Qt's name
        """Of title and description with room around."""
        asked = width, self.isChecked()
        if asked not in self._heights:
            em = self._em()
            lines = wrapped(self._said(width), self._small(), width - self._left() - 0.7 * em, MOST_LINES)
            self._heights[asked] = round(self._line() + len(lines) * self._small().height() + 1.2 * em)
        return self._heights[asked]

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """As wide as a comfortable panel."""
        width = round(18 * self._em())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Texts are shortened where there is no room."""
        return QSize(round(8 * self._em()), round(self._line() + 1.1 * self._em()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Other letters need other room."""
        self._heights.clear()
        super().changeEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802  # Qt's name
        """Lights up under the mouse."""
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Goes back to rest."""
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draws the row."""
        del event
        tone, em = tones_of(self.palette()), self._em()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked() or self._hovered or self.hasFocus():
            back = tone.soft if self.isChecked() else tone.window if self._hovered else "#00000000"
            edge = tone.accent if self.hasFocus() else back
            painter.setPen(QPen(QColor(edge), 1.0))
            painter.setBrush(QColor(back))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 0.4 * em, 0.4 * em)
        top = 0.55 * em
        middle = top + self._line() / 2
        self._paint_dot(painter, QPointF(self._left() - em, middle))
        right = self.width() - 0.7 * em
        if self._keys:
            right = self._paint_pill(painter, self._keys, right, middle, framed=True)
        if self._badge_fits(self.width()):
            right = self._paint_pill(painter, self._badge, right, middle, framed=False)
        painter.setFont(self._bold())
        painter.setPen(QColor(tone.text))
        room = right - self._left()
        title = QFontMetricsF(self._bold()).elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        at = QRectF(self._left(), top, room, self._line())
        painter.drawText(at, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, title)
        painter.setFont(self._small_font())
        painter.setPen(QColor(tone.muted))
        small = self._small()
        width = self.width() - self._left() - 0.7 * em
        for number, line in enumerate(wrapped(self._said(self.width()), small, width, MOST_LINES)):
            y = top + self._line() + 0.12 * em + number * small.height() + small.ascent()
            painter.drawText(QPointF(self._left(), y), line)

    def _paint_dot(self, painter: QPainter, at: QPointF) -> None:
        tone, em = tones_of(self.palette()), self._em()
        painter.setPen(QPen(QColor(tone.accent if self.isChecked() else tone.muted), 0.12 * em))
        painter.setBrush(QColor(tone.base))
        painter.drawEllipse(at, 0.45 * em, 0.45 * em)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tone.accent))
            painter.drawEllipse(at, 0.23 * em, 0.23 * em)

    def _paint_pill(
        self, painter: QPainter, text: str, right: float, middle: float, *, framed: bool
    ) -> float:
        """Draws a small word that ends at `right`; returns where it begins, with room before it."""
        tone, em, small = tones_of(self.palette()), self._em(), self._small()
        width = max(small.horizontalAdvance(text) + 0.7 * em, small.height())
        area = QRectF(right - width, middle - small.height() / 2, width, small.height())
        painter.setFont(self._small_font())
        painter.setPen(QPen(QColor(tone.line if framed else "#00000000"), 1.0))
        painter.setBrush(QColor(tone.base if framed else tone.window))
        painter.drawRoundedRect(area, 0.25 * em, 0.25 * em)
        painter.setPen(QColor(tone.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
        return right - width - 0.4 * em

    def _badge_fits(self, width: float) -> bool:
        """Whether title, badge and keys have room beside each other in a row so wide."""
        em, small = self._em(), self._small()
        title = QFontMetricsF(self._bold()).horizontalAdvance(self._title)
        pills = [small.horizontalAdvance(text) + 1.1 * em for text in (self._keys, self._badge) if text]
        return bool(self._badge) and self._left() + title + sum(pills) + 1.2 * em < width

    def _said(self, width: float) -> str:
        """The description, with the badge before it where it has no room beside the title."""
        if not self._badge or self._badge_fits(width):
            return self._description
        badge = self._badge[:1].upper() + self._badge[1:]
        return f"{badge}. {self._description}".rstrip()

    def _em(self) -> float:
        return QFontMetricsF(self.font()).height() / 1.2

    def _left(self) -> float:
        return (2.1 + 1.1 * self._depth) * self._em()

    def _line(self) -> float:
        return QFontMetricsF(self._bold()).height()

    def _bold(self) -> QFont:
        font = QFont(self.font())
        if self._description or self.isChecked():
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(0.92 * font.pointSizeF())
        return font

    def _small(self) -> QFontMetricsF:
        return QFontMetricsF(self._small_font())


def wrapped(text: str, metrics: QFontMetricsF, width: float, most: int) -> list[str]:
    """The text cut into at most so many lines; the last one is shortened."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most:
        taken = 1
        while taken < len(words) and metrics.horizontalAdvance(" ".join(words[: taken + 1])) <= width:
            taken += 1
        if len(lines) == most - 1:
            taken = len(words)
        lines.append(
            metrics.elidedText(" ".join(words[:taken]), Qt.TextElideMode.ElideRight, max(width, 0.0))
        )
        words = words[taken:]
    return lines
