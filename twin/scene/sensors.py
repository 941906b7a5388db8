"""Works out what sensors show at the time of the state: value, class, and whether it can be trusted."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twin.analysis.thresholds import breaks_of, sources, thresholds
from twin.model.heard import LAYER, Heard
from twin.model.observed import OBSERVED, UNKNOWN, ObservedProperty
from twin.model.sensor import Latest, Quality, Series
from twin.model.state import State
from twin.model.terrain import Relief
from twin.scene.colours import Classes, Steps, graded
from twin.scene.scene import Failed, Legend, Request, Results
from twin.scene.sensor_marks import BAD, GOOD, STALE, Sensed, SensorMarks

HEARD = ("sensors",)
"""Where among the results is what was heard; the session is brought it."""
PLAIN = "#5b7fa6"
"""Of values that have no classes."""
STALE_COLOUR, BAD_COLOUR = "#9a958c", "#4a4744"
SHARE, LOWEST_TOP = 0.06, 30.0
"""The highest bar is so much of the way across all stations, and at least so high. [m]"""
RAMPS = {"air_temperature": ("vik", False), "surface_temperature": ("vik", False)}
"""Observed property to the ramp of its classes and whether it is reversed; others go from pale to dark."""
REASONS = {
    Quality.MISSING: "no value",
    Quality.TEXT: "no number",
    Quality.RANGE: "impossible",
    Quality.STUCK: "stuck",
    Quality.SPIKE: "spike",
    Quality.DUPLICATE: "twice",
    Quality.FUTURE: "clock ahead",
    Quality.ANCIENT: "clock unset",
    Quality.UNIT: "wrong unit",
}


def heard_of(results: Results) -> Heard | None:
    """What was heard so far; None where there is nothing."""
    found = results.get(HEARD)
    return found if isinstance(found, Heard) and found.streams else None


def observed_of(heard: Heard, state: State) -> str:
    """Id of the observed property that is shown."""
    there = heard.observed
    return state.observed if state.observed in there or not there else there[0]


def property_of(heard: Heard, observed: str) -> ObservedProperty:
    """What is measured; of one we have no name for that of its source."""
    if observed in OBSERVED:
        return OBSERVED[observed]
    for stream in heard.streams:
        if stream.observed == observed:
            return replace(UNKNOWN, title=stream.source_observed or UNKNOWN.title, unit=stream.unit)
    return UNKNOWN


def moment_of(state: State) -> float | None:
    """Until when observations count; None: the newest. [s since 1970 UTC]"""
    if state.time_mode == "off":
        return None
    # a state knows whole seconds, and what came in this one is there
    return state.time.timestamp() + (0.999 if state.time_mode == "live" else 0.0)


def marks(
    state: State,
    results: Results,
    relief: Relief | None,
    wanted: list[Request],
    notices: list[str],
) -> tuple[SensorMarks | None, Legend | None]:
    """The sensors of the state with their legend, once they are worked out; asks for them."""
    told = results.get(HEARD)
    if isinstance(told, Heard) and not told.live:  # of live feeds the window tells, once each
        notices += told.troubles
    heard = heard_of(results)
    if heard is None or LAYER in state.hidden:
        return None, None
    request = want_sensed(heard, state)
    found = results.get(request.key)
    if isinstance(found, Failed):
        notices.append(found.message)
    if not isinstance(found, Sensed):
        if found is None:
            wanted.append(request)
        return None, None
    if not found.streams:
        return None, None
    marks = SensorMarks(found, state.sensor_bars, state.opacity_of(LAYER), relief)
    return marks, found.legend


def want_sensed(heard: Heard, state: State) -> Request:
    """The request for what sensors show."""
    observed, at = observed_of(heard, state), moment_of(state)
    hours = state.time_range if state.time_mode == "range" else 0.0
    inputs = (heard, observed, at, hours)
    return Request(("sensed", *inputs), sensed, inputs, "Sensors", quick=True)


def sensed(heard: Heard, observed: str, at: float | None, hours: float = 0.0) -> Sensed:
    """What the sensors of an observed property show.

    at: [s since 1970 UTC]; None: the newest. hours: the mean of so long before `at`; 0: the last value. [h]
    """
    net = _net(heard, observed)
    if hours and at is not None:
        series = heard.series(net.ids, at - hours * 3600.0, at + 1e-6)
        values, status, labels = _means([series[each] for each in net.ids], net.unit)
    else:
        latest = heard.latest(net.ids, at)
        values, status = latest.values.copy(), status_of(latest)
        labels = _labels(latest, status, observed, net.unit, at)
    values[status == BAD] = np.nan
    return Sensed(
        observed,
        net.numbers,
        net.stations,
        net.places,
        values,
        status,
        labels,
        colours_of(observed, values, status),
        net.unit,
        bar_heights(values, observed, net.across),
        legend(heard, observed, status, hours),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Net:
    """The sensors of an observed property, whatever they show; all columns are as long."""

    numbers: tuple[int, ...]
    """In `Heard.streams`."""
    ids: tuple[str, ...]
    stations: tuple[str, ...]
    places: NDArray[np.float64]
    unit: str
    across: float
    """From one corner of all stations to the other. [m]"""
    source: str
    synthetic: bool


@lru_cache(maxsize=2)  # the time goes on over the same sensors
def _net(heard: Heard, observed: str) -> _Net:
    numbers = heard.of(observed)
    streams = [heard.streams[number] for number in numbers]
    return _Net(
        numbers,
        tuple(stream.id for stream in streams),
        tuple(stream.station.id for stream in streams),
        heard.places[list(numbers)].reshape(-1, 3),
        property_of(heard, observed).unit,
        _across(heard.places),
        heard.source_of(streams),
        any(stream.synthetic for stream in streams),
    )


def status_of(latest: Latest) -> NDArray[np.int8]:
    """GOOD, STALE or BAD of each."""
    bad = (latest.quality != Quality.GOOD) | ~np.isfinite(latest.values)
    never = np.isnan(latest.times)
    found = np.where(bad, BAD, np.where(latest.stale, STALE, GOOD))
    return np.where(never, BAD, found).astype(np.int8)


def text_of(value: float, unit: str) -> str:
    """A value as it is written beside its sign: never more digits than a sensor has."""
    digits = 0 if abs(value) >= 100 or (float(value).is_integer() and not unit) else 1
    return f"{value:.{digits}f} {unit}".strip()


def age_of(seconds: float) -> str:
    """How long ago, in the largest unit that fits."""
    for size, unit in ((86400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0.0):.0f} s"


@lru_cache(maxsize=64)
def scale_of(observed: str) -> Steps | None:
    """The classes of an observed property; None: it has none."""
    rows = thresholds().get(observed, ())
    if not rows:
        return None
    ramp, turned = RAMPS.get(observed, ("lajolla", False))
    return Steps(breaks_of(rows), graded(ramp, len(rows) + 1, reversed=turned))


def colours_of(observed: str, values: NDArray[np.float64], status: NDArray[np.int8]) -> tuple[str, ...]:
    """Of the class of each value."""
    scale = scale_of(observed)
    found = np.full(len(values), PLAIN, dtype=object)
    if scale is not None:
        known = np.isfinite(values)
        classes = np.searchsorted(scale.breaks, values[known], side="left")
        found[known] = np.array(scale.colours, dtype=object)[classes]
    found[status == STALE], found[status == BAD] = STALE_COLOUR, BAD_COLOUR
    return tuple(found.tolist())


def legend_classes(observed: str, unit: str) -> tuple[tuple[str, str], ...]:
    """Name and colour of each class from the highest, and of what cannot be trusted."""
    scale, rows = scale_of(observed), thresholds().get(observed, ())
    found: list[tuple[str, str]] = []
    if scale is not None:
        names = [f"up to {rows[0].above:g}", *(f"over {row.above:g}: {row.title}" for row in rows)]
        found = list(zip(reversed(names), reversed(scale.colours), strict=True))
    else:
        found = [(f"any value [{unit}]" if unit else "any value", PLAIN)]
    return (*found, ("old (clock sign)", STALE_COLOUR), ("bad (cross)", BAD_COLOUR))


def legend(heard: Heard, observed: str, status: NDArray[np.int8], hours: float) -> Legend:
    """How to read the signs. hours: that values are the means of; 0: they are of a moment."""
    what, net = property_of(heard, observed), _net(heard, observed)
    title = f"{what.title} (synthetic)" if net.synthetic else what.title
    told = sources(observed)
    stale, bad = int((status == STALE).sum()), int((status == BAD).sum())
    parts = [f"{len(net.numbers)} sensors"]
    parts += [f"{stale} old"] if stale else []
    parts += [f"{bad} bad"] if bad else []
    note = ", ".join(parts) + "."
    if told:
        note += f" Classes and alarms (!): {told}."
    if hours:
        note += f" Means of {hours:g} h."
    classes = Classes(legend_classes(observed, what.unit))
    return Legend(title, what.unit, classes, net.source, note)


def bar_heights(values: NDArray[np.float64], observed: str, across: float) -> NDArray[np.float64]:
    """How high the bars are, from the least value at which any is: (n,). across: all stations. [m]"""
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(len(values))
    low, high = float(values[known].min()), float(values[known].max())
    # from zero where values cannot be below it, so that twice as high is twice as much
    floor = min(0.0, low) if OBSERVED.get(observed, UNKNOWN).lowest >= 0 else low - (high - low) / 4
    span = max(high - floor, 1e-9)
    return np.where(known, (values - floor) / span * max(SHARE * across, LOWEST_TOP), 0.0)


def _across(places: NDArray[np.float64]) -> float:
    """From one corner of all stations to the other. [m]"""
    known = places[np.isfinite(places[:, 0]), :2]
    return float(np.linalg.norm(np.ptp(known, axis=0))) if len(known) else 0.0


def _labels(
    latest: Latest, status: NDArray[np.int8], observed: str, unit: str, at: float | None
) -> tuple[str, ...]:
    now = time.time() if at is None else at
    columns = latest.values.tolist(), latest.times.tolist(), latest.quality.tolist(), status.tolist()
    signs = _alarm_signs(observed, latest.values)
    found = []
    for value, when, quality, one, sign in zip(*columns, signs, strict=True):
        if math.isnan(when):
            found.append("none yet")
        elif one == BAD:
            found.append(REASONS.get(Quality(quality), "no value"))
        elif one == STALE:
            found.append(f"{text_of(value, unit)}, {age_of(now - when)} ago")
        else:
            found.append(text_of(value, unit) + sign)
    return tuple(found)


def _alarm_signs(observed: str, values: NDArray[np.float64]) -> list[str]:
    """What is written behind each value: a `!` for each level of the alarm it raises."""
    rows = [row for row in thresholds().get(observed, ()) if row.alarm]
    signs = ["", *(" " + "!" * row.alarm for row in rows)]
    return [signs[below] for below in np.searchsorted(breaks_of(rows), values, side="left").tolist()]


def _means(series: list[Series], unit: str) -> tuple[NDArray[np.float64], NDArray[np.int8], tuple[str, ...]]:
    values = np.array([float(good.values.mean()) if len(good := each.good) else math.nan for each in series])
    status = np.where(np.isnan(values), BAD, GOOD).astype(np.int8)
    labels = tuple("no value" if math.isnan(v) else f"mean {text_of(v, unit)}" for v in values.tolist())
    return values, status, labels
