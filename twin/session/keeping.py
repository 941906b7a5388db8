"""Says which results go where there are many: the oldest first, and those that others are made of last."""

from __future__ import annotations

from collections.abc import Collection

from twin.scene.scene import Key, Partial, Results

MOST_RESULTS = 160
"""Older results go first; a shadow of a station area is about 2 MB."""
MOST_BYTES = 900 << 20
"""All results together that say what they take; a day of heat over a station area takes some 130 MB."""
PINNED = {"atlas", "built", "climate", "extent", "heat", "heat ground", "lod", "sensors", "surfaces"}
"""Results that others are made of stay, as long as there is memory."""


def to_forget(results: Results, asked: Collection[Key]) -> tuple[Key, ...]:
    """The keys of those that nobody needs; never that of the newest. asked: of what was asked for."""
    loose = [key for key in results if key[0] not in PINNED and key not in asked]
    found = dict.fromkeys(loose[: max(len(loose) - MOST_RESULTS, 0)])
    heavy = {key: size for key, each in results.items() if key not in found and (size := _size(each))}
    total = sum(heavy.values())
    for key in list(heavy)[:-1]:
        if total <= MOST_BYTES:
            break
        total -= heavy[key]
        found[key] = None
    return tuple(found)


def _size(result: object) -> int:
    """What a result says that it takes. [byte]"""
    return int(getattr(result.value if isinstance(result, Partial) else result, "nbytes", 0))
