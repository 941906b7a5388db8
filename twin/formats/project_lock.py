"""Lets one program at a time change a project; others read."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@dataclass(slots=True)
class ProjectLock:
    """Held until it is released, or the program ends, however it ends."""

    path: Path
    _file: BufferedRandom | None

    @property
    def held(self) -> bool:
        """Whether this program may change the project."""
        return self._file is not None

    def release(self) -> None:
        """Let others have it."""
        if self._file is not None:
            self._file.close()  # which also unlocks
            self._file = None


def lock(project_path: Path) -> ProjectLock:
    """Take the right to change a project; `held` says whether it was free.

    Where nothing can be locked, as in a folder without permission to write or on some network disks, it is
    not held: the project is read-only there.
    """
    path = lock_of(project_path)
    try:
        file = path.open("a+b")
    except OSError:
        return ProjectLock(path, None)
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return ProjectLock(path, None)
    os.set_inheritable(file.fileno(), False)
    return ProjectLock(path, file)


def lock_of(project_path: Path) -> Path:
    """Where the lock of a project lies."""
    path = project_path.resolve()
    return path.with_name(f".{path.name}.lock")
