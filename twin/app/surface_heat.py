"""Makes maps of surface temperature out of Landsat scenes, for the command line and the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from twin.analysis import surface_heat as maps
from twin.errors import TwinError
from twin.formats import raster_place
from twin.formats.geotiff_write import write_classes, write_raster
from twin.formats.landsat import read_scenes, temperature_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from twin.app.window import Window
    from twin.formats.raster_grid import Bounds
    from twin.model.place import Place

NOTE = "Surface temperature from space is not felt heat: it is that of roofs, tree tops and roads."
OWNER = "Landsat Collection 2, courtesy of the U.S. Geological Survey"
FEW = 3
"""Scenes that a composite should have at least."""
REACH = 5000.0
"""So far around the middle of a project is what its hot spots are hotter than. [m]"""
SHOWN = ("surface_temperature", "anomaly", "hot_spots", "uncertainty")
"""Maps that become layers."""
COLOURS = ((226, 232, 228), (240, 160, 75), (178, 34, 34))
"""Of what is not hot, hot, and very hot."""


def make(
    scenes: Sequence[Path],
    out: Path,
    *,
    how: Literal["median", "mean"] = "median",
    around: tuple[Place, Bounds] | None = None,
) -> dict[str, Any]:
    """Write temperature, anomaly, hot spots, uncertainty and counts into a folder; what is told of them.

    around: the study area, west, south, east, north in local metres of a place; None: all of the first scene.
    Raises TwinError and DataError.
    """
    read = read_scenes(scenes, around)
    first = read[0]
    if first.cell < maps.FINEST - 0.5:
        finer = f"{first.name}: pixels of {first.cell:g} m are finer than Landsat sees."
        raise TwinError(f"{finer} Use the file as it was delivered.")
    temperature, count = maps.composite([maps.celsius(one.numbers, one.quality) for one in read], how)
    if not (count > 0).any():
        raise TwinError("No scene is clear anywhere in the area. Choose others.")
    spots = maps.hot_spots(temperature)
    grids = {
        "surface_temperature": (temperature, "°C"),
        "anomaly": (maps.anomaly(temperature), "K"),
        "clear_scenes": (np.where(count > 0, count, np.nan).astype(np.float32), "scenes"),
    }
    doubts = [maps.uncertainty(one.doubt) for one in read if one.doubt is not None]
    if doubts:
        grids["uncertainty"] = (maps.composite(doubts, "mean")[0], "K")
    place = raster_place.place_of(temperature_of(scenes[0]))
    dates = [one.date or one.name for one in read]
    corner: dict[str, Any] = {
        **{"west": first.west - place.origin[0], "north": first.north - place.origin[1]},
        **{"cell": first.cell, "place": place},
    }
    tags = {
        **{"quantity": "surface temperature", "note": NOTE, "SOURCE": OWNER},
        **{"dates": ", ".join(dates), "how": how},
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, (grid, unit) in grids.items():
        more = {**tags, "MIDDLE": "0"} if name == "anomaly" else tags
        title = TITLES.get(name, name.replace("_", " ").capitalize())
        write_raster(out / f"{name}.tif", grid, unit=unit, title=title, tags=more, **corner)
    hot, very = spots.mean + spots.deviation, spots.mean + 2 * spots.deviation
    names = (
        f"under {hot:.1f} °C",
        f"hot: over {hot:.1f} °C (μ + 1 σ)",
        f"very hot: over {very:.1f} °C (μ + 2 σ)",
    )
    classes = tuple(zip(names, COLOURS, strict=True))
    write_classes(out / "hot_spots.tif", spots.classes, classes, title="Hot spots", tags=tags, **corner)
    told = _told(spots, temperature, count, dates, first.cell)
    told["uncertainty"] = round(float(np.nanmean(grids["uncertainty"][0])), 2) if doubts else None
    return told


TITLES = {"anomaly": "Surface temperature, less its mean", "uncertainty": "Surface temperature, uncertainty"}


def ask(window: Window, parent: QWidget | None = None) -> None:
    """Asks for scenes, and adds their maps to the project: they lie in its folder."""
    from PySide6.QtWidgets import QFileDialog

    session, viewport = window.session, window.viewport
    if session is None:
        return
    if session.project.path is None:
        window.complain(window.tr("Save the project first: the maps are kept in its folder."))
        return
    names, _ = QFileDialog.getOpenFileNames(
        parent or window,
        window.tr("Surface heat"),
        str(session.project.path.parent),
        window.tr("Surface temperature of Landsat scenes") + " (*_ST_B10.TIF *_ST_B10.tif)",
    )
    if not names:
        return
    camera = (viewport.camera if viewport is not None else None) or session.state.camera
    x, y = camera.target[:2] if camera is not None else (0.0, 0.0)
    add(window, [Path(name) for name in names], (x, y))


def add(window: Window, scenes: Sequence[Path], middle: tuple[float, float]) -> None:
    """Makes the maps of scenes around a place of the view beside the window, and adds them."""
    from twin.model.placement import Placement

    session = window.session
    assert session is not None and session.project.path is not None
    out = free_folder(session.project.path)
    x, y = middle
    bounds = (x - REACH, y - REACH, x + REACH, y + REACH)
    told: dict[str, Any] = {}

    def work() -> None:
        try:
            told.update(make(scenes, out, around=(session.project.place, bounds)))
        finally:
            window.main_thread.post(window.status.idle)

    def done() -> None:
        window.say(str(told["note"]))
        paths = [path for name in SHOWN if (path := out / f"{name}.tif").is_file()]
        if window.session is session:
            window.loader.add(session.project, paths, Placement(), ground=())

    window.status.busy(window.tr("Working out surface heat …"))
    window.beside(work, done)


def free_folder(project: Path) -> Path:
    """Where the maps of a project go: a folder that is not there yet."""
    folder = project.parent / project.name.removesuffix(".twin.json") / "surface-heat"
    number = 2
    while folder.exists():
        folder = folder.with_name(f"surface-heat-{number}")
        number += 1
    return folder


def _told(
    spots: maps.HotSpots, temperature: Any, count: Any, dates: list[str], cell: float
) -> dict[str, Any]:
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
