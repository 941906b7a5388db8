"""A place where the ground is lower than around."""

from __future__ import annotations

from dataclasses import dataclass

from shapely import Polygon


@dataclass(frozen=True, slots=True)
class Pit:
    """One opening in the ground."""

    id: str
    """Of the object in the city that is its floor and its walls."""
    rim: Polygon
    """Where the ground ends, in local metres."""
    floor: Polygon
    """With the height of each corner; it lies within the rim, and may be inclined. [m]"""
