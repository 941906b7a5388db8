"""Reads what a photo says of itself: angle of view, where it was taken, and which way it looks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from twin.errors import DataError

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff")
KINDS = ("JPEG", "PNG", "WEBP", "TIFF")
"""Those of Pillow, so that no reader of rarer files sees what a stranger has made."""
DIAGONAL = math.hypot(24.0, 36.0)
"""Of a picture on film that focal lengths are given for. [mm]"""
CAMERA, PLACE = 0x8769, 0x8825
"""Parts of the data of a photo."""
FOCAL, TURNED, DIRECTION = 41989, 274, 17
"""Equivalent focal length, orientation, and compass direction."""
NORTH, EAST = (1, 2), (3, 4)
"""Sign and degrees, minutes, seconds."""


@dataclass(frozen=True, slots=True)
class Photo:
    """What is known of a photo."""

    path: Path
    size: tuple[int, int]
    """Width and height as it is looked at. [px]"""
    angle: float | None = None
    """Vertical angle of view. [deg]"""
    at: tuple[float, float] | None = None
    """Longitude and latitude. [deg]"""
    heading: float | None = None
    """Compass direction. [deg]"""


def read(path: Path) -> Photo:
    """Raises DataError for a file that is no picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=KINDS) as picture:
            width, height = picture.size
            data = picture.getexif()
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise DataError(path, "", f"is no photo: {error}", f"Choose one of {', '.join(SUFFIXES)}.") from error
    if data.get(TURNED, 1) in (5, 6, 7, 8):
        width, height = height, width
    focal, where = _number(data.get_ifd(CAMERA).get(FOCAL)), data.get_ifd(PLACE)
    tall = DIAGONAL * height / math.hypot(width, height)
    north, east = (_degrees(where.get(sign), where.get(parts)) for sign, parts in (NORTH, EAST))
    turn = _number(where.get(DIRECTION))
    return Photo(
        path,
        (width, height),
        math.degrees(2 * math.atan(tall / (2 * focal))) if focal else None,
        (east, north) if east is not None and north is not None else None,
        turn % 360 if turn is not None else None,
    )


def _number(found: object) -> float | None:
    """What is written there; None for nothing, and for what is no number."""
    try:
        value = float(found)  # type: ignore[arg-type]  # whatever the file holds
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return value if math.isfinite(value) else None


def _degrees(sign: object, parts: object) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    values = [_number(part) for part in parts]
    if None in values:
        return None
    degrees = 0.0
    for number, value in enumerate(values):
        degrees += (value or 0.0) / 60.0**number
    return -degrees if str(sign).upper() in ("S", "W") else degrees
