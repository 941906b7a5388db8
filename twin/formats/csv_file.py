"""Writes tables as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from twin.formats.atomic import replace_file
from twin.model.table import Value

STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell of text that begins like this would be taken for a formula."""


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """UTF-8 with a mark, so that spreadsheets know it; numbers with a point. Raises DataError."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([harmless(name) for name in header])
    writer.writerows([harmless(value) for value in row] for row in rows)
    replace_file(path, text.getvalue().encode("utf-8-sig"))


def harmless(value: Value) -> str | float | int:
    """What is written for a value: text that would be a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(STARTS):
        return f"'{value}"
    return value
