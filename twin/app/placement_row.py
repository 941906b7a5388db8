"""Asks where models stand that do not say it: at which place, in which unit, which way up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from twin.app import texts
from twin.app.texts import QT_TRANSLATE_NOOP

Up = Literal["", "y", "z"]
Where = Literal["click", "view", "numbers"]
UNITS: tuple[tuple[str, float | None], ...] = (
    (QT_TRANSLATE_NOOP("texts", "unit as guessed"), None),
    (QT_TRANSLATE_NOOP("texts", "in metres"), 1.0),
    (QT_TRANSLATE_NOOP("texts", "in centimetres"), 0.01),
    (QT_TRANSLATE_NOOP("texts", "in millimetres"), 0.001),
    (QT_TRANSLATE_NOOP("texts", "in feet"), 0.3048),
    (QT_TRANSLATE_NOOP("texts", "in inches"), 0.0254),
)
"""Length of a unit of the file. [m]"""
UPS: tuple[tuple[str, Up], ...] = (
    (QT_TRANSLATE_NOOP("texts", "up as guessed"), ""),
    (QT_TRANSLATE_NOOP("texts", "z points up"), "z"),
    (QT_TRANSLATE_NOOP("texts", "y points up"), "y"),
)
PLACES: tuple[tuple[str, Where], ...] = (
    (QT_TRANSLATE_NOOP("texts", "where I click"), "click"),
    (QT_TRANSLATE_NOOP("texts", "in the middle of the view"), "view"),
    (QT_TRANSLATE_NOOP("texts", "where its numbers say"), "numbers"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How models stand that do not say it themselves."""

    where: Where = "numbers"
    scale: float | None = None
    """Length of a unit of the file; None: guessed. [m]"""
    up: Up = ""


class PlacementRow(QWidget):
    """Three choices in a row."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place, self.unit, self.up = QComboBox(), QComboBox(), QComboBox()
        label = QLabel(self.tr("Models that do not say where they stand"))
        label.setTextFormat(label.textFormat().PlainText)
        label.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label, 1)
        for box, name, entries in (
            (self.place, self.tr("Where models are put that do not say it"), PLACES),
            (self.unit, self.tr("Unit of models that do not say it"), UNITS),
            (self.up, self.tr("Which way is up in models that do not say it"), UPS),
        ):
            for text, value in entries:
                box.addItem(texts.tr(text), value)
            for widget in (box, box.view()):
                widget.setAccessibleName(name)
            box.setToolTip(texts.tip(name))
            box.setMinimumContentsLength(8)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.activated.connect(lambda _row: self.changed.emit())
            row.addWidget(box, 1)

    @property
    def standing(self) -> Standing:
        """What is chosen."""
        where: Where = self.place.currentData() if self.place.isVisibleTo(self) else "numbers"
        return Standing(where, self.unit.currentData(), self.up.currentData())

    def suggest(self, where: Where) -> None:
        """What fits a model: its numbers, where they may be a place."""
        self.place.setCurrentIndex(self.place.findData(where))

    def reset(self, *, in_project: bool) -> None:
        """As the program thinks best."""
        for box in (self.place, self.unit, self.up):
            box.setCurrentIndex(0)
        self.place.setVisible(in_project)
