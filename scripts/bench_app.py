"""Measures how quickly the window answers on the bundled station area; prints the goal beside each figure.

    .venv/bin/python scripts/bench_app.py [--rounds 5] [--windows 100]

Needs a display (`xvfb-run -s "-screen 0 1920x1200x24" …` where there is none) and an otherwise idle machine.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = ROOT / "assets" / "helsinki.twin.json"

START = """
import sys, time
began = float(sys.argv[1])
from pathlib import Path
from twin.app.app import application, splash
app = application()
first = splash(app, "Opening")
while not first.windowHandle().isExposed():
    app.processEvents()
shown = time.time() - began
from twin.app.window import Window
window = Window()
window.show()
first.close()
window.open(Path(sys.argv[2]))
while window.session is None:
    app.processEvents()
    time.sleep(0.001)
frames = []
window.viewport.drawn.connect(lambda: frames.append(time.time()))
while not frames:
    app.processEvents()
print(shown, frames[0] - began)
window.close()
"""


def main() -> int:
    """Print all figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--windows", type=int, default=100)
    asked = options.parse_args()
    own = tempfile.TemporaryDirectory(prefix="twin-bench-")
    os.environ["TWIN_SETTINGS"] = str(Path(own.name) / "settings.ini")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    start_up(asked.rounds)
    bench = Bench()
    bench.all()
    bench.close()
    windows(asked.windows)
    return 0


def say(what: str, figure: str, goal: str) -> None:
    """One line of the report."""
    print(f"{what:58s} {figure:>18s}   goal {goal}", flush=True)


def start_up(rounds: int) -> None:
    """From the start of the process, warm: to the first window, and to the first frame of the city."""
    runs = []
    # a warm start has compiled the program before, as any start but the first one has
    warm = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    warm.setdefault("PYTHONPYCACHEPREFIX", str(Path(tempfile.gettempdir()) / "twin-bench-pyc"))
    for _ in range(rounds + 1):
        done = subprocess.run(
            [sys.executable, "-c", START, str(time.time()), str(PROJECT)],
            capture_output=True,
            text=True,
            check=True,
            env=warm,
        )
        runs.append([float(word) for word in done.stdout.split()])
    shown, usable = (statistics.median(run[i] for run in runs[1:]) for i in (0, 1))
    say("something on the screen, warm", f"{shown:.2f} s", "0.5 s")
    say("window usable: city drawn, warm", f"{usable:.2f} s", "2.5 s")


