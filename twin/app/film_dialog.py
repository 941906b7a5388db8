"""Asks what a film is to show and how long it runs, and has it made beside the window."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QProcess, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from twin.app.export_process import problem_of
from twin.app.film_map import FilmMap
from twin.app.film_process import start_film
from twin.errors import TwinError
from twin.formats import film_file
from twin.model.project import Project
from twin.model.state import Camera, State
from twin.scene.film import FASTEST, FEWEST, MOST, SLOWEST, Film, check
from twin.scene.flight import flight, seconds_of

SIZES = ((1280, 720), (1920, 1080), (3840, 2160), (1080, 1080), (1080, 1920))
FILES = "Films (*.webp *.mp4)"
ROWS = 6
"""Of the list of views that are seen at once."""
ON_MAP = 120
"""Points of the path that the map shows."""


class FilmDialog(QDialog):
    """Kind, views, length, size and file of a film; does not block the window."""

    def __init__(
        self, project: Project, state: State, path: Path, shadows: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export film"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self._project, self._state, self._shadows = project, replace(state, compare="none"), shadows
        self._process: QProcess | None = None
        self._since = 0.0
        self._chosen_length = False
        self.kind, self.after, self.size_box = QComboBox(), QComboBox(), QComboBox()
        self.views = QListWidget()
        self.map = FilmMap(project)
        self.seconds, self.rate, self.pause = QDoubleSpinBox(), QSpinBox(), QDoubleSpinBox()
        self.first, self.last = QDoubleSpinBox(), QDoubleSpinBox()
        self.daylight = QCheckBox(self.tr("From sunrise to sunset"))
        self.words = QCheckBox(self.tr("Title, hour, legend, scale and sources"))
        self.path, self.told, self.problem = QLineEdit(str(path)), QLabel(), QLabel()
        self.bar = QProgressBar()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._fill()
        self._lay_out()
        for box in (self.kind, self.after, self.size_box):
            box.activated.connect(self._changed)
        for number in (self.rate, self.pause, self.first, self.last):
            number.valueChanged.connect(self._changed)
        self.seconds.valueChanged.connect(self._length_chosen)
        for check_box in (self.daylight, self.words):
            check_box.clicked.connect(self._changed)
        self.views.itemChanged.connect(self._changed)
        self.views.model().rowsMoved.connect(self._changed)
        self.path.textEdited.connect(self._changed)
        self.buttons.accepted.connect(self.save)
        self.buttons.rejected.connect(self.reject)
        self._changed()
        self.adjustSize()

    @property
    def film(self) -> Film:
        """The film as it is asked for."""
        kind = self.kind.currentData()
        seconds, rate = self.seconds.value(), self.rate.value()
        hours = None if self.daylight.isChecked() else (self.first.value(), self.last.value())
        return Film(
            kind,
            self._state,
            self._cameras() if kind == "flight" else (),
            str(self.after.currentData() or "") if kind == "morph" else "",
            frames=max(round(seconds * rate), FEWEST),
            rate=float(rate),
            size=self.size_box.currentData(),
            pause=self.pause.value() if kind == "flight" else 0.0,
            hours=hours if kind == "day" else None,
            plain=not self.words.isChecked(),
            shadows=self._shadows,  # type: ignore[arg-type]  # one of those a Film takes
        )

    def save(self) -> None:
        """Starts making the film; the dialog closes when it is there."""
        try:
            self._process = start_film(
                self._project, self.film, Path(self.path.text()), progress=self._tell, parent=self
            )
        except TwinError as error:
            self._complain(str(error))
            return
        self._since = time.monotonic()
        self.bar.setValue(0)
        self.bar.setVisible(True)
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(False)
        self._process.finished.connect(self._ended)

    def reject(self) -> None:
        """Gives up what is being made, and closes."""
        self._stop()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """As `reject`."""
        self._stop()
        super().closeEvent(event)

    def _cameras(self) -> tuple[Camera, ...]:
        found = []
        for row in range(self.views.count()):
            item = self.views.item(row)
            if item.checkState() is Qt.CheckState.Checked:
                found.append(item.data(Qt.ItemDataRole.UserRole))
        return tuple(found)

    def _fill(self) -> None:
        for text, kind in (
            (self.tr("A flight through views"), "flight"),
            (self.tr("A day, as the sun goes"), "day"),
            (self.tr("From one scenario to another"), "morph"),
        ):
            self.kind.addItem(text, kind)
        for scenario in self._project.scenarios:
            if scenario.id != self._state.scenario:
                self.after.addItem(scenario.title, scenario.id)
        for width, height in SIZES:
            self.size_box.addItem(f"{width} × {height}", (width, height))
        marks = [(mark.title, mark.camera) for mark in self._project.bookmarks]
        if self._state.camera is not None and self._state.camera not in [camera for _, camera in marks]:
            marks.insert(0, (self.tr("This view"), self._state.camera))
        for title, camera in marks:
            item = QListWidgetItem(title, self.views)
            item.setData(Qt.ItemDataRole.UserRole, camera)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
        self.views.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        for box, low, high, value, unit in (
            (self.seconds, 0.1, 600.0, 10.0, self.tr(" s")),
            (self.pause, 0.0, 60.0, 0.0, self.tr(" s")),
            (self.first, 0.0, 23.5, 6.0, self.tr(" h")),
            (self.last, 0.5, 24.0, 21.0, self.tr(" h")),
        ):
            box.setRange(low, high)
            box.setDecimals(1)
            box.setSingleStep(0.5)
            box.setValue(value)
            box.setSuffix(unit)
        self.rate.setRange(int(SLOWEST), int(FASTEST))
        self.rate.setValue(25)
        self.rate.setSuffix(self.tr(" a second"))
        self.daylight.setChecked(True)
        self.words.setChecked(True)
        for widget, name in (
            (self.kind, self.tr("Kind")),
            (self.views, self.tr("Views, in their order")),
            (self.after, self.tr("Ends with")),
            (self.seconds, self.tr("Length")),
            (self.rate, self.tr("Pictures")),
            (self.pause, self.tr("Stay at each view")),
            (self.first, self.tr("First hour")),
            (self.last, self.tr("Last hour")),
            (self.daylight, self.tr("From sunrise to sunset")),
            (self.words, self.tr("Title, hour, legend, scale and sources")),
            (self.size_box, self.tr("Size")),
            (self.path, self.tr("File")),
            (self.map, self.tr("The way of the flight")),
            (self.bar, self.tr("Progress")),
        ):
            widget.setAccessibleName(name)

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        browse = QPushButton(self.tr("Browse…"))
        browse.clicked.connect(self._browse)
        file = QHBoxLayout()
        file.addWidget(self.path)
        file.addWidget(browse)
        self.views.setFixedHeight(round(ROWS * 1.5 * em))
        self.form = QFormLayout()
        for name, widget in (
            (self.tr("Kind"), self.kind),
            (self.tr("Views"), self.views),
            (self.tr("Ends with"), self.after),
            (self.tr("Hours"), self.daylight),
            (self.tr("First hour"), self.first),
            (self.tr("Last hour"), self.last),
            (self.tr("Length"), self.seconds),
            (self.tr("Stay at each"), self.pause),
            (self.tr("Pictures"), self.rate),
            (self.tr("Size"), self.size_box),
            (self.tr("With"), self.words),
        ):
            self.form.addRow(name, widget)
        self.form.addRow(self.tr("File"), file)
        self.map.setFixedSize(24 * em, 24 * em)
        self.told.setObjectName("muted")
        for label in (self.told, self.problem):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.bar.setRange(0, 1000)
        self.bar.setVisible(False)
        left, above, outer = QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        left.addLayout(self.form)
        left.addWidget(self.told)
        left.addStretch()
        above.addLayout(left, 1)
        above.addWidget(self.map, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(above)
        for below in (self.problem, self.bar, self.buttons):
            outer.addWidget(below)
        self.setMinimumWidth(60 * em)

    def _length_chosen(self) -> None:
        self._chosen_length = True
        self._changed()

    def _changed(self) -> None:
        kind = self.kind.currentData()
        for widget, shown in (
            (self.views, kind == "flight"),
            (self.pause, kind == "flight"),
            (self.after, kind == "morph"),
            (self.daylight, kind == "day"),
            (self.first, kind == "day" and not self.daylight.isChecked()),
            (self.last, kind == "day" and not self.daylight.isChecked()),
        ):
            self.form.setRowVisible(widget, shown)
        cameras = self._cameras() if kind == "flight" else ()
        calm = seconds_of(cameras, pause=self.pause.value()) if kind == "flight" else 10.0
        if not self._chosen_length:
            self.seconds.blockSignals(True)
            self.seconds.setValue(calm)
            self.seconds.blockSignals(False)
        film = self.film
        self.map.setVisible(kind == "flight")
        self.map.show_way(cameras, flight(cameras, ON_MAP) if cameras else ())
        self.told.setText(self._said(film, calm))
        try:
            check(film)
            film_file.check(Path(self.path.text()))
            if kind == "flight" and not cameras:
                raise TwinError(self.tr("A flight needs a view. Tick one, or keep some with Ctrl+B."))
            if film.frames > MOST:
                raise TwinError(self.tr("The film is too long."))
            self._complain("")
        except TwinError as error:
            self._complain(str(error))

    def _said(self, film: Film, calm: float) -> str:
        lines = [self.tr("{0} pictures, {1} s").format(film.frames, f"{film.seconds:.1f}")]
        if film.kind == "flight":
            lines.append(self.tr("A calm flight takes {0} s.").format(f"{calm:.0f}"))
        if film_file.encoder() is None:
            lines.append(self.tr("MP4 needs ffmpeg, which is not on this machine; WebP needs nothing."))
        return "\n".join(lines)

    def _complain(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        busy = self._process is not None
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(not text and not busy)

    def _tell(self, fraction: float) -> None:
        self.bar.setValue(round(1000 * fraction))
        if 0.05 < fraction < 1.0:
            left = (time.monotonic() - self._since) * (1 / fraction - 1)
            self.bar.setFormat(self.tr("%p %, about {0} s left").format(round(left)))

    def _ended(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        self.bar.setVisible(False)
        if problem := problem_of(process):
            self._complain(problem)
        else:
            self.accept()

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.state() is not QProcess.ProcessState.NotRunning:
            process.kill()
            process.waitForFinished(2000)

    def _browse(self) -> None:
        """Asks without blocking, as a native question would stop the view behind it."""
        dialog = QFileDialog(self, self.tr("Export film"), self.path.text(), FILES)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("webp")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.path.setText)
        dialog.fileSelected.connect(self._changed)
        dialog.open()
