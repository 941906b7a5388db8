"""Makes the city and the layers of a scenario out of today's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from twin.analysis import build_buildings, build_ground, build_models
from twin.analysis.constraints import Violation, violations
from twin.analysis.in_the_way import overlaps
from twin.analysis.same_layers import as_before
from twin.analysis.worksite import Change, Worksite, with_cells
from twin.model import city as cities
from twin.model.city import City
from twin.model.layer import Layer
from twin.model.origin import altered
from twin.model.parts import rows_of
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
    work = Worksite(city, {layer.id: layer for layer in layers}, rows_of(city), gone)
    for number, edit in enumerate(edits):
        progress(0.5 * number / len(edits))
        if type(edit) in MAKE:
            MAKE[type(edit)](work, edit)
    built = _altered(work, edits)
    progress(0.7)
    overlaps(work)
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


def _altered(work: Worksite, edits: tuple[Edit, ...]) -> City:
    """The city as it will stand, the same object again as long as no edit to it is another."""
    changed = work.added or work.moved or work.cells
    made = _made(
        work.city, work.gone.tobytes(), tuple(e for e in edits if type(e) in OF_CITY) if changed else ()
    )
    if not made:
        drawn = [new.thing for name, new in work.added.items() if name not in work.models]
        added = cities.concatenate(
            cities.from_objects(work.city.place, drawn), build_models.standing_models(work)
        )
        attributes = work.city.attributes
        if work.cells:
            attributes = with_cells(attributes, work.cells)
        made.append(altered(work.city, work.gone, work.moved, added, attributes))
    return made[0]


@lru_cache(maxsize=4)
def _made(_city: City, _gone: bytes, _edits: tuple[Edit, ...]) -> list[City]:
    """A place for the city that these edits make."""
    return []


def trees(layers: Sequence[Layer]) -> Layer | None:
    """The layer of trees, if there is one."""
    return next((layer for layer in layers if layer.role == "trees"), None)
