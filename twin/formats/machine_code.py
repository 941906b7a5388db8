"""Knows whether the scan of CityGML is there as machine code, and has it made where it is not."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

SCAN = Path(__file__).with_name("citygml_scan.py")
COMMAND = "from twin.formats import citygml_chunks; citygml_chunks.compile_all()"
_making = threading.Event()
_waiting: list[int] = []
"""The sizes of files that were read without it. [byte]"""


def is_worth_it(path: Path, small: int, large: int) -> bool:
    """Whether a file is read faster with machine code, also where that has to be loaded or made first.

    small, large: sizes of files that take no longer than to load it, and longer than to make it; many small
    ones count as a larger one. [byte]
    Where it is not there, it is made beside, for the next time.
    """
    try:
        size = path.stat().st_size
    except OSError:
        return False
    if is_loaded():
        return True
    if is_kept():
        _waiting.append(size)
        return sum(_waiting) > small
    if size > large:
        return True
    if not _making.is_set() and os.access(SCAN.parent, os.W_OK):
        _making.set()
        threading.Thread(target=_make, daemon=True).start()
    return False


def is_loaded() -> bool:
    """Whether this process has it."""
    scan = sys.modules.get("twin.formats.citygml_scan")
    return bool(scan and scan.scan.signatures)


def is_kept() -> bool:
    """Whether it lies on the disk, made of the code as it is now."""
    made = SCAN.stat().st_mtime
    folders = [SCAN.parent / "__pycache__"]
    if os.environ.get("NUMBA_CACHE_DIR"):
        folders = list(Path(os.environ["NUMBA_CACHE_DIR"]).glob(f"{SCAN.parent.name}_*"))
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    kept = [index for folder in folders for index in folder.glob(f"{SCAN.stem}.scan-*.{python}*.nbi")]
    return any(index.stat().st_mtime > made for index in kept)


def _make() -> None:
    # a process of its own, because compiling holds the interpreter's lock
    subprocess.run([sys.executable, "-c", COMMAND], check=False, capture_output=True)  # noqa: S603  # our own
