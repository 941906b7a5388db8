"""Times shade over a station area: 1.0 × 1.67 km at 2 m, Helsinki, 15 July.

    .venv/bin/python scripts/bench_shadow.py

The city is made up and the same every time: perimeter blocks of 8-35 m, two towers, 650 trees.
"""

import statistics
import threading
import time
from collections.abc import Callable
from datetime import date

import numpy as np
from shapely import MultiPoint, Polygon, box

from twin.analysis.build import build, trees
from twin.analysis.extrude import block
from twin.analysis.shadow import shadow, sun_hours
from twin.analysis.sky_view import sky_view
from twin.analysis.sun import Sun
from twin.analysis.surface_model import canopy_model, surface_model
from twin.model.city import City, CityObject, from_objects
from twin.model.place import Place
from twin.model.scenario import AddBuilding, PlantTrees, Remove

PLACE = Place("EPSG:3879", (0.0, 0.0, 0.0), 24.9414, 60.1719, "Europe/Helsinki")
BOUNDS = (0.0, 0.0, 1000.0, 1670.0)
ROUNDS = 5


def city() -> City:
    """Seven hundred buildings around courtyards."""
    chance = np.random.default_rng(2026)
    things = []
    for x in range(0, 1000, 40):
        for y in range(0, 1670, 60):
            yard = [list(box(x + 14, y + 16, x + 24, y + 40).exterior.coords)]
            plot = Polygon(box(x + 4, y + 4, x + 34, y + 52).exterior.coords, yard)
            roof = ("flat", "gabled", "hipped")[int(chance.integers(3))]
            shell = block(plot, base=0, height=float(chance.uniform(8, 35)), roof=roof)
            things.append(CityObject(f"b{x}.{y}", attributes={"measuredHeight": 20.0}, polygons=shell))
    return from_objects(PLACE, things)


def median(name: str, function: Callable[[], object], rounds: int = ROUNDS) -> None:
    """Prints how long it takes."""
    function()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        taken.append(time.perf_counter() - start)
    print(f"{name:<46} {statistics.median(taken) * 1000:9.1f} ms   (least {min(taken) * 1000:.1f})")


def longest_wait(function: Callable[[], object]) -> float:
    """How late a thread that wants to wake every 10 ms does so at worst, while another computes. [s]"""
    worker = threading.Thread(target=function)
    worker.start()
    worst, last = 0.0, time.perf_counter()
    while worker.is_alive():
        time.sleep(0.01)
        now = time.perf_counter()
        worst, last = max(worst, now - last - 0.01), now
    return worst


def main() -> None:
    """Prints a table."""
    today = city()
    points = np.random.default_rng(7).uniform((0, 0), (1000, 1670), (650, 2))
    grove = PlantTrees(
        "t", "Trees", MultiPoint([(x // 40 * 40 + 1.0, y) for x, y in points]), height=12, crown=7
    )
    layers = build(today, (), (grove,)).layers
    edits = (
        AddBuilding("n", "Tower", box(480, 600, 510, 630), 70.0),
        Remove("r", "", tuple(today.object_id[:20])),
        PlantTrees("p", "Row", MultiPoint([(9.0 * x, 1.0) for x in range(60)])),
    )
    planned = build(today, layers, edits)
    print(
        f"{len(today.object_id)} buildings, {len(today.triangles)} triangles, {len(planned.changes)} changes"
    )
    median("build a scenario", lambda: build(today, layers, edits))
    dsm = surface_model(planned.city, bounds=BOUNDS, cell=2.0)
    green = trees(planned.layers)
    assert green is not None
    canopy = canopy_model(green, bounds=BOUNDS, cell=2.0)
    print(
        f"{dsm.values.shape[1]} × {dsm.values.shape[0]} cells, {(canopy.values > 0).mean():.1%} under crowns"
    )
    median("surface model", lambda: surface_model(planned.city, bounds=BOUNDS, cell=2.0))
    median("canopy model", lambda: canopy_model(green, bounds=BOUNDS, cell=2.0))
    for altitude in (45, 10, 2):
        sun = Sun(altitude, 200)
        median(f"shadow, sun at {altitude}°", lambda sun=sun: shadow(dsm, sun))
        median(f"shadow with trees, sun at {altitude}°", lambda sun=sun: shadow(dsm, sun, canopy=canopy))
    day = date(2026, 7, 15)
    median("sun hours, every 10 min", lambda: sun_hours(dsm, PLACE, day), 3)
    median("sun hours with trees, every 10 min", lambda: sun_hours(dsm, PLACE, day, canopy=canopy), 3)
    median("sky view, 16 directions, 200 m", lambda: sky_view(dsm), 3)
    late = longest_wait(lambda: sun_hours(dsm, PLACE, day, canopy=canopy))
    print(f"{'another thread waits during sun hours at most':<46} {late * 1000:9.1f} ms")


if __name__ == "__main__":
    main()
