"""What the user can do to scenarios and their edits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from twin.analysis.growth import Planting
from twin.errors import TwinError
from twin.model.project import Project
from twin.model.scenario import Edit, Scenario
from twin.session import many, scenarios
from twin.session.commands import choose_scenario

if TYPE_CHECKING:
    from twin.app.window import Window

P = ParamSpec("P")
TODAY = "today"
"""What stands; plans are drawn into scenarios beside it."""
FARTHEST = 20_000.0
"""What is pasted further away was copied from another place. [m]"""


def change(
    window: Window,
    title: str,
    function: Callable[Concatenate[Project, P], Project],
    *inputs: P.args,
    **named: P.kwargs,
) -> bool:
    """Changes scenarios as one step of undo; says so when it cannot be done."""
    session = window.session
    if session is None:
        return False
    try:
        project = function(session.project, *inputs, **named)
    except TwinError as error:
        window.complain(str(error))
        return False
    known = {scenario.id for scenario in project.scenarios}
    state = session.state
    if state.scenario not in known:
        state = choose_scenario(state, project.scenarios[0].id)
    state = replace(state, compared=tuple(each for each in state.compared if each in known))
    session.adopt(project, state, title=title)
    return True


def make(
    window: Window,
    title: str,
    function: Callable[Concatenate[Project, P], tuple[Project, str]],
    *inputs: P.args,
    **named: P.kwargs,
) -> str:
    """Adds a scenario and shows it, as one step of undo; returns its id, empty when it cannot be done."""
    session = window.session
    if session is None:
        return ""
    try:
        project, made = function(session.project, *inputs, **named)
    except TwinError as error:
        window.complain(str(error))
        return ""
    session.adopt(project, choose_scenario(session.state, made), title=title)
    return made


def chosen(window: Window) -> Scenario | None:
    """The scenario in view."""
    session = window.session
    return None if session is None else session.project.scenario(session.state.scenario)


def new_scenario(window: Window) -> str:
    """An empty one."""
    title = _free_title(window, window.tr("New scenario"))
    return make(window, window.tr("New scenario"), scenarios.new_scenario, title)


def new_from_this(window: Window) -> str:
    """One that inherits what the one in view changes."""
    parent = chosen(window)
    if parent is None:
        return ""
    title = _free_title(window, _title_of(window, parent))
    above = "" if parent.id == TODAY and not parent.edits else parent.id
    return make(window, window.tr("New scenario"), scenarios.new_scenario, title, parent=above)


def duplicate(window: Window) -> str:
    """A copy of the one in view."""
    original = chosen(window)
    if original is None:
        return ""
    title = _free_title(window, window.tr("{0} copy").format(original.title))
    return make(window, window.tr("Duplicate scenario"), scenarios.duplicate, original.id, title)


def merge(window: Window, other: str) -> str:
    """One that inherits from the one in view and from another."""
    session, first = window.session, chosen(window)
    if session is None or first is None:
        return ""
    both = window.tr("{0} and {1}").format(first.title, session.project.scenario(other).title)
    title = _free_title(window, both)
    return make(window, window.tr("Merge scenarios"), scenarios.merge, first.id, other, title)


def rename(window: Window, title: str) -> None:
    """Under another title."""
    found = chosen(window)
    if found is not None and title.strip() and title.strip() != found.title:
        change(window, window.tr("Rename scenario"), scenarios.rename, found.id, title.strip())


def toggle_lock(window: Window) -> None:
    """Guards the one in view, or lets it be changed."""
    found = chosen(window)
    if found is not None:
        text = window.tr("Unlock scenario") if found.locked else window.tr("Lock scenario")
        change(window, text, scenarios.lock, found.id, not found.locked)


def delete(window: Window) -> None:
    """Without the one in view; undo brings it back."""
    found = chosen(window)
    if found is not None and change(window, window.tr("Delete scenario"), scenarios.delete, found.id):
        window.message_bar.show_message(
            window.tr("{0} is deleted.").format(found.title),
            timeout=8.0,
            offer=window.tr("Undo"),
            run=lambda: _undo(window),
        )


def shift(window: Window, steps: int) -> None:
    """Earlier (-1) or later (1) in the list."""
    session, found = window.session, chosen(window)
    if session is not None and found is not None:
        place = session.project.scenarios.index(found) + steps
        if 0 <= place < len(session.project.scenarios):
            change(window, window.tr("Move scenario"), scenarios.reorder, found.id, place)


def put(window: Window, scenario_id: str, place: int) -> None:
    """At a place of the list."""
    change(window, window.tr("Move scenario"), scenarios.reorder, scenario_id, place)


def ask_export(window: Window) -> None:
    """Asks where the scenario in view goes as a file of its own."""
    session, found = window.session, chosen(window)
    if session is None or found is None:
        return
    folder = session.project.path.parent if session.project.path is not None else Path.home()
    name, _ = QFileDialog.getSaveFileName(
        window, window.tr("Export scenario"), str(folder / f"{found.id}.geojson"), _kinds(window)
    )
    if name:
        export(window, Path(name if name.lower().endswith(("json",)) else f"{name}.geojson"))


def export(window: Window, path: Path) -> bool:
    """Writes the scenario in view with all that it inherits, for a GIS or for another project."""
    from twin.formats import scenario_file

    session, found = window.session, chosen(window)
    if session is None or found is None:
        return False
    try:
        scenario_file.write(found, path, session.project.place)
    except TwinError as error:
        window.complain(str(error))
        return False
    window.say(window.tr("Exported {0}.").format(path.name))
    return True


def ask_import(window: Window) -> None:
    """Asks for a file that holds a scenario."""
    session = window.session
    if session is None:
        return
    folder = session.project.path.parent if session.project.path is not None else Path.home()
    name, _ = QFileDialog.getOpenFileName(window, window.tr("Import scenario"), str(folder), _kinds(window))
    if name:
        import_file(window, Path(name))


def import_file(window: Window, path: Path) -> str:
    """Adds the scenario of a file, all its edits its own; returns its id."""
    from twin.formats import scenario_file

    session = window.session
    if session is None:
        return ""
    try:
        found = scenario_file.read(path, session.project.place)
    except TwinError as error:
        window.complain(str(error))
        return ""
    made = make(window, window.tr("Import scenario"), scenarios.adopted, found)
    _read_models(window)
    return made


def may_draw(window: Window, then: Callable[[], object]) -> bool:
    """Whether the scenario in view can be drawn into; where not, offers one that can, and goes on there."""
    session, target = window.session, chosen(window)
    if session is None or target is None:
        return False
    if target.locked:
        text = window.tr("{0} is locked. Draw into a new scenario that goes on from it?").format(target.title)
    elif target.id == TODAY and session.project.read_only:
        text = window.tr("The project is read-only, and this is today. Draw into a new scenario?")
    else:
        return True

    def begin() -> None:
        if new_from_this(window):
            then()

    window.message_bar.show_message(text, "warning", offer=window.tr("New from this"), run=begin)
    return False


def add_edit(window: Window, edit: Edit) -> str:
    """Adds what was drawn to the scenario in view, as one step of undo; returns its id.

    What stands today stays as it is: a plan drawn there becomes a scenario of its own.
    """
    session, target = window.session, chosen(window)
    if session is None or target is None:
        return ""
    if isinstance(edit, Planting) and edit.planted is None:  # from now on they grow
        edit = replace(edit, planted=session.state.time.year)
    title = window.tr("Draw {0}").format(edit.title)
    if target.id == TODAY and not target.own:
        name = _free_title(window, window.tr("New scenario"))
        made = make(window, title, _new_with, name, edit)
        if made:
            window.say(window.tr("Drawn into {0}; today stays as it is.").format(name))
    elif not change(window, title, scenarios.add_edit, target.id, edit):
        return ""
    drawn = chosen(window)
    return drawn.own[-1].id if drawn is not None and drawn.own else ""


def change_or_begin(window: Window, title: str, function: Callable[[Project, str], Project]) -> bool:
    """Changes the scenario in view, as one step of undo; of today it makes a scenario of its own."""
    target = chosen(window)
    if target is None:
        return False
    if target.id != TODAY or target.own:
        return change(window, title, function, target.id)
    name = _free_title(window, window.tr("New scenario"))

    def begun(project: Project) -> tuple[Project, str]:
        project, made = scenarios.new_scenario(project, name)
        return function(project, made), made

    if not make(window, title, begun):
        return False
    window.say(window.tr("Drawn into {0}; today stays as it is.").format(name))
    return True


def change_edit(window: Window, edit: Edit, title: str = "") -> bool:
    """Puts an edit in the place of the one of the same id."""
    target = chosen(window)
    text = title or window.tr("Change {0}").format(edit.title or edit.id)
    return target is not None and change(window, text, scenarios.change_edit, target.id, edit)


def change_alike(window: Window, edit: Edit, ids: Sequence[str]) -> bool:
    """Puts an edit in the place of the one of the same id, and gives its new values to others of its kind."""
    target = chosen(window)
    if len(ids) < 2:
        return change_edit(window, edit)
    text = window.tr("Change {0} edits").format(len(ids))
    return target is not None and change(window, text, many.change_alike, target.id, edit, tuple(ids))


def switch_edits(window: Window, ids: Sequence[str], enabled: bool) -> None:
    """Lets edits take part or not, as one step."""
    target = chosen(window)
    if target is None:
        return
    own = {edit.id for edit in target.own}
    if wanted := tuple(name for name in ids if name in own):
        text = window.tr("Switch edits on") if enabled else window.tr("Switch edits off")
        change(window, text, many.switch, target.id, wanted, enabled)


def move_edit(window: Window, edit_id: str, place: int) -> None:
    """Does an edit earlier or later."""
    target = chosen(window)
    if target is not None:
        change(window, window.tr("Move edit"), scenarios.reorder_edit, target.id, edit_id, place)


def copy(window: Window, edits: Sequence[Edit]) -> None:
    """Puts edits on the clipboard, as GeoJSON that a GIS takes too."""
    from twin.formats import scenario_file

    session = window.session
    if session is None or not edits:
        return
    held = Scenario("copied", "Copied", edits=tuple(edits))
    QGuiApplication.clipboard().setText(scenario_file.text_of(held, session.project.place).decode())
    said = window.tr("Copied {0} edits.") if len(edits) > 1 else window.tr("Copied {0} edit.")
    window.say(said.format(len(edits)))


def paste(window: Window) -> tuple[str, ...]:
    """Adds the edits on the clipboard to the scenario in view, as one step of undo; returns their ids.

    Outlines as a GIS copies them become what the tool in hand makes of an area, or else buildings.
    """
    from twin.formats import scenario_file

    session = window.session
    if session is None:
        return ()
    text = QGuiApplication.clipboard().text()
    try:
        edits = scenario_file.from_text(text.encode(), "clipboard", session.project.place).edits
    except TwinError:
        edits = _outlined(window, text)
    if not edits:
        window.complain(
            window.tr(
                "There is nothing on the clipboard that could stand here. Copy edits, or outlines in a GIS."
            )
        )
        return ()

    def added(project: Project, scenario_id: str) -> Project:
        for edit in edits:
            project = scenarios.add_edit(project, scenario_id, edit)
        return project

    if not change_or_begin(window, window.tr("Paste"), added):
        return ()
    _read_models(window)
    after = chosen(window)
    return tuple(edit.id for edit in after.own[len(after.own) - len(edits) :]) if after is not None else ()


def _outlined(window: Window, text: str) -> tuple[Edit, ...]:
    """What outlines in a text become; none where there are none within a day's walk."""
    from twin.formats.outlines import outlines

    session, pencil = window.session, window.pencil
    if session is None or pencil is None:
        return ()
    areas = [
        area for area in outlines(text, session.project.place) if math.hypot(*area.bounds[:2]) < FARTHEST
    ]
    return pencil.outlined(areas)


