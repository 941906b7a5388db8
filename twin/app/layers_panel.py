"""Shows and hides the layers, and says what their colours mean."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QSlider,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.app import icons, texts
from twin.app.check_box import CheckDelegate
from twin.app.gesture import Gesture
from twin.app.layer_rows import Row, rows, swatch
from twin.app.theme import tones_of
from twin.model import lod
from twin.model.project import Project, Source
from twin.model.state import State
from twin.scene.sensors import heard_of
from twin.session.commands import choose_lod, hide_layers, set_opacity, show_layers, toggle_layer
from twin.session.session import Session

ID = int(Qt.ItemDataRole.UserRole)


class LayersPanel(QWidget):
    """A tree with a check box for each layer, and the opacity of the chosen one below it."""

    zoom_requested = Signal(str)
    """Id of a layer, `buildings` or `overlay`."""
    style_requested = Signal(str)
    """Id of a layer that is to be drawn in another way."""
    table_requested = Signal(str)
    """Id of a layer whose features are to be listed."""
    relink_requested = Signal(str)
    """Id of a source."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._gesture = Gesture()
        self._shown: tuple[object, ...] = ()
        self._rows: list[Row] = []
        self._sources: tuple[Source, ...] = ()
        self._items: dict[str, QTreeWidgetItem] = {}
        self.tree = QTreeWidget()
        self.all = QPushButton(self.tr("Show all"))
        self.none = QPushButton(self.tr("Hide all"))
        self._project: Project | None = None
        self.detail = QComboBox()
        self._detail_row = QWidget()
        self._opacity_name = QLabel()
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self._percent = QLabel()
        self._lay_out()
        self._lay_out_detail()
        self._listen()
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
        state, built = session.state, session.scene.built
        gone = (state.hidden_objects, state.isolated, state.layer_styles)
        heard = heard_of(session.results)
        told = () if heard is None else (len(heard.streams), heard.live, heard.troubles, state.observed)
        relevant = (session.project, built, state.hidden, state.overlay, state.opacity, state.lod, gone, told)
        if relevant == self._shown:
            return
        self._shown = relevant
        self._show_detail(session)
        found = rows(session.project, state, session.scene, heard)
        missing = tuple(source for source in session.project.sources if source.problem)
        if (
            [(row.id, row.legend) for row in found],
            missing,
        ) != ([(row.id, row.legend) for row in self._rows], self._sources):
            self._rebuild(found, missing)
        for row in found:
            self._update(row, state)
        self._rows = found
        self._show_opacity()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the colours and sizes of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setMinimumWidth(14 * self.fontMetrics().height())
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._shown:
            self._shown, self._rows = (), []
            self.refresh(self._session)

    def choose(self, layer: str) -> None:
        """Marks a row, as when the palette finds a layer."""
        if layer in self._items:
            self.tree.setCurrentItem(self._items[layer])

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self.setMinimumWidth(14 * em)
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setItemDelegate(CheckDelegate(self.tree))
        self.tree.setIndentation(round(1.2 * em))
        self.tree.setIconSize(QSize(round(1.15 * em), round(1.15 * em)))
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.setAccessibleName(self.tr("Layers"))
        for button, tip in (
            (self.all, self.tr("Show all layers (Ctrl+Shift+U)")),
            (self.none, self.tr("Hide all layers (Ctrl+Shift+H)")),
        ):
            button.setFlat(True)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        self.opacity.setRange(0, 100)
        self.opacity.setPageStep(10)
        self._opacity_name.setTextFormat(Qt.TextFormat.PlainText)
        self._opacity_name.setMinimumWidth(round(4 * em))
        self._percent.setTextFormat(Qt.TextFormat.PlainText)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._percent.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %"))

        buttons = QHBoxLayout()
        buttons.setContentsMargins(round(0.4 * em), 0, round(0.4 * em), 0)
        buttons.addWidget(self.all)
        buttons.addWidget(self.none)
        buttons.addStretch()
        foot = QHBoxLayout()
        foot.setContentsMargins(round(0.9 * em), round(0.3 * em), round(0.9 * em), round(0.6 * em))
        foot.setSpacing(round(0.6 * em))
        foot.addWidget(self._opacity_name)
        foot.addWidget(self.opacity, 1)
        foot.addWidget(self._percent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(round(0.3 * em))
        column.addLayout(buttons)
        column.addWidget(self.tree, 1)
        column.addWidget(self._detail_row)
        column.addLayout(foot)

    def _lay_out_detail(self) -> None:
        em = self.fontMetrics().height()
        for widget in (self.detail, self.detail.view()):
            widget.setAccessibleName(self.tr("Level of detail"))
        self.detail.setToolTip(self.tr("Level of detail of the city model ([ and ])"))
        self.detail.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        detail = QHBoxLayout(self._detail_row)
        detail.setContentsMargins(round(0.9 * em), 0, round(0.9 * em), 0)
        detail.setSpacing(round(0.6 * em))
        name = QLabel(self.tr("Detail"))
        name.setTextFormat(Qt.TextFormat.PlainText)
        detail.addWidget(name)
        detail.addWidget(self.detail, 1)

    def _show_detail(self, session: Session) -> None:
        """Which levels of detail there are, and which one is chosen."""
        if session.project is not self._project:
            self._project = session.project
            self.detail.clear()
            levels = lod.present(session.project.whole) if session.project.whole is not None else ()
            for level in levels[:-1]:
                self.detail.addItem(self.tr("Up to LoD {0}").format(lod.name(level)), level)
            if levels:
                self.detail.addItem(self.tr("Highest (LoD {0})").format(lod.name(levels[-1])), None)
            self._detail_row.setVisible(len(levels) > 1)
        there = self.detail.findData(session.state.lod)
        self.detail.setCurrentIndex(there if there >= 0 else self.detail.count() - 1)

    def _listen(self) -> None:
        self.detail.activated.connect(lambda row: self._session.do(choose_lod, self.detail.itemData(row)))
        self.tree.itemChanged.connect(self._on_check)
        self.tree.currentItemChanged.connect(lambda *_: self._show_opacity())
        self.tree.itemDoubleClicked.connect(self._on_double_click)
        self.tree.customContextMenuRequested.connect(self._on_menu)
        self.all.clicked.connect(lambda: self._session.do(show_layers, list(self._items)))
        self.none.clicked.connect(lambda: self._session.do(hide_layers, list(self._items)))
        # sliderMoved is the mouse, actionTriggered the keyboard and the wheel
        self.opacity.sliderMoved.connect(self._on_opacity)
        self.opacity.sliderReleased.connect(self._gesture.end)
        self.opacity.actionTriggered.connect(self._on_opacity_key)

    def _rebuild(self, found: list[Row], missing: tuple[Source, ...]) -> None:
        chosen = self._chosen()
        self._items.clear()
        self.tree.clear()
        hidden = self._session.state.hidden
        for row in found:
            item = QTreeWidgetItem([row.title, row.count])
            item.setData(0, ID, row.id)
            item.setCheckState(0, _check(row.id not in hidden))
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for name, colour in row.legend:
                entry = QTreeWidgetItem(item, [name])
                entry.setFlags(Qt.ItemFlag.ItemIsEnabled)
                entry.setIcon(0, swatch("area", colour, self))
            self._items[row.id] = item
            self.tree.addTopLevelItem(item)
        for source in missing:
            self._add_missing(source)
        self._sources = missing
        if chosen in self._items:
            self.tree.setCurrentItem(self._items[chosen])

    def _add_missing(self, source: Source) -> None:
        item = QTreeWidgetItem([source.id])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        tone = tones_of(self.palette())
        item.setIcon(0, icons.icon("warning", QColor(tone.caution)))
        item.setForeground(0, QColor(tone.muted))
        item.setToolTip(0, texts.tip(source.problem))
        font = QFont(self.font())
        font.setItalic(True)
        item.setFont(0, font)
        self.tree.addTopLevelItem(item)
        button = QPushButton(self.tr("Relink…"))
        button.setToolTip(self.tr("Say where this file is now"))
        button.setAccessibleName(self.tr("Relink {0}").format(source.id))
        button.clicked.connect(lambda _=False, wanted=source.id: self.relink_requested.emit(wanted))
        room = round(0.3 * self.fontMetrics().height())
        item.setSizeHint(0, QSize(0, button.sizeHint().height() + room))
        item.setSizeHint(1, QSize(button.sizeHint().width() + 4 * room, 0))
        self.tree.setItemWidget(item, 1, button)

    def _update(self, row: Row, state: State) -> None:
        item = self._items[row.id]
        # the check first: every other change of the item calls _on_check, which compares it with the state
        item.setCheckState(0, _check(row.id not in state.hidden))
        item.setText(0, row.title)
        item.setText(1, row.count)
        tone = tones_of(self.palette())
        item.setForeground(1, QColor(tone.muted))
        item.setForeground(0, QColor(tone.muted if row.id in state.hidden else tone.text))
        item.setIcon(0, swatch(row.shape, row.colour, self))
        item.setToolTip(0, texts.tip(row.title))

    def _show_opacity(self) -> None:
        chosen = self._chosen()
        names = {row.id: row.title for row in self._rows}
        there = chosen in names
        self.opacity.setEnabled(there)
        label = names.get(chosen, "")
        name = self.tr("Opacity of {0}").format(label) if there else self.tr("Opacity: choose a layer")
        self.opacity.setAccessibleName(name)
        self.opacity.setToolTip(texts.tip(name))
        self._opacity_name.setText(self.tr("Opacity"))
        value = round(100 * self._session.state.opacity_of(chosen)) if there else 100
        if not self.opacity.isSliderDown():
            self.opacity.setValue(value)
        self._percent.setText(f"{value} %" if there else "")

    def _chosen(self) -> str:
        item = self.tree.currentItem()
        while item is not None and item.parent() is not None:
            item = item.parent()
        return str(item.data(0, ID) or "") if item is not None else ""

    def _on_check(self, item: QTreeWidgetItem, _column: int) -> None:
        layer = item.data(0, ID)
        if layer not in self._items:
            return
        shown = item.checkState(0) == Qt.CheckState.Checked
        if shown != (layer not in self._session.state.hidden):
            self._session.do(toggle_layer, layer)

    def _on_opacity(self, percent: int) -> None:
        chosen = self._chosen()
        if chosen:
            self._gesture.do(self._session, set_opacity, chosen, percent / 100)

    def _on_opacity_key(self) -> None:
        if not self.opacity.isSliderDown():
            self._gesture.end()
            self._on_opacity(self.opacity.sliderPosition())

    def _on_double_click(self, item: QTreeWidgetItem, _column: int) -> None:
        layer = item.data(0, ID)
        if layer:
            self.zoom_requested.emit(layer)

    def _on_menu(self, at: QPoint) -> None:
        item = self.tree.itemAt(at)
        if item is not None:
            self.tree.setCurrentItem(item)
        self.menu(self._chosen()).popup(self.tree.viewport().mapToGlobal(at))

    def menu(self, layer: str) -> QMenu:
        """What can be done with a layer; with none, with all of them."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if layer in self._items:
            zoom = menu.addAction(icons.icon("zoom_in"), self.tr("Zoom to layer"))
            zoom.triggered.connect(lambda: self.zoom_requested.emit(layer))
            only = menu.addAction(icons.icon("eye"), self.tr("Show only this"))
            only.triggered.connect(lambda: self._show_only(layer))
            if any(each.id == layer for each in self._session.project.layers):
                style = menu.addAction(icons.icon("theme"), self.tr("Layer style"))
                style.triggered.connect(lambda: self.style_requested.emit(layer))
                table = menu.addAction(icons.icon("table"), self.tr("Table of the layer"))
                table.triggered.connect(lambda: self.table_requested.emit(layer))
            menu.addSeparator()
        menu.addAction(self.tr("Show all")).triggered.connect(self.all.click)
        menu.addAction(self.tr("Hide all")).triggered.connect(self.none.click)
        return menu

    def _show_only(self, layer: str) -> None:
        self._session.do(_only, layer, tuple(self._items))


def _only(state: State, layer: str, layers: tuple[str, ...]) -> State:
    return show_layers(hide_layers(state, layers), [layer])


def _check(shown: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked
