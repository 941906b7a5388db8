"""Says what was clicked: its class, its attributes with units, and where it stands."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twin.app import icons
from twin.app.fact_table import FactTable, breakable
from twin.app.facts import Facts, facts, selection_of
from twin.app.heat_point_box import HeatPointBox
from twin.app.heat_way_facts import way_section
from twin.app.theme import tones_of
from twin.session.commands import select
from twin.session.session import Session


class PropertiesPanel(QWidget):
    """What is known of the selection."""

    zoom_requested = Signal(str, str)
    """Kind of the selection and its id; wants to be looked at."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: tuple[object, ...] = ()
        self._facts: Facts | None = None
        self.title, self.kind, self._picture = QLabel(), QLabel(), QLabel()
        self.table = FactTable()
        self.heat = HeatPointBox(session)
        self.copy, self.zoom = QToolButton(), QToolButton()
        self.empty = QLabel(self.tr("Nothing selected: click a building, a tree or the ground."))
        self._lay_out()
        self.copy.clicked.connect(self._on_copy)
        self.zoom.clicked.connect(self._on_zoom)
        self.table.followed.connect(self._on_link)
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
        self.heat.refresh(session)
        scene = session.scene
        state = session.state
        overlay = scene.items.get("overlay")
        # of one click, along the way and at the place
        heat = tuple(each for each in (way_section(session), self.heat.section) if each is not None)
        sensor = state.selection is not None and state.selection.kind == "sensor"
        measured = (scene.items.get("sensors"), state.time) if sensor else None
        relevant = (session.project, state.selection, state.several, scene.built, overlay, heat, measured)
        if relevant == self._shown:
            return
        self._shown = relevant
        found = facts(session)
        if found is not None:
            found = replace(found, sections=(*heat, *found.sections))
        if found != self._facts or found is None:
            self._facts = found
            self._show(found)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setMinimumWidth(14 * self.fontMetrics().height())
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            # later, because the table gets its own new colours only after its panel
            QTimer.singleShot(0, self, self._show_again)

    def _show_again(self) -> None:
        if self._facts is not None:
            self._show(self._facts)

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self.setMinimumWidth(14 * em)
        for label in (self.title, self.kind, self.empty):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            # else a long word makes the layout reckon with lines that are longer than the panel is wide
            label.setMinimumWidth(em)
        self.title.setObjectName("heading")
        self.title.setAccessibleName(self.tr("What is selected"))
        self.kind.setObjectName("muted")
        self.empty.setObjectName("empty")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        for button, name, tip in (
            (self.zoom, "zoom_in", self.tr("Zoom to selection (Ctrl+J)")),
            (self.copy, "copy", self.tr("Copy all of it as text")),
        ):
            button.setIcon(icons.icon(name))
            button.setIconSize(QSize(round(1.1 * em), round(1.1 * em)))
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        words = QVBoxLayout()
        words.setSpacing(round(0.1 * em))
        words.addWidget(self.title)
        words.addWidget(self.kind)
        head = QHBoxLayout()
        head.setContentsMargins(round(0.8 * em), round(0.6 * em), round(0.5 * em), round(0.4 * em))
        head.setSpacing(round(0.6 * em))
        head.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        head.addWidget(self.zoom, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.heat)
        column.addWidget(self.table, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(page)

    def _show(self, found: Facts | None) -> None:
        self._pages.setCurrentIndex(0 if found is None else 1)
        if found is None:
            return
        em = self.fontMetrics().height()
        self.title.setText(breakable(found.title))
        # the places for a new line would be copied, too
        whole = self.title.text() == found.title
        flag = Qt.TextInteractionFlag
        self.title.setTextInteractionFlags(flag.TextSelectableByMouse if whole else flag.NoTextInteraction)
        self.kind.setText(breakable(found.kind))
        picture = icons.pixmap(found.icon, round(1.9 * em), self.devicePixelRatioF(), self._accent())
        self._picture.setPixmap(picture)
        self.table.show_sections(found.sections)

    def _accent(self) -> QColor:
        return QColor(tones_of(self.palette()).accent)

    def _on_copy(self) -> None:
        if self._facts is not None:
            QGuiApplication.clipboard().setText(self._facts.text)

    def _on_link(self, gml_id: str) -> None:
        self._session.do(select, selection_of(self._session, "building", gml_id))

    def _on_zoom(self) -> None:
        selection = self._session.state.selection
        if selection is not None:
            self.zoom_requested.emit(selection.kind, selection.id)
