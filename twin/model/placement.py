"""Where a model stands that does not say it itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Placement:
    """What the user says of a model; what is left out is as the file says, or guessed."""

    at: tuple[float, float, float] | None = None
    """Easting, northing and height of the zero of the file. [m]"""
    crs: str = ""
    """Of `at`, as `EPSG:code`; empty: that of the project."""
    scale: float | None = None
    """Length of a unit of the file. [m]"""
    up: Literal["", "y", "z"] = ""
    """Which axis of the file points up."""
    rotation: float = 0.0
    """Clockwise, about `at`. [deg]"""
    middle: bool = False
    """`at` is where the middle of its foot stands, wherever the zero of the file is."""


NOWHERE = Placement()
"""Nothing was said."""
