"""What a user can do about heat: choose the weather, the numbers of the hot day, the size of cells."""

from __future__ import annotations

from dataclasses import replace

from twin.model.state import HEAT_CELLS, State
from twin.model.weather import HotDay


def choose_weather(state: State, weather: str) -> State:
    """Works heat out with another weather: DESIGN, MEASURED, or a file."""
    return replace(state, weather=weather)


def set_hot_day(state: State, hot_day: HotDay) -> State:
    """Other numbers of the design day."""
    return replace(state, hot_day=hot_day)


def set_heat_cell(state: State, cell: float) -> State:
    """Finer or coarser cells, one of HEAT_CELLS. [m]"""
    return replace(state, heat_cell=min(HEAT_CELLS, key=lambda known: abs(known - cell)))
