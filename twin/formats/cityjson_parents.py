"""Decides which CityJSON object is a part of which, and refuses circles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.formats.report import Skips

DEEPEST = 64
"""Parts within parts."""
GROUP = "CityObjectGroup"


class Claim(NamedTuple):
    """An object says that one is a part of another; ids."""

    child: str
    parent: str
    row: int
    """Of the object that says it."""


def parents(
    claims: Sequence[Claim],
    scopes: Sequence[dict[str, int]],
    scope_of: Sequence[int],
    types: Sequence[str],
    where_of: Callable[[int], str],
    skips: Skips,
) -> list[int]:
    """The row of the parent of each object, or -1.

    claims: those of children first. scopes: ids to rows, for each document. scope_of: the document of each
    object. where_of: where an object stands. What links to nothing, to a second parent or in a circle, and
    members of groups, is counted.
    """
    anywhere: dict[str, int] = {}
    if len(scopes) > 1:
        for scope in reversed(scopes):
            anywhere.update(scope)
    found = [-1] * len(types)
    for child_id, parent_id, row in claims:
        near = scopes[scope_of[row]]
        child, parent = near.get(child_id, -1), near.get(parent_id, -1)
        if anywhere:
            child = anywhere.get(child_id, -1) if child < 0 else child
            parent = anywhere.get(parent_id, -1) if parent < 0 else parent
        if child < 0 or parent < 0:
            skips.at(where_of(row), "link of a part", "the file has no such object")
        elif types[parent] == GROUP:
            if row == parent:  # members repeat what their group says
                skips.at(where_of(row), "member of a group", "groups are kept without their members")
        elif found[child] < 0:
            found[child] = parent
        elif found[child] != parent:
            skips.at(where_of(row), "link of a part", "it is a part of another object already")
    _cut(found, where_of, skips)
    return found


def _cut(parents: list[int], where_of: Callable[[int], str], skips: Skips) -> None:
    """Take away links that lead in a circle, or too deep."""
    if _all_end(np.array(parents, dtype=np.int64)):
        return
    depths = [0] * len(parents)
    """0: not known yet."""
    for start in range(len(parents)):
        path: dict[int, None] = {}
        row = start
        while row >= 0 and not depths[row] and row not in path:
            path[row] = None
            row = parents[row]
        if row in path:
            skips.at(where_of(row), "link of a part", "it is a part of itself")
            parents[next(reversed(path))] = -1
            row = -1
        depth = depths[row] if row >= 0 else 0
        for child in reversed(path):
            if depth >= DEEPEST:
                skips.at(where_of(child), "link of a part", "parts are nested too deeply")
                parents[child], depth = -1, 0
            depth += 1
            depths[child] = depth


def _all_end(parents: NDArray[np.int64]) -> bool:
    """Whether all ways from part to whole end, and none too deep."""
    rows = parents[parents >= 0]
    for _ in range(DEEPEST):
        if not len(rows):
            return True
        above = parents[rows]
        rows = above[above >= 0]
    return False
