"""Asks which of several grids hold the heights of the ground, and are no layers of values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from twin.app import texts


class GroundRow(QWidget):
    """One choice in a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grids: Mapping[Path, bool] = {}
        self._said = False
        self.which = QComboBox()
        name = self.tr("Heights of the ground are in")
        label = QLabel(name)
        label.setTextFormat(label.textFormat().PlainText)
        label.setWordWrap(True)
        for widget in (self.which, self.which.view()):
            widget.setAccessibleName(name)
        self.which.setToolTip(
            texts.tip(
                self.tr("What holds heights becomes the ground; all other grids become layers of values")
            )
        )
        self.which.setMinimumContentsLength(8)
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.which.activated.connect(lambda _row: self._on_said())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.which, 1)

    @property
    def chosen(self) -> tuple[Path, ...]:
        """The grids that become the ground."""
        found: tuple[Path, ...] = self.which.currentData() or ()
        return found

    def show_grids(self, grids: Mapping[Path, bool]) -> None:
        """Offers grids, each with whether its name says that it holds heights; what was chosen stays."""
        if grids == self._grids:
            return
        before = self.chosen if self._said else None
        self._grids = dict(grids)
        every, likely = tuple(grids), tuple(path for path, said in grids.items() if said)
        self.which.clear()
        self.which.addItem(self.tr("none of these grids"), ())
        if len(every) > 1:
            self.which.addItem(self.tr("all {0} grids").format(len(every)), every)
        if 1 < len(likely) < len(every):
            self.which.addItem(self.tr("the {0} grids that are named so").format(len(likely)), likely)
        for path in every:
            self.which.addItem(path.name, (path,))
        wanted = before if before is not None else likely
        rows = [row for row in range(self.which.count()) if tuple(self.which.itemData(row)) == wanted]
        self._said = self._said and bool(rows)
        self.which.setCurrentIndex(rows[0] if rows else 0)

    def clear(self) -> None:
        """Forgets what was chosen."""
        self._said = False
        self.show_grids({})

    def _on_said(self) -> None:
        self._said = True
