"""`twin render --matrix FILE.toml`: every scenario at every time with every overlay from every view."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from twin.cli.matrix_sheets import Wanted, wanted_of
from twin.errors import DataError, TwinError
from twin.formats.open_project import open_project
from twin.model.project import Project

CONTACT = "contact-sheet.png"


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
    _draw(project, wanted, options.out, shadows=options.shadows, progress=options.progress)
    contact(wanted, options.out)
    print(f"ok: {len(wanted)} pictures in {options.out}")
    return 0


def read_matrix(path: Path, project: Project) -> list[Wanted]:
    """All pictures of a matrix file, in the order of its lists. Raises DataError."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(path, "", f"cannot be read: {error}") from error
    return wanted_of(path, project, tree)


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


def _draw(
    project: Project, wanted: Sequence[Wanted], folder: Path, *, shadows: str, progress: bool = False
) -> None:
    from twin.app.export_sheet import Press, complete
    from twin.cli.render import shown_progress
    from twin.formats import view_file

    press = Press(project, shadows=shadows)
    content = view_file.fingerprint(project)
    told: dict[str, None] = {}
    try:
        for number, each in enumerate(wanted, 1):
            fresh = is_there(replace(each, sheet=complete(project, each.sheet)), folder, content)
            if not fresh:
                for notice in press.make(each.sheet, folder / each.name):
                    told.setdefault(notice)
            said = "was there" if fresh else "drawn"
            print(f"{number}/{len(wanted)} {each.name} {said}", flush=True)
            if progress:
                shown_progress(number / len(wanted))
    finally:
        press.close()
    for notice in told:
        print(f"twin: {notice}", file=sys.stderr)


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
