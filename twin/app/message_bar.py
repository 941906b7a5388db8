"""Tells the user something without stopping the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twin.app import icons
from twin.app.option_words import in_words
from twin.app.theme import tones_of

LEVELS = {"info": "accent", "success": "good", "warning": "caution", "error": "bad"}
"""Level to the tone it is shown in; its icon has the same name."""
NARROW = 44
"""A bar that is narrower has its buttons below its words. [lines of text]"""
TIGHT = 24
"""A bar that is narrower offers only what helps. [lines of text]"""


@dataclass(frozen=True, slots=True)
class Message:
    """What is said."""

    text: str
    level: str
    details: str = ""
    timeout: float = 0.0
    """0: until it is closed. [s]"""
    offer: str = ""
    """What the user may do about it; a button of this name does it and closes the message."""
    run: Callable[[], object] = lambda: None
    other: str = ""
    """What the user may do instead."""
    run_other: Callable[[], object] = lambda: None


class MessageBar(QFrame):
    """A bar over the top edge of its parent; messages wait for each other."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._queue: list[Message] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.close_message)
        self.text, self._picture, self.count = QLabel(), QLabel(), QLabel()
        self.act, self.instead = QPushButton(), QPushButton()
        self.more = QPushButton(self.tr("Details"))
        self.copy = QPushButton(self.tr("Copy"))
        self.shut = QToolButton()
        self.details = QPlainTextEdit()
        self._flow = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self.act.clicked.connect(self._on_act)
        self.instead.clicked.connect(self._on_instead)
        self.more.toggled.connect(self._on_more)
        self.copy.clicked.connect(self._on_copy)
        self.shut.clicked.connect(self.close_message)
        parent.installEventFilter(self)
        self.hide()

    @property
    def message(self) -> Message | None:
        """What is shown."""
        return self._queue[0] if self._queue else None

    def show_message(
        self,
        text: str,
        level: str = "info",
        *,
        details: str = "",
        timeout: float = 0.0,
        offer: str = "",
        run: Callable[[], object] = lambda: None,
        other: str = "",
        run_other: Callable[[], object] = lambda: None,
    ) -> None:
        """Shows one message; level: `info`, `success`, `warning`, `error`; timeout 0: until closed. [s]

        What was said last and what goes by itself makes room. What goes by itself comes before what stays,
        which is there again after it; only errors are shown first to their end.
        """
        text, details = in_words(text), in_words(details)
        level = level if level in LEVELS else "info"
        new = Message(text, level, details, timeout, offer, run, other, run_other)
        if new in self._queue and not timeout:
            return
        before = self.message
        passing = before is not None and before.timeout > 0
        self._queue = [message for message in self._queue if not message.timeout]
        # said later it would be of something long gone
        first = bool(timeout) and before is not None and before.level != "error"
        self._queue.insert(0 if first else len(self._queue), new)
        if first or passing or before is None:
            self._show()
        else:
            self._show_count()

    def close_message(self) -> None:
        """Goes on to the next message, or away."""
        del self._queue[:1]
        self._show()

    def clear(self) -> None:
        """Takes all messages away."""
        self._queue.clear()
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Stays at the top of its parent."""
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget() and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._queue:
            self._show_picture()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draws a sheet with a stripe in the colour of its level."""
        del event
        message, tone = self.message, tones_of(self.palette())
        painter = QPainter(self)
        painter.setPen(QPen(QColor(tone.line), 1.0))
        painter.setBrush(QColor(tone.raised))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        if message is not None:
            width = 0.3 * self.fontMetrics().height()
            painter.fillRect(QRectF(0, 0, width, self.height()), QColor(getattr(tone, LEVELS[message.level])))
        painter.end()

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setMinimumWidth(em)  # a long word must not make the bar reckon with longer lines
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.count.setObjectName("muted")
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.more.setCheckable(True)
        for button, tip in (
            (self.more, self.tr("Show the whole story")),
            (self.copy, self.tr("Copy this message")),
        ):
            button.setFlat(True)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        self.shut.setIcon(icons.icon("close"))
        self.shut.setIconSize(QSize(em, em))
        self.shut.setToolTip(self.tr("Close this message"))
        self.shut.setAccessibleName(self.tr("Close this message"))
        self.details.setReadOnly(True)
        self.details.setAccessibleName(self.tr("Details of the message"))
        self.details.setToolTip(self.tr("Details of the message"))
        self.details.hide()
        words, buttons, row = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for layout in (words, buttons, row, self._flow):
            layout.setSpacing(round(0.6 * em))
        words.addWidget(self._picture)
        words.addWidget(self.text, 1)
        words.addWidget(self.count)
        for button in (self.act, self.instead, self.more, self.copy):
            buttons.addWidget(button)
        buttons.addStretch()
        self._flow.addLayout(words, 1)
        self._flow.addLayout(buttons)
        row.addLayout(self._flow, 1)
        row.addWidget(self.shut, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(round(0.9 * em), round(0.4 * em), round(0.5 * em), round(0.4 * em))
        column.addLayout(row)
        column.addWidget(self.details)

    def _show(self) -> None:
        message = self.message
        self._timer.stop()
        if message is None:
            self.hide()
            return
        self.text.setText(message.text)
        self.setAccessibleName(message.text)
        self.details.setPlainText(message.details)
        self.act.setText(message.offer)
        self.act.setAccessibleName(message.offer)
        self.act.setVisible(bool(message.offer))
        self.instead.setText(message.other)
        self.instead.setAccessibleName(message.other)
        self.instead.setVisible(bool(message.other))
        self.more.setVisible(bool(message.details))
        self.more.setChecked(False)
        self._show_picture()
        self._show_count()
        self.show()
        self.raise_()
        self._place()
        self.update()
        if message.timeout > 0:
            self._timer.start(round(1000 * message.timeout))

    def _show_picture(self) -> None:
        message = self.message
        if message is not None:
            colour = QColor(getattr(tones_of(self.palette()), LEVELS[message.level]))
            size = round(1.3 * self.fontMetrics().height())
            self._picture.setPixmap(icons.pixmap(message.level, size, self.devicePixelRatioF(), colour))

    def _show_count(self) -> None:
        waiting = len(self._queue) - 1
        self.count.setText(self.tr("{0} more").format(waiting) if waiting > 0 else "")
        self.count.setVisible(waiting > 0)

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        em = self.fontMetrics().height()
        width = min(parent.width() - round(1.2 * em), round(60 * em))
        way = QBoxLayout.Direction
        self._flow.setDirection(way.TopToBottom if width < NARROW * em else way.LeftToRight)
        self.copy.setVisible(width >= TIGHT * em)
        self.details.setFixedHeight(min(round(10 * em), max(parent.height() - round(6 * em), em)))
        layout = self.layout()
        assert layout is not None
        layout.activate()
        height = layout.heightForWidth(width) if layout.hasHeightForWidth() else self.sizeHint().height()
        self.setGeometry((parent.width() - width) // 2, round(0.5 * em), width, height)

    def _on_act(self) -> None:
        message = self.message
        if message is not None:
            self.close_message()
            message.run()

    def _on_instead(self) -> None:
        message = self.message
        if message is not None:
            self.close_message()
            message.run_other()

    def _on_more(self, shown: bool) -> None:
        self._timer.stop()
        self.details.setVisible(shown)
        self._place()

    def _on_copy(self) -> None:
        message = self.message
        if message is not None:
            parts = (message.text, message.details)
            QGuiApplication.clipboard().setText("\n\n".join(part for part in parts if part))
