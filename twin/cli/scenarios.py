"""`twin scenarios`: what can be chosen between."""

from __future__ import annotations

import argparse
import sys

from twin.cli.printing import print_json, print_table
from twin.formats.open_project import open_scenarios


def scenarios(options: argparse.Namespace) -> int:
    """Print id and title of each scenario, in the order of the keys 1-9; what was left out goes to stderr."""
    found, problems = open_scenarios(options.project)
    if options.json:
        print_json([{"id": scenario.id, "title": scenario.title} for scenario in found])
    else:
        print_table(
            [
                (scenario.id, scenario.title, "illustrative" if scenario.illustrative else "")
                for scenario in found
            ]
        )
    for problem in problems:
        print(f"twin: {problem}", file=sys.stderr)
    return 0
