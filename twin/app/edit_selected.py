"""Does something to all selected objects at once: move, turn, remove, green, protect, other attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from twin.app import planning
from twin.model.state import Selection
from twin.model.table import Value
from twin.scene.drawing import Geometry
from twin.scene.several import trees_named, trees_within, whole_ids, within
from twin.session import many
from twin.session.commands import select, select_objects
from twin.session.many import Move

if TYPE_CHECKING:
    from twin.app.window import Window
    from twin.model.project import Project

Change = Callable[["Project", str], "Project"]


def selected(window: Window) -> tuple[str, ...]:
    """The whole objects and the trees that are selected, as far as they stand in the scenario in view."""
    session = window.session
    if session is None or session.scene.built is None:
        return ()
    built, state = session.scene.built, session.state
    ids = state.selected
    if state.selection is not None and state.selection.kind == "layer":
        ids |= {state.selection.id}
    trees = tuple(name for name, _, _ in trees_named(built.layers, ids))
    return (*whole_ids(built.city, tuple(ids)), *trees)


def remove(window: Window) -> None:
    """Takes them away."""
    ids = selected(window)
    title = _title(window, window.tr("Without {0} objects"), window.tr("Without {0}"), ids)
    if _apply(window, title, lambda project, scenario: many.remove(project, scenario, ids, title)):
        assert window.session is not None
        window.session.adjust(select, None)


def green(window: Window, kind: str) -> None:
    """Lets plants grow on their roofs (`sedum`, `meadow`) or walls (`wall`)."""
    ids = selected(window)
    one, several = (
        (window.tr("Green walls of {0}"), window.tr("Green walls of {0} buildings"))
        if kind == "wall"
        else (window.tr("Green roof of {0}"), window.tr("Green roofs of {0} buildings"))
    )
    title = _title(window, several, one, ids)
    _apply(window, title, lambda project, scenario: many.green(project, scenario, ids, kind, title))


def protect(window: Window) -> None:
    """Watches over them."""
    ids = selected(window)
    title = _title(window, window.tr("Keep {0} objects"), window.tr("Keep {0}"), ids)
    _apply(window, title, lambda project, scenario: many.protect(project, scenario, ids, title))


def move(window: Window, by: Move) -> None:
    """Sets them elsewhere, together."""
    ids, session = selected(window), window.session
    if session is None or session.scene.built is None or by == Move():
        return
    city, layers = session.scene.built.city, session.scene.built.layers
    title = _title(window, window.tr("Move {0} objects"), window.tr("Move {0}"), ids)
    _apply(
        window,
        title,
        lambda project, scenario: many.move(project, scenario, city, ids, by, title, layers=layers),
    )


def change_attribute(window: Window, name: str, value: Value) -> None:
    """Gives all of them this value; None takes the attribute away."""
    ids, pairs = selected(window), ((name, value),)
    title = _title(window, window.tr("{1} of {0} objects"), window.tr("{1} of {0}"), ids).replace("{1}", name)
    _apply(
        window, title, lambda project, scenario: many.change_attributes(project, scenario, ids, pairs, title)
    )


def ask_move(window: Window) -> None:
    """Shows the fields for distances and an angle."""
    from twin.app.selected_box import SelectedBox

    SelectedBox.of(window).ask("move")


def ask_attributes(window: Window) -> None:
    """Shows the fields for an attribute."""
    from twin.app.selected_box import SelectedBox

    SelectedBox.of(window).ask("attribute")


def select_within(window: Window, area: Geometry, *, more: bool = False) -> None:
    """Selects the objects whose middle lies in an area, and the trees that stand there.

    more: beside those that are selected already.
    """
    session = window.session
    if session is None or session.scene.built is None:
        return
    built, state = session.scene.built, session.state
    city = built.city
    found = [one for one in within(city, area) if one not in state.hidden_objects]
    if state.isolated:
        found = [one for one in found if one in state.isolated]
    seen = [layer for layer in built.layers if layer.id not in state.hidden]
    trees = trees_within(seen, area)
    ids = [*found, *trees, *(state.selected if more else ())]
    if not ids:
        window.say(window.tr("No object has its middle in there."))
        return
    from twin.app.facts import middle

    if ids[0] in city.rows:
        first = Selection("city", ids[0], "buildings", middle(city, city.rows[ids[0]]))
    else:
        name, (x, y), height = next(trees_named(built.layers, {ids[0]}))
        layer = next(layer.id for layer in built.layers if layer.role == "trees")
        first = Selection("layer", name, layer, (x, y, height))
    session.do(select_objects, first, ids)
    window.say(window.tr("{0} objects are selected.").format(len(session.state.selected)))


def _apply(window: Window, title: str, change: Change) -> bool:
    """Changes the scenario in view, as one step of undo; today becomes a scenario of its own."""
    session, target = window.session, planning.chosen(window)
    if session is None or target is None or not selected(window):
        return False
    if target.locked:
        planning.may_draw(window, lambda: None)
        return False
    return planning.change_or_begin(window, title, change)


def _title(window: Window, several: str, one: str, ids: Sequence[str]) -> str:
    if len(ids) != 1:
        return several.replace("{0}", str(len(ids)))
    session = window.session
    built = session.scene.built if session is not None else None
    row = built.city.rows.get(ids[0]) if built is not None else None
    name = built.city.attributes.row(row).get("name") if built is not None and row is not None else None
    return one.replace("{0}", str(name or ids[0]))
