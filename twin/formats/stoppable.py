"""Runs work beside the thread that waits for it, so that it can be stopped during its longest steps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
Progress = Callable[[float], None]
BEAT = 0.1
"""How often it is asked whether to go on. [s]"""


class _StoppedError(Exception):
    """Ends work that nobody waits for any more."""


def stoppable(work: Callable[[Progress], T], progress: Progress) -> T:
    """What `work` gives; `progress` is called where it tells its progress, and in between.

    What `progress` raises ends the waiting at once, and the work at its next step; what the work raises is
    raised here.
    """
    told, gone = [0.0], threading.Event()
    results: list[T] = []
    errors: list[BaseException] = []

    def tell(done: float) -> None:
        if gone.is_set():
            raise _StoppedError
        told[0] = done

    def run() -> None:
        try:
            results.append(work(tell))
        except BaseException as error:  # raised again where it is waited for
            errors.append(error)

    thread = threading.Thread(target=run, name="reading", daemon=True)
    thread.start()
    going = True
    try:
        while going:
            thread.join(BEAT)
            going = thread.is_alive()
            if not errors:
                progress(told[0])
    except BaseException:
        gone.set()
        raise
    if errors:
        raise errors[0]
    return results[0]
