"""What the user can do with pictures: export one, save one at once, go back to the view of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import TwinError
from twin.model.state import Camera
from twin.scene import standpoints
from twin.session import commands

if TYPE_CHECKING:
    from twin.app.window import Window


def ask(window: Window, kind: str) -> None:
    """Asks what is to be exported, beginning with a kind of the export dialog."""
    from twin.app.export_dialog import ExportDialog
    from twin.app.export_page import Given
    from twin.app.files import suggested_picture
    from twin.render.card import CARD, RASTER

    session, viewport = window.session, window.viewport
    if session is None or viewport is None:
        return
    for open_ in window.findChildren(ExportDialog):
        if open_.busy:  # what is being made goes on
            open_.raise_()
            open_.activateWindow()
            return
        open_.close()
    state = replace(session.state, camera=viewport.camera or session.scene.camera)
    shadows = CARD if session.card_shadows else RASTER
    given = Given(session.project, state, suggested_picture(session), shadows, session.scene)
    dialog = ExportDialog(given, kind, window)
    said = window.tr("Saved {0}.")
    dialog.saved.connect(lambda path, told: window.say(f"{said.format(path)} {told}".strip()))
    dialog.show()


def ask_picture(window: Window) -> None:
    """Of this view, or a page with it."""
    ask(window, "picture")


def ask_series(window: Window) -> None:
    """Of every scenario at every hour with every overlay."""
    ask(window, "series")


def ask_sun_study(window: Window) -> None:
    """The sheets that planners hand in."""
    ask(window, "sun-study")


def ask_film(window: Window) -> None:
    """A flight, a day, or the way from one scenario to another."""
    ask(window, "film")


def ask_report(window: Window) -> None:
    """A PDF on this scenario."""
    ask(window, "report")


def ask_web(window: Window) -> None:
    """A page for any browser."""
    ask(window, "web")


def ask_model(window: Window) -> None:
    """The city of a scenario."""
    ask(window, "model")


def ask_values(window: Window) -> None:
    """The overlay in view."""
    ask(window, "values")


def ask_indicators(window: Window) -> None:
    """The table of all scenarios."""
    ask(window, "indicators")


def save_picture_now(window: Window) -> None:
    """A Full HD picture of this view with legend, scale and sources, beside those saved before."""
    from twin.app.files import suggested_picture, take_picture

    if window.session is not None:
        path = suggested_picture(window.session)
        number = 2
        while path.exists():
            path = path.with_name(f"{suggested_picture(window.session).stem}-{number}.png")
            number += 1
        take_picture(window, (1920, 1080), path, furniture=True)


def stand(window: Window, change: Callable[[Camera], Camera]) -> None:
    """Looks from another standpoint at the same place."""
    session, viewport = window.session, window.viewport
    if session is not None and viewport is not None and viewport.camera is not None:
        session.do(commands.look, change(viewport.camera))


def flatten(window: Window) -> None:
    """Takes perspective away, or gives it back."""
    stand(window, standpoints.flattened)


def cut_open(window: Window) -> None:
    """An upright section through the middle of the view; once more, and all is whole again."""
    stand(
        window,
        lambda camera: (
            replace(standpoints.flattened(camera), section=False)
            if camera.section
            else standpoints.section(camera)
        ),
    )


def eye_level(window: Window) -> None:
    """Stands where one has clicked, or in the middle of the view, and looks the same way."""
    from twin.scene.camera import heading
    from twin.scene.footing import Footing

    session = window.session
    if session is None:
        return
    scene, chosen = session.scene, session.state.selection

    def there(camera: Camera) -> Camera:
        at, eye = camera.target[:2] if chosen is None else chosen.at[:2], camera.position[:2]
        if scene.built is not None:
            at = standpoints.outside(scene.built.city, at, eye)
        ground = Footing(scene.relief).at(at)
        return standpoints.eye_level(at, heading=heading(camera), ground=ground)

    stand(window, there)
    window.say(window.tr("At eye level, 1.6 m above the ground. Ctrl and the left button look around."))


def to_scale(window: Window, scale: int) -> None:
    """From above at 1 : scale on this screen."""
    viewport, screen = window.viewport, window.screen()
    if viewport is None:
        return
    each = screen.physicalSize().height() / max(screen.size().height(), 1)
    if not 0.05 < each < 1.0:  # some screens do not know how large they are
        each = 25.4 / 96
    tall = viewport.picture_size[1] * each
    stand(window, lambda camera: standpoints.at_scale(standpoints.standing_at(camera, "top"), scale, tall))
    said = window.tr("1:{0} on this screen: a centimetre is {1} m. On paper: Export picture, Scale.")
    window.say(said.format(scale, f"{scale / 100:g}"))


def return_to(window: Window, path: Path) -> None:
    """Goes to the view of a picture, by the file that was saved beside it."""
    from twin.formats import view_file

    session = window.session
    try:
        found = view_file.load(path, session.project if session is not None else None)
    except TwinError as error:
        window.complain(str(error))
        return
    if session is None:
        if found.project is None:
            window.complain(window.tr("{0} names no project.").format(path.name))
        else:
            window.open(found.project)
        return
    state = found.sheet.panels[0].state
    if state.scenario not in {scenario.id for scenario in session.project.scenarios}:
        window.complain(
            window.tr("{0} shows the scenario {1}, which this project does not have.").format(
                path.name, state.scenario
            )
        )
        return
    if found.hash and found.hash != view_file.fingerprint(session.project):
        window.say(window.tr("The project is not what it was when this picture was made."))
    session.do(commands.restore, state)
