"""Lays what sensors say over the ground between them, with the error that this has."""

from __future__ import annotations

import math

import numpy as np

from twin.analysis.interpolate import FEWEST, Field, field
from twin.model.heard import Heard
from twin.scene.colours import Ramp
from twin.scene.items import Drape
from twin.scene.overlay import Overlay, Setting, View
from twin.scene.scene import Failed, Legend, Request
from twin.scene.sensor_marks import GOOD, Sensed
from twin.scene.sensors import heard_of, property_of, want_sensed


def sensor_field(setting: Setting) -> View:
    """The field of the observed property that is shown, at the time of the state."""
    heard = heard_of(setting.results)
    if heard is None:
        return View(notices=("No sensors were heard yet.",))
    first = want_sensed(heard, setting.state)
    found = setting.results.get(first.key)
    if not isinstance(found, Sensed):
        return _not_yet(first, found)
    request = Request(("sensor field", found), made, (heard, found), "Field between sensors", quick=True)
    field = setting.results.get(request.key)
    if not isinstance(field, Field):
        return _not_yet(request, field)
    what = property_of(heard, found.observed)
    low, high = _ends(field)
    ramp = Ramp("batlow", low, high)
    title = f"{what.title} between sensors"
    if any(heard.streams[number].synthetic for number in found.streams):
        title += " (synthetic)"
    note = (
        f"Inverse distance squared of {field.count} sensors, within their hull only. Left out one by one "
        f"they are off by {field.error:.1f} {what.unit} (RMSE), {field.bias:+.1f} on average."
    )
    legend = Legend(title, what.unit, ramp, field.raster.source, note)
    return View(drape=Drape(field.raster, ramp, smooth=True), legend=legend)


def _not_yet(request: Request, found: object) -> View:
    """It is asked for, or one is told why it cannot be had."""
    if isinstance(found, Failed):
        return View(notices=(found.message,))
    return View(notices=(found,)) if isinstance(found, str) else View(wanted=(request,))


SENSOR_FIELD = {"sensor_field": Overlay("Between sensors", sensor_field)}


def made(heard: Heard, found: Sensed) -> Field | str:
    """The field of good values, or why there is none."""
    values = np.where(found.status == GOOD, found.values, np.nan)
    what = property_of(heard, found.observed)
    if what.direction:
        return f"{what.title} has no field: directions have no mean."
    source = heard.source_of([heard.streams[number] for number in found.streams])
    result = field(
        found.places[:, :2], values, name="sensor_field", title=what.title, unit=what.unit, source=source
    )
    return result if result is not None else f"A field takes {FEWEST} good sensors that stand in no line."


def _ends(field: Field) -> tuple[float, float]:
    """Round numbers around all values."""
    values = field.raster.values[np.isfinite(field.raster.values)]
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    step = 10.0 ** math.floor(math.log10(max(high - low, 1e-6) / 2))
    return math.floor(low / step) * step, math.ceil(high / step) * step + (step if high == low else 0.0)
