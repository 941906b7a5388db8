"""`twin kpi`: the indicators of all scenarios, with what they differ by and where they come from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from twin.analysis.build import build
from twin.analysis.growth import seen_in
from twin.analysis.kpi import INDICATORS, Row, rows
from twin.cli.printing import print_json, print_table
from twin.errors import DataError, TwinError
from twin.formats import csv_file, xlsx_file
from twin.formats.open_project import open_project
from twin.model.project import Project
from twin.model.table import Value

Known = dict[str, dict[str, Row]]
"""By scenario and by row."""


def kpi(options: argparse.Namespace) -> int:
    """Print the table, or write it as CSV or XLSX. Raises TwinError and DataError."""
    project = seen_in(open_project(options.project), options.year)
    names = [scenario.id for scenario in project.scenarios]
    if not names:
        raise TwinError(f"{options.project} has no scenarios to compare.")
    base = project.scenario(options.baseline or names[0]).id
    known: Known = {}
    for scenario in project.scenarios:
        built = build(project.city, project.layers, scenario.edits)
        known[scenario.id] = {row.id: row for row in rows(built)}
        for problem in built.problems:
            print(f"twin: {scenario.title}: {problem}", file=sys.stderr)
    if options.out is not None:
        write(options.out, project, known, base)
        print(f"{options.out}: {len(order(known))} indicators of {len(names)} scenarios")
    elif options.json:
        print_json(as_tree(project, known, base))
    else:
        head = ("indicator", "unit", *names)
        print_table([head, *(tuple(map(_written, line)) for line in lines(known, names))])
    return 0


def order(known: Known) -> list[Row]:
    """Each row once, as the table of indicators has them, classes after their total."""
    every = {name: row for of in known.values() for name, row in of.items()}
    places = {indicator.id: place for place, indicator in enumerate(INDICATORS)}
    return [every[name] for name in sorted(every, key=lambda name: (places[name.partition(".")[0]], name))]


def lines(known: Known, names: list[str]) -> list[tuple[str | float, ...]]:
    """Title, unit and the value in each scenario; a class that a scenario lacks is none of it."""
    return [(row.title, row.unit, *(_value(known, name, row) for name in names)) for row in order(known)]


def as_tree(project: Project, known: Known, base: str) -> dict[str, Any]:
    """Only dicts, lists, text and numbers."""
    about = {indicator.id: indicator for indicator in INDICATORS}
    return {
        "project": project.name,
        "baseline": base,
        "attribution": list(project.attribution),
        "indicators": [
            {
                "id": row.id,
                "title": row.title,
                "unit": row.unit,
                "formula": about[row.id.partition(".")[0]].formula,
                "inputs": about[row.id.partition(".")[0]].inputs,
                "source": about[row.id.partition(".")[0]].source,
                "values": {name: _value(known, name, row) for name in known},
                "deltas": {
                    name: _value(known, name, row) - _value(known, base, row)
                    for name in known
                    if name != base
                },
            }
            for row in order(known)
        ],
    }


def write(out: Path, project: Project, known: Known, base: str) -> None:
    """The table as the ending of the file says, .csv or .xlsx. Raises DataError."""
    names = list(known)
    titles = [project.scenario(name).title for name in names]
    others = [name for name in names if name != base]
    head = ["Indicator", "Unit", *titles]
    head += [f"{project.scenario(name).title} − {project.scenario(base).title}" for name in others]
    found = order(known)
    table: list[list[Value]] = [
        [
            row.title,
            row.unit,
            *(_value(known, name, row) for name in names),
            *(_value(known, name, row) - _value(known, base, row) for name in others),
        ]
        for row in found
    ]
    attribution = " · ".join(project.attribution)
    match out.suffix.lower():
        case ".csv":
            csv_file.write(out, head, [*table, [], ["Sources", attribution]])
        case ".xlsx":
            about = [(each.title, each.unit, each.formula, each.inputs, each.source) for each in INDICATORS]
            sources = [(source.path.name, source.attribution) for source in project.sources]
            xlsx_file.write(
                out,
                [
                    xlsx_file.Sheet("Indicators", head, table, [row.decimals for row in found]),
                    xlsx_file.Sheet("Method", ["Indicator", "Unit", "Formula", "Inputs", "Source"], about),
                    xlsx_file.Sheet("Data", ["File", "Owner and licence"], sources),
                ],
                title=project.name,
                attribution=attribution,
            )
        case _:
            raise DataError(out, "", "ends neither in .csv nor in .xlsx", "Choose one of them, or --json.")


def _value(known: Known, scenario: str, row: Row) -> float:
    found = known[scenario].get(row.id)
    return 0.0 if found is None else found.value


def _written(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:,.1f}"
