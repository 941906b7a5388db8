"""Sets what stands on the ground on the terrain: buildings by the lowest point under them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.analysis.build import Built, build
from twin.model import city as cities
from twin.model.city import City, roots
from twin.model.layer import Layer
from twin.model.pit import Pit
from twin.model.scenario import Edit, MoveBuilding
from twin.model.terrain import Terrain, height_at

LEVEL = 0.05
"""Buildings whose feet differ less than this stand on one plane: their heights are none of their own. [m]"""
MOST_OFF = 0.5
"""So large a share of them may still differ, as bridges and storeys over passages do. 0-1"""
FOOT = 0.3
"""Corners no higher above the lowest of a building are its foot. [m]"""
SKIRT = 0.5
"""Walls are drawn so far into the ground, so that no foot hangs over a dip. [m]"""
DEEPEST = 6.0
"""Feet that hang higher over the ground are not drawn down to it: the heights do not fit. [m]"""
TELLING = 1.0
"""Heights that are less off are not spoken of. [m]"""
RELIEF = "TINRelief"


@dataclass(frozen=True, eq=False, slots=True)
class _Feet:
    """Of every object that has no parent: rows of the city."""

    of: NDArray[np.intp]
    """The root that each corner belongs to: (n,)."""
    base: NDArray[np.float64]
    """Height of its lowest corner; infinite where it has none: (k,). [m]"""
    top: NDArray[np.float64]
    ground: NDArray[np.float64]
    """The lowest terrain under its foot: (k,). [m]"""
    foot: NDArray[np.bool_]
    """Which corners are feet: (n,)."""


def build_on(
    city: City,
    layers: tuple[Layer, ...],
    edits: tuple[Edit, ...],
    terrain: Terrain | None,
    exaggeration: float = 1.0,
    *,
    progress: Callable[[float], None] = lambda _fraction: None,
) -> Built:
    """The scenario as it would stand on the terrain; as `build` where there is none."""
    made = build(city, layers, edits, progress=progress)
    if terrain is None or not len(made.city.vertices):
        return made
    added = {change.id for change in made.changes if change.kind == "added"}
    moves = [edit for edit in edits if isinstance(edit, MoveBuilding) and edit.enabled]
    moved = {name for edit in moves for name in edit.ids}
    seated, told = seat(made.city, terrain, added, moved=moved, before=city)
    drawn = _up_to_the_rim(made, seated, as_drawn(seated, terrain, exaggeration), terrain, exaggeration)
    pits = tuple(_seated(pit, made.city, drawn) for pit in made.pits)
    return replace(made, city=seated, shown=drawn, pits=pits, problems=(*made.problems, *told))


def _up_to_the_rim(made: Built, seated: City, drawn: City, terrain: Terrain, exaggeration: float) -> City:
    """The city with the sides of pits as high as the ground that they end at."""
    if not made.pits:
        return drawn
    pits = cities.named(seated, [pit.id for pit in made.pits])
    mine = pits[seated.surface_object[np.repeat(seated.ring_surface, np.diff(seated.ring_starts))]]
    vertices = drawn.vertices.copy()
    lift = (exaggeration - 1.0) * (height_at(terrain, *vertices[mine, :2].T) - terrain.lowest)
    vertices[mine, 2] = seated.vertices[mine, 2] + lift
    edge = mine & (np.abs(made.city.vertices[:, 2]) < LEVEL)
    ground = height_at(terrain, *vertices[edge, :2].T)
    vertices[edge, 2] = ground + (exaggeration - 1.0) * (ground - terrain.lowest)
    return replace(drawn, vertices=vertices)


def _seated(pit: Pit, before: City, drawn: City) -> Pit:
    """A pit as high as it is drawn."""
    chosen = cities.named(before, [pit.id])
    low, high = cities.corners(before, chosen), cities.corners(drawn, chosen)
    heights = {corner.tobytes(): float(z) for corner, z in zip(low, high[:, 2], strict=True)}
    floor = shapely.transform(
        pit.floor,
        lambda corners: np.column_stack(
            [corners[:, :2], [heights.get(corner.tobytes(), corner[2]) for corner in corners]]
        ),
        include_z=True,
    )
    return replace(pit, floor=floor)


def seat(
    city: City,
    terrain: Terrain,
    added: Iterable[str] = (),
    *,
    moved: Iterable[str] = (),
    before: City | None = None,
) -> tuple[City, tuple[str, ...]]:
    """The city on the terrain, and what does not fit.

    Buildings that stand on one plane are moved so that it meets the lowest terrain under the foot of each,
    and so are those of `added` (gml:ids), whose plane is zero. A model with heights of its own stays; what
    was `moved` (gml:ids) in it from where it stands in `before` rises and falls with the ground.
    """
    feet = _feet(city, terrain)
    there = np.isfinite(feet.base) & (city.object_type != RELIEF)
    new = np.isin(city.object_id.astype(str), [str(name) for name in added]) & there
    old = there & ~new
    climbed = np.where(new, feet.ground, 0.0)
    told: list[str] = []
    if old.any():
        plane = float(np.median(feet.base[old]))
        off = np.abs(feet.base[old] - plane) > LEVEL
        # of a single building nobody can tell, but that it stands at zero
        even = off.mean() <= MOST_OFF and (old.sum() > 1 or abs(plane) <= LEVEL)
        if even:
            # a bridge between houses stays as high above them as it is
            base = np.where(np.abs(feet.base - plane) <= LEVEL, feet.base, plane)
            climbed[old] = (feet.ground - base)[old]
        else:
            climbed[old] = _climbed(city, feet, terrain, moved, before)[old]
            told += _mismatch((feet.base + climbed - feet.ground)[old], terrain)
    if not climbed.any():
        return city, tuple(told)
    vertices = city.vertices.copy()
    vertices[:, 2] += climbed[feet.of]
    return replace(city, vertices=vertices), tuple(told)


def as_drawn(city: City, terrain: Terrain, exaggeration: float) -> City:
    """The city with its feet in the ground, and lifted with a ground that is exaggerated."""
    feet = _feet(city, terrain)
    there = np.isfinite(feet.base)
    base = np.where(there, feet.base, 0.0)
    tall = there & (feet.top - base > 1.0) & (base - feet.ground < DEEPEST)
    hangs = there & (np.abs(base - feet.ground) > LEVEL)
    if hangs.sum() <= MOST_OFF * there.sum():  # all stand on the ground, but for what is above it on purpose
        tall &= ~hangs
    lower = np.where(tall, np.maximum(base - feet.ground, 0.0) + SKIRT, 0.0)
    lift = np.where(there, (exaggeration - 1.0) * (feet.ground - terrain.lowest), 0.0)
    vertices = city.vertices.copy()
    vertices[:, 2] += lift[feet.of] - np.where(feet.foot, lower[feet.of], 0.0)
    return replace(city, vertices=vertices)


def _climbed(
    city: City, feet: _Feet, terrain: Terrain, moved: Iterable[str], before: City | None
) -> NDArray[np.float64]:
    """How much higher the ground is where something was moved to; zero for what was not: (k,). [m]"""
    climbed = np.zeros(len(city.object_id))
    names = set(moved) & set(city.rows) & set(before.rows if before is not None else ())
    if before is not None and names:
        ground = _feet(before, terrain).ground
        for name in names:
            climbed[city.rows[name]] = feet.ground[city.rows[name]] - ground[before.rows[name]]
    return climbed


def _mismatch(off: NDArray[np.float64], terrain: Terrain) -> list[str]:
    middle, share = float(np.median(off)), float(np.mean(np.abs(off - np.median(off)) > 3.0))
    if abs(middle) <= TELLING and share <= 0.1:
        return []
    where = "above" if middle > 0 else "below"
    told = (
        f"The buildings have heights of their own and were not moved: in the middle they stand "
        f"{abs(middle):.1f} m {where} {terrain.title}"
    )
    return [f"{told}, {share:.0%} of them over 3 m off that." if share > 0.1 else f"{told}."]


def _feet(city: City, terrain: Terrain) -> _Feet:
    corner = city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]
    of = np.asarray(roots(city)[corner], dtype=np.intp)
    z = city.vertices[:, 2]
    count = len(city.object_id)
    base, top = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(base, of, z)
    np.maximum.at(top, of, z)
    foot = z <= base[of] + FOOT
    ground = np.full(count, np.inf)
    feet = np.flatnonzero(foot)
    under = height_at(terrain, city.vertices[feet, 0], city.vertices[feet, 1])
    np.minimum.at(ground, of[feet], under)
    return _Feet(of, base, top, np.where(np.isfinite(ground), ground, 0.0), foot)
