"""Asks which layer of which service is to be fetched into the project, and fetches it beside the window."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from twin.app import fetching, files
from twin.errors import Cancelled, TwinError

if TYPE_CHECKING:
    from twin.app.window import Window
    from twin.model.project import Project

NAMES = {
    "wfs": "WFS (features)",
    "oapif": "OGC API Features",
    "wms": "WMS (picture)",
    "wmts": "WMTS (tiles)",
    "xyz": "Tiles, XYZ",
    "tms": "Tiles, TMS",
}


def ask(window: Window) -> None:
    """Opens the dialog; the project is saved before, and opened again with what came, which is shown."""
    session = window.session
    if session is None or not files.save(window) or session.project.path is None:
        return
    dialog = FetchDialog(session.project.path, window)
    dialog.fetched.connect(lambda source, told: _show(window, dialog.project, source, told))
    dialog.show()


def _show(window: Window, path: Path, source: str, told: str) -> None:
    """Opens the project again where it was looked at, with what came in view."""
    from twin.session import commands

    before = window.session.state if window.session is not None else None

    def look(project: Project) -> None:
        session = window.session
        if session is None or project.path != path:
            return
        if before is not None and before.scenario in {scenario.id for scenario in project.scenarios}:
            session.do(commands.restore, before)
        if source in {raster.id for raster in project.rasters}:
            session.do(commands.choose_overlay, source)
        window.say(told)

    window.loader.loaded.connect(look, Qt.ConnectionType.SingleShotConnection)
    window.open(path)


class FetchDialog(QDialog):
    """Kind, address and layer; the thread is given up with Cancel."""

    fetched = Signal(str, str)
    """The id of what came, and what it is in words; the project file names it by now."""
    _progressed = Signal(float)
    _failed = Signal(str)

    def __init__(self, project: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Fetch from a service"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.project = project
        self._thread = ThreadPoolExecutor(1, "fetch")
        self._stop = threading.Event()
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("Service"))
        for kind, name in NAMES.items():
            self.kind.addItem(name, kind)
        self.url, self.layer, self.credit = QLineEdit(), QLineEdit(), QLineEdit()
        self.radius, self.zoom = QDoubleSpinBox(), QSpinBox()
        self.radius.setRange(10, 20_000)
        self.radius.setValue(500)
        self.radius.setDecimals(0)
        self.radius.setSuffix(" m")
        self.zoom.setRange(0, 22)
        self.zoom.setValue(17)
        form = QFormLayout()
        for title, box in (
            (self.tr("Address"), self.url),
            (self.tr("Layer"), self.layer),
            (self.tr("Radius"), self.radius),
            (self.tr("Zoom of tiles"), self.zoom),
            (self.tr("Owner, licence"), self.credit),
        ):
            box.setAccessibleName(title)
            form.addRow(title, box)
        form.insertRow(0, self.tr("Service"), self.kind)
        self.url.setMinimumWidth(420)
        self.credit.setPlaceholderText(self.tr("what the service says of itself"))
        self.note = QLabel(self.tr("Only this address is asked, and only when you press Fetch."))
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(self.tr("Progress"))
        self.bar.setTextVisible(False)
        self.bar.setVisible(False)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self.buttons.addButton(self.tr("Fetch"), QDialogButtonBox.ButtonRole.AcceptRole)
        outer = QVBoxLayout(self)
        outer.addLayout(form)
        outer.addWidget(self.note)
        outer.addWidget(self.bar)
        outer.addWidget(self.buttons)
        self.go.clicked.connect(self.begin)
        self.buttons.rejected.connect(self.reject)
        self.url.textChanged.connect(self.judge)
        self.layer.textChanged.connect(self.judge)
        self.kind.currentIndexChanged.connect(self.judge)
        self._progressed.connect(lambda share: self.bar.setValue(round(100 * share)))
        self._failed.connect(self._complain)
        self.fetched.connect(self.accept)
        self.judge()

    @property
    def request(self) -> fetching.Request:
        """As it stands here."""
        return fetching.Request(
            project=self.project,
            kind=str(self.kind.currentData()),
            url=self.url.text().strip(),
            layer=self.layer.text().strip(),
            radius=self.radius.value(),
            zoom=self.zoom.value(),
            credit=self.credit.text().strip(),
        )

    def judge(self) -> None:
        """Lets fetch only what is named; greys what does not matter."""
        request = self.request
        tiled = request.kind in fetching.TILED
        self.layer.setEnabled(not tiled)
        self.zoom.setEnabled(tiled)
        self.url.setPlaceholderText("https://…/{z}/{x}/{y}.png" if tiled else "https://…")
        self.go.setEnabled(bool(request.url) and (tiled or bool(request.layer)))

    def begin(self) -> None:
        """Fetches; `fetched` follows, or words of what went wrong."""
        self.go.setEnabled(False)
        self.bar.setVisible(True)
        self.note.setText(self.tr("Fetching …"))
        self._stop = threading.Event()
        self._thread.submit(self._fetch, self.request, self._stop)

    def done(self, result: int) -> None:
        """Closes, and gives up what is under way."""
        self._stop.set()
        self._thread.shutdown(wait=True, cancel_futures=True)
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """As Cancel does."""
        self._stop.set()
        super().closeEvent(event)

    def _fetch(self, request: fetching.Request, stop: threading.Event) -> None:
        try:
            name, amount, notices = fetching.fetch(request, progress=self._progressed.emit, stop=stop)
            self.fetched.emit(name, " ".join((f"{name}: {amount}.", *notices)))
        except Cancelled:
            return
        except TwinError as error:
            self._failed.emit(str(error))
        except Exception as error:  # shown to the user, whose project is as it was
            self._failed.emit(f"{type(error).__name__}: {error}")

    def _complain(self, text: str) -> None:
        self.note.setText(text)
        self.bar.setVisible(False)
        self.judge()
