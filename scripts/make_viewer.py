"""Makes the viewer of web pages once, with npm: `python3 scripts/make_viewer.py`.

Standard library only. What is made lies in web/dist and web/node_modules, outside of version control.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "web"
MADE = WEB / "dist" / "viewer.js"
PATIENCE = 300.0
"""For npm. [s]"""


def main() -> int:
    """0 when the viewer is there."""
    problem = make()
    print(problem or f"{MADE} is ready.", file=sys.stderr if problem else sys.stdout)
    return 1 if problem else 0


def make() -> str:
    """Makes the viewer where it is missing or older than what it is made of; empty, or what went wrong."""
    made = MADE.stat().st_mtime if MADE.is_file() else 0.0
    parts = [*(WEB / "src").glob("*.js"), WEB / "package-lock.json"]
    if made >= max(part.stat().st_mtime for part in parts):
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed: no web pages can be written. Install Node.js with npm."
    for command in ((npm, "ci", "--no-audit", "--no-fund", "--silent"), (npm, "run", "build", "--silent")):
        try:
            subprocess.run(command, cwd=WEB, check=True, timeout=PATIENCE, capture_output=True, text=True)
        except (OSError, subprocess.SubprocessError) as error:
            said = getattr(error, "stderr", "") or str(error)
            return (
                f"The viewer of web pages cannot be made: {said.strip().splitlines()[-1] if said else error}"
            )
    return ""


if __name__ == "__main__":
    raise SystemExit(main())
