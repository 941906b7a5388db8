"""`twin sun-study`: the sheets that planners hand in, the hours of sun on every façade, and of the yards."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.errors import TwinError

if TYPE_CHECKING:
    from twin.model.project import Project
    from twin.model.state import State
    from twin.scene.sun_findings import Findings

HEADER = (
    *("building", "use", "dwelling", "facing_deg", "area_m2", "hours", "longest_hours", "hours_before"),
    *("left_share", "2.5_h_continuous", "half_is_left", "3.5_h_in_two_parts"),
)


def add_sun_study(command: argparse.ArgumentParser) -> None:
    """Adds its arguments."""
    command.add_argument(
        "--scenario", metavar="ID", action="append", help="may be repeated; all if none is named"
    )
    command.add_argument("--year", type=int, default=date.today().year, help="of the days; %(default)s")
    command.add_argument(
        "--page", metavar="PAGE", default="a3", help="of a sheet, or a template FILE.toml; %(default)s"
    )
    command.add_argument("--dpi", type=float, default=150, help="of a sheet; %(default)s")
    command.add_argument(
        "--format", choices=("png", "pdf", "jpg", "svg"), default="pdf", help="of a sheet; %(default)s"
    )
    command.add_argument(
        "--language", choices=("en", "fi", "sv", "et"), default="en", help="of a sheet; %(default)s"
    )
    command.add_argument(
        "--view", metavar="NAME", default="", help="a bookmark; the plan of the home view if none"
    )
    command.add_argument("--map-scale", metavar="1:N", help="of the views; what suits if none is given")
    command.add_argument("--out", metavar="DIR", type=Path, required=True, help="for sheets and façades")
    command.add_argument("--progress", action="store_true", help="say how far it is, for other programs")


def sun_study(options: argparse.Namespace) -> int:
    """Write a sheet of shadows and one of hours of sun for each scenario, and a table of façades."""
    from twin.app.export_sheet import Press
    from twin.cli.picture_options import page_size, scale_of
    from twin.cli.printing import print_json
    from twin.cli.render import shown_progress
    from twin.formats.open_project import first_state, open_project
    from twin.formats.page_template import page_of
    from twin.model.sheet import Panel, Sheet
    from twin.scene import sun_study as study
    from twin.scene.sun_findings import as_tree, note, of_days

    project = open_project(options.project)
    first = study.seen_from(project, first_state(project), options.view)
    wanted = [project.scenario(name).id for name in options.scenario or (s.id for s in project.scenarios)]
    language = options.language
    page, own = page_of(options.page)
    size, scale = page_size(page, options.dpi, own), scale_of(options.map_scale, page)
    options.out.mkdir(parents=True, exist_ok=True)
    press = Press(project)
    known: dict[str, Any] = {}
    done, all_ = 0, 3 * len(wanted)

    def tell(part: float) -> None:
        if options.progress:
            shown_progress(min((done + part) / all_, 1.0))

    try:
        for name in wanted:
            state = replace(first, scenario=name)
            plain = Sheet((Panel(state),), size, page, scale, language=language, own=own)
            found = found_of(project, state, options.year, tell)
            done += 1
            path = options.out / f"{name}-facades.csv"
            write_facades(found, path)
            said = [said_of(found, path)]
            sheets = {
                "shadows": study.shadow_sheet(project, state, options.year, plain),
                "sun-hours": study.hours_sheet(
                    project,
                    state,
                    options.year,
                    plain,
                    of_days(found, language),
                    note(found, project.place, language),
                ),
            }
            for what, sheet in sheets.items():
                path = options.out / f"{name}-{what}.{options.format}"
                for notice in press.make(sheet, path, progress=tell):
                    print(f"twin: {notice}", file=sys.stderr)
                done += 1
                said.append(f"ok: {path}")
            known[name] = as_tree(found)
            if not options.json:
                print("\n".join(said), flush=True)
    finally:
        press.close()
    if options.json:
        print_json({"project": project.name, "year": options.year, "scenarios": known})
    return 0


def found_of(project: Project, state: State, year: int, progress: Any = lambda _fraction: None) -> Findings:
    """What is found of façades and yards, compared with the first scenario. Raises TwinError."""
    from twin.scene.resolve import extent
    from twin.scene.sun_findings import findings
    from twin.scene.sun_study import days
    from twin.scene.terrain import ground_of
    from twin.session.commands import choose_scenario
    from twin.session.session import Session

    session = Session(
        project, replace(state, overlay="none", shadows=False, compare="none", exaggeration=1.0)
    )
    try:
        stands = []
        for name in (project.scenarios[0].id, state.scenario):
            session.do(choose_scenario, name)
            if session.scene.built is None:
                raise TwinError(
                    f"The scenario {name!r} could not be built. {' '.join(session.scene.notices)}"
                )
            stands.append(session.scene.built)
        ground, *_ = ground_of(project, session.state, session.results)
    finally:
        session.close()
    before, plan = stands
    return findings(plan, before, extent(project), ground.terrain, project.place, days(year), progress)


def write_facades(found: Findings, path: Path) -> None:
    """One row for each façade that stands free. Raises DataError."""
    from twin.analysis.insolation import PARTED
    from twin.formats import csv_file
    from twin.model.table import Value

    judged = found.judged
    enough, left, kept = judged.enough, judged.left, judged.kept
    rows: list[list[Value]] = []
    for row, building in enumerate(judged.facades.building.tolist()):
        use = found.uses.get(building, "")
        rows.append(
            [
                str(building),
                use,
                "yes" if judged.dwelling[row] else "no" if use else "not known",
                f"{judged.facades.aspect[row]:.0f}",
                f"{judged.facades.area[row]:.1f}",
                f"{judged.total[row]:.2f}",
                f"{judged.run[row]:.2f}",
                _number(judged.before[row]),
                _number(left[row]),
                "yes" if enough[row] else "no",
                "yes" if kept[row] else "no",
                "yes" if judged.parted[row] >= PARTED else "no",
            ]
        )
    csv_file.write(path, HEADER, rows)


def said_of(found: Findings, path: Path) -> str:
    """A line that sums it up."""
    from twin.analysis.insolation import CONTINUOUS, PARTED
    from twin.scene.sun_findings import DWELLING

    count, short, lost = found.counts
    return (
        f"ok: {path}: {len(found.judged.run)} free façades, {count} of them of dwellings: {short} with less "
        f"than {CONTINUOUS:g} h without a break from 22 April to 22 August, {found.instead} of which have "
        f"{PARTED:g} h in two parts, which does for high-rises; {lost} that lose more than half "
        f"(EVS 894; a dwelling is a building whose use is {DWELLING})"
    )


def _number(value: float) -> str:
    return "" if value != value else f"{value:.2f}"
