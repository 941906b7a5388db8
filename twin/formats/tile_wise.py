"""Hands pieces of work to an executor, some ahead, and gives back what they make in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import islice
from typing import TypeVar

Made = TypeVar("Made")
AHEAD = 8
"""Pieces handed out before the first of them is fetched."""


def in_order(
    executor: Executor | None,
    function: Callable[..., Made],
    pieces: Iterable[tuple[object, ...]],
    *,
    ahead: int = AHEAD,
) -> Iterator[Made]:
    """What the function makes of each piece, the arguments of a call; None: here, one after the other.

    What an executor of other machines calls must be found there too, and so must the files it names.
    """
    if executor is None:
        for piece in pieces:
            yield function(*piece)
        return
    waiting = iter(pieces)
    running: deque[Future[Made]] = deque()
    try:
        while True:
            for piece in islice(waiting, ahead - len(running)):
                running.append(executor.submit(function, *piece))
            if not running:
                return
            yield running.popleft().result()
    finally:
        for future in running:
            future.cancel()
