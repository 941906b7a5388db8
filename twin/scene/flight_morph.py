"""Turns one scenario into another: what is new rises out of the ground, what goes sinks into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.analysis.build import Built, build
from twin.analysis.content import ids_of
from twin.analysis.difference import compare
from twin.analysis.surface_model import TREE_CROWN, TREE_HEIGHT
from twin.model import city as cities
from twin.model import table
from twin.model.city import City, roots
from twin.model.layer import Layer
from twin.model.project import Project
from twin.model.scenario import Scenario

GOES = " (goes)"
"""Behind the id of what sinks, as the same id may rise in another shape."""
BETWEEN = "between"
"""Id of a scenario that is neither the first nor the second."""
SIZES = {"height": TREE_HEIGHT, "crown": TREE_CROWN}
"""What grows of a tree, and how much of it there is where nobody recorded it. [m]"""


@dataclass(frozen=True, eq=False, slots=True)
class Morph:
    """All that is needed to show any moment between two scenarios."""

    stays: City
    sinks: City
    rises: City
    feet: tuple[NDArray[np.float64], NDArray[np.float64]]
    """The height from which each corner of `sinks` and of `rises` grows. [m]"""
    before: tuple[Layer, ...]
    after: tuple[Layer, ...]
    changed: frozenset[str]
    """Layer and id, with a line break between, of the features that are not the same in both."""
    parents: dict[str, str]

    def at(self, share: float) -> tuple[City, tuple[Layer, ...]]:
        """City and layers; share: 0 as the first scenario to 1 as the second."""
        city = self.stays
        if share < 1.0:
            city = cities.concatenate(city, _scaled(self.sinks, self.feet[0], 1.0 - share))
        if share > 0.0:
            city = cities.concatenate(city, _scaled(self.rises, self.feet[1], share))
        rows = city.rows
        linked = [rows.get(self.parents.get(str(name), ""), -1) for name in city.object_id]
        city = replace(city, object_parent=np.array(linked, dtype=np.int32))
        return city, _layers(self.before, self.after, self.changed, share)


def morph(first: Built, second: Built) -> Morph:
    """Prepares the way from one scenario to the other, which must lie in the same Place."""
    found = compare(first, second)
    moving = {each.id for each in found.objects if each.kind != "changed" or each.reshaped}
    old, new = first.city, second.city
    gone = np.array([name in moving for name in old.object_id.tolist()], dtype=bool)
    fresh = np.array([name in moving for name in new.object_id.tolist()], dtype=bool)
    sinks = _only(old, gone)
    sinks = replace(sinks, object_id=np.array([f"{name}{GOES}" for name in sinks.object_id], dtype=object))
    parents = {**_parents(old), **_parents(new)}
    for name, parent in _parents(old).items():
        if name in moving:
            parents[f"{name}{GOES}"] = f"{parent}{GOES}" if parent in moving else parent
    changed = frozenset(f"{each.what}\n{each.id}" for each in found.features)
    return Morph(
        _only(new, ~fresh),
        sinks,
        _only(new, fresh),
        (_feet(old, gone), _feet(new, fresh)),
        first.layers,
        second.layers,
        changed,
        parents,
    )


def between(project: Project, first: str, second: str, shares: Sequence[float]) -> Sequence[Project]:
    """A project for each of these moments, made when it is asked for; its scenario is `BETWEEN`."""
    return _Projects(project, first, second, shares)


class _Projects(Sequence[Project]):
    """One at a time, as each holds a whole city."""

    def __init__(self, project: Project, first: str, second: str, shares: Sequence[float]) -> None:
        self._project, self._shares = project, shares
        a, b = (project.scenario(name) for name in (first, second))
        built = [build(project.city, project.layers, each.edits) for each in (a, b)]
        self._morph = morph(built[0], built[1])
        made_up = (a.illustrative and bool(a.edits)) or (b.illustrative and bool(b.edits))
        told = " (illustrative)" if made_up else ""
        self._scenario = Scenario(BETWEEN, f"{a.title} → {b.title}{told}", illustrative=made_up)

    def __len__(self) -> int:
        return len(self._shares)

    def __getitem__(self, number: int) -> Project:  # type: ignore[override]  # no slices
        city, layers = self._morph.at(self._shares[number])
        return replace(self._project, city=city, whole=None, layers=layers, scenarios=(self._scenario,))


def _only(city: City, keep: NDArray[np.bool_]) -> City:
    """These objects exactly, without links to parents, which may not be among them."""
    alone = replace(city, object_parent=np.full(len(city.object_id), -1, dtype=np.int32))
    return cities.without(alone, ~keep)


def _parents(city: City) -> dict[str, str]:
    parts = np.flatnonzero(city.object_parent >= 0).tolist()
    return {str(city.object_id[row]): str(city.object_id[city.object_parent[row]]) for row in parts}


def _of_corners(city: City) -> NDArray[np.intp]:
    """The object of each corner."""
    surface = np.repeat(city.ring_surface, np.diff(city.ring_starts))
    return np.asarray(city.surface_object[surface], dtype=np.intp)


def _feet(city: City, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The lowest height of the whole that each corner of the chosen objects belongs to."""
    owner = _of_corners(city)
    whole = roots(city)[owner]
    lowest = np.full(len(city.object_id), np.inf)
    np.minimum.at(lowest, whole, city.vertices[:, 2])
    return np.asarray(lowest[whole][chosen[owner]], dtype=np.float64)


