"""Knows how the columns of a table are called and read in the window, and sorts by them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from twin.app import texts
from twin.model.city import City
from twin.model.layer import Layer
from twin.scene import row_filter

ID, CLASS = "gml:id", "object class"
"""Names of the columns that are no attributes; no attribute may have a name like these in XML."""


class Column(row_filter.Column):
    """One column with its title and unit."""

    def __init__(self, name: str, values: NDArray[np.generic]) -> None:
        self.title: str = {ID: texts.tr("Id"), CLASS: texts.tr("Object class")}.get(name) or texts.column(
            name
        )
        self.unit = texts.unit(name)
        super().__init__(name, values, (self.title, *(("class", "type") if name == CLASS else ())))


class ObjectColumn(Column):
    """One column of the objects of a city, whose values are found as they are shown."""

    @cached_property
    def words(self) -> list[str]:
        """What the distinct values read as, folded for comparing; classes also by their own name."""
        if self.name == CLASS:
            return [f"{texts.object_class(str(v))}\n{v}".casefold() for v in self.distinct]
        return [texts.cell(self.name, value).casefold() for value in self.distinct]


def columns_of(city: City, before: Sequence[Column] = ()) -> tuple[Column, ...]:
    """Id, class, name, then the other attributes.

    before: columns of an earlier city; those that hold the same values stay, with what they worked out.
    """
    known = {(column.name, id(column.values)): column for column in before}
    attributes = city.attributes.columns
    names = sorted(attributes, key=lambda name: name not in ("name", "gml:name"))
    pairs = [(ID, city.object_id), (CLASS, city.object_type), *((name, attributes[name]) for name in names)]
    return tuple(known.get((name, id(values))) or ObjectColumn(name, values) for name, values in pairs)


def columns_of_layer(layer: Layer) -> tuple[Column, ...]:
    """The attributes; a filter leaves of them what it leaves to be drawn."""
    return tuple(Column(name, values) for name, values in layer.table.columns.items())


def sort(column: Column, rows: NDArray[np.intp], *, descending: bool = False) -> NDArray[np.intp]:
    """The rows in the order of a column; rows without a value come last either way."""
    ranks = column.ranks[rows]
    keys = np.where(ranks < 0, len(column.distinct), -ranks if descending else ranks)
    return rows[np.argsort(keys, kind="stable")]
