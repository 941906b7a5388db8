"""Everything that was loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from twin.errors import TwinError
from twin.model.atlas import Atlas
from twin.model.city import City
from twin.model.layer import Layer
from twin.model.place import Place
from twin.model.placement import NOWHERE, Placement
from twin.model.points import PointCloud
from twin.model.raster import Raster
from twin.model.scenario import Scenario
from twin.model.sensor import Feed
from twin.model.shelf import Shelf
from twin.model.state import Bookmark
from twin.model.terrain import Terrain
from twin.model.weather import Weather


@dataclass(frozen=True, slots=True)
class Source:
    """One file the project is made of."""

    id: str
    path: Path
    """Absolute."""
    size: int
    """When it was added; -1: not recorded. [byte]"""
    sha256: str
    attribution: str
    """Owner and licence in one line, as shown in the About box and on pictures."""
    problem: str = ""
    """Empty, or why it could not be used: it is missing, or was changed, or could not be read."""
    placement: Placement = NOWHERE
    """Where a model stands that does not say it itself."""


@dataclass(frozen=True, eq=False, slots=True)
class Project:
    """A station area: its city model, layers, rasters and scenarios."""

    name: str
    place: Place
    city: City
    layers: tuple[Layer, ...] = ()
    rasters: tuple[Raster, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    sources: tuple[Source, ...] = ()
    notices: tuple[str, ...] = ()
    """What the user should know of the loading: things skipped, estimated or missing."""
    path: Path | None = None
    read_only: bool = False
    whole: City | None = None
    """The city with all its LoDs, where `city` does not show all of it."""
    reports: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    """What came of reading each city model, as the JSON tree of its import report, by id of the source."""
    clouds: tuple[PointCloud, ...] = ()
    read_images: Callable[..., Atlas] | None = None
    """From a sequence of Image and a `progress`: reads the pictures of the city when they are first shown."""
    read_weather: Callable[..., Weather] | None = None
    """From a name as in `State.weather`, the project file, place and day: reads it when it is first used."""
    terrain: Terrain | None = None
    """None: the ground is flat, or the city brings a relief of its own."""
    shelf: Shelf | None = None
    """Where days of heat are kept; None: nowhere."""
    feeds: tuple[Feed, ...] = ()
    """Where sensors are heard; what they said is in a `feeds.store.Store` beside the project file."""

    def scenario(self, scenario_id: str) -> Scenario:
        """The scenario of that id. Raises TwinError, which lists those there are."""
        for scenario in self.scenarios:
            if scenario.id == scenario_id:
                return scenario
        known = ", ".join(scenario.id for scenario in self.scenarios)
        raise TwinError(f"There is no scenario {scenario_id!r}. Choose from: {known or 'none'}.")

    @property
    def attribution(self) -> tuple[str, ...]:
        """The owners and licences of all sources, each once."""
        return owners(source.attribution for source in self.sources)


def owners(lines: Iterable[str]) -> tuple[str, ...]:
    """Each owner once, of lines that may name several, with ` · ` between them."""
    return tuple(dict.fromkeys(name for line in lines for name in line.split(" · ") if name))
