"""Makes an area ready for heat from a city, its trees and its ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from twin.analysis.build import trees
from twin.analysis.crown_light import Crowns, crowns_of, mean_light
from twin.analysis.heat_maps import HeatInput
from twin.analysis.land_cover import COVERS, land_cover
from twin.analysis.mean_radiant import Ground
from twin.analysis.sky_patches import Surroundings
from twin.analysis.surface_model import TRUNK, Bounds, building_mask, canopy_model, surface_model
from twin.errors import TwinError
from twin.model.city import City
from twin.model.layer import Layer
from twin.model.raster import Raster


def heat_input(
    city: City, layers: Sequence[Layer], *, bounds: Bounds, cell: float, terrain: Raster | None = None
) -> HeatInput:
    """Heights of ground, buildings and crowns, and what the ground is covered with.

    bounds: west, south, east, north; the grid begins in the north-west. [m]
    terrain: heights of the ground on the same grid; None: flat at 0, as in `surface_model`.
    Raises TwinError where there is neither a building nor a tree.
    """
    built = building_mask(city, bounds=bounds, cell=cell).values > 0
    ground = np.zeros(built.shape, dtype=np.float32)
    if terrain is not None:
        if terrain.values.shape != built.shape:
            raise ValueError("the terrain lies on another grid")
        ground = np.where(np.isfinite(terrain.values), terrain.values, 0).astype(np.float32)
        terrain = replace(terrain, values=ground)
    heights = surface_model(city, bounds=bounds, cell=cell, ground=terrain).values
    green = trees(layers)
    crowns = (
        canopy_model(green, bounds=bounds, cell=cell).values if green is not None else np.zeros_like(heights)
    )
    if not built.any() and not (crowns > 0).any():
        raise TwinError("There is no building and no tree in the area: nothing gives shade there.")
    nothing = np.float32(np.nan)
    tops = np.where(crowns > 0, ground + crowns, nothing).astype(np.float32)
    trunks = np.where(crowns > 0, ground + TRUNK * crowns, nothing).astype(np.float32)
    cover = land_cover(layers, bounds=bounds, cell=cell)
    cover = np.where(built, COVERS.index("roof"), cover).astype(np.uint8)
    return HeatInput(
        Surroundings(heights.astype(np.float32), cell, tops, trunks),
        Ground(cover, COVERS, ~built, cell),
        crowns=crowns_of(green),
    )


def crown_transmissivity(day: date, crowns: Crowns = ()) -> float:
    """Of sunlight through crowns on a day: the mean over their species, each weighing as its area."""
    return mean_light(crowns, day)
