"""Runs a reader in a process of its own, which may crash, hang or eat memory without harm to this one."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError

Arrays = dict[str, NDArray[Any]]
Progress = Callable[[float], None]
BEAT = 0.1
"""How often one may cancel. [s]"""
BASE_MEMORY, MEMORY_RATIO = 4 * 2**30, 16
"""A reader may take the first, and the second for each byte of the file. [byte]"""
BASE_SECONDS, SECONDS_A_MB = 30.0, 1.0
"""A reader may work the first, and the second for each megabyte of the file. [s]"""
PATIENCE = 3.0
"""So many times longer may it take by the clock, when other programs want the processor too."""
SMALLER = "Cut it into smaller files."


def run(
    reader: str,
    path: Path,
    options: Mapping[str, Any],
    progress: Progress = lambda _: None,
    *,
    size: int = -1,
    memory: int = 0,
    seconds: float = 0.0,
) -> tuple[Arrays, dict[str, Any]]:
    """What a reader finds in a file: named arrays without objects, and a tree of words as JSON has them.

    reader: `module:function` of ours, called as function(path, options, progress) in the other process.
    options: as JSON has them. progress: called every BEAT with 0 to 1; what it raises ends the reader.
    size: of all files that will be read, where that is not the one file. [byte]
    memory, seconds: limits instead of those by the size. [byte], [s]
    Raises DataError: what the reader raises, and when it crashes or meets its limits.
    """
    try:
        size = path.stat().st_size if size < 0 else size
    except OSError as error:
        raise DataError(path, "", f"cannot be opened: {error.strerror or error}") from error
    memory = memory or BASE_MEMORY + MEMORY_RATIO * size
    seconds = seconds or seconds_for(size)
    with tempfile.TemporaryDirectory(prefix="twin-", ignore_cleanup_errors=True) as folder:
        out = Path(folder) / "found.npz"
        request = {
            "reader": reader,
            "path": str(path.absolute()),
            "options": dict(options),
            "out": str(out),
            "memory": memory,
            "seconds": seconds,
        }
        with _process(request) as process:
            answer = _answer(path, process, progress, seconds)
        if "error" in answer:
            raise DataError(path, *answer["error"])
        with out.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    return arrays, answer["words"]


def seconds_for(size: int) -> float:
    """How long a reader may work on so many bytes. [s]"""
    return BASE_SECONDS + SECONDS_A_MB * size / 2**20


@contextmanager
def _process(request: Mapping[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    """A reader at work; killed when the block is left."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
        "PYTHONUNBUFFERED": "1",
        # one thread each: more would only take room from the window
        **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "twin.formats.worker_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    try:
        assert process.stdin is not None
        # the pipe stays open, because its end tells the reader that nobody waits any more
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        yield process
    except BrokenPipeError:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except BrokenPipeError:
                continue


def _answer(
    path: Path, process: subprocess.Popen[bytes], progress: Progress, seconds: float
) -> dict[str, Any]:
    """The last thing the reader says. Raises DataError when it ends without."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    assert process.stdout is not None
    listener = threading.Thread(target=_listen, args=(process.stdout, lines), daemon=True)
    listener.start()
    until = time.monotonic() + PATIENCE * seconds
    done = 0.0
    try:
        while True:
            try:
                line = lines.get(timeout=BEAT)
            except queue.Empty:
                line = b"{}"
            if not line:
                raise _ended(path, process.wait())
            message = json.loads(line)
            if "error" in message or "words" in message:
                return dict(message)
            done = message.get("progress", done)
            progress(done)
            if time.monotonic() > until:
                raise DataError(path, "", f"was not read within {PATIENCE * seconds:.0f} s", SMALLER)
    finally:
        process.kill()
        listener.join()


def _listen(pipe: IO[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    for line in pipe:
        lines.put(line)
    lines.put(b"")


def _ended(path: Path, code: int) -> DataError:
    if code in (-getattr(signal, "SIGXCPU", 0), -signal.SIGTERM):
        return DataError(path, "", "takes too long to read", SMALLER)
    said = f"signal {-code}" if code < 0 else f"code {code}"
    return DataError(path, "", f"crashed its reader ({said})", "It is damaged; export it again.")
