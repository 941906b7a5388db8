"""`twin render`: the same scene as in the window, as a picture."""

from __future__ import annotations

import argparse
import math
import re
import sys
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from twin.cli.picture_options import sheet_of
from twin.cli.placement import placement_of
from twin.errors import TwinError
from twin.formats import state_json, strict_json
from twin.formats.open_project import first_state, open_project
from twin.model import lod
from twin.model.project import Project
from twin.model.sheet import Sheet
from twin.model.state import FEWEST_CLASSES, MOST_CLASSES, MOST_VIEWS, AttributeStyle, State
from twin.model.weather import DESIGN, MEASURED

LARGEST = 16_384
"""Width or height of a picture. [px]"""


def render(options: argparse.Namespace) -> int:
    """Draw what the options ask for into their file."""
    if options.matrix is not None:
        from twin.cli.render_matrix import render_matrix

        return render_matrix(options)
    if options.out is None:
        raise TwinError("--out is missing. Say where the picture goes, as --out FILE.png.")
    if options.again is not None:
        return again(options)
    project = open_project(options.project, crs=options.crs, placement=placement_of(options))
    sheet = sheet_of(project, state_of(project, options), options)
    return _made(project, sheet, options, None)


def again(options: argparse.Namespace) -> int:
    """Make a picture again from the file beside it."""
    from twin.formats import view_file

    found = view_file.load(options.again)
    path = found.project or options.project
    if not path.is_file():
        raise TwinError(f"{options.again.name}: its project {path} is not there.")
    project = open_project(path, crs=options.crs, placement=placement_of(options))
    if found.hash and found.hash != view_file.fingerprint(project):
        print("twin: the project is not what it was when the picture was made.", file=sys.stderr)
    return _made(project, view_file.in_zone(found.sheet, project), options, found.origin)


def _made(project: Project, sheet: Sheet, options: argparse.Namespace, origin: Path | None) -> int:
    from twin.app.export_sheet import Press

    press = Press(project)
    try:
        notices = press.make(
            sheet,
            options.out,
            beside=not options.no_sidecar,
            origin=origin,
            progress=shown_progress if options.progress else lambda _fraction: None,
        )
    finally:
        press.close()
    for notice in (*project.notices, *notices):
        print(f"twin: {notice}", file=sys.stderr)
    print(f"ok: {options.out}")
    return 0


def shown_progress(fraction: float) -> None:
    """A line a program can follow."""
    print(f"progress: {fraction:.3f}", flush=True)


def state_of(project: Project, options: argparse.Namespace) -> State:
    """The first state of the project with what the options choose. Raises TwinError listing what there is."""
    from twin.scene.overlays import overlay_ids
    from twin.session.commands import choose_overlay, set_style

    state = first_state(project)
    if options.state is not None:
        state = state_json.decode(strict_json.read(options.state), project.place.zone, path=options.state)
    clouds = (cloud.id for cloud in project.clouds)
    layers = {"buildings", *(layer.id for layer in project.layers), *clouds}
    if options.scenario is not None:
        known = [scenario.id for scenario in project.scenarios]
        state = replace(state, scenario=_one_of("scenario", options.scenario, known))
    if options.overlay is not None:
        known = overlay_ids(project, options.overlay)
        state = choose_overlay(state, _one_of("overlay", options.overlay, known))
    state = compared_as(state, project, options)
    if options.style is not None:
        state = set_style(state, style_of(options.style))
    if options.time is not None:
        state = replace(state, time=time_of(options.time, project))
    if options.year is not None:
        state = replace(state, year=options.year)
    state = with_weather(state, project, options)
    if options.view is not None:
        views = {bookmark.id: bookmark.camera for bookmark in project.bookmarks}
        state = replace(state, camera=views[_one_of("view", options.view, list(views))])
    if options.lod is not None:
        known = [lod.name(level) for level in lod.present(project.whole or project.city)]
        _one_of("LoD", lod.name(options.lod), known)
        state = replace(state, lod=options.lod)
    if options.no_textures:
        state = replace(state, textures=False)
    hidden = frozenset(_one_of("layer", layer, sorted(layers)) for layer in options.hide)
    return replace(state, hidden=state.hidden | hidden, highlight=state.highlight or options.highlight)


