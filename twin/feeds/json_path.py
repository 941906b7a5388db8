"""Finds a value in a JSON tree by a path as `uplink.fields[0].value`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_STEP = re.compile(r"\[(\d+)\]|\[[\"']([^\"']+)[\"']\]|([^.\[\]]+)")


def find(tree: Any, path: str) -> Any:
    """What stands at the path; None where nothing does. An empty path is the whole tree."""
    for step in steps(path):
        if isinstance(step, int):
            tree = tree[step] if isinstance(tree, list) and step < len(tree) else None
        else:
            tree = tree.get(step) if isinstance(tree, dict) else None
        if tree is None:
            return None
    return tree


@lru_cache(maxsize=4096)
def steps(path: str) -> tuple[str | int, ...]:
    """Names and numbers on the way; a leading `$` means the tree, as elsewhere."""
    return tuple(
        int(number[:9]) if number else quoted or plain
        for number, quoted, plain in _STEP.findall(path.removeprefix("$"))
    )
