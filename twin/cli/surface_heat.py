"""`twin surface-heat`: maps of surface temperature out of Landsat scenes."""

from __future__ import annotations

import argparse

from twin.cli.printing import print_json, print_table


def surface_heat(options: argparse.Namespace) -> int:
    """Write temperature, anomaly, hot spots, uncertainty and counts of the scenes of the options."""
    from twin.app.surface_heat import make
    from twin.formats import fetched_files, project_file

    around = None
    if options.around is not None:
        file = project_file.load(options.around)
        west, south, east, north = fetched_files.wanted(file, options.reach)
        x, y = file.place.origin[:2]
        around = file.place, (west - x, south - y, east - x, north - y)
    told = make(options.scenes, options.out, how=options.how, around=around)
    if options.json:
        print_json(told)
    else:
        print_table([(key, str(value)) for key, value in told.items()])
    return 0
