"""Takes the texts of attributes out of what was scanned of a CityGML file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from twin.formats import citygml_scan as scan
from twin.formats.attribute_texts import PART, Texts, filled
from twin.formats.citygml_grammar import Registry
from twin.formats.citygml_rows import Scanned
from twin.model.table import Value

Numbers = NDArray[np.int64]
ROW = 36
"""How many bits a place in a file may have."""
MARKS = 32
"""How many marks a text is worth."""


def texts_of(
    scanned: Scanned,
    entries: Numbers,
    registry: Registry,
    count: int,
    values: Mapping[int, Mapping[str, Value]],
    progress: Callable[[float], None] = lambda _: None,
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
    progress(0.1)
    np.minimum.at(first, of, (entries[:, scan.E_OBJECT] << ROW) | entries[:, scan.E_ORDER])
    present = _present(of, entries, keys, len(numbers), count)
    progress(0.3)
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
    progress(0.6)
    of = rank[name_of_key[entries[:, scan.E_KEY]]]
    text, ends = scanned.gathered(entries[:, scan.E_START], entries[:, scan.E_END])
    progress(0.8)
    kinds = np.array([kind for _, kind in keys], dtype=np.uint8)
    texts = Texts(
        length=count,
        names=tuple(words[number] for number in order.tolist()),
        begins=np.searchsorted(of, np.arange(len(order) + 1)),
        objects=entries[:, scan.E_OBJECT],
        kinds=kinds[entries[:, scan.E_KEY]],
        flags=entries[:, scan.E_FLAGS].astype(np.uint8),
        groups=np.where(entries[:, scan.E_FLAGS] & PART, entries[:, scan.E_UNIT], -1),
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
    there = filled(entries[:, scan.E_FLAGS], kinds)
    pairs = name[there] * count + entries[there, scan.E_OBJECT]
    if names * count <= MARKS * len(entries):  # faster than to sort them
        marks = np.zeros((names, count), dtype=np.bool_)
        marks.reshape(-1)[pairs] = True
        return np.asarray(np.count_nonzero(marks, axis=1))
    return np.bincount(np.unique(pairs) // max(count, 1), minlength=names)
