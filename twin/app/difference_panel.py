"""Lists what one scenario adds, removes and changes against another, with what it was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.analysis.build import Built
from twin.analysis.content import ids_of
from twin.analysis.difference import Comparison, Difference
from twin.app import icons, texts
from twin.app.facts import middle
from twin.app.theme import tones_of
from twin.app.views import bounds_of
from twin.model.city import row_of
from twin.model.state import Selection
from twin.model.table import Value
from twin.scene.comparison import baseline_of, others
from twin.scene.difference_marks import Marks, want_marks
from twin.scene.scene import Failed
from twin.session.commands import select
from twin.session.session import Session

WHICH = int(Qt.ItemDataRole.UserRole)
KINDS = ("added", "removed", "changed")
MEASURES = {"height": "m", "volume": "m³", "footprint": "m²"}
MOST = 400
"""Rows of one kind; nobody reads more, and `twin diff` prints them all."""
OPEN = 12
"""So many things are shown with their attributes at once."""

Bounds = tuple[float, float, float, float]


class DifferencePanel(QWidget):
    """A tree of added, removed and changed things; a click goes there."""

    zoom_requested = Signal(tuple)
    """West, south, east, north of what was clicked. [m]"""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: object = None
        self._pair: tuple[Built, Built] | None = None
        self._every: list[Difference] = []
        self.summary, self.tree = QLabel(), QTreeWidget()
        self._lay_out()
        self.tree.itemClicked.connect(lambda item, _column: self._go(item))
        self.tree.itemActivated.connect(lambda item, _column: self._go(item))
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Asks for what differs, as long as the panel is seen, and shows it when it is there."""
        self._session = session
        if not self.isVisible():
            session.ask("difference panel")
            return
        project, state = session.project, session.state
        beside = others(project, state) if state.compare != "none" else (baseline_of(project, state),)
        before = beside[0] if beside else state.scenario
        titles = project.scenario(before).title, project.scenario(state.scenario).title
        first, second = session.glance(before).built, session.scene.built
        if before == state.scenario or first is None or second is None:
            session.ask("difference panel")
            self._show(None, self.tr("{0} is the baseline. Choose another scenario.").format(titles[1]))
            return
        request = want_marks(first, second)
        session.ask("difference panel", request)
        found = session.answer(request)
        self._pair = (first, second)
        if isinstance(found, Marks):
            self._show(found.comparison, self.tr("{1} compared with {0}").format(*titles))
        elif isinstance(found, Failed):
            self._show(None, found.message)
        else:
            self._show(None, self.tr("Comparing …"))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Catches up with what happened while nobody looked."""
        super().showEvent(event)
        self.refresh(self._session)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the colours of another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._shown is not None:
            self._shown = None
            self.refresh(self._session)

    def _show(self, comparison: Comparison | None, title: str) -> None:
        if (comparison, title) == self._shown:
            return
        self._shown = (comparison, title)
        self.tree.clear()
        self._every = [] if comparison is None else [*comparison.objects, *comparison.features]
        if comparison is not None and not self._every:
            title = f"{title}: {self.tr('nothing differs')}"
        self.summary.setText(title)
        self.tree.setVisible(bool(self._every))
        tone = tones_of(self.palette())
        words = {"added": self.tr("Added"), "removed": self.tr("Removed"), "changed": self.tr("Changed")}
        colours = {"added": tone.good, "removed": tone.bad, "changed": tone.accent}
        for kind in KINDS:
            rows = [row for row, each in enumerate(self._every) if each.kind == kind]
            if not rows:
                continue
            group = QTreeWidgetItem([f"{words[kind]} ({texts.amount(float(len(rows)))})"])
            group.setIcon(0, icons.icon(kind, QColor(colours[kind])))
            font = group.font(0)
            font.setBold(True)
            group.setFont(0, font)
            self.tree.addTopLevelItem(group)
            group.setFirstColumnSpanned(True)
            for row in rows[:MOST]:
                item = self._item(row)
                group.addChild(item)
                item.setFirstColumnSpanned(True)
            if len(rows) > MOST:
                more = QTreeWidgetItem([self.tr("… and {0} more").format(len(rows) - MOST)])
                group.addChild(more)
                more.setFirstColumnSpanned(True)
            group.setExpanded(True)
            if kind == "changed" and len(rows) <= OPEN:
                for child in (group.child(number) for number in range(group.childCount())):
                    assert child is not None
                    child.setExpanded(True)

    def _item(self, row: int) -> QTreeWidgetItem:
        each = self._every[row]
        what = texts.object_class(each.what) if each.what[:1].isupper() else self._layer_title(each.what)
        name = each.title if each.title not in ("", each.id) else each.id
        item = QTreeWidgetItem([f"{name} · {what}"])
        item.setData(0, WHICH, row)
        item.setToolTip(0, texts.tip(f"{each.id}\n{self.tr('Click to look at it')}"))
        for label, before, after in self._lines(each):
            line = QTreeWidgetItem([label, f"{before} → {after}" if before and after else before or after])
            line.setData(0, WHICH, row)
            line.setForeground(0, QColor(tones_of(self.palette()).muted))
            for column in (0, 1):
                line.setToolTip(column, texts.tip(line.text(column)))
            item.addChild(line)
        return item

    def _lines(self, each: Difference) -> list[tuple[str, str, str]]:
        if each.kind == "changed":
            pairs = {**each.attributes}
            lines = [(texts.column(n), _said(n, a), _said(n, b)) for n, (a, b) in sorted(pairs.items())]
            for name, (old, new) in each.measures.items():
                words = (_measured(old, MEASURES[name]), _measured(new, MEASURES[name]))
                lines.append((self.tr("{0} of its shape").format(texts.column(name)), *words))
            if each.reshaped and not each.measures:
                lines.append((self.tr("Shape or place"), "", self.tr("changed")))
            return lines
        known = self._attributes(each)
        said = ((texts.column(name), _said(name, value)) for name, value in known.items() if name != "id")
        return [(name, "", text) if each.kind == "added" else (name, text, "") for name, text in said]

    def _attributes(self, each: Difference) -> dict[str, Value]:
        built = self._built(each)
        if built is None:
            return {}
        row = row_of(built.city, each.id)
        if row is not None and each.what[:1].isupper():
            return built.city.attributes.row(row)
        for layer in built.layers:
            if layer.id == each.what and each.id in (ids := ids_of(layer)):
                return layer.table.row(ids.index(each.id))
        return {}

    def _built(self, each: Difference) -> Built | None:
        if self._pair is None:
            return None
        return self._pair[0] if each.kind == "removed" else self._pair[1]

    def _layer_title(self, layer_id: str) -> str:
        layers = (layer for built in self._pair or () for layer in built.layers)
        return next((layer.title for layer in layers if layer.id == layer_id), layer_id)

    def _go(self, item: QTreeWidgetItem) -> None:
        row = item.data(0, WHICH)
        if row is None:
            return
        each = self._every[row]
        built = self._built(each)
        if built is None:
            return
        found = row_of(built.city, each.id) if each.what[:1].isupper() else None
        if found is not None:
            selection = Selection("city", each.id, "buildings", middle(built.city, found))
            bounds = bounds_of(replace(self._session.scene, built=built), {each.id})
            self._session.do(select, selection)
        else:
            bounds = _feature_bounds(built, each)
            if bounds is not None:
                at = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2, 0.0)
                self._session.do(select, Selection("layer", each.id, each.what, at))
        if bounds is not None:
            self.zoom_requested.emit(bounds)

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self.setMinimumWidth(14 * em)
        self.summary.setObjectName("heading")
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setWordWrap(True)
        self.summary.setContentsMargins(em // 2, em // 2, em // 2, em // 4)
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([self.tr("What"), self.tr("Before → after")])
        self.tree.setAccessibleName(self.tr("What differs"))
        self.tree.setIconSize(QSize(em, em))
        self.tree.setIndentation(em)
        self.tree.setUniformRowHeights(True)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.tree.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        self.tree.setColumnWidth(0, 9 * em)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.setSpacing(0)
        column_layout.addWidget(self.summary)
        column_layout.addWidget(self.tree, 1)
        column_layout.addStretch()


def _feature_bounds(built: Built, each: Difference) -> Bounds | None:
    for layer in built.layers:
        if layer.id == each.what:
            rows: Sequence[int] = np.flatnonzero(np.array(ids_of(layer)) == each.id).tolist()
            if rows:
                west, south, east, north = layer.geometry[rows[0]].bounds
                return float(west), float(south), float(east), float(north)
    return None


def _said(name: str, found: Value) -> str:
    return "–" if found is None else texts.value(name, found)


def _measured(found: float | None, unit: str) -> str:
    return "–" if found is None else texts.amount(found, unit)
