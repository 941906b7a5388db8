"""Copies what one store holds into another: how something is recorded, and how it is replayed elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from twin.feeds.store import Added, Store
from twin.model.sensor import Observations

AT_ONCE = 50_000
"""Observations that are copied in one step."""


def copy(
    source: Store,
    to: Store,
    start: float = -math.inf,
    end: float = math.inf,
    streams: Sequence[str] | None = None,
) -> Added:
    """Add to a store what another holds between two moments [s since 1970 UTC], arrivals and qualities too.

    streams: ids; None: all.
    """
    known = [stream for stream in source.datastreams() if streams is None or stream.id in streams]
    to.describe(known)
    total = Added()
    for stream in known:
        series = source.series([stream.id], start, end)[stream.id]
        for first in range(0, len(series), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            columns = (series.times[part], series.arrivals[part], series.values[part], series.quality[part])
            total += to.add(Observations((stream.id,), np.zeros(len(columns[0]), np.int32), *columns))
    return total
