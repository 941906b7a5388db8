"""Lists files with what is known of each: its format, what it holds, how large it is, and where it lies."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from twin.app import icons, texts
from twin.app.theme import tones_of
from twin.errors import CrsError, TwinError
from twin.formats.peek import Peek

MOST_ROWS = 8
"""Seen at once."""
SHARES = (0.32, 0.19, 0.17, 0.18)
"""Of the width, for all columns but the last."""


class PreviewRows(QTreeWidget):
    """A row for each file."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Files to be opened or added"))
        self.setToolTip(self.tr("Files to be opened or added; Del takes one out"))
        self.setHeaderLabels(
            [self.tr("File"), self.tr("Format"), self.tr("Holds"), self.tr("Size"), self.tr("CRS")]
        )
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    @property
    def chosen(self) -> list[int]:
        """The rows that are selected."""
        return [self.indexOfTopLevelItem(item) for item in self.selectedItems()]

    def append(self, path: Path) -> None:
        """A file of which nothing is known yet."""
        item = QTreeWidgetItem([path.name, self.tr("waiting …")])
        item.setToolTip(0, texts.tip(str(path)))
        self.addTopLevelItem(item)

    def show_progress(self, row: int, fraction: float) -> None:
        """How much of a file was looked at, 0-1."""
        self._item(row).setText(1, self.tr("reading {0} %").format(round(100 * fraction)))

    def show_found(self, row: int, path: Path, found: Peek | TwinError, *, doubtful: bool) -> None:
        """What is known of a file. doubtful: it may lie where nobody wants it."""
        item, tone = self._item(row), tones_of(self.palette())
        level = "warning" if isinstance(found, CrsError) else "error" if isinstance(found, TwinError) else ""
        cells, tips = [""] * 4, [str(found)] * 4
        item.setText(0, path.name)
        if isinstance(found, Peek):
            cells = [found.format, _holds(found), _size(found), found.crs or self.tr("not said")]
            tips = [found.format, _holds(found), _size(found), found.crs_source]
            level = "warning" if doubtful else "success"
        elif level == "warning":
            cells[-1] = self.tr("not said")
        else:
            item.setText(0, str(found))
        item.setToolTip(0, texts.tip(str(path) if level != "error" else str(found)))
        item.setFirstColumnSpanned(level == "error")
        colour = {"warning": tone.caution, "error": tone.bad, "success": tone.good}[level]
        item.setIcon(0, icons.icon(level, QColor(colour)))
        for column, (cell, tip) in enumerate(zip(cells, tips, strict=True), 1):
            item.setText(column, cell)
            item.setToolTip(column, texts.tip(tip))

    def fit(self, width: int, missing: int = 0) -> None:
        """Is as wide, and as high as its rows need less what is missing; one row is always seen. [px]"""
        em = self.fontMetrics().height()
        row = self.sizeHintForRow(0) if self.topLevelItemCount() else 2 * em
        head = self.header().sizeHint().height() + round(0.4 * em)
        rows = max(min(self.topLevelItemCount(), MOST_ROWS), 1)
        self.setFixedHeight(max(head + rows * row - missing, head + row))
        for column, share in enumerate(SHARES):
            self.setColumnWidth(column, round(share * width))

    def _item(self, row: int) -> QTreeWidgetItem:
        item = self.topLevelItem(row)
        assert item is not None
        return item


def _holds(found: Peek) -> str:
    """How much is in the file."""
    one, many = {
        "objects": (texts.tr("1 object"), texts.tr("{0} objects")),
        "points": (texts.tr("1 point"), texts.tr("{0} points")),
        "features": (texts.tr("1 feature"), texts.tr("{0} features")),
        "cells": (texts.tr("1 cell"), texts.tr("{0} cells")),
        "edits": (texts.tr("1 edit"), texts.tr("{0} edits")),
        "scenarios": (texts.tr("1 scenario"), texts.tr("{0} scenarios")),
    }.get(found.unit, ("1", "{0}"))
    return one if found.count == 1 else many.format(texts.amount(float(found.count)))


def _size(found: Peek) -> str:
    """From west to east and from south to north."""
    if found.size is None:
        return ""
    unit, sides = "m", [float(round(side)) for side in found.size]
    if max(sides) >= 2000:
        unit, sides = "km", [round(side / 1000, 1) for side in found.size]
    return f"{' × '.join(texts.amount(side) for side in sides)} {unit}"
