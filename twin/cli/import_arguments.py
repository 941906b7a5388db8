"""The arguments of `twin import`."""

from __future__ import annotations

import argparse
from pathlib import Path

from twin.model.timetable import WEEKDAYS


def add_import(command: argparse.ArgumentParser) -> None:
    """Give a command the arguments of `twin import`."""
    command.add_argument("out", metavar="OUT.twin.json", type=Path, help="the project that is made")
    command.add_argument(
        "--centre",
        metavar="LAT,LON",
        required=True,
        help="in degrees, as 60.1719,24.9414 or -33.8825,151.2065",
    )
    command.add_argument("--radius", metavar="M", type=float, default=500.0, help="in metres; %(default)g")
    command.add_argument("--osm", metavar="FILE", type=Path, help="an extract of OpenStreetMap, *.osm.pbf")
    _files(command, "--buildings", "city models, or footprints (GeoPackage, GeoJSON, Shapefile …)")
    _files(command, "--vector", "layers; with a column `highway` they become streets")
    _files(command, "--lamps", "positions of street lamps")
    _files(command, "--raster", "GeoTIFFs, cut to the area")
    _files(command, "--dem", "heights of the ground: a GeoTIFF, the tiles of one, or their folder")
    command.add_argument(
        "--ndsm", metavar="FILE", type=Path, help="heights above the ground, for buildings without"
    )
    command.add_argument("--points", metavar="FILE", type=Path, help="a point cloud (LAS), for the same")
    command.add_argument("--gtfs", metavar="FILE.zip", type=Path, help="a timetable")
    command.add_argument(
        "--weekday", choices=WEEKDAYS, default="tuesday", help="whose departures are counted; %(default)s"
    )
    command.add_argument("--crs", metavar="EPSG:CODE", default="", help="of the project; by place")
    command.add_argument("--name", default="", help="of the project")
    command.add_argument(
        "--credit",
        metavar="[FILE=]TEXT",
        action="append",
        default=[],
        help="owner and licence of a file, or of all but OpenStreetMap; may be repeated",
    )
    command.add_argument(
        "--cluster", metavar="ADDRESS", help="work on a Dask cluster that sees the files; extra [cluster]"
    )
    command.add_argument("--replace", action="store_true", help="write over what is there")
    command.add_argument("--json", action="store_true", help="as JSON, for other programs")


def _files(command: argparse.ArgumentParser, name: str, text: str) -> None:
    command.add_argument(name, metavar="FILE", type=Path, nargs="+", default=[], help=text)
