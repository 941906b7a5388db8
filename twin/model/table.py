"""Attributes as columns, with their own names and types."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from types import MappingProxyType, NoneType

import numpy as np
from numpy.typing import NDArray

Value = str | float | int | bool | None
NUMERAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
Column = NDArray[np.float64] | NDArray[np.int64] | NDArray[np.object_]


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """Equal long columns by name: float64 (NaN: absent), int64, or objects (None: absent)."""

    length: int = 0
    columns: Mapping[str, Column] = field(default_factory=lambda: MappingProxyType({}))

    def row(self, index: int) -> dict[str, Value]:
        """What is known of one row: name to value, absent values left out."""
        found: dict[str, Value] = {}
        for name, column in self.columns.items():
            value = column[index].item() if column.dtype != object else column[index]
            if value is not None and value == value:  # NaN is not itself
                found[name] = value
        return found


class OnDemand(Mapping[str, Column]):
    """Columns that are made when they are first asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], Column]]) -> None:
        self._makers = makers
        self._made: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def column_of(values: Sequence[Value]) -> Column:
    """A column of these values, of the narrowest type that holds them."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return np.array(values, dtype=np.int64)
    if kinds - {NoneType} and kinds <= {int, float, NoneType}:
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def number_of(value: Value) -> float:
    """The number that a value is, or says as text; NaN where it is none. Codes as 0042 are none."""
    if isinstance(value, str):
        return float(value) if NUMERAL.fullmatch(value.strip()) else math.nan
    return math.nan if value is None or isinstance(value, bool) else float(value)


def present(column: Column) -> int:
    """How many rows of a column have a value."""
    if column.dtype == object:
        return sum(value is not None for value in column.tolist())
    return int(np.count_nonzero(column == column))  # what is not a number is not itself


def from_rows(rows: Sequence[Mapping[str, Value]]) -> Table:
    """A table of all rows; a name that a row lacks is absent there."""
    names = dict.fromkeys(chain.from_iterable(rows))
    return Table(len(rows), {name: column_of([row.get(name) for row in rows]) for name in names})


def take(table: Table, rows: NDArray[np.bool_] | NDArray[np.integer]) -> Table:
    """The chosen rows, by mask or index, in that order."""
    length = int(rows.sum()) if rows.dtype == bool else len(rows)
    if isinstance(table.columns, OnDemand):
        columns = table.columns
        return Table(length, OnDemand({name: partial(_taken, columns, name, rows) for name in columns}))
    return Table(length, {name: column[rows] for name, column in table.columns.items()})


def _taken(columns: Mapping[str, Column], name: str, rows: NDArray[np.bool_] | NDArray[np.integer]) -> Column:
    return columns[name][rows]


def concatenate(first: Table, second: Table) -> Table:
    """The rows of both, one after the other; a column that one lacks is absent there."""
    names = dict.fromkeys([*first.columns, *second.columns])
    makers = {name: partial(_joined, first, second, name) for name in names}
    length = first.length + second.length
    if isinstance(first.columns, OnDemand) or isinstance(second.columns, OnDemand):
        return Table(length, OnDemand(makers))
    return Table(length, {name: make() for name, make in makers.items()})


def _joined(first: Table, second: Table, name: str) -> Column:
    halves = [_padded(t, name) for t in (first, second)]
    kinds = {half.dtype.kind for half in halves}
    if len(kinds) > 1:
        wanted = object if "O" in kinds else np.float64
        halves = [_as(half, wanted) for half in halves]
    joined: Column = np.concatenate(halves)  # type: ignore[assignment]  # the kinds are equal by now
    return joined


def _padded(table: Table, name: str) -> Column:
    if name in table.columns:
        return table.columns[name]
    return column_of([None] * table.length)


def _as(column: Column, wanted: type) -> Column:
    if column.dtype.kind == "O" and wanted is not object:
        return np.array([np.nan if v is None else v for v in column], dtype=wanted)
    if column.dtype.kind == "f" and wanted is object:
        objects = np.empty(len(column), dtype=object)
        objects[:] = [None if v != v else v for v in column.tolist()]
        return objects
    return column.astype(wanted)
