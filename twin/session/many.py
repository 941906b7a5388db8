"""What a user can do to several objects at once: functions from a project to a project."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from twin.analysis.growth import Planting
from twin.model.city import City
from twin.model.layer import Layer
from twin.model.project import Project
from twin.model.scenario import (
    SHAPE,
    AddModel,
    AddThings,
    ChangeAttributes,
    Edit,
    GreenBuilding,
    MoveBuilding,
    PlantTrees,
    Protect,
    Remove,
    shape_of,
)
from twin.model.table import Value
from twin.scene.drawing import moved
from twin.scene.several import middle_of, only_points, with_some, without_points
from twin.scene.sketches import shaped
from twin.scene.snapping import Flat
from twin.session import scenarios
from twin.session.edit_values import FIELDS, with_value


@dataclass(frozen=True, slots=True)
class Move:
    """How far objects go, and how they turn around the middle of all of them."""

    east: float = 0.0
    """[m]"""
    north: float = 0.0
    """[m]"""
    up: float = 0.0
    """[m]"""
    rotation: float = 0.0
    """Clockwise from above. [deg]"""


def remove(project: Project, scenario_id: str, ids: Sequence[str], title: str) -> Project:
    """Without these: what the scenario drew itself is no longer drawn, what stands is removed by one edit."""
    own, others = _parted(project, scenario_id, ids)
    for edit, numbers in own:
        left = _without(edit, numbers)
        if left is None:
            project = scenarios.remove_edit(project, scenario_id, edit.id)
        else:
            project = scenarios.change_edit(project, scenario_id, left)
    return scenarios.add_edit(project, scenario_id, Remove("remove", title, others)) if others else project


def move(
    project: Project,
    scenario_id: str,
    city: City,
    ids: Sequence[str],
    by: Move,
    title: str,
    *,
    layers: Sequence[Layer] = (),
) -> Project:
    """Elsewhere, together. city, layers: as they stand now; they say where the middle is."""
    own, others = _parted(project, scenario_id, ids)
    about = middle_of(city, ids, layers)
    for edit, numbers in own:
        project = scenarios.change_edit(project, scenario_id, _moved(edit, numbers, by, about))
    lifted = [edit.id for edit, _ in own if by.up and not isinstance(edit, AddModel | Planting | AddThings)]
    if lifted:
        project = scenarios.add_edit(
            project, scenario_id, MoveBuilding("move", title, tuple(lifted), up=by.up)
        )
    if not others:
        return project
    # such an edit turns its own objects around their middle, which is another where some were drawn
    mine = middle_of(city, others, layers)
    angle = math.radians(-by.rotation)
    x, y = mine[0] - about[0], mine[1] - about[1]
    there = (
        about[0] + x * math.cos(angle) - y * math.sin(angle),
        about[1] + x * math.sin(angle) + y * math.cos(angle),
    )
    east, north = by.east + there[0] - mine[0], by.north + there[1] - mine[1]
    made = MoveBuilding("move", title, others, round(east, 4), round(north, 4), by.up, by.rotation)
    return scenarios.add_edit(project, scenario_id, made)


def change_attributes(
    project: Project,
    scenario_id: str,
    ids: Sequence[str],
    attributes: Sequence[tuple[str, Value]],
    title: str,
) -> Project:
    """With other values of attributes; None takes one away. Trees that the scenario plants are planted so."""
    own, _ = _parted(project, scenario_id, ids)
    planted: set[str] = set()
    for edit, numbers in own:
        fields = {name: value for name, value in attributes if name in ("species", "height", "crown")}
        if not isinstance(edit, Planting) or len(fields) < len(attributes):
            continue
        planted.update(one for one in ids if one == edit.id or one.rpartition(".")[0] == edit.id)
        made: Edit = edit
        for name, value in fields.items():
            made = with_value(made, name, value)
        chosen = sorted(set(numbers))
        left = without_points(edit.points, chosen) if isinstance(edit, PlantTrees) and chosen else None
        if left is None or not isinstance(edit, PlantTrees) or not isinstance(made, PlantTrees):
            project = scenarios.change_edit(project, scenario_id, made)
            continue
        project = scenarios.change_edit(project, scenario_id, replace(edit, points=left))
        made = replace(made, points=only_points(edit.points, chosen))
        project = scenarios.add_edit(project, scenario_id, made)
    rest = tuple(one for one in ids if one not in planted)
    if not rest:
        return project
    made_edit = ChangeAttributes("attributes", title, rest, tuple(attributes))
    return scenarios.add_edit(project, scenario_id, made_edit)


def change_alike(project: Project, scenario_id: str, edit: Edit, ids: Sequence[str]) -> Project:
    """With an edit in place of the one of the same id, and what is new in it also in others of its kind."""
    known = {one.id: one for one in project.scenario(scenario_id).own}
    old = known[edit.id]
    names = [field.name for field in FIELDS[type(edit)] if field.name != "title"]
    new = {name: getattr(edit, name) for name in names if getattr(edit, name) != getattr(old, name)}
    project = scenarios.change_edit(project, scenario_id, edit)
    for one in (known[name] for name in ids if name != edit.id and name in known):
        if type(one) is type(edit):
            changed: dict[str, Any] = new
            project = scenarios.change_edit(project, scenario_id, replace(one, **changed))
    return project


def switch(project: Project, scenario_id: str, ids: Sequence[str], enabled: bool) -> Project:
    """With edits that take part or not."""
    for name in ids:
        project = scenarios.switch_edit(project, scenario_id, name, enabled)
    return project


def green(project: Project, scenario_id: str, ids: Sequence[str], kind: str, title: str) -> Project:
    """With plants on their roofs or walls. kind: one of GREENS."""
    return scenarios.add_edit(project, scenario_id, GreenBuilding("green", title, tuple(ids), kind))


def protect(project: Project, scenario_id: str, ids: Sequence[str], title: str) -> Project:
    """Watched: a change of them is a problem that is told."""
    return scenarios.add_edit(project, scenario_id, Protect("protect", title, tuple(ids)))


def _parted(
    project: Project, scenario_id: str, ids: Sequence[str]
) -> tuple[list[tuple[Edit, list[int]]], tuple[str, ...]]:
    """The scenario's own edits that drew some of these, with the numbers of their points, and all others."""
    made: dict[str, tuple[Edit, list[int]]] = {}
    others = []
    drawn = {edit.id: edit for edit in project.scenario(scenario_id).own if type(edit) in SHAPE}
    for gml_id in ids:
        stem, _, number = gml_id.rpartition(".")
        edit = drawn.get(gml_id) or (drawn.get(stem) if number.isdigit() else None)
        if edit is None:
            others.append(gml_id)
        else:
            numbers = made.setdefault(edit.id, (edit, []))[1]
            numbers += [int(number)] if edit.id != gml_id else []
    return list(made.values()), tuple(others)


def _without(edit: Edit, numbers: Sequence[int]) -> Edit | None:
    """An edit of points without some of them, counted from 1; None where nothing is left of it."""
    if not isinstance(edit, AddModel | AddThings | PlantTrees) or not numbers:
        return None
    left = without_points(edit.points, numbers)
    return None if left is None else replace(edit, points=left)


def _moved(edit: Edit, numbers: Sequence[int], by: Move, about: Flat) -> Edit:
    """The edit elsewhere; of one of points only these, counted from 1."""
    shape = shape_of(edit)
    assert shape is not None
    if isinstance(edit, AddThings | PlantTrees) and numbers:
        shifted = moved(edit.points, (by.east, by.north), turn=by.rotation, about=about)
        return replace(edit, points=with_some(edit.points, shifted, numbers))
    made = shaped(edit, moved(shape, (by.east, by.north), turn=by.rotation, about=about))
    if isinstance(made, AddModel):
        turned = (made.rotation + by.rotation + 180.0) % 360.0 - 180.0
        made = replace(made, rotation=turned, up=made.up + by.up)
    return made
