"""`twin heat-validate`: radiation and mean radiant temperature against what was measured at a site."""

from __future__ import annotations

import argparse
import sys

from twin.cli.printing import print_json, print_table
from twin.formats.heat_site import read_site


def heat_validate(options: argparse.Namespace) -> int:
    """Print count, RMSE, bias and R² (squared correlation); what was assumed goes to stderr."""
    from twin.analysis.heat_validation import compared, scores

    site = read_site(options.folder)
    pairs, notices = compared(site)
    for notice in (*site.notices, *notices):
        print(f"twin: {notice}", file=sys.stderr)
    found = scores(pairs)
    if options.json:
        print_json(found)
    else:
        print_table([(key, "" if value is None else f"{value:g}") for key, value in found.items()])
    return 0
