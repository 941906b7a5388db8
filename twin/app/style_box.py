"""Chooses how the values of an attribute become colours."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QSpinBox, QWidget

from twin.app import texts
from twin.app.check_box import CheckBox
from twin.app.texts import QT_TRANSLATE_NOOP
from twin.model.city import City
from twin.model.state import FEWEST_CLASSES, MOST_CLASSES, AttributeStyle
from twin.scene.attributes import attribute_of, is_numeric, is_turned
from twin.scene.colours import Classes, Ramp, stops
from twin.scene.items import Buildings
from twin.session.commands import set_style
from twin.session.session import Session

WAYS = (
    ("ramp", QT_TRANSLATE_NOOP("texts", "Ramp")),
    ("classes", QT_TRANSLATE_NOOP("texts", "Classes")),
    ("categories", QT_TRANSLATE_NOOP("texts", "Categories")),
)
SPLITS = (
    ("quantiles", QT_TRANSLATE_NOOP("texts", "Equal counts")),
    ("equal", QT_TRANSLATE_NOOP("texts", "Equal width")),
    ("fixed", QT_TRANSLATE_NOOP("texts", "At values")),
)
RAMPS = ("batlow", "lajolla", "lapaz", "davos", "hawaii", "vik")


class StyleBox(QWidget):
    """Ramp, classes or categories; how many, where they end, in which colours."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._of: tuple[City | None, str] = (None, "")
        self._numeric = False
        self.way, self.split, self.ramp = QComboBox(), QComboBox(), QComboBox()
        self.classes, self.breaks = QSpinBox(), QLineEdit()
        self.turned = CheckBox(self.tr("Dark to light"))
        self.problem = QLabel()
        self._form = QFormLayout(self)
        self._lay_out()
        self._listen()
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session; hidden while no attribute is shown."""
        self._session = session
        state, built = session.state, session.scene.built
        name = attribute_of(state.overlay)
        self.setVisible(bool(name))
        if not name:
            return
        city = built.city if built else session.project.city
        if self._of != (city, name):
            self._of, self._numeric = (city, name), is_numeric(city, name)
            self.problem.hide()
        style, way = state.style, self._way(session)
        self.way.setCurrentIndex(self.way.findData(way))
        self.way.setEnabled(self._numeric)
        tip = self.tr("Show values as") if self._numeric else self.tr("Text can be shown as categories only")
        self.way.setToolTip(texts.tip(tip))
        self.split.setCurrentIndex(self.split.findData(style.split))
        self.classes.setValue(style.classes)
        if not self.breaks.hasFocus():
            self.breaks.setText("; ".join(f"{value:g}" for value in style.breaks))
        self.ramp.setCurrentIndex(self.ramp.findData(style.ramp))
        self.turned.setChecked(style.reversed)
        classes = way == "classes"
        self._show(self.split, classes)
        self._show(self.classes, classes and style.split != "fixed")
        self._show(self.breaks, classes and style.split == "fixed")
        self._show(self.ramp, self._numeric)
        self._show(self.turned, self._numeric)

    def _way(self, session: Session) -> str:
        """How it is shown now, also where that was left to the program."""
        item = session.scene.items.get("buildings")
        colouring = item.colouring if isinstance(item, Buildings) else None
        if colouring is None:
            return session.state.style.way or "ramp"
        if isinstance(colouring.scale, Ramp):
            return "ramp"
        return "categories" if isinstance(colouring.scale, Classes) else "classes"

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self._form.setContentsMargins(round(0.6 * em), round(0.3 * em), round(0.6 * em), round(0.5 * em))
        self._form.setVerticalSpacing(round(0.35 * em))
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for box, entries in ((self.way, WAYS), (self.split, SPLITS)):
            for key, text in entries:
                box.addItem(texts.tr(text), key)
        self.ramp.setIconSize(QSize(round(4 * em), round(0.9 * em)))
        for name in RAMPS:
            self.ramp.addItem(ramp_picture(name, self.ramp.iconSize()), name, name)
        self.classes.setRange(FEWEST_CLASSES, MOST_CLASSES)
        self.breaks.setPlaceholderText(self.tr("10; 20; 30"))
        named: tuple[tuple[QWidget, str], ...] = (
            (self.way, self.tr("Show values as")),
            (self.split, self.tr("Where classes end")),
            (self.classes, self.tr("Number of classes")),
            (self.breaks, self.tr("Ends of the classes, from low to high")),
            (self.ramp, self.tr("Colours")),
        )
        for widget, name in named:
            widget.setAccessibleName(name)
            widget.setToolTip(texts.tip(name))
            if isinstance(widget, QComboBox):
                widget.view().setAccessibleName(name)
                widget.setMinimumContentsLength(6)
                widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.turned.setAccessibleName(self.tr("Colours from dark to light"))
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.setObjectName("muted")
        self.problem.hide()
        rows: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Show as"), self.way),
            (self.tr("Ends"), self.split),
            (self.tr("Number"), self.classes),
            (self.tr("Values"), self.breaks),
            (self.tr("Colours"), self.ramp),
            ("", self.turned),
        )
        for text, widget in rows:
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setBuddy(widget)
            self._form.addRow(label, widget)
        self._form.addRow(self.problem)

    def _listen(self) -> None:
        self.way.activated.connect(lambda row: self._set(way=self.way.itemData(row)))
        self.split.activated.connect(lambda row: self._set(split=self.split.itemData(row)))
        self.ramp.activated.connect(lambda row: self._set(ramp=self.ramp.itemData(row)))
        self.classes.valueChanged.connect(lambda count: self._set(classes=count))
        self.turned.clicked.connect(lambda on: self._set(reversed=on))
        self.breaks.editingFinished.connect(self._on_breaks)

    def _set(self, **changes: Any) -> None:
        style = self._session.state.style
        if "split" in changes and style.way == "":  # what was chosen by the program is now chosen here
            changes["way"] = "classes"
        self._session.do(set_style, replace(style, **changes))

    def _on_breaks(self) -> None:
        found = breaks_in(self.breaks.text())
        self.problem.setVisible(found is None)
        if found is None:
            self.problem.setText(self.tr("Write at most 8 numbers from low to high, with ; between them."))
        else:
            self._set(breaks=found)

    def _show(self, widget: QWidget, shown: bool) -> None:
        self._form.setRowVisible(widget, shown)


def breaks_in(text: str) -> tuple[float, ...] | None:
    """The numbers in a text, parted by semicolons or blanks; None where they are no ends of classes."""
    try:
        found = tuple(float(part.replace(",", ".")) for part in text.replace(";", " ").split())
        return AttributeStyle(breaks=found).breaks if _rises(found) else None
    except ValueError:
        return None


def _rises(numbers: tuple[float, ...]) -> bool:
    finite = all(abs(number) < float("inf") for number in numbers)
    return finite and list(numbers) == sorted(set(numbers)) and len(numbers) < MOST_CLASSES


def ramp_picture(name: str, size: QSize) -> QIcon:
    """The colours of a ramp, as they are used."""
    colours = stops(name)[::-1] if is_turned(AttributeStyle(ramp=name)) else stops(name)  # type: ignore[arg-type]
    image = QImage(colours.tobytes(), len(colours), 1, 3 * len(colours), QImage.Format.Format_RGB888)
    return QIcon(QPixmap.fromImage(image.scaled(size)))
