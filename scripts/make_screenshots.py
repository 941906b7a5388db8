"""Takes the pictures of the README from the running program.

    .venv/bin/python scripts/make_screenshots.py

Needs a display (`xvfb-run -s "-screen 0 1920x1200x24" …` where there is none). With the argument `evidence`
it makes only the pages, which need Chromium and the viewer of `make_viewer.py` for one of them.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT))


def main() -> None:  # noqa: PLR0915  # a list of pictures, one after the other
    """Write docs/*.png."""
    folder = tempfile.TemporaryDirectory()
    os.environ["TWIN_SETTINGS"] = str(Path(folder.name) / "settings.ini")
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    from twin.app import views, window_look
    from twin.app.app import application
    from twin.app.edits_panel import EditsPanel
    from twin.app.picture import render
    from twin.app.window import Window
    from twin.scene.camera import looking, pixel_of
    from twin.session import commands

    app = application()
    window = Window()
    window.resize(1440, 880)
    window.show()
    window.open(ROOT / "assets" / "helsinki.twin.json")

    def wait(so: Callable[[], object], seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not so() and time.monotonic() < end:
            app.processEvents()
            time.sleep(0.005)

    def take(name: str) -> None:
        wait(lambda: not session.scene.wanted)
        wait(lambda: False, 3.0)  # the view flies there, and then draws itself finely
        window.grab().save(str(DOCS / name))
        print(DOCS / name)

    wait(lambda: window.session)
    assert window.session is not None
    session = window.session
    session.do(commands.choose_scenario, "both")
    session.do(commands.toggle_highlight)
    take("window.png")
    session.do(commands.toggle_highlight)
    assert window.viewport is not None and window.viewport.surface is not None
    view = window.viewport.surface
    window.actions_by_id["draw_plot"].trigger()
    for corner in ((-330.0, 120.0), (-270.0, 120.0), (-270.0, 190.0), (-330.0, 190.0)):
        assert window.viewport.camera is not None
        found = pixel_of(window.viewport.camera, (*corner, 0.0), (view.width(), view.height()))
        assert found is not None
        place = QPoint(round(found[0]), round(found[1]))
        QTest.mouseMove(view, place)
        if corner != (-330.0, 190.0):  # the last one is still to be clicked
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        app.processEvents()
    take("drawing.png")
    window.actions_by_id["draw_plot"].trigger()

    def draw(tool: str, *corners: tuple[float, float]) -> None:
        window.actions_by_id[f"draw_{tool}"].trigger()
        for corner in corners:
            camera = window.viewport.camera if window.viewport is not None else None
            assert camera is not None
            found = pixel_of(camera, (*corner, 0.0), (view.width(), view.height()))
            assert found is not None
            place = QPoint(round(found[0]), round(found[1]))
            QTest.mouseMove(view, place)
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
            app.processEvents()
        QTest.keyClick(view, Qt.Key.Key_Return)
        window.actions_by_id[f"draw_{tool}"].trigger()

    session.do(commands.choose_scenario, "today")
    session.do(commands.look, looking((-25.0, -60.0, 0.0), heading=0.0, tilt=50.0, distance=330.0))
    wait(lambda: False, 2.0)
    assert window.pencil is not None
    window.pencil.set_snapping(False)
    draw("plot", (-35, -95), (15, -95), (15, -25), (-35, -25))
    draw("ground", (-20, -80), (0, -80), (0, -40), (-20, -40))
    draw("row", (-48, -98), (-48, -22))
    edits = window.docks["edits"].widget()
    assert isinstance(edits, EditsPanel)
    edits.choose(())
    window.actions_by_id["swipe"].trigger()
    session.do(commands.move_divider, 0.5)
    window.actions_by_id["differences"].trigger()
    take("plan.png")
    window.actions_by_id["differences"].trigger()
    window.actions_by_id["compare_off"].trigger()
    while session.project.scenarios[-1].id.startswith("new-scenario"):
        session.undo()
    session.do(commands.choose_scenario, "both")
    session.do(commands.look, None)
    session.do(commands.choose_overlay, "use")
    names = session.project.city.attributes.columns["name"]
    hall = next(i for i, name in enumerate(names) if name == "Ateneum")
    views.zoom_to_object(window, "building", str(session.project.city.object_id[hall]))
    window_look.toggle_dark(window)
    take("dark.png")
    window.close()
    project, state = session.project, session.state
    zone = project.place.zone
    home = next(mark.camera for mark in project.bookmarks if mark.id == "home")
    state = commands.look(commands.select(state, None), home)
    state = commands.choose_overlay(
        commands.set_time(state, datetime(2026, 7, 15, 15, tzinfo=zone)), "sun_hours"
    )
    render(project, state, size=(1600, 900), path=DOCS / "sun-hours.png")
    heat = commands.choose_overlay(commands.choose_scenario(state, "both"), "utci")
    render(project, heat, size=(1600, 900), path=DOCS / "heat.png")
    swipe = commands.choose_compared(commands.compare_by(heat, "swipe"), ["today"])
    render(project, commands.choose_overlay(swipe, "none"), size=(1600, 900), path=DOCS / "swipe.png")
    square = next(mark.camera for mark in project.bookmarks if mark.id == "square")
    evening = commands.set_time(state, datetime(2026, 7, 15, 19, tzinfo=zone))
    render(
        project,
        commands.choose_overlay(commands.look(evening, square), "none"),
        size=(1600, 900),
        path=DOCS / "square.png",
    )


def evidence() -> None:
    """Write what goes before a council: docs/sun-study.png and so on, each in a few colours."""
    import shutil
    import subprocess
    from dataclasses import replace

    from PIL import Image

    from twin.app.export_sheet import Press
    from twin.cli.main import main as twin
    from twin.cli.sun_study import found_of
    from twin.formats.open_project import first_state, open_project
    from twin.model.heard import LAYER
    from twin.model.sheet import Panel, Sheet
    from twin.scene import standpoints, sun_findings, sun_study
    from twin.scene.camera import move
    from twin.scene.resolve import extent, home

    project = open_project(ROOT / "assets" / "helsinki.twin.json")
    first = first_state(project)
    here = first.camera or home(project, extent(project))
    state = replace(first, scenario="towers", camera=here, hidden=first.hidden | {LAYER})
    study = sun_study.seen_from(project, state, "")
    found = found_of(project, state, 2026)
    a3 = Sheet((Panel(study),), (1400, 990), "a3")
    section = standpoints.section(move(here, -110.0, 10.0), turn=0.0, height=150.0)
    late = replace(state, time=state.time.replace(hour=18))  # the shadows of the towers fall aside
    pair = (Panel(replace(late, scenario="today"), "Before"), Panel(late, "After"))
    sheets = {
        "sun-study": sun_study.hours_sheet(
            project,
            study,
            2026,
            a3,
            sun_findings.of_days(found, "en"),
            sun_findings.note(found, project.place, "en"),
        ),
        "section": Sheet((Panel(replace(state, camera=section)),), (1600, 900), "16x9"),
        "before-after": Sheet(pair, (1600, 900), "16x9", title="Towers on Elielinaukio, and today"),
    }
    with tempfile.TemporaryDirectory() as folder:
        press = Press(project)
        for name, sheet in sheets.items():
            press.make(sheet, Path(folder) / f"{name}.png", beside=False)
        press.close()
        node, browser = shutil.which("node"), shutil.which("chromium") or shutil.which("google-chrome")
        if node is not None and browser is not None:
            page = Path(folder) / "page"
            twin(["web", "--overlays", "sun_hours", "--out", str(page)])
            check = ROOT / "web" / "test" / "check.js"
            subprocess.run([node, str(check), str(page), browser, folder], check=True, capture_output=True)
            (Path(folder) / "overlay.png").rename(Path(folder) / "web-page.png")
        for name in (*sheets, "web-page"):
            path = Path(folder) / f"{name}.png"
            if path.is_file():
                few = 128 if name == "sun-study" else 256
                picture = (
                    Image.open(path)
                    .convert("RGB")
                    .quantize(few, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
                )
                picture.save(DOCS / path.name, optimize=True)
                print(DOCS / path.name, (DOCS / path.name).stat().st_size)


if __name__ == "__main__":
    if "evidence" not in sys.argv[1:]:
        main()
    evidence()
