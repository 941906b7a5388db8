"""Lays a raster of the project over the ground: its colours, its legend, the moment that is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from twin.model.raster import Raster
from twin.model.raster_style import RasterStyle
from twin.model.state import State
from twin.scene.attributes import number
from twin.scene.colours import Classes, Ramp, Steps, graded
from twin.scene.items import Drape
from twin.scene.overlay import Setting, View
from twin.scene.scene import Failed, Legend, Request

DIVERGING = RasterStyle(ramp="vik", reversed=False)
"""Of what differs to either side."""
BINS = 48
"""Columns of a histogram."""


def raster_view(raster: Raster) -> Callable[[Setting], View]:
    """The row of a raster in the table of overlays."""

    def view(setting: Setting) -> View:
        style = style_of(setting.state, raster)
        shown, named = in_view(raster, setting.state)
        source = raster.source or "Source not stated"
        if raster.image is not None:
            found = Drape(raster, Ramp("batlow", 0.0, 255.0), smooth=not raster.classes)
            if not raster.classes:
                return View(drape=found)
            listed = Classes(raster.classes, "\0")
            return View(
                drape=found, legend=Legend(raster.title, raster.unit, listed, source, raster_note(raster))
            )
        key = ("range", raster)
        limits = setting.results.get(key)
        if isinstance(limits, Failed):
            return View(notices=(limits.message,))
        if not isinstance(limits, tuple):
            return View(
                wanted=(Request(key, value_range, (raster,), f"Range of {raster.title}", quick=True),)
            )
        scale, classes = scale_of(style, limits)
        title = raster.title or raster.id
        title = f"{title}, {named}" if named else title
        note = raster_note(raster)
        legend = Legend(title, raster.unit, classes or scale_ramp(scale), source, note)
        # blended, pixels from space would seem finer than they are
        smooth = style.smooth and not raster.quantity
        return View(drape=Drape(shown, scale, smooth=smooth, shaded=style.shaded), legend=legend)

    return view


def style_of(state: State, raster: Raster) -> RasterStyle:
    """The style of a raster, as chosen or as it is at first."""
    return dict(state.raster_styles).get(raster.id, DIVERGING if raster.middle is not None else RasterStyle())


def in_view(raster: Raster, state: State) -> tuple[Raster, str]:
    """The raster with the values of the moment of the state, or of the chosen band; what that is called."""
    if not raster.frames:
        return raster, ""
    times = [_moment(label) for label in raster.labels]
    if any(times):
        away = [abs((time - state.time).total_seconds()) if time else np.inf for time in times]
        chosen = int(np.argmin(away))
    else:
        chosen = min(style_of(state, raster).band, len(raster.frames) - 1)
    if chosen == 0:
        return raster, raster.labels[0]
    return _frame(raster, chosen), raster.labels[chosen]


def scale_of(style: RasterStyle, limits: tuple[float, float]) -> tuple[Ramp | Steps, Classes | None]:
    """The colours of a style, and how a legend says those of classes."""
    low = limits[0] if style.low is None else style.low
    high = limits[1] if style.high is None else style.high
    high = high if high > low else low + 1.0
    breaks = style.breaks
    if not breaks and (style.classes >= 2 or style.colours):
        count = style.classes if style.classes >= 2 else len(style.colours)
        breaks = tuple(np.linspace(low, high, count + 1)[1:-1].tolist())
    if not breaks:
        return Ramp(style.ramp, low, high, style.reversed), None
    given = style.colours if len(style.colours) == len(breaks) + 1 else ()
    colours = given or graded(style.ramp, len(breaks) + 1, reversed=style.reversed)
    names = [
        f"under {number(breaks[0])}",
        *(f"{number(a)}–{number(b)}" for a, b in pairwise(breaks)),
        f"{number(breaks[-1])} and over",
    ]
    listed = tuple(zip(reversed(names), reversed(colours), strict=True))
    return Steps(tuple(breaks), tuple(colours)), Classes(listed, "\0")


def scale_ramp(scale: Ramp | Steps) -> Ramp:
    """What a legend without classes shows."""
    assert isinstance(scale, Ramp)
    return scale


def raster_note(raster: Raster) -> str:
    """What a reader must know of surface temperature from space."""
    return SURFACE if raster.quantity == "surface temperature" else ""


SURFACE = (
    "Surface temperature from space is not felt heat: it is that of roofs, tree tops and roads, at one time."
)


def histogram(raster: Raster) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """How many cells have which values: counts (BINS,) and ends (BINS + 1,)."""
    present = raster.values[np.isfinite(raster.values)]
    if not present.size:
        return np.zeros(BINS, dtype=np.int64), np.linspace(0.0, 1.0, BINS + 1)
    counts, ends = np.histogram(present.astype(np.float64), bins=BINS)
    return counts.astype(np.int64), ends


def value_range(raster: Raster) -> tuple[float, float]:
    """The 2nd and 98th percentile of all frames, so that single cells do not wash out the rest."""
    every = [np.ravel(frame) for frame in raster.frames or (raster.values,)]
    present = np.concatenate([frame[np.isfinite(frame)][:: step(frame)] for frame in every])
    if not present.size:
        return 0.0, 1.0
    low, high = np.percentile(present, [2, 98])
    if raster.middle is not None:  # as far to one side as to the other
        half = max(abs(low - raster.middle), abs(high - raster.middle), 1e-6)
        return float(raster.middle - half), float(raster.middle + half)
    return float(low), float(high if high > low else low + 1.0)


def step(values: NDArray[np.float32]) -> int:
    """Every so manieth value is enough to tell the range of very many."""
    return max(1, values.size // 1_000_000)


@lru_cache(maxsize=64)
def _frame(raster: Raster, number: int) -> Raster:
    return replace(raster, values=raster.frames[number])


def _moment(label: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(label)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
