"""Points measured by a laser or from pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# ASPRS, "LAS Specification 1.4 - R15" (2019), tables 9 and 17
CLASS_NAMES = {
    0: "Never classified",
    1: "Unclassified",
    2: "Ground",
    3: "Low vegetation",
    4: "Medium vegetation",
    5: "High vegetation",
    6: "Building",
    7: "Low point (noise)",
    8: "Model key-point",
    9: "Water",
    10: "Rail",
    11: "Road surface",
    12: "Overlap",
    13: "Wire guard",
    14: "Wire conductor",
    15: "Transmission tower",
    16: "Wire connector",
    17: "Bridge deck",
    18: "High noise",
    19: "Overhead structure",
    20: "Ignored ground",
    21: "Snow",
    22: "Temporal exclusion",
}
"""What the numbers of `classes` mean."""
NO_CLASS = (0, 1)
"""The numbers that say nothing."""


@dataclass(frozen=True, eq=False, slots=True)
class PointCloud:
    """Points in local metres, some of those in a file."""

    id: str
    title: str
    xyz: NDArray[np.float64]
    """(n, 3), local easting, northing, height. [m]"""
    classes: NDArray[np.uint8]
    """(n,), ASPRS class."""
    rgb: NDArray[np.uint8] | None
    """(n, 3); None: the points have no colours."""
    intensity: NDArray[np.uint16]
    """(n,), strength of the echo, in numbers of the instrument."""
    total: int
    """Points in the file."""
    source: str = ""
    """Where it comes from, in one line, with the licence."""

    @property
    def classified(self) -> bool:
        """Whether the classes say anything."""
        return bool((self.classes > max(NO_CLASS)).any())


def class_name(number: int) -> str:
    """Of an ASPRS class."""
    return CLASS_NAMES.get(number, f"Class {number}")
