"""Lists sensors that are above a threshold: how badly, since which reading, and who set it."""

from __future__ import annotations

import time
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.analysis.thresholds import LEVELS, Alarm, alarms
from twin.app import texts
from twin.model.sensor import marked
from twin.scene.sensors import heard_of, moment_of
from twin.session.session import Session

HEAD = ("Level", "Station", "Value", "Above", "At", "Source of the threshold")
PAUSE = 1.0
"""Between two lists while values come. [s]"""
ID = int(Qt.ItemDataRole.UserRole)


class AlarmsPanel(QWidget):
    """A row for each alarm at the time of the state."""

    station_chosen = Signal(str)
    """Id of a station that one wants to see."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown: tuple[object, ...] = ()
        self._since = 0.0
        self.note, self.table = QLabel(), QTableWidget(0, len(HEAD))
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setObjectName("muted")
        self.table.setAccessibleName(self.tr("Alarms"))
        self.table.setHorizontalHeaderLabels([self.tr(name) for name in HEAD])
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(len(HEAD) - 1, QHeaderView.ResizeMode.Stretch)
        self.table.itemActivated.connect(lambda item: self.station_chosen.emit(str(item.data(ID))))
        column = QVBoxLayout(self)
        column.addWidget(self.note)
        column.addWidget(self.table, 1)
        self._soon = QTimer(self, singleShot=True, interval=round(1000 * PAUSE))
        self._soon.timeout.connect(lambda: self.refresh(self._session))
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the list equal to the session, at most once a second."""
        self._session = session
        heard = heard_of(session.results)
        relevant = (heard, moment_of(session.state))
        if relevant == self._shown:
            return
        if time.monotonic() - self._since < PAUSE and self._shown:
            self._soon.start()
            return
        self._shown, self._since = relevant, time.monotonic()
        if heard is None:
            self.note.setText(self.tr("No sensors were heard yet."))
            self._show(())
            return
        latest = heard.latest([stream.id for stream in heard.streams], moment_of(session.state))
        self._show(alarms(heard, latest))
        self.note.setText(
            self.tr(
                "Most thresholds are of means over hours, readings of a moment: an alarm is a reason to look."
            )
        )

    def _show(self, found: tuple[Alarm, ...]) -> None:
        zone = self._session.project.place.zone
        self.table.setRowCount(len(found))
        for row, each in enumerate(found):
            stream = each.stream
            cells = (
                self.tr(LEVELS[each.threshold.alarm]),
                marked(stream.station.title, stream),
                f"{stream.property.title} {texts.amount(each.value, stream.unit)}",
                f"{each.threshold.above:g}: {each.threshold.title}",
                f"{datetime.fromtimestamp(each.time, zone):%d %b %H:%M}",
                each.threshold.source,
            )
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setData(ID, stream.station.id)
                item.setToolTip(texts.tip(text))
                self.table.setItem(row, column, item)
