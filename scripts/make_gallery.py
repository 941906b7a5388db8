"""Makes an export of every kind of the bundled project: python scripts/make_gallery.py FOLDER [NAME …]

NAME: only those that begin so, as `sun`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from twin.app.export_sheet import Press  # noqa: E402  # after the path
from twin.app.film_write import write_film  # noqa: E402
from twin.app.overlay_save import save_overlay  # noqa: E402
from twin.app.report_pdf import Report, write_report  # noqa: E402
from twin.cli.main import main  # noqa: E402
from twin.formats.open_project import first_state, open_project  # noqa: E402
from twin.model.heard import LAYER as SENSORS  # noqa: E402
from twin.model.sheet import Page, Panel, Sheet  # noqa: E402
from twin.model.state import LayerStyle, State  # noqa: E402
from twin.scene import standpoints  # noqa: E402
from twin.scene.camera import looking, move  # noqa: E402
from twin.scene.film import Film  # noqa: E402
from twin.scene.resolve import extent, home  # noqa: E402
from twin.scene.sheet_texts import word  # noqa: E402
from twin.session.session import Session  # noqa: E402

TREES = (("trees", LayerStyle(attribute="height")),)
COUNCIL = Page("Council paper", 240.0, 240.0, 3.0, "below", ("note", "legends", "north", "facts"))
A4, A4_UP, A3, SLIDE = (2339, 1654), (1654, 2339), (3307, 2339), (1920, 1080)


def plain(state: State) -> State:
    """Without the sensors of the bundled project, which are made up."""
    return replace(state, hidden=state.hidden | {SENSORS})


def sheets() -> dict[str, Sheet]:
    """File name to what it shows."""
    first = plain(first_state(PROJECT))
    here = first.camera or home(PROJECT, extent(PROJECT))
    state = replace(first, camera=here)
    towers = replace(state, scenario="towers")
    plan = replace(towers, camera=standpoints.standing_at(here, "top"))
    small = replace(state, camera=standpoints.standing_at(here, "isometric", height=420.0))
    pair = (Panel(state, word("before", "sv")), Panel(towers, word("after", "sv")))
    west = move(here, -110.0, 10.0)  # where the towers stand
    low = looking(here.target, heading=20.0, tilt=7.0, distance=420.0)
    seen = replace(first_state(PROJECT), scenario="towers", camera=here)
    sides = tuple(
        Panel(replace(towers, camera=standpoints.standing_at(west, side, height=150.0)), f"From the {side}")
        for side in ("south", "east", "north", "west")
    )
    many = tuple(
        Panel(
            replace(small, scenario=scenario, time=small.time.replace(hour=hour)),
            f"{PROJECT.scenario(scenario).title}, {hour}:00",
        )
        for scenario in ("today", "towers", "green")
        for hour in (9, 12, 15)
    )
    return {
        "screen.png": Sheet((Panel(replace(towers, overlay="height")),)),
        "a4-use.png": Sheet((Panel(replace(towers, overlay="use")),), A4, "a4"),
        "a4-sun-hours-fi.pdf": Sheet(
            (Panel(replace(towers, overlay="sun_hours")),), A4_UP, "a4-portrait", language="fi"
        ),
        "a3-plan-1-2000-et.svg": Sheet((Panel(plan),), A3, "a3", scale=2000.0, language="et"),
        "section.png": Sheet(
            (Panel(replace(towers, camera=standpoints.section(west, turn=0.0, height=150.0))),), SLIDE, "16x9"
        ),
        "elevation.png": Sheet(
            (Panel(replace(towers, camera=standpoints.standing_at(west, "south", height=150.0))),),
            SLIDE,
            "16x9",
        ),
        "isometric.webp": Sheet((Panel(replace(small, scenario="towers")),), (1654, 1654), "square"),
        "before-after-sv.jpg": Sheet(pair, SLIDE, "16x9", language="sv"),
        "swipe.png": Sheet(
            (Panel(replace(towers, compare="swipe", compared=("today",), divider=0.22)),),
            A4,
            "a4",
            title="Towers, swiped over today",
        ),
        "small-multiples.png": Sheet(many, A3, "a3", columns=3, title="Three scenarios, three hours"),
        "16x9-sensors-fi.png": Sheet(
            (Panel(replace(seen, overlay="sun_hours", layer_styles=TREES)),), SLIDE, "16x9", language="fi"
        ),
        "a3-portrait-sensors-sv.png": Sheet(
            (Panel(replace(seen, overlay="use")),), A3[::-1], "a3-portrait", language="sv"
        ),
        "screen-sensors-et.png": Sheet((Panel(replace(seen, overlay="height")),), language="et"),
        "four-sides.png": Sheet(sides, A3, "a3", columns=2, title="Towers from all sides"),
        "template.png": Sheet((Panel(plan),), (1800, 1800), "own", own=COUNCIL, note="Council paper 12/2026"),
        "without-sky.png": Sheet((Panel(replace(towers, camera=low)),), plain=True, clear=True),
        "flat-light-et.png": Sheet((Panel(replace(plan, overlay="use")),), flat=True, language="et"),
        "9x16-use.png": Sheet((Panel(replace(towers, overlay="use")),), (1080, 1920), "9x16"),
        "deep.tif": Sheet((Panel(towers),), plain=True, deep=True),
    }


def others(folder: Path) -> dict[str, Callable[[], object]]:
    """File name to what makes it: films of 60 pictures, reports, and the values of an overlay."""
    first = plain(first_state(PROJECT))
    marks = {mark.id: mark.camera for mark in PROJECT.bookmarks}
    near = replace(first, camera=marks["elielinaukio"])
    towers = replace(first, scenario="towers")
    films = {
        "flight.webp": Film("flight", towers, tuple(marks.values()), frames=60, rate=10.0),
        "day.webp": Film("day", replace(near, scenario="towers"), frames=60, rate=10.0),
        "morph.webp": Film("morph", near, after="towers", frames=60, rate=15.0),
    }
    reports = {
        "report.pdf": Report(replace(near, scenario="towers", overlay="use"), "today"),
        "report-fi.pdf": Report(replace(first, scenario="green", overlay="sun_hours"), "today", "fi"),
    }
    sun = replace(towers, overlay="sun_hours")

    def values() -> None:
        session = Session(PROJECT, sun)
        session.close()
        save_overlay(PROJECT, sun, session.scene, folder / "sun-hours.tif")

    return {
        **{name: partial(write_film, PROJECT, film, folder / name) for name, film in films.items()},
        **{name: partial(write_report, PROJECT, asked, folder / name) for name, asked in reports.items()},
        "sun-hours.tif": values,
    }


MATRIX = """
scenarios = ["today", "towers"]
times = ["2026-07-15T09:00", "2026-07-15T15:00"]
overlays = ["none", "height"]
sizes = ["1280x720"]
hide = ["sensors"]
"""


def commands(folder: Path) -> dict[str, list[str]]:
    """What the command line makes: file or folder name to what comes after `twin`."""
    matrix = folder / "matrix.toml"
    matrix.write_text(MATRIX, encoding="utf-8")
    models = ("towers.city.json", "towers.gml", "towers.glb", "towers.obj", "towers.tileset.json")
    return {
        "sun-study": ["sun-study", "--scenario", "towers", "--format", "png", "--year", "2026"],
        "sun-study-et": ["sun-study", "--scenario", "towers", "--language", "et", "--year", "2026"],
        "matrix": ["render", "--matrix", str(matrix)],
        "web": ["web", "--overlays", "sun_hours"],
        "web-sv": ["web", "--overlays", "sun_hours", "--language", "sv"],
        "indicators.xlsx": ["kpi"],
        "indicators.csv": ["kpi"],
        **{name: ["build", "--scenario", "towers"] for name in models},
    }


if __name__ == "__main__":
    PROJECT = open_project(ROOT / "assets" / "helsinki.twin.json")
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "gallery")
    folder.mkdir(parents=True, exist_ok=True)
    asked = tuple(sys.argv[2:]) or ("",)
    press = Press(PROJECT)
    made: dict[str, Callable[[], object]] = {
        **{name: partial(press.make, sheet, folder / name) for name, sheet in sheets().items()},
        **others(folder),
        **{
            name: partial(main, [*command, "--out", str(folder / name)])
            for name, command in commands(folder).items()
        },
    }
    for name, make in made.items():
        if name.startswith(asked):
            begun = time.perf_counter()
            make()
            print(f"{name}: {time.perf_counter() - begun:.1f} s", flush=True)
    press.close()
