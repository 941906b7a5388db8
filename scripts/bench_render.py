"""Times drawing a city of any size: ours, one mesh, one actor for each building (PyVista), and F3D.

    .venv/bin/python scripts/bench_render.py [--buildings 100000] [--small 3000] [--rounds 5] [--f3d PYTHON]

Each is a process of its own; they take turns, so that a busy machine disturbs all alike. Printed are medians
and, as the median over the rounds, how many times longer the others take. One actor for each building is only
drawn in the small city, as it takes a millisecond to make each; F3D where PYTHON, an interpreter, has `f3d`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import made_city
import numpy as np

if TYPE_CHECKING:
    from twin.model.state import Camera
    from twin.scene.scene import Scene

WINDOW, MOVING = (1280, 720), (640, 360)
"""The size of the pictures, and of ours while the view moves on a machine without a graphics card. [px]"""
FRAMES = 9
"""So many frames of an orbit are timed, of which the median counts."""
TURN = 3.0
"""From one frame to the next. [deg]"""
CHANGED = 1000
"""So many buildings are hidden."""
PICKS = 200

Figures = dict[str, float]


def main() -> int:
    """Prints all figures."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--buildings", type=int, default=100_000)
    options.add_argument("--small", type=int, default=3_000, help="of the city that PyVista draws, too")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--f3d", default=sys.executable, metavar="PYTHON")
    options.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    options.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.run:
        print(json.dumps(RUNS[asked.run](asked.buildings)))
        return 0
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load}; Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as folder:
        f3d = asked.f3d if has_f3d(asked.f3d) else ""
        if not f3d:
            print(f"F3D is left out: {asked.f3d} cannot import it; name one that can with --f3d")
        compare(asked.small, ["twin", "mesh", "pyvista"], f3d, asked.rounds, Path(folder))
        compare(asked.buildings, ["twin", "mesh"], f3d, asked.rounds, Path(folder))
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"load at the end {load}")
    return 0


