"""`twin surface-heat`: maps of surface temperature out of Landsat scenes."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from twin.cli.printing import print_json, print_table
from twin.errors import TwinError

NOTE = "Surface temperature from space is not felt heat: it is that of roofs, tree tops and roads."
FEW = 3
"""Scenes that a composite should have at least."""


def surface_heat(options: argparse.Namespace) -> int:
    """Write temperature, anomaly, hot spots, uncertainty and counts of the scenes of the options."""
    from twin.analysis import surface_heat as maps
    from twin.formats import raster_place
    from twin.formats.geotiff_write import write_raster
    from twin.formats.landsat import read_scenes, temperature_of

    scenes = read_scenes(options.scenes)
    first = scenes[0]
    if first.cell < maps.FINEST - 0.5:
        finer = f"{first.name}: pixels of {first.cell:g} m are finer than Landsat sees."
        raise TwinError(f"{finer} Use the file as it was delivered.")
    degrees = [maps.celsius(scene.numbers, scene.quality) for scene in scenes]
    temperature, count = maps.composite(degrees, options.how)
    if not (count > 0).any():
        raise TwinError("No scene is clear anywhere. Choose others.")
    spots = maps.hot_spots(temperature)
    grids = {
        "surface_temperature": (temperature, "°C"),
        "anomaly": (maps.anomaly(temperature), "K"),
        "hot_spots": (spots.classes, "class"),
        "clear_scenes": (np.where(count > 0, count, np.nan).astype(np.float32), "scenes"),
    }
    doubts = [maps.uncertainty(scene.doubt) for scene in scenes if scene.doubt is not None]
    if doubts:
        grids["uncertainty"] = (maps.composite(doubts, "mean")[0], "K")
    place = raster_place.place_of(temperature_of(options.scenes[0]))
    dates = [scene.date or scene.name for scene in scenes]
    tags = {"quantity": "surface temperature", "note": NOTE, "dates": ", ".join(dates), "how": options.how}
    options.out.mkdir(parents=True, exist_ok=True)
    for name, (grid, unit) in grids.items():
        write_raster(
            options.out / f"{name}.tif",
            grid,
            west=first.west - place.origin[0],
            north=first.north - place.origin[1],
            cell=first.cell,
            place=place,
            unit=unit,
            title=name.replace("_", " "),
            tags=tags,
        )
    told = _told(spots, temperature, count, dates, first.cell)
    told["uncertainty"] = round(float(np.nanmean(grids["uncertainty"][0])), 2) if doubts else None
    if options.json:
        print_json(told)
    else:
        print_table([(key, str(value)) for key, value in told.items()])
    return 0


def _told(spots: Any, temperature: Any, count: Any, dates: list[str], cell: float) -> dict[str, Any]:
    known = np.isfinite(temperature)
    return {
        "scenes": dates,
        "cell": cell,
        "mean": round(spots.mean, 2),
        "deviation": round(spots.deviation, 2),
        "hot over": round(spots.mean + spots.deviation, 2),
        "very hot over": round(spots.mean + 2 * spots.deviation, 2),
        "hot cells": int((spots.classes[known] >= 1).sum()),
        "very hot cells": int((spots.classes[known] >= 2).sum()),
        "cells": int(known.sum()),
        "most clear scenes": int(count.max()),
        "note": NOTE if len(dates) >= FEW else f"{NOTE} {len(dates)} scenes are few; take {FEW} or more.",
    }
