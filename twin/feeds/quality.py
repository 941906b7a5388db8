"""Says what is wrong with a value, as it comes and by what came before it; nothing is thrown away."""

from __future__ import annotations

import math
from dataclasses import dataclass

from twin.feeds.store import AHEAD
from twin.model.observed import ObservedProperty
from twin.model.sensor import Quality

OLD = 86400.0
"""What a device sends live and is older by its own clock comes from a clock that was never set. [s]"""
BEGINNING = 631152000.0
"""1990-01-01: nothing that is read here was measured before. [s since 1970 UTC]"""
ENOUGH = 12
"""So many equal values at least before a sensor is called stuck."""


@dataclass(slots=True)
class Judge:
    """What has to be remembered of one datastream to judge its next value."""

    observed: ObservedProperty
    time: float = -math.inf
    """Of the newest observation. [s]"""
    last: float = math.nan
    """Its value."""
    good: float = math.nan
    """The newest good value."""
    since: float = math.nan
    """When the value became what it is. [s]"""
    same: int = 0
    """How often it came since."""

    def say(self, value: float, time: float, arrival: float, *, live: bool) -> Quality:
        """What is wrong with a number, if anything.

        live: it was measured just now, so that a stamp of long ago is a wrong one.
        """
        if time > arrival + AHEAD:
            return Quality.FUTURE
        if time < BEGINNING or (live and time < arrival - OLD and not self._goes_on(time)):
            return Quality.ANCIENT
        if not math.isfinite(value):
            return Quality.MISSING
        found = self._of_value(value, time)
        if time > self.time:  # what comes late says nothing of what is next
            if value != self.last:
                self.since, self.same = time, 0
            self.same += 1
            self.time, self.last = time, value
            if found == Quality.GOOD:
                self.good = value
        return found

    def _of_value(self, value: float, time: float) -> Quality:
        observed = self.observed
        if not observed.lowest <= value <= observed.highest:
            return Quality.RANGE
        if time <= self.time:
            return Quality.GOOD
        if self._far(value, self.good) and self._far(value, self.last):
            return Quality.SPIKE
        if value == self.last and self.same >= ENOUGH and time - self.since > observed.stuck:
            return Quality.STUCK
        return Quality.GOOD

    def _goes_on(self, time: float) -> bool:
        """Whether it follows what came before: then something recorded is played, by its own clock."""
        return abs(time - self.time) <= OLD

    def _far(self, value: float, other: float) -> bool:
        """NaN is not far from anything: a first value is no spike."""
        step = abs(value - other)
        if self.observed.direction:
            step = min(step, 360.0 - step)
        return step > self.observed.jump
