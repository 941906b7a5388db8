"""A station area that is to be made: where, out of which files, and what they gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shapely import Polygon

from twin.model.city import City
from twin.model.layer import Layer
from twin.model.osm import LayerRows
from twin.model.place import Place

Area = Polygon


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where, and out of which files."""

    latitude: float
    longitude: float
    radius: float = 500.0
    """[m]"""
    osm: Path | None = None
    buildings: tuple[Path, ...] = ()
    """City models, or vector files of footprints."""
    vectors: tuple[Path, ...] = ()
    """Layers; those with the keys of OpenStreetMap (`highway` …) become streets and the like."""
    lamps: tuple[Path, ...] = ()
    """Positions of street lamps."""
    rasters: tuple[Path, ...] = ()
    gtfs: Path | None = None
    weekday: str = "tuesday"
    """Whose departures are counted."""
    dem: tuple[Path, ...] = ()
    """Heights of the ground: a grid, or the tiles of one, or their folder."""
    ndsm: Path | None = None
    """Heights above the ground, for buildings that do not say theirs."""
    points: Path | None = None
    """A point cloud, for the same."""
    crs: str = ""
    """`EPSG:code`; empty: by place."""
    name: str = ""
    credits: Mapping[str, str] = field(default_factory=dict)
    """Owner and licence of a file, by its name."""


@dataclass(frozen=True, eq=False, slots=True)
class Gathered:
    """What the files gave, in memory."""

    wanted: Wanted
    place: Place
    area: Polygon
    """The circle, in the CRS of the place. [m]"""
    city: City
    rows: Sequence[LayerRows]
    """In the CRS of the place."""
    layers: Sequence[Layer] = ()
    """Those of `vectors` that are taken as they are, in local metres."""
    chosen_by: str = ""
    """Why this CRS."""
    height_sources: Mapping[str, int] = field(default_factory=dict)
    """How many solids have their height from where."""
    departures_on: str = ""
    """The day, as 2022-02-22; empty: no timetable."""
    day: str = "1970-01-01"
    """Of the newest data."""
    credits: Mapping[str, str] = field(default_factory=dict)
    """Owners and licences of the `buildings`, and of each layer of `rows`."""
    notes: Counter[str] = field(default_factory=Counter)
    """What was left out, mended or estimated, and how often."""
    seconds: float = 0.0

    @property
    def counts(self) -> dict[str, int]:
        """Buildings and features of each layer."""
        buildings = int((self.city.object_parent < 0).sum())
        found = {"buildings": buildings, **{layer.name: len(layer.rows) for layer in self.rows}}
        return {**found, **{layer.id: len(layer.geometry) for layer in self.layers}}
