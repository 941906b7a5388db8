"""Lets the user choose how a layer is drawn: colours, edges, what of it, from where, with which labels."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QColorDialog,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twin.app import texts
from twin.app.check_box import CheckBox
from twin.app.layer_rows import swatch
from twin.app.style_box import RAMPS, SPLITS, WAYS, breaks_in, ramp_picture
from twin.model.layer import Layer
from twin.model.state import FEWEST_CLASSES, MOST_CLASSES, MOST_LABELS, WIDEST, AttributeStyle, LayerStyle
from twin.scene.colours import Classes, Ramp
from twin.scene.layer_style import dimension as dimension_of
from twin.scene.layer_style import names, style_of, styled
from twin.scene.row_filter import problem
from twin.session.commands import style_layer
from twin.session.session import Session

GLYPHS = ("tree", "conifer", "lamp", "bench", "stop", "pin", "entrance", "crossing")
FARTHEST = 100_000.0
"""[m]"""


class LayerStylePanel(QWidget):
    """The style of one layer; every choice is a step that can be taken back."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: tuple[object, ...] = ()
        self._layer: Layer | None = None
        self.layer, self.attribute = QComboBox(), QComboBox()
        self.way, self.split, self.ramp = QComboBox(), QComboBox(), QComboBox()
        self.classes, self.breaks = QSpinBox(), QLineEdit()
        self.turned = CheckBox(self.tr("Dark to light"))
        self.colour, self.outline = QLineEdit(), QLineEdit()
        self.pick, self.pick_outline = QToolButton(), QToolButton()
        self.width_box, self.edge = QDoubleSpinBox(), QDoubleSpinBox()
        self.filled = CheckBox(self.tr("Filled"))
        self.glyph = QComboBox()
        self.near, self.far = QDoubleSpinBox(), QDoubleSpinBox()
        self.filter = QLineEdit()
        self.labels, self.priority = QComboBox(), QComboBox()
        self.most = QSpinBox()
        self.problem, self.empty = QLabel(), QLabel()
        self.reset = QPushButton(self.tr("As in the project"))
        self._form = QFormLayout()
        self._lay_out()
        self._listen()
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
        built = session.scene.built
        layers = built.layers if built is not None else session.project.layers
        relevant = (layers, session.state.layer_styles)
        if relevant == self._shown:
            return
        if not self._shown or self._shown[0] is not layers:
            self._list(layers)
        self._shown = relevant
        self._show()

    def choose_layer(self, layer: str) -> None:
        """Shows the style of a layer."""
        row = self.layer.findData(layer)
        if row >= 0:
            self.layer.setCurrentIndex(row)
            self._on_layer()

    def _list(self, layers: tuple[Layer, ...]) -> None:
        before = self.layer.currentData()
        self.layer.clear()
        for each in layers:
            self.layer.addItem(each.title or each.id, each.id)
        self.layer.setCurrentIndex(max(self.layer.findData(before), 0) if layers else -1)
        self._take(layers)

    def _take(self, layers: tuple[Layer, ...]) -> None:
        wanted = self.layer.currentData()
        self._layer = next((each for each in layers if each.id == wanted), None)
        found = names(self._layer) if self._layer is not None else ()
        for box, none in (
            (self.attribute, self.tr("one colour")),
            (self.labels, self.tr("none")),
            (self.priority, self.tr("largest first")),
        ):
            box.clear()
            box.addItem(none, "")
            for name in found:
                box.addItem(texts.column(name), name)

    def _show(self) -> None:
        layer = self._layer
        self._body.setVisible(layer is not None)
        self.empty.setVisible(layer is None)
        if layer is None:
            return
        style = style_of(self._session.state, layer.id)
        found = styled(layer, style)
        scale = found.scale if found is not None else None
        way = "ramp" if isinstance(scale, Ramp) else "categories" if isinstance(scale, Classes) else "classes"
        numeric = found is not None and not (isinstance(scale, Classes) and style.values.way == "classes")
        self._show_choices(style, way)
        self._show_texts(style, layer.style.colour)
        self._show_rows(
            style, dimension_of(layer), classes=bool(style.attribute) and numeric and way == "classes"
        )
        self.reset.setEnabled(style != LayerStyle())
        self._say(problem(layer.table, style.shown))

    def _show_choices(self, style: LayerStyle, way: str) -> None:
        """What is chosen from a list, as a number or by a tick. way: in which values are shown by default."""
        for box, value in (
            (self.attribute, style.attribute),
            (self.way, style.values.way or way),
            (self.split, style.values.split),
            (self.ramp, style.values.ramp),
            (self.glyph, style.glyph),
            (self.labels, style.labels),
            (self.priority, style.priority),
        ):
            box.setCurrentIndex(max(box.findData(value), 0))
        for spin, number in (
            (self.width_box, style.width),
            (self.edge, style.outline_width),
            (self.near, style.near),
            (self.far, style.far),
        ):
            with QSignalBlocker(spin):  # nobody has chosen it just now
                spin.setValue(number)
        for count, of in ((self.classes, style.values.classes), (self.most, style.most)):
            with QSignalBlocker(count):
                count.setValue(of)
        self.turned.setChecked(style.values.reversed)
        self.filled.setChecked(style.filled)

    def _show_texts(self, style: LayerStyle, usual: str) -> None:
        """What is written, but where somebody is writing. usual: the colour that the project gives."""
        for line, text in (
            (self.breaks, "; ".join(f"{value:g}" for value in style.values.breaks)),
            (self.colour, style.colour),
            (self.outline, style.outline),
            (self.filter, style.shown),
        ):
            if not line.hasFocus() or not line.isModified():
                line.setText(text)
        for button, colour in ((self.pick, style.colour or usual), (self.pick_outline, style.outline)):
            button.setIcon(swatch("area", colour or "#ffffff", self))

    def _show_rows(self, style: LayerStyle, dimension: int, *, classes: bool) -> None:
        """The rows that mean something. dimension: of the shapes; classes: whether values fall into some."""
        rows = (
            (self._colour_row, not style.attribute),
            (self.way, bool(style.attribute)),
            (self.split, classes),
            (self.classes, classes and style.values.split != "fixed"),
            (self.breaks, classes and style.values.split == "fixed"),
            (self.ramp, bool(style.attribute)),
            (self.turned, bool(style.attribute)),
            (self.width_box, dimension == 1),
            (self.filled, dimension == 2),
            (self._outline_row, dimension == 2),
            (self.edge, dimension == 2 and bool(style.outline)),
            (self.glyph, dimension == 0),
            (self.priority, bool(style.labels)),
            (self.most, bool(style.labels)),
        )
        for widget, shown in rows:
            self._form.setRowVisible(widget, shown)

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        for box, entries in ((self.way, WAYS), (self.split, SPLITS)):
            for key, text in entries:
                box.addItem(texts.tr(text), key)
        self.ramp.setIconSize(QSize(round(4 * em), round(0.9 * em)))
        for name in RAMPS:
            self.ramp.addItem(ramp_picture(name, self.ramp.iconSize()), name, name)
        self.glyph.addItem(self.tr("as in the project"), "")
        for name in GLYPHS:
            self.glyph.addItem(texts.column(name), name)
        self.classes.setRange(FEWEST_CLASSES, MOST_CLASSES)
        self.most.setRange(1, MOST_LABELS)
        for spin, most, none in (
            (self.width_box, WIDEST, self.tr("as in the project")),
            (self.edge, WIDEST, ""),
            (self.near, FARTHEST, self.tr("anywhere near")),
            (self.far, FARTHEST, self.tr("anywhere far")),
        ):
            spin.setRange(0.0, most)
            spin.setDecimals(1 if most == WIDEST else 0)
            spin.setSuffix(" m")
            spin.setSpecialValueText(none)
            spin.setKeyboardTracking(False)
            spin.setSingleStep(1.0 if most == WIDEST else 100.0)
        self.breaks.setPlaceholderText(self.tr("10; 20; 30"))
        self.colour.setPlaceholderText(self.tr("as in the project"))
        self.outline.setPlaceholderText(self.tr("none"))
        self.filter.setPlaceholderText(self.tr("height > 20 and use = office"))
        self._lay_out_rows()
        self._form.setContentsMargins(round(0.6 * em), round(0.4 * em), round(0.6 * em), round(0.5 * em))
        self._form.setVerticalSpacing(round(0.35 * em))
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        inner = QWidget()
        inner.setLayout(self._form)
        self._body = QScrollArea()
        self._body.setFrameShape(QFrame.Shape.NoFrame)
        self._body.setWidgetResizable(True)
        self._body.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._body.setAccessibleName(self.tr("Layer style"))
        self._body.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._body, 1)
        column.addWidget(self.empty, 1)

    def _lay_out_rows(self) -> None:
        self._colour_row = _pair(self.colour, self.pick)
        self._outline_row = _pair(self.outline, self.pick_outline)
        rows: tuple[tuple[str, QWidget, QWidget, str], ...] = (
            (self.tr("Layer"), self.layer, self.layer, self.tr("Layer whose style this is")),
            (
                self.tr("Colour by"),
                self.attribute,
                self.attribute,
                self.tr("Attribute that colours the layer"),
            ),
            (self.tr("Colour"), self._colour_row, self.colour, self.tr("Colour of the layer, as #rrggbb")),
            (self.tr("Show as"), self.way, self.way, self.tr("Show values of the layer as")),
            (self.tr("Ends"), self.split, self.split, self.tr("Where classes of the layer end")),
            (self.tr("Number"), self.classes, self.classes, self.tr("Number of classes of the layer")),
            (
                self.tr("Values"),
                self.breaks,
                self.breaks,
                self.tr("Ends of the classes of the layer, rising"),
            ),
            (self.tr("Colours"), self.ramp, self.ramp, self.tr("Colours of the values of the layer")),
            ("", self.turned, self.turned, self.tr("Colours of the layer from dark to light")),
            (self.tr("Width"), self.width_box, self.width_box, self.tr("Width of the lines")),
            ("", self.filled, self.filled, self.tr("Areas are filled")),
            (self.tr("Edge"), self._outline_row, self.outline, self.tr("Colour of the edges, as #rrggbb")),
            (self.tr("Edge width"), self.edge, self.edge, self.tr("Width of the edges")),
            (self.tr("Shape"), self.glyph, self.glyph, self.tr("What stands at each point")),
            (self.tr("Seen from"), self.near, self.near, self.tr("Least distance it is seen from")),
            (self.tr("to"), self.far, self.far, self.tr("Greatest distance it is seen from")),
            (self.tr("Only"), self.filter, self.filter, self.tr("Condition of what is drawn")),
            (self.tr("Labels"), self.labels, self.labels, self.tr("Attribute that is written beside each")),
            (self.tr("First"), self.priority, self.priority, self.tr("Which labels go first")),
            (self.tr("At most"), self.most, self.most, self.tr("Most labels at once")),
        )
        for text, row, widget, name in rows:
            widget.setAccessibleName(name)
            widget.setToolTip(texts.tip(name))
            if isinstance(widget, QComboBox):
                widget.view().setAccessibleName(name)
                widget.setMinimumContentsLength(6)
                widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setBuddy(widget)
            self._form.addRow(label, row)
        self._lay_out_rest()

    def _lay_out_rest(self) -> None:
        """The buttons, and what is said where something is wrong or there is nothing."""
        for button, name in (
            (self.pick, self.tr("Choose the colour of the layer…")),
            (self.pick_outline, self.tr("Choose the colour of the edges…")),
        ):
            button.setAccessibleName(name)
            button.setToolTip(texts.tip(name))
        self.reset.setAccessibleName(self.tr("Draw the layer as the project has it"))
        for label in (self.problem, self.empty):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.problem.setObjectName("muted")
        self.problem.hide()
        self.empty.setObjectName("empty")
        self.empty.setText(self.tr("There are no layers: add one to the project."))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._form.addRow(self.problem)
        self._form.addRow(self.reset)

    def _listen(self) -> None:
        self.layer.activated.connect(lambda _row: self._on_layer())
        for box, name in ((self.attribute, "attribute"), (self.glyph, "glyph"), (self.labels, "labels")):
            box.activated.connect(lambda _row, box=box, name=name: self._set(**{name: box.currentData()}))
        self.priority.activated.connect(lambda _row: self._set(priority=self.priority.currentData()))
        for box, name in ((self.way, "way"), (self.ramp, "ramp")):
            box.activated.connect(lambda _row, box=box, name=name: self._values(**{name: box.currentData()}))
        self.split.activated.connect(lambda _row: self._values(way="classes", split=self.split.currentData()))
        self.classes.valueChanged.connect(lambda count: self._values(classes=count))
        self.turned.clicked.connect(lambda on: self._values(reversed=on))
        self.filled.clicked.connect(lambda on: self._set(filled=on))
        for spin, name in ((self.width_box, "width"), (self.edge, "outline_width")):
            spin.valueChanged.connect(lambda value, name=name: self._set(**{name: value}))
        for spin in (self.near, self.far):
            spin.valueChanged.connect(lambda _value: self._on_range())
        self.most.valueChanged.connect(lambda count: self._set(most=count))
        self.breaks.editingFinished.connect(self._on_breaks)
        for line, name in ((self.colour, "colour"), (self.outline, "outline")):
            line.editingFinished.connect(lambda line=line, name=name: self._on_colour(name, line.text()))
        self.pick.clicked.connect(lambda: self._ask("colour"))
        self.pick_outline.clicked.connect(lambda: self._ask("outline"))
        self.filter.editingFinished.connect(self._on_filter)
        self.reset.clicked.connect(self._on_reset)

    def _on_layer(self) -> None:
        built = self._session.scene.built
        self._take(built.layers if built is not None else self._session.project.layers)
        self._show()

    def _on_range(self) -> None:
        near, far = self.near.value(), self.far.value()
        if far and far <= near:
            self._say(self.tr("The greater distance must be more than the least."))
        else:
            self._set(near=near, far=far)

    def _on_breaks(self) -> None:
        found = breaks_in(self.breaks.text())
        if found is None:
            self._say(self.tr("Write at most 8 numbers from low to high, with ; between them."))
        else:
            self._values(breaks=found)

    def _on_colour(self, name: str, text: str) -> None:
        text = text.strip()
        if text and not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
            self._say(self.tr("Write a colour as #rrggbb."))
        else:
            self._set(**{name: text.lower()})

    def _ask(self, name: str) -> None:
        if self._layer is None:
            return
        style = style_of(self._session.state, self._layer.id)
        now = getattr(style, name) or self._layer.style.colour
        chosen = QColorDialog.getColor(QColor(now), self, self.tr("Colour"))
        if chosen.isValid():
            self._set(**{name: chosen.name()})

    def _on_filter(self) -> None:
        assert self._layer is not None
        wrong = problem(self._layer.table, self.filter.text())
        self._say(wrong)
        if not wrong:
            self._set(shown=self.filter.text().strip())

    def _on_reset(self) -> None:
        if self._layer is not None:
            self._session.do(style_layer, self._layer.id, LayerStyle())

    def _set(self, **changes: Any) -> None:
        if self._layer is not None:
            style = style_of(self._session.state, self._layer.id)
            self._session.do(style_layer, self._layer.id, replace(style, **changes))

    def _values(self, **changes: Any) -> None:
        if self._layer is not None:
            values: AttributeStyle = style_of(self._session.state, self._layer.id).values
            self._set(values=replace(values, **changes))

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))


def _pair(first: QWidget, second: QWidget) -> QWidget:
    found = QWidget()
    row = QHBoxLayout(found)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(first, 1)
    row.addWidget(second)
    return found