def remove_edits(window: Window, ids: Sequence[str]) -> None:
    """Without these edits, as one step."""
    target = chosen(window)
    if target is not None and ids:
        change(window, window.tr("Remove edits"), _without_edits, target.id, tuple(ids))


def _read_models(window: Window) -> None:
    from twin.app import model_files

    model_files.complete(window)


def _undo(window: Window) -> None:
    if window.session is not None:
        window.session.undo()


def _new_with(project: Project, title: str, edit: Edit) -> tuple[Project, str]:
    project, made = scenarios.new_scenario(project, title)
    return scenarios.add_edit(project, made, edit), made


def _without_edits(project: Project, scenario_id: str, ids: Sequence[str]) -> Project:
    for each in ids:
        project = scenarios.remove_edit(project, scenario_id, each)
    return project


def _title_of(window: Window, parent: Scenario) -> str:
    if parent.id == TODAY:
        return window.tr("New scenario")
    return window.tr("{0}, changed").format(parent.title)


def _free_title(window: Window, title: str) -> str:
    session = window.session
    taken = {one.title for one in session.project.scenarios} if session is not None else set()
    name, number = title, 2
    while name in taken:
        name, number = f"{title} {number}", number + 1
    return name


def _kinds(window: Window) -> str:
    return window.tr("Scenarios") + " (*.geojson *.json)"
