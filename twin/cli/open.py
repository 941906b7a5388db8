"""`twin open`: the window."""

from __future__ import annotations

import argparse

from twin.cli.placement import placement_of


def open_window(options: argparse.Namespace) -> int:
    """Show a project, or files, until the window is closed."""
    from twin.app.app import run
    from twin.formats.read import entry_of

    return run([entry_of(path) for path in options.files], crs=options.crs, placement=placement_of(options))
