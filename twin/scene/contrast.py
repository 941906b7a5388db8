"""Shows one scenario by what differs from another: what is new, gone or changed, and values as b − a."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.analysis.build import Built
from twin.analysis.content import paired
from twin.model import table
from twin.model.city import City, heights
from twin.model.raster import Raster
from twin.scene.attributes import number
from twin.scene.colours import ABSENT, ADDED, CHANGED, REMOVED, Classes, Ramp
from twin.scene.difference_marks import Marks, want_marks
from twin.scene.items import (
    HEIGHT,
    Areas,
    Buildings,
    Colouring,
    Drape,
    Glyphs,
    Gone,
    Hatched,
    Item,
    Lines,
    Shade,
)
from twin.scene.scene import Failed, Legend, Request, Results, Scene

RAMP = "vik"
"""Diverging, with a middle that colour-blind eyes see too (Crameri 2018)."""
COLUMN = "\0difference"
"""Of the differences of an attribute; no attribute is called so."""
SAME, DIFFERS = "same", "differs"
STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""Round numbers, times a power of ten."""
EXACT = 1e-6
"""Values closer than this are the same."""
LEVELLED = (Areas, Lines, Glyphs, Drape, Shade)
PALE = ABSENT
READING = "Green-blue: added. Red outline: removed. Striped: changed."

Progress = Callable[[float], None]
Mask = NDArray[np.bool_] | None
Masks = tuple[Mask, Mask]


@dataclass(frozen=True, eq=False, slots=True)
class Contrast:
    """The values of an overlay in one scenario less those in the other."""

    shown: City | Raster
    scale: Ramp | Classes
    note: str = ""


def contrast(
    before: Scene, after: Scene, results: Results, titles: tuple[str, str], built_on: Masks = (None, None)
) -> Scene:
    """The second scenario, with what differs from the first.

    titles: of both scenarios; built_on: where on the grid of an overlay buildings stand in each.
    """
    if before.built is None or after.built is None:
        return after
    items, wanted, notices = dict(after.items), list(after.wanted), list(after.notices)
    legend: Legend | None = _legend(titles)
    values = _want_values(before, after, built_on)
    known = values and results.get(values.key)
    if isinstance(known, Contrast):
        _show_values(known, items)
        legend = _value_legend(after, known, titles)
    elif isinstance(known, Failed):
        notices.append(known.message)
    elif values is not None:
        wanted.append(values)
    if not isinstance(known, Contrast):
        _hide_values(items)
        if values is None and after.legend is not None and not after.wanted:
            notices.append(f"{after.legend.title}: the same in both.")
    request = want_marks(before.built, after.built)
    found = results.get(request.key)
    if isinstance(found, Marks):
        _show_marks(found, before.built, items)
    elif isinstance(found, Failed):
        notices.append(found.message)
    else:
        wanted.append(request)
    return replace(after, items=items, legend=legend, wanted=tuple(wanted), notices=tuple(notices))


def value_difference(before: City, after: City, name: str, *, progress: Progress) -> Contrast:
    """The second city with what each object's attribute differs by; only objects of both have a value."""
    rows = paired(before.object_id.tolist(), after.object_id.tolist())
    progress(0.3)
    count = len(after.object_id)
    one, other = (_numbers(city, name) for city in (before, after))
    if one is not None and other is not None:
        numbers = np.full(count, np.nan)
        numbers[rows[1]] = other[rows[1]] - one[rows[0]]
        scale, note = _around_zero(numbers)
        return Contrast(_with(after, numbers), scale, note)
    words = np.full(count, None, dtype=object)
    first, second = (_column(city, name) for city in (before, after))
    differs = [first[a] != second[b] for a, b in zip(*rows, strict=True)]
    words[rows[1]] = np.where(differs, DIFFERS, SAME)
    note = f"{sum(differs)} of {len(differs)} objects differ."
    return Contrast(_with(after, words), Classes(((DIFFERS, CHANGED), (SAME, PALE)), "\0"), note)


def raster_difference(
    before: Raster,
    after: Raster,
    built_on: Masks = (None, None),
    swing: float | None = None,
    *,
    progress: Progress,
) -> Contrast:
    """The second raster less the first, of the same grid; where a building stands in either there is none.

    swing: fixed ends of the colours; None: what suits the values.
    """
    if before.values.shape != after.values.shape or before.bounds != after.bounds:
        raise ValueError("the two are not on the same grid")
    known = np.isfinite(after.values) & np.isfinite(before.values)
    values = np.full(after.values.shape, np.nan, dtype=np.float32)
    np.subtract(after.values, before.values, out=values, where=known)
    progress(0.5)
    for mask in built_on:
        if mask is not None and mask.shape == values.shape:
            values[mask] = np.nan
    scale, note = _around_zero(values)
    if swing is not None:
        scale = Ramp(RAMP, -swing, swing)
    return Contrast(replace(after, values=values), scale, note)


