"""Kills the program while somebody edits, again and again, and looks at what is left.

    python scripts/kill_while_editing.py [KILLS] [--seed N]

Each time a process of its own opens a project as the window does, with its lock and its journal in a
thread, and adds edits as quickly as it can; it says each edit that is done. It is killed with SIGKILL at a
moment drawn by chance. Then the project is opened again: at most the last edit may be lost, none may be
damaged, and what is saved must open. Every tenth round the writer saves the project in between, so that
kills also fall into saving.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from twin.formats import journal  # noqa: E402  # after the path
from twin.formats.open_project import open_project  # noqa: E402
from twin.model.scenario import PlantTrees  # noqa: E402

WRITER = """
import sys
from pathlib import Path
from shapely import MultiPoint
from twin.app.safekeeping import Safekeeping
from twin.formats import project_file, save_project
from twin.formats.open_project import open_project
from twin.formats.save_scenarios import save_scenarios
from twin.model.scenario import PlantTrees
from twin.session import scenarios

path, saves = Path(sys.argv[1]), sys.argv[2] == "saves"
safe = Safekeeping(lambda call: call(), lambda text: print("!", text, flush=True))
project = safe.open(open_project(path))
if safe.found is not None:
    project = safe.found
    safe.answered(keep=True)
begun = len(project.scenario("plan").own)
print(begun, flush=True)
for number in range(begun, begun + 400):
    tree = PlantTrees(f"tree-{number}", f"Tree {number}", MultiPoint([(number % 50, number // 50)]))
    project = scenarios.add_edit(project, "plan", tree)
    safe.note(project)
    safe._thread.submit(lambda: None).result()  # it is on the disk, as a window waits before the next click
    print(number + 1, flush=True)
    if saves and number % 7 == 6:
        project, _ = save_scenarios(project)
        project_file.save(save_project.to_file(project), path)
        safe.saved(project)
"""


@dataclass
class Result:
    """What was found after all kills."""

    kills: int = 0
    edits: int = 0
    """That were said to be done, in all rounds."""
    lost: int = 0
    """Of these."""
    worst: int = 0
    """Lost in one round."""
    damaged: int = 0


def station(folder: Path) -> Path:
    """A small project with an empty plan."""
    (folder / "scenarios").mkdir(parents=True)
    plan = {"type": "FeatureCollection", "title": "Plan", "features": []}
    (folder / "scenarios" / "plan.geojson").write_text(json.dumps(plan))
    tree = {
        "schema": "twin-project",
        "version": 1,
        "name": "Depot",
        "crs": "EPSG:3879",
        "place": {"origin": [25496000.0, 6673000.0, 0.0], "longitude": 24.93, "latitude": 60.17},
        "sources": [{"id": "plans", "path": "scenarios", "kind": "scenarios"}],
    }
    path = folder / "depot.twin.json"
    path.write_text(json.dumps(tree))
    return path


def one_kill(path: Path, *, after: float, saves: bool) -> int:
    """Kills a writer so long after its first edit [s]; returns how many edits it said were done."""
    command = [sys.executable, "-c", WRITER, str(path), "saves" if saves else "edits"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True)
    assert process.stdout is not None
    said = [int(process.stdout.readline()) for _ in range(2)]
    threading.Timer(after, process.send_signal, [signal.SIGKILL]).start()
    said += [int(line) for line in process.stdout if line.endswith("\n")]
    process.wait()
    return said[-1]


def found(path: Path) -> list[str]:
    """Ids of the edits that are there again. Raises DataError when anything is damaged."""
    project, _ = journal.recovered(open_project(path))
    assert not project.notices, project.notices
    edits = project.scenario("plan").own
    assert all(isinstance(edit, PlantTrees) and len(edit.points.geoms) == 1 for edit in edits)
    return [edit.id for edit in edits]


def run(kills: int, seed: int) -> Result:
    """All kills, each on a project that the last one left."""
    chance, result = random.Random(seed), Result()  # noqa: S311  # moments, no secrets
    with tempfile.TemporaryDirectory(prefix="twin-kills-") as folder:
        path, number = station(Path(folder) / "0"), 0
        for kill in range(kills):
            before = len(found(path))
            if before > 600:  # a fresh one, so that each edit stays as quick as the first
                number += 1
                path, before = station(Path(folder) / str(number)), 0
            said = one_kill(path, after=chance.uniform(0.0, 0.5), saves=kill % 10 == 9)
            result.kills += 1
            result.edits += said - before
            try:
                there = found(path)
            except Exception as error:  # any is a failure of what is tried here, and is counted
                print(f"kill {kill + 1}: {error}", file=sys.stderr)
                result.damaged += 1
                number += 1
                path = station(Path(folder) / str(number))
                continue
            if there != [f"tree-{place}" for place in range(len(there))]:
                result.damaged += 1
            missing = max(said - len(there), 0)
            result.lost += missing
            result.worst = max(result.worst, missing)
    return result


def main() -> int:
    """Prints what was found; 1 when more than one edit was lost in a round, or any was damaged."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kills", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.monotonic()
    result = run(options.kills, options.seed)
    print(
        f"{result.kills} kills in {time.monotonic() - begun:.0f} s: {result.edits} edits done, "
        f"{result.lost} lost (at most {result.worst} in one round), {result.damaged} damaged"
    )
    return int(result.worst > 1 or result.damaged > 0)


if __name__ == "__main__":
    sys.exit(main())
