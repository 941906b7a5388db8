"""How the values of a raster become colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MOST_CLASSES = 12
RAMPS = ("lajolla", "batlow", "lapaz", "davos", "hawaii", "oslo", "vik", "roma")
"""Crameri (2018), doi 10.5281/zenodo.1243862."""


@dataclass(frozen=True, slots=True)
class RasterStyle:
    """As the user wants it; what is left empty suits the values."""

    ramp: Literal["lajolla", "batlow", "lapaz", "davos", "hawaii", "oslo", "vik", "roma"] = "lajolla"
    reversed: bool = True
    classes: int = 0
    """So many equally wide classes; 0: colours run on."""
    low: float | None = None
    high: float | None = None
    """Ends of the colours; None: the 2nd and the 98th percentile."""
    breaks: tuple[float, ...] = ()
    """Where classes end, rising; overrules `classes`."""
    colours: tuple[str, ...] = ()
    """#rrggbb of each class, or along the ramp; empty: those of `ramp`."""
    band: int = 0
    """Which of several is shown, where they are no moments."""
    smooth: bool = False
    """Blend between cells; only for values that are continuous on the ground."""
    shaded: bool = False
    """Let the light and shade of the ground show through."""
