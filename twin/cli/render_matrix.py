"""`twin render --matrix FILE.toml`: every scenario at every time with every overlay from every view."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from twin.errors import DataError, TwinError
from twin.formats.open_project import first_state, open_project
from twin.model.project import Project
from twin.model.sheet import SCREEN, Panel, Sheet
from twin.model.state import State

AXES = ("scenarios", "times", "overlays", "views", "sizes")
OTHERS = ("page", "language", "note", "format", "plain", "columns")
MOST = 5000
CONTACT = "contact-sheet.png"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One picture of the matrix."""

    name: str
    sheet: Sheet


def render_matrix(options: argparse.Namespace) -> int:
    """Draw all that is not there yet, and one sheet of all; --out is their folder."""
    from twin.cli.placement import placement_of

    if options.out is None:
        raise TwinError("--out is missing. Say in which folder the pictures go.")
    project = open_project(options.project, crs=options.crs, placement=placement_of(options))
    wanted = read_matrix(options.matrix, project)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.share:
        number, count = (int(part) for part in options.share.split("/"))
        _draw(project, wanted[number::count], options.out, shadows=options.shadows)
        return 0
    if options.jobs > 1:
        return _in_processes(options, wanted)
    _draw(project, wanted, options.out, shadows=options.shadows)
    contact(wanted, options.out)
    print(f"ok: {len(wanted)} pictures in {options.out}")
    return 0


def read_matrix(path: Path, project: Project) -> list[Wanted]:
    """All pictures of a matrix file, in the order of its lists. Raises DataError."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(path, "", f"cannot be read: {error}") from error
    for key in tree:
        if key not in (*AXES, *OTHERS):
            raise DataError(path, key, "is not known", f"Use {', '.join((*AXES, *OTHERS))}.")
    for key in AXES:
        if key in tree and not (isinstance(tree[key], list) and all(isinstance(v, str) for v in tree[key])):
            raise DataError(path, key, "is no list of texts", f'Write {key} = ["…", "…"].')
    axes = {key: tree.get(key) or [""] for key in AXES}
    count = 1
    for values in axes.values():
        count *= len(values)
    if count > MOST:
        raise DataError(path, "", f"asks for {count} pictures", f"Ask for {MOST} at most.")
    first = first_state(project)
    return [_wanted(path, project, first, tree, chosen) for chosen in product(*axes.values())]


def _wanted(
    path: Path, project: Project, first: State, tree: dict[str, Any], chosen: Sequence[str]
) -> Wanted:
    from twin.cli.picture_options import DPI, page_size
    from twin.cli.render import size_of, time_of
    from twin.scene.overlays import overlay_of
    from twin.scene.resolve import extent, home
    from twin.scene.standpoints import STANDPOINTS, standing_at
    from twin.session.commands import choose_overlay

    scenario, time, overlay, view, size = chosen
    state = first
    if scenario and scenario not in {each.id for each in project.scenarios}:
        raise DataError(path, "scenarios", f"there is no {scenario!r}", "See `twin scenarios`.")
    if overlay and overlay_of(project, overlay) is None:
        raise DataError(path, "overlays", f"there is no {overlay!r}", "See `twin render --help`.")
    state = replace(state, scenario=scenario or state.scenario)
    state = choose_overlay(state, overlay) if overlay else state
    state = replace(state, time=time_of(time, project)) if time else state
    if view:
        marks = {mark.id: mark.camera for mark in project.bookmarks}
        if view in marks:
            state = replace(state, camera=marks[view])
        elif view in STANDPOINTS:
            here = state.camera or home(project, extent(project))
            state = replace(state, camera=standing_at(here, view))
        else:
            known = ", ".join((*marks, *STANDPOINTS))
            raise DataError(path, "views", f"there is no {view!r}", f"Choose from: {known}.")
    page = str(tree.get("page", SCREEN))
    sheet = Sheet(
        (Panel(state),),
        size_of(size) if size else page_size(page, DPI),
        page,
        language=tree.get("language", "en"),
        note=str(tree.get("note", "")),
        plain=bool(tree.get("plain", False)),
    )
    parts = [scenario, time.replace(":", "").replace("T", "-"), overlay.replace(":", "-"), view, size]
    name = "_".join(part for part in parts if part) or "picture"
    ending = str(tree.get("format", "png")).removeprefix(".")
    return Wanted(f"{name}.{ending}", sheet)


def is_there(wanted: Wanted, folder: Path, content: str) -> bool:
    """Whether a picture was drawn already, just as it is wanted now. content: the hash of the project."""
    from twin.formats import view_file

    picture = folder / wanted.name
    beside = view_file.beside(picture)
    if not (picture.is_file() and beside.is_file()):
        return False
    try:
        found = view_file.load(beside)
    except DataError:
        return False
    return found.sheet == wanted.sheet and found.hash == content


def _draw(project: Project, wanted: Sequence[Wanted], folder: Path, *, shadows: str) -> None:
    from twin.app.export_sheet import Press, complete
    from twin.formats import view_file

    press = Press(project, shadows=shadows)
    content = view_file.fingerprint(project)
    try:
        for number, each in enumerate(wanted, 1):
            fresh = is_there(replace(each, sheet=complete(project, each.sheet)), folder, content)
            if not fresh:
                press.make(each.sheet, folder / each.name)
            said = "was there" if fresh else "drawn"
            print(f"{number}/{len(wanted)} {each.name} {said}", flush=True)
    finally:
        press.close()


def _in_processes(options: argparse.Namespace, wanted: Sequence[Wanted]) -> int:
    """Shares the pictures out among processes that each draw every so many of them."""
    command = [
        *(sys.executable, "-m", "twin", "render", str(options.project)),
        *("--matrix", str(options.matrix), "--out", str(options.out)),
        *(["--shadows", options.shadows] if options.shadows else []),
    ]
    processes = [
        subprocess.Popen([*command, "--share", f"{number}/{options.jobs}"])  # noqa: S603  # this very program
        for number in range(options.jobs)
    ]
    codes = [process.wait() for process in processes]
    if any(codes):
        raise TwinError("not all pictures were drawn. What is there stays; run the same line again.")
    contact(wanted, options.out)
    print(f"ok: {len(wanted)} pictures in {options.out}")
    return 0


def contact(wanted: Sequence[Wanted], folder: Path) -> None:
    """All pictures, small, on one sheet."""
    from twin.app.export_contact import write_contact

    write_contact([folder / each.name for each in wanted], folder / CONTACT)
