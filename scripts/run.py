"""Runs the program from a clone: `python3 scripts/run.py [ARGS...]` is `twin ARGS...`.

Makes .venv first when it is missing or old. Without arguments it opens the Helsinki project, or
renders it to helsinki.png where there is no display.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import environment

HELSINKI = environment.ROOT / "assets" / "helsinki.twin.json"


def main(arguments: list[str]) -> int:
    """The exit status of the program."""
    environment.prepare()
    if not arguments:
        arguments = arguments_for_helsinki(Path.cwd(), has_display=environment.has_display())
    command = [str(environment.executable("twin")), *arguments]
    sys.stdout.flush()
    if sys.platform != "win32":
        os.execv(command[0], command)  # noqa: S606  # the program takes this process over, signals and all
    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # Ctrl+C reached the program too; it decides how to end
            continue


def arguments_for_helsinki(folder: Path, *, has_display: bool) -> list[str]:
    """What `run.py` alone means here."""
    if has_display:
        return ["open", str(HELSINKI)]
    picture = folder / "helsinki.png"
    print(f"There is no display here, so the Helsinki project is rendered to {picture}")
    return ["render", str(HELSINKI), "--out", str(picture)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
