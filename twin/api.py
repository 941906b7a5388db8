"""The program in three lines of Python: open a project, choose what to see, take what it shows.

>>> from twin import open_project
>>> area = open_project("assets/helsinki.twin.json").choose(scenario="towers", time="2026-06-21T15:00")
>>> area.render((320, 180)).shape
(180, 320, 3)
>>> area.indicators().loc["floor_area", "unit"]
'm²'

It sees what the command line sees, and has no window. `area.close()` gives the memory back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import TwinError
from twin.formats import open_project as files
from twin.model.project import Project
from twin.model.sheet import SCREEN, Language, Panel, Sheet
from twin.model.state import Camera, State

if TYPE_CHECKING:
    import pandas

    from twin.app.export_sheet import Press


class Area:
    """An open project in one state; `choose` gives another one of the same project."""

    def __init__(self, project: Project, state: State, press: list[Press] | None = None) -> None:
        self.project, self.state = project, state
        self._press: list[Press] = [] if press is None else press

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(scenario.id for scenario in self.project.scenarios)

    @property
    def overlays(self) -> tuple[str, ...]:
        """What can be laid over the city."""
        from twin.scene.overlays import overlay_ids

        return tuple(overlay_ids(self.project))

    def choose(
        self,
        *,
        scenario: str | None = None,
        overlay: str | None = None,
        time: str | datetime | None = None,
        view: str | Camera | None = None,
    ) -> Area:
        """The same project, with another scenario, overlay, time or view. Raises TwinError.

        time: by the clock of the place unless it has a zone; view: a bookmark, a standpoint as `top`, or
        a camera.
        """
        from twin.cli.render import time_of
        from twin.scene.overlays import overlay_of
        from twin.session.commands import choose_overlay

        state = self.state
        if scenario is not None:
            state = replace(state, scenario=self.project.scenario(scenario).id)
        if overlay is not None:
            if overlay_of(self.project, overlay) is None:
                raise TwinError(f"There is no overlay {overlay!r}. Choose from: {', '.join(self.overlays)}.")
            state = choose_overlay(state, overlay)
        if time is not None:
            text = time.isoformat() if isinstance(time, datetime) else time
            state = replace(state, time=time_of(text, self.project))
        if view is not None:
            state = replace(state, camera=self._camera(view))
        return Area(self.project, state, self._press)

    def render(self, size: tuple[int, int] = (1920, 1080)) -> NDArray[np.uint8]:
        """The view without words: (height, width, 3). size: width and height [px]."""
        return self._maker().draw(Sheet((Panel(self.state),), size))

    def save(
        self,
        path: str | Path,
        *,
        size: tuple[int, int] | None = None,
        page: str = SCREEN,
        language: Language = "en",
        note: str = "",
    ) -> tuple[str, ...]:
        """Writes a picture with legend, scale and sources; returns what the reader should know.

        page: its name, or a template of one's own, *.toml.
        """
        from twin.cli.picture_options import DPI, page_size
        from twin.formats.page_template import page_of

        page, own = page_of(page)
        size = size or page_size(page, DPI, own)
        sheet = Sheet((Panel(self.state),), size, page, language=language, note=note, own=own)
        return self._maker().make(sheet, Path(path))

    def indicators(self) -> pandas.DataFrame:
        """The indicators of the scenario, one row each: title, value and unit, by id."""
        import pandas

        from twin.analysis.build import build
        from twin.analysis.kpi import rows

        scenario = self.project.scenario(self.state.scenario)
        found = rows(build(self.project.city, self.project.layers, scenario.edits))
        table: dict[str, list[Any]] = {
            "title": [row.title for row in found],
            "value": [row.value for row in found],
            "unit": [row.unit for row in found],
        }
        return pandas.DataFrame(table, index=pandas.Index([row.id for row in found], name="id"))

    def close(self) -> None:
        """Gives memory and graphics back."""
        while self._press:
            self._press.pop().close()

    def _maker(self) -> Press:
        from twin.app.export_sheet import Press

        if not self._press:
            self._press.append(Press(self.project))
        return self._press[0]

    def _camera(self, view: str | Camera) -> Camera:
        from twin.scene.resolve import extent, home
        from twin.scene.standpoints import STANDPOINTS, standing_at

        if isinstance(view, Camera):
            return view
        marks = {mark.id: mark.camera for mark in self.project.bookmarks}
        if view in marks:
            return marks[view]
        if view not in STANDPOINTS:
            raise TwinError(f"There is no view {view!r}. Choose from: {', '.join((*marks, *STANDPOINTS))}.")
        return standing_at(self.state.camera or home(self.project, extent(self.project)), view)


def open_project(path: str | Path) -> Area:
    """A project or a single file, as the window first shows it. Raises DataError."""
    project = files.open_project(Path(path))
    return Area(project, files.first_state(project))
