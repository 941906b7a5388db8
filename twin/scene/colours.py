"""Knows the ramps and classes that values are shown in, safe for colour-blind eyes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.model.table import number_of

RGB = NDArray[np.uint8]

# Paul Tol, "Colour Schemes", SRON/EPS/TN/09-002 (2021), figure 6 "light" and figure 2 "vibrant"
USE_COLOURS = {
    "residential": "#eedd88",
    "office": "#77aadd",
    "commercial": "#ee8866",
    "hotel": "#cc6677",
    "civic": "#ffaabb",
    "education": "#44bb99",
    "culture": "#bbcc33",
    "religious": "#aaaa00",
    "transport": "#99ddff",
    "parking": "#bbbbbb",
    "other": "#e4e2dd",
}
"""Building use to colour; `other` also for what is not known."""

GROUND_COLOURS = {
    "asphalt": "#d3d0cb",
    "concrete": "#dedbd5",
    "paving_stones": "#e6dfd0",
    "sett": "#d9d2c5",
    "gravel": "#e3d8c2",
    "grass": "#c3d9a9",
    "meadow": "#b9d19b",
    "water": "#b5d3e2",
    "wood": "#dcc7a6",
}
"""Surface of the ground to colour; calm, so that what lies on it reads."""

GREEN_COLOURS = {"sedum": "#a9b870", "meadow": "#9cc07c", "wall": "#7fa65f"}
"""What grows on buildings."""
CLASS_COLOURS = {
    "ReliefFeature": "#e3dfd3",
    "TINRelief": "#e3dfd3",
    "LandUse": "#d9e2c6",
    "WaterBody": "#b5d3e2",
    "PlantCover": "#b4cf98",
    "SolitaryVegetationObject": "#93b27c",
    "Road": "#d3d0cb",
    "Railway": "#c4bdb2",
    "Square": "#e6dfd0",
    "Track": "#e3d8c2",
    "TransportationComplex": "#d3d0cb",
    "TrafficArea": "#d3d0cb",
    "AuxiliaryTrafficArea": "#dde3cf",
    "CityFurniture": "#a5a19a",
}
"""CityGML class to colour; a class that is not named is drawn as buildings are."""

# from the schemes of the same note; chosen so that any two, and the greys below, are at least 12 apart
# (CIE 1976) also to protan, deutan and tritan eyes (Machado, Oliveira & Fernandes 2009)
CATEGORY_COLOURS = (
    *("#4477aa", "#ee8866", "#ccbb44", "#aa3377", "#99ddff", "#228833"),
    *("#cc3311", "#eedd88", "#6699cc", "#222255", "#663333", "#004488"),
)
"""Of the values of an attribute, the most frequent first."""
OTHER, ABSENT = "#8f8a82", "#d6d4d0"
"""Of all values that have no colour of their own, and of objects without a value."""

UNRATED = "#8f8a82"
"""Of places for which there is no number."""

ADDED, REMOVED, CHANGED, SELECTED = "#0f9b8e", "#cc3311", "#6a51a3", "#ee7733"


@dataclass(frozen=True, slots=True)
class Ramp:
    """Numbers to colours, linear between two fixed ends."""

    name: str
    """A scientific colour map (Crameri 2018, doi 10.5281/zenodo.1243862), as `batlow`."""
    low: float
    high: float
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Classes:
    """Names to colours."""

    colours: tuple[tuple[str, str], ...]
    """Name and #rrggbb, in the order of the legend."""
    other: str = "other"
    """The class of every name that is not listed."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Numbers to colours, one for each class of them."""

    breaks: tuple[float, ...]
    """Where classes end, rising; a number at a break belongs to the class above it."""
    colours: tuple[str, ...]
    """#rrggbb, one more than breaks."""


def rgb(colour: str) -> tuple[float, float, float]:
    """#rrggbb as three numbers 0-1."""
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)


@cache
def stops(name: str) -> RGB:
    """The 256 colours of a ramp: (256, 3). ValueError for a name that is not a ramp."""
    # the package itself would import matplotlib, half a second that only these numbers are needed of
    spec = find_spec("cmcrameri")
    if spec is None or not spec.submodule_search_locations:
        raise ValueError("the colour maps (cmcrameri) are not installed")
    folder = Path(spec.submodule_search_locations[0]) / "cmaps"
    names = {path.stem: path for path in folder.glob("*.txt")}
    if name not in names:
        raise ValueError(f"no colour ramp is called {name!r}")
    numbers = np.loadtxt(names[name])
    return np.asarray(np.round(numbers * 255), dtype=np.uint8)


def ramp_colours(ramp: Ramp, values: NDArray[np.floating]) -> RGB:
    """Colours of values, same shape plus a last axis of 3; what lies beyond an end takes its colour."""
    table = stops(ramp.name)[::-1] if ramp.reversed else stops(ramp.name)
    span = ramp.high - ramp.low or 1.0
    place = np.nan_to_num((np.asarray(values, dtype=np.float64) - ramp.low) / span)
    return table[np.clip(place * 255 + 0.5, 0, 255).astype(np.intp)]


def number_colours(scale: Ramp | Steps, values: NDArray[np.floating]) -> RGB:
    """Colours of numbers, same shape plus a last axis of 3."""
    if isinstance(scale, Ramp):
        return ramp_colours(scale, values)
    table = np.array([[round(255 * c) for c in rgb(colour)] for colour in scale.colours], dtype=np.uint8)
    return np.asarray(table[np.searchsorted(scale.breaks, np.nan_to_num(values), side="right")])


def graded(name: str, count: int, *, reversed: bool = False) -> tuple[str, ...]:
    """Colours of so many classes, from one end of a ramp to the other."""
    middles = (np.arange(count) + 0.5) / count
    ends = Ramp(name, 0.0, 1.0, reversed)
    return tuple("#{:02x}{:02x}{:02x}".format(*colour) for colour in ramp_colours(ends, middles).tolist())


def label(value: object) -> str:
    """A value as the name of its class."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else str(value) or "(empty)"


def class_colours(
    classes: Classes, values: NDArray[np.object_], *, other: NDArray[np.integer] | None = None
) -> RGB:
    """Colours of names: (n, 3).

    other: the colour of names that are not listed, instead of that of `classes.other`. (3,)
    """
    table = {name: np.array([round(255 * c) for c in rgb(colour)]) for name, colour in classes.colours}
    if other is None:
        other = table.get(classes.other, np.array([228, 226, 221]))
    if not len(values):
        return np.zeros((0, 3), np.uint8)
    found = [other if v is None else table.get(label(v), _of_numeral(table, v, other)) for v in values]
    return np.array(found, dtype=np.uint8)


def _of_numeral(
    table: Mapping[str, NDArray[np.integer]], value: object, other: NDArray[np.integer]
) -> NDArray[np.integer]:
    """The colour of text that says a number which is a class in other words, as 4.0 among 3 and 4."""
    return table.get(label(number_of(value)), other) if isinstance(value, str) else other
