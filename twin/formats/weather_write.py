"""Writes hourly weather as a table that reads back as weather."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from twin.formats.atomic import replace_file

SOURCE = "# source: "
"""How the line begins that says who measured it."""


def write_weather(
    path: Path, ends: Sequence[datetime], columns: Mapping[str, Sequence[float]], source: str
) -> None:
    """One row an hour, named by the end of the hour; a value that is not known is left empty.

    columns: by the names of weather files. source: who measured, with the licence.
    """
    lines = [SOURCE + " ".join(source.split()), ",".join(("time", *columns))]
    for number, end in enumerate(ends):
        values = (column[number] for column in columns.values())
        cells = ("" if math.isnan(value) else f"{value:.2f}" for value in values)
        lines.append(",".join((end.isoformat(timespec="minutes"), *cells)))
    replace_file(path, ("\n".join(lines) + "\n").encode())
