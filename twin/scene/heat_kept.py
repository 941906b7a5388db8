"""Names a day of heat by all it is worked out of, so that one that was kept is never a stale one."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twin import __version__, analysis
from twin.analysis.heat_maps import HeatInput, HeatMaps
from twin.analysis.heat_moment import Climate
from twin.model.project import Project
from twin.model.shelf import Grids, Shelf
from twin.scene.heat_text import LIMITS

if TYPE_CHECKING:
    from twin.analysis.heat_scene import Options

GRIDS = ("mean_radiant", "utci", "sunlit", "sky_view")


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose day it is."""

    project: Project
    scenario: str
    day: date
    bounds: tuple[float, float, float, float]

    def about(self) -> dict[str, Any]:
        """What is written beside it."""
        project, edits = self.project, self.project.scenario(self.scenario).edits
        return {
            "project": project.name,
            "scenario": self.scenario,
            "edits_sha256": hashlib.sha256(repr(edits).encode()).hexdigest(),
            "sources": [
                {"id": source.id, "file": source.path.name, "sha256": source.sha256}
                for source in project.sources
            ],
            "date": self.day.isoformat(),
            "crs": project.place.crs,
            "bounds": list(self.bounds),
            "attribution": list(project.attribution),
        }


def key_of(given: HeatInput, climate: Climate, times: Sequence[float], options: Options) -> str:
    """SHA-256 of heights, crowns, cover, weather, times, options, materials and of the code itself."""
    digest = hashlib.sha256(_code())
    around, ground = given.surroundings, given.ground
    for grid in (around.surface, around.tops, around.trunks, ground.cover, ground.open):
        digest.update(b"none" if grid is None else np.ascontiguousarray(grid).tobytes())
    weather = climate.weather
    for field in dataclasses.fields(weather):
        value = getattr(weather, field.name)
        digest.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
    place = climate.place
    facts = (around.surface.shape, around.cell, ground.materials, tuple(times), options)
    where = (place.longitude, place.latitude, climate.offset, sorted(climate.materials.items()))
    digest.update(repr((facts, where)).encode())
    return digest.hexdigest()


def kept(
    shelf: Shelf, key: str, given: HeatInput, climate: Climate, times: Sequence[float], options: Options
) -> HeatMaps | None:
    """The maps under a key; None where there are none of the right shape."""
    from twin.analysis.sky_patches import Window

    grids = shelf.load(key)
    shape = given.surroundings.surface.shape
    wanted = {name: shape if name == "sky_view" else (len(times), *shape) for name in GRIDS}
    if grids is None or {name: grid.shape for name, grid in grids.items()} != wanted:
        return None
    moments = tuple(climate.at(time) for time in times)
    return HeatMaps(
        times=tuple(times),
        moments=moments,
        mean_radiant=np.asarray(grids["mean_radiant"]),
        utci=np.asarray(grids["utci"]),
        sunlit=np.asarray(grids["sunlit"]),
        sky_view=np.asarray(grids["sky_view"]),
        given=given,
        climate=climate,
        options=options,
        recomputed=Window(0, 0, 0, 0),
        done=list(range(len(times))),
    )


def keep(shelf: Shelf, key: str, maps: HeatMaps, origin: Origin) -> None:
    """Puts maps on the shelf, with all they were worked out of."""
    grids: Grids = {name: getattr(maps, name) for name in GRIDS}
    run = {
        "program": f"twin {__version__}",
        "key": key,
        **origin.about(),
        "times": list(maps.times),
        "resolution": maps.given.ground.cell,
        "weather": maps.climate.weather.source,
        "parameters": dataclasses.asdict(maps.options),
        "materials": {name: dataclasses.asdict(one) for name, one in maps.climate.materials.items()},
        "limits": list(LIMITS),
    }
    shelf.save(key, grids, run)


@cache
def _code() -> bytes:
    """Of all modules that work heat out."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(Path(str(analysis.__file__)).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()
