"""`twin diff`: what one scenario changes against another."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import Any

from twin.analysis.build import build
from twin.analysis.difference import Comparison, Difference, Total, compare
from twin.analysis.growth import doubts, seen_in
from twin.cli.printing import print_json, print_table
from twin.formats.open_project import open_project


def diff(options: argparse.Namespace) -> int:
    """Print what differs from the first scenario to the second, object by object, and the totals."""
    project, names = open_project(options.project), (options.first, options.second)
    told = [sentence for name in names for sentence in doubts(project.scenario(name).edits, options.year)]
    project = seen_in(project, options.year)
    before, after = (build(project.city, project.layers, project.scenario(name).edits) for name in names)
    comparison = compare(before, after)
    if options.json:
        print_json({"a": options.first, "b": options.second, **as_tree(comparison)})
    else:
        _print(comparison)
    for problem in dict.fromkeys([*told, *before.problems, *after.problems]):
        print(f"twin: {problem}", file=sys.stderr)
    return 0


def as_tree(comparison: Comparison) -> dict[str, Any]:
    """Only dicts, lists, text and numbers: `added`, `removed`, `changed` and `totals`."""
    every = (*comparison.objects, *comparison.features)
    return {
        **{
            kind: [_entry(difference) for difference in every if difference.kind == kind]
            for kind in ("added", "removed", "changed")
        },
        "totals": {
            total.id: {
                "title": total.title,
                "unit": total.unit,
                "a": total.before,
                "b": total.after,
                "delta": total.delta,
            }
            for total in comparison.totals
        },
    }


def _entry(difference: Difference) -> dict[str, Any]:
    found: dict[str, Any] = {"id": difference.id, "what": difference.what, "title": difference.title}
    if difference.kind == "changed":
        found["attributes"] = {name: list(pair) for name, pair in difference.attributes.items()}
        found["geometry"] = {name: list(pair) for name, pair in difference.measures.items()}
        found["reshaped"] = difference.reshaped
    return found


def _print(comparison: Comparison) -> None:
    every = (*comparison.objects, *comparison.features)
    if not every:
        print("Nothing differs.")
        return
    print_table(
        [
            (one.kind, one.what, one.id, one.title, _changes({**one.attributes, **one.measures}))
            for one in every
        ]
    )
    totals = [total for total in comparison.totals if total.before != total.after]
    if totals:
        print()
        print_table([_total(total) for total in totals])


def _total(total: Total) -> tuple[str, str, str]:
    before, after = (f"{value:,.{total.decimals}f}" for value in (total.before, total.after))
    delta = f"{total.delta:+,.{total.decimals}f} {total.unit}".strip()
    return total.title, f"{before} → {after} {total.unit}".strip(), delta


def _changes(said: Mapping[str, tuple[object, object]]) -> str:
    words = []
    for name, (before, after) in said.items():
        words.append(f"{name}: {_word(before)} → {_word(after)}")
    return "; ".join(words)


def _word(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:,.1f}" if isinstance(value, float) else str(value)
