"""Knows what the bands of a raster are: one quantity, the colours of a picture, or moments in time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_FRAMES = 400 * 2**20
"""What all moments together may take. [byte]"""
MOST_CLASSES = 24
"""Of a palette that are listed."""
COLOURS = ("red", "green", "blue", "alpha")
_SINCE = re.compile(r"(second|minute|hour|day)s? since (.+)")
_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}


def picture_bands(file: Any) -> tuple[int, ...]:
    """Red, green, blue and perhaps alpha, where the file is a picture; else empty."""
    if str(file.dtypes[0]) != "uint8" or file.count < 3:
        return ()
    named = {part.name: number for number, part in enumerate(file.colorinterp, 1)}
    return tuple(named[name] for name in COLOURS if name in named) if {*COLOURS[:3]} <= {*named} else ()


def palette_of(file: Any) -> NDArray[np.uint8] | None:
    """Red, green, blue and alpha of each number of a picture with a palette, (n, 4); None: it has none."""
    if (
        file.count != 1
        or str(file.dtypes[0]) not in ("uint8", "uint16")
        or file.colorinterp[0].name != "palette"
    ):
        return None
    colours = file.colormap(1)
    found = np.zeros((max(colours, default=0) + 1, 4), dtype=np.uint8)
    for number, colour in colours.items():
        found[number] = colour
    return found


def coloured(values: NDArray[np.float32], palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture of the numbers, (rows, columns, 4); clear where there is none, or no colour for it."""
    there = np.isfinite(values) & (values >= 0) & (values < len(palette))
    image = palette[np.where(there, values, 0).astype(np.intp)]
    image[~there] = 0
    return image


def classes_of(
    values: NDArray[np.float32], palette: NDArray[np.uint8], tags: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Name and colour of each number that occurs and is seen; none where that is more than a legend takes.

    tags: names as `CLASS_1`; others are called by their number.
    """
    there = np.unique(values[np.isfinite(values)]).astype(int)
    seen = [number for number in there.tolist() if 0 <= number < len(palette) and palette[number, 3]]
    if len(seen) > MOST_CLASSES:
        return ()
    return tuple(
        (str(tags.get(f"CLASS_{number}", number)), "#{:02x}{:02x}{:02x}".format(*palette[number, :3]))
        for number in seen
    )


def band_labels(file: Any) -> tuple[str, ...]:
    """What each band is called: a moment as 2026-07-15T12:00, or its description, or its number."""
    times = _times(file)
    return tuple(
        times[number] if times else str(said or f"band {number + 1}")
        for number, said in enumerate(file.descriptions)
    )


def moment(label: str) -> datetime | None:
    """The moment that a label names, in UTC where it says no zone; None where it names none."""
    try:
        found = datetime.fromisoformat(label)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _times(file: Any) -> tuple[str, ...]:
    """The moments of the bands of a netCDF file, by its conventions (CF 1.11, 4.4)."""
    tags = file.tags()
    since = _SINCE.match(str(tags.get("time#units", "")))
    values = str(tags.get("NETCDF_DIM_time_VALUES", "")).strip("{}").split(",")
    if since is None or len(values) != file.count:
        return ()
    start = moment(since[2].strip().replace("Z", "+00:00").replace(" UTC", "+00:00"))
    if start is None:
        return ()
    step = _SECONDS[since[1]]
    return tuple((start + timedelta(seconds=float(value) * step)).isoformat() for value in values)
