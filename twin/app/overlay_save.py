"""Saves the overlay in view as GeoTIFF: its values, with place, unit, scenario, time and sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from twin import __version__
from twin.errors import DataError
from twin.model.project import Project
from twin.model.state import State
from twin.scene.comparison import title_in_view
from twin.scene.credits import credits_of
from twin.scene.overlay_values import Values, has_values, values_of
from twin.scene.overlays import under_roofs
from twin.scene.scene import Scene

if TYPE_CHECKING:
    from twin.app.window import Window

ENDINGS = (".tif", ".tiff")
ON_THE_GROUND = ("sun_hours", "shadow")
"""Overlays of the ground, which in the view go on below buildings so that their edges are clean."""
UNKNOWN = "No value below buildings."


def check(path: Path) -> None:
    """Raises DataError where no GeoTIFF can be written there."""
    if path.suffix.lower() not in ENDINGS:
        raise DataError(path, "", "is no GeoTIFF", "Let it end in .tif.")
    if not path.absolute().parent.is_dir():
        raise DataError(
            path, "", f"there is no folder {path.absolute().parent}", "Make it, or save elsewhere."
        )


def save_overlay(project: Project, state: State, scene: Scene, path: Path) -> Values:
    """Writes the values in view; returns them. Raises TwinError and DataError."""
    check(path)
    found = values_of(scene)
    if state.overlay in ON_THE_GROUND and scene.built is not None:
        terrain = None if scene.relief is None else scene.relief.terrain
        hidden = under_roofs(scene.built, found.raster, terrain)
        known = found.raster.values.copy()
        known[hidden] = np.nan
        found = replace(
            found, raster=replace(found.raster, values=known), note=f"{found.note} {UNKNOWN}".strip()
        )
    write(project, state, found, credits_of(project, state, scene), path)
    return found


def write(project: Project, state: State, found: Values, sources: Sequence[str], path: Path) -> None:
    """Writes values with all that one must know of them. Raises DataError."""
    from twin.formats.geotiff_write import write_raster

    raster = found.raster
    write_raster(
        path,
        raster.values,
        west=raster.west,
        north=raster.north,
        cell=raster.cell,
        place=project.place,
        unit=found.unit,
        title=found.title,
        tags={
            "PROJECT": project.name,
            "SCENARIO": title_in_view(project, state),
            "OVERLAY": state.overlay,
            "TIME": state.time.isoformat(),
            "SOURCE": "; ".join(dict.fromkeys([*([found.source] if found.source else []), *sources])),
            "NOTE": found.note,
            "TIFFTAG_SOFTWARE": f"twin {__version__}",
            "TIFFTAG_COPYRIGHT": "; ".join(sources),
        },
    )


def can_save(window: Window) -> bool:
    """Whether there are values in view."""
    return window.session is not None and has_values(window.session.scene)
