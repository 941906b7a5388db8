"""Times one mesh in F3D; `bench_render.py` runs it with an interpreter that has F3D.

PYTHON scripts/bench_f3d.py MESH VIEWS
"""

import json
import resource
import statistics
import sys
import time
from pathlib import Path

import f3d
import numpy as np


def main() -> None:
    """Prints the figures as JSON."""
    with Path(sys.argv[1]).open("rb") as file:
        points, triangles = np.load(file), np.load(file)
    views = json.loads(sys.argv[2])
    mesh = f3d.Mesh(
        points=points.ravel().tolist(),
        face_sides=[3] * len(triangles),
        face_indices=triangles.ravel().tolist(),
    )
    f3d.Log.set_verbose_level(f3d.Log.QUIET)
    engine = f3d.Engine.create(True)
    engine.window.size = 1280, 720
    bare = memory()
    began = time.perf_counter()
    engine.scene.add(mesh)
    figures = {}
    for name, places in views.items():
        frames = []
        for place in places:
            camera = engine.window.camera
            camera.position, camera.focal_point = place[:3], place[3:]
            camera.view_up, camera.view_angle = (0.0, 0.0, 1.0), 35.0
            started = time.perf_counter()
            engine.window.render_to_image()
            frames.append((time.perf_counter() - started) * 1e3)
            figures.setdefault("first picture, ms", (time.perf_counter() - began) * 1e3)
        figures[f"orbit, {name}, ms"] = statistics.median(frames)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures["memory for drawing, MiB"] = peak - bare
    print(json.dumps(figures))


def memory() -> float:
    """What this process holds now. [MiB]"""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


if __name__ == "__main__":
    main()
