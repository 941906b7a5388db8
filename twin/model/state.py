"""Everything the user has chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from twin.model.raster_style import RasterStyle
from twin.model.weather import DESIGN, HOT_DAY, HotDay

Point = tuple[float, float, float]
MOST_VIEWS = 4
"""More pictures side by side are too small to read."""
FEWEST_CLASSES, MOST_CLASSES = 2, 9
"""More colours of one ramp cannot be told apart."""
MOST_LABELS = 300
"""More labels of one layer are noise."""
WIDEST = 100.0
"""Of lines and edges. [m]"""
LEAST_EXAGGERATION, MOST_EXAGGERATION = 0.5, 10.0
MOST_RANGE = 24.0 * 366
"""[h]"""
MOST_CHARTED = 8
"""More curves cannot be told apart."""
HEAT_CELLS = (1.0, 2.0, 4.0)
"""[m]"""


@dataclass(frozen=True, slots=True)
class Camera:
    """Where one looks from; the horizon is always level."""

    position: Point
    """Local easting, northing, height. [m]"""
    target: Point
    """What lies in the middle of the picture. [m]"""
    angle: float = 35.0
    """Vertical angle of view. [deg]"""
    height: float = 0.0
    """How tall the part of the world is that is seen without perspective; 0: seen in perspective. [m]"""
    section: bool = False
    """All that stands before the target is cut away, along the plane through it that faces the eye."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What was clicked: an object of the city, a feature of a layer, or a place on the ground."""

    kind: str
    """`city`, `layer`, `sensor` or `ground`."""
    id: str = ""
    """gml:id of an object, id of a feature or a station; empty for the ground."""
    layer: str = ""
    at: Point = (0.0, 0.0, 0.0)
    """Where the click met the scene. [m]"""


@dataclass(frozen=True, slots=True)
class AttributeStyle:
    """How the values of an attribute become colours, as long as an attribute is laid over the city."""

    way: Literal["", "categories", "classes", "ramp"] = ""
    """Empty: what suits the values."""
    split: Literal["quantiles", "equal", "fixed"] = "quantiles"
    """Where classes end: equally many objects in each, equally wide, or at `breaks`."""
    classes: int = 5
    """FEWEST_CLASSES to MOST_CLASSES."""
    breaks: tuple[float, ...] = ()
    """Where fixed classes end, rising; in the unit of the attribute."""
    ramp: Literal["batlow", "lajolla", "lapaz", "davos", "hawaii", "vik"] = "batlow"
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """How a layer is drawn, as the user wants it; what is left empty is as the project has it."""

    attribute: str = ""
    """Whose values colour it; empty: one colour."""
    values: AttributeStyle = AttributeStyle()
    """How these become colours."""
    colour: str = ""
    """#rrggbb"""
    width: float = 0.0
    """Of lines; 0: as their attribute or the project says. [m]"""
    filled: bool = True
    """Of polygons."""
    outline: str = ""
    """Colour of the edge of polygons; empty: they have none."""
    outline_width: float = 1.0
    """[m]"""
    glyph: str = ""
    """What stands at each point."""
    near: float = 0.0
    """It is seen from so far away at least. [m]"""
    far: float = 0.0
    """It is seen from so far away at most; 0: from everywhere. [m]"""
    shown: str = ""
    """What is drawn of it, as `height > 20 and use = office`; empty: all."""
    labels: str = ""
    """The attribute that is written beside each; empty: none."""
    priority: str = ""
    """Where labels would overlap, the one with the highest value of this attribute stays."""
    most: int = 60
    """So many labels are written at once, 1 to MOST_LABELS."""


@dataclass(frozen=True, slots=True)
class State:
    """One moment of the user's work; undo is a list of these, a saved view is the JSON of one."""

    scenario: str
    time: datetime
    """With a zone."""
    overlay: str = "none"
    hidden: frozenset[str] = frozenset()
    """Ids of layers that are switched off; `buildings` is the city's."""
    opacity: tuple[tuple[str, float], ...] = ()
    """Layer id to 0-1, sorted; 1 where it is not named."""
    highlight: bool = False
    """Show what the scenario adds and removes."""
    shadows: bool = True
    camera: Camera | None = None
    """None: the home view."""
    selection: Selection | None = None
    lod: float | None = None
    """The level of detail up to which objects are shown; None: the highest of each."""
    textures: bool = True
    """Show pictures and materials on surfaces that have them."""
    several: frozenset[str] = frozenset()
    """gml:ids of all selected objects, that of `selection` among them; empty where it is just one."""
    hidden_objects: frozenset[str] = frozenset()
    """gml:ids of objects that are not drawn, nor are their parts."""
    isolated: frozenset[str] = frozenset()
    """gml:ids of the only objects that are drawn, with their parts; empty: all."""
    style: AttributeStyle = AttributeStyle()
    compare: Literal["none", "swipe", "split", "difference"] = "none"
    """How the scenarios of `compared` are shown beside this one."""
    compared: tuple[str, ...] = ()
    """Ids of scenarios; empty: the baseline."""
    divider: float = 0.5
    """Where a swipe is divided, 0 (left) to 1."""
    baseline: str = ""
    """The scenario that differences are counted from; empty: the first of the project."""

    weather: str = DESIGN
    """What heat is worked out with: DESIGN, MEASURED, or a weather file, relative to the project file."""
    hot_day: HotDay = HOT_DAY
    """The numbers of the DESIGN day."""
    raster_styles: tuple[tuple[str, RasterStyle], ...] = ()
    """Raster id to how it is shown, sorted; as at first where it is not named."""
    layer_styles: tuple[tuple[str, LayerStyle], ...] = ()
    """Layer id to how it is drawn, sorted; as the project has it where it is not named."""
    exaggeration: float = 1.0
    """So many times as high as it is is the terrain drawn, LEAST_EXAGGERATION to MOST_EXAGGERATION."""
    heat_cell: float = 2.0
    """Side of the cells that heat is worked out on, one of HEAT_CELLS. [m]"""

    year: int | None = None
    """In which planned trees are seen, grown since they were planted; None: as they are drawn."""

    observed: str = ""
    """Id of the observed property whose sensors are shown; empty: that of most of them."""
    sensor_bars: bool = False
    """Sensors stand as bars that are as high as their value."""
    time_mode: Literal["off", "instant", "range", "live"] = "instant"
    """What sensors show: the newest, what was at `time`, the mean of a while before it, or what comes."""
    time_range: float = 24.0
    """How long that while is, up to MOST_RANGE. [h]"""
    charted: tuple[str, ...] = ()
    """Ids of datastreams that are drawn beside one another, at most MOST_CHARTED."""

    def opacity_of(self, layer_id: str) -> float:
        """0 (clear) to 1 (solid)."""
        return dict(self.opacity).get(layer_id, 1.0)

    @property
    def selected(self) -> frozenset[str]:
        """gml:ids of all objects of the city that are selected."""
        first = self.selection
        if self.several:
            return self.several
        return frozenset({first.id}) if first and first.kind == "city" else frozenset()


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A named view."""

    id: str
    title: str
    camera: Camera
