"""Places the labels of sensors on the picture, and joins those that would cover one another.

Lengths are parts of the height of the picture, from its middle, so that a picture of any size is alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

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
    aside: float = 0.0
    """So far to the right of its sensor it is, to be inside of the picture."""
    lower: float = 0.0
    """And so far below its usual place."""

    @property
    def width(self) -> float:
        """Of the whole label, about."""
        return SIGN + LETTER * (len(self.text) + 1)

    def covers(self, x: float, y: float, times: float = 1.0) -> bool:
        """Whether a place of the picture lies on the label or its stem. times: how large it is drawn."""
        beside, over = abs(x - self.x) / times, (y - self.y) / times
        off, up = abs(x - self.x - self.aside) / times, over + self.lower / times
        if off <= self.width / 2 and STEM <= up <= STEM + HEIGHT:
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
    joined = _joined(places.tobytes(), camera, aspect, times)
    if not len(joined.x):
        return ()
    texts, firsts, status = _said(sensed, joined)
    tones = sensed.colours
    return tuple(
        Label(x, y, members, text, tones[first], one)
        for x, y, members, text, first, one in zip(
            joined.x, joined.y, joined.members, texts, firsts, status, strict=True
        )
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Joined:
    """Which sensors share a label, the farthest label first."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    members: tuple[tuple[int, ...], ...]
    rows: NDArray[np.intp]
    """All members, label by label."""
    starts: NDArray[np.intp]
    """Where in `rows` each label begins."""


@lru_cache(maxsize=4)  # as time passes sensors stay where they are
def _joined(places: bytes, camera: Camera, aspect: float, times: float) -> _Joined:
    """places: (n, 3) of float64. [m]"""
    wide, high = APART[0] * times, APART[1] * times
    x, y, depth = seen(np.frombuffer(places).reshape(-1, 3), camera)
    inside = np.flatnonzero((depth > 0) & (np.abs(y) < 0.5 + MARGIN) & (np.abs(x) < aspect / 2 + MARGIN))
    across, over, away = x.tolist(), y.tolist(), depth.tolist()
    columns, lines = np.floor(x[inside] / wide).tolist(), np.floor(y[inside] / high).tolist()
    groups: list[list[int]] = []
    firsts: dict[tuple[float, float], list[tuple[int, float, float]]] = {}
    for row, column, line in zip(inside.tolist(), columns, lines, strict=True):
        east, north, joins = across[row], over[row], len(groups)
        for cell in product((column - 1, column, column + 1), (line - 1, line, line + 1)):
            for group, there, up in firsts.get(cell, ()):
                if group < joins and abs(there - east) < wide and abs(up - north) < high:
                    joins = group
        if joins < len(groups):
            groups[joins].append(row)
        else:
            firsts.setdefault((column, line), []).append((joins, east, north))
            groups.append([row])
    groups.sort(key=lambda rows: -min(away[row] for row in rows))
    lengths = [len(rows) for rows in groups]
    return _Joined(
        tuple(sum(across[row] for row in rows) / len(rows) for rows in groups),
        tuple(sum(over[row] for row in rows) / len(rows) for rows in groups),
        tuple(map(tuple, groups)),
        np.array([row for rows in groups for row in rows], dtype=np.intp),
        np.cumsum([0, *lengths[:-1]], dtype=np.intp),
    )


def _said(sensed: Sensed, joined: _Joined) -> tuple[list[str], list[int], list[int]]:
    """Of each label its text, the row whose colour it has, and its status."""
    rows, starts = joined.rows, joined.starts
    lengths = np.diff(np.append(starts, len(rows)))
    status, values = sensed.status[rows], sensed.values[rows]
    best = np.minimum.reduceat(status, starts)
    trusted = status == np.repeat(best, lengths)
    lowest = np.minimum.reduceat(np.where(trusted, values, np.inf), starts)
    highest = np.maximum.reduceat(np.where(trusted, values, -np.inf), starts)
    bad = np.add.reduceat(~trusted, starts)
    # the first that shows the highest value; where none has a value the first of all
    shows = np.flatnonzero(trusted & (values == np.repeat(highest, lengths)))
    at = np.append(shows, 0)[np.searchsorted(shows, starts)]
    firsts = rows[np.where((best == BAD) | (lengths == 1), starts, at)].tolist()
    texts = [
        sensed.labels[first] if count == 1 else _text(sensed, count, one, low, high, missing)
        for first, count, one, low, high, missing in zip(
            firsts, lengths.tolist(), best.tolist(), lowest.tolist(), highest.tolist(), bad.tolist(),
            strict=True,
        )
    ]  # fmt: skip
    return texts, firsts, best.tolist()


def _text(sensed: Sensed, count: int, status: int, low: float, high: float, bad: int) -> str:
    """Of a label that several sensors share."""
    without, between, broken = sensed.joined
    if status == BAD:
        return without.format(count)
    digits = 0 if max(abs(low), abs(high)) >= 100 else 1
    ends = f"{low:.{digits}f}", f"{high:.{digits}f}"
    both = between.format(*ends) if ends[0] != ends[1] else ends[0]
    more = f", {broken.format(bad)}" if bad and status != STALE else ""
    return f"{count}: {both} {sensed.unit}".strip() + more


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
