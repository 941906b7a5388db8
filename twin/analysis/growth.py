"""Shows planned trees in a year: taller and wider than when they were planted, or not there yet."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from twin.analysis.species import species_named
from twin.model.project import Project
from twin.model.scenario import Edit, PlantArea, PlantRow, PlantTrees

Planting = PlantTrees | PlantRow | PlantArea


def seen_in(project: Project, year: int | None) -> Project:
    """The project with the trees of its scenarios as they are in a year; None: as they are drawn.

    Trees without a year of planting stay as they are drawn, and so do those that stand today. What is seen in
    a year stays so: seeing it in a year again changes nothing.
    """
    if year is None:
        return project
    scenarios = tuple(replace(one, edits=grown(one.edits, year)) for one in project.scenarios)
    return replace(project, scenarios=scenarios)


@lru_cache(maxsize=64)
def grown(edits: tuple[Edit, ...], year: int) -> tuple[Edit, ...]:
    """The edits with their trees as they are in a year."""
    return tuple(_grown(edit, year) if isinstance(edit, Planting) else edit for edit in edits)


def doubts(edits: tuple[Edit, ...], year: int | None) -> tuple[str, ...]:
    """What must be known of trees that are seen in a year, one sentence each."""
    if year is None:
        return ()
    plantings = [edit for edit in edits if isinstance(edit, Planting) and edit.enabled]
    found = []
    if undated := sum(edit.planted is None for edit in plantings):
        found.append(f"{_edits(undated)} no year of planting: these trees are shown as drawn.")
    strange = {edit.species for edit in plantings if edit.planted and species_named(edit.species) is None}
    if strange:
        names = ", ".join(sorted(name or "trees without a species" for name in strange))
        found.append(f"How {names} grow is not known: they are shown as drawn.")
    if late := sum(edit.planted is not None and edit.planted > year for edit in plantings):
        found.append(f"{late} of {len(plantings)} plantings come after {year} and are not there yet.")
    kinds = [species_named(edit.species) for edit in plantings if edit.planted and edit.planted < year]
    if any(kind is not None and kind.estimated for kind in kinds):
        found.append(f"Trees in {year} are an estimate, see assets/trees/SOURCE.md.")
    return tuple(found)


def _grown(edit: Planting, year: int) -> Edit:
    if edit.planted is None:
        return edit
    if edit.planted > year:
        return replace(edit, enabled=False, planted=None)
    kind = species_named(edit.species)
    if kind is None:
        return replace(edit, planted=None)
    height, crown = kind.after(edit.height, edit.crown, year - edit.planted)
    # to the centimetre, so that years that hardly differ do not make everything anew
    return replace(edit, height=round(height, 2), crown=round(crown, 2), planted=None)


def _edits(count: int) -> str:
    return "1 planting has" if count == 1 else f"{count} plantings have"
