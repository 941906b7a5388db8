"""Knows where a class of readings ends and an alarm begins; see assets/sensors/SOURCE.md."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from twin.model.heard import Heard
from twin.model.sensor import Datastream, Latest, Quality

TABLE = Path(__file__).parents[2] / "assets" / "sensors" / "thresholds.csv"
LEVELS = ("", "notice", "warning", "danger")


@dataclass(frozen=True, slots=True)
class Threshold:
    """From one value on."""

    observed: str
    above: float
    """In the unit of the observed property."""
    title: str
    alarm: int
    """0: none, else a number of LEVELS."""
    source: str
    """Empty: a round number that nobody set."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A station that is above a threshold now."""

    stream: Datastream
    value: float
    """[unit of the datastream]"""
    time: float
    """Of the reading. [s since 1970 UTC]"""
    threshold: Threshold


@cache
def thresholds() -> Mapping[str, tuple[Threshold, ...]]:
    """All of the table, by observed property, rising."""
    found: dict[str, list[Threshold]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one = Threshold(
                row["observed"], float(row["above"]), row["title"], int(row["alarm"] or 0), row["source"]
            )
            found.setdefault(one.observed, []).append(one)
    return MappingProxyType(
        {name: tuple(sorted(rows, key=lambda row: row.above)) for name, rows in found.items()}
    )


def sources(observed: str) -> str:
    """Who set the classes of an observed property; empty where there are none."""
    named = (row.source.partition(",")[0].partition(":")[0] for row in thresholds().get(observed, ()))
    return "; ".join(dict.fromkeys(name for name in named if name))


def passed(observed: str, value: float) -> Threshold | None:
    """The highest threshold that sounds an alarm and that a value lies above; None: there is none."""
    found = [row for row in thresholds().get(observed, ()) if row.alarm and value > row.above]
    return found[-1] if found else None


def alarms(heard: Heard, latest: Latest) -> tuple[Alarm, ...]:
    """All stations above a threshold, the worst first. latest: of all datastreams of `heard`.

    A reading that is bad or stale raises none.
    """
    good = (latest.quality == Quality.GOOD) & ~latest.stale & np.isfinite(latest.values)
    found = []
    for number in np.flatnonzero(good).tolist():
        stream, value = heard.streams[number], float(latest.values[number])
        threshold = passed(stream.observed, value)
        if threshold is not None:
            found.append(Alarm(stream, value, float(latest.times[number]), threshold))
    return tuple(sorted(found, key=_worst_first))


def _worst_first(alarm: Alarm) -> tuple[int, str, float, str]:
    return -alarm.threshold.alarm, alarm.stream.observed, -alarm.value, alarm.stream.id


def breaks_of(rows: Sequence[Threshold]) -> tuple[float, ...]:
    """Where classes end."""
    return tuple(row.above for row in rows)
