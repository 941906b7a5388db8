"""Finds anything that can be done or looked at by a few letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import nsmallest

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from twin.app.theme import tones_of

MOST = 50
"""Lines that are shown."""
KINDS = "albsc"
ENTRY = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette."""

    title: str
    hint: str
    """What it is, small, behind the title."""
    keys: str
    """Its shortcut as text, or empty."""
    run: Callable[[], object]
    kind: str = "a"
    """The prefix that asks for its kind, one of KINDS: action, layer, building, scenario, colours."""


def folded(text: str) -> str:
    """Small letters without accents, so that `a` finds `Ä`."""
    marks = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in marks if not unicodedata.combining(letter))


def rank(query: str, title: str, hint: str = "") -> float | None:
    """How well a line answers a query, less is better; None when it does not. All three are folded.

    Every word must be there: at the start of the title, of a word, inside, in the hint, or letter by letter.
    """
    total = 0.0
    for word in query.split():
        at = title.find(word)
        if at == 0:
            score = 0.0
        elif at > 0:
            score = 1.0 if not title[at - 1].isalnum() else 2.0
        elif word in hint:
            score = 3.0
        elif _in_order(word, title):
            score = 5.0
        else:
            return None
        total += score
    return total + 0.002 * len(title)


def best(query: str, entries: Iterable[Entry], most: int = MOST) -> list[Entry]:
    """The lines that answer a query, best first; without a query the first ones as they come."""
    wanted = folded(query)
    found = []
    for number, entry in enumerate(entries):
        score = rank(wanted, folded(entry.title), folded(entry.hint))
        if score is not None:
            found.append((score if wanted else 0.0, number, entry))
    return [entry for _, _, entry in nsmallest(most, found, key=lambda row: row[:2])]


def split(text: str) -> tuple[str, str]:
    """What was typed as a kind (empty: all) and the rest."""
    if len(text) > 1 and text[0].lower() in KINDS and text[1] == " ":
        return text[0].lower(), text[2:].strip()
    return "", text.strip()


class Palette(QFrame):
    """A search field and a list over the window.

    entries: called on each change with the kind asked for (empty: all) and the text typed after the prefix;
    gives the candidates, which the palette ranks. `twin.app.palette_entries` has those of a session.
    """

    def __init__(self, entries: Callable[[str, str], Iterable[Entry]], parent: QWidget) -> None:
        super().__init__(parent)
        self._entries = entries
        self.field, self.list, self._hint = QLineEdit(), QListWidget(), QLabel()
        em = self.fontMetrics().height()
        self.field.setPlaceholderText(self.tr("Find an action, layer, scenario or building"))
        self.field.setAccessibleName(self.tr("Find"))
        self.field.setToolTip(self.tr("Find anything by a few letters (Ctrl+K)"))
        self.field.setClearButtonEnabled(True)
        self.list.setAccessibleName(self.tr("Found"))
        self.list.setItemDelegate(_Line(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # the field keeps the keyboard, so that one can go on typing
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._hint.setObjectName("muted")
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._hint.setText(self.tr("a  actions    l  layers    s  scenarios    b  buildings    c  colours"))
        column = QVBoxLayout(self)
        column.setContentsMargins(*[round(0.6 * em)] * 4)
        column.setSpacing(round(0.4 * em))
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self._hint)
        self.field.textEdited.connect(self._find)
        self.list.itemClicked.connect(self._run)
        self.field.installEventFilter(self)
        parent.installEventFilter(self)
        self.hide()

    def open(self, text: str = "") -> None:
        """Shows it at the top of its parent, ready to type."""
        self.field.setText(text)
        self._find(text)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        if not text:
            self.field.selectAll()

    def close_popup(self) -> None:
        """Goes away and gives the keyboard back."""
        self.hide()
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Moves in the list by the keys of the field, stays in place, leaves when the field is left."""
        kind = event.type()
        if watched is self.parentWidget():
            if kind == QEvent.Type.Resize and self.isVisible():
                self._place()
        elif kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key in _MOVES or key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()
                if kind == QEvent.Type.KeyPress:
                    self._on_key(key)
                return True
        elif kind == QEvent.Type.FocusOut and self.isVisible() and not self.field.hasFocus():
            self.hide()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draws a rounded sheet."""
        del event
        tone = tones_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(tone.window))
        painter.setPen(QPen(QColor(tone.accent), 1.0))
        painter.setBrush(QColor(tone.window))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        em = self.fontMetrics().height()
        width = min(round(36 * em), round(0.9 * parent.width()))
        rows = self.list.count() * self.list.sizeHintForRow(0) if self.list.count() else em
        frame = self.field.sizeHint().height() + self._hint.sizeHint().height() + round(2.6 * em)
        height = min(frame + rows, round(26 * em), round(0.8 * parent.height()))
        self.setGeometry((parent.width() - width) // 2, round(0.06 * parent.height()), width, height)

    def _find(self, text: str) -> None:
        kind, query = split(text)
        self.list.clear()
        for entry in best(query, self._entries(kind, query)):
            item = QListWidgetItem(entry.title)
            item.setData(ENTRY, entry)
            said = ", ".join(part for part in (entry.title, entry.hint, entry.keys) if part)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), said)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._place()

    def _on_key(self, key: Qt.Key) -> None:
        if key in _MOVES and self.list.count():
            row = self.list.currentRow() + _MOVES[key]
            # one step goes round, a page stops at the end
            last = self.list.count() - 1
            row = row % (last + 1) if abs(_MOVES[key]) == 1 else min(max(row, 0), last)
            self.list.setCurrentRow(row)
        elif key == Qt.Key.Key_Escape:
            self.close_popup()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.list.currentItem()
            if item is not None:
                self._run(item)

    def _run(self, item: QListWidgetItem) -> None:
        entry = item.data(ENTRY)
        self.close_popup()
        entry.run()


_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}


def _in_order(word: str, title: str) -> bool:
    letters = iter(title)
    return len(word) > 1 and all(letter in letters for letter in word)


class _Line(QStyledItemDelegate):
    """Draws title, hint and keys of one entry."""

    def sizeHint(  # noqa: N802  # Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """One airy line."""
        del index
        height = QFontMetricsF(option.font).height()
        return QSize(round(10 * height), round(1.9 * height))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Title first, keys at the right, and the hint where there is room."""
        entry: Entry = index.data(ENTRY)
        area, font = QRectF(option.rect), option.font
        tone, metrics = tones_of(option.palette), QFontMetricsF(font)
        em = metrics.height()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lists = self.parent()
        if isinstance(lists, QListWidget) and lists.currentRow() == index.row():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tone.soft))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 0.35 * em, 0.35 * em)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        left, right = area.left() + 0.7 * em, area.right() - 0.7 * em
        painter.setFont(font)
        if entry.keys:
            width = metrics.horizontalAdvance(entry.keys)
            painter.setPen(QColor(tone.muted))
            painter.drawText(QRectF(right - width, area.top(), width, area.height()), middle, entry.keys)
            right -= width + em
        painter.setPen(QColor(tone.text))
        title = metrics.elidedText(entry.title, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QRectF(left, area.top(), right - left, area.height()), middle, title)
        left += metrics.horizontalAdvance(title) + 0.8 * em
        if right - left > 3 * em:
            painter.setPen(QColor(tone.muted))
            hint = metrics.elidedText(entry.hint, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(QRectF(left, area.top(), right - left, area.height()), middle, hint)
        painter.restore()
