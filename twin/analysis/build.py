"""Makes the city and the layers of a scenario out of today's."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from twin.analysis import build_buildings, build_ground, build_models
from twin.analysis.build_ground import inside
from twin.analysis.constraints import Violation, violations
from twin.analysis.same_layers import as_before
from twin.analysis.worksite import Change, Worksite, name_of, with_cells
from twin.model import city as cities
from twin.model.city import SURFACE_TYPES, City
from twin.model.layer import Layer
from twin.model.origin import trace
from twin.model.pit import Pit
from twin.model.scenario import (
    AddBuilding,
    AddCanopy,
    AddModel,
    AddThings,
    AddWay,
    ChangeAttributes,
    ChangeGround,
    Edit,
    ExtendBuilding,
    FillPlot,
    GreenBuilding,
    MoveBuilding,
    PlantArea,
    PlantRow,
    PlantTrees,
    RaiseGround,
    Remove,
)

TOUCH = 0.5
"""Buildings may reach this far into each other before it is called a problem; plots are drawn by hand. [m]"""
GROUND = SURFACE_TYPES.index("GroundSurface")
MOST_NAMED = 3
"""Buildings that are in the way are told by name; of more, the number."""


@dataclass(frozen=True, eq=False, slots=True)
class Built:
    """A scenario as it would stand."""

    city: City
    layers: tuple[Layer, ...]
    changes: tuple[Change, ...] = ()
    problems: tuple[str, ...] = ()
    """What could not be done as drawn, or breaks a rule, one sentence each."""
    pits: tuple[Pit, ...] = ()
    """Where the ground is open."""
    broken: tuple[Violation, ...] = ()
    """What breaks rules; its sentences are among the problems."""
    shown: City | None = None
    """The city as it is drawn, where the ground asks for more than `city`: the same rows, deeper feet."""

    @property
    def drawn(self) -> City:
        """The city as it is drawn."""
        return self.city if self.shown is None else self.shown


# each function takes the kind of edit it stands beside, which the type cannot say
MAKE: Mapping[type[Any], Callable[[Worksite, Any], None]] = {
    AddBuilding: build_buildings.add_building,
    FillPlot: build_buildings.fill_plot,
    ExtendBuilding: build_buildings.extend,
    MoveBuilding: build_buildings.move,
    ChangeAttributes: build_buildings.change_attributes,
    GreenBuilding: build_buildings.green,
    Remove: build_buildings.remove,
    AddCanopy: build_buildings.add_canopy,
    AddModel: build_models.add_model,
    RaiseGround: build_ground.raise_ground,
    ChangeGround: build_ground.change_ground,
    AddWay: build_ground.add_way,
    AddThings: build_ground.add_things,
}
"""What is done at once; trees are planted when all that is built stands, and rules are looked at last."""


QUICK_TRIANGLES, QUICK_EDITS = 400_000, 150
"""Of a city, and on it: with more of either it takes longer than the eye forgives."""

OF_CITY = frozenset(MAKE) - {ChangeGround, AddThings}
"""The edits that can change the city; all others change layers only."""


def is_quick(city: City, edits: tuple[Edit, ...], *, on_terrain: bool = False) -> bool:
    """Whether edits are built in less than a tenth of a second. on_terrain: all of the city is moved."""
    return not (edits or on_terrain) or (len(city.triangles) <= QUICK_TRIANGLES and len(edits) <= QUICK_EDITS)


def build(
    city: City,
    layers: tuple[Layer, ...],
    edits: tuple[Edit, ...],
    *,
    progress: Callable[[float], None] = lambda _fraction: None,
) -> Built:
    """The city and layers after the edits, in their order; what no edit touches stays the same object.

    Edits that are not enabled do nothing. Trees inside a new building fall and are listed; whatever cannot be
    done is left out and told.
    """
    edits = tuple(edit for edit in edits if edit.enabled)
    if not edits:
        return Built(city, layers)
    gone = np.zeros(len(city.object_id), dtype=bool)
    work = Worksite(city, {layer.id: layer for layer in layers}, city.rows, gone)
    for number, edit in enumerate(edits):
        progress(0.5 * number / len(edits))
        if type(edit) in MAKE:
            MAKE[type(edit)](work, edit)
    standing = _standing(city, work.gone.tobytes()) if work.vertices is None and not work.cells else None
    standing = standing or cities.without(_altered(work), work.gone)
    built = _together(standing, tuple(edit for edit in edits if type(edit) in OF_CITY), work)
    if built is not city:
        reshaped = np.zeros(len(work.gone), dtype=bool)
        reshaped[list(work.reshaped)] = True
        trace(built, city, work.gone, reshaped)
    progress(0.7)
    if work.added:
        _overlaps(work, standing)
    progress(0.8)
    build_ground.fell(work)
    build_ground.clear(work)
    plantings = [edit for edit in edits if isinstance(edit, PlantTrees | PlantRow | PlantArea)]
    if plantings:
        build_ground.plant(work, plantings, built)
    broken = tuple(violations(work, edits))
    work.problems += [each.said for each in broken]
    layers = as_before(city, work.layers.values())
    pits = tuple(pit for name, pit in work.pits.items() if name in work.added)
    return Built(built, layers, tuple(work.changes), tuple(work.problems), pits, broken)


@lru_cache(maxsize=4)
def _standing(city: City, gone: bytes) -> City:
    """The city without what goes, the same object again as long as the same goes."""
    return cities.without(city, np.frombuffer(gone, dtype=bool))


def _together(standing: City, edits: tuple[Edit, ...], work: Worksite) -> City:
    """What stands and what is added, the same object again as long as no edit to the city is another."""
    if not work.added:
        return standing
    made = _made(standing, edits)
    if not made:
        drawn = [new.thing for name, new in work.added.items() if name not in work.models]
        new = cities.from_objects(standing.place, drawn)
        made.append(cities.concatenate(standing, cities.concatenate(new, build_models.standing_models(work))))
    return made[0]


@lru_cache(maxsize=4)
def _made(_standing: City, _edits: tuple[Edit, ...]) -> list[City]:
    """A place for the city that these edits make."""
    return []


def trees(layers: Sequence[Layer]) -> Layer | None:
    """The layer of trees, if there is one."""
    return next((layer for layer in layers if layer.role == "trees"), None)


def _altered(work: Worksite) -> City:
    """The city with what was moved and noted."""
    city = work.city
    if work.vertices is not None:
        city = replace(city, vertices=work.vertices)
    if work.cells:
        city = replace(city, attributes=with_cells(city.attributes, work.cells))
    return city


def _overlaps(work: Worksite, standing: City) -> None:
    """Tells which buildings that still stand are in the way of new ones."""
    if not work.in_the_way or not len(standing.vertices):
        return
    starts = _first_vertices(standing)
    there = np.flatnonzero(starts[1:] > starts[:-1])
    (west, east), (south, north) = (
        (np.minimum.reduceat(column, starts[there]), np.maximum.reduceat(column, starts[there]))
        for column in (np.ascontiguousarray(standing.vertices[:, axis]) for axis in (0, 1))
    )
    whole = cities.roots(standing)
    for new in work.in_the_way:
        area = new.footprint.buffer(-TOUCH)
        if area.is_empty:
            continue
        left, low, right, high = area.bounds
        near = there[(east >= left) & (west <= right) & (north >= low) & (south <= high)]
        hit = [
            row
            for row in near.tolist()
            if inside(area, *standing.vertices[starts[row] : starts[row + 1], :2].T).any()
            or _covers(standing, row, area)
        ]
        if hit:
            names = [_called(standing, row) for row in np.unique(whole[hit]).tolist()]
            if len(names) > MOST_NAMED:
                names[MOST_NAMED:] = [f"{len(names) - MOST_NAMED} more"]
            which = "which is" if len(names) == 1 else "which are"
            said = " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
            work.problems.append(f"{name_of(new.edit)} overlaps {said}, {which} not removed.")


def _covers(city: City, row: int, area: Polygon) -> bool:
    """Whether an area reaches into what an object stands on."""
    return any(shape.intersects(area) for shape in _stands_on(city, row))


def _stands_on(city: City, row: int) -> tuple[Polygon, ...]:
    """The ground surfaces of an object from above, or all its surfaces where nothing says what is ground."""
    known = _STANDS.setdefault(city, {})
    if row not in known:
        known[row] = _floors(city, row)
    return known[row]


_STANDS: WeakKeyDictionary[City, dict[int, tuple[Polygon, ...]]] = WeakKeyDictionary()
"""What was asked of cities that are still there; each edit may make another city."""


def _floors(city: City, row: int) -> tuple[Polygon, ...]:
    first, last = _between(city.surface_object, row)
    ground = np.flatnonzero(city.surface_type[first:last] == GROUND) + first
    found = []
    for surface in ground.tolist() if len(ground) else range(first, last):
        start, end = _between(city.ring_surface, surface)
        starts = city.ring_starts[start : end + 1].tolist()
        loops = [city.vertices[a:b, :2] for a, b in itertools.pairwise(starts) if b - a > 2]
        shape = Polygon(loops[0], loops[1:]) if loops else Polygon()
        if shape.area > 0 and shape.is_valid:
            found.append(shape)
    return tuple(found)


def _between(rising: NDArray[np.int32], number: int) -> tuple[int, int]:
    """Where a number begins in an array, and where the next one does."""
    # of the same type, or the whole array would be copied into another one
    first, last = np.searchsorted(rising, np.array([number, number + 1], dtype=rising.dtype)).tolist()
    return first, last


def _called(city: City, row: int) -> str:
    """The name of an object, or its id where it has none."""
    names = city.attributes.columns.get("name")
    name = names[row] if names is not None else None
    return name if isinstance(name, str) and name else str(city.object_id[row])


def _first_vertices(city: City) -> NDArray[np.intp]:
    """Where the vertices of each object begin, which stand in the order of the objects: (k + 1,)."""
    # of the same type, or all of the city would be copied into the type of what is looked for
    surfaces = np.searchsorted(city.surface_object, np.arange(len(city.object_id) + 1, dtype=np.int32))
    rings = np.searchsorted(city.ring_surface, surfaces.astype(np.int32))
    return np.asarray(city.ring_starts[rings], dtype=np.intp)
