"""Replaces a file whole or not at all, and keeps what it replaced."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from twin.errors import DataError

BACKUPS = 5
"""How many earlier versions stay in the folder `.backups` beside the file; `.1` is the newest."""
STALE = 24 * 3600.0
"""Age from which a temporary file is what a killed program left behind. [s]"""


def replace_file(path: Path, content: bytes, *, backups: int = 0) -> None:
    """Put `content` in the place of the file; whatever fails, the old file stays as it was.

    A reader sees the old bytes or the new ones, also after a power cut. A file that already holds
    `content` is not touched. Raises DataError when it cannot be written.
    """
    path = path.resolve()  # a link stays a link
    _clean(path)
    try:
        if path.is_file() and path.read_bytes() == content:
            return
        with _fresh(path) as fresh:
            _write_through(fresh, content)
            if path.exists():
                shutil.copymode(path, fresh)
                if backups:
                    _keep(path, backups)
        _sync_folder(path.parent)
    except OSError as error:
        raise DataError(
            path,
            "",
            f"cannot be written: {error.strerror or error}",
            "The old file is as it was; make room or save it elsewhere.",
        ) from error


def put_cheaply(path: Path, parts: Iterable[bytes | memoryview]) -> None:
    """Put what can be made again in the place of the file, part by part, without waiting for the disk.

    A reader sees the old bytes or the new ones, but for a power cut. What `parts` raises leaves the old file
    as it was. Raises OSError when it cannot be written.
    """
    _clean(path)
    with _fresh(path) as fresh, fresh.open("xb") as file:
        for part in parts:
            file.write(part)


@contextmanager
def _fresh(path: Path) -> Iterator[Path]:
    """A new file that takes the place of the other when nothing went wrong."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        yield fresh
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def put_away(path: Path) -> None:
    """Remove a file, which becomes the newest of its backups. Raises DataError when that cannot be."""
    path = path.resolve()
    try:
        _keep(path, BACKUPS)
        path.unlink()
        _sync_folder(path.parent)
    except OSError as error:
        raise DataError(
            path, "", f"cannot be removed: {error.strerror or error}", "Remove it by hand."
        ) from error


def backups_of(path: Path) -> tuple[Path, ...]:
    """The earlier versions of a file, newest first."""
    folder = path.resolve().parent / ".backups"
    kept = (folder / f"{path.resolve().name}.{number}" for number in range(1, BACKUPS + 1))
    return tuple(backup for backup in kept if backup.is_file())


def _write_through(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep(path: Path, backups: int) -> None:
    folder = path.parent / ".backups"
    folder.mkdir(exist_ok=True)
    for number in range(backups, 1, -1):
        older = folder / f"{path.name}.{number - 1}"
        if older.exists():
            older.replace(folder / f"{path.name}.{number}")
    newest = folder / f"{path.name}.1"
    try:
        os.link(path, newest)
    except OSError:  # the file system has no hard links
        shutil.copy2(path, newest)


def _clean(path: Path) -> None:
    for left in path.parent.glob(f".{path.name}.*.tmp"):
        try:
            if time.time() - left.stat().st_mtime > STALE:
                left.unlink()
        except OSError:  # somebody else cleaned first, or it is not ours to remove
            continue


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder, and syncs the name with the file
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
