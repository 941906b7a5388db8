"""Places to look from that have a name: plan, sides, isometric, section, eye level, a photo's."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from twin.model.city import City
from twin.model.state import Camera, Point
from twin.scene.camera import STEEPEST, distance, heading, looking, seen
from twin.scene.camera import tilt as tilt_of

ISOMETRIC = math.degrees(math.atan(1 / math.sqrt(2)))
"""The tilt from which all edges of an upright cube are equally long. [deg]"""
FAR = 4000.0
"""So far away stands the eye of a view without perspective, behind everything of a station area. [m]"""
EYE = 1.6
"""Of somebody standing, above the ground. [m]"""
AHEAD = 60.0
"""What lies in the middle of a view at eye level is so far away, for turning about. [m]"""
FRAME = 24.0
"""Height of a picture on film that focal lengths are given for, held level. [mm]"""
FARTHEST = 80.0
"""So far one steps back from within a house. [m]"""
LEVEL = 0.5
"""Views of less tilt are level. [deg]"""
FILLED, LOWEST = 0.9, 30.0
"""The share of the picture that the line of a section takes, and how tall it is at least. [m]"""
GROUND_BELOW = 0.28
"""Where the ground is in a view from the side: below the middle, as a share of the height that is seen."""
Flat = tuple[float, float]
Floats = NDArray[np.float64]
STANDPOINTS = {
    "top": (0.0, STEEPEST),
    "south": (0.0, 0.0),
    "west": (90.0, 0.0),
    "north": (180.0, 0.0),
    "east": (270.0, 0.0),
    "isometric": (45.0, ISOMETRIC),
    "isometric-west": (135.0, ISOMETRIC),
    "isometric-north": (225.0, ISOMETRIC),
    "isometric-east": (315.0, ISOMETRIC),
}
"""Where from (a side is seen from there): heading and tilt. [deg]"""


def parallel(camera: Camera, *, heading: float, tilt: float, height: float = 0.0) -> Camera:
    """The same place without perspective. height: of what is seen, as much as before when 0. [m]"""
    height = height or seen(camera, distance(camera))
    east, north, up = camera.target
    if tilt == 0.0:
        up = _ground(camera) + GROUND_BELOW * height
    there = looking((east, north, up), heading=heading, tilt=tilt, distance=FAR)
    return replace(there, height=height)


def standing_at(camera: Camera, name: str, *, height: float = 0.0) -> Camera:
    """The view of this name, of the place that is in the middle now. Raises KeyError."""
    turn, tilt = STANDPOINTS[name]
    return parallel(camera, heading=turn, tilt=tilt, height=height)


def flattened(camera: Camera) -> Camera:
    """The same view with perspective taken away, or given back."""
    if not camera.height:
        h, t = heading(camera), tilt_of(camera)
        return parallel(camera, heading=h, tilt=t)
    away = camera.height / (2 * math.tan(math.radians(camera.angle) / 2))
    there = looking(camera.target, heading=heading(camera), tilt=tilt_of(camera), distance=away)
    return Camera(there.position, camera.target, camera.angle)


def _ground(camera: Camera) -> float:
    """How high the ground is in the middle of a view: its target, which level views have raised. [m]"""
    level = camera.height and abs(tilt_of(camera)) < LEVEL
    return camera.target[2] - (GROUND_BELOW * camera.height if level else 0.0)


def section_along(camera: Camera, start: Flat, end: Flat, *, wide: float, ground: float = 0.0) -> Camera:
    """The section along a line, all of it in view, from the side one looks from.

    start, end: local easting and northing [m]; wide: the picture, by its height; ground: how high it is [m].
    """
    east, north = end[0] - start[0], end[1] - start[1]
    across = math.degrees(math.atan2(east, north)) + 90.0
    turn = across if math.cos(math.radians(across - heading(camera))) >= 0 else across + 180.0
    middle: Point = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, ground)
    there = looking(middle, heading=turn, tilt=45.0, distance=FAR)
    height = max(math.hypot(east, north) / wide / FILLED, LOWEST)
    return section(there, turn=turn % 360.0, height=height)


def section(camera: Camera, *, turn: float | None = None, height: float = 0.0) -> Camera:
    """An upright section through the target, looking in a compass direction, that of the view when None."""
    turn = heading(camera) if turn is None else turn
    return replace(parallel(camera, heading=turn, tilt=0.0, height=height), section=True)


def eye_level(
    at: Flat,
    *,
    heading: float,
    height: float = EYE,
    tilt: float = 0.0,
    angle: float = 50.0,
    ground: float = 0.0,
) -> Camera:
    """What somebody sees who stands at a place and looks in a compass direction.

    at: local easting and northing; height: of the eye above the ground; ground: how high that is [m];
    tilt: down; angle: of view [deg].
    """
    h, t = math.radians(heading), math.radians(tilt)
    flat, eye = AHEAD * math.cos(t), ground + height
    target: Point = (at[0] + flat * math.sin(h), at[1] + flat * math.cos(h), eye - AHEAD * math.sin(t))
    return Camera((at[0], at[1], eye), target, angle)


def outside(city: City, at: Flat, towards: Flat) -> Flat:
    """The place itself, or the first one on the way to another where one can stand outside of houses.

    The place itself where all of the way is built on.
    """
    away = math.dist(at, towards)
    if away == 0:
        return at
    steps = np.arange(0.0, FARTHEST, 1.0)[:, None]
    places = np.array(at) + steps * (np.subtract(towards, at) / away)
    low, high = places.min(axis=0), places.max(axis=0)
    flat = city.vertices[:, :2]
    # by boxes first, as a city has millions of triangles
    left, right = flat[city.triangles].min(axis=1), flat[city.triangles].max(axis=1)
    near = flat[city.triangles[((left <= high) & (right >= low)).all(axis=1)]]
    a, b, c = near[None, :, 0], near[None, :, 1], near[None, :, 2]
    p = places[:, None]
    turns = np.stack([_turn(a, b, p), _turn(b, c, p), _turn(c, a, p)])
    upright = np.abs(_turn(a, b, c)) < 1e-6
    within = (turns >= 0).all(axis=0) | (turns <= 0).all(axis=0)
    built: NDArray[np.bool_] = np.asarray((within & ~upright).any(axis=1))
    # no nearer to the wall than arms reach
    free = np.flatnonzero(~(built | np.roll(built, 1) | np.roll(built, 2)))
    found = places[free[free > 1][0]] if built[0] and (free > 1).any() else places[0]
    return float(found[0]), float(found[1])


def _turn(a: Floats, b: Floats, c: Floats) -> Floats:
    """Whether c lies left of the way from a to b: positive."""
    way, off = b - a, c - a
    return np.asarray(way[..., 0] * off[..., 1] - way[..., 1] * off[..., 0])


def angle_of(focal: float) -> float:
    """The vertical angle of view of a photo that was taken upright. [deg]

    focal: length as for 24 × 36 mm film, which the data of a photo give as "35 mm equivalent". [mm]
    """
    return math.degrees(2 * math.atan(FRAME / (2 * focal)))


def at_scale(camera: Camera, scale: float, tall: float) -> Camera:
    """The view at 1 : scale on paper, without perspective. tall: height of the picture on paper [mm]."""
    flat = camera if camera.height else flattened(camera)
    return replace(flat, height=scale * tall / 1000)


def north_on_picture(camera: Camera) -> float | None:
    """Which way north points in the middle of the picture, clockwise from up; None: too flat to say. [deg]

    Level with the horizon north is behind things or before them, and no way on the picture.
    """
    east, north = _north(camera)
    return None if tilt_of(camera) < FLAT else math.degrees(math.atan2(east, north))


FLAT = 8.0
"""Below this tilt the ground is but a line. [deg]"""


def _north(camera: Camera) -> tuple[float, float]:
    """A step to the north as it is seen: to the right, and up."""
    h = math.radians(heading(camera))
    return -math.sin(h), math.cos(h) * math.sin(math.radians(tilt_of(camera)))
