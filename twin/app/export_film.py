"""The page of the export dialog for films."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QSpinBox, QWidget

from twin.app.export_page import Given, Page, ProcessWork, TickList, Work
from twin.app.export_process import Progress
from twin.app.film_map import FilmMap
from twin.app.film_process import start_film
from twin.errors import TwinError
from twin.formats import film_file
from twin.model.sheet import Panel, Sheet
from twin.scene.film import FASTEST, FEWEST, MOST, SLOWEST, Film, check
from twin.scene.flight import flight, seconds_of

SIZES = ((1280, 720), (1920, 1080), (3840, 2160), (1080, 1080), (1080, 1920))
ON_MAP = 120
"""Points of the path that the map shows."""
CALM = 10.0
"""Length of what is no flight, unless the user says otherwise. [s]"""


class FilmPage(Page):
    """Kind, views, length, size and file of a film."""

    kind = "film"
    ending = ".webp"
    files = "Films (*.webp *.mp4)"

    def __init__(self, given: Given, parent: QWidget | None = None) -> None:
        super().__init__(given, parent)
        self._state = replace(given.state, compare="none")
        self._chosen_length = False
        self.kind_box, self.after, self.size_box = QComboBox(), QComboBox(), QComboBox()
        self.map = FilmMap(given.project)
        self.seconds, self.rate, self.pause = QDoubleSpinBox(), QSpinBox(), QDoubleSpinBox()
        self.first, self.last = QDoubleSpinBox(), QDoubleSpinBox()
        self.daylight = QCheckBox(self.tr("From sunrise to sunset"))
        self.words = QCheckBox(self.tr("Title, hour, legend, scale and sources"))
        camera, marks = self._state.camera, [(mark.title, mark.camera) for mark in given.project.bookmarks]
        if camera is not None and camera not in [other for _, other in marks]:
            marks.insert(0, (self.tr("This view"), camera))
        self.views = TickList(marks, moved=True)
        self._fill()
        self.seconds.valueChanged.connect(self._length_chosen)
        for label, widget, name in (
            (self.tr("Kind"), self.kind_box, ""),
            (self.tr("Views"), self.views, self.tr("Views, in their order")),
            (self.tr("Ends with"), self.after, ""),
            (self.tr("Hours"), self.daylight, ""),
            (self.tr("First hour"), self.first, ""),
            (self.tr("Last hour"), self.last, ""),
            (self.tr("Length"), self.seconds, ""),
            (self.tr("Stay at each"), self.pause, self.tr("Stay at each view")),
            (self.tr("Pictures"), self.rate, ""),
            (self.tr("Size"), self.size_box, ""),
            (self.tr("With"), self.words, ""),
        ):
            self.row(label, widget, name)
        self.changed.connect(self._arrange)
        self._arrange()

    @property
    def film(self) -> Film:
        """The film as it is asked for."""
        kind, more = self.kind_box.currentData(), dict[str, Any](shadows=self.given.shadows)
        hours = None if self.daylight.isChecked() else (self.first.value(), self.last.value())
        return Film(
            kind,
            self._state,
            self.views.chosen if kind == "flight" else (),
            str(self.after.currentData() or "") if kind == "morph" else "",
            frames=max(round(self.seconds.value() * self.rate.value()), FEWEST),
            rate=float(self.rate.value()),
            size=self.size_box.currentData(),
            pause=self.pause.value() if kind == "flight" else 0.0,
            hours=hours if kind == "day" else None,
            plain=not self.words.isChecked(),
            **more,
        )

    @property
    def sheet(self) -> Sheet:
        """What stands at the end of the film."""
        film, more = self.film, dict[str, Any](shadows=self.given.shadows)
        state = replace(film.state, scenario=film.after or film.state.scenario)
        return Sheet((Panel(state),), film.size, plain=film.plain, **more)

    @property
    def aside(self) -> QWidget | None:
        """The way of a flight."""
        return self.map if self.kind_box.currentData() == "flight" else None

    @property
    def told(self) -> str:
        """See `Page.told`."""
        film = self.film
        lines = [self.tr("{0} pictures, {1} s").format(film.frames, f"{film.seconds:.1f}")]
        if film.kind == "flight":
            lines.append(self.tr("A calm flight takes {0} s.").format(f"{self._calm:.0f}"))
        if film_file.encoder() is None:
            lines.append(self.tr("MP4 needs ffmpeg, which is not on this machine; WebP needs nothing."))
        return "\n".join(lines)

    def check(self, path: Path) -> None:
        """See `Page.check`."""
        film = self.film
        check(film)
        film_file.check(path)
        if film.kind == "flight" and not film.views:
            raise TwinError(self.tr("A flight needs a view. Tick one, or keep some with Ctrl+B."))
        if film.frames > MOST:
            raise TwinError(self.tr("The film is too long."))

    def start(self, path: Path, progress: Progress, parent: QObject) -> Work:
        """See `Page.start`."""
        process = start_film(self.given.project, self.film, path, progress=progress, parent=parent)
        return ProcessWork(process, parent)

    @property
    def _calm(self) -> float:
        """How long it takes without haste. [s]"""
        if self.kind_box.currentData() != "flight":
            return CALM
        return seconds_of(self.views.chosen, pause=self.pause.value())

    def _fill(self) -> None:
        for text, kind in (
            (self.tr("A flight through views"), "flight"),
            (self.tr("A day, as the sun goes"), "day"),
            (self.tr("From one scenario to another"), "morph"),
        ):
            self.kind_box.addItem(text, kind)
        for scenario in self.given.project.scenarios:
            if scenario.id != self._state.scenario:
                self.after.addItem(scenario.title, scenario.id)
        for width, height in SIZES:
            self.size_box.addItem(f"{width} × {height}", (width, height))
        for box, low, high, value, unit in (
            (self.seconds, 0.1, 600.0, CALM, self.tr(" s")),
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

    def _length_chosen(self) -> None:
        self._chosen_length = True

    def _arrange(self) -> None:
        kind = self.kind_box.currentData()
        for widget, shown in (
            (self.views, kind == "flight"),
            (self.pause, kind == "flight"),
            (self.after, kind == "morph"),
            (self.daylight, kind == "day"),
            (self.first, kind == "day" and not self.daylight.isChecked()),
            (self.last, kind == "day" and not self.daylight.isChecked()),
        ):
            self.form.setRowVisible(widget, shown)
        if not self._chosen_length:
            with QSignalBlocker(self.seconds):
                self.seconds.setValue(self._calm)
        cameras = self.views.chosen if kind == "flight" else ()
        self.map.show_way(cameras, flight(cameras, ON_MAP) if cameras else ())
