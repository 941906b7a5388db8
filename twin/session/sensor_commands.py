"""What a user can do to sensors and time: functions from a state to a state."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal

from twin.model.heard import LAYER
from twin.model.state import MOST_CHARTED, MOST_RANGE, State
from twin.session.commands import set_time


def show_observed(state: State, observed: str) -> State:
    """Shows the sensors of another observed property."""
    return replace(state, observed=observed, hidden=state.hidden - {LAYER})


def toggle_bars(state: State) -> State:
    """Sensors stand as bars, or no longer."""
    return replace(state, sensor_bars=not state.sensor_bars)


def set_time_mode(state: State, mode: Literal["off", "instant", "range", "live"]) -> State:
    """What of sensors is shown: the newest, a moment, the mean of a while, or what comes."""
    return replace(state, time_mode=mode)


def set_range(state: State, start: datetime, end: datetime) -> State:
    """Shows the means between two moments."""
    hours = min(max((end - start).total_seconds() / 3600.0, 1 / 60), MOST_RANGE)
    return replace(set_time(state, end), time_mode="range", time_range=round(hours, 4))


def chart(state: State, stream: str, *, shown: bool = True) -> State:
    """Draws a datastream beside the others, or no longer; the oldest goes where there are too many."""
    left = tuple(each for each in state.charted if each != stream)
    return replace(state, charted=((*left, stream) if shown else left)[-MOST_CHARTED:])


def chart_only(state: State, streams: tuple[str, ...]) -> State:
    """Draws these datastreams."""
    return replace(state, charted=streams[:MOST_CHARTED])
