"""Brings what sensors said into pictures that no window shows: of the same file, at the time of the state."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from pathlib import Path

from twin.model.project import Project
from twin.model.state import State
from twin.scene.sensors import HEARD
from twin.session.session import Session

SHOWN = "TWIN_OBSERVATIONS"
"""Environment variable of a process that works on a copy of a project: the file of observations that the
window shows, which may be a recording."""
_shown: dict[Path | None, Path] = {}


def show(project: Path | None, observations: Path | None) -> None:
    """Remember which file of observations a window shows of a project; None: none any more."""
    if observations is None:
        _shown.pop(project, None)
    else:
        _shown[project] = observations


def shown(project: Path | None) -> Path | None:
    """The file of observations that a window shows of a project."""
    return _shown.get(project)


class SensedSession(Session):
    """Asks a file of observations as long as it is open."""

    let_go: Callable[[], object] = staticmethod(lambda: None)

    def close(self) -> None:
        """Cancels all work, and lets go of the file."""
        super().close()
        self.let_go()


def session_of(project: Project, state: State, *, card_shadows: bool = False) -> Session:
    """A session with the sensors of the project, as far as they were heard. Raises DataError."""
    session = SensedSession(project, state, card_shadows=card_shadows)
    given = os.environ.get(SHOWN, "")
    given = given if Path(given).is_file() else ""
    if not given and not project.feeds and project.path is None:
        return session
    from twin.feeds.heard import Teller, store_to_see
    from twin.feeds.store import Store

    found = (Store(Path(given), read_only=True), ()) if given else store_to_see(project.path, project.feeds)
    if found is not None:
        store, troubles = found
        session.let_go = weakref.finalize(session, store.close)  # at the latest when nobody has it any more
        session.bring(HEARD, Teller(store, project.place, project.feeds).heard(troubles=troubles))
    return session
