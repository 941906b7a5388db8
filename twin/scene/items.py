"""Plain descriptions of everything that can be on the screen.

Items compare by the identity of the data they refer to, so that what has not changed is not drawn anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from twin.analysis.cut import Cut
from twin.model.atlas import Atlas
from twin.model.city import City
from twin.model.layer import Layer
from twin.model.pit import Pit
from twin.model.points import PointCloud
from twin.model.raster import Raster
from twin.model.state import Point
from twin.model.terrain import Relief
from twin.scene.colours import Classes, Ramp, Steps
from twin.scene.sensor_marks import SensorMarks

HEIGHT = "measuredHeight"
"""The attribute that an object's own geometry stands in for where it is absent."""
SHADE_STRENGTH = 0.42
"""How dark full shade is on flat things, 0-1."""


@dataclass(frozen=True, slots=True)
class Colouring:
    """Which attribute colours the buildings, and how."""

    column: str
    scale: Ramp | Classes | Steps


@dataclass(frozen=True, eq=False, slots=True)
class Mask:
    """Some of the objects of a city."""

    objects: NDArray[np.bool_]
    """(k,)"""


@dataclass(frozen=True, slots=True)
class Buildings:
    """A city model."""

    city: City
    colouring: Colouring | None = None
    opacity: float = 1.0
    marked: tuple[str, ...] = ()
    """gml:ids shown as new."""
    chosen: tuple[str, ...] = ()
    """gml:ids shown as clicked."""
    hidden: Mask | None = None
    """Objects that are not drawn; None: all are."""
    textures: bool = True
    """Show the appearance of the city, where nothing colours it."""
    atlas: Atlas | None = None
    """The pictures of the appearance; None: they are not read yet, or there are none."""
    even: bool = False
    """Roofs and walls in the same colour, as a legend shows it."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Objects of a city that a scenario removes, as ghosts."""

    city: City
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hatched:
    """Objects of a city that are not what they were, with stripes all over."""

    city: City
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutFaces:
    """Where the city is cut away, hatched, and the earth below."""

    cut: Cut | None
    """None: the earth only."""
    at: tuple[float, float, float]
    """In the plane. [m]"""
    forward: tuple[float, float, float]
    """The way one looks, 1 m long. [m]"""
    relief: Relief | None = None
    """The ground that is cut; None: it is flat."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Objects of a city that are outlined because they were clicked, or because they break a rule."""

    city: City
    ids: tuple[str, ...]
    wrong: bool = False
    """They break a rule."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The flat ground under everything."""

    bounds: tuple[float, float, float, float]
    """West, south, east, north. [m]"""
    colour: str
    pits: tuple[Pit, ...] = ()
    """Where the ground is open."""


@dataclass(frozen=True, slots=True)
class Land:
    """The ground as it rises and falls, shaded as if lit from the north-west."""

    relief: Relief
    colour: str
    opacity: float = 1.0
    pits: tuple[Pit, ...] = ()
    """Where the ground is open."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a layer differs from one colour, seen from everywhere."""

    colouring: Colouring | None = None
    """By which attribute each feature is coloured."""
    filled: bool = True
    outline: str = ""
    """#rrggbb of the edge of polygons; empty: none."""
    outline_width: float = 1.0
    """[m]"""
    near: float = 0.0
    far: float = 0.0
    """It is drawn where the eye is so far from what it looks at, at least and at most; 0: always. [m]"""


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Areas:
    """The polygons of a layer, filled, on the ground."""

    layer: Layer
    level: int
    """Flat things of a higher level cover those of a lower one."""
    opacity: float = 1.0
    marked: tuple[str, ...] = ()
    """Ids shown as new."""
    relief: Relief | None = None
    """The ground it lies on; None: it is flat."""
    look: Look = PLAIN
    pits: tuple[Pit, ...] = ()
    """Where the ground is open."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a layer as ribbons on the ground."""

    layer: Layer
    level: int
    opacity: float = 1.0
    relief: Relief | None = None
    """The ground it lies on; None: it is flat."""
    look: Look = PLAIN
    pits: tuple[Pit, ...] = ()
    """Where the ground is open."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One small shape at each point of a layer."""

    layer: Layer
    level: int
    opacity: float = 1.0
    marked: tuple[str, ...] = ()
    """Ids shown as new."""
    relief: Relief | None = None
    """The ground it lies on; None: it is flat."""
    look: Look = PLAIN


