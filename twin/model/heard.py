"""What was heard of the sensors of a project so far, where they stand, and how to ask them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from twin.model.sensor import Datastream, Floats, Latest, Series

LAYER = "sensors"
"""What the layer of sensors is called where layers are switched on and off."""


@dataclass(frozen=True, eq=False, slots=True)
class Heard:
    """One is made whenever something new was heard, so that what is worked out of an old one is not taken."""

    streams: tuple[Datastream, ...]
    places: Floats
    """(n, 3) local easting, northing, height above the ground; NaN where nobody said. [m]"""
    latest: Callable[[Sequence[str], float | None], Latest]
    """What datastreams showed at a moment. [s since 1970 UTC]"""
    series: Callable[[Sequence[str], float, float], Mapping[str, Series]]
    """The observations of datastreams between two moments. [s since 1970 UTC]"""
    counts: Callable[[Sequence[str], float, float, int], Floats]
    """How many observations datastreams have in each of so many equal parts of a time. [s since 1970 UTC]"""
    span: tuple[float, float] | None = None
    """First and last phenomenon time of all. [s since 1970 UTC]"""
    live: bool = False
    """Feeds are being listened to."""
    troubles: tuple[str, ...] = ()
    """What is wrong with feeds, one sentence each."""
    sources: Mapping[str, str] | None = None
    """Owner and licence of each feed in one line, by id."""
    observed: tuple[str, ...] = field(init=False)
    """Ids of all observed properties, that of most datastreams first."""

    def __post_init__(self) -> None:
        counts = Counter(stream.observed for stream in self.streams)
        order = sorted(counts, key=lambda name: (name == "unknown", -counts[name], name))
        object.__setattr__(self, "observed", tuple(order))  # asked for at every step of time

    def of(self, observed: str) -> tuple[int, ...]:
        """Numbers of the datastreams of an observed property that have a place."""
        return tuple(
            number
            for number, stream in enumerate(self.streams)
            if stream.observed == observed and self.places[number, 0] == self.places[number, 0]
        )

    def source_of(self, streams: Sequence[Datastream]) -> str:
        """Where the values of datastreams are from; made up ones say so."""
        told = self.sources or {}
        named = [told.get(feed) or feed for feed in dict.fromkeys(stream.feed for stream in streams)]
        text = "; ".join(dict.fromkeys(named)) or "Source not stated"
        made_up = any(stream.synthetic for stream in streams) and "synthetic" not in text.lower()
        return f"Synthetic: {text}" if made_up else text