def compare(count: int, names: list[str], f3d: str, rounds: int, folder: Path) -> None:
    """Draws a city in each way, so many times in turn, and prints the figures."""
    city = made_city.city(count)
    data = folder / f"{count}.bin"
    if f3d:
        with data.open("wb") as file:
            for array in (city.vertices.astype(np.float32), city.triangles.astype(np.uint32)):
                np.save(file, array)
        names = [*names, "f3d"]
    print(f"\n{count} buildings, {len(city.triangles)} triangles, {WINDOW[0]}×{WINDOW[1]}")
    del city
    found: dict[str, list[Figures]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            found[name].append(one(name, count, f3d, data))
    keys = dict.fromkeys(key for name in names for key in found[name][0])
    print(f"{'':40s}" + "".join(f"{name:>16s}" for name in names))
    for key in keys:
        line = f"{key:40s}"
        for name in names:
            if key not in found[name][0]:
                line += f"{'–':>16s}"
                continue
            figure = statistics.median(each[key] for each in found[name])
            line += f"{figure:10.1f}"
            line += f"{ratio(found, name, key):>6s}"
        print(line + (f"   goal {GOALS[key]}" if key in GOALS else ""))


def ratio(found: dict[str, list[Figures]], name: str, key: str) -> str:
    """How many times longer than ours; empty where that says nothing."""
    pairs = [(a[key], b[key]) for a, b in zip(found[name], found["twin"], strict=True) if key in b]
    if name == "twin" or not pairs or min(min(pair) for pair in pairs) <= 0.0:
        return ""
    return f"{statistics.median(other / ours for other, ours in pairs):.1f}×"


GOALS = {
    "orbit, whole city, while moving, ms": "100",
    "orbit, near, while moving, ms": "33",
    "recolour all, beyond a frame, ms": "50",
    f"hide {CHANGED}, beyond a frame, ms": "50",
    "pick, ms": "5",
    "memory, MiB": "2500",
}


def one(name: str, count: int, f3d: str, data: Path) -> Figures:
    """The figures of one process."""
    if name == "f3d":
        command = [f3d, str(Path(__file__).with_name("bench_f3d.py")), str(data), json.dumps(views(count))]
    else:
        command = [sys.executable, __file__, "--run", name, "--buildings", str(count)]
    unseen = {**os.environ, "VTK_DEFAULT_OPENGL_WINDOW": "vtkEGLRenderWindow"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=unseen)
    if done.returncode:
        raise SystemExit(f"{name} ended with {done.returncode}: {done.stderr[-2000:]}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def has_f3d(python: str) -> bool:
    """Whether an interpreter has F3D and NumPy."""
    try:
        tried = subprocess.run([python, "-c", "import f3d, numpy"], capture_output=True, check=False)
    except OSError:
        return False
    return not tried.returncode


def views(count: int) -> dict[str, list[list[float]]]:
    """Position and target of the camera in each frame, of all of the city and near."""
    side = made_city.PITCH * np.ceil(np.sqrt(count)) * (1 + made_city.STREET / made_city.PITCH / 8)
    return {
        name: [
            [*camera.position, *camera.target]
            for camera in (orbit(step, tilt, distance) for step in range(FRAMES))
        ]
        for name, tilt, distance in (("whole city", 40.0, 1.25 * side), ("near", 25.0, 300.0))
    }


def orbit(step: int, tilt: float, distance: float) -> Camera:
    """Where one looks from in one frame."""
    from twin.scene.camera import looking

    return looking((0.0, 0.0, 0.0), heading=30.0 + TURN * step, tilt=tilt, distance=distance)


# the ways to draw, each in a process of its own ---------------------------------------------------


def twin(count: int) -> Figures:
    """Ours."""
    from twin.render.pick import Picker
    from twin.render.snapshot import Darkroom
    from twin.scene.colours import Classes, Ramp
    from twin.scene.items import Colouring, Mask

    city = made_city.city(count)
    cameras = views(count)
    bare = memory()
    room = Darkroom(MOVING, fine=False)
    room.stage.fine(False)
    plain = scene(city, cameras["whole city"][0])
    began = time.perf_counter()
    room.stage.show(plain)
    room.take(MOVING)
    figures = {"first picture, ms": since(began)}
    for name, places in cameras.items():
        # the first round makes what is drawn near
        for _ in range(2):
            frames = [drawn(room, city, place, MOVING) for place in places]
        figures[f"orbit, {name}, while moving, ms"] = statistics.median(frames)
        frames = [drawn(room, city, place, WINDOW) for place in places]
        figures[f"orbit, {name}, ms"] = statistics.median(frames)
        room.stage.fine(True)
        drawn(room, city, places[0], WINDOW)
        figures[f"at rest, {name}, ms"] = statistics.median(
            drawn(room, city, place, WINDOW) for place in places
        )
        room.stage.fine(False)
        if name == "near":
            continue
        hidden = np.zeros(count, dtype=bool)
        hidden[np.random.default_rng(1).choice(count, min(CHANGED, count // 2), replace=False)] = True
        uses = Classes(tuple(zip(made_city.USES, COLOURS, strict=False)))
        for title, look in (
            ("recolour all", {"colouring": Colouring("use", uses)}),
            ("recolour all by height", {"colouring": Colouring("measuredHeight", Ramp("batlow", 0.0, 60.0))}),
            (f"hide {CHANGED}", {"hidden": Mask(hidden)}),
        ):
            took = []
            for _ in range(FRAMES):
                drawn(room, city, places[0], MOVING)
                frame = drawn(room, city, places[0], MOVING)
                changed = scene(city, places[0], **look)
                began = time.perf_counter()
                room.stage.show(changed)
                room.take(MOVING)
                took.append(since(began) - frame)
            figures[f"{title}, beyond a frame, ms"] = statistics.median(took)
    picker, chance = Picker(), np.random.default_rng(2)
    shown = scene(city, cameras["near"][0])
    took = []
    for _ in range(PICKS):
        x, y = chance.uniform((0, 0), WINDOW)
        began = time.perf_counter()
        picker.pick(shown, shown.camera, x, y, WINDOW)
        took.append(since(began))
    figures["pick, ms"] = statistics.median(took)
    figures["slowest pick, with its search tree, ms"] = max(took)
    figures["memory, MiB"] = peak()
    figures["memory for drawing, MiB"] = peak() - bare
    return figures


def mesh(count: int) -> Figures:
    """One mesh, as small cities are drawn, with the edges of all buildings."""
    from twin.render import tiles
    from twin.render.snapshot import Darkroom

    tiles.MANY_OBJECTS = tiles.MANY_TRIANGLES = 10**9
    city = made_city.city(count)
    cameras = views(count)
    bare = memory()
    room = Darkroom(WINDOW, fine=False)
    plain = scene(city, cameras["whole city"][0])
    began = time.perf_counter()
    room.stage.show(plain)
    room.take(WINDOW)
    figures = {"first picture, ms": since(began)}
    for name, places in cameras.items():
        frames = [drawn(room, city, place, WINDOW) for place in places]
        figures[f"orbit, {name}, ms"] = statistics.median(frames)
    figures["memory, MiB"] = peak()
    figures["memory for drawing, MiB"] = peak() - bare
    return figures


def pyvista(count: int) -> Figures:
    """One actor for each building, as a script that uses PyVista would do it."""
    import pyvista as pv

    from twin.model.city import triangle_object
    from twin.model.parts import spans

    city = made_city.city(count)
    cameras = views(count)
    bare = memory()
    owner = triangle_object(city)
    ends = np.searchsorted(owner, np.arange(count + 1))
    plotter = pv.Plotter(off_screen=True, window_size=list(WINDOW))
    began = time.perf_counter()
    actors = []
    for row in range(count):
        faces = city.triangles[spans(ends[row : row + 1], ends[row + 1 : row + 2] - ends[row : row + 1])]
        low, high = int(faces.min()), int(faces.max()) + 1
        shape = pv.PolyData.from_regular_faces(city.vertices[low:high], faces - low)
        actors.append(plotter.add_mesh(shape, color="white", reset_camera=False, render=False))
    place(plotter, cameras["whole city"][0])
    plotter.show(auto_close=False)
    figures = {"first picture, ms": since(began)}

    def frame(camera: list[float]) -> float:
        place(plotter, camera)
        started = time.perf_counter()
        plotter.render()
        plotter.screenshot(return_img=True)
        return since(started)

    for name, places in cameras.items():
        figures[f"orbit, {name}, ms"] = statistics.median(frame(camera) for camera in places)
    plain = statistics.median(frame(cameras["whole city"][0]) for _ in range(FRAMES))
    began = time.perf_counter()
    for number, actor in enumerate(actors):
        actor.prop.color = COLOURS[number % len(COLOURS)]
    recoloured = since(began) + frame(cameras["whole city"][0])
    figures["recolour all, beyond a frame, ms"] = recoloured - plain
    began = time.perf_counter()
    for actor in actors[:CHANGED]:
        actor.visibility = False
    figures[f"hide {CHANGED}, beyond a frame, ms"] = since(began) + frame(cameras["whole city"][0]) - plain
    figures["memory, MiB"] = peak()
    figures["memory for drawing, MiB"] = peak() - bare
    plotter.close()
    return figures


RUNS: dict[str, Callable[[int], Figures]] = {"twin": twin, "mesh": mesh, "pyvista": pyvista}
COLOURS = ("#eedd88", "#77aadd", "#ee8866", "#44bb99", "#cc6677", "#ffaabb")


def scene(city: Any, camera: list[float], **look: Any) -> Scene:
    """The city on a plain."""
    from twin.analysis.sun import Sun
    from twin.model.state import Camera
    from twin.scene.items import Buildings, Ground, Sunlight
    from twin.scene.scene import Scene

    half = reach(city)
    items = {
        "ground": Ground((-half, -half, half, half), "#e9e6df"),
        "buildings": Buildings(city, **look),
        "sun": Sunlight(40.0, 150.0),
    }
    eye, target = camera[:3], camera[3:]
    return Scene(
        items, Camera((eye[0], eye[1], eye[2]), (target[0], target[1], target[2])), Sun(40.0, 150.0), None
    )


@lru_cache(maxsize=1)
def reach(city: Any) -> float:
    """How far from the origin it goes: once, as going through all its vertices empties the memory of the
    processor before each frame, which nothing does while a view turns. [m]"""
    return float(np.abs(city.vertices[:, :2]).max())


def drawn(room: Any, city: Any, camera: list[float], size: tuple[int, int]) -> float:
    """How long one frame takes. [ms]"""
    shown = scene(city, camera)
    room.stage.show(shown)
    began = time.perf_counter()
    room.take(size)
    return since(began)


def place(plotter: Any, camera: list[float]) -> None:
    """Looks from there."""
    plotter.camera.position, plotter.camera.focal_point = camera[:3], camera[3:]
    plotter.camera.up, plotter.camera.view_angle = (0.0, 0.0, 1.0), 35.0
    plotter.camera.clipping_range = (1.0, 40_000.0)


def since(began: float) -> float:
    """Milliseconds."""
    return (time.perf_counter() - began) * 1e3


def memory() -> float:
    """What this process holds now. [MiB]"""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * resource.getpagesize() / 2**20 if statm.exists() else peak()


def peak() -> float:
    """The most this process has held. [MiB]"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    raise SystemExit(main())
