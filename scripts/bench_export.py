"""Measures pictures of the bundled project: one of 8K with all its words, forty in Full HD, and a film.

The film is made beside a real window, which needs a display; its longest stall is measured meanwhile.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
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
        begun, worked = time.perf_counter(), time.process_time()
        press.make(Sheet((Panel(state),), EIGHT_K), Path(folder) / "8k.png")
        took = f"{time.perf_counter() - begun:.1f} s (goal 20; {time.process_time() - worked:.1f} s of CPU)"
        print(f"8K with legend and sources: {took}, {peak() / 2**30:.2f} GiB (goal 3)")
        press.close()
        press = Press(project)
        begun, worked = time.perf_counter(), time.process_time()
        names = [scenario.id for scenario in project.scenarios]
        for number in range(MANY):
            time_ = state.time.replace(hour=8 + number // len(names) % 12)
            view = replace(state, scenario=names[number % len(names)], time=time_)
            press.make(Sheet((Panel(view),)), Path(folder) / f"{number}.png")
        took = f"{time.perf_counter() - begun:.1f} s (goal 60; {time.process_time() - worked:.1f} s of CPU)"
        print(f"{MANY} in Full HD: {took}")
        press.close()
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        print("film beside a window: not measured, there is no display")
    else:
        film()


def film() -> None:
    """A film of 100 pictures of 1280 × 720, made from the window as a user makes it."""
    from twin.app import export_actions
    from twin.app.app import application
    from twin.app.export_dialog import ExportDialog
    from twin.app.export_film import FilmPage
    from twin.app.window import Window

    app = application()
    worst = 0.0

    def until(so: Callable[[], object]) -> float:
        nonlocal worst
        begun = last = time.perf_counter()
        while not so():
            app.processEvents()
            now = time.perf_counter()
            worst, last = max(worst, now - last), now
            time.sleep(0.002)
        return time.perf_counter() - begun

    def wait(seconds: float) -> None:
        end = time.perf_counter() + seconds
        until(lambda: time.perf_counter() > end)

    with tempfile.TemporaryDirectory() as folder:
        window = Window()
        window.show()
        window.open(ROOT / "assets" / "helsinki.twin.json")
        until(lambda: window.session is not None and not window.session.running)
        wait(4.0)
        export_actions.ask_film(window)
        (dialog,) = window.findChildren(ExportDialog)
        page = dialog.page
        assert isinstance(page, FilmPage)
        dialog.path.setText(str(Path(folder) / "film.webp"))
        page.seconds.setValue(100 / page.rate.value())
        ended: list[int] = []
        dialog.finished.connect(ended.append)
        count = page.film.frames
        wait(1.0)
        worst = 0.0
        begun = time.perf_counter()
        dialog.save()
        asked = time.perf_counter() - begun
        took = until(lambda: ended)
        print(f"film of {count} pictures beside the window: {took:.1f} s")
        print(f"  longest stall of the window meanwhile: {1000 * worst:.0f} ms (goal 100)")
        print(f"  to start it: {1000 * asked:.0f} ms (goal 100)")
        window.close()


if __name__ == "__main__":
    main()
