"""Prints JSON that is the same every time, and short tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


def print_json(tree: Any) -> None:
    """Indented, keys sorted, so that two outputs can be compared."""
    print(json.dumps(tree, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False))


def print_table(rows: Sequence[Sequence[object]]) -> None:
    """Columns as wide as their widest cell."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