def with_weather(state: State, project: Project, options: argparse.Namespace) -> State:
    """The state with the weather and cells that heat is worked out with. Raises DataError for a bad file."""
    from twin.formats.weather_choice import chosen_weather

    if options.resolution is not None:
        state = replace(state, heat_cell=float(options.resolution))
    if options.weather in (None, DESIGN, MEASURED):
        return state if options.weather is None else replace(state, weather=options.weather)
    name = str(Path(options.weather).resolve())
    chosen_weather(name, None, project.place, state.time.date())
    return replace(state, weather=name)


def compared_as(state: State, project: Project, options: argparse.Namespace) -> State:
    """The state with what is to be compared. Raises TwinError."""
    known = [scenario.id for scenario in project.scenarios if scenario.id != state.scenario]
    names = [name.strip() for name in options.compared.split(",") if name.strip()]
    compared = tuple(_one_of("scenario to compare with", name, known) for name in names)
    most = MOST_VIEWS - 1 if options.compare == "split" else 1
    if options.compare is None and (compared or options.divider is not None):
        raise TwinError("--with and --divider need --compare. Add --compare swipe, split or difference.")
    if options.compare is None:
        return state
    if len(compared) > most:
        raise TwinError(f"--compare {options.compare} takes at most {most} of --with.")
    if options.divider is not None and not 0.0 <= options.divider <= 1.0:
        raise TwinError(f"--divider {options.divider:g}: give a number from 0 to 1.")
    divider = state.divider if options.divider is None else options.divider
    return replace(state, compare=options.compare, compared=compared, divider=divider)


def style_of(text: str) -> AttributeStyle:
    """How an attribute is shown: ramp, categories, quantiles:5, equal:5, or the ends of classes as 10,20,30.

    Raises TwinError.
    """
    problem = f"--style {text!r} is no style. Write ramp, categories, quantiles:5, equal:5, or 10,20,30."
    if text in ("ramp", "categories"):
        return AttributeStyle(way=text)  # type: ignore[arg-type]  # the two are ways
    how, _, count = text.partition(":")
    if how in ("quantiles", "equal") and count.isdecimal():
        if not FEWEST_CLASSES <= int(count) <= MOST_CLASSES:
            raise TwinError(f"--style {text!r}: give {FEWEST_CLASSES} to {MOST_CLASSES} classes.")
        return AttributeStyle(way="classes", split=how, classes=int(count))  # type: ignore[arg-type]
    try:
        breaks = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise TwinError(problem) from None
    rising = all(map(math.isfinite, breaks)) and all(low < high for low, high in pairwise(breaks))
    if not rising or len(breaks) >= MOST_CLASSES:
        raise TwinError(problem)
    return AttributeStyle(way="classes", split="fixed", breaks=breaks)


def time_of(text: str, project: Project) -> datetime:
    """A moment by the clock of the place; with an offset, the same moment there. Raises TwinError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise TwinError(f"--time {text!r} is no time. Write it as 2026-07-15T15:00.") from None
    zone = project.place.zone
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def size_of(text: str) -> tuple[int, int]:
    """Width and height. [px] Raises TwinError."""
    found = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(16 <= side <= LARGEST for side in size):
        raise TwinError(f"--size {text!r} is no size. Write it as 1920x1080; at most {LARGEST} either way.")
    return size


def _one_of(what: str, chosen: str, known: list[str]) -> str:
    if chosen not in known:
        there = ", ".join(known) if known else "none"
        raise TwinError(f"there is no {what} {chosen!r}. Choose from: {there}.")
    return chosen
