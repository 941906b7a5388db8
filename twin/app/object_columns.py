"""Sorts and filters the objects of a city by their columns, quickly also where there are very many."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from twin.app import texts
from twin.model.city import City
from twin.model.table import Value

ID, CLASS = "gml:id", "object class"
"""Names of the columns that are no attributes; no attribute may have a name like these in XML."""
COMPARISON = re.compile(r'("[^"]+"|[^\s"<>=!]+)\s*(<=|>=|!=|=|<|>)\s*("[^"]+"|[^\s"<>=!]+)')
WORD = re.compile(r'"([^"]+)"|([^\s"]+)')
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


class Column:
    """One column of all objects; what sorting and filtering need is worked out when it is first asked for."""

    def __init__(self, name: str, values: NDArray[np.generic]) -> None:
        self.name, self.values = name, values
        self.title: str = {ID: texts.tr("Id"), CLASS: texts.tr("Object class")}.get(name) or texts.column(
            name
        )
        self.unit = texts.unit(name)

    def value(self, row: int) -> Value:
        """What is in a row; None: nothing."""
        found: Value = self.values[row] if self.values.dtype == object else self.values[row].item()
        return None if found is None or found != found else found  # NaN is not itself

    @property
    def ranks(self) -> NDArray[np.intp]:
        """Equal numbers for equal values, rising with them; -1 where there is none: (k,)."""
        return self._ranked[0]

    @property
    def distinct(self) -> list[Value]:
        """The values, each once, in the order of their ranks."""
        return self._ranked[1]

    @cached_property
    def words(self) -> list[str]:
        """What the distinct values read as, folded for comparing; classes also by their own name."""
        if self.name == CLASS:
            return [f"{texts.object_class(str(v))}\n{v}".casefold() for v in self.distinct]
        return [texts.cell(self.name, value).casefold() for value in self.distinct]

    @cached_property
    def _ranked(self) -> tuple[NDArray[np.intp], list[Value]]:
        if self.values.dtype == object:
            seen: dict[Value, int] = {}
            codes = np.fromiter(
                (-1 if v is None or v != v else seen.setdefault(v, len(seen)) for v in self.values),
                np.intp,
                len(self.values),
            )
            order = sorted(seen, key=_order)
            place = np.full(len(seen) + 1, -1, np.intp)  # the last one for code -1
            place[[seen[value] for value in order]] = np.arange(len(seen))
            return place[codes], order
        numbers, codes = np.unique(self.values, return_inverse=True)
        absent = ~np.isfinite(numbers.astype(float))
        return np.where(absent[codes], -1, codes), numbers[~absent].tolist()


def columns_of(city: City, before: Sequence[Column] = ()) -> tuple[Column, ...]:
    """Id, class, name, then the other attributes.

    before: columns of an earlier city; those that hold the same values stay, with what they worked out.
    """
    known = {(column.name, id(column.values)): column for column in before}
    attributes = city.attributes.columns
    names = sorted(attributes, key=lambda name: name not in ("name", "gml:name"))
    pairs = [(ID, city.object_id), (CLASS, city.object_type), *((name, attributes[name]) for name in names)]
    return tuple(known.get((name, id(values))) or Column(name, values) for name, values in pairs)


def sort(column: Column, rows: NDArray[np.intp], *, descending: bool = False) -> NDArray[np.intp]:
    """The rows in the order of a column; rows without a value come last either way."""
    ranks = column.ranks[rows]
    keys = np.where(ranks < 0, len(column.distinct), -ranks if descending else ranks)
    return rows[np.argsort(keys, kind="stable")]


def matching(columns: Sequence[Column], text: str) -> NDArray[np.bool_]:
    """The objects that a filter leaves: all its words are somewhere in the row, all its comparisons hold.

    A comparison is the name of a column, one of COMPARE, and a number or text: height > 20.
    """
    found = np.ones(len(columns[0].values), bool)
    rest = text
    for match in COMPARISON.finditer(text):
        column = _named(columns, match[1].strip('"'))
        if column is not None:
            found &= _compared(column, match[2], match[3].strip('"'))
            rest = rest.replace(match[0], " ")
    for quoted, plain in WORD.findall(rest):
        word = (quoted or plain).casefold()
        here = np.zeros(len(found), bool)
        for column in columns:
            hits = np.fromiter((word in each for each in column.words), bool, len(column.words))
            if hits.any():
                here |= _of_rank(hits, column)
        found &= here
    return found


def _named(columns: Sequence[Column], name: str) -> Column | None:
    folded = name.casefold()
    for column in columns:
        if folded in (column.name.casefold(), column.title.casefold()):
            return column
    return columns[1] if folded in ("class", "type") and columns[1:] else None


def _compared(column: Column, sign: str, wanted: str) -> NDArray[np.bool_]:
    compare, number = COMPARE[sign], _number(wanted)
    hits = np.zeros(len(column.distinct), bool)
    for i, value in enumerate(column.distinct):
        own = float(value) if isinstance(value, int | float) else _number(value or "")
        if number is not None and own is not None:
            hits[i] = compare(own, number)
        elif sign in ("=", "!="):
            hits[i] = (wanted.casefold() in column.words[i].split("\n")) == (sign == "=")
    return _of_rank(hits, column)


def _of_rank(hits: NDArray[np.bool_], column: Column) -> NDArray[np.bool_]:
    return np.append(hits, False)[column.ranks]  # the last one for rank -1


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _order(value: Value) -> tuple[int, float, str]:
    if isinstance(value, int | float):
        return 0, float(value), ""
    return 1, 0.0, str(value).casefold()
