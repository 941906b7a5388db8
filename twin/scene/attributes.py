"""Works out how the values of any attribute become colours, and what the legend says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from twin.model.city import City
from twin.model.state import AttributeStyle
from twin.model.table import Column, Value, number_of
from twin.scene.colours import (
    ABSENT,
    CATEGORY_COLOURS,
    OTHER,
    Classes,
    Ramp,
    Steps,
    graded,
    label,
)

PREFIX = "attribute:"
"""An overlay with an id that begins so shows the attribute named after it."""
FEW = 8
"""Numbers that take at most so many values are shown as categories."""
DIGITS = 3
"""Of the ends of classes, so that a legend reads well."""
UNITS = {
    **dict.fromkeys(("measuredHeight", "height", "min_height", "crown", "width", "length"), "m"),
    "maxspeed": "km/h",
}
"""Of attributes whose unit the data models fix."""
DIVERGING = ("vik",)
"""Ramps with a middle; the others run from light to dark."""


@dataclass(frozen=True, slots=True)
class Styled:
    """An attribute in colours."""

    scale: Ramp | Classes | Steps
    legend: Ramp | Classes
    note: str
    limits: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """What can be chosen."""

    name: str
    count: int
    """Objects that have it."""
    numeric: bool
    distinct: int


def attribute_of(overlay: str) -> str:
    """The attribute that an overlay shows; empty when it is another kind of overlay."""
    return overlay.removeprefix(PREFIX) if overlay.startswith(PREFIX) else ""


def attributes(city: City) -> tuple[Attribute, ...]:
    """All attributes that any object has, the most frequent first."""
    found = []
    for name in city.attributes.columns:
        values = _present(city, name)
        if len(values):
            numeric = values.dtype != object
            distinct = len(np.unique(values)) if numeric else len({label(value) for value in values})
            found.append(Attribute(name, len(values), numeric, distinct))
    return tuple(sorted(found, key=lambda each: -each.count))


def styled(cities: tuple[City, ...], name: str, style: AttributeStyle) -> Styled:
    """How an attribute is shown; what the style cannot do with its values is done as suits them.

    cities: those that are shown at once, which get the same colours. Raises ValueError when no object has it.
    """
    each = [values for values in (_present(city, name) for city in cities) if len(values)]
    if not each:
        raise ValueError(f"no object has the attribute {name}")
    total = sum(len(city.object_id) for city in cities)
    return _styled(each, total, style, len(cities))


def styled_columns(columns: Sequence[Column], name: str, style: AttributeStyle) -> Styled:
    """How a column of a layer is shown, in the same colours in all scenarios that are shown at once.

    columns: of each of them. Raises ValueError where all are empty.
    """
    each = [values for values in map(present, columns) if len(values)]
    if not each:
        raise ValueError(f"no feature has the attribute {name}")
    return _styled(each, sum(len(column) for column in columns), style, len(columns))


def _styled(each: list[NDArray[np.generic]], total: int, style: AttributeStyle, cities: int) -> Styled:
    values = _together(each)
    note = f"{len(values):,} of {total:,} objects have a value.".replace(",", "\u202f")
    if cities > 1:
        note = f"One range for {cities} scenarios."
    if values.dtype == object:
        return _categories(values, note, style, total)
    numbers = values.astype(np.float64)
    way = style.way or ("categories" if len(np.unique(numbers)) <= FEW else "ramp")
    if way == "categories":
        return _categories(values, note, style, total)
    if way == "classes":
        return _classes(numbers, note, style, total)
    return _ramp(numbers, [part.astype(np.float64) for part in each], note, style, total)


def breaks_of(values: NDArray[np.float64], style: AttributeStyle) -> tuple[float, ...]:
    """Where the classes of a style end; fewer where values repeat. Fixed ones are taken as they are."""
    if style.split == "fixed" and style.breaks:
        return style.breaks
    parts = np.linspace(0.0, 1.0, style.classes + 1)[1:-1]
    low, high = float(values.min()), float(values.max())
    found = np.quantile(values, parts) if style.split != "equal" else low + parts * (high - low)
    inner = (value for value in _rounded(found, high - low) if low < value <= high)
    return tuple(dict.fromkeys(inner))


def is_numeric(city: City, name: str) -> bool:
    """Whether all values of an attribute are numbers."""
    return _present(city, name).dtype != object


def is_turned(style: AttributeStyle) -> bool:
    """Whether the ramp is used from its other end: as published, those without a middle begin dark."""
    return style.reversed if style.ramp in DIVERGING else not style.reversed


def _present(city: City, name: str) -> NDArray[np.generic]:
    """The values there are: numbers where all of them are, else objects."""
    column = city.attributes.columns.get(name)
    return np.zeros(0) if column is None else present(column)


def present(column: Column) -> NDArray[np.generic]:
    """The values of a column that are there: numbers where all of them are, else objects.

    What some objects have as text and others as number, or all as text with a decimal point, is a number.
    """
    if column.dtype != object:
        return column[np.isfinite(column)]
    kept: list[Value] = [value for value in column.tolist() if value is not None and value == value]
    if any(isinstance(v, int | float) or (isinstance(v, str) and "." in v) for v in kept):
        numbers = np.fromiter(map(number_of, kept), np.float64, len(kept))
        if not np.isnan(numbers).any():
            return numbers[np.isfinite(numbers)]
    found = np.empty(len(kept), dtype=object)
    found[:] = kept
    return found


def _together(each: list[NDArray[np.generic]]) -> NDArray[np.generic]:
    """All values; as objects where not all are numbers."""
    if len({values.dtype == object for values in each}) > 1:
        each = [values.astype(object) for values in each]
    return np.concatenate(each) if len(each) > 1 else each[0]


def _categories(values: NDArray[np.generic], note: str, style: AttributeStyle, total: int) -> Styled:
    most = len(CATEGORY_COLOURS)
    count = Counter(map(label, values.tolist()))
    # of equally many the first by name, so that the order of scenarios changes no colours
    names = sorted(count, key=lambda name: (-count[name], name))[:most]
    colours: tuple[str, ...] = CATEGORY_COLOURS
    if values.dtype != object:  # numbers have an order, which colours of a ramp show
        names.sort(key=float)
        colours = graded(style.ramp, len(names), reversed=is_turned(style))
    entries = [*zip(names, colours, strict=False)]
    rest = len(count) - len(names)
    shown = list(entries)
    if rest:
        shown.append((f"other ({rest})", OTHER))
    if len(values) < total:
        shown.append(("no value", ABSENT))
    # a class that no value is called, so that it cannot be mistaken for one
    return Styled(Classes((*entries, ("\0", OTHER)), "\0"), Classes(tuple(shown), "\0"), note)


def _classes(values: NDArray[np.float64], note: str, style: AttributeStyle, total: int) -> Styled:
    breaks = breaks_of(values, style)
    colours = graded(style.ramp, len(breaks) + 1, reversed=is_turned(style))
    low, high = float(values.min()), float(values.max())
    if breaks:
        # between whole numbers a class ends one before the next begins
        last = 1.0 if (values == np.round(values)).all() and all(b == round(b) for b in breaks) else 0.0
        inner = [
            number(a) if a == b - last else f"{number(a)} – {number(b - last)}" for a, b in pairwise(breaks)
        ]
        names = [f"below {number(breaks[0])}", *inner, f"{number(breaks[-1])} and above"]
    else:
        names = [number(low) if low == high else f"{number(low)} – {number(high)}"]
    how = {"quantiles": "Classes of about equal counts.", "equal": "Classes of equal width."}
    told = how.get(style.split, "") if not (style.split == "fixed" and style.breaks) else ""
    absent = (("no value", ABSENT),) if len(values) < total else ()
    legend = Classes((*zip(names, colours, strict=True), *absent), "no value")
    return Styled(Steps(breaks, colours), legend, f"{told} {note}".strip())


def _ramp(
    values: NDArray[np.float64],
    each: list[NDArray[np.float64]],
    note: str,
    style: AttributeStyle,
    total: int,
) -> Styled:
    # the union, so that what one scenario tells apart it tells apart beside another, too
    ends = np.array([np.percentile(part, [2, 98]) for part in each])
    low, high = float(ends[:, 0].min()), float(ends[:, 1].max())
    if not high > low:
        low, high = float(values.min()), float(values.max())
    ramp = Ramp(style.ramp, low, high if high > low else low + 1.0, is_turned(style))
    beyond = values.min() < low or values.max() > high
    told = f"Values go from {number(values.min())} to {number(values.max())}. " if beyond else ""
    return Styled(ramp, ramp, f"{told}{note}{' No value: grey.' if len(values) < total else ''}")


def _rounded(values: NDArray[np.float64], span: float) -> list[float]:
    """To as many decimals as the span of all values asks for."""
    decimals = DIGITS - 1 - (int(np.floor(np.log10(span))) if span > 0 else 0)
    return [round(value, decimals) for value in values.tolist()]


def number(value: float) -> str:
    """As a legend writes it."""
    text = f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:g}"
    return text.replace(",", "\u202f").replace("-", "−")
