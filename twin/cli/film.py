"""`twin film`: a flight, a day, or the way from one scenario to another, as a film."""

from __future__ import annotations

import argparse
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import TwinError

if TYPE_CHECKING:
    from twin.model.project import Project
    from twin.model.state import Camera
    from twin.scene.film import Film


def add_film(command: argparse.ArgumentParser) -> None:
    """Adds its arguments."""
    command.add_argument(
        "--kind",
        choices=("flight", "day", "morph"),
        default="flight",
        help="through views, over a day, or from one scenario to another; %(default)s",
    )
    command.add_argument(
        "--views", metavar="ID,…", default="", help="of a flight: bookmarks in their order; all of them"
    )
    command.add_argument("--view", metavar="ID", help="of a day or a morph: a bookmark; the home view")
    command.add_argument("--scenario", metavar="ID", help="as `twin scenarios` lists them; the first")
    command.add_argument("--with", dest="after", metavar="ID", default="", help="that a morph ends with")
    command.add_argument("--overlay", metavar="ID", help="as of `twin render`")
    command.add_argument("--time", metavar="ISO", help="local time at the place, as 2026-07-15T15:00")
    command.add_argument("--hours", metavar="H-H", help="of a day, as 6-21; from sunrise to sunset")
    command.add_argument("--pause", metavar="S", type=float, default=0.0, help="seconds at each view; 0")
    command.add_argument(
        "--frames", metavar="N", type=int, help="pictures; as many as a calm flight takes, or 10 s"
    )
    command.add_argument("--fps", type=float, default=25.0, help="pictures a second; %(default)s")
    command.add_argument("--size", metavar="WxH", default="1280x720", help="in pixels; %(default)s")
    command.add_argument("--state", metavar="FILE.json", type=Path, help="a saved view; other options win")
    command.add_argument("--plain", action="store_true", help="without legend, scale and sources")
    command.add_argument("--shadows", choices=("card", "raster"), default="", help="who makes them")
    command.add_argument("--progress", action="store_true", help="say how far it is, for other programs")
    command.add_argument(
        "--out", metavar="OUT", type=Path, required=True, help=".webp, .mp4, or a folder for PNG pictures"
    )


def film(options: argparse.Namespace) -> int:
    """Make the film. Raises TwinError and DataError."""
    from twin.app.film_write import write_film
    from twin.cli.render import shown_progress
    from twin.formats import film_file
    from twin.formats.open_project import open_project

    film_file.check(options.out)
    project = open_project(options.project)
    asked = film_of(project, options)
    said = shown_progress if options.progress else lambda _fraction: None
    if options.progress and hasattr(os, "nice"):
        os.nice(5)  # the window that follows it is to stay quick
    for notice in (*project.notices, *write_film(project, asked, options.out, said)):
        print(f"twin: {notice}", file=sys.stderr)
    print(f"ok: {options.out}, {asked.frames} pictures, {asked.seconds:.1f} s")
    return 0


def film_of(project: Project, options: argparse.Namespace) -> Film:
    """What the options ask for. Raises TwinError listing what there is."""
    from twin.cli.asked_state import asked_state
    from twin.cli.render import size_of
    from twin.scene.film import Film, check
    from twin.scene.flight import seconds_of

    state = asked_state(project, options)
    views = _views(project, options.views) if options.kind == "flight" else ()
    if options.after:
        project.scenario(options.after)
    if not 0.0 <= options.pause <= 60.0:
        raise TwinError(f"--pause {options.pause:g}: give 0 to 60 seconds.")
    seconds = seconds_of(views, pause=options.pause) if options.kind == "flight" else 10.0
    made = Film(
        options.kind,
        replace(state, compare="none"),
        views,
        options.after,
        frames=options.frames if options.frames is not None else max(round(seconds * options.fps), 2),
        rate=options.fps,
        size=size_of(options.size),
        pause=options.pause,
        hours=_hours(options.hours),
        plain=options.plain,
        shadows=options.shadows,
    )
    check(made)
    return made


def _views(project: Project, text: str) -> tuple[Camera, ...]:
    known = {mark.id: mark.camera for mark in project.bookmarks}
    names = [name.strip() for name in text.split(",") if name.strip()] or list(known)
    for name in names:
        if name not in known:
            raise TwinError(f"there is no view {name!r}. Choose from: {', '.join(known) or 'none'}.")
    return tuple(known[name] for name in names)


def _hours(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,2}(?:\.\d+)?)-(\d{1,2}(?:\.\d+)?)", text)
    hours = (float(found[1]), float(found[2])) if found else (1.0, 0.0)
    if not 0.0 <= hours[0] < hours[1] <= 24.0:
        raise TwinError(f"--hours {text!r}: write them as 6-21.")
    return hours
