"""Knows whether the scans of city models are there as machine code, and makes it where it is not."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
CITYGML, CITYJSON = "citygml_scan", "cityjson_scan"
LATE = {CITYGML: "scan", CITYJSON: "semantics"}
"""The scans, and a step of each that every file needs and that is made late."""
COMMAND = "from twin.formats import machine_code; machine_code.make()"
"""Makes it in a process of its own; scripts/environment.py has it too."""
GUARD = "twin-making"
"""File beside the machine code while it is made."""
PATIENCE = 300.0
"""Who takes longer to make it was ended. [s]"""
SAMPLE = b"""{"type": "CityJSON", "version": "2.0", "metadata": {"referenceSystem": "EPSG:3067"},
"vertices": [[385000, 6672000, 1], [385009, 6672000, 1], [385000, 6672009, 1]],
"appearance": {"materials": [{"name": "a"}]},
"CityObjects": {"a": {"type": "Building", "attributes": {"b": 1}, "children": [],
"geometry": [{"type": "MultiSurface", "lod": "2", "boundaries": [[[0, 1, 2]]],
"material": {"b": {"values": [0]}},
"semantics": {"surfaces": [{"type": "RoofSurface", "slope": 0}], "values": [0]}}]}}}"""
_making = threading.Event()
_waiting: list[int] = []
"""The sizes of files that were read without it. [byte]"""
_found: set[str] = set()
"""The scans that were seen to lie on the disk."""


def is_worth_it(path: Path, small: int, large: int, scan: str = CITYGML) -> bool:
    """Whether a file is read faster with machine code, also where that has to be loaded or made first.

    small, large: sizes of files that take no longer than to load it, and longer than to make it; many small
    ones count as a larger one. [byte]
    Where it is not there, it is made beside, for the next time.
    """
    try:
        size = path.stat().st_size
    except OSError:
        return False
    if is_loaded(scan):
        return True
    if is_kept(scan):
        _waiting.append(size)
        return sum(_waiting) > small
    if size > large:
        return True
    if not _making.is_set() and os.access(HERE, os.W_OK):
        _making.set()
        threading.Thread(target=_make, daemon=True).start()
    return False


def is_loaded(scan: str) -> bool:
    """Whether this process has a scan."""
    module = sys.modules.get(f"twin.formats.{scan}")
    return bool(module and getattr(module, LATE[scan]).signatures)


def is_kept(scan: str) -> bool:
    """Whether a scan lies on the disk, made of the code as it is now."""
    if scan in _found:  # of ten thousand small files none should look through the folder again
        return True
    made = (HERE / f"{scan}.py").stat().st_mtime
    folders = [_folder()]
    if os.environ.get("NUMBA_CACHE_DIR"):
        folders = list(_folder().glob(f"{HERE.name}_*"))
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    name = f"{scan}.{LATE[scan]}-*.{python}*.nbi"
    if any(index.stat().st_mtime > made for folder in folders for index in folder.glob(name)):
        _found.add(scan)
    return scan in _found


def make() -> None:
    """Make all machine code that reading needs, unless it is there or another process is at it.

    Gives way to all other processes: nobody waits for it.
    """
    if all(map(is_kept, LATE)):
        return
    with _only_one() as alone:
        if not alone:
            return
        if hasattr(os, "nice"):
            os.nice(19)
        from twin.formats import citygml_chunks, cityjson

        citygml_chunks.compile_all()
        with tempfile.TemporaryDirectory() as folder:
            sample = Path(folder) / "sample.city.json"
            sample.write_bytes(SAMPLE)
            city, _ = cityjson.read(sample, large=True)
        from twin.formats import tessellate_fast

        tessellate_fast.tessellate(city.vertices, city.ring_starts, city.ring_surface)


def _make() -> None:
    # a process of its own, because compiling holds the interpreter's lock
    subprocess.run([sys.executable, "-c", COMMAND], check=False, capture_output=True)  # noqa: S603  # our own


def _folder() -> Path:
    return Path(os.environ.get("NUMBA_CACHE_DIR") or HERE / "__pycache__")


@contextlib.contextmanager
def _only_one() -> Iterator[bool]:
    """Whether no other process is at it; none begins while the block lasts."""
    guard = _folder() / GUARD
    try:
        guard.parent.mkdir(parents=True, exist_ok=True)
        if guard.exists() and time.time() - guard.stat().st_mtime > PATIENCE:
            guard.unlink(missing_ok=True)
        os.close(os.open(guard, os.O_CREAT | os.O_EXCL))
    except OSError:  # somebody else is quicker, or nothing can be kept here
        yield False
        return
    try:
        yield True
    finally:
        guard.unlink(missing_ok=True)
