"""Measures pictures of the bundled project: one of 8K with all its words, and forty in Full HD."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from twin.app.export_sheet import Press  # noqa: E402  # after the path
from twin.formats.memory import peak  # noqa: E402
from twin.formats.open_project import first_state, open_project  # noqa: E402
from twin.model.sheet import Panel, Sheet  # noqa: E402

EIGHT_K, MANY = (7680, 4320), 40


def main() -> None:
    """Prints what was measured, and what it is to be."""
    project = open_project(ROOT / "assets" / "helsinki.twin.json")
    state = replace(first_state(project), overlay="height")
    with tempfile.TemporaryDirectory() as folder:
        press = Press(project)
        begun = time.perf_counter()
        press.make(Sheet((Panel(state),), EIGHT_K), Path(folder) / "8k.png")
        took = time.perf_counter() - begun
        print(f"8K with legend and sources: {took:.1f} s (goal 20), {peak() / 2**30:.2f} GiB (goal 3)")
        press.close()
        press = Press(project)
        begun = time.perf_counter()
        names = [scenario.id for scenario in project.scenarios]
        for number in range(MANY):
            time_ = state.time.replace(hour=8 + number // len(names) % 12)
            view = replace(state, scenario=names[number % len(names)], time=time_)
            press.make(Sheet((Panel(view),)), Path(folder) / f"{number}.png")
        print(f"{MANY} in Full HD: {time.perf_counter() - begun:.1f} s (goal 60)")
        press.close()


if __name__ == "__main__":
    main()
