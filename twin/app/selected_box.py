"""Fields over the view for what is done to all selected objects: distances and an angle, or an attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from twin.app import edit_selected, texts
from twin.model.table import Value
from twin.session.many import Move

if TYPE_CHECKING:
    from twin.app.window import Window

FARTHEST = 10_000.0
"""[m]"""


class SelectedBox(QFrame):
    """Stays open beside the work; Enter or the button does it, Esc closes it."""

    def __init__(self, window: Window, over: QWidget) -> None:
        super().__init__(over)
        self._window = window
        self.setObjectName("card")
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.what = "move"
        self.heading = QLabel()
        self.heading.setObjectName("heading")
        self.east = self._distance(self.tr("To the east"))
        self.north = self._distance(self.tr("To the north"))
        self.up = self._distance(self.tr("Up"))
        self.rotation = self._distance(self.tr("Turned"), unit="°", most=360.0)
        self.name, self.value = QComboBox(), QLineEdit()
        self.name.setEditable(True)
        self.name.setAccessibleName(self.tr("Attribute"))
        line = self.name.lineEdit()
        assert line is not None
        line.setAccessibleName(self.tr("Attribute"))
        self.name.view().setAccessibleName(self.tr("Attribute"))
        self.value.setAccessibleName(self.tr("Value"))
        self.value.setPlaceholderText(self.tr("empty takes it away"))
        self.apply, self.close_button = QPushButton(), QPushButton(self.tr("Close"))
        self.apply.clicked.connect(self._apply)
        self.close_button.clicked.connect(self.hide)
        self._rows = QFormLayout(self)
        self._rows.addRow(self.heading)
        for label, widget in (
            (self.tr("To the east"), self.east),
            (self.tr("To the north"), self.north),
            (self.tr("Up"), self.up),
            (self.tr("Turned"), self.rotation),
            (self.tr("Attribute"), self.name),
            (self.tr("Value"), self.value),
        ):
            self._rows.addRow(label, widget)
        self._rows.addRow(self.close_button, self.apply)

    @classmethod
    def of(cls, window: Window) -> SelectedBox:
        """The one of a window, made when it is first asked for."""
        assert window.viewport is not None
        found = window.viewport.findChild(cls)
        return found if isinstance(found, SelectedBox) else cls(window, window.viewport)

    def ask(self, what: str) -> None:
        """Shows the fields for `move` or `attribute`."""
        self.what = what
        for distance in (self.east, self.north, self.up, self.rotation):
            self._rows.setRowVisible(distance, what == "move")
        self._rows.setRowVisible(self.name, what == "attribute")
        self._rows.setRowVisible(self.value, what == "attribute")
        self.apply.setText(self.tr("Move") if what == "move" else self.tr("Change"))
        if what == "attribute":
            self._fill_names()
        self._tell()
        self.adjustSize()
        self.move(round(self.fontMetrics().height()), 4 * self.fontMetrics().height())
        self.show()
        self.raise_()
        (self.east if what == "move" else self.name).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Esc closes, Enter does it."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._apply()
        else:
            super().keyPressEvent(event)

    def _apply(self) -> None:
        if self.what == "move":
            by = Move(self.east.value(), self.north.value(), self.up.value(), self.rotation.value())
            edit_selected.move(self._window, by)
            for box in (self.east, self.north, self.up, self.rotation):
                box.setValue(0.0)
        elif self.name.currentText().strip():
            edit_selected.change_attribute(
                self._window, self.name.currentText().strip(), _value(self.value.text().strip())
            )
        self._tell()

    def _tell(self) -> None:
        count = len(edit_selected.selected(self._window))
        self.heading.setText(self.tr("1 object") if count == 1 else self.tr("{0} objects").format(count))
        self.apply.setEnabled(count > 0)

    def _fill_names(self) -> None:
        session = self._window.session
        built = session.scene.built if session is not None else None
        kept = self.name.currentText()
        self.name.clear()
        if built is not None:
            trees = {"species", "height", "crown"} if any(one.role == "trees" for one in built.layers) else ()
            self.name.addItems(sorted({*built.city.attributes.columns, *trees}))
        self.name.setCurrentText(kept or "use")

    def _distance(self, name: str, *, unit: str = "m", most: float = FARTHEST) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setLocale(texts.language())
        box.setRange(-most, most)
        box.setDecimals(2)
        box.setSuffix(f" {unit}")
        box.setAccessibleName(name)
        return box


def _value(text: str) -> Value:
    """A number where it reads as one, None where nothing is written."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return text or None
    return int(number) if number == int(number) and "." not in text and "," not in text else number
