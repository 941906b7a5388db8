"""Takes away what is clicked: an edit where the scenario drew it itself, or else what stands today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.app import planning, texts
from twin.model.city import roots, row_of
from twin.model.scenario import AddThings, Edit, PlantTrees, Remove
from twin.model.state import Selection
from twin.scene.drawing import without_corner
from twin.scene.sketches import shaped

if TYPE_CHECKING:
    from twin.app.window import Window
    from twin.session.session import Session


def remove_at(window: Window, selection: Selection | None) -> bool:
    """Removes what was clicked, as one step of undo; says so when there is nothing to remove."""
    session, scenario = window.session, planning.chosen(window)
    if session is None or scenario is None:
        return False
    if selection is None or not selection.id or selection.kind == "ground":
        window.say(window.tr("There is nothing to remove here. Click a building, a tree or a street."))
        return False
    thing = whole_of(session, selection)
    edit = maker_of(scenario.own, thing)
    if edit is None:
        name = name_of(session, selection, thing)
        return bool(
            planning.add_edit(window, Remove("remove", window.tr("Without {0}").format(name), (thing,)))
        )
    left = without(edit, thing)
    if left is not None:
        return planning.change_edit(window, left)
    planning.remove_edits(window, (edit.id,))
    return True


def maker_of(edits: tuple[Edit, ...], thing: str) -> Edit | None:
    """The edit that made a thing of this id: its own id, or its own id, a point and more."""
    return next((edit for edit in edits if thing == edit.id or thing.startswith(f"{edit.id}.")), None)


def without(edit: Edit, thing: str) -> Edit | None:
    """A group of trees or things without one of them; None where nothing is left of an edit."""
    number = thing.removeprefix(f"{edit.id}.")
    if not isinstance(edit, PlantTrees | AddThings) or not number.isdigit():
        return None
    left = without_corner(edit.points, int(number) - 1)
    return shaped(edit, left) if left is not None else None


def whole_of(session: Session, selection: Selection) -> str:
    """The id of the whole building, when a part of one was clicked."""
    built = session.scene.built
    if selection.kind != "city" or built is None:
        return selection.id
    row = row_of(built.city, selection.id)
    return selection.id if row is None else str(built.city.object_id[roots(built.city)[row]])


def name_of(session: Session, selection: Selection, thing: str) -> str:
    """What a thing is called."""
    built = session.scene.built
    if built is None:
        return thing
    if selection.kind == "city":
        row = row_of(built.city, thing)
        if row is None:
            return thing
        name = built.city.attributes.row(row).get("name")
        return str(name or texts.object_class(str(built.city.object_type[row])).lower())
    for layer in built.layers:
        ids = layer.table.columns.get("id")
        if layer.id == selection.layer and ids is not None:
            for row in (ids == thing).nonzero()[0].tolist()[:1]:
                known = layer.table.row(row)
                return str(known.get("name") or known.get("species") or layer.title.lower())
    return thing
