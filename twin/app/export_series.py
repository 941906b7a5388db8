"""The page of the export dialog for many pictures: every scenario at every hour with every overlay."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from twin.app.export_page import Given, Page, ProcessWork, Work, check_folder
from twin.app.export_page import TickList as Ticks
from twin.app.export_picture import SCREENS, page_box
from twin.app.export_process import Copied, Progress, start
from twin.errors import TwinError
from twin.formats.atomic import replace_file
from twin.model.sheet import PAGES, SCREEN, Panel, Sheet
from twin.model.state import Bookmark, State
from twin.scene.overlays import overlays

HERE = "this-view"
"""Id of the view that is there now, among the bookmarks."""
MOST = 60
"""Views on one sheet."""


class SeriesPage(Page):
    """Which scenarios, hours, overlays and views, and how they are put together."""

    kind = "series"

    def __init__(self, given: Given, parent: QWidget | None = None) -> None:
        super().__init__(given, parent)
        project, state = given.project, given.state
        self.scenarios = self.scenario_list()
        self.hours = QLineEdit(f"{state.time.astimezone(project.place.zone):%H:%M}")
        self.hours.setPlaceholderText("9, 12:30, 15")
        self.overlays = Ticks(
            ((each.title, name) for name, each in overlays(project).items()), [state.overlay]
        )
        marks = [(mark.title, mark.id) for mark in project.bookmarks]
        self.views = Ticks([(self.tr("This view"), HERE), *marks], [HERE])
        self.together, self.page, self.size_box = QComboBox(), page_box("a3"), QComboBox()
        self.page.insertItem(0, self.tr("Screen: words over the view"), SCREEN)
        for text, way in (
            (self.tr("Each a picture"), ""),
            (self.tr("All on one sheet"), "small_multiples"),
            (self.tr("In pairs with the first scenario"), "pairs"),
            (self.tr("Swiped over the first scenario"), "swipe"),
        ):
            self.together.addItem(text, way)
        for name, size in SCREENS:
            self.size_box.addItem(f"{name}, {size[0]} × {size[1]}", f"{size[0]}x{size[1]}")
        self.page.setCurrentIndex(0)
        self.language = self.language_box()
        for label, widget, spoken in (
            (self.tr("Scenarios"), self.scenarios, ""),
            (self.tr("Hours"), self.hours, self.tr("Hours, as 9, 12:30, 15")),
            (self.tr("Overlays"), self.overlays, ""),
            (self.tr("Views"), self.views, ""),
            (self.tr("Together"), self.together, ""),
            (self.tr("Page"), self.page, ""),
            (self.tr("Size"), self.size_box, ""),
            (self.tr("Language"), self.language, ""),
        ):
            self.row(label, widget, spoken)
        self.changed.connect(self._arrange)
        self._arrange()

    @property
    def matrix(self) -> dict[str, object]:
        """What a matrix file would say. Raises TwinError where an hour is none."""
        way, page = self.together.currentData(), self.page.currentData()
        axes: dict[str, list[str]] = {
            "scenarios": list(self.scenarios.chosen),
            "times": [f"{time:%Y-%m-%dT%H:%M}" for time in self.times],
            "overlays": list(self.overlays.chosen),
            "views": list(self.views.chosen),
        }
        for name, chosen in axes.items():
            if not chosen:
                raise TwinError(self.tr("Choose at least one of: {0}.").format(self.tr(name)))
        tree: dict[str, object] = {**axes, "page": page, "language": self.language.currentData()}
        if page == SCREEN:
            tree["sizes"] = [self.size_box.currentData()]
        if way == "small_multiples":
            several = [name for name, chosen in axes.items() if len(chosen) > 1]
            tree[way] = several or ["scenarios"]
        elif way:
            tree[way] = self._first
        return tree

    @property
    def times(self) -> tuple[datetime, ...]:
        """The hours of the day in view. Raises TwinError."""
        found = []
        for text in re.split(r"[,;\s]+", self.hours.text().strip()):
            told = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?", text)
            if told is None or int(told[1]) > 23 or int(told[2] or 0) > 59:
                raise TwinError(self.tr("{0} is no hour. Write hours as 9, 12:30, 15.").format(text or "–"))
            zone = self.given.project.place.zone
            day = self.given.state.time.astimezone(zone)
            found.append(day.replace(hour=int(told[1]), minute=int(told[2] or 0), second=0))
        return tuple(dict.fromkeys(found))

    @property
    def count(self) -> int:
        """Pictures or sheets. Raises TwinError."""
        matrix = self.matrix
        sizes = {name: len(chosen) for name, chosen in matrix.items() if isinstance(chosen, list)}
        way = self.together.currentData()
        if way == "small_multiples":
            inside = sizes.pop(way)
            return 1 if inside else 0
        scenarios = sizes["scenarios"] - (way != "" and self._first in self.scenarios.chosen)
        return scenarios * sizes["times"] * sizes["overlays"] * sizes["views"]

    @property
    def told(self) -> str:
        """See `Page.told`."""
        try:
            count = self.count
        except TwinError:
            return ""
        said = self.tr("{0} pictures, and a sheet of them all. What is there already is not drawn again.")
        one = self.tr("One sheet, with one range of colours for all.")
        return one if self.together.currentData() == "small_multiples" else said.format(count)

    @property
    def sheet(self) -> Sheet | None:
        """The first picture, or the sheet of all."""
        states = self._states()
        way, page = self.together.currentData(), self.page.currentData()
        if not states:
            return None
        size = (
            (1920, 1080) if page == SCREEN else (round(4 * PAGES[page].width), round(4 * PAGES[page].height))
        )
        if way == "small_multiples":
            panels = tuple(Panel(state) for state in states[:MOST])
            return Sheet(panels, size, page, language=self.language.currentData())
        state = next((each for each in states if not way or each.scenario != self._first), states[0])
        if way == "swipe":
            state = replace(state, compare="swipe", compared=(self._first,))
        panels = (Panel(state),)
        if way == "pairs":
            panels = (Panel(replace(state, scenario=self._first)), Panel(state))
        return Sheet(panels, size, page, language=self.language.currentData())

    def check(self, path: Path) -> None:
        """See `Page.check`."""
        count, way, page = self.count, self.together.currentData(), self.page.currentData()
        if count < 1:
            raise TwinError(self.tr("Choose a scenario besides the first one."))
        if way in ("small_multiples", "pairs") and page == SCREEN:
            raise TwinError(self.tr("Several views need a page. Choose one, as A3."))
        if way == "small_multiples" and len(self._states()) > MOST:
            raise TwinError(self.tr("One sheet has room for {0} views.").format(MOST))
        check_folder(path)

    def start(self, path: Path, progress: Progress, parent: QObject) -> Work:
        """See `Page.start`."""
        given, matrix = self.given, self.matrix
        assert given.state.camera is not None
        here = Bookmark(HERE, self.tr("This view"), given.state.camera)
        project = replace(given.project, bookmarks=(*given.project.bookmarks, here))

        def options(copy: Copied) -> list[str]:
            file = copy.path.with_name("matrix.toml")
            # texts, lists of texts and numbers are written alike in JSON and TOML
            lines = [f"{name} = {json.dumps(value)}\n" for name, value in matrix.items()]
            replace_file(file, "".join(lines).encode())
            shadows = ["--shadows", given.shadows] if given.shadows else []
            asked = ["--matrix", str(file), "--out", str(path.absolute()), "--progress"]
            return [str(copy.path), *asked, *shadows]

        state = replace(given.state, compare="none", compared=())
        process = start("render", project, options, state=state, progress=progress, parent=parent)
        return ProcessWork(process, parent)

    @property
    def _first(self) -> str:
        return self.given.project.scenarios[0].id

    def _states(self) -> list[State]:
        """What each picture shows, as far as it can be said."""
        given = self.given
        marks = {HERE: given.state.camera, **{mark.id: mark.camera for mark in given.project.bookmarks}}
        try:
            times = self.times
        except TwinError:
            return []
        plain = replace(given.state, compare="none", compared=())
        return [
            replace(plain, scenario=scenario, time=time, overlay=overlay, camera=marks[view])
            for scenario in self.scenarios.chosen
            for time in times
            for overlay in self.overlays.chosen
            for view in self.views.chosen
        ]

    def _arrange(self) -> None:
        self.form.setRowVisible(self.size_box, self.page.currentData() == SCREEN)