@dataclass(frozen=True, eq=False, slots=True)
class Texts:
    """What is written in the scene, the most important first."""

    words: tuple[str, ...]
    places: NDArray[np.float64]
    """(n, 3), above the ground. [m]"""


@dataclass(frozen=True, slots=True)
class Labels:
    """Words at places, as many as do not cover one another."""

    texts: Texts
    most: int
    opacity: float = 1.0
    relief: Relief | None = None
    """The ground below; None: it is flat."""
    near: float = 0.0
    far: float = 0.0
    """As of `Look`. [m]"""


@dataclass(frozen=True, slots=True)
class Drape:
    """A raster laid over the ground in the colours of its scale."""

    raster: Raster
    """NaN where there is nothing, infinite where there is no number for what is there."""
    ramp: Ramp | Steps
    level: int = 0
    opacity: float = 0.85
    smooth: bool = False
    """Blend between cells; only for values that are continuous on the ground."""
    swing: float | None = None
    """Fixed ends of differences between two such, above and below zero; None: what suits the values."""
    shaded: bool = False
    """Let the light and shade of the ground show through."""
    relief: Relief | None = None
    """The ground it lies on; None: it is flat."""
    pits: tuple[Pit, ...] = ()
    """Where the ground is open."""


@dataclass(frozen=True, slots=True)
class Shade:
    """A raster of the lit fraction (0-1) that darkens ground and roofs: the shadows of the hour."""

    lit: Raster
    city: City
    """Whose roofs the shade falls on."""
    level: int = 0
    strength: float = SHADE_STRENGTH
    roofs: Raster | None = None
    """The lit fraction of the roofs; as on the ground when None."""
    relief: Relief | None = None
    """The ground it lies on; None: it is flat."""
    pits: tuple[Pit, ...] = ()
    """Where the ground is open."""


@dataclass(frozen=True, slots=True)
class Sunlight:
    """Where the light comes from."""

    altitude: float
    """Above the horizon. [deg]"""
    azimuth: float
    """Clockwise from north. [deg]"""
    shadows: bool = False
    """Whether things cast shadows, where the graphics card can draw them; else there is `Shade`."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A mark at a place on the ground or on a small feature, or at several."""

    at: tuple[float, float, float]
    """[m]"""
    more: tuple[tuple[float, float, float], ...] = ()
    """[m]"""


@dataclass(frozen=True, eq=False, slots=True)
class Sketch:
    """What is being drawn: seen through everything else, and gone when it is done."""

    areas: tuple[Polygon, ...] = ()
    """Filled, on the ground."""
    height: float = 0.0
    """Of the ghost that stands on the areas; 0: none. [m]"""
    lines: tuple[tuple[Point, ...], ...] = ()
    """Each from corner to corner. [m]"""
    handles: tuple[Point, ...] = ()
    """What can be taken hold of. [m]"""
    small: tuple[Point, ...] = ()
    """Where there could be one more. [m]"""
    wrong: bool = False
    """It cannot be done so."""
    bases: tuple[float, ...] = ()
    """Where the ghost of each area stands; empty: at zero. [m]"""
    relief: Relief | None = None
    """The ground that areas without a ghost lie on; None: it is flat."""


@dataclass(frozen=True, slots=True)
class Points:
    """A point cloud."""

    cloud: PointCloud
    scale: Classes | Ramp | None
    """Of the classes or the heights; None: in their own colours."""
    opacity: float = 1.0


Item = (
    Points
    | Buildings
    | Gone
    | Hatched
    | CutFaces
    | Chosen
    | Ground
    | Land
    | Areas
    | Lines
    | Glyphs
    | Labels
    | Drape
    | Shade
    | Sunlight
    | Pin
    | SensorMarks
    | Sketch
)
