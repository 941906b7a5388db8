"""Keeps the attributes of CityJSON as text, made into columns when that is asked for."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.formats.cityjson_attributes import is_fitting
from twin.model.table import Column, OnDemand, Table, Value, column_of

NULL = b"null"
_values = msgspec.json.Decoder(list[Any])
_name = msgspec.json.Decoder(str)


@dataclass(frozen=True, eq=False, slots=True)
class Said:
    """Attributes of things: some still as text, with plain values, and some that were read already."""

    text: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    """Their values as JSON, each with a comma after it."""
    ends: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """(e,), where each ends in it, after the comma."""
    rows: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    """(e,), the thing of each; -1: of one that is left out."""
    names: tuple[str, ...] = ()
    name: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """(e,), which of the names each has."""
    held: dict[int, dict[str, Value]] = field(default_factory=dict)
    """What was read already, by thing."""

    @staticmethod
    def gathered(
        text: NDArray[np.uint8],
        rows: NDArray[np.int32],
        places: NDArray[np.int64],
        names: tuple[str, ...],
        name: NDArray[np.int64],
    ) -> Said:
        """Those at some places of a text: where names and values begin and end, (e, 4)."""
        if not len(rows):
            return Said()
        from twin.formats import cityjson_scan

        ends = np.cumsum(places[:, 3] - places[:, 2] + 1)
        return Said(cityjson_scan.listed(text, places, ends), ends, rows, names, name)

    @staticmethod
    def joined(parts: Sequence[Said]) -> Said:
        """All of them, of the same things."""
        if len(parts) == 1:
            return parts[0]
        numbers: dict[str, int] = {}
        for part in parts:
            for name in part.names:
                numbers.setdefault(name, len(numbers))
        upto = np.cumsum([0, *(len(part.text) for part in parts)])
        each = list(zip(parts, upto.tolist(), strict=False))
        return Said(
            np.concatenate([part.text for part in parts]),
            np.concatenate([part.ends + start for part, start in each]),
            np.concatenate([part.rows for part in parts]),
            tuple(numbers),
            np.concatenate([np.array([numbers[n] for n in p.names], dtype=np.int64)[p.name] for p in parts]),
            {row: held for part in parts for row, held in part.held.items()},
        )

    def with_rows(self, start: int, rows: Sequence[dict[str, Value]]) -> Said:
        """And those of further things, from a row on."""
        return replace(self, held={start + k: row for k, row in enumerate(rows) if row})

    def moved(self, rows: NDArray[np.int32]) -> Said:
        """The same, of things that have other rows."""
        return replace(
            self, rows=rows[self.rows], held={int(rows[row]): said for row, said in self.held.items()}
        )

    def present(self) -> NDArray[np.bool_]:
        """Which texts are values: null is none."""
        begins = self.ends - np.diff(self.ends, prepend=0)
        return self.text[begins] != NULL[0] if len(begins) else np.zeros(0, dtype=bool)

    def counts(self) -> dict[str, int]:
        """How many things have each attribute."""
        counts = np.bincount(self.name[self.present()], minlength=len(self.names))
        found = dict(zip(self.names, counts.tolist(), strict=True))
        for row in self.held.values():
            for name, value in row.items():
                found[name] = found.get(name, 0) + (value is not None)
        return {name: count for name, count in found.items() if count}

    def only(self, new: NDArray[np.int32]) -> Said:
        """Those of the things that have a new row."""
        rows = new[self.rows]
        held = {int(new[row]): said for row, said in self.held.items() if new[row] >= 0}
        # what is left out here was null
        return replace(self, rows=rows, held=held)

    def without(self, names: Collection[str]) -> Said:
        """All but these attributes."""
        gone = set(names)
        row = np.array([name in gone for name in self.names], dtype=bool)[self.name]
        return replace(
            self,
            rows=np.where(row, -1, self.rows).astype(np.int32),
            held={k: {n: v for n, v in held.items() if n not in gone} for k, held in self.held.items()},
        )

    def read(self, length: int) -> list[dict[str, Value]]:
        """All attributes of each thing."""
        found: list[dict[str, Value]] = [{} for _ in range(length)]
        values = _values.decode(b"[" + self.text.tobytes()[:-1] + b"]")
        for row, name, value in zip(self.rows.tolist(), self.name.tolist(), values, strict=True):
            found[row][self.names[name]] = value if is_fitting(value) else str(value)
        for row, held in self.held.items():
            found[row] = held
        return found

    def table(self, length: int) -> Table:
        """One row a thing."""
        there = np.bincount(self.name[self.rows >= 0], minlength=len(self.names)) > 0
        names = [name for name, some in zip(self.names, there.tolist(), strict=True) if some]
        names = list(dict.fromkeys([*names, *(name for row in self.held.values() for name in row)]))
        return Table(length, OnDemand({name: partial(self._column, name, length) for name in names}))

    def _column(self, name: str, length: int) -> Column:
        values: list[Value] = [None] * length
        if name in self.names:
            which = np.flatnonzero((self.name == self.names.index(name)) & (self.rows >= 0))
            ends, begins = self.ends[which].tolist(), (self.ends[which - 1] * (which > 0)).tolist()
            words = [self.text[begin:end].tobytes() for begin, end in zip(begins, ends, strict=True)]
            found = _values.decode(b"[" + b"".join(words)[:-1] + b"]")
            for row, value in zip(self.rows[which].tolist(), found, strict=True):
                values[row] = value if is_fitting(value) else str(value)
        for row, held in self.held.items():
            values[row] = held.get(name, values[row])
        return column_of(values)


def names_of(text: NDArray[np.uint8], places: NDArray[np.int64]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """All names of members at some places of a text, (e, 4) as above, and which each has: (e,)."""
    from twin.formats import cityjson_scan

    name, first = cityjson_scan.alike(text, places, secrets.randbelow(2**31))
    begins = places[first].tolist()
    return tuple(_name.decode(text[begin:end].tobytes()) for begin, end, _, _ in begins), name