def _scaled(city: City, feet: NDArray[np.float64], share: float) -> City:
    """With heights above the feet that are a share of what they are."""
    if share >= 1.0 or not len(city.vertices):
        return city
    vertices = city.vertices.copy()
    vertices[:, 2] = feet + share * (vertices[:, 2] - feet)
    return replace(city, vertices=vertices)


def _layers(
    before: tuple[Layer, ...], after: tuple[Layer, ...], changed: frozenset[str], share: float
) -> tuple[Layer, ...]:
    """Trees grow and shrink; all else is as in the scenario that is nearer."""
    if share <= 0.0 or share >= 1.0:
        return after if share >= 1.0 else before
    old = {layer.id: layer for layer in before}
    found = []
    for layer in after if share >= 0.5 else before:
        other = next((each for each in after if each.id == layer.id), None)
        earlier = old.get(layer.id)
        if layer.role == "trees" and earlier is not None and other is not None and earlier is not other:
            found.append(_grown(earlier, other, changed, share))
        else:
            found.append(layer)
    return tuple(found)


def _grown(before: Layer, after: Layer, changed: frozenset[str], share: float) -> Layer:
    going, coming = (
        np.array([f"{layer.id}\n{name}" in changed for name in ids_of(layer)], dtype=bool)
        for layer in (before, after)
    )
    parts = [
        (after, ~coming, 1.0, ""),
        (before, going, 1.0 - share, GOES),
        (after, coming, share, ""),
    ]
    geometry = np.concatenate([layer.geometry[rows] for layer, rows, _, _ in parts])
    made = table.from_rows([])
    for layer, rows, size, mark in parts:
        columns = table.take(layer.table, rows)
        if size < 1.0:
            columns = _sized(columns, int(rows.sum()), size, mark)
        made = table.concatenate(made, columns)
    return replace(after, geometry=geometry, table=made)


def _sized(columns: table.Table, count: int, size: float, mark: str) -> table.Table:
    rows = [dict(columns.row(number)) for number in range(count)]
    for row in rows:
        if mark and row.get("id") is not None:
            row["id"] = f"{row['id']}{mark}"
        for name, usual in SIZES.items():
            value = row.get(name)
            row[name] = size * (value if isinstance(value, int | float) and value > 0 else usual)
    return table.from_rows(rows)
