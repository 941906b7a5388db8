"""Says what was clicked: its class, its attributes with units, and where it stands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedLayout,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.app import icons, texts
from twin.app.facts import Facts, Section, facts
from twin.app.theme import tones_of
from twin.session.session import Session


class FactTable(QTreeWidget):
    """Names and values in two columns; Ctrl+C copies the chosen values."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Copies what is chosen."""
        if event.matches(QKeySequence.StandardKey.Copy):
            values = [item.text(1) for item in self.selectedItems() if item.text(1)]
            QGuiApplication.clipboard().setText("\n".join(values))
        else:
            super().keyPressEvent(event)


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
        self.copy, self.zoom = QToolButton(), QToolButton()
        self.empty = QLabel(self.tr("Nothing selected: click a building, a tree or the ground."))
        self._lay_out()
        self.copy.clicked.connect(self._on_copy)
        self.zoom.clicked.connect(self._on_zoom)
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
        scene = session.scene
        relevant = (session.project, session.state.selection, scene.built, scene.items.get("overlay"))
        if relevant == self._shown:
            return
        self._shown = relevant
        found = facts(session)
        if found != self._facts or found is None:
            self._facts = found
            self._show(found)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._facts is not None:
            self._show(self._facts)

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        for label in (self.title, self.kind, self.empty):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.title.setObjectName("heading")
        self.kind.setObjectName("muted")
        self.empty.setObjectName("empty")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for button, name, tip in (
            (self.zoom, "zoom_in", self.tr("Zoom to selection (Ctrl+J)")),
            (self.copy, "copy", self.tr("Copy all of it as text")),
        ):
            button.setIcon(icons.icon(name))
            button.setIconSize(QSize(round(1.1 * em), round(1.1 * em)))
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        self.table.setAccessibleName(self.tr("Attributes"))
        self.table.setColumnCount(2)
        self.table.setHeaderHidden(True)
        self.table.setRootIsDecorated(False)
        self.table.setIndentation(0)
        self.table.setWordWrap(True)
        self.table.setUniformRowHeights(False)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.table.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

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
        column.addWidget(self.table, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(page)

    def _show(self, found: Facts | None) -> None:
        self.table.clear()
        self._pages.setCurrentIndex(0 if found is None else 1)
        if found is None:
            return
        em = self.fontMetrics().height()
        self.title.setText(found.title)
        self.kind.setText(found.kind)
        picture = icons.pixmap(found.icon, round(1.9 * em), self.devicePixelRatioF(), self._accent())
        self._picture.setPixmap(picture)
        for section in found.sections:
            self._add(section)
        names = [name for section in found.sections for name, _ in section.pairs]
        widest = max((self.fontMetrics().horizontalAdvance(name) for name in names), default=0)
        self.table.setColumnWidth(0, round(min(widest + 1.6 * em, 11 * em)))

    def _add(self, section: Section) -> None:
        tone = tones_of(self.palette())
        head = QTreeWidgetItem([section.title])
        head.setFlags(Qt.ItemFlag.ItemIsEnabled)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        head.setFont(0, bold)
        self.table.addTopLevelItem(head)
        head.setFirstColumnSpanned(True)
        head.setSizeHint(0, QSize(0, round(2.2 * self.fontMetrics().height())))
        head.setTextAlignment(0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        for name, value in section.pairs:
            item = QTreeWidgetItem([name, value])
            item.setForeground(0, QColor(tone.muted))
            item.setTextAlignment(0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            item.setToolTip(0, texts.tip(name))
            item.setToolTip(1, texts.tip(value))
            self.table.addTopLevelItem(item)

    def _accent(self) -> QColor:
        return QColor(tones_of(self.palette()).accent)

    def _on_copy(self) -> None:
        if self._facts is not None:
            QGuiApplication.clipboard().setText(self._facts.text)

    def _on_zoom(self) -> None:
        selection = self._session.state.selection
        if selection is not None:
            self.zoom_requested.emit(selection.kind, selection.id)
