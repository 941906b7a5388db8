"""`twin build` and `twin convert`: write a scenario, or a city model, as another program wants it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from twin.analysis.build import build as built
from twin.analysis.growth import seen_in
from twin.cli.placement import placement_of
from twin.errors import TwinError
from twin.formats import write_city
from twin.formats.open_project import open_project
from twin.model.city import City
from twin.model.project import Project


def build(options: argparse.Namespace) -> int:
    """Write the city of a scenario of a project, with the attribution of all sources.

    Where none is named, of the first, which is today. What no edit touches keeps all its LoDs.
    What cannot be done as drawn goes to stderr. Raises DataError and TwinError.
    """
    project = seen_in(open_project(options.project), options.year)
    scenario = project.scenarios[0] if project.scenarios else None
    if options.scenario is not None:
        scenario = project.scenario(options.scenario)
    city, name = project.whole or project.city, project.name
    if scenario is not None and scenario.edits:
        found = built(city, project.layers, scenario.edits)
        city, name = found.city, f"{project.name}, {scenario.title}"
        _tell(found.problems)
    _write(project, city, options.out, name)
    return 0


def convert(options: argparse.Namespace) -> int:
    """Write a single city model; what was left out on reading goes to stderr. Raises TwinError, DataError."""
    if options.out.resolve() == options.file.resolve():
        raise TwinError("A file is not converted into itself. Choose another name.")
    project = open_project(options.file, crs=options.crs, placement=placement_of(options))
    _tell(project.notices)
    _write(project, project.whole or project.city, options.out, project.name)
    return 0


def _write(project: Project, city: City, out: Path, title: str) -> None:
    _tell(write_city.write(city, out, attribution=" · ".join(project.attribution), title=title))
    print(f"{out}: {len(city.object_id)} objects, {len(city.surface_object)} surfaces")


def _tell(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        print(f"twin: {sentence}", file=sys.stderr)
