"""Says which rows of a table a text leaves, as `height > 20 use = office`, or `station`.

One grammar for all tables: words are looked for in all columns, also "several words", and each comparison is
the name of a column, one of COMPARE, and a number or text. All of them must hold; `and` may stand between.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from twin.model.table import Table, Value, number_of
from twin.scene.colours import label

COMPARISON = re.compile(r'("[^"]+"|[^\s"<>=!~]+)\s*(<=|>=|!=|=|<|>|~)\s*("[^"]+"|[^\s"<>=!~]+)')
WORD = re.compile(r'"([^"]+)"|([^\s"]+)')
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
"""And `~`, which looks for text in one column."""


class Column:
    """One column of all rows; what sorting and filtering need is worked out when it is first asked for."""

    def __init__(self, name: str, values: NDArray[np.generic], names: Iterable[str] = ()) -> None:
        self.name, self.values = name, values
        self.names = frozenset(each.casefold() for each in (name, *names))
        """What it may be called in a comparison."""

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
        """What the distinct values read as, folded for comparing; several ways on lines of their own."""
        return [label(value).casefold() for value in self.distinct]

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


def matching(columns: Sequence[Column], text: str) -> NDArray[np.bool_]:
    """The rows that a text leaves; no value passes no comparison.

    What compares a column that there is not is taken for words.
    """
    found = np.ones(len(columns[0].values), bool)
    for name, sign, wanted in comparisons(text):
        column = _named(columns, name)
        if column is not None:
            found &= _compared(column, sign, wanted)
    for word in _words(columns, text):
        here = np.zeros(len(found), bool)
        for column in columns:
            hits = np.fromiter((word in each for each in column.words), bool, len(column.words))
            if hits.any():
                here |= _of_rank(hits, column)
        found &= here
    return found


def passing(table: Table, text: str) -> NDArray[np.bool_]:
    """The rows that a text leaves, (n,); all of them where it is empty or something is wrong with it."""
    if not text.strip() or problem(table, text):
        return np.ones(table.length, dtype=bool)
    return matching(_columns(table), text)


def problem(table: Table, text: str) -> str:
    """What is wrong with a text for a table; empty when nothing is."""
    columns = _columns(table)
    for name, sign, wanted in comparisons(text):
        if _named(columns, name) is None:
            return f"There is no attribute {name}."
        if sign in ("<", "<=", ">", ">=") and _number(wanted) is None:
            return f"{wanted} is no number."
    if text.strip() and (not columns or re.search(r"[<>=!~]", _rest(columns, text))):
        return "Write a condition as: height > 20 and use = office"
    return ""


def comparisons(text: str) -> tuple[tuple[str, str, str], ...]:
    """The comparisons in a text: name, sign and value of each."""
    return tuple((name.strip('"'), sign, value.strip('"')) for name, sign, value in COMPARISON.findall(text))


@lru_cache(maxsize=32)
def _columns(table: Table) -> tuple[Column, ...]:
    return tuple(Column(name, values) for name, values in table.columns.items())


def _words(columns: Sequence[Column], text: str) -> list[str]:
    """What is to be looked for everywhere, folded."""
    rest = _rest(columns, text)
    found = [(quoted or plain).casefold() for quoted, plain in WORD.findall(rest)]
    return [word for word in found if word != "and"] if rest != text else found


def _rest(columns: Sequence[Column], text: str) -> str:
    """The text without the comparisons of columns that there are."""

    def left(match: re.Match[str]) -> str:
        return match[0] if _named(columns, match[1].strip('"')) is None else " "

    return COMPARISON.sub(left, text)


def _named(columns: Sequence[Column], name: str) -> Column | None:
    folded = name.casefold()
    own = (column for column in columns if column.name.casefold() == folded)
    return next(own, next((column for column in columns if folded in column.names), None))


def _compared(column: Column, sign: str, wanted: str) -> NDArray[np.bool_]:
    number, folded = _number(wanted), wanted.casefold()
    hits = np.zeros(len(column.distinct), bool)
    for i, value in enumerate(column.distinct):
        own = float(value) if isinstance(value, int | float) else _number(value or "")
        if sign == "~":
            hits[i] = folded in column.words[i]
        elif number is not None and own is not None:
            hits[i] = COMPARE[sign](own, number)
        elif sign in ("=", "!="):
            hits[i] = (folded in column.words[i].split("\n")) == (sign == "=")
    return _of_rank(hits, column)


def _of_rank(hits: NDArray[np.bool_], column: Column) -> NDArray[np.bool_]:
    return np.append(hits, False)[column.ranks]  # the last one for rank -1


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _order(value: Value) -> tuple[int, float, str]:
    number = float(value) if isinstance(value, int | float) else number_of(value)
    if number == number:
        return 0, number, str(value)
    return 1, 0.0, str(value).casefold()
