"""The page of the export dialog for reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from twin.app.export_page import Given, Page, ProcessWork, Work, check_file
from twin.app.export_process import Copied, Progress, start
from twin.errors import TwinError
from twin.model.sheet import Panel, Sheet
from twin.scene.comparison import baseline_of

NOTHING = "none"
COVER = (1800, 1300)
"""[px]"""


class ReportPage(Page):
    """Scenario, what it is compared with, language and file."""

    kind = "report"
    ending = ".pdf"
    files = "PDF (*.pdf)"

    def __init__(self, given: Given, parent: QWidget | None = None) -> None:
        super().__init__(given, parent)
        self._state = replace(given.state, compare="none", compared=())
        self.scenario = self.scenario_box(self._state.scenario)
        base = baseline_of(given.project, self._state)
        self.against = self.scenario_box(base)
        self.against.insertItem(0, self.tr("Nothing"), NOTHING)
        if base == self._state.scenario:
            self.against.setCurrentIndex(0)
        self.language = self.language_box()
        self.row(self.tr("Scenario"), self.scenario)
        self.row(self.tr("Compared with"), self.against)
        self.row(self.tr("Headings"), self.language, self.tr("Language of headings"))

    @property
    def options(self) -> list[str]:
        """What the command is given, but for the view and the file."""
        return [
            *("--scenario", self.scenario.currentData(), "--against", self.against.currentData()),
            *("--language", self.language.currentData(), "--progress"),
        ]

    @property
    def told(self) -> str:
        """See `Page.told`."""
        return self.tr(
            "Pictures, map, indicators with what they differ by, differences, method and licences. "
            "Pictures show this view, hour and overlay; figures of heat are told where heat is shown."
        )

    @property
    def sheet(self) -> Sheet:
        """The picture of the cover."""
        state = replace(self._state, scenario=self.scenario.currentData(), overlay="none")
        return Sheet((Panel(state),), COVER, plain=True)

    def check(self, path: Path) -> None:
        """See `Page.check`."""
        if self.scenario.currentData() == self.against.currentData():
            raise TwinError(
                self.tr("A scenario differs in nothing from itself. Choose another one, or nothing.")
            )
        check_file(path, (".pdf",))

    def start(self, path: Path, progress: Progress, parent: QObject) -> Work:
        """See `Page.start`."""

        def options(copy: Copied) -> list[str]:
            state = copy.state(self._state)
            return [str(copy.path), "--state", str(state), *self.options, "--out", str(path.absolute())]

        process = start("report", self.given.project, options, progress=progress, parent=parent)
        return ProcessWork(process, parent)
