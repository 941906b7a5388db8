"""The page of the export dialog for sun studies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from twin.app.export_page import Given, Page, ProcessWork, Work, check_folder
from twin.app.export_picture import dots, dots_box, page_box, scale_box, scale_of
from twin.app.export_process import Copied, Progress, start
from twin.errors import TwinError
from twin.formats.state_json import FIRST_YEAR, LAST_YEAR
from twin.model.sheet import PAGES, Panel, Sheet
from twin.scene.sun_study import seen_from, shadow_sheet

FORMATS = ("pdf", "png", "jpg", "svg")


class SunStudyPage(Page):
    """Which scenarios, from where, in which year, on what page."""

    kind = "sun-study"

    def __init__(self, given: Given, parent: QWidget | None = None) -> None:
        super().__init__(given, parent)
        self.scenarios = self.scenario_list([given.state.scenario])
        self.view, self.format = QComboBox(), QComboBox()
        self.view.addItem(self.tr("From above"), "")
        for mark in given.project.bookmarks:
            self.view.addItem(mark.title, mark.id)
        self.year = QSpinBox()
        self.year.setRange(FIRST_YEAR, LAST_YEAR)
        self.year.setValue(given.state.time.year)
        self.page, self.dpi, self.scale = page_box("a3"), dots_box(150), scale_box()
        for name in FORMATS:
            self.format.addItem(name.upper(), name)
        self.language = self.language_box()
        for label, widget in (
            (self.tr("Scenarios"), self.scenarios),
            (self.tr("View"), self.view),
            (self.tr("Year"), self.year),
            (self.tr("Page"), self.page),
            (self.tr("Fineness"), self.dpi),
            (self.tr("Scale"), self.scale),
            (self.tr("Format"), self.format),
            (self.tr("Language"), self.language),
        ):
            self.row(label, widget)

    @property
    def told(self) -> str:
        """See `Page.told`."""
        return self.tr(
            "Of each scenario shadows on 21 March, June, September and December at 9, 12, 15 and 18, hours "
            "of sun, the share of yards with 3 h of it, and a table of façades: 2.5 h without a break and "
            "half of today's sun, as EVS 894 asks."
        )

    @property
    def sheet(self) -> Sheet | None:
        """The shadows of the first scenario."""
        if not self.scenarios.chosen:
            return None
        given, page = self.given, self.page.currentData()
        state = seen_from(given.project, given.state, self.view.currentData())
        state = replace(state, scenario=self.scenarios.chosen[0])
        size, scale = dots(PAGES[page], self.dpi.value()), scale_of(self.scale)
        plain = Sheet((Panel(state),), size, page, scale, language=self.language.currentData())
        return shadow_sheet(given.project, state, self.year.value(), plain)

    def check(self, path: Path) -> None:
        """See `Page.check`."""
        if not self.scenarios.chosen:
            raise TwinError(self.tr("Choose at least one scenario."))
        check_folder(path)

    def start(self, path: Path, progress: Progress, parent: QObject) -> Work:
        """See `Page.start`."""
        named = [part for name in self.scenarios.chosen for part in ("--scenario", name)]
        view, scale = self.view.currentData(), scale_of(self.scale)
        more = [*(["--view", view] if view else []), *(["--map-scale", f"1:{scale:g}"] if scale else [])]

        def options(copy: Copied) -> list[str]:
            return [
                *(str(copy.path), *named, *more, "--year", str(self.year.value()), "--progress"),
                *("--page", self.page.currentData(), "--dpi", str(self.dpi.value())),
                *("--format", self.format.currentData(), "--language", self.language.currentData()),
                *("--out", str(path.absolute())),
            ]

        process = start(
            "sun-study", self.given.project, options, state=self.given.state, progress=progress, parent=parent
        )
        return ProcessWork(process, parent)
