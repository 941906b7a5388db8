"""A page that shows a station area in a browser: what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.model.state import Camera

Bounds = tuple[float, float, float, float]
ON_BUILDINGS = ("none", "use", "height")
"""Overlays that colour buildings, or nothing: the page lays only pictures over the ground."""


@dataclass(frozen=True, eq=False, slots=True)
class Hills:
    """The shape of the ground."""

    heights: NDArray[np.float32]
    """(rows, columns), at the corners of equal cells over the bounds of the page, from the north-west. [m]"""
    source: str


@dataclass(frozen=True, eq=False, slots=True)
class Solid:
    """Objects of a city as triangles."""

    positions: NDArray[np.float32]
    """(n, 3), local. [m]"""
    colours: NDArray[np.uint8]
    """(n, 3)"""
    triangles: NDArray[np.uint32]
    """(m, 3)"""
    owners: NDArray[np.uint32]
    """(m,), the row of the object of each triangle."""
    titles: tuple[str, ...]
    kinds: tuple[str, ...]
    facts: tuple[tuple[tuple[str, str], ...], ...]
    """Names and values of each object."""


@dataclass(frozen=True, slots=True)
class Key:
    """How to read the colours of an overlay."""

    title: str
    unit: str
    entries: tuple[tuple[str, str], ...]
    """Text and #rrggbb."""
    source: str
    note: str


@dataclass(frozen=True, eq=False, slots=True)
class Veil:
    """An overlay of one scenario."""

    id: str
    title: str
    image: NDArray[np.uint8]
    """(rows, columns, 4), north up."""
    bounds: Bounds
    key: Key


@dataclass(frozen=True, eq=False, slots=True)
class Patch:
    """Geometries on the ground in one colour each, drawn in their order."""

    geometry: NDArray[np.object_]
    """Polygons. [m]"""
    colours: NDArray[np.uint8]
    """(n, 3)"""


@dataclass(frozen=True, eq=False, slots=True)
class Variant:
    """One scenario: what differs from the base, and its ground, trees, overlays and figures."""

    id: str
    title: str
    description: str
    gone: NDArray[np.uint32]
    """Rows of the base that are not there."""
    added: Solid
    ground: tuple[Patch, ...]
    trees: NDArray[np.float32]
    """(n, 5): east, north, height, crown, ground. [m]"""
    veils: tuple[Veil, ...]
    figures: tuple[tuple[str, str, float, int], ...]
    """Title, unit, value, digits behind the point."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a story; None keeps what is shown."""

    title: str
    text: str = ""
    scenario: str | None = None
    overlay: str | None = None
    hour: int | None = None
    camera: Camera | None = None


@dataclass(frozen=True, eq=False, slots=True)
class WebPage:
    """All of the page."""

    title: str
    day: str
    home: Camera
    bounds: Bounds
    ground: str
    """#rrggbb of ground that nothing lies on."""
    base: Solid
    variants: tuple[Variant, ...]
    suns: tuple[tuple[int, float, float], ...]
    """Hour, altitude and azimuth. [deg]"""
    story: tuple[Step, ...]
    sources: tuple[str, ...]
    crs: str
    heights: str
    hills: Hills | None = None
    """None: the ground is flat."""
    language: str = "en"
    words: Mapping[str, str] = field(default_factory=dict)
    """What the page says instead of its English words."""
