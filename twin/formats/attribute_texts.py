"""Attributes as pieces of text, made into columns when they are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from twin.model.table import Column, OnDemand, Table, Value, column_of

Numbers = NDArray[np.int64]
KINDS = (str, int, float)
"""What values are."""
ENTITY, DEFAULT, WHOLE, FILLED, PART, OWN = 1, 2, 4, 8, 16, 32
"""Of a text: it has references; it stands in for another; all of an address, not a part; there is any; it is
joined with others; it is a generic attribute."""
REFERENCE = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|apos|quot);")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "apos": "'", "quot": '"'}


def filled(flags: NDArray[np.integer], kinds: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which texts are values; kinds: indices into KINDS."""
    own = ((flags & OWN) != 0) & (kinds == KINDS.index(str))
    return np.asarray(((flags & FILLED) != 0) | own)


@dataclass(frozen=True, eq=False, slots=True)
class Texts:
    """The texts of all attributes of all objects, one name after the other."""

    length: int
    names: tuple[str, ...]
    begins: Numbers
    """(n + 1,), the first text of each name."""
    objects: Numbers
    kinds: NDArray[np.uint8]
    """Indices into KINDS."""
    flags: NDArray[np.uint8]
    """ENTITY …"""
    groups: Numbers
    """What parts of an address belong together."""
    ends: Numbers
    """(t + 1,), where each text begins and the one before ends in `text`."""
    text: NDArray[np.uint8]
    values: Mapping[int, Mapping[str, Value]]
    """By object, what was read already."""

    def column(self, number: int) -> Column:
        """The column of a name."""
        from twin.formats.citygml_attributes import add

        begin, end = self.begins[number : number + 2].tolist()
        name, found = self.names[number], dict[str, Value]()
        values: list[Value] = [None] * self.length
        for row, held in self.values.items():
            values[row] = held.get(name)
        last, holder = -1, found
        several: dict[int, dict[str, Value]] = {}
        for row, value, is_default in self._texts(begin, end):
            if row != last:
                last, holder = row, several.setdefault(row, {})
            if is_default:
                holder.setdefault(name, value)
            else:
                add(holder, name, value)
        for row, held in several.items():
            values[row] = held[name]
        return column_of(values)

    def _texts(self, begin: int, end: int) -> Iterator[tuple[int, Value, bool]]:
        """Object, value, and whether the value only stands in for another."""
        from twin.formats.citygml_attributes import typed

        low, high = int(self.ends[begin]), int(self.ends[end])
        text = self.text[low:high].tobytes()
        ends = (self.ends[begin : end + 1] - low).tolist()
        parts: list[str] = []
        rows = zip(
            self.objects[begin:end].tolist(),
            self.kinds[begin:end].tolist(),
            self.flags[begin:end].tolist(),
            self.groups[begin:end].tolist(),
            strict=True,
        )
        following = [*self.groups[begin + 1 : end].tolist(), -1]
        for k, (row, kind, flags, group) in enumerate(rows):
            word = decoded(text[ends[k] : ends[k + 1]], flags)
            if flags & PART:
                parts.append(word)
                if following[k] != group:
                    yield row, (", " if flags & WHOLE else " ").join(parts), False
                    parts = []
            elif word or flags & OWN:
                yield row, typed(word, KINDS[kind]), bool(flags & DEFAULT)
            else:
                yield row, None, False


def decoded(text: bytes, flags: int) -> str:
    """The text as an XML reader gives it, without space around it."""
    word = text.decode()
    if "\r" in word:
        word = word.replace("\r\n", "\n").replace("\r", "\n")
    if flags & ENTITY:
        word = REFERENCE.sub(_meant, word)
    return word.strip()


def _meant(found: re.Match[str]) -> str:
    name = found[1]
    if name[0] != "#":
        return NAMED[name]
    return chr(int(name[2:], 16) if name[1] == "x" else int(name[1:]))


class TextColumns(OnDemand):
    """The columns that texts make."""

    def __init__(self, texts: Texts) -> None:
        super().__init__({name: partial(texts.column, k) for k, name in enumerate(texts.names)})
        self.texts = texts


def table_of(texts: Texts) -> Table:
    """The attributes of all objects, each column made when it is asked for."""
    return Table(texts.length, TextColumns(texts))
