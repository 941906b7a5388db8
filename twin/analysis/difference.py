"""Tells exactly what differs between two scenarios, and makes one out of the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.analysis import kpi
from twin.analysis.build import Built
from twin.analysis.content import differing, ids_of, paired, shapes
from twin.analysis.measures import Measures, measure
from twin.model import city as cities
from twin.model import table
from twin.model.city import City
from twin.model.layer import Layer
from twin.model.pit import Pit
from twin.model.table import Value

EXACT = 1e-9
"""Measures closer than this are the same."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One object or feature that is not the same in both."""

    kind: str
    """`added`, `removed` or `changed`."""
    id: str
    what: str
    """CityGML class of an object, or the layer of a feature."""
    title: str
    attributes: Mapping[str, tuple[Value, Value]]
    """Of what changed: name to value before and after; None: absent."""
    measures: Mapping[str, tuple[float | None, float | None]]
    """height [m], volume [m³], footprint [m²] before and after, of objects whose geometry is not the same."""
    reshaped: bool = False
    """Whether its geometry, class or parent changed."""


@dataclass(frozen=True, slots=True)
class Total:
    """One indicator in both."""

    id: str
    title: str
    unit: str
    before: float
    after: float
    decimals: int = 0

    @property
    def delta(self) -> float:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """What leads from one scenario to another."""

    objects: tuple[Difference, ...]
    features: tuple[Difference, ...]
    totals: tuple[Total, ...]
    gone: frozenset[str]
    """Objects that are not in the second as they are in the first."""
    new: City
    """Objects that are not in the first as they are in the second."""
    parents: Mapping[str, str]
    """What each new object is a part of, by id; empty: of nothing."""
    layers: tuple[Layer, ...]
    """All layers of the second."""
    pits: tuple[Pit, ...] = ()
    """All openings in the ground of the second."""


def compare(first: Built, second: Built) -> Comparison:
    """The differences from the first scenario to the second, which must lie in the same Place."""
    objects, gone, fresh = _objects(first.city, second.city)
    known = {layer.id: layer for layer in first.layers}
    there = {layer.id: layer for layer in second.layers}
    features: list[Difference] = []
    for name in dict.fromkeys([*known, *there]):
        if known.get(name) is not there.get(name):
            features += _features(known.get(name), there.get(name))
    parts = _parents(second.city)
    return Comparison(
        objects=tuple(objects),
        features=tuple(features),
        totals=_totals(first, second),
        gone=frozenset(gone),
        new=_only(second.city, fresh),
        parents={name: parts.get(name, "") for name in second.city.object_id[fresh].tolist()},
        layers=second.layers,
        pits=second.pits,
    )


def apply(built: Built, comparison: Comparison) -> Built:
    """The second scenario, out of the first one and what differs."""
    stays = np.array([name not in comparison.gone for name in built.city.object_id.tolist()], dtype=bool)
    rest, new = _only(built.city, stays), comparison.new
    # by name, because rows of parents that change are not where they were
    parents = {**_parents(built.city), **comparison.parents}
    whole = cities.concatenate(rest, new)
    rows = whole.rows
    linked = [rows.get(parents.get(str(name), ""), -1) for name in whole.object_id]
    city = replace(whole, object_parent=np.array(linked, dtype=np.int32))
    return Built(city, comparison.layers, pits=comparison.pits)


def _objects(first: City, second: City) -> tuple[list[Difference], list[str], NDArray[np.bool_]]:
    """The differences, the ids of what goes from the first, and what of the second is new: (k,)."""
    if first is second:
        return [], [], np.zeros(len(second.object_id), dtype=bool)
    ids = [city.object_id.tolist() for city in (first, second)]
    rows = paired(*ids)
    parents = [_parents(city) for city in (first, second)]
    numbers = shapes(first)[rows[0]], shapes(second)[rows[1]]
    reshaped = (numbers[0] != numbers[1]) | (first.object_type[rows[0]] != second.object_type[rows[1]])
    reshaped |= np.array(
        [parents[0].get(ids[1][row]) != parents[1].get(ids[1][row]) for row in rows[1]], bool
    )
    columns = differing(first.attributes, second.attributes, rows)
    changed = np.logical_or.reduce([reshaped, *columns.values()])
    measured = [measure(city) if changed.any() else None for city in (first, second)]
    found = [_gone(first, row) for row in np.flatnonzero(~np.isin(np.arange(len(ids[0])), rows[0])).tolist()]
    gone = [difference.id for difference in found]
    fresh = ~np.isin(np.arange(len(ids[1])), rows[1])
    found += [replace(_gone(second, row), kind="added") for row in np.flatnonzero(fresh).tolist()]
    for pair in np.flatnonzero(changed).tolist():
        before, after = int(rows[0][pair]), int(rows[1][pair])
        attributes = {
            name: (_cell(first, name, before), _cell(second, name, after))
            for name, differs in columns.items()
            if differs[pair]
        }
        measures = _measures(measured[0], before, measured[1], after) if reshaped[pair] else {}
        found.append(
            replace(
                _gone(second, after),
                kind="changed",
                attributes=attributes,
                measures=measures,
                reshaped=bool(reshaped[pair]),
            )
        )
        gone.append(ids[0][before])
        fresh[after] = True
    return found, gone, fresh


