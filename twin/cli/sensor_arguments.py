"""Knows what `twin sensors` and `twin feed` take."""

from __future__ import annotations

import argparse
from pathlib import Path

KINDS = ("sensorthings", "mqtt", "series", "ngsi", "fmi", "digitraffic", "gtfs-realtime")
"""Those of `feeds.sources`, without what it takes to import it."""


def sensors_arguments(command: argparse.ArgumentParser) -> None:
    """What `twin sensors` takes."""
    command.add_argument("project", type=Path, help="*.twin.json")
    verbs = command.add_mutually_exclusive_group()
    verbs.add_argument("--list", action="store_true", help="datastreams and what they said last; the default")
    verbs.add_argument("--quality", action="store_true", help="how many values are good or bad, and why")
    verbs.add_argument("--record", metavar="MINUTES", type=float, help="hear all feeds for so long")
    verbs.add_argument("--replay", metavar="FILE", type=Path, help="take in what was recorded elsewhere")
    verbs.add_argument(
        "--export",
        metavar="FILE",
        type=Path,
        help="FILE.csv; FILE.parquet as GeoParquet; FILE.json as SensorThings dataArray",
    )
    command.add_argument(
        "--out", metavar="FILE", type=Path, help="record into this file, to be replayed elsewhere"
    )
    command.add_argument("--from", dest="start", metavar="ISO", default="", help="of an export")
    command.add_argument("--to", dest="end", metavar="ISO", default="", help="of an export")
    command.add_argument("--json", action="store_true", help="as JSON, for other programs")


def feed_arguments(command: argparse.ArgumentParser) -> None:
    """What `twin feed` takes."""
    command.add_argument(
        "verb", choices=("add", "list", "remove", "secret"), help="secret: asks for one and keeps it apart"
    )
    command.add_argument("project", type=Path, help="*.twin.json")
    command.add_argument(
        "what", nargs="*", metavar="KIND URL | ID", help=f"KIND is one of {', '.join(KINDS)}"
    )
    command.add_argument("--id", default="", help="of a feed that is added; made of its address otherwise")
    command.add_argument("--title", default="", help="of a feed that is added, as it is shown")
    command.add_argument("--attribution", default="", help="owner and licence in one line")
    command.add_argument("--synthetic", action="store_true", help="its values are made up")
    command.add_argument(
        "--option",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help='as every=60, history=24, topics=["lab/+/up"], values={"co2": "v.co2"}; VALUE is JSON or text',
    )
    command.add_argument("--json", action="store_true", help="as JSON, for other programs")
