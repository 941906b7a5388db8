"""Says what was clicked: its class, its attributes with units, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedLayout,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twin.app import icons, texts
from twin.app.facts import Facts, Section, facts, selection_of
from twin.app.theme import tones_of
from twin.session.commands import select
from twin.session.session import Session

LINK = int(Qt.ItemDataRole.UserRole)


class FactTable(QTableWidget):
    """Names and values in two columns, long values on several lines; Ctrl+C copies the chosen values.

    A value that leads somewhere is underlined: a click or Enter goes there.
    """

    followed = Signal(str)
    """gml:id that a value leads to."""

    def __init__(self) -> None:
        super().__init__(0, 2)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(0)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("Attributes"))
        self.cellClicked.connect(self._follow)
        self.cellActivated.connect(self._follow)

    def _follow(self, row: int, column: int) -> None:
        item = self.item(row, column)
        target = item.data(LINK) if item is not None else None
        if target:
            self.followed.emit(target)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Shows other facts."""
        self.clearSpans()
        self.setRowCount(sum(1 + len(section.pairs) for section in sections))
        tone, row = tones_of(self.palette()), 0
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        underlined = QFont(self.font())
        underlined.setUnderline(True)
        for section in sections:
            # an empty line above sets sections apart
            head = QTableWidgetItem(f"\n{section.title}" if row else section.title)
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            head.setFont(bold)
            self.setItem(row, 0, head)
            self.setSpan(row, 0, 1, 2)
            links = section.links or ("",) * len(section.pairs)
            for pair, link in zip(section.pairs, links, strict=True):
                row += 1
                for column, text in enumerate(pair):
                    item = QTableWidgetItem(text)
                    item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
                    item.setToolTip(texts.tip(text))
                    if column == 0:
                        item.setForeground(QColor(tone.muted))
                    elif link:
                        item.setData(LINK, link)
                        item.setForeground(QColor(tone.accent))
                        item.setFont(underlined)
                        item.setToolTip(texts.tip(self.tr("Select {0}").format(link)))
                    self.setItem(row, column, item)
            row += 1
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Names take what they need, up to two fifths."""
        super().resizeEvent(event)
        self._share_width()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Copies what is chosen."""
        if event.matches(QKeySequence.StandardKey.Copy):
            values = [item.text().strip() for item in self.selectedItems()]
            QGuiApplication.clipboard().setText("\n".join(values))
        else:
            super().keyPressEvent(event)

    def _share_width(self) -> None:
        em = self.fontMetrics().height()
        names = [self.item(row, 0) for row in range(self.rowCount()) if self.item(row, 1) is not None]
        widths = [self.fontMetrics().horizontalAdvance(name.text()) for name in names if name is not None]
        widest = max(widths, default=0) + 1.8 * em
        self.setColumnWidth(0, round(min(widest, 0.42 * self.viewport().width())))
        for row in range(self.rowCount()):
            self.setRowHeight(row, self._height(row))

    def _height(self, row: int) -> int:
        """Of the text of a row on as many lines as it needs; the view's own hint forgets the padding."""
        em = self.fontMetrics().height()
        how = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
        alone = self.columnSpan(row, 0) == 2
        tallest = 0
        for column in range(2):
            item = self.item(row, column)
            if item is not None:
                width = self.viewport().width() if alone else self.columnWidth(column)
                room = QRect(0, 0, max(round(width - 1.8 * em), em), 1_000_000)
                tallest = max(tallest, self.fontMetrics().boundingRect(room, how, item.text()).height())
        return round(tallest + 0.5 * em)


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
        self.table.followed.connect(self._on_link)
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
        scene = session.scene
        state = session.state
        overlay = scene.items.get("overlay")
        relevant = (session.project, state.selection, state.also_selected, scene.built, overlay)
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
        self.title.setObjectName("heading")
        self.title.setAccessibleName(self.tr("What is selected"))
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
        self._pages.setCurrentIndex(0 if found is None else 1)
        if found is None:
            return
        em = self.fontMetrics().height()
        self.title.setText(found.title)
        self.kind.setText(found.kind)
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