def _features(first: Layer | None, second: Layer | None) -> list[Difference]:
    """The differences between two states of a layer."""
    layer = second or first
    assert layer is not None
    empty = replace(layer, geometry=layer.geometry[:0], table=table.from_rows([]))
    before, after = first or empty, second or empty
    ids = ids_of(before), ids_of(after)
    rows = paired(*ids)
    moved = ~shapely.equals_identical(before.geometry[rows[0]], after.geometry[rows[1]])
    columns = differing(before.table, after.table, rows)
    changed = np.logical_or.reduce([moved, *columns.values()])
    found = []
    for kind, state, names, paired_rows in (
        ("removed", before, ids[0], rows[0]),
        ("added", after, ids[1], rows[1]),
    ):
        for row in np.flatnonzero(~np.isin(np.arange(len(names)), paired_rows)).tolist():
            found.append(
                Difference(kind, names[row], layer.id, _title(state.table, row, layer.title), {}, {})
            )
    for pair in np.flatnonzero(changed).tolist():
        a, b = int(rows[0][pair]), int(rows[1][pair])
        attributes = {
            name: (before.table.row(a).get(name), after.table.row(b).get(name))
            for name, differs in columns.items()
            if differs[pair]
        }
        title = _title(after.table, b, layer.title)
        found.append(Difference("changed", ids[1][b], layer.id, title, attributes, {}, bool(moved[pair])))
    return found


def _totals(first: Built, second: Built) -> tuple[Total, ...]:
    """All indicators that either scenario has; a class that one lacks is 0 there."""
    before, after = ({row.id: row for row in kpi.rows(built)} for built in (first, second))
    names = [*before, *(name for name in after if name not in before)]
    order = {indicator.id: place for place, indicator in enumerate(kpi.INDICATORS)}
    names.sort(key=lambda name: (order[name.partition(".")[0]], name))
    return tuple(
        Total(
            name,
            known.title,
            known.unit,
            before[name].value if name in before else 0.0,
            after[name].value if name in after else 0.0,
            known.decimals,
        )
        for name in names
        for known in (after.get(name) or before[name],)
    )


def _gone(city: City, row: int) -> Difference:
    name = str(city.object_id[row])
    title = _title(city.attributes, row, name)
    return Difference("removed", name, str(city.object_type[row]), title, {}, {})


def _title(attributes: table.Table, row: int, otherwise: str) -> str:
    for name in ("name", "species"):
        column = attributes.columns.get(name)
        if column is not None and isinstance(column[row], str) and column[row]:
            return str(column[row])
    return otherwise


def _measures(
    before: Measures | None, a: int, after: Measures | None, b: int
) -> dict[str, tuple[float | None, float | None]]:
    assert before is not None and after is not None
    pairs = {
        name: (float(getattr(before, name)[a]), float(getattr(after, name)[b]))
        for name in ("height", "volume", "footprint")
    }
    return {name: pair for name, pair in pairs.items() if abs(pair[0] - pair[1]) > EXACT}


def _cell(city: City, name: str, row: int) -> Value:
    return city.attributes.row(row).get(name)


def _parents(city: City) -> dict[str, str]:
    """The id of the parent of each object that has one."""
    parts = np.flatnonzero(city.object_parent >= 0).tolist()
    return {str(city.object_id[row]): str(city.object_id[city.object_parent[row]]) for row in parts}


def _only(city: City, keep: NDArray[np.bool_]) -> City:
    """These objects exactly, without links to parents, which may not be among them."""
    alone = replace(city, object_parent=np.full(len(city.object_id), -1, dtype=np.int32))
    return cities.without(alone, ~keep)
