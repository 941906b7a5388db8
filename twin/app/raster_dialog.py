"""Lets the user choose how the raster in view becomes colours, beside a histogram of its values."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast, get_args, get_type_hints

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from twin.app.texts import tr
from twin.model.raster import Raster
from twin.model.raster_style import MOST_CLASSES, RasterStyle
from twin.scene.colours import number_colours
from twin.scene.raster_view import histogram, scale_of, style_of, value_range
from twin.session.commands import style_raster
from twin.session.session import Session

if TYPE_CHECKING:
    from twin.app.window import Window


class Histogram(QWidget):
    """Columns as tall as there are cells of a value, each in the colour of that."""

    def __init__(self, raster: Raster) -> None:
        super().__init__()
        self._counts, self._ends = histogram(raster)
        self._range = value_range(raster)
        self._style = RasterStyle()
        self.setAccessibleName(tr("Histogram of the values"))
        self.setToolTip(f"{self._ends[0]:g} – {self._ends[-1]:g}")

    def show_style(self, style: RasterStyle) -> None:
        """Takes the colours of a style."""
        self._style = style
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Wide and low."""
        em = self.fontMetrics().height()
        return QSize(20 * em, 5 * em)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draws the columns."""
        painter = QPainter(self)
        scale, _ = scale_of(self._style, self._range)
        colours = number_colours(scale, (self._ends[:-1] + self._ends[1:]) / 2)
        wide, most = self.width() / len(self._counts), max(int(self._counts.max()), 1)
        for number, (count, colour) in enumerate(zip(self._counts, colours, strict=True)):
            tall = self.height() * float(count) / most
            bar = QRectF(number * wide, self.height() - tall, wide, tall)
            painter.fillRect(bar, QColor(*(int(part) for part in colour)))
        painter.end()


class RasterDialog(QDialog):
    """Stays open beside the view; every choice is seen at once."""

    def __init__(self, session: Session, raster: Raster, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Colours of {0}").format(raster.title or raster.id))
        self._session, self._raster = session, raster
        self.ramp, self.band = QComboBox(), QComboBox()
        self.ramp.addItems(get_args(get_type_hints(RasterStyle)["ramp"]))
        self.band.addItems(list(raster.labels) or [self.tr("the only one")])
        self.band.setEnabled(len(raster.labels) > 1)
        self.reversed = QCheckBox(self.tr("Reversed"))
        self.smooth = QCheckBox(self.tr("Blend between cells"))
        self.smooth.setEnabled(not raster.quantity)
        self.shaded = QCheckBox(self.tr("Blend with light and shade of the ground"))
        self.classes = QSpinBox()
        self.classes.setRange(1, MOST_CLASSES)
        self.classes.setSpecialValueText(self.tr("colours run on"))
        self.breaks, self.colours = QLineEdit(), QLineEdit()
        self.breaks.setPlaceholderText(self.tr("as 10, 20, 30"))
        self.colours.setPlaceholderText(self.tr("as #ffffcc, #fd8d3c, #800026"))
        self.note = QLabel()
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.bars = Histogram(raster)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow(self.bars)
        for name, widget in (
            (self.tr("Ramp"), self.ramp),
            ("", self.reversed),
            (self.tr("Classes"), self.classes),
            (self.tr("Breaks"), self.breaks),
            (self.tr("Own colours"), self.colours),
            (self.tr("Band"), self.band),
            ("", self.smooth),
            ("", self.shaded),
        ):
            form.addRow(name, widget)
            widget.setAccessibleName(name or widget.property("text"))
        form.addRow(self.note)
        form.addRow(buttons)
        self._show(style_of(session.state, raster))
        self.ramp.activated.connect(self._on_change)
        self.band.activated.connect(self._on_change)
        self.classes.valueChanged.connect(self._on_change)
        for box in (self.reversed, self.smooth, self.shaded):
            box.clicked.connect(self._on_change)
        for line in (self.breaks, self.colours):
            line.editingFinished.connect(self._on_change)

    def _show(self, style: RasterStyle) -> None:
        self.ramp.setCurrentText(style.ramp)
        self.band.setCurrentIndex(style.band)
        self.classes.setValue(max(style.classes, 1))
        self.reversed.setChecked(style.reversed)
        self.smooth.setChecked(style.smooth)
        self.shaded.setChecked(style.shaded)
        self.breaks.setText(", ".join(f"{value:g}" for value in style.breaks))
        self.colours.setText(", ".join(style.colours))
        self.bars.show_style(style)

    def _on_change(self) -> None:
        style = self.chosen()
        if style is not None:
            self.bars.show_style(style)
            self._session.do(style_raster, self._raster.id, style)

    def chosen(self) -> RasterStyle | None:
        """The style as it is set; None, and a note, where something typed is wrong."""
        self.note.clear()
        words = [part.strip() for part in self.breaks.text().split(",") if part.strip()]
        colours = tuple(part.strip() for part in self.colours.text().split(",") if part.strip())
        try:
            breaks = tuple(float(word) for word in words)
        except ValueError:
            self.note.setText(self.tr("Breaks are numbers, with commas between."))
            return None
        if any(low >= high for low, high in pairwise(breaks)):
            self.note.setText(self.tr("Write the breaks from low to high."))
            return None
        if not all(len(colour) == 7 and QColor.isValidColorName(colour) for colour in colours):
            self.note.setText(self.tr("Colours are written as #rrggbb, with commas between."))
            return None
        before, classes = style_of(self._session.state, self._raster), self.classes.value()
        return replace(
            before,
            ramp=cast(Any, self.ramp.currentText()),  # only the ramps there are can be chosen
            reversed=self.reversed.isChecked(),
            classes=classes if classes > 1 else 0,
            breaks=breaks,
            colours=colours,
            band=self.band.currentIndex(),
            smooth=self.smooth.isChecked(),
            shaded=self.shaded.isChecked(),
        )


def show_raster(window: Window) -> None:
    """Opens the dialog for the raster in view."""
    session = window.session
    if session is None:
        return
    raster = next((one for one in session.project.rasters if one.id == session.state.overlay), None)
    if raster is None or raster.image is not None:
        window.say(window.tr("Choose a raster of values as the overlay first."))
        return
    RasterDialog(session, raster, window).show()
