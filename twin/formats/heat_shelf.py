"""Keeps days of heat in the cache folder: a folder each, with its grids and a run.json."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.formats import cache
from twin.formats.atomic import replace_file
from twin.model.shelf import Grids, Shelf

MOST = 2 << 30
"""All days together; the longest unused go first. [byte]"""
RUN = "run.json"
_log = logging.getLogger(__name__)


def folder() -> Path:
    """Where the days lie."""
    return cache.folder() / "heat"


def load(key: str, inside: Path | None = None) -> Grids | None:
    """The grids under a key, mapped into memory; None where there is nothing, or something damaged."""
    entry = (inside or folder()) / key
    try:
        # written last, so where it is all is there
        sizes = json.loads((entry / RUN).read_bytes())["grids"]
        found: dict[str, NDArray[np.float32]] = {}
        for name, size in sizes.items():
            path = entry / f"{name}.npy"
            if path.stat().st_size != size:
                raise ValueError(f"{path.name} is cut")
            found[name] = np.load(path, mmap_mode="c", allow_pickle=False)
        os.utime(entry)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        _log.warning("The heat in %s is damaged (%s); it is worked out again.", entry, error)
        return None
    return found


def save(key: str, grids: Grids, about: Mapping[str, Any], inside: Path | None = None) -> None:
    """Puts grids under a key; a cache that cannot be written changes nothing but the time it takes."""
    entry = (inside or folder()) / key
    try:
        entry.mkdir(parents=True, exist_ok=True)
        sizes = {}
        for name, grid in grids.items():
            path = entry / f"{name}.npy"
            with path.open("wb") as file:
                np.save(file, grid, allow_pickle=False)
            sizes[name] = path.stat().st_size
        text = json.dumps({**about, "grids": sizes}, indent=2, ensure_ascii=False) + "\n"
        replace_file(entry / RUN, text.encode())
        if inside is None:
            _shrink(entry)
    except OSError as error:
        _log.warning("The cache cannot be written: %s", error)


SHELF = Shelf(load, save)


def shelf_in(inside: Path) -> Shelf:
    """One in a folder of its own, of any size: for work that is to be gone on with."""
    return Shelf(lambda key: load(key, inside), lambda key, grids, about: save(key, grids, about, inside))


def _shrink(newest: Path) -> None:
    entries = sorted((each for each in folder().iterdir() if each != newest), key=_used, reverse=True)
    total = _size(newest)
    for entry in entries:
        total += _size(entry)
        if total > MOST:
            shutil.rmtree(entry, ignore_errors=True)


def _used(entry: Path) -> float:
    return entry.stat().st_mtime


def _size(entry: Path) -> int:
    return sum(file.stat().st_size for file in entry.glob("*"))
