"""Measures how quickly scenarios are built, switched and compared; prints the goal beside each figure.

    .venv/bin/python scripts/bench_scenarios.py [--rounds 5] [--buildings 100000]

Needs a display (`xvfb-run -s "-screen 0 1920x1200x24" …` where there is none) and an otherwise idle machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import made_city
import numpy as np
from bench_app import Bench, say
from shapely import MultiPoint, Point, box

from twin.analysis.build import build
from twin.analysis.difference import compare
from twin.formats.open_project import first_state
from twin.model.city import City, roots
from twin.model.project import Project
from twin.model.scenario import (
    AddBuilding,
    ChangeAttributes,
    ChangeGround,
    Edit,
    ExtendBuilding,
    PlantTrees,
    Remove,
    Scenario,
)
from twin.session import commands, scenarios

if TYPE_CHECKING:
    from twin.app.canvas import ImageCanvas
    from twin.session.session import Session

SIZE = (1280, 720)
EDITS = 1000


def main() -> int:
    """Print all figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--buildings", type=int, default=100_000)
    asked = options.parse_args()
    own = tempfile.TemporaryDirectory(prefix="twin-bench-")
    os.environ["TWIN_SETTINGS"] = str(Path(own.name) / "settings.ini")
    os.environ.setdefault("TWIN_STATE_DIR", own.name)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    bench = Bench()
    try:
        building(bench.session.project, asked.rounds)
        bench.switch()
        one_edit(bench, asked.rounds)
        views(bench)
        if asked.buildings:
            large(bench, asked.buildings)
    finally:
        bench.close()
    return 0


def middles(city: City) -> dict[str, tuple[float, float]]:
    """Where each building stands, by id. [m]"""
    owner = roots(city)[city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]]
    count = np.maximum(np.bincount(owner, minlength=len(city.object_id)), 1)
    x, y = (np.bincount(owner, city.vertices[:, i], minlength=len(count)) / count for i in (0, 1))
    whole = np.flatnonzero((city.object_parent < 0) & (np.bincount(owner, minlength=len(count)) > 0))
    return {str(city.object_id[row]): (float(x[row]), float(y[row])) for row in whole}


def many_edits(city: City, count: int, *, seed: int = 2026) -> tuple[Edit, ...]:
    """So many edits of all kinds, spread over a city."""
    chance = np.random.default_rng(seed)
    places = middles(city)
    ids = list(places)
    chance.shuffle(ids)
    (west, south), (east, north) = city.vertices[:, :2].min(0), city.vertices[:, :2].max(0)
    made: list[Edit] = []
    for number in range(count):
        x, y = float(chance.uniform(west, east)), float(chance.uniform(south, north))
        name, target = f"edit-{number}", ids[number % len(ids)]
        made.append(
            (
                lambda: AddBuilding(name, "A house", box(x, y, x + 18, y + 12), 15.0, 5, "residential"),  # noqa: B023
                lambda: PlantTrees(name, "Trees", MultiPoint([(x + 6 * i, y) for i in range(5)]), "Tilia"),  # noqa: B023
                lambda: ExtendBuilding(name, "Two storeys more", (target,), 2),  # noqa: B023
                lambda: ChangeAttributes(name, "Another use", (target,), (("use", "office"),)),  # noqa: B023
                lambda: ChangeGround(name, "A lawn", Point(x, y).buffer(15), "grass"),  # noqa: B023
                lambda: Remove(name, "Goes", (target,)),  # noqa: B023
            )[number % 6]()
        )
    return tuple(made)


def building(project: Project, rounds: int) -> None:
    """How long it takes to make a scenario, and to say what it changes."""
    edits = many_edits(project.city, EDITS)
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        built = build(project.city, project.layers, edits)
        took.append(time.perf_counter() - began)
    say(
        f"{EDITS} edits built, {len(project.city.object_id)} objects", f"{best(took) * 1e3:.0f} ms", "1000 ms"
    )
    today = build(project.city, project.layers, ())
    began = time.perf_counter()
    found = compare(today, built)
    told = f"{(time.perf_counter() - began) * 1e3:.0f} ms"
    say(f"their {len(found.objects) + len(found.features)} differences listed", told, "–")


