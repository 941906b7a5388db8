"""Everything a user can do to scenarios: functions from a project to a project."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from twin.errors import TwinError
from twin.model.project import Project
from twin.model.scenario import Edit, Scenario
from twin.model.scenario_tree import TreeError, heirs, linked


def new_scenario(project: Project, title: str, *, parent: str = "") -> tuple[Project, str]:
    """The project with one more scenario, and its id; it inherits from the parent, if one is named."""
    made = Scenario(_free_id(project, title), title, parents=(parent,) if parent else ())
    return _with(project, (*project.scenarios, made)), made.id


def duplicate(project: Project, scenario_id: str, title: str) -> tuple[Project, str]:
    """The project with a copy of a scenario behind it, and the id of the copy."""
    original = project.scenario(scenario_id)
    copy = replace(original, id=_free_id(project, title), title=title, locked=False)
    place = project.scenarios.index(original) + 1
    return _with(project, (*project.scenarios[:place], copy, *project.scenarios[place:])), copy.id


def merge(project: Project, first: str, second: str, title: str) -> tuple[Project, str]:
    """The project with a scenario that inherits from two, and its id."""
    made = Scenario(_free_id(project, title), title, parents=(first, second))
    return _with(project, (*project.scenarios, made)), made.id


def delete(project: Project, scenario_id: str) -> Project:
    """Without a scenario that nothing inherits from."""
    gone = _open(project, scenario_id)
    if scenarios := heirs(project.scenarios, scenario_id):
        titles = ", ".join(scenario.title for scenario in scenarios)
        raise TwinError(f"{gone.title} cannot be deleted: {titles} inherits from it. Delete that first.")
    if len(project.scenarios) == 1:
        raise TwinError("The last scenario cannot be deleted.")
    return _with(project, (one for one in project.scenarios if one is not gone))


def rename(project: Project, scenario_id: str, title: str) -> Project:
    """Under another title; the id stays."""
    return _put(project, replace(_open(project, scenario_id), title=title))


def describe(project: Project, scenario_id: str, description: str) -> Project:
    """With another description."""
    return _put(project, replace(_open(project, scenario_id), description=description))


def lock(project: Project, scenario_id: str, locked: bool) -> Project:
    """Guarded against changes, or not."""
    return _put(project, replace(project.scenario(scenario_id), locked=locked))


def reorder(project: Project, scenario_id: str, place: int) -> Project:
    """At another place of the list, which keys 1-9 follow."""
    moved = project.scenario(scenario_id)
    others = [one for one in project.scenarios if one is not moved]
    return _with(project, (*others[:place], moved, *others[place:]))


def add_edit(project: Project, scenario_id: str, edit: Edit) -> Project:
    """With one more edit at the end; it gets a free id if its own is taken."""
    scenario = _open(project, scenario_id)
    taken = {other.id for one in project.scenarios for other in one.edits}
    if edit.id in taken or not edit.id:
        edit = replace(edit, id=_free(edit.id or "edit", taken))
    return _own(project, scenario, (*scenario.own, edit))


def change_edit(project: Project, scenario_id: str, edit: Edit) -> Project:
    """With another edit in place of the one of the same id."""
    return _each(project, scenario_id, edit.id, lambda _old: edit)


def switch_edit(project: Project, scenario_id: str, edit_id: str, enabled: bool) -> Project:
    """With an edit that takes part or not."""
    return _each(project, scenario_id, edit_id, lambda old: replace(old, enabled=enabled))


def remove_edit(project: Project, scenario_id: str, edit_id: str) -> Project:
    """Without an edit."""
    return _each(project, scenario_id, edit_id, lambda _old: None)


def reorder_edit(project: Project, scenario_id: str, edit_id: str, place: int) -> Project:
    """With an edit done earlier or later."""
    scenario = _open(project, scenario_id)
    moved = _edit(scenario, edit_id)
    others = [edit for edit in scenario.own if edit is not moved]
    return _own(project, scenario, (*others[:place], moved, *others[place:]))


def adopted(project: Project, scenario: Scenario) -> tuple[Project, str]:
    """With a scenario from elsewhere, all its edits its own, and the id it got."""
    taken = {edit.id for one in project.scenarios for edit in one.edits}
    own: list[Edit] = []
    for edit in scenario.edits:
        name = edit.id if edit.id not in taken else _free(edit.id, taken)
        taken.add(name)
        own.append(edit if name == edit.id else replace(edit, id=name))
    made = replace(
        scenario, id=_free_id(project, scenario.id), edits=tuple(own), parents=(), inherited=0, locked=False
    )
    return _with(project, (*project.scenarios, made)), made.id


def _each(project: Project, scenario_id: str, edit_id: str, change: Callable[[Edit], Edit | None]) -> Project:
    scenario = _open(project, scenario_id)
    old = _edit(scenario, edit_id)
    changed = [change(edit) if edit is old else edit for edit in scenario.own]
    return _own(project, scenario, [edit for edit in changed if edit is not None])


def _edit(scenario: Scenario, edit_id: str) -> Edit:
    for edit in scenario.own:
        if edit.id == edit_id:
            return edit
    if any(edit.id == edit_id for edit in scenario.edits):
        raise TwinError(f"{edit_id} is inherited; change it in the scenario it comes from.")
    raise TwinError(f"{scenario.title} has no edit {edit_id!r}.")


def _open(project: Project, scenario_id: str) -> Scenario:
    scenario = project.scenario(scenario_id)
    if scenario.locked:
        raise TwinError(f"{scenario.title} is locked. Unlock it to change it.")
    return scenario


def _own(project: Project, scenario: Scenario, own: Iterable[Edit]) -> Project:
    edits = (*scenario.edits[: scenario.inherited], *own)
    return _put(project, replace(scenario, edits=edits))


def _put(project: Project, scenario: Scenario) -> Project:
    return _with(project, (scenario if one.id == scenario.id else one for one in project.scenarios))


def _with(project: Project, scenarios: Iterable[Scenario]) -> Project:
    try:
        return replace(project, scenarios=linked(tuple(scenarios)))
    except TreeError as error:
        raise TwinError(f"This cannot be done: {error}.") from error


def _free_id(project: Project, title: str) -> str:
    """An id that can be the name of a file and that no scenario has."""
    stem = re.sub(r"[^a-z0-9]+", "-", title.lower().translate(_PLAIN)).strip("-") or "scenario"
    return _free(stem, {scenario.id for scenario in project.scenarios})


def _free(stem: str, taken: Iterable[str]) -> str:
    stem, taken = re.sub(r"-\d+$", "", stem), set(taken)
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


_PLAIN = str.maketrans("äöåõüéèšž", "aoaoueesz")
