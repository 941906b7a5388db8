"""`twin fetch`: fetches a layer from a service into a project."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

KINDS = ("wfs", "oapif", "wms", "wmts", "xyz", "tms")


def add_fetch(command: argparse.ArgumentParser) -> None:
    """Give a command the arguments of `twin fetch`."""
    command.add_argument("project", metavar="PROJECT", type=Path, help="*.twin.json")
    command.add_argument("kind", choices=KINDS, help="of the service; oapif is OGC API Features")
    command.add_argument("url", metavar="URL", help="of the service; of tiles with {z}, {x} and {y}")
    command.add_argument("--layer", metavar="NAME", default="", help="as the service names it")
    command.add_argument(
        "--radius", metavar="M", type=float, default=500.0, help="around the project's middle; %(default)g"
    )
    command.add_argument("--width", metavar="PX", type=int, default=2048, help="of a picture; %(default)s")
    command.add_argument("--zoom", metavar="Z", type=int, default=17, help="of tiles; %(default)s")
    command.add_argument("--credit", metavar="TEXT", default="", help="owner and licence, as to be shown")


def fetch(options: argparse.Namespace) -> int:
    """Fetch, and say what came. Raises DataError and TwinError."""
    from twin.app import fetching

    request = fetching.Request(
        project=options.project,
        kind=options.kind,
        url=options.url,
        layer=options.layer,
        radius=options.radius,
        width=options.width,
        zoom=options.zoom,
        credit=options.credit,
    )
    name, amount, notices = fetching.fetch(request)
    for notice in notices:
        print(f"twin: {notice}", file=sys.stderr)
    print(f"{options.project}: {name}: {amount}")
    return 0
