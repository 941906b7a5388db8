"""Brings the session to the time someone asks for, without showing a moment that lacks its shadows."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from twin.app.gesture import Gesture
from twin.model.state import State
from twin.session.commands import set_time
from twin.session.session import Session

PATIENCE = 1.0
"""After so long a time is shown even without all that belongs to it. [s]"""


class TimeTravel:
    """Knows the time that is asked for, and goes there as soon as the session can show it whole.

    While one moment is being worked out newer wishes wait, so that a moving handle does not cancel all work;
    then the newest of them is next.
    """

    def __init__(self, session: Session, clock: Callable[[], float] = time.monotonic) -> None:
        self.session = session
        self._clock = clock
        self._gesture = Gesture()
        self._wish: datetime | None = None
        self._aim: datetime | None = None
        self._since = 0.0
        self._ahead: tuple[datetime, ...] = ()
        self._over = True
        self._busy = False
        self._known: State = session.state

    @property
    def waiting(self) -> bool:
        """Whether a wish is still open."""
        return self._wish is not None

    @property
    def shown(self) -> datetime:
        """The time to show: what is wished for, else the session's."""
        return self._wish or self.session.state.time

    def want(self, when: datetime, *, ahead: tuple[datetime, ...] = ()) -> None:
        """Asks for a time; ahead: what will be asked for next."""
        self._wish, self._ahead, self._over = when, ahead, False
        self.follow()

    def follow(self) -> None:
        """Goes on if it can; to be called when work is done and now and then while `waiting`."""
        if self._busy:
            return
        self._busy = True
        try:
            while self._wish is not None:
                if self._aim is None:
                    self._aim, self._since = self._wish, self._clock()
                    self._foresee()
                if self.session.ready(set_time(self.session.state, self._aim)):
                    self._commit(self._aim)
                elif self._clock() - self._since > PATIENCE:
                    self._commit(self._wish)
                else:
                    return
        finally:
            self._busy = False

    def end(self) -> None:
        """The handle was let go: what is open is brought to its end, the next wish is a new step."""
        self._over = True
        if self._wish is None:
            self._gesture.end()

    def settle(self) -> None:
        """Goes to the time asked for at once, ready or not."""
        if self._wish is not None:
            self._commit(self._wish)
        self.end()

    def heard(self) -> bool:
        """To be called when the session has changed; True when somebody else has set the time."""
        before, self._known = self._known, self.session.state
        if self._busy or self._known == before:
            return False
        if (self._known.time, self._known.time.fold) != (before.time, before.time.fold):
            self._wish = self._aim = None
            self.end()
            return True
        if self._aim is not None:
            self._foresee()  # of the new scenario or overlay
        return False

    def _foresee(self) -> None:
        assert self._aim is not None
        moments = (self._aim, *self._ahead)
        self.session.foresee(*(set_time(self.session.state, moment) for moment in moments))

    def _commit(self, when: datetime) -> None:
        busy, self._busy = self._busy, True
        self._aim = None
        if self._wish == when:
            self._wish = None
        self._gesture.do(self.session, set_time, when)
        self._known = self.session.state
        self._busy = busy
        if self._over and self._wish is None:
            self._gesture.end()
