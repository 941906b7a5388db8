"""`twin build` and `twin convert`: write a scenario, or a city model, as another program wants it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from twin.analysis.build import build as built
from twin.errors import TwinError
from twin.formats import write_city
from twin.formats.open_project import open_project
from twin.model.placement import NOWHERE, Placement


def build(path: Path, scenario_id: str | None, out: Path) -> int:
    """Write the city of a scenario of a project to `out`, with the attribution of all sources.

    None: of the first scenario, which is today. What no edit touches keeps all its LoDs where there are no
    edits at all. What cannot be done as drawn goes to stderr. Raises DataError and TwinError.
    """
    project = open_project(path)
    known = [scenario.id for scenario in project.scenarios]
    if scenario_id is not None and scenario_id not in known:
        raise TwinError(f"There is no scenario {scenario_id!r}. Choose from: {', '.join(known) or 'none'}.")
    scenario = project.scenario(scenario_id or known[0]) if known else None
    city, name = project.whole or project.city, project.name
    if scenario is not None and scenario.edits:
        found = built(project.city, project.layers, scenario.edits)
        city, name = found.city, f"{project.name}, {scenario.title}"
        _tell(found.problems)
    _tell(write_city.write(city, out, attribution=" · ".join(project.attribution), title=name))
    print(f"{out}: {len(city.object_id)} objects, {len(city.surface_object)} surfaces")
    return 0


def convert(file: Path, out: Path, crs: str = "", placement: Placement = NOWHERE) -> int:
    """Write a single city model to `out`; what was left out on reading goes to stderr.

    crs and placement: see `open_project`. Raises DataError.
    """
    if out.resolve() == file.resolve():
        raise TwinError("A file is not converted into itself. Choose another name.")
    project = open_project(file, crs=crs, placement=placement)
    city = project.whole or project.city
    lost = write_city.write(city, out, attribution=" · ".join(project.attribution), title=project.name)
    _tell((*project.notices, *lost))
    print(f"{out}: {len(city.object_id)} objects, {len(city.surface_object)} surfaces")
    return 0


def _tell(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        print(f"twin: {sentence}", file=sys.stderr)
