"""The page of the export dialog for web pages."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from twin.app.export_page import Given, Page, ProcessWork, TickList, Work, check_folder
from twin.app.export_process import Copied, Progress, start
from twin.formats import web_write
from twin.model.sheet import Panel, Sheet
from twin.model.web_page import ON_BUILDINGS
from twin.scene.overlays import overlays


class WebPage(Page):
    """Which overlays the page can lay over the ground."""

    kind = "web"

    def __init__(self, given: Given, parent: QWidget | None = None) -> None:
        super().__init__(given, parent)
        known = {name: each for name, each in overlays(given.project).items() if name not in ON_BUILDINGS}
        shown = [given.state.overlay] if given.state.overlay in known else []
        self.overlays = TickList(((each.title, name) for name, each in known.items()), shown)
        self.language = self.language_box()
        self.row(self.tr("Language"), self.language)
        self.row(self.tr("On the ground"), self.overlays, self.tr("Overlays that can be laid on the ground"))

    @property
    def told(self) -> str:
        """See `Page.told`."""
        return self.tr(
            "A folder that any browser opens, without server and network, as from a USB stick: all "
            "scenarios, sun and shadow, overlays, what is known of each building, and the bookmarks as a "
            "story. Each overlay is worked out for each scenario."
        )

    @property
    def sheet(self) -> Sheet:
        """The view it opens with."""
        return Sheet((Panel(self.given.state),), plain=True)

    def check(self, path: Path) -> None:
        """See `Page.check`."""
        web_write.check()
        check_folder(path)

    def start(self, path: Path, progress: Progress, parent: QObject) -> Work:
        """See `Page.start`."""
        given, chosen, language = self.given, self.overlays.chosen, self.language.currentData()

        def options(copy: Copied) -> list[str]:
            more = ["--overlays", ",".join(chosen)] if chosen else []
            more += ["--language", language]
            return [str(copy.path), "--out", str(path.absolute()), "--progress", *more]

        process = start("web", given.project, options, state=given.state, progress=progress, parent=parent)
        return ProcessWork(process, parent)
