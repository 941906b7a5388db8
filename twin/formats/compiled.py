"""Turns loops over texts and corners into machine code, once a machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """The loop as machine code that lets go of the interpreter, kept on disk for the next start."""
    return cast(Loop, njit(cache=True, nogil=True)(loop))
