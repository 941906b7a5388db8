"""Measures how quickly ground and layers come on screen; prints the goal beside each figure.

    .venv/bin/python scripts/bench_layers.py [--rounds 3] [--parts terrain,cog]

Draws without a window. Each round is a process of its own, so that memory is that of the part alone.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

SIZE = (1280, 720)
DEM_SIDE, COG_SIDE = 1000, 50_000
BLOCK = 512
POINTS = 100_000
EXTRACT = Path(__file__).parents[2] / "shared" / "data" / "osm" / "Helsinki.osm.pbf"
CRS, EAST, NORTH = "EPSG:3879", 25_496_000.0, 6_673_000.0


def main() -> int:
    """Print all figures, or with --one those of a single round as JSON."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--parts", default=",".join(PARTS), help=f"of {', '.join(PARTS)}; %(default)s")
    options.add_argument("--one", metavar="FOLDER", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    parts = asked.parts.split(",")
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        options.error(f"no part is called {unknown[0]!r}; there are {', '.join(PARTS)}")
    if asked.one is not None:
        print(json.dumps(PARTS[parts[0]][1](asked.one)))
        return 0
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
        folder = Path(name)
        os.environ["TWIN_SETTINGS"] = str(folder / "settings.ini")
        for part in parts:
            PARTS[part][0](folder)
            # the first only makes machine code, once a machine
            rounds = [_round(part, folder) for _ in range(asked.rounds + 1)][1:]
            for figure in rounds[0]:
                values = [one[figure] for one in rounds]
                shown = f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"
                print(f"{part:10}{figure:42}{shown:>24}   goal {GOALS[figure]}")
    return 0


def _round(part: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--parts", part, "--one", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def make_dem(folder: Path) -> None:
    """Hills with streets and steps in them, and a small one to begin with."""
    for side in (DEM_SIDE, 16):
        _write_dem(folder / f"bench_{side}_dem.tif", side)


def _write_dem(path: Path, side: int) -> None:
    import rasterio
    from rasterio import Affine

    y, x = np.mgrid[:side, :side].astype(np.float32)
    z = 20 * np.sin(x / 130) * np.cos(y / 170) + 2 * np.sin(x / 17 + y / 23) + 3 * (x % 100 < 8)
    z += np.random.default_rng(0).normal(0, 0.05, z.shape)
    options = {"width": side, "height": side, "count": 1, "dtype": "float32", "crs": CRS}
    there = Affine(1, 0, EAST, 0, -1, NORTH)
    with rasterio.open(path, "w", driver="GTiff", transform=there, **options) as file:
        file.write(z.astype(np.float32), 1)


def terrain(folder: Path) -> dict[str, float]:
    """From a file of heights to the picture of its ground, in a program that has drawn one before."""
    from twin.formats.open_project import first_state, open_project
    from twin.render.snapshot import Darkroom
    from twin.scene.items import Land
    from twin.session.session import Session

    room = Darkroom(SIZE, fine=False, shadows="raster")

    def draw(side: int) -> None:
        project = open_project(folder / f"bench_{side}_dem.tif")
        # shade follows in its own time, as in the window
        session = Session(project, replace(first_state(project), shadows=False))
        if not isinstance(session.scene.items["ground"], Land):
            raise RuntimeError("the ground is flat")
        room.photograph(session.scene)

    draw(16)
    began, worked = time.perf_counter(), time.process_time()
    draw(DEM_SIDE)
    return {
        "DEM to terrain on screen [s]": time.perf_counter() - began,
        "processor time of that [s]": time.process_time() - worked,
    }


def make_cog(folder: Path) -> None:
    """A picture of one band, in tiles and with overviews."""
    import rasterio
    from rasterio import Affine
    from rasterio.enums import Resampling
    from rasterio.windows import Window

    options = {"width": COG_SIDE, "height": COG_SIDE, "count": 1, "dtype": "uint8", "crs": CRS}
    tiles = {"tiled": True, "blockxsize": BLOCK, "blockysize": BLOCK, "compress": "deflate", "zlevel": 1}
    there = Affine(0.5, 0, EAST, 0, -0.5, NORTH)
    path = folder / "bench_cog.tif"
    with rasterio.open(
        path, "w", driver="GTiff", transform=there, BIGTIFF="YES", NUM_THREADS="ALL_CPUS", **options, **tiles
    ) as file:
        wave = (100 + 80 * np.sin(np.arange(COG_SIDE) / 900)).astype(np.uint8)
        for row in range(0, COG_SIDE, BLOCK):
            high = min(BLOCK, COG_SIDE - row)
            strip = np.broadcast_to(wave // 2 + wave[row] // 2, (1, high, COG_SIDE))
            file.write(strip, window=Window(0, row, COG_SIDE, high))
    with rasterio.open(path, "r+", NUM_THREADS="ALL_CPUS") as file:
        file.build_overviews([2, 4, 8, 16, 32, 64], Resampling.nearest)


def cog(folder: Path) -> dict[str, float]:
    """All of a huge raster laid over the ground."""
    from twin.formats.geotiff import read_raster
    from twin.model.place import Place
    from twin.render.snapshot import Darkroom
    from twin.scene.camera import around
    from twin.scene.colours import Ramp
    from twin.scene.items import Drape, Ground
    from twin.scene.scene import Scene

    room = Darkroom(SIZE, fine=False, shadows="raster")
    before = _peak()
    place = Place(CRS, (EAST, NORTH, 0.0), 24.9, 60.2, "Europe/Helsinki")
    began, worked = time.perf_counter(), time.process_time()
    raster, _ = read_raster(folder / "bench_cog.tif", id="cog", title="", place=place)
    items = {"ground": Ground(raster.bounds, "#e9e6df"), "overlay": Drape(raster, Ramp("batlow", 0, 255))}
    room.photograph(_seen(Scene, items, around(raster.bounds)))
    spent, worked = time.perf_counter() - began, time.process_time() - worked
    most = _peak()
    return {
        "50,000 × 50,000 COG draped [s]": spent,
        "processor time of that [s]": worked,
        "memory of that [MB]": (most - before) / 1024,
        "memory of the process [MB]": most / 1024,
    }


def find_map(_folder: Path) -> None:
    """Say at once where the extract is missing."""
    if not EXTRACT.is_file():
        raise SystemExit(f"the part `wizard` needs {EXTRACT}")


def wizard(folder: Path) -> dict[str, float]:
    """From an OpenStreetMap extract to the first picture of a station area, as the wizard makes it."""
    from twin.app.station_area import gather
    from twin.formats.area_write import write
    from twin.formats.open_project import first_state, open_project
    from twin.model.station_area import Wanted
    from twin.render.snapshot import Darkroom
    from twin.session.session import Session

    began, worked = time.perf_counter(), time.process_time()
    out = folder / "wizard.twin.json"
    found = gather(Wanted(60.1719, 24.9414, osm=EXTRACT))
    gathered = time.perf_counter()
    write(found, out, replace=True)
    written = time.perf_counter()
    project = open_project(out)
    session = Session(project, replace(first_state(project), shadows=False))
    Darkroom(SIZE, fine=False, shadows="raster").photograph(session.scene)
    return {
        "extract to open scene [s]": time.perf_counter() - began,
        "of it looking into the file [s]": gathered - began,
        "of it writing [s]": written - gathered,
        "processor time of all [s]": time.process_time() - worked,
    }


def make_points(_folder: Path) -> None:
    """Nothing: points are made where they are drawn."""


def glyphs(_folder: Path) -> dict[str, float]:
    """Very many trees, from above and from among them, while one orbits."""
    import shapely

    from twin.model.layer import Layer, Style
    from twin.model.table import Table
    from twin.render.snapshot import Darkroom
    from twin.scene.camera import looking
    from twin.scene.items import Glyphs, Ground, Sunlight
    from twin.scene.scene import Scene

    random = np.random.default_rng(4)
    xy = random.uniform(-1000.0, 1000.0, (POINTS, 2))
    columns = {
        "id": np.array([f"t{i}" for i in range(POINTS)], dtype=object),
        "height": random.uniform(4.0, 20.0, POINTS),
        "crown": random.uniform(2.0, 9.0, POINTS),
    }
    geometry = np.asarray(shapely.points(xy), dtype=object)
    layer = Layer("trees", "Trees", geometry, Table(POINTS, columns), Style("#93b27c", glyph="tree"))
    ground = Ground((-1000.0, -1000.0, 1000.0, 1000.0), "#e8e5dc")
    items = {"ground": ground, "layer:trees": Glyphs(layer, 1), "sun": Sunlight(45.0, 160.0)}
    room = Darkroom(SIZE, fine=False, shadows="raster")
    stage = room.stage
    stage.fine(False)
    found = {}
    for name, distance, tilt in (("above", 2500.0, 40.0), ("among them", 400.0, 12.0)):
        views = [looking((0.0, 0.0, 0.0), heading=h, tilt=tilt, distance=distance) for h in range(0, 180, 6)]
        began = time.perf_counter()
        stage.show(_seen(Scene, items, views[0]))
        room.take()
        first = time.perf_counter() - began
        began, worked = time.perf_counter(), time.process_time()
        for view in views:
            stage.look(view)
            room.take()
        found[f"orbit {name} [frames/s]"] = len(views) / (time.perf_counter() - began)
        found[f"processor time a frame {name} [ms]"] = 1e3 * (time.process_time() - worked) / len(views)
        if name == "above":
            found["first picture of them [s]"] = first
    return found


def _peak() -> float:
    """The most memory this process has had; what its parent had does not count. [KiB]"""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("VmHWM")))


def _seen(make: type, items: dict[str, object], camera: object) -> object:
    from datetime import UTC, datetime

    from twin.analysis.sun import sun
    from twin.model.place import Place

    place = Place(CRS, (EAST, NORTH, 0.0), 24.9, 60.2, "Europe/Helsinki")
    return make(items, camera, sun(place, datetime(2026, 6, 21, 12, tzinfo=UTC)), None)


PARTS: dict[str, tuple[Callable[[Path], None], Callable[[Path], dict[str, float]]]] = {
    "terrain": (make_dem, terrain),
    "cog": (make_cog, cog),
    "wizard": (find_map, wizard),
    "glyphs": (make_points, glyphs),
}
"""What a part needs made, and what it measures."""
GOALS = {
    "processor time of that [s]": "–",
    "processor time of all [s]": "–",
    "extract to open scene [s]": "≤ 30",
    "of it looking into the file [s]": "–",
    "of it writing [s]": "–",
    "DEM to terrain on screen [s]": "≤ 1",
    "orbit above [frames/s]": "≥ 15",
    "orbit among them [frames/s]": "≥ 15",
    "processor time a frame above [ms]": "–",
    "processor time a frame among them [ms]": "–",
    "first picture of them [s]": "–",
    "50,000 × 50,000 COG draped [s]": "< 2",
    "memory of that [MB]": "< 500",
    "memory of the process [MB]": "–",
}

if __name__ == "__main__":
    sys.exit(main())
