"""Takes the values of the overlay in view out of a scene, to be written down."""

from __future__ import annotations

from dataclasses import dataclass

from twin.errors import TwinError
from twin.model.raster import Raster
from twin.scene.items import Drape
from twin.scene.scene import Scene


@dataclass(frozen=True, eq=False, slots=True)
class Values:
    """A grid, with what the legend says of it."""

    raster: Raster
    title: str
    unit: str
    source: str
    note: str = ""


def has_values(scene: Scene) -> bool:
    """Whether the overlay in view is a grid of numbers."""
    return any(isinstance(item, Drape) and item.raster.image is None for item in scene.items.values())


def values_of(scene: Scene) -> Values:
    """The grid in view. Raises TwinError where the overlay is none."""
    draped = [item for item in scene.items.values() if isinstance(item, Drape)]
    if not draped:
        raise TwinError(
            "The overlay in view is no grid of values on the ground. "
            "Choose sun hours, shadow, heat or a raster; attributes of buildings are in exported models."
        )
    raster, legend = draped[-1].raster, scene.legend
    if raster.image is not None:
        raise TwinError("The overlay in view is a picture, which holds no values. Use its own file.")
    if legend is None:
        return Values(raster, raster.title, raster.unit, raster.source)
    return Values(
        raster,
        legend.title or raster.title,
        legend.unit or raster.unit,
        legend.source or raster.source,
        legend.note,
    )
