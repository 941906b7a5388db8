"""Puts a model where the user or its file says that it stands, and says what was guessed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats.georeference import FAR, Located, ground_level, locate
from twin.formats.mesh_parts import Parts
from twin.model.place import Place
from twin.model.placement import Placement

SAY = "Say where it stands with --at EAST,NORTH,HEIGHT --crs EPSG:CODE."
SIZE = "--scale"
"""What a notice names that tells of a guessed unit."""
GEOGRAPHIC = "EPSG:4979"
FLAT = 0.5
"""What is so much flatter along y than along both others lies with y up."""
LARGEST, SMALLEST = 20_000.0, 0.2
"""Models beyond these sides are seldom in metres. [m]"""
NOWHERE = Place("EPSG:32631", (500_000.0, 0.0, 0.0), 3.0, 0.0)
"""Where a model is put that nothing is known of: on the equator, south of Greenwich nearly."""


def place_parts(path: Path, parts: Parts, place: Place | None, crs: str, placement: Placement) -> Located:
    """The points of a model in local metres, and how it was decided where they lie.

    place: of the project; None: one of its own. crs: `EPSG:code` of the coordinates, or of `placement.at`.
    Raises DataError when they cannot lie where they are said to.
    """
    if parts.crs and placement.at is None:
        points = parts.points if placement.scale is None else parts.points * placement.scale
        # longitudes and latitudes were worked out by the reader, so that nothing else can be meant
        crs = "" if parts.crs == GEOGRAPHIC else crs
        found = locate(path, points, [f"{parts.said} {parts.crs}"], place, crs)
        return replace(found, decided_by=found.decided_by.removeprefix("srsName "))
    points, notices = _upright(parts, placement)
    if placement.at is not None:
        found = _at(path, stood(points, placement), placement.at, placement.crs or crs, place)
    elif crs:
        found = locate(path, points, [], place, crs)
    else:
        found = unknown(points, place)
    return replace(found, notices=(*notices, *found.notices))


def _upright(parts: Parts, placement: Placement) -> tuple[NDArray[np.float64], list[str]]:
    """The points in metres with z up, and what was guessed of that."""
    scale, up = placement.scale or parts.unit, placement.up or parts.up
    sides = np.ptp(parts.points, axis=0) if len(parts.points) else np.zeros(3)
    guessed, remedy = [], []
    if scale is None:
        scale = 1.0
        large = " × ".join(f"{side:.4g}" for side in sides)
        guessed.append(f"in metres ({large} m)")
        remedy.append(f"{SIZE} 0.001 for millimetres" if sides.max() > LARGEST else SIZE)
    if not up:
        up = "y" if sides[1] < FLAT * min(sides[0], sides[2]) else "z"
        guessed.append(f"with {up} up")
        remedy.append(f"--up {'z' if up == 'y' else 'y'}")
    notices = []
    if guessed:
        odd = scale == 1.0 and len(parts.corners) and not SMALLEST < sides.max() < LARGEST
        doubt = " That is an odd size." if odd and parts.unit is None and placement.scale is None else ""
        notices.append(
            f"The file does not say it: it was read {' and '.join(guessed)}.{doubt} "
            f"If that is wrong, say {' and '.join(remedy)}."
        )
    points = parts.points * scale
    if up == "y":
        points = np.column_stack([points[:, 0], -points[:, 2], points[:, 1]])
    return points, notices


def stood(points: NDArray[np.float64], placement: Placement) -> NDArray[np.float64]:
    """The points about the place where they stand, turned as it says. [m]"""
    if placement.middle and len(points):
        low, high = points.min(axis=0), points.max(axis=0)
        points = points - [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]]
    if not placement.rotation:
        return points
    turn = math.radians(placement.rotation)
    east = points[:, 0] * math.cos(turn) + points[:, 1] * math.sin(turn)
    north = points[:, 1] * math.cos(turn) - points[:, 0] * math.sin(turn)
    return np.column_stack([east, north, points[:, 2]])


def _at(
    path: Path, points: NDArray[np.float64], at: Sequence[float], crs: str, place: Place | None
) -> Located:
    from pyproj import CRS, Transformer

    crs = crs or (place.crs if place else "")
    if not crs:
        raise DataError(path, "", "--at needs to know its CRS", "Say it with --crs, as in --crs EPSG:3879.")
    # the one point decides, because the order of axes must not turn the model itself over
    found = locate(path, np.array([at], dtype=np.float64), [], place, crs)
    here = found.place
    if not CRS(found.crs).is_projected or CRS(found.crs).axis_info[0].unit_conversion_factor != 1.0:
        problem = f"{found.crs} has no metres to place a model by"
        raise DataError(path, "", problem, "Take a projected CRS with metres.")
    if found.crs == here.crs:
        return replace(found, points=points + found.points[0])
    there = Transformer.from_crs(found.crs, here.crs, always_xy=True)
    origin = np.array(here.origin)
    east, north, _ = found.points[0] + origin
    zero = np.array(there.transform(east, north, direction="INVERSE"))
    east, north = there.transform(points[:, 0] + zero[0], points[:, 1] + zero[1])
    local = np.column_stack([east, north, points[:, 2] + at[2]]) - origin
    if not np.isfinite(local).all():
        raise DataError(path, "", f"reaches beyond where {here.crs} can be used", "Check --at and --scale.")
    return replace(found, points=local)


def unknown(points: NDArray[np.float64], place: Place | None) -> Located:
    """In the project's coordinates where they fit, else at its origin; nowhere where there is no project."""
    middle = np.median(points, axis=0) if len(points) else np.zeros(3)
    if place is None:
        away = _away(middle)
        level = ground_level(points[:, 2])
        here = replace(NOWHERE, origin=(*NOWHERE.origin[:2], level))
        said = f"The file does not say where it stands. It is shown alone, with the sun of the equator. {SAY}"
        return Located(here, points - [*away, level], "", "nothing; the file does not say it", (said,))
    near = points - np.array(place.origin)
    if float(np.hypot(*(middle - place.origin)[:2])) < FAR:
        said = f"The file does not say where it stands; it was read in {place.crs}, the project's. {SAY}"
        return Located(place, near, "", "assumed", (said,))
    said = f"The file does not say where it stands; it was put at the project's origin. {SAY}"
    return Located(place, points - [*_away(middle), 0.0], "", "assumed", (said,))


def _away(middle: NDArray[np.float64]) -> tuple[float, float]:
    """What to take off coordinates so that a model far from its own zero comes near: whole hundreds. [m]"""
    if float(np.hypot(*middle[:2])) < FAR:
        return 0.0, 0.0
    east, north = (np.round(middle[:2] / 100) * 100).tolist()
    return east, north
