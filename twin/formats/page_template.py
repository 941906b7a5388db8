"""Reads a page of one's own from a small TOML file: its size, what stands on it, where, and in which order.

base = "a4"                 # what is not said is as on this page
title = "Council paper"
width = 297.0               # [mm]
height = 210.0              # [mm]
text = 2.7                  # size of the plain text [mm]
place = "beside"            # legends and notes: beside the views, below them, or auto
order = ["facts", "north", "legends", "note", "logo"]
"""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from twin.errors import DataError, TwinError
from twin.formats import strict_json
from twin.model.sheet import FURNITURE, OWN, PAGES, SCREEN, Page

SUFFIX = ".toml"
LIMIT = 64 * 2**10
"""Largest file. [byte]"""
SIDES, TEXTS = (60.0, 2000.0), (1.5, 40.0)
"""Least and most. [mm]"""
NEEDED = ("north", "legends")
"""What no page is without; nor is it without title, coordinates and sources."""


def page_of(name: str, folder: Path = Path()) -> tuple[str, Page | None]:
    """What a sheet says of its page. name: SCREEN, one of PAGES, or a template in `folder`.

    Raises TwinError, and DataError naming what is wrong in a template.
    """
    if name.lower().endswith(SUFFIX):
        return OWN, load(folder / name)
    plain = name.lower()
    if plain != SCREEN and plain not in PAGES:
        raise TwinError(
            f"there is no page {name!r}. Choose from: {SCREEN}, {', '.join(PAGES)}, or a template *{SUFFIX}."
        )
    return plain, None


def load(path: Path) -> Page:
    """The page of a template. Raises DataError."""
    tree = _tree(path)
    base = tree.pop("base", "a4")
    if base not in PAGES:
        raise DataError(path, "base", f"is no page: {base!r}", f"Choose from {', '.join(PAGES)}.")
    known = [field.name for field in fields(Page)]
    for key in tree:
        if key not in known:
            raise DataError(path, key, "is not known", f"Use base, {', '.join(known)}.")
    first = replace(PAGES[base], title=path.stem)
    said: dict[str, Any] = {name: getattr(first, name) for name in known} | tree
    page = strict_json.convert({**said, "order": list(said["order"])}, Page, path)
    for name, value, (least, most) in (
        ("width", page.width, SIDES),
        ("height", page.height, SIDES),
        ("text", page.text, TEXTS),
    ):
        if not least <= value <= most:
            raise DataError(path, name, f"is {value:g} mm", f"Give {least:g} to {most:g} mm.")
    _check_order(page.order, path)
    return page


def _check_order(order: tuple[str, ...], path: Path) -> None:
    for name in order:
        if name not in FURNITURE:
            raise DataError(path, "order", f"there is no {name!r}", f"Use {', '.join(FURNITURE)}.")
    if len(set(order)) < len(order):
        raise DataError(path, "order", "names something twice", "Name each once.")
    for name in NEEDED:
        if name not in order:
            raise DataError(path, "order", f"lacks {name!r}", "No page is made without it. Add it.")


def _tree(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(path, "", f"cannot be read: {error.strerror or error}") from error
    if len(data) > LIMIT:
        raise DataError(path, "", "is too large for a template", "Choose another file.")
    try:
        return tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(path, "", f"is not TOML: {error}", "See twin render --help.") from error
