"""`twin overlay`: the values of an overlay as GeoTIFF, for a GIS."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_overlay(command: argparse.ArgumentParser) -> None:
    """Adds its arguments."""
    command.add_argument("--overlay", metavar="ID", required=True, help="sun_hours, shadow, utci, a raster …")
    command.add_argument("--scenario", metavar="ID", help="as `twin scenarios` lists them; the first")
    command.add_argument("--against", metavar="ID", help="write what the values differ by from this scenario")
    command.add_argument("--time", metavar="ISO", help="local time at the place, as 2026-07-15T15:00")
    command.add_argument("--weather", metavar="FILE", help="of heat: design, measured, or an EPW or CSV file")
    command.add_argument("--resolution", type=int, choices=(1, 2, 4), help="of heat, in metres; 2")
    command.add_argument("--out", metavar="FILE.tif", type=Path, required=True, help="where it goes")


def overlay(options: argparse.Namespace) -> int:
    """Work the overlay out and write it. Raises TwinError and DataError."""
    import numpy as np

    from twin.app.overlay_save import check, save_overlay
    from twin.cli.asked_state import asked_state
    from twin.formats.open_project import open_project
    from twin.session.session import Session

    check(options.out)
    project = open_project(options.project)
    way = "difference" if options.against else None
    state = asked_state(project, options, compare=way, compared=options.against or "")
    session = Session(project, state)
    try:
        scene = session.scene
    finally:
        session.close()
    for notice in (*project.notices, *scene.notices):
        print(f"twin: {notice}", file=sys.stderr)
    found = save_overlay(project, state, scene, options.out)
    known = found.raster.values[np.isfinite(found.raster.values)]
    span = f", {known.min():.4g} to {known.max():.4g} {found.unit}".rstrip() if known.size else ", no values"
    rows, columns = found.raster.values.shape
    print(f"ok: {options.out}, {columns} × {rows} cells of {found.raster.cell:g} m{span}")
    return 0
