"""Measures how fast heat is worked out, and beside it solweig where a Python has it.

    .venv/bin/python scripts/bench_heat.py [--cells 500] [--cell 1] [--rounds 3] [--solweig OTHER/bin/python]

A synthetic station area: blocks of 9 to 36 m around yards, trees, a clear day, 13 hours. Prints medians, and
the ratio to `solweig==0.1.0b96` run by OTHER in the same rounds. That is GPL, and is never imported here.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import tempfile
import time
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path

import numpy as np

from twin.analysis.design_day import design_day
from twin.analysis.heat_maps import HeatInput
from twin.analysis.heat_moment import Climate
from twin.analysis.heat_run import heat_run
from twin.analysis.land_cover import COVERS
from twin.analysis.mean_radiant import Ground
from twin.analysis.sky_patches import Surroundings
from twin.model.place import Place

HELSINKI = Place("EPSG:3879", (25_496_000.0, 6_673_000.0, 0.0), 24.94, 60.17, "Europe/Helsinki")
DAY = date(2026, 7, 15)
HOURS = range(8, 21)
ON_SCREEN = 7
"""Index of the hour that is asked for first: 15:00."""
OTHER = """
import json, sys, time
from datetime import datetime
import numpy as np, solweig
solweig.disable_gpu()
told = json.load(open(sys.argv[1] + "/weather.json"))
grids = np.load(sys.argv[1] + "/grids.npz")
start = time.perf_counter()
surface = solweig.SurfaceData.prepare(
    dsm=grids["dsm"], cdsm=grids["cdsm"], land_cover=grids["cover"], pixel_size=told["cell"],
    working_dir=sys.argv[1] + "/work")
prepared = time.perf_counter()
weather = [solweig.Weather(datetime=datetime.fromisoformat(row["time"]), ta=row["air"], rh=row["humidity"],
    global_rad=row["global"], ws=row["wind"]) for row in told["rows"]]
solweig.calculate(surface, weather=weather, location=solweig.Location(latitude=60.17, longitude=24.94,
    utc_offset=2), output_dir=sys.argv[1] + "/out", outputs=["tmrt", "utci"], use_anisotropic_sky=True)
print(json.dumps({"prepare": prepared - start, "all": time.perf_counter() - start}))
"""


def area(cells: int, cell: float) -> tuple[HeatInput, np.ndarray, np.ndarray]:
    """Blocks around yards and trees: about 35 % built, 4 % under crowns."""
    draw = np.random.default_rng(0)
    surface = np.zeros((cells, cells), dtype=np.float32)
    deep, wide = round(90 / cell), round(110 / cell)
    for top in range(0, cells, deep):
        for left in range(0, cells, wide):
            block = surface[top : top + round(65 / cell), left : left + round(80 / cell)]
            block[:] = draw.uniform(9, 36)
            block[round(15 / cell) : round(50 / cell), round(15 / cell) : round(65 / cell)] = 0
    built = surface > 0
    crowns = np.zeros_like(surface)
    radius = max(1, round(3 / cell))
    for row, column in draw.integers(radius, cells - radius, (round(cells**2 * cell**2 / 700), 2)):
        crowns[row - radius : row + radius, column - radius : column + radius] = 9
    crowns[built] = 0
    nothing = np.float32(np.nan)
    tops, trunks = (np.where(crowns > 0, crowns * part, nothing).astype(np.float32) for part in (1, 0.25))
    cover = np.where(built, COVERS.index("roof"), COVERS.index("asphalt")).astype(np.uint8)
    given = HeatInput(Surroundings(surface, cell, tops, trunks), Ground(cover, COVERS, ~built, cell))
    return given, surface, crowns


def planted(given: HeatInput) -> HeatInput:
    """The same with a row of ten trees in the middle."""
    from dataclasses import replace

    scene = given.surroundings
    assert scene.tops is not None
    assert scene.trunks is not None
    tops, trunks = scene.tops.copy(), scene.trunks.copy()
    rows, columns = tops.shape
    for number in range(10):
        column = columns // 2 + round(number * 8 / scene.cell)
        spot = (slice(rows // 2, rows // 2 + 3), slice(column, column + 3))
        free = given.ground.open[spot]
        tops[spot][free], trunks[spot][free] = 8.0, 2.0
    return replace(given, surroundings=replace(scene, tops=tops, trunks=trunks))


def main() -> int:
    """Print medians of several rounds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, default=500, help="rows and columns; %(default)s")
    parser.add_argument("--cell", type=float, default=1.0, help="side of a cell [m]; %(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="%(default)s")
    parser.add_argument("--solweig", metavar="PYTHON", help="a Python that has solweig==0.1.0b96")
    options = parser.parse_args()
    given, surface, crowns = area(options.cells, options.cell)
    edited = planted(given)
    times = [datetime.combine(DAY, clock(hour), HELSINKI.zone).timestamp() for hour in HOURS]
    climate = Climate(design_day(HELSINKI, DAY), HELSINKI)
    small, *_ = area(40, options.cell)
    for _ in heat_run(small, climate, times[:2]):  # machine code is made, or loaded, once
        pass
    found: dict[str, list[float]] = {}
    for _round in range(options.rounds):
        start = time.perf_counter()
        run = heat_run(given, climate, times, first=ON_SCREEN)
        _, maps = next(run)
        found.setdefault("first hour", []).append(time.perf_counter() - start)
        for _ in run:
            pass
        found.setdefault(f"{len(times)} hours", []).append(time.perf_counter() - start)
        start = time.perf_counter()
        for _ in heat_run(edited, climate, times, first=ON_SCREEN, previous=maps):
            pass
        found.setdefault("after a tree row", []).append(time.perf_counter() - start)
        if options.solweig:
            told = _other(options.solweig, surface, crowns, options.cell, climate, times)
            for key, seconds in told.items():
                found.setdefault(f"solweig {key}", []).append(seconds)
    for key, seconds in found.items():
        print(f"{key:18} {statistics.median(seconds):7.2f} s")
    if options.solweig:
        ours, theirs = (statistics.median(found[key]) for key in (f"{len(times)} hours", "solweig all"))
        print(f"{'ratio':18} {theirs / ours:7.1f} x")
    print(f"{'peak memory':18} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:7.2f} GB")
    return 0


def _other(
    python: str, surface: np.ndarray, crowns: np.ndarray, cell: float, climate: Climate, times: list[float]
) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        cover = np.where(surface > 0, 2, 1).astype(np.uint8)
        np.savez(Path(folder) / "grids.npz", dsm=surface, cdsm=crowns, cover=cover)
        rows = [
            {
                "time": datetime.fromtimestamp(moment.seconds, HELSINKI.zone)
                .replace(tzinfo=None)
                .isoformat(),
                "air": moment.air,
                "humidity": moment.humidity,
                "global": moment.global_radiation,
                "wind": moment.wind,
            }
            for moment in (climate.at(at) for at in times)
        ]
        (Path(folder) / "weather.json").write_text(json.dumps({"cell": cell, "rows": rows}))
        done = subprocess.run(
            [python, "-c", OTHER, folder], capture_output=True, text=True, check=True, cwd=folder
        )
        told: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
        return told


if __name__ == "__main__":
    raise SystemExit(main())
