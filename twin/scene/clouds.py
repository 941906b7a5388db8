"""Chooses how points are coloured, and says how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from twin.model.points import PointCloud, class_name
from twin.scene.colours import Classes, Ramp
from twin.scene.items import Points
from twin.scene.scene import Legend

POINT_COLOURS = {
    2: "#b39c78",
    3: "#c9dc95",
    4: "#93bf62",
    5: "#4e8a3d",
    6: "#cc6677",
    7: "#66605a",
    9: "#77aadd",
    10: "#9970ab",
    11: "#8c8a86",
    17: "#ee8866",
    18: "#66605a",
}
"""ASPRS class to colour."""
UNKNOWN, OTHER = "#9a968c", "#aaaa44"
"""Of classes that say nothing, and of those that are not named above."""
TAIL = 1.0
"""So much of the points lies below and above the ends of the ramp of heights. [%]"""


@lru_cache(maxsize=32)
def scale_of(cloud: PointCloud) -> Classes | Ramp | None:
    """By class where the points have any, else in their own colours (None), else by height."""
    if cloud.classified:
        numbers = np.unique(cloud.classes).tolist()
        return Classes(tuple((class_name(number), colour_of(number)) for number in numbers))
    if cloud.rgb is not None:
        return None
    low, high = np.percentile(cloud.xyz[:, 2], [TAIL, 100 - TAIL]) if len(cloud.xyz) else (0.0, 1.0)
    return Ramp("batlow", float(low), float(high if high > low else low + 1.0))


def colour_of(number: int) -> str:
    """Of an ASPRS class."""
    return UNKNOWN if number < 2 else POINT_COLOURS.get(number, OTHER)


def item(cloud: PointCloud, opacity: float) -> Points:
    """A cloud as it is drawn."""
    return Points(cloud, scale_of(cloud), opacity)


def legends(clouds: Sequence[PointCloud]) -> tuple[Legend, ...]:
    """How to read the clouds that are shown: once for all that are coloured alike."""
    alike: dict[Ramp | type[Classes] | None, list[PointCloud]] = {}
    for cloud in clouds:
        scale = scale_of(cloud)
        alike.setdefault(Classes if isinstance(scale, Classes) else scale, []).append(cloud)
    return tuple(_legend(members) for members in alike.values())


def _legend(clouds: Sequence[PointCloud]) -> Legend:
    shown, total = sum(len(cloud.xyz) for cloud in clouds), sum(cloud.total for cloud in clouds)
    note = f"{shown:,} points"
    if shown < total:
        note = f"Thinned evenly: {shown:,} of {total:,} points are shown."
    scale, unit = scale_of(clouds[0]), ""
    if isinstance(scale, Classes):
        title = "Points by class"
        each = (found.colours for cloud in clouds if isinstance(found := scale_of(cloud), Classes))
        scale = Classes(tuple(dict.fromkeys(entry for colours in each for entry in colours)))
    elif scale is None:
        title, scale = "Points in their own colours", Classes(())
    else:
        title, unit = "Points by height above the ground as drawn", "m"
    source = " · ".join(dict.fromkeys(cloud.source for cloud in clouds))
    return Legend(title, unit, scale, source, note)
