"""Goes on in time by the clock of a place, also on days that have 23 hours, or 25."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta


def stepped(when: datetime, minutes: int, *, loop: bool = False) -> datetime:
    """So many minutes later, as they really pass. loop: past the end of the day it begins again.

    when: with a zone, which stays.
    """
    zone = when.tzinfo
    later = (when.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(zone)
    if not loop or later.date() == when.date():
        return later
    begin = datetime.combine(when.date(), time(), zone).astimezone(UTC)
    end = datetime.combine(when.date() + timedelta(days=1), time(), zone).astimezone(UTC)
    passed = (when.astimezone(UTC) + timedelta(minutes=minutes) - begin) % (end - begin)
    return (begin + passed).astimezone(zone)


def on_grid(when: datetime, minutes: int) -> datetime:
    """The last full step of the clock before."""
    return when.replace(minute=when.minute // minutes * minutes, second=0, microsecond=0)


def comes_twice(when: datetime) -> bool:
    """Whether the clock shows this time twice on its day, as one night in autumn."""
    other = when.replace(fold=1 - when.fold)
    return when.utcoffset() != other.utcoffset() and other.astimezone(UTC).astimezone(when.tzinfo).hour == (
        when.hour
    )