def span(values: NDArray[np.floating]) -> float:
    """How far from zero values go, as a round number; 1 where all are zero."""
    there = np.abs(values[np.isfinite(values)])
    there = there[there > EXACT]
    if not there.size:
        return 1.0
    # single cells at the corner of a wall must not wash out the rest
    most = float(np.percentile(there, 99))
    power = 10.0 ** np.floor(np.log10(most))
    return float(
        next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= most * 0.999)
    )


def rounded(value: float) -> float:
    """To three digits."""
    return float(f"{value:.3g}")


def _around_zero(values: NDArray[np.floating]) -> tuple[Ramp, str]:
    ends = span(values)
    there = values[np.isfinite(values)]
    if not (np.abs(there) > EXACT).any():
        return Ramp(RAMP, -ends, ends), "No difference."
    low, high = float(there.min()), float(there.max())
    return Ramp(RAMP, -ends, ends), f"From {number(rounded(low))} to {number(rounded(high))}."


def _legend(titles: tuple[str, str]) -> Legend:
    entries = (("added", ADDED), ("removed (outline)", REMOVED), ("changed (striped)", CHANGED))
    return Legend(f"{titles[1]} compared with {titles[0]}", "", Classes(entries, "\0"), "")


def _value_legend(after: Scene, found: Contrast, titles: tuple[str, str]) -> Legend:
    own = after.legend
    title, unit, source = (own.title, own.unit, own.source) if own is not None else ("Values", "", "")
    note = f"{titles[1]} less {titles[0]}. {found.note} {READING}"
    return Legend(f"{title}: difference", unit, found.scale, source, note)


def _want_values(before: Scene, after: Scene, built_on: Masks) -> Request | None:
    """The request for the values of the overlay in one less the other; None where it has none, or not yet."""
    one, other = before.items.get("overlay"), after.items.get("overlay")
    if isinstance(one, Drape) and isinstance(other, Drape) and one.raster is not other.raster:
        rasters = (one.raster, other.raster)
        title = f"Difference of {other.raster.title or 'the overlay'}"
        given = (*rasters, built_on, other.swing)
        return Request(("contrast", *rasters), raster_difference, given, title)
    first, second = before.items.get("buildings"), after.items.get("buildings")
    if isinstance(first, Buildings) and isinstance(second, Buildings) and second.colouring is not None:
        name = second.colouring.column
        inputs = (first.city, second.city, name)
        return Request(("contrast", *inputs), value_difference, inputs, f"Difference of {name}")
    return None


def _show_values(found: Contrast, items: dict[str, Item]) -> None:
    drape, buildings = items.get("overlay"), items.get("buildings")
    if isinstance(found.shown, Raster) and isinstance(drape, Drape) and isinstance(found.scale, Ramp):
        items["overlay"] = replace(drape, raster=found.shown, ramp=found.scale)
    elif isinstance(found.shown, City) and isinstance(buildings, Buildings):
        items["buildings"] = replace(buildings, city=found.shown, colouring=Colouring(COLUMN, found.scale))


def _hide_values(items: dict[str, Item]) -> None:
    """Values of one scenario alone are no difference."""
    items.pop("overlay", None)
    buildings = items.get("buildings")
    if isinstance(buildings, Buildings):
        items["buildings"] = replace(buildings, colouring=None)


def _show_marks(found: Marks, before: Built, items: dict[str, Item]) -> None:
    buildings = items.get("buildings")
    if isinstance(buildings, Buildings):
        items["buildings"] = replace(buildings, marked=found.added)
        if found.changed:
            items["changed"] = Hatched(buildings.city, found.changed)
        items.pop("gone", None)
        if found.removed:
            items["gone"] = Gone(before.city, found.removed)
    for name, ids in found.features.items():
        item = items.get(f"layer:{name}")
        if isinstance(item, Areas | Glyphs):
            items[f"layer:{name}"] = replace(item, marked=ids)
    top = 3 + max((item.level for item in items.values() if isinstance(item, LEVELLED)), default=0)
    for each in found.lines:
        items[each.id] = Lines(each, top)


def _numbers(city: City, name: str) -> NDArray[np.float64] | None:
    """The values of all objects, NaN where there is none; None where not all are numbers."""
    values = _column(city, name)
    present = [value for value in values.tolist() if value is not None]
    if not present or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in present):
        return None
    numbers = np.array([np.nan if value is None else value for value in values.tolist()], dtype=np.float64)
    return np.where(np.isnan(numbers), heights(city), numbers) if name == HEIGHT else numbers


def _column(city: City, name: str) -> NDArray[np.object_]:
    column = city.attributes.columns.get(name)
    found = np.full(len(city.object_id), None, dtype=object)
    if column is not None:
        found[:] = [None if value != value else value for value in column.tolist()]
    return found


def _with(city: City, column: table.Column) -> City:
    columns = {**dict(city.attributes.columns), COLUMN: column}
    return replace(city, attributes=table.Table(len(city.object_id), columns))
