"""Runs the tests from a clone: `python3 scripts/test.py [PYTEST ARGS...]`.

Makes .venv first when it is missing or old. Tests in as many processes as there are processors, each with a
display of its own; in one, when an argument says how many (`-n 0`) or wants to be talked to (`-s`, `--pdb`).
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import environment
import make_viewer
import servers

SCREEN = "1920x1200x24"
PATIENCE = 20.0
"""How long the display may take to start. [s]"""
ALONE = ("-n", "--numprocesses", "-s", "--capture=no", "--pdb", "--trace", "--collect-only", "no:xdist")
"""Arguments after which one process tests, or as many as they say."""


def main(arguments: list[str]) -> int:
    """The exit status of pytest."""
    needs_screen = not environment.has_display()
    environment.prepare(
        extra_packages=environment.TEST_PROGRAMS if needs_screen else (),
        locks=(environment.LOCK, environment.TEST_LOCK),
    )
    # beside a display that somebody looks at, too: windows that come and go there are in the way
    has_own = shutil.which("Xvfb") is not None
    count = processes(arguments) if has_own else 0
    environment.install_optional_programs()
    servers.prepare_if_possible()
    problem = make_viewer.make()
    if problem:
        print(f"{problem} Tests of web pages are skipped.", flush=True)
    # many tests start the program, which would be compiled anew each time
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    own = has_own or needs_screen
    with screens(max(count, 1)) if own else contextlib.nullcontext(dict(os.environ)) as variables:
        # whole files, in their order, because windows come last in each process (tests/conftest.py)
        together = ["-n", str(count), "--dist", "loadfile", "--no-loadscope-reorder"] if count else []
        command = [str(environment.executable("python")), "-m", "pytest", *together, *arguments]
        process = subprocess.Popen(command, cwd=environment.ROOT, env=variables)
        try:
            while True:
                try:
                    return process.wait()
                except KeyboardInterrupt:  # Ctrl+C reached pytest too; let it print what it knows
                    continue
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()


def processes(arguments: list[str]) -> int:
    """How many test at once; 0: only pytest's own."""
    if any(word.startswith(ALONE) for word in arguments):
        return 0
    files = [word for word in arguments if word.split("::")[0].endswith(".py")]
    count = os.cpu_count() or 1
    count = min(count, len(files)) if files else count
    return count if count > 1 else 0


@contextlib.contextmanager
def screens(count: int) -> Iterator[dict[str, str]]:
    """The environment variables of tests that have so many displays, which end with the block."""
    with contextlib.ExitStack() as stack:
        displays = [stack.enter_context(screen())["DISPLAY"] for _ in range(count)]
        kept = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        yield {**kept, "DISPLAY": displays[0], "TWIN_TEST_DISPLAYS": " ".join(displays)}


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """The environment variables of a new Xvfb, which ends with the block."""
    reader, writer = os.pipe()
    options = ["-screen", "0", SCREEN, "+extension", "GLX", "-nolisten", "tcp", "-noreset"]
    try:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), *options],
            pass_fds=(writer,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is for pytest, which still needs the display to end well
        )
    except FileNotFoundError:
        raise SystemExit("There is no display and no Xvfb. Install Xvfb to run the tests.") from None
    finally:
        os.close(writer)
    try:
        yield {**os.environ, "DISPLAY": f":{display_number(reader)}"}
    finally:
        os.close(reader)
        server.terminate()
        server.wait()


def display_number(reader: int) -> str:
    """What Xvfb writes when it is ready for windows."""
    text, end = b"", time.monotonic() + PATIENCE
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([reader], [], [], max(0.0, end - time.monotonic()))
        found = os.read(reader, 64) if ready else b""
        if not found:
            raise SystemExit("Xvfb did not start; type `Xvfb -displayfd 1` to see why.")
        text += found
    return text.decode("ascii").strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
