"""Asks where sensors are heard, listens for a moment, and adds the feed to the project."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
)

from twin.errors import TwinError
from twin.model.project import Project
from twin.model.sensor import KINDS, Datastream, Feed

if TYPE_CHECKING:
    from twin.app.window import Window

PATIENCE = 20.0
"""A connection is tried for so long. [s]"""
NAMES = {
    "sensorthings": "SensorThings API",
    "mqtt": "MQTT broker",
    "ngsi": "NGSI-LD or NGSI v2 broker",
    "series": "File of series (CSV, Parquet, GeoJSON)",
    "fmi": "Finnish Meteorological Institute",
    "digitraffic": "Digitraffic road weather",
    "gtfs-realtime": "Vehicles (GTFS-Realtime)",
}
ID = int(Qt.ItemDataRole.UserRole)


def ask_feed(window: Window) -> FeedDialog | None:
    """Opens the dialog; what is added is one step of undo."""
    session = window.session
    if session is None:
        return None
    dialog = FeedDialog(session.project, window)

    def add(feed: Feed) -> None:
        if window.session is session:
            project = replace(session.project, feeds=(*session.project.feeds, feed))
            session.adopt(project, title=dialog.tr("Add feed"))
            window.say(dialog.tr("Added. Sensors ▸ Live listens to it; Save keeps it in the project."))

    dialog.added.connect(add)
    dialog.show()
    return dialog


class FeedDialog(QDialog):
    """Kind, address, secret; a test says which datastreams there are."""

    added = Signal(object)
    """Feed"""
    _found = Signal(object, str)

    def __init__(self, project: Project, parent: Any = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Add feed"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._project = project
        self._stop = threading.Event()
        self._tried: Feed | None = None
        self.kind, self.url = QComboBox(), QLineEdit()
        self.title, self.credit = QLineEdit(), QLineEdit()
        self.options, self.secret = QLineEdit(), QLineEdit()
        self.made_up = QCheckBox(self.tr("Its values are synthetic"))
        self.test = QPushButton(self.tr("Test connection"))
        self.streams, self.note = QListWidget(), QLabel()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._lay_out()
        self.test.clicked.connect(self.try_it)
        self.buttons.accepted.connect(self._on_add)
        self.buttons.rejected.connect(self.close)
        self._found.connect(self._show_found)

    @property
    def feed(self) -> Feed:
        """What is asked for. Raises TwinError."""
        kind, url = str(self.kind.currentData()), self.url.text().strip()
        if not url:
            raise TwinError(self.tr("Give an address."))
        options: dict[str, Any] = {}
        if text := self.options.text().strip():
            try:
                options = json.loads(text)
            except ValueError as error:
                raise TwinError(self.tr("Options: {0}. Write them as JSON.").format(error)) from error
            if not isinstance(options, dict):
                raise TwinError(self.tr('Options: write them as a JSON object, as {"every": 60}.'))
        taken = {feed.id for feed in self._project.feeds}
        plain = urlsplit(url).hostname if "://" in url else Path(url).stem
        name = re.sub(r"[^a-z0-9]+", "-", (plain or kind).lower()).strip("-") or kind
        names = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
        return Feed(
            next(each for each in names if each not in taken),
            kind,
            url,
            self.title.text().strip(),
            self.credit.text().strip(),
            self.made_up.isChecked(),
            options,
        )

    def try_it(self) -> None:
        """Listens in a thread until datastreams are known."""
        try:
            feed = self.feed
        except TwinError as error:
            self._say(str(error))
            return
        self._stop.set()
        self._stop = stop = threading.Event()
        self.streams.clear()
        self._say(self.tr("Connecting …"))
        self.test.setEnabled(False)
        self._tried = feed
        self._keep_secret(feed)

        def work() -> None:
            try:
                found, told = _listen(feed, self._project, stop)
            except TwinError as error:
                found, told = (), str(error)
            if not stop.is_set():
                self._found.emit(found, told)

        threading.Thread(target=work, name="feed test", daemon=True).start()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """Gives up what is being tried."""
        self._stop.set()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        for kind in KINDS:
            self.kind.addItem(self.tr(NAMES[kind]), kind)
        self.kind.view().setAccessibleName(self.tr("Kind"))
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.url.setPlaceholderText("https://…/v1.1, mqtts://…, readings.csv")
        self.options.setPlaceholderText('{"every": 60}')
        form = QFormLayout()
        for name, widget in (
            (self.tr("Kind"), self.kind),
            (self.tr("Address"), self.url),
            (self.tr("Title"), self.title),
            (self.tr("Owner and licence"), self.credit),
            (self.tr("Password or token"), self.secret),
            (self.tr("Options"), self.options),
        ):
            widget.setAccessibleName(name)
            form.addRow(name, widget)
        form.addRow("", self.made_up)
        self.secret.setToolTip(self.tr("Goes into the keyring of this computer, never into the project"))
        self.streams.setAccessibleName(self.tr("Datastreams that were found"))
        self.test.setToolTip(self.tr("Listen for a moment, and list what is there"))
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.test)
        column.addWidget(self.streams, 1)
        column.addWidget(self.note)
        column.addWidget(self.buttons)
        self.resize(34 * self.fontMetrics().height(), 34 * self.fontMetrics().height())

    def _show_found(self, found: tuple[Datastream, ...], told: str) -> None:
        self.test.setEnabled(True)
        choosing = self._tried is not None and self._tried.kind == "sensorthings"
        for stream in found:
            item = QListWidgetItem(f"{stream.station.title}: {stream.property.title} [{stream.unit}]")
            item.setData(ID, stream.id)
            item.setToolTip(stream.id)
            if choosing:
                item.setCheckState(Qt.CheckState.Checked)
            self.streams.addItem(item)
        if found:
            self._say(self.tr("{0} datastreams. {1}").format(len(found), told))
        else:
            self._say(told or self.tr("It answers, and has no datastreams near this place."))

    def _chosen(self) -> tuple[str, ...] | None:
        """Own ids of the checked datastreams; None: all."""
        items = [self.streams.item(row) for row in range(self.streams.count())]
        checked = [item for item in items if item.checkState() == Qt.CheckState.Checked]
        if not checked or len(checked) == len(items):
            return None
        return tuple(str(item.data(ID)).partition("/")[2] for item in checked)

    def _on_add(self) -> None:
        try:
            feed = self.feed
            chosen = self._chosen()
            if chosen is not None and feed.kind == "sensorthings":
                feed = replace(feed, options={**feed.options, "streams": list(chosen)})
            from twin.feeds.sources import run_of

            folder = self._project.path.parent if self._project.path is not None else None
            run_of(feed, folder)  # what is wrong with it is said now
        except TwinError as error:
            self._say(str(error))
            return
        if not self._keep_secret(feed):
            return
        self.added.emit(feed)
        self.close()

    def _keep_secret(self, feed: Feed) -> bool:
        if not self.secret.text():
            return True
        from twin.feeds import secrets

        if secrets.keep(feed.id, feed.url, self.secret.text()):
            return True
        name = secrets.variable(feed.id)
        self._say(
            self.tr("This computer has no keyring: it is kept until the program ends. Later: {0}.").format(
                name
            )
        )
        return True

    def _say(self, text: str) -> None:
        self.note.setText(text)


def _listen(feed: Feed, project: Project, stop: threading.Event) -> tuple[tuple[Datastream, ...], str]:
    """What a feed has within a while, and what is wrong with it. Raises TwinError."""
    from twin.feeds.receiver import Receiver
    from twin.feeds.sources import around, run_of
    from twin.feeds.store import Store

    folder = project.path.parent if project.path is not None else None
    run = run_of(feed, folder)
    store = Store(None)
    receiver = Receiver(store, area=around(project.place.longitude, project.place.latitude))
    try:
        receiver.start([(feed, run)])
        waited = 0.0
        found: tuple[Datastream, ...] = ()
        while waited < PATIENCE and not stop.is_set() and not receiver.ended:
            stop.wait(0.1)
            waited += 0.1
            state = receiver.hearings[0].state
            if state not in ("", "connecting"):
                return (), state
            known = store.datastreams()
            if known and len(known) == len(found) and waited > 1.0:
                break
            found = known if int(waited * 10) % 10 == 0 else found
        return store.datastreams(), ""
    finally:
        receiver.close(1.0)
        store.close()
