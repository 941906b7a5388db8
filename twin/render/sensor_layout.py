"""Places the labels of sensors on the picture, and joins those that would cover one another.

Lengths are parts of the height of the picture, from its middle, so that a picture of any size is alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.model.state import Camera
from twin.scene.sensor_marks import BAD, STALE, Sensed, SensorMarks
from twin.scene.terrain import heights_on

HEIGHT = 0.030
"""Of a label."""
STEM = 0.022
"""From the sensor up to its label."""
LETTER = 0.0105
"""Width of a letter, at most."""
SIGN = HEIGHT
"""Width of the sign."""
APART = (0.105, 0.040)
"""Sensors that are nearer than this across and over share a label."""
MARGIN = 0.1
"""So far beyond the edge a label is still placed."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label: of a sensor, or of several that stand close together in this view."""

    x: float
    """Of the sensor, from the middle of the picture to the right."""
    y: float
    """Upwards."""
    members: tuple[int, ...]
    """Rows of `Sensed`."""
    text: str
    colour: str
    status: int

    @property
    def width(self) -> float:
        """Of the whole label, about."""
        return SIGN + LETTER * (len(self.text) + 1)

    def covers(self, x: float, y: float, times: float = 1.0) -> bool:
        """Whether a place of the picture lies on the label or its stem. times: how large it is drawn."""
        beside, over = abs(x - self.x) / times, (y - self.y) / times
        if beside <= self.width / 2 and STEM <= over <= STEM + HEIGHT:
            return True
        return beside <= 0.008 and -0.008 <= over <= STEM


def tops(item: SensorMarks, lifted: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Where the sensors stand: (n, 3); lifted: so much above that, as on top of bars. [m]"""
    places = item.sensed.places.copy()
    if item.relief is not None and len(places):
        places[:, 2] += heights_on(item.relief, places[:, :2])
    if lifted is not None:
        places[:, 2] += lifted
    return places


def labels(
    sensed: Sensed, places: NDArray[np.float64], camera: Camera, aspect: float = 4.0, times: float = 1.0
) -> tuple[Label, ...]:
    """The labels of a view, the farthest first.

    aspect: width of the picture over its height; times: so many times as large as usual they are drawn.
    """
    wide, high = APART[0] * times, APART[1] * times
    x, y, depth = seen(places, camera)
    inside = (depth > 0) & (np.abs(y) < 0.5 + MARGIN) & (np.abs(x) < aspect / 2 + MARGIN)
    groups: list[list[int]] = []
    firsts: dict[tuple[int, int], list[tuple[int, float, float]]] = {}
    across, over = x.tolist(), y.tolist()
    for row in np.flatnonzero(inside).tolist():
        here = math.floor(across[row] / wide), math.floor(over[row] / high)
        close = [
            group
            for cell in product(*((one - 1, one, one + 1) for one in here))
            for group, east, north in firsts.get(cell, ())
            if abs(east - across[row]) < wide and abs(north - over[row]) < high
        ]
        if close:
            groups[min(close)].append(row)
        else:
            firsts.setdefault(here, []).append((len(groups), across[row], over[row]))
            groups.append([row])
    away, table = depth.tolist(), _Table(across, over, sensed.values.tolist(), sensed.status.tolist())
    groups.sort(key=lambda rows: -min(away[row] for row in rows))
    return tuple(_label(sensed, tuple(rows), table) for rows in groups)


class _Table(NamedTuple):
    """Columns as plain numbers: there are many small groups."""

    across: list[float]
    over: list[float]
    values: list[float]
    status: list[int]


def seen(
    places: NDArray[np.float64], camera: Camera
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Where places are on the picture, across and over, and how far before the eye. [m]"""
    forward, right, up = axes(camera)
    away = places - np.asarray(camera.position)
    depth = away @ forward
    if camera.height:
        size: NDArray[np.float64] = np.full(len(places), camera.height)
    else:
        size = np.maximum(depth, 1e-6) * 2 * math.tan(math.radians(camera.angle) / 2)
    return (away @ right) / size, (away @ up) / size, depth


def axes(camera: Camera) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Forward, right and up of a view, each 1 long."""
    east, north, up = (there - here for there, here in zip(camera.target, camera.position, strict=True))
    length = max(math.hypot(east, north, up), 1e-12)
    east, north, up = east / length, north / length, up / length
    level = math.hypot(east, north)
    # plain numbers, because this is asked at every frame
    across = (north / level, -east / level) if level > 1e-9 else (1.0, 0.0)
    over = (across[1] * up, -across[0] * up, across[0] * north - across[1] * east)
    return np.array((east, north, up)), np.array((*across, 0.0)), np.array(over)


def _label(sensed: Sensed, rows: tuple[int, ...], table: _Table) -> Label:
    first = rows[0]
    if len(rows) == 1:
        return Label(
            table.across[first], table.over[first], rows, sensed.labels[first], sensed.colours[first],
            table.status[first],
        )  # fmt: skip
    best = min(table.status[row] for row in rows)
    trusted = [row for row in rows if table.status[row] == best]
    place = (
        sum(table.across[row] for row in rows) / len(rows),
        sum(table.over[row] for row in rows) / len(rows),
    )
    if best == BAD:
        return Label(*place, rows, f"{len(rows)} without value", sensed.colours[first], BAD)
    highest = max(trusted, key=table.values.__getitem__)
    low, high = min(table.values[row] for row in trusted), table.values[highest]
    digits = 0 if max(abs(low), abs(high)) >= 100 else 1
    ends = f"{low:.{digits}f}", f"{high:.{digits}f}"
    both = f"{ends[0]} to {ends[1]}" if ends[0] != ends[1] else ends[0]
    bad = len(rows) - len(trusted)
    text = f"{len(rows)}: {both} {sensed.unit}".strip() + (f", {bad} bad" if bad and best != STALE else "")
    return Label(*place, rows, text, sensed.colours[highest], best)