class Bench:
    """One window, and a watch on its event loop."""

    def __init__(self) -> None:
        from twin.app.app import application
        from twin.app.settings import Settings
        from twin.app.window import Window

        self.app = application()
        self.window = Window(Settings())
        self.window.show()
        self.window.open(PROJECT)
        self.worst = 0.0
        self.until(lambda: self.window.session is not None)
        assert self.window.session is not None
        assert self.window.viewport is not None
        self.session, self.viewport = self.window.session, self.window.viewport
        self.canvas = self.viewport._canvas
        self.frames: list[float] = []
        self.viewport.drawn.connect(lambda: self.frames.append(time.perf_counter()))
        self.settle()
        self.idle(1.0)

    def until(self, so: Callable[[], object], seconds: float = 120.0) -> float:
        """Runs the event loop until something is so; returns how long it took and notes the longest stall."""
        began = last = time.perf_counter()
        while not so():
            self.app.processEvents()
            now = time.perf_counter()
            self.worst = max(self.worst, now - last)
            last = now
            if now - began > seconds:
                raise TimeoutError
            time.sleep(0.0005)
        return time.perf_counter() - began

    def settle(self) -> None:
        """Waits until nothing is computed any more, not even ahead."""
        self.idle(0.6)
        self.until(lambda: not self.session.scene.wanted and not self.session.working_ahead)

    def idle(self, seconds: float) -> None:
        """Runs the event loop for a while."""
        end = time.perf_counter() + seconds
        self.until(lambda: time.perf_counter() > end)

    def all(self) -> None:
        """Every figure of a running window."""
        self.orbit()
        self.idle_load()
        self.switch()
        self.overlays()
        self.play()

    def orbit(self) -> None:
        """Turns the view by mouse, as a person does, and counts the frames."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        widget = self.canvas.widget
        for dock in self.window.docks.values():
            dock.hide()
        self.window.statusBar().hide()
        self.idle(0.5)
        extra = self.window.size() - widget.size()
        self.window.resize(1280 + extra.width(), 720 + extra.height())
        self.idle(1.0)
        middle = QPoint(widget.width() // 2, widget.height() // 2)
        QTest.mousePress(widget, Qt.MouseButton.MiddleButton, pos=middle)
        for step in range(10):  # until the pace is found
            QTest.mouseMove(widget, middle + QPoint(4 * step, 0))
            self.app.processEvents()
        self.frames.clear()
        began = time.perf_counter()
        for step in range(150):
            QTest.mouseMove(widget, middle + QPoint(40 + 2 * step, step % 40))
            count = len(self.frames)
            while len(self.frames) == count:
                self.app.processEvents()
        rate = len(self.frames) / (time.perf_counter() - began)
        scale = self.canvas._pace.scale
        QTest.mouseRelease(widget, Qt.MouseButton.MiddleButton, pos=middle)
        size = f"{widget.width()}×{widget.height()}, drawn at {scale:.0%} of its width while it moves"
        say(f"orbit, {self.viewport.graphics.name}", f"{rate:.1f} frames/s", "25 frames/s")
        print(f"    {size}")
        for dock in self.window.docks.values():
            dock.show()
        self.idle(1.5)

    def idle_load(self) -> None:
        """What the window costs when nobody touches it."""
        self.settle()
        self.idle(1.0)
        before, began = time.process_time(), time.perf_counter()
        end = began + 5.0
        while time.perf_counter() < end:
            self.app.processEvents()
            time.sleep(0.05)
        load = (time.process_time() - before) / (time.perf_counter() - began)
        say("idle", f"{load:.1%} of a core", "3 %")

    def drawn(self, change: Callable[[], None], ready: Callable[[], object]) -> float:
        """From a choice to the first frame that shows it. [s]"""
        self.idle(0.7)
        began = time.perf_counter()
        change()
        self.until(ready)
        self.frames.clear()
        self.until(lambda: self.frames)
        return self.frames[0] - began

    def switch(self) -> None:
        """Scenarios by key, first and second time."""
        from twin.session import commands

        ids = [scenario.id for scenario in self.session.project.scenarios]
        for name in ("first time", "again"):
            took, self.worst = [], 0.0
            for chosen in [*ids[1:], ids[0]]:
                before = self.session.state.scenario
                took.append(
                    self.drawn(
                        lambda chosen=chosen: self.session.do(commands.choose_scenario, chosen),  # type: ignore[misc]
                        lambda before=before: self.session.state.scenario != before,  # type: ignore[misc]
                    )
                )
            say(
                f"scenario switch, {name}, click to drawn, worst of {len(took)}",
                f"{max(took) * 1e3:.0f} ms",
                "150 ms",
            )
            say("    longest stall of the window", f"{self.worst * 1e3:.0f} ms", "100 ms")

    def overlays(self) -> None:
        """Sun hours, the first time and when it is known."""
        from twin.session import commands

        def choose(overlay: str) -> Callable[[], None]:
            return lambda: self.session.do(commands.choose_overlay, overlay)

        self.worst = 0.0
        first = self.drawn(choose("sun_hours"), lambda: "overlay" in self.session.scene.items)
        say("sun hours of a day at 2 m, whole area", f"{first:.1f} s", "10 s")
        say("    longest stall of the window meanwhile", f"{self.worst * 1e3:.0f} ms", "100 ms")
        self.drawn(choose("use"), lambda: True)
        again = self.drawn(choose("sun_hours"), lambda: "overlay" in self.session.scene.items)
        say("sun hours once computed, click to drawn", f"{again * 1e3:.0f} ms", "100 ms")
        day = self.session.state.time.date()
        self.session.do(commands.step_day, 30)
        self.idle(0.3)
        assert self.session.running, "the sun hours of another day are being computed"
        job = self.session.running[0]
        began = time.perf_counter()
        self.session.cancel(job.request.key)
        took = time.perf_counter() - began
        say("cancel", f"{took * 1e3:.0f} ms", "1000 ms")
        self.session.do(commands.set_day, day)
        self.session.do(commands.choose_overlay, "none")

    def play(self) -> None:
        """Time passing, with shadows."""
        panel = self.window.time_panel
        assert panel is not None
        self.settle()
        seen: set[object] = set()
        self.worst = 0.0
        panel.toggle_play()
        began = time.perf_counter()
        while time.perf_counter() - began < 6:
            self.until(lambda: self.session.state.time not in seen)
            seen.add(self.session.state.time)
        panel.toggle_play()
        say("play: positions of the sun with their shadows", f"{len(seen) / 6:.1f} a second", "–")
        say("    longest stall of the window", f"{self.worst * 1e3:.0f} ms", "100 ms")

    def close(self) -> None:
        """Closes the window."""
        self.window.close()
        self.app.processEvents()


def windows(count: int) -> None:
    """Opens and closes windows in one process, and watches its memory."""
    code = f"""
import json, sys, time
sys.path.insert(0, {str(ROOT / "scripts")!r})
from bench_app import memory, one_window
print(json.dumps([one_window() for _ in range({count})]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode:
        say(f"{count} windows", f"exit {done.returncode}", "no crash")
        print(done.stderr[-2000:])
        return
    sizes = json.loads(done.stdout)
    growth = sizes[-1] - sizes[min(9, len(sizes) - 1)]
    say(f"{count} windows opened and closed: growth after the tenth", f"{growth:.0f} MiB", "20 MiB")
    print(f"    {sizes[min(9, len(sizes) - 1)]:.0f} MiB after ten, {sizes[-1]:.0f} MiB at the end")


def one_window() -> float:
    """Opens the station area in a window, draws it, closes it; the memory of the process then. [MiB]"""
    import gc

    from PySide6.QtCore import QCoreApplication, QEvent

    from twin.app.app import application
    from twin.app.window import Window

    app = application()
    window = Window()
    window.show()
    window.open(PROJECT)
    drawn: list[float] = []
    while window.session is None:
        app.processEvents()
        time.sleep(0.002)
    assert window.viewport is not None
    window.viewport.drawn.connect(lambda: drawn.append(time.time()))
    while not drawn:
        app.processEvents()
    window.close()
    window.deleteLater()
    del window
    for _ in range(5):
        app.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # as the event loop itself does
    gc.collect()
    return memory()


def memory() -> float:
    """What this process holds now. [MiB]"""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    raise SystemExit(main())
