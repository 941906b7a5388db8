"""Attributes as places in the text of a CityGML file, made into columns when they are asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from twin.formats import citygml_scan as scan
from twin.formats.citygml_attributes import add, typed
from twin.formats.citygml_grammar import KINDS, Registry
from twin.formats.citygml_rows import Scanned
from twin.model.table import Column, OnDemand, Table, Value, column_of

Numbers = NDArray[np.int64]
REFERENCE = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|apos|quot);")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "apos": "'", "quot": '"'}
ROW = 36
"""How many bits a place in a file may have."""


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
    """As in `citygml_scan`."""
    groups: Numbers
    """What parts of an address belong together."""
    ends: Numbers
    """(t + 1,), where each text begins and the one before ends in `text`."""
    text: NDArray[np.uint8]
    values: Mapping[int, Mapping[str, Value]]
    """By object, what was read already."""

    def column(self, number: int) -> Column:
        """The column of a name."""
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
            if flags & scan.PART:
                parts.append(word)
                if following[k] != group:
                    yield row, (", " if flags & scan.WHOLE else " ").join(parts), False
                    parts = []
            elif word or flags & scan.OWN:
                yield row, typed(word, KINDS[kind]), bool(flags & scan.DEFAULT)
            else:
                yield row, None, False


def decoded(text: bytes, flags: int) -> str:
    """The text as an XML reader gives it, without space around it."""
    word = text.decode()
    if "\r" in word:
        word = word.replace("\r\n", "\n").replace("\r", "\n")
    if flags & scan.ENTITY:
        word = REFERENCE.sub(_meant, word)
    return word.strip()


def _meant(found: re.Match[str]) -> str:
    name = found[1]
    if name[0] != "#":
        return NAMED[name]
    return chr(int(name[2:], 16) if name[1] == "x" else int(name[1:]))


def table_of(texts: Texts) -> Table:
    """The attributes of all objects, each column made when it is asked for."""
    makers = {name: partial(texts.column, k) for k, name in enumerate(texts.names)}
    return Table(texts.length, OnDemand(makers))


def texts_of(
    scanned: Scanned,
    entries: Numbers,
    registry: Registry,
    count: int,
    values: Mapping[int, Mapping[str, Value]],
) -> tuple[Texts, Counter[str]]:
    """The texts of attributes, and how many objects have each.

    entries: those to take, with the rows of objects as they shall be. count: of objects. values: by object,
    what was read already.
    """
    keys = list(registry.keys)
    numbers: dict[str, int] = {}
    name_of_key = np.array([numbers.setdefault(name, len(numbers)) for name, _ in keys], dtype=np.int64)
    for held in values.values():
        for name in held:
            numbers.setdefault(name, len(numbers))
    of = name_of_key[entries[:, scan.E_KEY]]
    first = np.full(len(numbers), np.iinfo(np.int64).max)
    np.minimum.at(first, of, (entries[:, scan.E_OBJECT] << ROW) | entries[:, scan.E_ORDER])
    present = _present(of, entries, keys, len(numbers), count)
    found = Counter[str]()
    for row, held in values.items():
        for k, (word, value) in enumerate(held.items()):
            number = numbers[word]
            first[number] = min(first[number], (row << ROW) | k)
            found[word] += value is not None
    order = np.argsort(first, kind="stable")
    order = order[: int((first < np.iinfo(np.int64).max).sum())]
    rank = np.zeros(len(numbers), dtype=np.int64)
    rank[order] = np.arange(len(order))
    words = list(numbers)
    for number in order.tolist():
        found[words[number]] += int(present[number])
    entries = entries[_text_order(rank[of], entries)]
    of = rank[name_of_key[entries[:, scan.E_KEY]]]
    text, ends = scanned.gathered(entries[:, scan.E_START], entries[:, scan.E_END])
    kinds = np.array([kind for _, kind in keys], dtype=np.uint8)
    texts = Texts(
        length=count,
        names=tuple(words[number] for number in order.tolist()),
        begins=np.searchsorted(of, np.arange(len(order) + 1)),
        objects=entries[:, scan.E_OBJECT],
        kinds=kinds[entries[:, scan.E_KEY]],
        flags=entries[:, scan.E_FLAGS].astype(np.uint8),
        groups=np.where(entries[:, scan.E_FLAGS] & scan.PART, entries[:, scan.E_UNIT], -1),
        ends=ends,
        text=text,
        values=values,
    )
    return texts, +found


def _text_order(name: Numbers, entries: Numbers) -> Numbers:
    """By name, then by object, and else as they stand."""
    order = np.argsort(entries[:, scan.E_OBJECT], kind="stable")
    return order[np.argsort(name[order], kind="stable")]


def _present(
    name: Numbers, entries: Numbers, keys: Sequence[tuple[str, int]], names: int, count: int
) -> Numbers:
    """How many objects have a value of each name."""
    kinds = np.array([kind for _, kind in keys])[entries[:, scan.E_KEY]]
    flags = entries[:, scan.E_FLAGS]
    filled = (flags & scan.FILLED != 0) | ((flags & scan.OWN != 0) & (kinds == KINDS.index(str)))
    pairs = np.unique(name[filled] * count + entries[filled, scan.E_OBJECT])
    return np.bincount(pairs // max(count, 1), minlength=names)
