"""The arguments of `twin surface-heat`, without what it takes to run it."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_surface_heat(command: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    command.add_argument(
        "scenes",
        metavar="SCENE",
        nargs="+",
        type=Path,
        help="Landsat Collection 2 Level 2: *_ST_B10.TIF with its QA files beside it, or its folder",
    )
    command.add_argument("--out", metavar="DIR", type=Path, required=True, help="for GeoTIFFs")
    command.add_argument(
        "--around", metavar="PROJECT", type=Path, help="study area: the middle of a project; all of a scene"
    )
    command.add_argument(
        "--reach", metavar="M", type=float, default=5000.0, help="so far around it; %(default)g"
    )
    command.add_argument(
        "--how", choices=("median", "mean"), default="median", help="of the scenes; %(default)s"
    )
    command.add_argument("--json", action="store_true", help="as JSON, for other programs")
