"""Makes observations of what came: one unit, one quality, device time and arrival time."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from twin.feeds.quality import Judge
from twin.feeds.units import conversion
from twin.model.observed import UNKNOWN
from twin.model.sensor import Datastream, Latest, Observations, Quality, columns


class Reading(NamedTuple):
    """One result as its source said it."""

    stream: str
    """Id of the datastream."""
    time: float
    """By the clock of the device; NaN: it said none that can be read. [s since 1970 UTC]"""
    result: Any


class Intake:
    """Remembers of each datastream what is needed to judge what comes next. For one thread."""

    def __init__(self, streams: Iterable[Datastream] = ()) -> None:
        self._streams: dict[str, Datastream] = {}
        self._judges: dict[str, Judge] = {}
        self.know(streams)

    def know(self, streams: Iterable[Datastream]) -> None:
        """Take readings of these from now on."""
        for stream in streams:
            before = self._streams.get(stream.id)
            self._streams[stream.id] = stream
            if before is None or before.observed != stream.observed:
                self._judges[stream.id] = Judge(stream.property)

    def remember(self, latest: Latest) -> None:
        """Go on from what datastreams said last, as when the program was closed meanwhile."""
        for number, stream in enumerate(latest.streams):
            judge = self._judges.get(stream)
            if judge is not None and latest.quality[number] == Quality.GOOD:
                when, value = float(latest.times[number]), float(latest.values[number])
                judge.time, judge.since, judge.same = when, when, 1
                judge.last = judge.good = value

    def take(self, readings: Sequence[Reading], arrival: float, *, live: bool = False) -> Observations:
        """The readings as observations, as many and in the same order. arrival: by our clock. [s]

        live: they were measured just now. One without a stamp was measured when it arrived.
        """
        return self.take_all([(readings, arrival, live)])

    def take_all(self, heard: Iterable[tuple[Sequence[Reading], float, bool]]) -> Observations:
        """As `take`, of several readings with their arrival and whether they are live."""
        rows: list[tuple[str, float, float, float, int]] = []
        texts = {}
        for readings, arrival, live in heard:
            for stream_id, stamp, result in readings:
                time = stamp if math.isfinite(stamp) else arrival
                stream = self._streams.get(stream_id)
                value, quality = number_of(result)
                if quality == Quality.TEXT:
                    texts[len(rows)] = result if isinstance(result, str) else json.dumps(result, default=str)
                elif stream is not None and quality == Quality.GOOD:
                    value, quality = self._judged(stream, value, time, arrival, live)
                rows.append((stream_id, time, arrival, value, int(quality)))
        return columns(rows, texts)

    def _judged(
        self, stream: Datastream, value: float, time: float, arrival: float, live: bool
    ) -> tuple[float, Quality]:
        if stream.observed != UNKNOWN.id:
            carry = conversion(stream.source_unit, stream.unit)
            if carry is None:
                return value, Quality.UNIT
            value = carry(value)
        return value, self._judges[stream.id].say(value, time, arrival, live=live)


def number_of(result: Any) -> tuple[float, Quality]:
    """The number in a result, and whether there is one: never 0 for what is none."""
    if isinstance(result, str):
        result = _read(result.strip())
    if result is None:
        return math.nan, Quality.MISSING
    if not isinstance(result, bool | int | float):
        return math.nan, Quality.TEXT
    try:
        value = float(result)
    except OverflowError:
        return math.nan, Quality.RANGE
    return (value, Quality.GOOD) if math.isfinite(value) else (math.nan, Quality.MISSING)


def _read(text: str) -> float | str | None:
    """A text as a number, None where it says that there is none, else as it is."""
    if text.lower() in ("", "nan", "null", "none", "na", "n/a", "-"):
        return None
    try:  # float() would take more than people write
        return float(text) if text.isascii() and "_" not in text else text
    except ValueError:
        return text


def moment(text: Any) -> float:
    """Seconds since 1970 UTC of a stamp; of an interval `a/b` its end; NaN where it cannot be read.

    Numbers are seconds, or milliseconds where they are too large for that. A stamp without zone is UTC.
    """
    if isinstance(text, bool):
        return math.nan
    if isinstance(text, int | float):
        value = float(text) if abs(text) < 1e17 else math.nan
        return value / 1000 if abs(value) > 1e11 else value
    if not isinstance(text, str):
        return math.nan
    stamp = text.strip().rpartition("/")[2]
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return math.nan
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        return found.timestamp()
    except (OverflowError, ValueError):
        return math.nan


def stamp_of(seconds: float) -> str:
    """A moment as ISO 8601 in UTC, to the microsecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
