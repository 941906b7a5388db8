"""What is built: a building, a canopy or a part, and the solids it is drawn with."""

from __future__ import annotations

from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from twin.analysis.osm_heights import STOREY, Span
from twin.model.osm import Feature

PODIUM = STOREY / 2
"""A part that starts this near the top of its outline stands on it. [m]"""
LEVEL = 0.3
"""Heights closer than this are one height. [m]"""
LEAST_AREA = 1.0
"""[m²]"""


@dataclass(frozen=True)
class Solid:
    """One shape to be drawn."""

    footprint: BaseGeometry
    """A polygon or several, in the CRS of the extract. [m]"""
    span: Span
    canopy: bool = False


@dataclass
class Thing:
    """A building or canopy, or a part of one, with what is drawn of it."""

    feature: Feature
    solids: list[Solid] = field(default_factory=list)
    parts: list[Thing] = field(default_factory=list)


def underground(tags: dict[str, str]) -> bool:
    """Whether the tags place it below the ground."""
    below = any(tags.get(key, "0").strip().startswith("-") for key in ("layer", "level"))
    passage = tags.get("tunnel") not in (None, "no", "building_passage")
    return below or passage or tags.get("location") == "underground"


def is_building(tags: dict[str, str]) -> bool:
    """Whether it is a building, a part or a canopy."""
    return tags.get("building", "no") != "no" or tags.get("building:part", "no") != "no" or is_canopy(tags)


def is_canopy(tags: dict[str, str]) -> bool:
    """Whether it is a roof without walls."""
    return tags.get("building") == "roof" or (
        tags.get("man_made") == "canopy" and tags.get("building", "roof") == "roof"
    )