def best(took: list[float]) -> float:
    """Of several rounds, as other work on the machine only ever adds to them."""
    return min(took)


def one_edit(bench: Bench, rounds: int) -> None:
    """From the last click of a drawing to the frame that shows it, and until panels tell of it too."""
    session = bench.session
    bench.settle()
    session.do(commands.choose_scenario, "towers")
    bench.settle()
    for what, drawn in (
        ("a building", lambda n, at: AddBuilding(n, "A house", at, 20.0, 6)),
        ("ground", lambda n, at: ChangeGround(n, "A lawn", at, "grass")),
    ):
        seen, told = [], []
        for number in range(rounds):
            edit = drawn(f"new-{number}", box(-320, 40 * number, -300, 40 * number + 20))
            project = scenarios.add_edit(session.project, "towers", edit)
            bench.settle()
            bench.frames.clear()
            began = time.perf_counter()
            session.adopt(project, title="Add")
            bench.app.processEvents()  # what follows in the same go is painted
            bench.until(lambda: bench.frames)
            told.append(time.perf_counter() - began)
            seen.append(bench.frames[0] - began)
            assert session.scene.built is not None
            assert edit.id in {change.id for change in session.scene.built.changes}
        say(
            f"one edit, {what}, click to drawn, median of {rounds}",
            f"{statistics.median(seen) * 1e3:.0f} ms",
            "100 ms",
        )
        say("    worst", f"{max(seen) * 1e3:.0f} ms", "100 ms")
        say("    and panels and menus with it, median", f"{statistics.median(told) * 1e3:.0f} ms", "–")
        for _ in range(rounds):
            session.undo()


def views(bench: Bench) -> None:
    """How many frames a second there are while the view turns, and while the divider moves."""
    session, window = bench.session, bench.window
    for dock in window.docks.values():
        dock.hide()
    window.statusBar().hide()
    bench.idle(0.5)
    extra = window.size() - bench.canvas.widget.size()
    window.resize(SIZE[0] + extra.width(), SIZE[1] + extra.height())
    bench.idle(1.0)
    print(f"    {bench.canvas.widget.width()}×{bench.canvas.widget.height()}, {bench.viewport.graphics.name}")
    others = [scenario.id for scenario in session.project.scenarios if scenario.id != "towers"][:3]
    session.do(commands.choose_scenario, "towers")
    session.do(commands.choose_compared, others)
    for what, way, goal in (
        ("one view, turning", "none", "25 frames/s"),
        ("swipe, turning", "swipe", "20 frames/s"),
        (f"{1 + len(others)} linked views, turning", "split", "8 frames/s"),
        ("difference, turning", "difference", "–"),
    ):
        session.do(commands.compare_by, way)  # type: ignore[arg-type]  # the words of the table
        bench.settle()
        bench.idle(1.0)
        say(what, f"{turning(bench):.1f} frames/s", goal)
    bench.drawn(lambda: session.do(commands.compare_by, "swipe"), lambda: True)
    say("swipe, divider moving", f"{sweeping(bench):.1f} frames/s", "20 frames/s")
    session.do(commands.compare_by, "none")
    for way in ("swipe", "split", "difference"):
        took = bench.drawn(lambda w=way: session.do(commands.compare_by, w), lambda: True)  # type: ignore[misc]
        say(f"to {way}, click to drawn", f"{took * 1e3:.0f} ms", "150 ms")
        bench.settle()
        session.do(commands.compare_by, "none")
    for dock in window.docks.values():
        dock.show()


def each_frame(bench: Bench, step: Callable[[int], None], count: int = 80) -> float:
    """Frames a second when every frame waits for the one before."""
    for number in range(12):  # until the pace is found
        step(number)
        bench.app.processEvents()
    bench.frames.clear()
    began = time.perf_counter()
    for number in range(12, 12 + count):
        step(number)
        seen = len(bench.frames)
        while len(bench.frames) == seen:
            bench.app.processEvents()
    rate = len(bench.frames) / (time.perf_counter() - began)
    canvas: ImageCanvas = bench.canvas
    if hasattr(canvas, "_pace"):
        print(f"    drawn at {canvas._pace.scale:.0%} of its width while it moves")
    return rate


