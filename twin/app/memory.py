"""Gives back to the system what the program has let go of, where the C library would keep it.

glibc gives each thread a heap of its own, up to eight for each core, and each heap stays as large as it once
was. A window and its computations use a dozen threads, so that a few windows one after the other would hold
several times what one needs.
"""

from __future__ import annotations

import ctypes
import sys
from functools import lru_cache

HEAPS = 2
"""For all threads together."""
_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's malloc.h."""


def share_heaps() -> bool:
    """Lets threads share heaps; before there are threads. False where the C library has no such wish."""
    library = _glibc()
    return library is not None and bool(library.mallopt(_ARENA_MAX, HEAPS))


def give_back() -> bool:
    """Returns free memory to the system, in some 15 ms. False where that is not known to help."""
    library = _glibc()
    return library is not None and bool(library.malloc_trim(0))


@lru_cache(maxsize=1)
def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
