"""Chooses the weather that heat is worked out with, and how fine."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from twin.app import texts
from twin.app.texts import QT_TRANSLATE_NOOP
from twin.model.state import HEAT_CELLS
from twin.model.weather import DESIGN, HOT_DAY_LIMITS, MEASURED, HotDay
from twin.scene.heat import HEAT
from twin.session.heat_commands import choose_weather, set_heat_cell, set_hot_day
from twin.session.session import Session

FILE = "\0file"
"""What a user chooses to be asked for a file; no weather is called so."""
NUMBERS = {
    "highest": (QT_TRANSLATE_NOOP("texts", "Highest"), " °C", 0.5),
    "lowest": (QT_TRANSLATE_NOOP("texts", "Lowest"), " °C", 0.5),
    "dew_point": (QT_TRANSLATE_NOOP("texts", "Dew point"), " °C", 0.5),
    "wind": (QT_TRANSLATE_NOOP("texts", "Wind at 10 m"), " m/s", 0.5),
    "warmest": (QT_TRANSLATE_NOOP("texts", "Warmest at"), " h", 0.5),
    "clearness": (QT_TRANSLATE_NOOP("texts", "Clearness"), "", 0.05),
}
"""Numbers of a hot day: what they are called, their unit, and a step."""


class HeatBox(QWidget):
    """Weather, the numbers of the design day, the size of cells; hidden while no heat is shown."""

    file_wanted = Signal()
    """The user wants to choose a weather file."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.weather, self.cell = QComboBox(), QComboBox()
        self.numbers_of = {name: QDoubleSpinBox() for name in NUMBERS}
        self.explain = QPushButton(self.tr("How it is worked out"))
        self.numbers = QPushButton(self.tr("In numbers"))
        self._form = QFormLayout()
        self._lay_out()
        self.weather.activated.connect(self._on_weather)
        self.cell.activated.connect(lambda _row: self._session.do(set_heat_cell, self.cell.currentData()))
        for name, box in self.numbers_of.items():
            box.valueChanged.connect(lambda value, name=name: self._on_number(name, value))
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
        state = session.state
        self.setVisible(state.overlay in HEAT)
        choices = {
            DESIGN: self.tr("Design hot day"),
            MEASURED: self.tr("Measured hot day (Vantaa, 8 July 1989)"),
        }
        if state.weather not in choices:
            choices[state.weather] = Path(state.weather).name
        choices[FILE] = self.tr("File…")
        if [self.weather.itemData(row) for row in range(self.weather.count())] != list(choices):
            self.weather.clear()
            for key, title in choices.items():
                self.weather.addItem(title, key)
        self.weather.setCurrentIndex(self.weather.findData(state.weather))
        self.cell.setCurrentIndex(self.cell.findData(state.heat_cell))
        for name, box in self.numbers_of.items():
            self._form.setRowVisible(box, state.weather == DESIGN)
            box.blockSignals(True)
            box.setValue(getattr(state.hot_day, name))
            box.blockSignals(False)

    def _on_weather(self) -> None:
        chosen = self.weather.currentData()
        if chosen == FILE:
            self.refresh(self._session)  # until a file is chosen the old one holds
            self.file_wanted.emit()
        else:
            self._session.do(choose_weather, chosen)

    def _on_number(self, name: str, value: float) -> None:
        hot = replace(self._session.state.hot_day, **{name: value})
        if hot.lowest > hot.highest:  # the other end gives way
            hot = replace(hot, highest=value) if name == "lowest" else replace(hot, lowest=value)
        self._session.do(set_hot_day, hot)

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self._form.setVerticalSpacing(round(0.35 * em))
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for cell in HEAT_CELLS:
            self.cell.addItem(self.tr("{0} m").format(f"{cell:g}"), cell)
        self._row(self.tr("Weather"), self.weather, self.tr("Weather that heat is worked out with"))
        assert {field.name for field in fields(HotDay)} == set(NUMBERS)
        for name, (title, unit, step) in NUMBERS.items():
            box = self.numbers_of[name]
            box.setRange(*HOT_DAY_LIMITS[name])
            box.setSingleStep(step)
            box.setDecimals(2 if name == "clearness" else 1)
            box.setSuffix(unit)
            box.setKeyboardTracking(False)
            box.setMinimumWidth(round(5 * em))
            self._row(texts.tr(title), box, self.tr("{0} of the design day").format(texts.tr(title)))
        self._row(self.tr("Cells"), self.cell, self.tr("Side of the cells that heat is worked out on"))
        for choice in (self.weather, self.cell):
            choice.setMinimumContentsLength(6)
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.view().setAccessibleName(choice.accessibleName())
        for button, tip in (
            (self.explain, self.tr("Method, sources and limits of what is shown")),
            (self.numbers, self.tr("Shares of the classes, hot spots, and what differs from the baseline")),
        ):
            button.setFlat(True)
            button.setToolTip(texts.tip(tip))
            button.setAccessibleName(button.text())
        buttons = QVBoxLayout()
        buttons.setSpacing(0)
        for button in (self.explain, self.numbers):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(round(0.6 * em), round(0.3 * em), round(0.6 * em), round(0.5 * em))
        column.setSpacing(round(0.3 * em))
        column.addLayout(self._form)
        column.addLayout(buttons)

    def _row(self, title: str, widget: QWidget, name: str) -> None:
        label = QLabel(title)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setBuddy(widget)
        widget.setAccessibleName(name)
        widget.setToolTip(texts.tip(name))
        self._form.addRow(label, widget)
