"""Measures how fast city models are read, beside other readers of the same files; prints ratios.

    .venv/bin/python scripts/bench_formats.py [--rounds 5] [--parts citygml cold cache cityjson] [--size 100]

Real files are taken from --data (../shared/data), and repeated beside each other until they have --size MB.
Each reader is a process of its own that reads the file once before it counts; then all read in turn. Seconds
are those of the reading itself, without imports; only `fresh process` counts everything. Seconds of the
processors, user and system, stand beside those of the clock: where others work on the machine too, only their
ratios are fair, but they say nothing about two threads. Goals hold for 100 MB or more. Readers that are not
there are left out with a notice: libcitygml (`apt install g++ libcitygml-dev`), which counts a surface again
where it is linked to, and the reader of bimfabrikhh-core-rs, whose Python is named by --bimfabrik.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = Path(__file__).with_suffix(".cpp")
LOOP = """
import json, sys, time
from pathlib import Path
path = Path(sys.argv[1])
{setup}
def area_of(city):
    import numpy as np
    a, b, c = (city.vertices[city.triangles[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)
for _ in sys.stdin:
    begun, worked = time.perf_counter(), time.process_time()
    made = read()
    took, work = time.perf_counter() - begun, time.process_time() - worked
    print(json.dumps([took, work, *count(made)]), flush=True)
    del made
"""
COUNT = """
count = lambda made: (made[1].polygons + made[1].patches, len(made[0].triangles), area_of(made[0]))
"""
OURS = f"""
from twin.formats import citygml_fast, citygml_tree
{{read}}
{COUNT}
"""
READERS = {
    "twin, one thread": OURS.format(read="read = lambda: citygml_fast.read(path)"),
    "twin, two threads": OURS.format(read="read = lambda: citygml_fast.read(path, threads=2)"),
    "twin, element tree": OURS.format(read="read = lambda: citygml_tree.read(path)"),
    "vtkCityGMLReader": """
import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkObject
from vtkmodules.vtkIOCityGML import vtkCityGMLReader
vtkObject.GlobalWarningDisplayOff()
def read():
    reader = vtkCityGMLReader()
    reader.SetFileName(str(path))
    reader.SetLOD({lod})
    reader.Update()
    return reader.GetOutput()
def leaves(data):
    for k in range(data.GetNumberOfBlocks()):
        block = data.GetBlock(k)
        if block is None:
            continue
        if block.IsA("vtkMultiBlockDataSet"):
            yield from leaves(block)
        else:
            yield block
def count(made):
    area = cells = 0
    for block in leaves(made):
        points = vtk_to_numpy(block.GetPoints().GetData()).astype(float)
        corners = vtk_to_numpy(block.GetPolys().GetConnectivityArray()).reshape(-1, 3)
        a, b, c = (points[corners[:, k]] for k in range(3))
        area += float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)
        cells += len(corners)
    return None, cells, area
""",
    "bare expat": """
from xml.parsers.expat import ParserCreate
data = path.read_bytes()
def read():
    parser = ParserCreate(namespace_separator=None)
    parser.Parse(path.read_bytes(), True)
count = lambda made: (None, None, None)
""",
    "bimfabrikhh-core-rs": """
from bimfabrikhh_core_rs import parse_gml
read = lambda: parse_gml(str(path))
count = lambda made: (None, None, None)
""",
}
CITYJSON = (
    """
from twin.formats import cityjson
read = lambda: cityjson.read(path, crs="EPSG:28992")
"""
    + COUNT
)
FRESH = "from pathlib import Path; import sys; from twin.formats import citygml_fast; \
citygml_fast.read(Path(sys.argv[1]), threads=2)"
COLD = "import time; from pathlib import Path; import sys; from twin.formats import citygml; \
begun = time.perf_counter(); citygml.read(Path(sys.argv[1])); print(time.perf_counter() - begun)"
MAKE = "import time; begun = time.perf_counter(); from twin.formats import citygml_chunks; \
citygml_chunks.compile_all(); print(time.perf_counter() - begun)"
CACHE = (
    """
from twin.formats import cache
import os
cache.city(path, None)
read = lambda: cache.city(path, None)
"""
    + COUNT
)


FILES = {
    "thehague": ("denhaag/DenHaag_01.xml", 2),
    "ingolstadt": ("ingolstadt_lod3/A/_merged_lod3_A.gml", 3),
}
SLOW = ("vtkCityGMLReader", "twin, element tree")
PARTS = ("citygml", "cold", "cache", "cityjson")
LIBCITYGML = "libcitygml (Debian)"
PART = "libcitygml, a part"
INSTALLATION = re.compile(rb"<(\w+:outer\w+Installation)>.*?</\1>", re.DOTALL)
"""Their MultiGeometry stops libcitygml 2.4."""
GOALS = (
    ("twin, one thread", LIBCITYGML, 6.0),
    ("twin, one thread", "vtkCityGMLReader", 25.0),
    ("twin, one thread", "bare expat", 0.5),
    ("twin, two threads", LIBCITYGML, 10.0),
    ("twin, fresh process", LIBCITYGML, 2.0),
)
"""How many times as fast as another each must be."""
Times = tuple[float, float]
"""By the clock and of the processors. [s]"""


class Reader:
    """A reader that waits in its own process."""

    def __init__(self, name: str, command: list[str], limit: float) -> None:
        self.name = name
        self.seconds: list[Times] = []
        self.polygons: int | None = None
        self.triangles: int | None = None
        self.area: float | None = None
        self.failed = ""
        self._limit = limit
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def read(self, counts: bool) -> None:
        """Read once; a process that dies is not asked again."""
        if self.failed:
            return
        assert self._process.stdin and self._process.stdout
        try:
            guard = threading.Timer(self._limit, self._process.kill)
            guard.start()
            begun = time.perf_counter()
            self._process.stdin.write("\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
            took, work, self.polygons, self.triangles, self.area = json.loads(line)
        except (OSError, ValueError):
            self._process.wait()
            late = time.perf_counter() - begun >= self._limit
            self.failed = f"longer than {self._limit:g} s" if late else f"fails: {self._process.returncode}"
            return
        finally:
            guard.cancel()
        if counts:
            self.seconds.append((took, work))

    def end(self) -> None:
        """Let the process go."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.kill()
        self._process.wait()


def main() -> int:
    """Print all figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS)
    options.add_argument("--size", type=float, default=100.0, help="of the repeated files [MB]")
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--bimfabrik", type=Path, help="a Python that has bimfabrikhh-core-rs")
    options.add_argument("--slow-rounds", type=int, default=2, help="of " + " and ".join(SLOW))
    options.add_argument("--limit", type=float, default=120.0, help="of one reading; longer ones fail [s]")
    options.add_argument("--files", nargs="+", default=list(FILES), choices=FILES, help="that are repeated")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
        folder = Path(name)
        os.environ["TWIN_CACHE_DIR"] = str(folder / "cache")
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the beginning")
        wanted = {"citygml", "cold", "cache"} & {*asked.parts}
        files = repeated(asked.data, folder, asked.size, asked.files) if wanted else []
        library = built(folder) if "citygml" in asked.parts else None
        for path, lod in files:
            if "citygml" in asked.parts:
                citygml(path, lod, library, asked)
            if "cache" in asked.parts:
                again = started("cache", CACHE, path, asked.limit)
                report("opened again from the cache", path, [again], asked.rounds)
        if "cold" in asked.parts:
            for path in [
                *sorted(asked.data.glob("citygml/helsinki/kalasatama_2549*")),
                *(p for p, _ in files),
            ]:
                cold(path, folder)
        if "cityjson" in asked.parts:
            path = larger_cityjson(asked.data / "cityjson" / "DenHaag_01.json", folder)
            report("CityJSON, goal 2.5 s", path, [started("twin", CITYJSON, path, asked.limit)], asked.rounds)
    return 0


def repeated(data: Path, folder: Path, size: float, files: list[str]) -> list[tuple[Path, int]]:
    """The real files, repeated, and the LoD that VTK shall read."""
    made = []
    for source, lod in (FILES[name] for name in files):
        real = data / "citygml" / source
        times = max(round(size * 1e6 / real.stat().st_size), 1)
        path = folder / f"{real.stem.strip('_')}_x{times}.gml"
        tool = data / "tools" / "replicate_citygml.py"
        subprocess.run([sys.executable, tool, real, path, str(times)], check=True)
        made.append((path, lod))
    return made


def larger_cityjson(source: Path, folder: Path, times: int = 28) -> Path:
    """A CityJSON file many times beside itself."""
    city = json.loads(source.read_text(encoding="utf-8"))
    count = len(city["vertices"])

    def moved(boundaries: object, by: int) -> object:
        if isinstance(boundaries, list):
            return [moved(inner, by) for inner in boundaries]
        return boundaries + by  # type: ignore[operator]

    objects, vertices = {}, []
    scale = city.get("transform", {}).get("scale", [1.0])[0]
    for k in range(times):
        for name, thing in city["CityObjects"].items():
            shapes = [
                {**shape, "boundaries": moved(shape["boundaries"], k * count)}
                for shape in thing.get("geometry", ())
            ]
            family: dict[str, object] = {
                key: [f"{other}-{k}" for other in thing[key]]
                for key in ("children", "parents")
                if key in thing
            }
            if "parent" in thing:  # before version 1.0
                family["parent"] = f"{thing['parent']}-{k}"
            objects[f"{name}-{k}"] = {**thing, **family, "geometry": shapes}
        vertices += [[x + int(1000 / scale) * k, y, z] for x, y, z in city["vertices"]]
    path = folder / f"{source.stem}_x{times}.json"
    path.write_text(json.dumps({**city, "CityObjects": objects, "vertices": vertices}), encoding="utf-8")
    return path


def built(folder: Path) -> Path | None:
    """The program that times libcitygml."""
    program = folder / "libcitygml_time"
    compiler = shutil.which("g++")
    if compiler:
        command = [compiler, "-O2", "-std=c++14", LIBRARY, "-o", program, "-lcitygml"]
        if not subprocess.run(command, capture_output=True, check=False).returncode:
            return program
    print("libcitygml is left out: there is no g++ or no libcitygml-dev.")
    return None


def refused(library: Path, path: Path, limit: float) -> str:
    """Why libcitygml reads nothing of a file; empty: it does."""
    done = subprocess.run([library, path], capture_output=True, text=True, check=False, timeout=limit)
    said = done.stderr.strip().splitlines()
    return (said[-1].strip() if said else f"it ends with {done.returncode}") if done.returncode else ""


def without_installations(path: Path) -> Path:
    """A copy of a file beside it, without the installations on buildings."""
    part = path.with_stem(f"{path.stem}_part")
    part.write_bytes(INSTALLATION.sub(b"", path.read_bytes()))
    return part


def started(name: str, setup: str, path: Path, limit: float, python: str = sys.executable) -> Reader:
    """A reader in Python."""
    return Reader(name, [python, "-c", LOOP.format(setup=setup), str(path)], limit)


def citygml(path: Path, lod: int, library: Path | None, asked: argparse.Namespace) -> None:
    """Compare all readers of CityGML."""
    readers = []
    if library:
        name, its = LIBCITYGML, path
        why = refused(library, path, asked.limit)
        if why:
            name, its = PART, without_installations(path)
            print(f"libcitygml cannot read {path.name}: {why}")
            print(
                f"It reads a part of it: {its.stat().st_size / 1e6:.1f} MB, without building installations."
            )
        shell = f'while read x; do "{library}" "{its}" 2>/dev/null | tail -1 || exit 1; done'
        readers.append(Reader(name, ["bash", "-o", "pipefail", "-c", shell], asked.limit))
    for name, setup in READERS.items():
        python = sys.executable
        if name.startswith("bimfabrik"):
            if not asked.bimfabrik:
                print("bimfabrikhh-core-rs is left out: --bimfabrik names no Python.")
                continue
            python = str(asked.bimfabrik)
        readers.append(started(name, setup.replace("{lod}", str(lod)), path, asked.limit, python))
    report("CityGML", path, readers, asked.rounds, dict.fromkeys(SLOW, asked.slow_rounds), FRESH)


def report(
    title: str,
    path: Path,
    readers: list[Reader],
    rounds: int,
    fewer: dict[str, int] | None = None,
    fresh: str = "",
) -> None:
    """Let all read in turn, and print the medians."""
    whole: list[Times] = []
    for number in range(rounds + 1):
        for reader in readers:
            if number <= (fewer or {}).get(reader.name, rounds):
                reader.read(counts=number > 0)
        if fresh and number:
            begun, worked = time.perf_counter(), os.times()
            subprocess.run([sys.executable, "-c", fresh, path], check=True)
            done = os.times()
            work = done.children_user + done.children_system - worked.children_user - worked.children_system
            whole.append((time.perf_counter() - begun, work))
    size = path.stat().st_size / 1e6
    print(f"\n{title}: {path.name}, {size:.1f} MB, load {os.getloadavg()[0]:.1f}")
    heads = f"{'median s':>9}{'least':>8}{'most':>8}{'CPU s':>8}{'MB/s':>7}"
    print(f"{'':24}{heads}{'polygons':>10}{'triangles':>11}{'area m²':>14}")
    times = {}
    for reader in readers:
        reader.end()
        if reader.failed or not reader.seconds:
            print(f"{reader.name:24}{reader.failed}")
            continue
        times[reader.name] = middle(reader.seconds)
        line(reader.name, reader.seconds, size, reader)
    if whole:
        times["twin, fresh process"] = middle(whole)
        line("twin, fresh process", whole, size)
    for name in ("twin, one thread", "twin, two threads", "twin, fresh process"):
        for other in times:
            if name in times and not other.startswith("twin"):
                compared(name, other, times)


def compared(name: str, other: str, times: dict[str, Times]) -> None:
    """Print how many times as fast as another a reader is, and whether that is enough."""
    clock, work = (theirs / ours for theirs, ours in zip(times[other], times[name], strict=True))
    goal = next((least for one, two, least in GOALS if (one, two) == (name, other)), None)
    said = f"{name}: {clock:.2f} × as fast as {other}, {work:.2f} × by CPU"
    if goal is not None:
        said += f"; goal {goal:g} ×: {'reached' if clock >= goal else 'short'} by the clock"
        # two threads share the work, so that only the clock tells
        if name != "twin, two threads":
            said += f", {'reached' if work >= goal else 'short'} by CPU"
    print(said)


def middle(seconds: list[Times]) -> Times:
    """The medians."""
    return statistics.median(clock for clock, _ in seconds), statistics.median(work for _, work in seconds)


def line(name: str, seconds: list[Times], size: float, found: Reader | None = None) -> None:
    """Print one reader, and what it found."""
    clock, work = middle(seconds)
    clocks = [clock for clock, _ in seconds]
    said = (found.polygons, found.triangles) if found else (None, None)
    counts = "".join(f"{'' if n is None else n:>{width}}" for n, width in zip(said, (10, 11), strict=True))
    counts += f"{'' if found is None or found.area is None else f'{found.area:.1f}':>14}"
    spread = f"{min(clocks):8.3f}{max(clocks):8.3f}"
    print(f"{name:24}{clock:9.3f}{spread}{work:8.3f}{size / clock:7.0f}{counts}")


def cold(path: Path, folder: Path) -> None:
    """The first opening ever, without any machine code on the disk, and the one after."""
    kept = folder / "machine code"
    shutil.rmtree(kept, ignore_errors=True)
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(kept)}

    def run(code: str) -> float:
        done = subprocess.run(
            [sys.executable, "-c", code, path], env=environment, capture_output=True, text=True, check=True
        )
        return float(done.stdout)

    first, made, second = run(COLD), run(MAKE), run(COLD)
    size = path.stat().st_size / 1e6
    print(
        f"\nfirst opening ever of {path.name} ({size:.1f} MB): {first:.2f} s; machine code, made beside it: "
    )
    print(f"{made:.1f} s; first opening in a process after that: {second:.2f} s")


if __name__ == "__main__":
    sys.exit(main())
