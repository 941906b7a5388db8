"""`twin fetch`: fetches a layer of a service, or the weather of a day, into a project."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from twin.errors import TwinError

KINDS = ("wfs", "oapif", "wms", "wmts", "xyz", "tms", "fmi")


def add_fetch(command: argparse.ArgumentParser) -> None:
    """Give a command the arguments of `twin fetch`."""
    command.add_argument("project", metavar="PROJECT", type=Path, help="*.twin.json")
    command.add_argument("kind", choices=KINDS, help="oapif: OGC API Features; fmi: weather of a day")
    command.add_argument(
        "url", metavar="URL", nargs="?", default="", help="of the service; of tiles with {z}, {x} and {y}"
    )
    command.add_argument("--day", metavar="DATE", default="", help="of the weather, as 2026-07-15")
    command.add_argument("--station", metavar="FMISID", default="", help="of the weather; the nearest")
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
    from twin.cli.heat import day_of
    from twin.feeds import fmi

    if options.kind == "fmi":
        if not options.day:
            raise TwinError("The day is missing. Say it with --day 2026-07-15.")
        name, source = fetching.fetch_weather(
            options.project, day_of(options.day), station=options.station, url=options.url or fmi.URL
        )
        print(f"{options.project}: {name}: {source}")
        return 0
    if not options.url:
        raise TwinError("The address of the service is missing.")
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
