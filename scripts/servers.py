"""Makes .venv-servers, from which tests start the servers they talk to: `python3 scripts/servers.py`.

They stand apart from .venv, because what they need is none of the program's business.
"""

from __future__ import annotations

import hashlib
import sys
import time
from pathlib import Path

import environment

FOLDER = ".venv-servers"
LOCK = Path("scripts", "servers.lock")
FAILED = ".failed"
"""File in the folder that says which lock could not be installed, so as not to try each time."""


def prepare(root: Path = environment.ROOT) -> None:
    """The servers can be started from .venv-servers/bin afterwards; else SystemExit with a clear message."""
    if is_current(root):
        return
    folder = root / FOLDER
    with environment.only_one(folder):
        if not is_current(root):  # another run may have done it meanwhile
            install(root)


def prepare_if_possible(root: Path = environment.ROOT) -> None:
    """As prepare, once for each lock; one line instead of the message."""
    failed = root / FOLDER / FAILED
    try:
        if failed.exists() and failed.read_text() == fingerprint(root):
            raise SystemExit("tried before; `python3 scripts/servers.py` tries again and says why")
        prepare(root)
    except SystemExit as stop:
        failed.write_text(fingerprint(root))
        reason = str(stop).strip().splitlines()[-1]
        print(f"No servers, so tests that talk to them are skipped: {reason}", flush=True)


def fingerprint(root: Path) -> str:
    """What the folder depends on: the lock, and where it lies."""
    return f"{hashlib.sha256((root / LOCK).read_bytes()).hexdigest()} {root}"


def is_current(root: Path) -> bool:
    """Whether the folder holds what the lock asks for."""
    record = root / FOLDER / environment.RECORD
    return record.exists() and record.read_text() == fingerprint(root)


def install(root: Path) -> None:
    """Make the folder anew."""
    start, folder = time.monotonic(), root / FOLDER
    print(f"Making {FOLDER} for tests (about one minute, once) ...", flush=True)
    environment.empty(folder)
    base = getattr(sys, "_base_executable", sys.executable)
    environment.run([base, "-m", "venv", str(folder)])
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    # no dependencies, because the lock is complete, and one package asks for a release that has no wheel
    options += ["--only-binary", ":all:", "--no-deps", "-r", str(root / LOCK)]
    environment.run([str(python), "-m", "pip", "install", *options])
    (folder / environment.RECORD).write_text(fingerprint(root))
    print(f"{FOLDER} is ready ({time.monotonic() - start:.0f} s).", flush=True)


if __name__ == "__main__":
    prepare()
