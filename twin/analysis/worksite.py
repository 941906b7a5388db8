"""What the edits of a scenario have come to while it is being built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from twin.model import table
from twin.model.city import City, CityObject
from twin.model.layer import Layer, Style
from twin.model.parts import corners_of
from twin.model.pit import Pit
from twin.model.scenario import Edit
from twin.model.table import Column, Table, Value


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different from today."""

    kind: str
    """`added`, `removed` or `changed`."""
    what: str
    """`building`, `tree`, `ground`, or `feature` of any other layer."""
    id: str
    title: str
    amount: float | None = None
    """Height of a building or tree, area of a ground; None where it is not known."""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """One new object of the city."""

    edit: Edit
    footprint: Polygon
    thing: CityObject


@dataclass(slots=True)
class Worksite:
    """What stands, goes and comes."""

    city: City
    layers: dict[str, Layer]
    rows: Mapping[str, int]
    """Of the city: gml:id to row."""
    gone: NDArray[np.bool_]
    """(k,)"""
    moved: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    """The corners of objects of the city that have other ones, without those of their parts, by row."""
    cells: dict[int, dict[str, Value]] = field(default_factory=dict)
    """Attributes of the city that are other than today, by row."""
    added: dict[str, Added] = field(default_factory=dict)
    models: dict[str, City] = field(default_factory=dict)
    """The shapes of those of `added` that come from files."""
    pits: dict[str, Pit] = field(default_factory=dict)
    """The openings in the ground that some of `added` are."""
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    """Of what a change was told."""

    def standing(self, gml_id: str) -> int | None:
        """The row of an object of the city that is not gone."""
        row = self.rows.get(gml_id)
        return None if row is None or self.gone[row] else row

    def known(self, row: int) -> dict[str, Value]:
        """The attributes of an object of the city as they are by now."""
        found = {**self.city.attributes.row(row), **self.cells.get(row, {})}
        return {name: value for name, value in found.items() if value is not None}

    def corners(self, row: int) -> NDArray[np.float64]:
        """The corners of an object of the city as they are by now, without those of its parts: (n, 3). [m]"""
        found = self.moved.get(row)
        return self.city.vertices[corners_of(self.city, row)] if found is None else found

    @property
    def in_the_way(self) -> list[Added]:
        """What is new and leaves no place for what stands there."""
        return [new for name, new in self.added.items() if new.thing.type == "Building" or name in self.pits]

    def layer(self, role: str, title: str, style: Style) -> Layer:
        """The layer of that role; a new one when there is none."""
        for layer in self.layers.values():
            if layer.role == role:
                return layer
        return Layer(role, title, np.empty(0, dtype=object), table.from_rows([]), style, role)

    def put(self, layer: Layer, geometry: Sequence[object], rows: Sequence[Mapping[str, Value]]) -> None:
        """More features in a layer."""
        self.layers[layer.id] = longer(layer, geometry, rows)

    def tell(self, change: Change) -> None:
        """Lists a change; what is changed several times is listed once, as it is at last."""
        if change.kind == "changed" and change.id in self.told:
            for place, other in enumerate(self.changes):
                if (other.kind, other.id) == ("changed", change.id):
                    self.changes[place] = change if change.amount is not None else other
                    return
        self.told.add(change.id)
        self.changes.append(change)

    def has(self, feature_id: str) -> bool:
        """Whether any feature has this id."""
        columns = (layer.table.columns.get("id") for layer in self.layers.values())
        return any(column is not None and bool((column == feature_id).any()) for column in columns)


def name_of(edit: Edit) -> str:
    """What an edit is called in sentences."""
    return edit.title or edit.id


def only(layer: Layer, keep: NDArray[np.bool_]) -> Layer:
    """The marked features (n,) of a layer."""
    return replace(layer, geometry=layer.geometry[keep], table=table.take(layer.table, keep))


def longer(layer: Layer, geometry: Sequence[object], rows: Sequence[Mapping[str, Value]]) -> Layer:
    """A layer with more features at its end."""
    column = np.empty(len(geometry), dtype=object)
    column[:] = geometry
    return replace(
        layer,
        geometry=np.concatenate([layer.geometry, column]),
        table=table.concatenate(layer.table, table.from_rows(rows)),
    )


def with_cells(attributes: Table, cells: Mapping[int, Mapping[str, Value]]) -> Table:
    """A table with other values in some rows; None takes a value away."""
    columns = dict(attributes.columns)
    for name in dict.fromkeys(name for row in cells.values() for name in row):
        given = {row: known[name] for row, known in cells.items() if name in known}
        columns[name] = _with_values(columns.get(name), attributes.length, given)
    return Table(attributes.length, columns)


def height_of(known: Mapping[str, Value], name: str) -> tuple[float | None, str]:
    """The amount and unit of a Change, out of an attribute in metres."""
    value = known.get(name)
    return (float(value), "m") if isinstance(value, int | float) else (None, "")


def _with_values(column: Column | None, length: int, given: Mapping[int, Value]) -> Column:
    """A column with other values in some rows; of another type where they do not fit it."""
    values = list(given.values())
    if column is not None and _fit(column, values):
        found = column.copy()
        absent = None if column.dtype == object else np.nan
        for row, value in given.items():
            found[row] = absent if value is None else value  # type: ignore[assignment]  # see _fit
        return found
    every = [None] * length if column is None else column.tolist()
    for row, value in given.items():
        every[row] = value
    return table.column_of([None if value != value else value for value in every])


def _fit(column: Column, values: Sequence[Value]) -> bool:
    """Whether a column surely keeps its type with these values in it."""
    if column.dtype == object:
        return any(isinstance(value, str) for value in values)
    known = (int,) if column.dtype.kind == "i" else (int, float, type(None))
    return all(type(value) in known for value in values)
