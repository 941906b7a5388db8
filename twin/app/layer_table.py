"""Lists what a layer holds: filter, sort, select, zoom to, and draw only what is listed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QComboBox, QWidget

from twin.app import texts
from twin.app.row_list import RowList
from twin.app.theme import tones_of
from twin.model.layer import Layer
from twin.model.state import Selection
from twin.scene.layer_style import style_of
from twin.scene.row_filter import passing, problem
from twin.session.commands import select, style_layer
from twin.session.session import Session


class LayerTablePanel(RowList):
    """One layer as a table, linked to the scene; what is not drawn is faint."""

    zoom_requested = Signal(tuple)
    """West, south, east, north. [m]"""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            rows=self.tr("Features of the layer"),
            columns=self.tr("Columns of the table of a layer"),
            named=self.tr("Filter of the table of a layer"),
        )
        self._session = session
        self._shown: tuple[object, ...] = ()
        self._layer: Layer | None = None
        self.layer = QComboBox()
        self.zoom = self.button("zoom_in", self.tr("Zoom to the chosen features"))
        self.only = self.button("isolate", self.tr("Draw only what fits the filter"))
        self.all = self.button("eye", self.tr("Draw all of the layer"))
        self._lay_out()
        self._listen()

    def refresh(self, session: Session) -> None:
        """Makes the table equal to the session, as soon as it is seen."""
        self._session = session
        if not self.isVisible():
            return
        built, state = session.scene.built, session.state
        layers = built.layers if built is not None else session.project.layers
        relevant = (layers, state.selection, state.layer_styles)
        if relevant == self._shown:
            return
        before, self._shown = self._shown, relevant
        if not before or before[0] is not layers:
            self._list(layers)
        chosen = state.selection
        if chosen is not None and chosen.kind == "layer" and (not before or before[1] != chosen):
            self.choose_layer(chosen.layer)
        self._show_faint()
        if not before or before[1] != chosen:
            self._show_selected()
        self.show_count()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Catches up with what happened while nobody looked."""
        super().showEvent(event)
        self.refresh(self._session)

    def choose(self) -> None:
        """Selects in the session the first of what is marked in the table."""
        self._picking.stop()
        rows = self.marked()
        if self._layer is None or not len(rows):
            return
        row = int(rows[0])
        name = self.model.ids(rows[:1])[0]
        at = self._layer.geometry[int(self.model.rows[row])].representative_point()
        self._own = True  # the table shows already what is selected now, and must not scroll
        try:
            self._session.do(select, Selection("layer", name, self._layer.id, (at.x, at.y, 0.0)))
        finally:
            self._own = False

    def draw_only(self) -> None:
        """Makes the filter of the table that of what is drawn; says what is wrong where it cannot be."""
        if self._layer is None:
            return
        text = self.filter.text().strip()
        wrong = problem(self._layer.table, text)
        if wrong:
            self.count.setText(wrong)
            return
        style = style_of(self._session.state, self._layer.id)
        self._session.do(style_layer, self._layer.id, replace(style, shown=text))

    def _lay_out(self) -> None:
        for widget in (self.layer, self.layer.view()):
            widget.setAccessibleName(self.tr("Layer of the table"))
        self.layer.setMinimumContentsLength(8)
        self.layer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.lay_out(self.view, before=[self.layer])

    def _listen(self) -> None:
        self.layer.activated.connect(lambda _row: self._on_layer())
        self.filter.returnPressed.connect(lambda: self._typing.start(0))
        self.model.modelReset.connect(self._show_selected)
        self._picking.timeout.connect(self.choose)
        self.view.doubleClicked.connect(lambda _index: self._zoom())
        self.view.entered_row.connect(self._zoom)
        self.zoom.clicked.connect(self._zoom)
        self.only.clicked.connect(self.draw_only)
        self.all.clicked.connect(self._draw_all)

    def _list(self, layers: tuple[Layer, ...]) -> None:
        before = self.layer.currentData()
        self.layer.clear()
        for each in layers:
            self.layer.addItem(each.title or each.id, each.id)
        self.layer.setCurrentIndex(max(self.layer.findData(before), 0) if layers else -1)
        self._on_layer()

    def choose_layer(self, layer: str) -> None:
        """Lists another layer."""
        row = self.layer.findData(layer)
        if row >= 0 and row != self.layer.currentIndex():
            self.layer.setCurrentIndex(row)
            self._on_layer()

    def _on_layer(self) -> None:
        built = self._session.scene.built
        layers = built.layers if built is not None else self._session.project.layers
        found = next((each for each in layers if each.id == self.layer.currentData()), None)
        if found is self._layer:
            return
        self._layer = found
        if found is not None:
            self.model.show_layer(found)
            self.fit_columns()
        self._show_faint()
        self.show_count()

    def _draw_all(self) -> None:
        if self._layer is not None:
            style = style_of(self._session.state, self._layer.id)
            self._session.do(style_layer, self._layer.id, replace(style, shown=""))

    def _zoom(self) -> None:
        self.choose()
        rows = self.model.rows[self.marked()]
        if self._layer is not None and len(rows):
            boxes = np.array([shape.bounds for shape in self._layer.geometry[rows]])
            low, high = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
            self.zoom_requested.emit((low[0], low[1], high[0], high[1]))

    def _show_faint(self) -> None:
        if self._layer is None:
            return
        drawn = passing(self._layer.table, style_of(self._session.state, self._layer.id).shown)
        muted = QColor(tones_of(self.palette()).muted)
        self.model.show_hidden(None if drawn.all() else ~drawn, muted)

    def _show_selected(self) -> None:
        """Marks in the table what is selected in the session, and brings it into view."""
        chosen = self._session.state.selection
        if self._own or self._layer is None or not self.model.columns:
            return
        self._own = True
        try:
            marks = self.view.selectionModel()
            here = chosen is not None and chosen.kind == "layer" and chosen.layer == self._layer.id
            ids = self.model.columns[0].values.astype(str)
            found: NDArray[np.intp] = np.flatnonzero(ids == chosen.id if here and chosen else [])
            place = self.model.place_of(int(found[0])) if len(found) else None
            if place is None:
                marks.clearSelection()
                return
            index = self.model.index(place, 0)
            flags = QItemSelectionModel.SelectionFlag
            marks.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.view.scrollTo(index)
        finally:
            self._own = False

    def show_count(self) -> None:
        """Says how many rows there are, and how many are not drawn."""
        said, faint = self.counted(), self.model.faint
        if faint is not None:
            said = self.tr("{0}, {1} not drawn").format(said, texts.amount(float(faint.sum())))
        self.count.setText(said)
        self.all.setEnabled(faint is not None)
