"""Stops, and what leaves them in each hour of a day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the days of the week are also words of the command line, which must be there at once
    import numpy as np
    from numpy.typing import NDArray

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, eq=False, slots=True)
class Timetable:
    """Stops with their departures on one day."""

    day: date
    ids: tuple[str, ...]
    names: tuple[str, ...]
    lonlat: NDArray[np.float64]
    """(n, 2) [deg]"""
    kinds: tuple[str, ...]
    """tram, metro, train, bus, ferry; empty: nothing leaves."""
    departures: NDArray[np.int64]
    """(n, 24), vehicles that leave in each hour, those after midnight in the first hours."""
    wheelchair: tuple[str, ...]
    """yes, no, or empty: not said."""
    publisher: str
    bad: Counter[str] = field(default_factory=Counter)
    """Rows that were left out, by table and reason."""
