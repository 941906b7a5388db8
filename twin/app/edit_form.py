"""A form with the values of one edit; what is typed applies at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from twin.app import texts
from twin.model.scenario import Edit
from twin.model.table import Value
from twin.session.edit_values import FIELDS, Field, with_value


class EditForm(QWidget):
    """Shows one edit; says which it has become."""

    changed = Signal(object)
    """Edit"""

    def __init__(self, parent: QWidget | None = None, *, leave_out: tuple[str, ...] = ()) -> None:
        """leave_out: names of fields that are not shown."""
        super().__init__(parent)
        self._leave_out = leave_out
        self.edit: Edit | None = None
        self.widgets: dict[str, QWidget] = {}
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def show_edit(self, edit: Edit | None, *, enabled: bool = True) -> None:
        """Makes the form equal to an edit; what has the focus stays."""
        if type(edit) is not type(self.edit):
            self._rebuild(edit)
        self.edit = edit
        if edit is None:
            return
        for field in self._fields(edit):
            widget = self.widgets[field.name]
            widget.setEnabled(enabled)
            with QSignalBlocker(widget):
                _show(widget, field, getattr(edit, field.name))

    def _fields(self, edit: Edit) -> tuple[Field, ...]:
        return tuple(field for field in FIELDS[type(edit)] if field.name not in self._leave_out)

    def _rebuild(self, edit: Edit | None) -> None:
        while self._rows.rowCount():
            self._rows.removeRow(0)
        self.widgets.clear()
        if edit is None:
            return
        for field in self._fields(edit):
            widget = _widget(field, self._setter(field))
            widget.setAccessibleName(texts.tr(field.title))
            widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            label = QLabel(texts.tr(field.title))
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setBuddy(widget)
            self._rows.addRow(label, widget)
            self.widgets[field.name] = widget

    def _setter(self, field: Field) -> Callable[[Value], None]:
        def take(value: Value) -> None:
            if self.edit is None:
                return
            made = with_value(self.edit, field.name, value)
            if made != self.edit:
                self.changed.emit(made)

        return take


class _Number(QDoubleSpinBox):
    """Takes the wheel only while it is being typed in, so that scrolling past changes nothing."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  # Qt's name
        """Turns the value, or goes on to the panel."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class _Choice(QComboBox):
    """Likewise."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  # Qt's name
        """Turns the value, or goes on to the panel."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def _widget(field: Field, take: Callable[[Value], None]) -> QWidget:
    if field.is_number:
        return _number(field, take)
    if field.choices:
        return _choice(field, take)
    line = QLineEdit()
    line.editingFinished.connect(lambda: take(line.text().strip()))
    return line


def _number(field: Field, take: Callable[[Value], None]) -> QWidget:
    low, high = field.limits
    made = _Number()
    made.setLocale(texts.language())
    made.setGroupSeparatorShown(high > 9999 and field.unit == "m²")
    made.setDecimals(0 if field.whole or field.unit == "m²" else 2)
    # one step below the least stands for "left open"
    made.setRange(low - field.step if field.optional else low, high)
    if field.optional:
        made.setSpecialValueText("–")
    made.setSingleStep(field.step)
    made.setStepType(QDoubleSpinBox.StepType.DefaultStepType)
    made.setKeyboardTracking(False)
    made.setSuffix(f" {field.unit}" if field.unit else "")
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def said(value: float) -> None:
        if field.optional and value < low:
            take(None)
        else:
            take(round(value) if field.whole else value)

    made.valueChanged.connect(said)
    return made


def _choice(field: Field, take: Callable[[Value], None]) -> QWidget:
    made = _Choice()
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if field.optional and "" not in field.choices:
        made.addItem("–", "")
    for choice in field.choices:
        made.addItem(texts.tr(choice.replace("_", " ")) if choice else "–", choice)
    made.setMinimumContentsLength(6)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    if field.free:
        made.setEditable(True)
        made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        line = made.lineEdit()
        assert line is not None
        line.setAccessibleName(texts.tr(field.title))

        def typed() -> None:
            text = made.currentText().strip()
            row = made.findText(text)
            take(str(made.itemData(row)) if row >= 0 else text)

        line.editingFinished.connect(typed)
    made.activated.connect(lambda row: take(str(made.itemData(row))))
    return made


def _show(widget: QWidget, field: Field, value: Value) -> None:
    if isinstance(widget, QDoubleSpinBox):
        widget.setValue(field.limits[0] - field.step if value is None else float(str(value)))
    elif isinstance(widget, QComboBox):
        row = widget.findData(value or "")
        if row >= 0:
            widget.setCurrentIndex(row)
        elif field.free:
            widget.setCurrentText(str(value or ""))
    elif isinstance(widget, QLineEdit) and widget.text() != value:
        widget.setText(str(value or ""))
