"""`twin sun-study`: the sheets that planners hand in, and the hours of sun on every façade."""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import TwinError

if TYPE_CHECKING:
    from twin.model.city import City
    from twin.model.project import Project
    from twin.model.sheet import Language
    from twin.model.state import State

DAYS = ((3, 21), (6, 21), (9, 21), (12, 21))
HOURS = (9, 12, 15, 18)
"""As plans in Finland and Estonia show shadows."""
DWELLING = "residential"
"""The use that counts as dwelling in the test of façades; of buildings without a use nothing is said."""


def add_sun_study(command: argparse.ArgumentParser) -> None:
    """Adds its arguments."""
    command.add_argument(
        "--scenario", metavar="ID", action="append", help="may be repeated; all if none is named"
    )
    command.add_argument("--year", type=int, default=date.today().year, help="of the days; %(default)s")
    command.add_argument(
        "--page", metavar="PAGE", default="a3", help="of a sheet, as of `twin render`; %(default)s"
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


def sun_study(options: argparse.Namespace) -> int:
    """Write a sheet of shadows and one of hours of sun for each scenario, and a table of façades."""
    from twin.app.export_sheet import Press
    from twin.cli.picture_options import page_size, scale_of
    from twin.formats.open_project import first_state, open_project
    from twin.model.sheet import Panel, Sheet
    from twin.scene.sheet_texts import date_text, word

    project = open_project(options.project)
    first = _seen(project, first_state(project), options.view)
    named = [project.scenario(name) for name in options.scenario or ()]
    wanted = [scenario.id for scenario in named or project.scenarios]
    size, language = page_size(options.page, options.dpi), options.language
    scale = scale_of(options.map_scale, options.page)
    options.out.mkdir(parents=True, exist_ok=True)
    press = Press(project)
    zone = project.place.zone
    try:
        for name in wanted:
            state = replace(first, scenario=name, overlay="none", shadows=True)
            times = [
                datetime.combine(date(options.year, *day), time(hour), zone) for day in DAYS for hour in HOURS
            ]
            shadows = tuple(Panel(replace(state, time=at), _caption(project, at, language)) for at in times)
            noons = [datetime.combine(date(options.year, *day), time(12), zone) for day in DAYS]
            suns = tuple(
                Panel(replace(state, time=at, overlay="sun_hours"), date_text(at, language)) for at in noons
            )
            title = f"{word('study', language)}: {project.scenario(name).title}"
            for what, panels, columns in (("shadows", shadows, len(HOURS)), ("sun-hours", suns, 2)):
                path = options.out / f"{name}-{what}.{options.format}"
                sheet = Sheet(panels, size, options.page, scale, columns, language=language, title=title)
                for notice in press.make(sheet, path):
                    print(f"twin: {notice}", file=sys.stderr)
                print(f"ok: {path}", flush=True)
    finally:
        press.close()
    for name in wanted:
        print(_facades(project, name, options.year, options.out / f"{name}-facades.csv"), flush=True)
    return 0


def _caption(project: Project, at: datetime, language: Language) -> str:
    """Day, hour and how high the sun stands."""
    from twin.analysis.sun import sun
    from twin.scene.sheet_texts import date_text

    high = sun(project.place, at).altitude
    says = f"{high:.0f}°" if high > 0 else "< 0°"
    return f"{date_text(at, language)}, {at:%H:%M} · {says}"


def _seen(project: Project, state: State, view: str) -> State:
    from twin.scene.resolve import extent, home
    from twin.scene.standpoints import standing_at

    if not view:
        return replace(state, camera=standing_at(home(project, extent(project)), "top"))
    marks = {mark.id: mark.camera for mark in project.bookmarks}
    if view not in marks:
        raise TwinError(f"there is no view {view!r}. Choose from: {', '.join(marks)}.")
    return replace(state, camera=marks[view])


def _facades(project: Project, scenario: str, year: int, path: Path) -> str:
    """Writes the hours of every façade, and whether they are enough; returns a line that says so."""
    from twin.analysis.build import build
    from twin.analysis.insolation import CONTINUOUS, SHARE, exposed, facades, least, taken
    from twin.analysis.surface_model import surface_model
    from twin.scene.overlays import cell_size
    from twin.scene.resolve import extent

    bounds = extent(project)
    cell = cell_size(bounds)
    today = build(project.city, project.layers, ())
    plan = build(project.city, project.layers, project.scenario(scenario).edits)
    found, before = facades(plan.city), facades(today.city)
    solid = surface_model(plan.city, bounds=bounds, cell=cell)
    found = taken(found, exposed(found, solid))
    total, run = least(found, solid, project.place, year)
    # what stood there already is looked at from the same places in both
    old, _ = least(found, surface_model(today.city, bounds=bounds, cell=cell), project.place, year)
    stood = set(before.building.tolist())
    uses = _uses(plan.city)
    failed = lost = dwellings = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(
            [
                *(
                    "building",
                    "use",
                    "dwelling",
                    "facing_deg",
                    "area_m2",
                    "hours",
                    "longest_hours",
                    "hours_today",
                ),
                *("left_share", "2.5_h_continuous", "half_is_left"),
            ]
        )
        for row, building in enumerate(found.building.tolist()):
            enough = run[row] >= CONTINUOUS
            was = old[row] if building in stood else float("nan")
            share = total[row] / was if was > 0 else float("nan")
            half = not share < SHARE
            use = uses.get(building, "")
            home = use == DWELLING
            dwellings += home
            failed += home and not enough
            lost += home and not half
            table.writerow(
                [
                    _harmless(str(building)),
                    _harmless(use),
                    "yes" if home else "no" if use else "not known",
                    f"{found.aspect[row]:.0f}",
                    f"{found.area[row]:.1f}",
                    f"{total[row]:.2f}",
                    f"{run[row]:.2f}",
                    "" if building not in stood else f"{was:.2f}",
                    "" if share != share else f"{share:.2f}",
                    "yes" if enough else "no",
                    "yes" if half else "no",
                ]
            )
    return (
        f"ok: {path}: {len(found.area)} free façades, {dwellings} of them of dwellings: {failed} with less "
        f"than {CONTINUOUS:g} h without a break from 22 April to 22 August, {lost} that lose more than half "
        f"(EVS 894; a dwelling is a building whose use is {DWELLING})"
    )


def _uses(city: City) -> dict[str, str]:
    """gml:id of each object to its use, where the data tell one."""
    column = city.attributes.columns.get("use")
    if column is None:
        return {}
    pairs = zip(city.object_id.tolist(), column.tolist(), strict=True)
    return {str(name): str(use) for name, use in pairs if use is not None}


def _harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
