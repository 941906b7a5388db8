"""What the user can do with files of heat: choose a weather, save the maps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from twin.analysis.growth import seen_in
from twin.analysis.heat_maps import HeatMaps
from twin.errors import TwinError
from twin.formats.weather_choice import chosen_weather, named
from twin.scene.heat_known import HOURS, heat_known
from twin.session.heat_commands import choose_weather

if TYPE_CHECKING:
    from twin.app.validation_page import ValidationPage
    from twin.app.window import Window


def ask_weather(window: Window) -> None:
    """Asks for a weather file, and takes it when it can be read."""
    if window.session is None:
        return
    path = window.session.project.path
    folder = str(path.parent) if path is not None else str(Path.home())
    chosen, _ = QFileDialog.getOpenFileName(
        window, window.tr("Weather"), folder, window.tr("Weather") + " (*.epw *.csv *.txt *.met)"
    )
    if chosen:
        take_weather(window, Path(chosen))


def take_weather(window: Window, path: Path) -> None:
    """Works heat out with a file; says what is wrong with one that cannot be read."""
    session = window.session
    if session is None:
        return
    project, day = session.project, session.state.time.date()
    name = named(path, project.path)

    def take() -> None:
        if window.session is session:
            session.do(choose_weather, name)

    # read once now, so that a file that cannot be used changes nothing and is named
    window.beside(lambda: chosen_weather(name, project.path, project.place, day), take)


def ask_save_maps(window: Window) -> None:
    """Asks for a folder, and writes the day of the scenario in view into it."""
    maps = finished(window)
    if maps is None:
        window.complain(window.tr("The day is not worked out yet. Show UTCI, and wait until it is."))
        return
    chosen = QFileDialog.getExistingDirectory(window, window.tr("Save heat maps"), str(Path.home()))
    if chosen:
        save(window, maps, Path(chosen))


def finished(window: Window) -> HeatMaps | None:
    """The maps of the day and scenario in view, when all hours are there."""
    session = window.session
    if session is None or session.scene.built is None:
        return None
    bounds = session.results.get(("extent",))
    assert isinstance(bounds, tuple)
    found = heat_known(session.project, session.state, session.scene.built, bounds, session.results)
    return found.maps if found.maps is not None and found.maps.complete else None


def save(window: Window, maps: HeatMaps, folder: Path) -> None:
    """Writes GeoTIFFs and run.json beside the window's work."""
    from twin.app.heat_save import save_maps

    session = window.session
    if session is None or session.scene.built is None:
        return
    state, problems = session.state, session.scene.built.problems
    project = seen_in(session.project, state.year)
    bounds = session.results[("extent",)]
    assert isinstance(bounds, tuple)
    scenario, day = project.scenario(state.scenario), state.time.date()
    window.say(window.tr("Writing heat maps …"))
    window.beside(
        lambda: save_maps(maps, range(HOURS), project, scenario, day, bounds, folder, problems=problems),
        lambda: window.say(window.tr("Heat maps are in {0}.").format(folder)),
    )


def show_validation(window: Window) -> None:
    """How near the model comes to measurements."""
    from twin.app.validation_page import ValidationPage

    page = ValidationPage(window)
    page.folder_wanted.connect(lambda: _ask_site(window, page))
    page.show()


def _ask_site(window: Window, page: ValidationPage) -> None:
    chosen = QFileDialog.getExistingDirectory(page, window.tr("Site that was measured"), str(Path.home()))
    if chosen:
        validate_site(window, page, Path(chosen))


def validate_site(window: Window, page: ValidationPage, folder: Path) -> None:
    """Works out a site beside the window's work."""
    from twin.app.validation_page import Found, validate

    found: list[Found | str] = []
    closed: list[object] = []
    page.destroyed.connect(lambda *_: closed.append(page))

    def work() -> None:
        try:
            found.append(validate(folder))
        except TwinError as error:
            found.append(str(error))

    def done() -> None:
        if closed:
            return
        if isinstance(found[0], Found):
            page.show_found(found[0])
        else:
            page.show_problem(found[0])

    page.show_working(folder)
    window.beside(work, done)
