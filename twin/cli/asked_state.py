"""Makes a state out of the options of commands that ask for less than `twin render` does."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin.model.project import Project
    from twin.model.state import State

ABSENT = {
    **dict.fromkeys(("state", "scenario", "overlay", "compare", "divider", "style", "time", "year")),
    **dict.fromkeys(("weather", "resolution", "view", "lod")),
    **{"compared": "", "no_textures": False, "hide": (), "highlight": False},
}
"""What `twin render` takes where nothing is asked for."""


def asked_state(project: Project, options: argparse.Namespace, **more: object) -> State:
    """As of `twin render` with these options; more: what the command words otherwise. Raises TwinError."""
    from twin.cli.render import state_of

    given = {name: getattr(options, name) for name in ABSENT if hasattr(options, name)}
    return state_of(project, argparse.Namespace(**{**ABSENT, **given, **more}))
