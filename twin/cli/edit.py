"""`twin edit`: adds the edits of a file to a scenario of a project."""

from __future__ import annotations

import argparse
import sys

from twin.analysis.build import build
from twin.errors import TwinError
from twin.formats import project_file, save_project, scenario_file
from twin.formats.open_project import open_project
from twin.formats.save_scenarios import save_scenarios
from twin.session import scenarios


def edit(options: argparse.Namespace) -> int:
    """Check the file, add its edits at the end of the scenario, and save; prints the id of each.

    What cannot be done as drawn goes to stderr, as in the window. Raises DataError and TwinError before
    anything is changed.
    """
    project, scenario_id = open_project(options.project), options.scenario
    if project.read_only:
        raise TwinError(f"{options.project.name} was made by a newer version and is read-only.")
    untouched = project.scenario(scenario_id)
    new = scenario_file.read(options.add, project.place)
    if not new.edits:
        raise TwinError(f"{options.add.name} holds no edits. Draw one feature for each.")
    changed = project
    for one in new.edits:
        changed = scenarios.add_edit(changed, scenario_id, one)
    saved, _files = save_scenarios(changed)
    if saved.sources != project.sources:
        project_file.save(save_project.to_file(saved), options.project)
    scenario = saved.scenario(scenario_id)
    for one in scenario.own[-len(new.edits) :]:
        print(one.id)
    before = set(build(project.city, project.layers, untouched.edits).problems)
    for problem in build(saved.city, saved.layers, scenario.edits).problems:
        if problem not in before:
            print(f"twin: {problem}", file=sys.stderr)
    return 0
