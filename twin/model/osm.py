"""What OpenStreetMap holds of an area, in metres: tagged points, lines and areas, and layers made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from twin.model.map_edge import Runs

ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"
HEIGHT, LEVELS = "twin:height_source", "twin:levels_source"
"""Tags of ours that say where the tags `height` and `building:levels` were taken from."""
RowValue = str | float | int | None
Row = tuple[str, BaseGeometry, Mapping[str, RowValue]]
"""Id, shape and attributes."""


@dataclass(frozen=True)
class Feature:
    """One OSM element with a shape."""

    id: str
    """As `osm-way-123`."""
    tags: dict[str, str]
    geometry: BaseGeometry
    """In the CRS of the extract, rounded to 1 mm. [m]"""
    cut: bool = False
    """Its outline was closed along the edge of the extract."""


@dataclass(frozen=True)
class Extract:
    """All that is tagged in the extract."""

    nodes: list[Feature]
    ways: list[Feature]
    """As lines; a way that leaves the extract is a MultiLineString of what is known of it."""
    areas: list[Feature]
    """Closed ways and multipolygon relations."""
    coast: list[Runs]
    """Coastlines, water on their right."""
    edge: Polygon
    """What the extract holds. [m]"""
    area: Polygon
    """The station area, as far as the extract holds it. [m]"""
    tagged: dict[tuple[str, int], dict[str, str]]
    """The tags of every tagged element by its type (`node`, `way`, `relation`) and number."""
    newest: str
    """When the latest edit in it was made, ISO 8601."""
    notes: Counter[str] = field(default_factory=Counter)
    """What was left out or mended, and how often."""


@dataclass(frozen=True)
class LayerRows:
    """One layer on its way into a file."""

    name: str
    shape: str
    """Point, LineString or Polygon."""
    rows: Sequence[Row]
