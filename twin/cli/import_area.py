"""`twin import`: makes a project of a station area out of open data."""

from __future__ import annotations

import argparse
import sys

from twin.app.station_area import make
from twin.cli.printing import print_json, print_table
from twin.errors import TwinError
from twin.formats.area_write import report
from twin.model.station_area import Wanted
from twin.session.cluster import executor_at


def import_area(options: argparse.Namespace) -> int:
    """Make the project that the arguments ask for, and say what came in. Raises DataError and TwinError."""
    latitude, longitude = _centre(options.centre)
    wanted = Wanted(
        latitude=latitude,
        longitude=longitude,
        radius=options.radius,
        osm=options.osm,
        buildings=tuple(options.buildings),
        vectors=tuple(options.vector),
        lamps=tuple(options.lamps),
        rasters=tuple(options.raster),
        gtfs=options.gtfs,
        weekday=options.weekday,
        dem=tuple(options.dem),
        ndsm=options.ndsm,
        points=options.points,
        crs=_code(options.crs),
        name=options.name,
        credits=dict(_credit(text) for text in options.credit),
    )
    last = ""

    def tell(_share: float, doing: str) -> None:
        nonlocal last
        if doing != last and not options.json:
            print(f"twin: {doing} …", file=sys.stderr)
        last = doing

    with executor_at(options.cluster) as executor:
        made = make(wanted, options.out, overwrite=options.replace, progress=tell, executor=executor)
    tree = report(made)
    if options.json:
        print_json(tree)
        return 0
    print(f"{options.out}: {tree['crs']} ({tree['crs_chosen_by']}), {tree['timezone']}")
    print_table([(name, count) for name, count in dict(tree["counts"]).items()])  # type: ignore[call-overload]
    heights = dict(tree["height_sources"])  # type: ignore[call-overload]
    if heights:
        print("heights:")
        print_table([(f"  {v['share']:.0%}", v["solids"], name) for name, v in heights.items()])
    for note, count in dict(tree["notes"]).items():  # type: ignore[call-overload]
        print(f"twin: {count} × {note}", file=sys.stderr)
    return 0


def _centre(text: str) -> tuple[float, float]:
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError as error:
        raise TwinError(
            f"{text!r} is no centre. Write latitude,longitude in degrees, as 60.17,24.94."
        ) from error
    return latitude, longitude


def _code(text: str) -> str:
    return f"EPSG:{text}" if text.isdigit() else text.upper()


def _credit(text: str) -> tuple[str, str]:
    """Of `FILE=Owner, licence`, or of `Owner, licence` for all files that have none of their own."""
    name, equals, owner = text.partition("=")
    return (name, owner) if equals else ("", text)
