"""Says in words of the window what files, which do not know of it, say in options of the command line."""

from __future__ import annotations

import re

from twin.app.texts import tr

MILLIMETRES = "--scale 0.001 for millimetres"
UP = re.compile(r"--up ([yz])")
WRONG = re.compile(r"say ((?:--scale(?: 0\.001 for millimetres)?)?(?: and )?(?:--up [yz])?)\.")


def in_words(text: str) -> str:
    """The same for somebody who has no command line before him."""
    if "--" not in text:
        return text
    crs, click = (
        tr("Open it again, and choose its CRS."),
        tr("Add it to a project, and click where it stands."),
    )
    for said, words in (
        ("Say where it stands with --at EAST,NORTH,HEIGHT --crs EPSG:CODE.", click),
        ("Say it with --crs, as in --crs EPSG:3879, or add the file to a project.", crs),
        ("Say it with --crs, as in --crs EPSG:3879.", crs),
        ("--at needs to know its CRS", tr("a place needs its CRS")),
        ("Check --at and --scale.", tr("Check its place and its unit.")),
        ("Leave out --at.", tr("Add it without a place.")),
    ):
        text = text.replace(said, words)
    return WRONG.sub(lambda found: _choices(found.group(1)), text)


def _choices(options: str) -> str:
    """What is chosen where a file is added, for `--scale` and `--up`."""
    wanted = []
    if "--scale" in options:
        wanted.append(tr("“in millimetres”") if MILLIMETRES in options else tr("its unit"))
    if up := UP.search(options):
        wanted.append(tr("“{0} points up”").format(up.group(1)))
    return tr("undo, add it again, and choose {0} before.").format(tr(" and ").join(wanted))
