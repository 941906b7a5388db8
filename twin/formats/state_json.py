"""Turns a moment of the user's work into JSON and back: a saved view is one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from twin.errors import DataError
from twin.formats import strict_json
from twin.model.state import (
    FEWEST_CLASSES,
    HEAT_CELLS,
    LEAST_EXAGGERATION,
    MOST_CHARTED,
    MOST_CLASSES,
    MOST_EXAGGERATION,
    MOST_LABELS,
    MOST_RANGE,
    MOST_VIEWS,
    WIDEST,
    State,
)
from twin.model.weather import HOT_DAY_LIMITS

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Between these the position of the sun is known well."""


def encode(
    state: State, *, raw: Mapping[str, Any] | None = None, path: Path = Path("view")
) -> dict[str, Any]:
    """The state as a JSON tree; what is at its default is left out.

    raw: an earlier tree whose unknown fields stay.
    path: the file it is meant for, for the DataError that NaN and infinity raise.
    """
    return dict(strict_json.laid_over(raw, state, path))


def decode(tree: Any, zone: ZoneInfo, *, path: Path = Path("view")) -> State:
    """The state in a JSON tree, its time in the zone of the place. Raises DataError with the JSON path."""
    state = strict_json.convert(tree, State, path)
    check(state, path)
    return in_zone(state, zone)


def check(state: State, path: Path, at: str = "") -> None:
    """Raises DataError for what the types of a state cannot say; `at` comes before the name of the field."""
    if state.time.tzinfo is None:
        raise DataError(path, f"{at}time", "has no zone", "Write it as 2026-07-15T15:00:00+03:00.")
    if not FIRST_YEAR <= state.time.year <= LAST_YEAR:
        raise DataError(path, f"{at}time", f"is in the year {state.time.year}", "Choose one nearer to us.")
    if state.year is not None and not FIRST_YEAR <= state.year <= LAST_YEAR:
        raise DataError(path, f"{at}year", f"is {state.year}", f"Give {FIRST_YEAR} to {LAST_YEAR}.")
    for layer, opacity in state.opacity:
        if not 0.0 <= opacity <= 1.0:
            raise DataError(path, f"{at}opacity", f"of {layer} is {opacity:g}", "Give a number from 0 to 1.")
    if not 0.0 <= state.divider <= 1.0:
        raise DataError(path, f"{at}divider", f"is {state.divider:g}", "Give a number from 0 to 1.")
    if len(state.compared) >= MOST_VIEWS:
        raise DataError(path, f"{at}compared", f"are {len(state.compared)}", "Give at most 3.")
    style = state.style
    if not FEWEST_CLASSES <= style.classes <= MOST_CLASSES:
        raise DataError(path, f"{at}style.classes", f"is {style.classes}", "Give a number from 2 to 9.")
    if len(style.breaks) >= MOST_CLASSES:
        raise DataError(path, f"{at}style.breaks", f"are {len(style.breaks)}", "Give at most 8.")
    if any(low >= high for low, high in pairwise(style.breaks)):
        raise DataError(path, f"{at}style.breaks", "do not rise", "Write them from low to high.")
    _check_rasters(state, path, at)
    _check_layers(state, path, at)
    _check_heat(state, path, at)
    if not 0.0 < state.time_range <= MOST_RANGE:
        raise DataError(path, f"{at}time_range", f"is {state.time_range:g}", "Give hours, up to a year.")
    if len(state.charted) > MOST_CHARTED:
        raise DataError(path, f"{at}charted", f"are {len(state.charted)}", f"Give at most {MOST_CHARTED}.")


def _check_rasters(state: State, path: Path, at: str) -> None:
    if not LEAST_EXAGGERATION <= state.exaggeration <= MOST_EXAGGERATION:
        remedy = f"Give a number from {LEAST_EXAGGERATION:g} to {MOST_EXAGGERATION:g}."
        raise DataError(path, f"{at}exaggeration", f"is {state.exaggeration:g}", remedy)
    for name, one in state.raster_styles:
        if any(low >= high for low, high in pairwise(one.breaks)):
            raise DataError(path, f"{at}raster_styles", f"of {name}: breaks do not rise", "Sort them.")
        wrong = [colour for colour in one.colours if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour)]
        if wrong:
            raise DataError(path, f"{at}raster_styles", f"of {name}: {wrong[0]!r}", "Write it as #rrggbb.")


def _check_layers(state: State, path: Path, at: str) -> None:
    for name, one in state.layer_styles:
        where = f"{at}layer_styles"
        for colour in filter(None, (one.colour, one.outline)):
            if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
                raise DataError(path, where, f"of {name}: {colour!r} is no colour", "Write it as #rrggbb.")
        for what, size in (("width", one.width), ("outline_width", one.outline_width)):
            if not 0.0 <= size <= WIDEST:
                remedy = f"Give a number from 0 to {WIDEST:g}."
                raise DataError(path, where, f"of {name}: {what} is {size:g}", remedy)
        if one.near < 0 or one.far < 0 or (one.far and one.far <= one.near):
            raise DataError(
                path, where, f"of {name}: far is not beyond near", "Give far more than near, or 0."
            )
        if not 1 <= one.most <= MOST_LABELS:
            raise DataError(path, where, f"of {name}: most is {one.most}", f"Give 1 to {MOST_LABELS}.")
        values = one.values
        if not FEWEST_CLASSES <= values.classes <= MOST_CLASSES or len(values.breaks) >= MOST_CLASSES:
            raise DataError(path, where, f"of {name}: has too many classes", "Give a number from 2 to 9.")
        if any(low >= high for low, high in pairwise(values.breaks)):
            raise DataError(path, where, f"of {name}: breaks do not rise", "Sort them.")


def _check_heat(state: State, path: Path, at: str) -> None:
    if state.heat_cell not in HEAT_CELLS:
        raise DataError(path, f"{at}heat_cell", f"is {state.heat_cell:g}", "Give 1, 2 or 4.")
    if not state.weather:
        raise DataError(path, f"{at}weather", "is empty", "Write design, measured or the path of a file.")
    for name, (low, high) in HOT_DAY_LIMITS.items():
        value = getattr(state.hot_day, name)
        if not low <= value <= high:
            raise DataError(
                path, f"{at}hot_day.{name}", f"is {value:g}", f"Give a number from {low:g} to {high:g}."
            )
    if state.hot_day.lowest > state.hot_day.highest:
        raise DataError(path, f"{at}hot_day.lowest", "is above the highest", "Make it lower.")


def in_zone(state: State, zone: ZoneInfo) -> State:
    """The same moment by the clock of the place, which JSON keeps only as an offset."""
    return replace(state, time=state.time.astimezone(zone), opacity=tuple(sorted(state.opacity)))
