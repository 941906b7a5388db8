"""The other side of `worker`: reads one file within limits, and says what came of it line by line."""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from twin.errors import DataError

STEP = 0.01
"""Smaller progress is not worth a line."""


def main() -> None:
    """Read the request from stdin, put the arrays into its file, and answer on stdout."""
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # what libraries print must not come between our lines
    os.dup2(2, 1)
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_leave_when_alone, daemon=True).start()
    limit(int(request["memory"]), float(request["seconds"]))
    answer = answer_to(request, _teller(said))
    _say(said, answer)
    # without the clearing up of libraries, which may take long or crash
    os._exit(0)


def limit(memory: int, seconds: float) -> None:
    """Let this process have no more than this, where the system can hold it to that. [byte], [s]"""
    if sys.platform == "win32":
        return
    import resource

    for kind, wanted in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, int(seconds) + 1),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (most, hard))


def answer_to(request: dict[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """The words of what was read, or what is wrong with the file: its place, the problem and a remedy."""
    try:
        return _read(request, progress)
    except DataError as error:
        return {"error": [error.place, error.problem, error.remedy]}
    except MemoryError:
        problem = f"needs more than the {request['memory'] / 2**30:.1f} GB of memory that its size allows"
        return {"error": ["", problem, "Cut it into smaller files."]}
    except RecursionError:
        return {"error": ["", "is nested too deeply", ""]}
    except Exception as error:  # told by the other process, which goes on
        problem = f"cannot be read: {type(error).__name__}: {_short(error)}"
        return {"error": ["", problem, "Export it again."]}


def _read(request: dict[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    import numpy as np

    module, _, name = request["reader"].partition(":")
    read = getattr(importlib.import_module(module), name)
    arrays, words = read(Path(request["path"]), request["options"], progress)
    np.savez(request["out"], allow_pickle=False, **arrays)
    return {"words": words}


def _teller(said: IO[str]) -> Callable[[float], None]:
    last = -1.0

    def tell(fraction: float) -> None:
        nonlocal last
        if fraction >= last + STEP:
            last = fraction
            _say(said, {"progress": fraction})

    return tell


def _say(said: IO[str], message: dict[str, Any]) -> None:
    said.write(json.dumps(message) + "\n")
    said.flush()


def _leave_when_alone() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


if __name__ == "__main__":
    main()
