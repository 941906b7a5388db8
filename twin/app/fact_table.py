"""Shows names and values in two columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QLocale, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QTableWidget,
    QTableWidgetItem,
)

from twin.app import texts
from twin.app.facts import Section
from twin.app.theme import tones_of

LINK = int(Qt.ItemDataRole.UserRole)
BREAK = "\u200b"
LONGEST = 70
"""Values with more characters have a row of their own, below their name."""
LONG = re.compile(r"\S{10,}")
MARKS = re.compile(r"[-/._:;,=&?#]+(?=\S)|[a-zß-ÿ](?=[A-ZÀ-Þ])")
"""After these a long word may go on in the next line."""
PIECE = re.compile(r"\w{10}(?=\w{3})")
"""So much of a word without such a place has one after it."""
NAMES, VALUES = 0.42, 18
"""Names take up to this share of the width; more where values, or as many characters of them, have room."""


class FactTable(QTableWidget):
    """Names and values in two columns, long values on several lines; Ctrl+C copies the chosen values.

    A value that leads somewhere is underlined: a click or Enter goes there.
    """

    followed = Signal(str)
    """gml:id that a value leads to."""

    def __init__(self) -> None:
        super().__init__(0, 2)
        self.setItemDelegate(_Broken(self))
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(0)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("Attributes"))
        self.cellClicked.connect(self._follow)
        self.cellActivated.connect(self._follow)

    def _follow(self, row: int, column: int) -> None:
        item = self.item(row, column)
        target = item.data(LINK) if item is not None else None
        if target:
            self.followed.emit(target)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Shows other facts."""
        self.clearSpans()
        self.clearContents()
        pairs = [pair for section in sections for pair in section.pairs]
        self.setRowCount(len(sections) + len(pairs) + sum(_is_long(text) for _, text in pairs))
        tone, row = tones_of(self.palette()), 0
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        underlined = QFont(self.font())
        underlined.setUnderline(True)
        for section in sections:
            # an empty line above sets sections apart
            head = QTableWidgetItem(f"\n{section.title}" if row else section.title)
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            head.setFont(bold)
            self.setItem(row, 0, head)
            self.setSpan(row, 0, 1, 2)
            links = section.links or ("",) * len(section.pairs)
            for pair, link in zip(section.pairs, links, strict=True):
                row += 1
                for column, text in enumerate(pair):
                    own_row = column == 1 and _is_long(text)
                    if own_row:  # sentences need the whole width
                        self.setSpan(row, 0, 1, 2)
                        row += 1
                        self.setSpan(row, 0, 1, 2)
                    item = QTableWidgetItem(text)
                    item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
                    item.setToolTip(texts.tip(text))
                    if column == 0:
                        item.setForeground(QColor(tone.muted))
                    elif link:
                        item.setData(LINK, link)
                        item.setForeground(QColor(tone.accent))
                        item.setFont(underlined)
                        item.setToolTip(texts.tip(self.tr("Select {0}").format(link)))
                    self.setItem(row, 0 if own_row else column, item)
            row += 1
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Names take what they need, as far as values have room."""
        super().resizeEvent(event)
        self._share_width()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Copies what is chosen."""
        if event.matches(QKeySequence.StandardKey.Copy):
            values = [item.text().strip() for item in self.selectedItems()]
            QGuiApplication.clipboard().setText("\n".join(values))
        else:
            super().keyPressEvent(event)

    def _share_width(self) -> None:
        metrics = self.fontMetrics()
        cells = [[self.item(row, column) for column in (0, 1)] for row in range(self.rowCount())]
        pairs = [[item.text() for item in pair if item is not None] for pair in cells if None not in pair]
        names, values = (
            max((metrics.horizontalAdvance(pair[column]) for pair in pairs), default=0)
            + 1.8 * metrics.height()
            for column in (0, 1)
        )
        values = min(values, VALUES * metrics.averageCharWidth() + 1.8 * metrics.height())
        room = self.viewport().width()
        self.setColumnWidth(0, round(min(names, max(NAMES * room, room - values))))
        for row in range(self.rowCount()):
            self.setRowHeight(row, self._height(row))

    def _height(self, row: int) -> int:
        """Of the text of a row on as many lines as it needs; the view's own hint forgets the padding."""
        em = self.fontMetrics().height()
        how = int(Qt.TextFlag.TextWordWrap)
        alone = self.columnSpan(row, 0) == 2
        tallest = 0
        for column in range(2):
            item = self.item(row, column)
            if item is not None:
                # the header is told of a new size only after this, so that it cannot say how wide values are
                whole, names = self.viewport().width(), self.columnWidth(0)
                width = whole if alone else whole - names if column else names
                room = QRect(0, 0, max(round(width - 1.8 * em), em), 1_000_000)
                text = breakable(item.text())
                tallest = max(tallest, self.fontMetrics().boundingRect(room, how, text).height())
        return round(tallest + 0.5 * em)


def _is_long(text: str) -> bool:
    return len(text) > LONGEST


class _Broken(QStyledItemDelegate):
    """Breaks long words on the screen only."""

    def displayText(self, value: Any, _locale: QLocale | QLocale.Language) -> str:  # noqa: N802  # Qt's name
        return breakable(str(value))


def breakable(text: str) -> str:
    """The text with unseen places for a new line inside of long words, which would be cut off otherwise."""
    return LONG.sub(lambda word: PIECE.sub(rf"\g<0>{BREAK}", MARKS.sub(rf"\g<0>{BREAK}", word[0])), text)
