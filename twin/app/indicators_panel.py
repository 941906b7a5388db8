"""Shows the indicators of all scenarios in one table, with what they differ by from a baseline."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.analysis.heat_spots import HeatFigures
from twin.analysis.kpi import INDICATORS, Indicator, Row
from twin.analysis.kpi_heat import HEAT_INDICATORS, heat_rows
from twin.app import icons, texts
from twin.app.theme import tones_of
from twin.scene.comparison import baseline_of
from twin.scene.heat import HEAT
from twin.scene.heat_asked import want_figures
from twin.scene.indicators import want_indicators
from twin.scene.scene import Failed, Request
from twin.session.commands import choose_baseline, choose_scenario
from twin.session.session import Session

WHICH = int(Qt.ItemDataRole.UserRole)
ALL = (*INDICATORS, *HEAT_INDICATORS)
MOST = 9
"""Scenarios in the table: as many as there are keys for."""
EXACT = 1e-9
"""What differs by less does not differ."""

Values = dict[str, dict[str, Row]]
"""By scenario and by row."""


class IndicatorsPanel(QWidget):
    """Scenarios as columns, indicators as rows; a click on a column shows its scenario."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: object = None
        self.baseline, self.table = QComboBox(), QTableWidget()
        self.copy = QPushButton(self.tr("Copy table"))
        self._lay_out()
        self.baseline.activated.connect(
            lambda _row: self._session.do(choose_baseline, self.baseline.currentData())
        )
        self.table.horizontalHeader().sectionClicked.connect(self._choose)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Asks for all indicators, as long as the panel is seen, and shows those that are there."""
        self._session = session
        if not self.isVisible():
            session.ask("indicators panel")
            return
        requests: dict[str, Request] = {}
        for scenario in session.project.scenarios[:MOST]:
            built = session.glance(scenario.id).built
            if built is not None:
                requests[scenario.id] = want_indicators(built, scenario.title)
        hot = self._heat_steps(session)
        steps = [step for step in hot.values() if isinstance(step, Request)]
        session.ask("indicators panel", *requests.values(), *steps)
        answers = {name: session.answer(request) for name, request in requests.items()}
        figures = {
            name: found
            for name, step in hot.items()
            if isinstance(step, Request) and isinstance(found := session.answer(step), HeatFigures)
        }
        base = baseline_of(session.project, session.state)
        relevant = (answers, figures, base, session.state.scenario, session.project.scenarios)
        if relevant == self._shown:
            return
        self._shown = relevant
        self._fill_baseline(base)
        known: Values = {
            name: {row.id: row for row in (*answer, *(heat_rows(figures[name]) if name in figures else ()))}
            for name, answer in answers.items()
            if isinstance(answer, tuple)
        }
        failed = {name: answer for name, answer in answers.items() if isinstance(answer, Failed)}
        self._fill(known, failed, base)

    def _heat_steps(self, session: Session) -> dict[str, Request | Failed | None]:
        """What leads to the figures of heat of each scenario, as long as heat is in view."""
        state = session.state
        if state.overlay not in HEAT:
            return {}
        return {
            scenario.id: want_figures(session.project, state, built, scenario.id, session.results)
            for scenario in session.project.scenarios[:MOST]
            if (built := session.glance(scenario.id).built) is not None
        }

    def text(self) -> str:
        """The table to paste elsewhere: rows in lines, columns parted by tabs."""
        table, columns = self.table, range(self.table.columnCount())
        lines = ["\t".join(["", *(_text(table.horizontalHeaderItem(column)) for column in columns)])]
        for row in range(table.rowCount()):
            cells = [_text(table.item(row, column)) for column in columns]
            lines.append("\t".join([_text(table.verticalHeaderItem(row)), *cells]))
        return "\n".join(lines)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Catches up with what happened while nobody looked."""
        super().showEvent(event)
        self.refresh(self._session)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._shown is not None:
            self._shown = None
            self.refresh(self._session)

    def _fill_baseline(self, base: str) -> None:
        self.baseline.clear()
        for scenario in self._session.project.scenarios:
            self.baseline.addItem(scenario.title, scenario.id)
        self.baseline.setCurrentIndex(self.baseline.findData(base))

    def _fill(self, known: Values, failed: dict[str, Failed], base: str) -> None:
        scenarios = self._session.project.scenarios[:MOST]
        names = _order({name for rows in known.values() for name in rows})
        self.table.setRowCount(len(names))
        self.table.setColumnCount(len(scenarios))
        for column, scenario in enumerate(scenarios):
            head = QTableWidgetItem(scenario.title)
            head.setData(WHICH, scenario.id)
            font = QFont()
            font.setBold(scenario.id == self._session.state.scenario)
            head.setFont(font)
            head.setToolTip(texts.tip(scenario.description or scenario.title))
            self.table.setHorizontalHeaderItem(column, head)
        for number, name in enumerate(names):
            row = next(rows[name] for rows in known.values() if name in rows)
            self.table.setVerticalHeaderItem(number, _head(row))
            for column, scenario in enumerate(scenarios):
                item = self._cell(known, failed, scenario.id, base, row)
                self.table.setItem(number, column, item)
        self.table.resizeRowsToContents()

    def _cell(
        self, known: Values, failed: dict[str, Failed], scenario: str, base: str, row: Row
    ) -> QTableWidgetItem:
        if scenario not in known:
            item = QTableWidgetItem("–" if scenario in failed else "…")
            item.setToolTip(texts.tip(failed[scenario].message) if scenario in failed else "")
            return item
        if _awaited(known, scenario, row.id):
            return QTableWidgetItem("…")
        value = _value(known, scenario, row.id)
        item = QTableWidgetItem(written(value, row.decimals))
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if scenario != base and base in known and not _awaited(known, base, row.id):
            before = _value(known, base, row.id)
            item.setText(f"{item.text()}\n{delta(before, value, row.decimals)}")
            if abs(value - before) <= EXACT:
                item.setForeground(QColor(tones_of(self.palette()).muted))
        return item

    def _choose(self, column: int) -> None:
        head = self.table.horizontalHeaderItem(column)
        if head is not None:
            self._session.do(choose_scenario, head.data(WHICH))

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        said = QLabel(self.tr("Difference from"))
        for widget in (self.baseline, self.baseline.view()):
            widget.setAccessibleName(self.tr("Baseline that differences are counted from"))
        said.setBuddy(self.baseline)
        self.copy.setFlat(True)
        self.copy.setIcon(icons.icon("copy"))
        self.copy.setToolTip(self.tr("Copy the table, for a spreadsheet"))
        head = QHBoxLayout()
        head.setContentsMargins(em // 2, em // 3, em // 2, em // 3)
        for part in (said, self.baseline, self.copy):
            head.addWidget(part)
        head.addStretch()
        self.table.setAccessibleName(self.tr("Indicators of all scenarios"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setMinimumSectionSize(8 * em)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)


def written(value: float, decimals: int) -> str:
    """A number as people write it."""
    return texts.language().toString(value, "f", decimals)


def delta(before: float, after: float, decimals: int) -> str:
    """What a value differs by: the number, and the share of what it was."""
    by = after - before
    if abs(by) <= EXACT:
        return "="
    sign = "+" if by > 0 else "−"
    text = f"{sign}{written(abs(by), decimals)}"
    if abs(before) <= EXACT:
        return text
    share = 100 * abs(by / before)
    return f"{text} ({sign}{written(share, 0 if share >= 10 else 1)} %)"


def _text(item: QTableWidgetItem | None) -> str:
    return "" if item is None else item.text().strip().replace("\n", " ")


def _value(known: Values, scenario: str, name: str) -> float:
    """A class that a scenario lacks is none of it."""
    row = known[scenario].get(name)
    return 0.0 if row is None else row.value


def _awaited(known: Values, scenario: str, name: str) -> bool:
    """Heat that is not worked out yet; of other rows, one that is not there is none of it."""
    return name not in known[scenario] and any(each.id == name for each in HEAT_INDICATORS)


def _order(names: set[str]) -> list[str]:
    places = {indicator.id: place for place, indicator in enumerate(ALL)}
    return sorted(names, key=lambda name: (places[name.partition(".")[0]], name))


def _indicator(row: Row) -> Indicator:
    return next(each for each in ALL if each.id == row.id.partition(".")[0])


def _head(row: Row) -> QTableWidgetItem:
    about = _indicator(row)
    inside = "    " if "." in row.id and about.id != "ground" else ""
    title = row.title.partition(", ")[2] if inside else row.title
    item = QTableWidgetItem(f"{inside}{title[:1].upper()}{title[1:]}{f' [{row.unit}]' if row.unit else ''}")
    lines = (about.formula, f"{texts.tr('From')}: {about.inputs}", f"{texts.tr('Source')}: {about.source}")
    item.setToolTip(texts.tip("\n".join(lines)))
    return item
