"""Scenarios that inherit from one another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from twin.model.scenario import Edit, Scenario


class TreeError(ValueError):
    """A scenario inherits from itself, from one that is not there, or one edit from two of them."""


def linked(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """The same scenarios in the same order, each with the edits that it inherits by now.

    An edit that comes by two ways is there once. Raises TreeError.
    """
    by_id = {scenario.id: scenario for scenario in scenarios}
    found = []
    for scenario in scenarios:
        inherited = _inherited(scenario, by_id)
        own = scenario.own
        taken = {edit.id for edit in inherited}
        for edit in own:
            if edit.id in taken:
                raise TreeError(f"the edit {edit.id!r} of {scenario.title} is also in one of its parents")
        edits = (*inherited, *own)
        same = edits == scenario.edits and len(inherited) == scenario.inherited
        found.append(scenario if same else replace(scenario, edits=edits, inherited=len(inherited)))
    return tuple(found)


def heirs(scenarios: Iterable[Scenario], scenario_id: str) -> tuple[Scenario, ...]:
    """Those that inherit directly from a scenario."""
    return tuple(scenario for scenario in scenarios if scenario_id in scenario.parents)


def depth(scenarios: Sequence[Scenario], scenario_id: str) -> int:
    """How many generations stand above a scenario, by the longest way."""
    by_id = {scenario.id: scenario for scenario in scenarios}
    return max(
        (1 + depth(scenarios, parent) for parent in by_id[scenario_id].parents if parent in by_id), default=0
    )


def _inherited(scenario: Scenario, by_id: dict[str, Scenario]) -> tuple[Edit, ...]:
    found: dict[str, Edit] = {}
    owner: dict[str, str] = {}
    for ancestor in _ancestors(scenario, by_id, (), set()):
        for edit in ancestor.own:
            if edit.id in found:
                first, second = by_id[owner[edit.id]].title, ancestor.title
                raise TreeError(f"the edit {edit.id!r} is both in {first} and in {second}")
            found[edit.id] = edit
            owner[edit.id] = ancestor.id
    return tuple(found.values())


def _ancestors(
    scenario: Scenario, by_id: dict[str, Scenario], trail: tuple[str, ...], done: set[str]
) -> list[Scenario]:
    """All that a scenario inherits from, each once, the eldest first."""
    trail = (*trail, scenario.id)
    found: list[Scenario] = []
    for name in scenario.parents:
        if name in trail:
            raise TreeError(f"scenarios inherit in a circle: {' → '.join((*trail, name))}")
        if name not in by_id:
            raise TreeError(f"{scenario.title} inherits from {name!r}, which is not there")
        if name not in done:
            done.add(name)
            found += [*_ancestors(by_id[name], by_id, trail, done), by_id[name]]
    return found
