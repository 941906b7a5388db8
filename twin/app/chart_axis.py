"""An axis of time by the clock of a place: days begin at its midnight, in summer and in winter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pyqtgraph import AxisItem

STEPS = (60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
"""Within a day. [s]"""
DAYS = (1, 2, 7, 14, 30, 91, 182, 365)
ROOM = 90.0
"""Of a label. [px]"""


class TimeAxis(AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Below a chart whose x is seconds since 1970 UTC."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__("bottom")
        self._zone = zone
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N802  # pyqtgraph's name
        """Where marks stand."""
        return [ticks(low, high, max(int(size / ROOM), 2), self._zone)]

    def tickStrings(self, values: Sequence[float], _scale: float, spacing: float) -> list[str]:  # noqa: N802  # pyqtgraph's name
        """What they are called."""
        return [label(value, spacing, self._zone) for value in values]


def ticks(low: float, high: float, most: int, zone: ZoneInfo) -> tuple[float, list[float]]:
    """The step and the moments of at most so many marks. [s since 1970 UTC]"""
    span = min(max(high - low, 1.0), 4e9)
    for step in STEPS:
        if span / step <= most:
            return float(step), _within_days(low, high, step, zone)
    days = next((days for days in DAYS if span / (days * 86400.0) <= most), DAYS[-1] * 10)
    first = _midnight(low, zone)
    first -= timedelta(days=first.toordinal() % days)
    found: list[float] = []
    while (moment := first.timestamp()) <= high and len(found) < 200:
        if moment >= low:
            found.append(moment)
        first += timedelta(days=days)  # by the calendar, so that it stays at midnight
    return days * 86400.0, found


def label(moment: float, spacing: float, zone: ZoneInfo) -> str:
    """A moment as it is written below its mark."""
    when = datetime.fromtimestamp(moment, zone)
    if spacing >= 86400.0:
        return f"{when.day} {when:%b %Y}" if spacing > 60 * 86400.0 else f"{when.day} {when:%b}"
    if when.hour == when.minute == 0:
        return f"{when.day} {when:%b}"
    return f"{when:%H:%M}"


def _within_days(low: float, high: float, step: int, zone: ZoneInfo) -> list[float]:
    """Multiples of a step from each midnight: hours of the clock, also on days with 23 or 25 of them."""
    day = _midnight(low, zone)
    found: list[float] = []
    while day.timestamp() <= high and len(found) < 400:
        for seconds in range(0, 86400, step):
            wall = day + timedelta(seconds=seconds)
            moment = wall.timestamp()
            there = datetime.fromtimestamp(moment, UTC).astimezone(zone)
            if (
                low <= moment <= high and there.hour == wall.hour
            ):  # the hour that is left out in spring is not
                found.append(moment)
        day += timedelta(days=1)
    return found


def _midnight(moment: float, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(moment, zone).replace(hour=0, minute=0, second=0, microsecond=0)