def turning(bench: Bench) -> float:
    """By mouse, as a person does."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    widget = bench.canvas.widget
    middle = QPoint(widget.width() // 4, widget.height() // 4)
    QTest.mousePress(widget, Qt.MouseButton.MiddleButton, pos=middle)
    rate = each_frame(bench, lambda n: QTest.mouseMove(widget, middle + QPoint(4 + 2 * n, n % 40)))
    QTest.mouseRelease(widget, Qt.MouseButton.MiddleButton, pos=middle)
    return rate


def sweeping(bench: Bench) -> float:
    """The divider from left to right, as the mouse drags it."""
    from twin.scene.comparison import panes

    state = bench.session.state
    return each_frame(bench, lambda n: bench.viewport.divide(panes(replace(state, divider=n / 92), 2)))


def large(bench: Bench, count: int) -> None:
    """The same edits in a city of many buildings."""
    from twin.model.layer import Layer, Style
    from twin.model.table import from_rows

    city = made_city.city(count)
    edits = many_edits(city, EDITS)
    began = time.perf_counter()
    build(city, (), edits)
    say(f"{EDITS} edits built, {count} buildings", f"{time.perf_counter() - began:.2f} s", "–")
    empty = np.empty(0, dtype=object)
    layers = (
        Layer("ground", "Ground", empty, from_rows([]), Style(order=1), "ground"),
        Layer("trees", "Trees", empty, from_rows([]), Style(glyph="tree", order=9), "trees"),
    )
    made = Project(
        "Made city",
        city.place,
        city,
        layers,
        scenarios=(Scenario("today", "Today"), Scenario("planned", "Planned", edits=edits)),
    )
    state = replace(first_state(made), shadows=False)
    bench.window.loader.loaded.emit(made, state)
    bench.until(lambda: bench.window.session is not None and bench.window.session.project.name == made.name)
    session = bench.window.session
    assert session is not None
    bench.session = session
    bench.frames.clear()
    bench.until(lambda: bench.frames, 300)
    for name in ("first time", "again"):
        took, bench.worst = [], 0.0
        for chosen in ("planned", "today"):
            took.append(
                bench.drawn(
                    lambda c=chosen: session.do(commands.choose_scenario, c),  # type: ignore[misc]
                    lambda c=chosen: shows(session, c),  # type: ignore[misc]
                )
            )
        say(f"scenario switch, {count} buildings, {name}, worst of 2", f"{max(took):.2f} s", "1 s")
        say("    longest stall of the window", f"{bench.worst * 1e3:.0f} ms", "100 ms")
        bench.until(lambda: not session.working_ahead, 300)
    bench.worst = 0.0
    edit = AddBuilding("one-more", "A house", box(0, 0, 20, 20), 30.0, 9)
    project = scenarios.add_edit(session.project, "today", edit)
    one = bench.drawn(
        lambda: session.adopt(project, title="Add"), lambda: shows(session, "today", "one-more")
    )
    say(f"one edit, {count} buildings, click to drawn", f"{one:.2f} s", "–")
    say("    longest stall of the window", f"{bench.worst * 1e3:.0f} ms", "100 ms")
    took_swipe = bench.drawn(lambda: session.do(commands.compare_by, "swipe"), lambda: True)
    say(f"to swipe, {count} buildings, click to drawn", f"{took_swipe:.2f} s", "–")
    say(f"swipe, {count} buildings, turning", f"{turning(bench):.1f} frames/s", "–")


def shows(session: Session, scenario: str, edit: str = "") -> bool:
    """Whether a scenario is in view as it is built, and not the one before; edit: the id of one in it."""
    built = session.scene.built
    if built is None or session.scene.wanted:
        return False
    wanted = any(each.enabled for each in session.project.scenario(scenario).edits)
    changes = {change.id for change in built.changes}
    return bool(changes) == wanted and (not edit or edit in changes)


if __name__ == "__main__":
    raise SystemExit(main())
