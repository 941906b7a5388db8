"""Lets VTK call a method without keeping alive whose method it is."""

from __future__ import annotations

import weakref
from collections.abc import Callable


def weakly(act: Callable[[], None]) -> Callable[[object, str], None]:
    """An observer that calls a method as long as its owner lives."""
    method = weakref.WeakMethod(act)

    def call(_caller: object, _event: str) -> None:
        found = method()
        if found is not None:
            found()

    return call
