"""`twin report`: a PDF on a scenario, with what it changes, how that was worked out, and whose data it is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from twin.errors import TwinError


def add_report(command: argparse.ArgumentParser) -> None:
    """Adds its arguments."""
    command.add_argument("--scenario", metavar="ID", help="as `twin scenarios` lists them; the second")
    command.add_argument("--against", metavar="ID", help="to compare with; the first, or `none`")
    command.add_argument("--overlay", metavar="ID", help="of the pictures, as of `twin render`; none")
    command.add_argument("--time", metavar="ISO", help="of the pictures, as 2026-07-15T15:00")
    command.add_argument("--view", metavar="NAME", help="of the pictures: a bookmark; the home view")
    command.add_argument(
        "--language", choices=("en", "fi", "sv", "et"), default="en", help="of the words; %(default)s"
    )
    command.add_argument("--state", metavar="FILE.json", type=Path, help="a saved view; other options win")
    command.add_argument("--progress", action="store_true", help="say how far it is, for other programs")
    command.add_argument("--out", metavar="FILE.pdf", type=Path, required=True, help="where it goes")


def report(options: argparse.Namespace) -> int:
    """Write the report. Raises TwinError and DataError."""
    from twin.app.report_pdf import Report, write_report
    from twin.cli.asked_state import asked_state
    from twin.cli.render import shown_progress
    from twin.formats.open_project import open_project

    project = open_project(options.project)
    known = [scenario.id for scenario in project.scenarios]
    if options.scenario is None and options.state is None:
        options.scenario = known[min(1, len(known) - 1)]
    state = asked_state(project, options)
    against = options.against
    if against is None:
        against = known[0] if known[0] != state.scenario else "none"
    if against not in ("none", *known):
        raise TwinError(f"there is no scenario {against!r}. Choose from: none, {', '.join(known)}.")
    made = Report(state, "" if against == "none" else against, options.language)
    said = shown_progress if options.progress else lambda _fraction: None
    for notice in write_report(project, made, options.out, said):
        print(f"twin: {notice}", file=sys.stderr)
    print(f"ok: {options.out}")
    return 0
