"""Says observations in the words of others: Urban Open Platform names, SensorThings dataArrays."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from twin.feeds.intake import stamp_of
from twin.feeds.store import Store
from twin.model.sensor import Datastream, Quality

HEADER = (
    *("topic", "feature_id", "stream", "station", "observed_property", "unit", "domain"),
    *("phenomenon_time", "arrival_time", "value", "quality", "longitude", "latitude", "synthetic"),
)
"""Names of the columns of a table of observations."""


def topic(stream: Datastream, *, state: str = "production") -> str:
    """Name of the stream's topic: project.state.schema.usecase.tag, as `finest.production.sta.r4c.noise`."""
    return ".".join(("finest", state, "sta", _word(stream.feed), _word(stream.observed)))


def feature_id(stream: Datastream) -> str:
    """Name of its station, from the widest to the narrowest, as `fi.fvh.lido.atc.1234`."""
    own = stream.station.id.partition("/")[2]
    return ".".join(("twin", _word(stream.feed), *(_word(part) for part in own.split("/"))))


def domain(stream: Datastream) -> str:
    """One of the five of the platform: what its station says, else what it measures."""
    return stream.station.domain or stream.property.domain


def tables(
    store: Store, streams: Sequence[Datastream], start: float = -math.inf, end: float = math.inf
) -> Iterator[dict[str, Any]]:
    """The columns of HEADER for each stream; what is the same in all its rows is there once.

    Times are seconds since 1970 UTC; values without a number are NaN.
    """
    for stream in streams:
        series = store.series([stream.id], start, end)[stream.id]
        station = stream.station
        names = [Quality(number).name.lower() for number in range(len(Quality))]
        yield {
            "topic": topic(stream),
            "feature_id": feature_id(stream),
            "stream": stream.id,
            "station": station.title,
            "observed_property": stream.observed,
            "unit": stream.unit,
            "domain": domain(stream),
            "phenomenon_time": series.times,
            "arrival_time": series.arrivals,
            "value": series.values,
            "quality": [names[number] for number in series.quality.tolist()],
            "longitude": _known(station.longitude),
            "latitude": _known(station.latitude),
            "synthetic": stream.synthetic,
        }


def rows(
    store: Store, streams: Sequence[Datastream], start: float = -math.inf, end: float = math.inf
) -> Iterator[tuple[str | float | bool | None, ...]]:
    """A row under HEADER for each observation; no value where there is no number. [s since 1970 UTC]"""
    for table in tables(store, streams, start, end):
        before, after = (tuple(table[name] for name in names) for names in (HEADER[:7], HEADER[11:]))
        columns = (table[name] for name in ("phenomenon_time", "arrival_time", "value"))
        for time, arrival, value, quality in zip(
            *(column.tolist() for column in columns), table["quality"], strict=True
        ):
            yield (*before, stamp_of(time), stamp_of(arrival), _known(value), quality, *after)


def data_arrays(
    store: Store, streams: Sequence[Datastream], start: float = -math.inf, end: float = math.inf
) -> list[dict[str, Any]]:
    """The observations as SensorThings 1.1 CreateObservations takes them; only good ones have a result."""
    found = []
    for stream in streams:
        series = store.series([stream.id], start, end)[stream.id]
        own = stream.id.partition("/")[2]
        table = [
            [stamp_of(time), stamp_of(arrival), _known(value), Quality(quality).name.lower()]
            for time, arrival, value, quality in zip(
                series.times.tolist(),
                series.arrivals.tolist(),
                series.values.tolist(),
                series.quality.tolist(),
                strict=True,
            )
        ]
        found.append(
            {
                "Datastream": {"@iot.id": int(own) if own.isdecimal() else own},
                "components": ["phenomenonTime", "resultTime", "result", "resultQuality"],
                "dataArray@iot.count": len(table),
                "dataArray": table,
            }
        )
    return found


def _word(text: str) -> str:
    """Lower case letters, digits and _, which is all that a part of a topic may hold."""
    return re.sub(r"[^a-z0-9_]+", "_", text.lower()).strip("_") or "unnamed"


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
