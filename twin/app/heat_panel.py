"""Shows heat in numbers: shares of the classes, means, what differs from the baseline, and hot spots."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.analysis.heat_spots import AFTERNOON, HeatFigures
from twin.analysis.utci import CLASSES
from twin.app import icons, texts
from twin.scene.comparison import baseline_of
from twin.scene.heat import HEAT
from twin.scene.heat_asked import want_figures
from twin.scene.heat_known import hour_of
from twin.scene.scene import Failed, Request
from twin.session.session import Session

WHERE = int(Qt.ItemDataRole.UserRole)
WHO = "heat panel"
Cells = tuple[str, float | None, float | None, str]
"""Title, value, value of the baseline, unit."""


class HeatPanel(QWidget):
    """Figures of the scenario in view beside those of the baseline, and the hottest places."""

    zoom_requested = Signal(object)
    """Bounds to look at: west, south, east, north. [m]"""
    save_requested = Signal()
    """The user wants the maps as files."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: object = None
        self.title, self.note, self.places = QLabel(), QLabel(), QLabel()
        self.table, self.spots = QTableWidget(0, 3), QListWidget()
        self.copy = QPushButton(self.tr("Copy table"))
        self.save = QPushButton(self.tr("Save heat maps…"))
        self._lay_out()
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        self.save.clicked.connect(self.save_requested)
        self.spots.itemClicked.connect(self._on_spot)
        self.spots.itemActivated.connect(self._on_spot)
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Asks for the figures as long as the panel is seen, and shows those that are there."""
        self._session = session
        state = session.state
        if not self.isVisible() or state.overlay not in HEAT:
            session.ask(WHO)
            if self.isVisible():
                self._show_nothing(self.tr("Choose an overlay of the group Heat."))
            return
        base = baseline_of(session.project, state)
        steps = self._steps(session, base)
        session.ask(WHO, *(step for step in steps.values() if isinstance(step, Request)))
        steps = self._steps(session, base)  # again, as some may be worked out at once
        found = {
            name: session.answer(step) if isinstance(step, Request) else step for name, step in steps.items()
        }
        now = (tuple(found.items()), hour_of(state.time), state.time.date(), base)
        if now == self._shown:
            return
        self._shown = now
        own, other = found.get(state.scenario), found.get(base)
        if isinstance(own, HeatFigures):
            before = other if isinstance(other, HeatFigures) and base != state.scenario else None
            self._show(own, before, base)
        else:
            failed = next((each for each in (own, other) if isinstance(each, Failed)), None)
            self._show_nothing(failed.message if failed else self.tr("Working it out …"))

    def _steps(self, session: Session, base: str) -> dict[str, Request | Failed | None]:
        project, state = session.project, session.state
        found: dict[str, Request | Failed | None] = {}
        for scenario in dict.fromkeys((state.scenario, base)):
            built = session.glance(scenario).built
            if built is not None:
                found[scenario] = want_figures(project, state, built, scenario, session.results)
        return found

    def text(self) -> str:
        """The table to paste elsewhere."""
        columns = range(self.table.columnCount())
        lines = ["\t".join(["", *(_text(self.table.horizontalHeaderItem(column)) for column in columns)])]
        for row in range(self.table.rowCount()):
            cells = [_text(self.table.item(row, column)) for column in columns]
            lines.append("\t".join([_text(self.table.verticalHeaderItem(row)), *cells]))
        return "\n".join(lines)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Catches up with what happened while nobody looked."""
        super().showEvent(event)
        self.refresh(self._session)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the sizes of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setMinimumWidth(14 * self.fontMetrics().height())

    def _show_nothing(self, why: str) -> None:
        self._shown = None
        self.title.setText(texts.tr(why))
        for widget in (self.note, self.table, self.places, self.spots, self.copy):
            widget.hide()

    def _show(self, own: HeatFigures, before: HeatFigures | None, base: str) -> None:
        project, state = self._session.project, self._session.state
        name = project.scenario(state.scenario).title
        hour = hour_of(state.time)
        self.title.setText(
            f"{name}, {texts.language().toString(state.time.day)} {state.time:%B}, {hour:02}:00"
        )
        self.note.setText(self.tr("On all ground without building or water."))
        heads = [name]
        if before is not None:
            heads += [project.scenario(base).title, self.tr("Difference")]
        rows = table_rows(own, before, hour)
        self.table.setColumnCount(len(heads))
        self.table.setHorizontalHeaderLabels(heads)
        self.table.setRowCount(len(rows))
        for number, (title, value, other, unit) in enumerate(rows):
            self.table.setVerticalHeaderItem(number, QTableWidgetItem(title))
            cells = [_written(value, unit)]
            if before is not None:
                cells += [_written(other, unit), _difference(value, other, unit)]
            for column, cell in enumerate(cells):
                item = QTableWidgetItem(cell)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(number, column, item)
        self.places.setText(
            self.tr("Largest places above {0} °C").format(f"{own.threshold:g}")
            if own.spots
            else self.tr("No place of 100 m² is above {0} °C.").format(f"{own.threshold:g}")
        )
        self.spots.clear()
        for number, spot in enumerate(own.spots, 1):
            area = texts.amount(spot.area, "m²")
            said = self.tr("{0}. {1}, mean {2} °C, highest {3} °C").format(
                number, area, f"{spot.mean:.1f}", f"{spot.highest:.1f}"
            )
            entry = QListWidgetItem(said)
            entry.setData(WHERE, spot.bounds)
            entry.setToolTip(texts.tip(self.tr("Zoom to it")))
            self.spots.addItem(entry)
        for widget in (self.note, self.table, self.places, self.copy):
            widget.show()
        self.spots.setVisible(bool(own.spots))

    def _on_spot(self, item: QListWidgetItem) -> None:
        self.zoom_requested.emit(item.data(WHERE))

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self.setMinimumWidth(14 * em)
        for label in (self.title, self.note, self.places):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setObjectName("muted")
        self.table.setAccessibleName(self.tr("Heat in numbers"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.verticalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.spots.setAccessibleName(self.tr("Hot spots, the largest first"))
        for button, picture, tip in (
            (self.copy, "copy", self.tr("Copy the table, for a spreadsheet")),
            (self.save, "export", self.tr("Save all hours as GeoTIFF, with a description")),
        ):
            button.setFlat(True)
            button.setIcon(icons.icon(picture))
            button.setToolTip(texts.tip(tip))
            button.setAccessibleName(button.text())
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.note, 1)
        for button in (self.copy, self.save):
            head.addWidget(button)
        side = QVBoxLayout()
        side.addWidget(self.places)
        side.addWidget(self.spots, 1)
        both = QHBoxLayout()
        both.setSpacing(em)
        both.addWidget(self.table, 3)
        both.addLayout(side, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[round(0.5 * em)] * 4)
        column.setSpacing(round(0.3 * em))
        column.addLayout(head)
        column.addLayout(both, 1)


def table_rows(own: HeatFigures, before: HeatFigures | None, hour: int) -> list[Cells]:
    """All rows of the table, classes only where they occur in either."""
    tr = texts.tr

    def both(get: str, part: int | None = None) -> tuple[float | None, float | None]:
        found = [None if each is None else getattr(each, get) for each in (own, before)]
        one, other = (each if part is None or each is None else each[part] for each in found)
        return one, other

    rows: list[Cells] = []
    for part, title in ((0, tr("Lowest UTCI")), (1, tr("Mean UTCI")), (2, tr("Highest UTCI"))):
        rows.append((title, *both("spread", part), "°C"))
    rows.append((tr("Mean radiant temperature"), *both("radiant"), "°C"))
    span = f"{AFTERNOON[0]}–{AFTERNOON[-1]}"
    rows.append((tr("Mean UTCI, {0} h").format(span), *both("afternoon"), "°C"))
    rows.append((tr("Strong heat, {0} h").format(span), *both("strong"), "%"))
    mine, theirs = dict(own.shares), dict(before.shares) if before is not None else {}
    for _, name in CLASSES:
        if name in mine or name in theirs:
            title = f"{name[:1].upper()}{name[1:]}"
            other = theirs.get(name, 0.0) if before is not None else None
            rows.append((title, mine.get(name, 0.0), other, "%"))
    return rows


def _written(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{100 * value:.1f} %" if unit == "%" else f"{value:.1f} {unit}"


def _difference(value: float | None, other: float | None, unit: str) -> str:
    if value is None or other is None:
        return "–"
    by, unit = (100 * (value - other), "pp") if unit == "%" else (value - other, "K")
    if abs(by) < 0.005:
        return "="
    return f"{'+' if by > 0 else '−'}{abs(by):.2f} {unit}"


def _text(item: QTableWidgetItem | None) -> str:
    return "" if item is None else item.text()
