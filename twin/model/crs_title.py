"""Says in words in which coordinates and heights something is."""

from __future__ import annotations

from functools import cache

from pyproj import CRS

from twin.model.place import Place


def crs_title(place: Place) -> tuple[str, str]:
    """The coordinate system with its code, and its datum."""
    return _of(place.crs)


@cache
def _of(code: str) -> tuple[str, str]:
    crs = CRS.from_user_input(code)
    datum = crs.datum.name if crs.datum is not None else ""
    return f"{crs.name} ({code})", datum.removesuffix(" ensemble")
