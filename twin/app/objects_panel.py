"""Lists all objects of the city: filter, sort, select, hide, isolate."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from twin.analysis.seat import RELIEF
from twin.app import texts
from twin.app.facts import middle
from twin.app.row_list import RowList
from twin.app.theme import tones_of
from twin.model.city import City, named, row_of
from twin.model.state import Selection
from twin.scene.items import Buildings
from twin.session.commands import hide_selected, isolate_selected, select_objects, show_all_objects
from twin.session.session import Session


class ObjectsPanel(RowList):
    """The objects of the scenario in view as a table, and what can be done with the selected ones."""

    zoom_requested = Signal()
    export_requested = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            rows=self.tr("Objects"),
            columns=self.tr("Columns of the objects table"),
            named=self.tr("Filter of the objects table"),
        )
        self._session = session
        self._city: City | None = None
        self._shown: tuple[object, ...] = ()
        self.empty, self._pages = QLabel(), QStackedLayout()
        self.every = self.button(
            "select_all", self.tr("Select all objects that are listed (Enter in the filter)")
        )
        self.zoom = self.button("zoom_in", self.tr("Zoom to the selected objects (Ctrl+J)"))
        self.hide_chosen = self.button("eye_off", self.tr("Hide the selected objects (H)"))
        self.isolate = self.button("isolate", self.tr("Show only the selected objects (I)"))
        self.unhide = self.button("eye", self.tr("Show all objects (Shift+I)"))
        self.export = self.button("export", self.tr("Save the listed objects as CSV"))
        self._lay_out()
        self._listen()

    def refresh(self, session: Session) -> None:
        """Makes the table equal to the session, as soon as it is seen."""
        self._session = session
        if not self.isVisible():
            return
        scene, state = session.scene, session.state
        city = scene.built.city if scene.built else session.project.city
        item = scene.items.get("buildings")
        hidden = item.hidden if isinstance(item, Buildings) else None
        relevant = (city, state.selected, hidden)
        if relevant == self._shown:
            return
        before, self._shown = self._shown, relevant
        if city is not self._city:
            self._show_city(city)
        muted = QColor(tones_of(self.palette()).muted)
        self.model.show_hidden(hidden.objects if hidden else None, muted)
        if not before or before[1] != state.selected or city is not before[0]:
            self._show_selected()
        self.show_count()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Catches up with what happened while nobody looked."""
        super().showEvent(event)
        self.refresh(self._session)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the sizes and colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._shown:
            self._shown = (self._shown[0], self._shown[1], None, "another look")
            self.refresh(self._session)

    def choose(self) -> None:
        """Selects in the session what is marked in the table."""
        self._picking.stop()
        rows = self.marked()
        if not len(rows):
            if self._session.state.selected:
                self._session.do(select_objects, None)
            return
        assert self._city is not None
        ids = self.model.ids(rows)
        if frozenset(ids) == self._session.state.selected:
            return
        current = self.view.currentIndex().row()
        at = int(np.searchsorted(rows, current))
        first = at if at < len(rows) and rows[at] == current else 0
        place = middle(self._city, int(self.model.rows[rows[first]]))
        self._own = True  # the table shows already what is selected now, and must not scroll
        try:
            self._session.do(select_objects, Selection("city", ids[first], "buildings", place), ids)
        finally:
            self._own = False

    def choose_listed(self) -> None:
        """Selects all that the filter leaves."""
        self.apply_filter()
        self.view.selectAll()
        self.choose()

    def _lay_out(self) -> None:
        self.filter.setToolTip(self.tr("Enter selects all that fits"))
        self.empty.setTextFormat(Qt.TextFormat.PlainText)
        self.empty.setObjectName("empty")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        pages = QWidget()
        pages.setLayout(self._pages)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.empty)
        self.lay_out(pages)

    def _listen(self) -> None:
        self.filter.returnPressed.connect(self._entered)
        self.model.modelReset.connect(self._show_selected)
        self._picking.timeout.connect(self.choose)
        self.view.doubleClicked.connect(lambda _index: self._zoom())
        self.view.entered_row.connect(self._zoom)
        self.every.clicked.connect(self.choose_listed)
        self.zoom.clicked.connect(self._zoom)
        self.hide_chosen.clicked.connect(lambda: self._session.do(hide_selected))
        self.isolate.clicked.connect(lambda: self._session.do(isolate_selected))
        self.unhide.clicked.connect(lambda: self._session.do(show_all_objects))
        self.export.clicked.connect(self.export_requested)

    def _entered(self) -> None:
        if self.filter.text().strip():
            self.choose_listed()

    def _zoom(self) -> None:
        self.choose()
        if self._session.state.selected:
            self.zoom_requested.emit()

    def _show_city(self, city: City) -> None:
        before = [column.name for column in self.model.columns]
        self._city = city
        self.model.show_city(city)
        names = [column.name for column in self.model.columns]
        if names != before:
            self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.fit_columns()
        self.show_count()

    def _show_selected(self) -> None:
        """Marks in the table what is selected in the session, and brings the first of it into view."""
        if self._own or self._city is None:
            return
        state = self._session.state
        self._own = True
        try:
            chosen = self.view.selectionModel()
            if not state.selected:
                chosen.clearSelection()
                return
            marked, last = QItemSelection(), self.model.columnCount() - 1
            pieces = self.model.pieces_of(named(self._city, state.selected))
            for top, bottom in pieces:
                marked.select(self.model.index(top, 0), self.model.index(bottom, last))
            chosen.select(marked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            told = row_of(self._city, state.selection.id) if state.selection is not None else None
            place = self.model.place_of(told) if told is not None else None
            if place is not None:
                index = self.model.index(place, 0)
                chosen.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
                self.view.scrollTo(index)
        finally:
            self._own = False

    def show_count(self) -> None:
        """Says how many rows there are, and what can be done with them."""
        state, parts = self._session.state, [self.counted()]
        if state.selected:
            parts.append(self.tr("{0} selected").format(texts.amount(float(len(state.selected)))))
        hidden = self.model.faint
        if hidden is not None and self._city is not None and self._session.project.terrain is not None:
            hidden = hidden & (self._city.object_type != RELIEF)  # which is seen as the ground
        if hidden is not None and hidden.any():
            parts.append(self.tr("{0} hidden").format(texts.amount(float(hidden.sum()))))
        self.count.setText(", ".join(parts))
        for button in (self.zoom, self.hide_chosen, self.isolate):
            button.setEnabled(bool(state.selected))
        self.unhide.setEnabled(bool(state.hidden_objects or state.isolated))
        for button in (self.every, self.export):
            button.setEnabled(bool(len(self.model.rows)))
        self._pages.setCurrentIndex(0 if len(self.model.rows) else 1)
        self.empty.setText(
            self.tr("No object fits the filter.")
            if self.model.total
            else self.tr("There are no objects: open or add a city model.")
        )
