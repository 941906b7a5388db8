"""Makes one step of undo of everything between pressing a handle and letting it go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from twin.model.state import State
from twin.session.session import Session

P = ParamSpec("P")


class Gesture:
    """The first change of a movement is a step, the following ones go on with it."""

    def __init__(self) -> None:
        self._begun = False

    def do(
        self,
        session: Session,
        command: Callable[Concatenate[State, P], State],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Applies a command as a part of the movement."""
        before = session.state
        if self._begun:
            session.adjust(command, *args, **kwargs)
        else:
            session.do(command, *args, **kwargs)
        self._begun |= session.state is not before

    def end(self) -> None:
        """The next change is a step again."""
        self._begun = False
