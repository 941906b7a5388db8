"""Leaves out the rarest attributes where so many would fill the memory with empty cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain

from twin.model.table import Value

MANY_NAMES = 256
"""So many different attributes are always kept."""
MANY_CELLS = 2**24
"""More are kept while attributes times things are not more than this."""
MOST_NAMES = 2**15
"""Never more, because each column takes time, however few things there are."""
WHAT, WHY = "rare attribute", "there are too many different ones"


def are_few(names: int, things: int) -> bool:
    """Whether a column for each name is worth its memory."""
    return names <= MANY_NAMES or (names <= MOST_NAMES and names * things <= MANY_CELLS)


def most(things: int) -> int:
    """How many names are kept of more."""
    return min(MOST_NAMES, max(MANY_NAMES, MANY_CELLS // things))


def limit(rows: Sequence[dict[str, Value]], left_out: Callable[[int, int], None]) -> None:
    """Take the rarest attributes out of the rows where there are too many.

    left_out: called with a row and how many it lost.
    """
    names = Counter(chain.from_iterable(rows))
    if are_few(len(names), len(rows)):
        return
    kept = {name for name, _ in names.most_common(most(len(rows)))}
    for number, row in enumerate(rows):
        rare = row.keys() - kept
        for name in rare:
            del row[name]
        if rare:
            left_out(number, len(rare))
