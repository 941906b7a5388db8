"""Knows how much memory reading took."""

from __future__ import annotations

import sys


def peak() -> int:
    """The most memory that this process has held so far; 0 where the system does not say. [byte]"""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
