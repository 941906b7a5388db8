"""Keeps what CityJSON says of surfaces with semantics, made into columns when that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.formats.cityjson_attributes import is_fitting
from twin.formats.report import Skips
from twin.model import faces
from twin.model.faces import Faces
from twin.model.table import Column, OnDemand, Table, Value, column_of

DEEPEST = 8
"""Openings in openings; what goes on is a circle."""
CIRCLE = "parent of a surface", "it is a part of itself"
NULL = b"null"
_values = msgspec.json.Decoder(list[Any])


@dataclass(frozen=True, eq=False, slots=True)
class Said:
    """Attributes of surfaces: some still as text, with plain values, and some that were read already."""

    text: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    """Their values as JSON, each with a comma after it."""
    ends: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """(e,), where each ends in it, after the comma."""
    rows: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    """(e,), the surface of each."""
    names: tuple[str, ...] = ()
    name: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """(e,), which of the names each has."""
    held: dict[int, dict[str, Value]] = field(default_factory=dict)
    """What was read already, by surface."""

    @staticmethod
    def gathered(text: NDArray[np.uint8], rows: NDArray[np.int32], places: NDArray[np.int64]) -> Said:
        """Those at some places of a text: where names and values begin and end, (e, 4)."""
        if not len(rows):
            return Said()
        from twin.formats import cityjson_scan

        name, first = cityjson_scan.alike(text, places)
        names = [text[begin + 1 : end - 1].tobytes().decode() for begin, end, _, _ in places[first].tolist()]
        ends = np.cumsum(places[:, 3] - places[:, 2] + 1)
        return Said(cityjson_scan.listed(text, places, ends), ends, rows, tuple(names), name)

    def with_rows(self, start: int, rows: Sequence[dict[str, Value]]) -> Said:
        """And those of further surfaces, from a row on."""
        return replace(self, held={start + k: row for k, row in enumerate(rows) if row})

    def moved(self, rows: NDArray[np.int32]) -> Said:
        """The same, of surfaces that have other rows."""
        return replace(
            self, rows=rows[self.rows], held={int(rows[row]): said for row, said in self.held.items()}
        )

    def present(self) -> NDArray[np.bool_]:
        """Which texts are values: null is none."""
        begins = self.ends - np.diff(self.ends, prepend=0)
        return self.text[begins] != NULL[0] if len(begins) else np.zeros(0, dtype=bool)

    def counts(self) -> dict[str, int]:
        """How many surfaces have each attribute."""
        counts = np.bincount(self.name[self.present()], minlength=len(self.names))
        found = dict(zip(self.names, counts.tolist(), strict=True))
        for row in self.held.values():
            for name, value in row.items():
                found[name] = found.get(name, 0) + (value is not None)
        return {name: count for name, count in found.items() if count}

    def only(self, new: NDArray[np.int32]) -> Said:
        """Those of the surfaces that have a new row."""
        rows = new[self.rows]
        held = {int(new[row]): said for row, said in self.held.items() if new[row] >= 0}
        # what is left out here was null
        return replace(self, rows=rows, held=held)

    def table(self, length: int) -> Table:
        """One row a surface."""
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


def faces_of(
    of: NDArray[np.int32], types: NDArray[np.uint8], parents: NDArray[np.int32], said: Said, skips: Skips
) -> tuple[Faces | None, dict[str, int]]:
    """The faces of which anything is known, and how many have each attribute. of: that of each polygon."""
    parents = _without_circles(parents, skips)
    known = np.zeros(len(parents), dtype=bool)
    known[said.rows[said.present()]] = True
    known[[row for row, held in said.held.items() if any(v is not None for v in held.values())]] = True
    rows = faces.kept(parents, known)
    stay = faces.moved(rows, parents)
    if not len(stay):
        return None, {}
    return Faces(
        faces.rows_at(rows, of), types[rows >= 0], stay, said.only(rows).table(len(stay))
    ), said.counts()


def _without_circles(parents: NDArray[np.int32], skips: Skips) -> NDArray[np.int32]:
    above = np.flatnonzero(parents >= 0)
    up = parents[above]
    for _ in range(DEEPEST):
        up = np.where(up >= 0, parents[up], -1)
    endless = above[up >= 0]
    if not len(endless):
        return parents
    skips.at("semantics", *CIRCLE, len(endless))
    found = parents.copy()
    found[endless] = -1
    return found
