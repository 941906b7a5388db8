"""Moves a camera about; the horizon stays level."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from twin.model.box import box
from twin.model.state import Camera, Point

NEAREST, FARTHEST = 2.0, 20_000.0
"""How close to its target a camera may come, and how far from it go. [m]"""
STEEPEST = 89.9
"""Straight down has no north, so the view stops just short of it. [deg]"""

SMALLEST = 20.0
"""No area is shown from nearer. [m]"""
FILLED = 0.9
"""Share of the picture that an area may take up. 0-1"""
NARROW = 1.25
"""A picture is at least so much wider than high; most are wider."""


def distance(camera: Camera) -> float:
    """From the eye to the target. [m]"""
    return math.dist(camera.position, camera.target)


def heading(camera: Camera) -> float:
    """Compass direction of the view, clockwise from north. [deg]"""
    east, north = camera.target[0] - camera.position[0], camera.target[1] - camera.position[1]
    return math.degrees(math.atan2(east, north)) % 360


def tilt(camera: Camera) -> float:
    """How far the view looks down: 0 level, 90 straight down. [deg]"""
    flat = math.dist(camera.position[:2], camera.target[:2])
    return math.degrees(math.atan2(camera.position[2] - camera.target[2], flat))


def metre(camera: Camera, away: float, pixels: float) -> float:
    """How many pixels a metre across the view takes, so far from the eye. [px/m]

    away: along the view [m]; pixels: height of the picture [px].
    """
    return pixels / seen(camera, away)


def seen(camera: Camera, away: float) -> float:
    """How tall the part of the world is that is seen so far from the eye, along the view. [m]"""
    return camera.height or 2 * away * math.tan(math.radians(camera.angle) / 2)


def looking(target: Point, *, heading: float, tilt: float, distance: float, angle: float = 35.0) -> Camera:
    """A camera that sees `target` from a compass direction, a tilt [deg] and a distance [m]."""
    tilt = min(max(tilt, -STEEPEST), STEEPEST)
    distance = min(max(distance, NEAREST), FARTHEST)
    flat, h = distance * math.cos(math.radians(tilt)), math.radians(heading)
    position = (
        target[0] - flat * math.sin(h),
        target[1] - flat * math.cos(h),
        target[2] + distance * math.sin(math.radians(tilt)),
    )
    return Camera(position, target, angle)


def orbit(camera: Camera, *, turn: float, rise: float, about: Point | None = None) -> Camera:
    """Turns about a point, the target unless another is given; never below the ground's horizon. [deg]"""
    centre = about or camera.target
    lowest = 0.5 if camera.position[2] > 0.5 else -STEEPEST
    new_tilt = min(max(tilt(camera) + rise, lowest), STEEPEST)
    moved = [
        _turned(point, centre, turn, new_tilt - tilt(camera), camera)
        for point in (camera.position, camera.target)
    ]
    position, target = moved
    if position[2] < 0.5 <= camera.position[2]:
        return orbit(camera, turn=turn, rise=0.0, about=about) if rise else camera
    return replace(camera, position=position, target=target)


def _turned(point: Point, centre: Point, turn: float, rise: float, camera: Camera) -> Point:
    h, r, t = math.radians(heading(camera)), math.radians(rise), math.radians(turn)
    east, north, up = (point[i] - centre[i] for i in range(3))
    forward = east * math.sin(h) + north * math.cos(h)
    aside = east * math.cos(h) - north * math.sin(h)
    # looking further down lifts what lies behind the centre
    forward, up = forward * math.cos(r) + up * math.sin(r), up * math.cos(r) - forward * math.sin(r)
    h += t
    return (
        centre[0] + forward * math.sin(h) + aside * math.cos(h),
        centre[1] + forward * math.cos(h) - aside * math.sin(h),
        centre[2] + up,
    )


def zoom(camera: Camera, factor: float, towards: Point | None = None) -> Camera:
    """Comes nearer (factor < 1) or goes away, so that `towards` keeps its place in the picture."""
    point = towards or camera.target
    size = camera.height or distance(camera)
    factor = min(max(factor, NEAREST / max(size, 1e-6)), FARTHEST / max(size, 1e-6))
    if camera.height:
        return _zoomed_flat(camera, factor, point)
    position, target = (_between(point, p, factor) for p in (camera.position, camera.target))
    if position[2] < 0.5 <= camera.position[2]:
        return camera
    return replace(camera, position=position, target=target)


def _zoomed_flat(camera: Camera, factor: float, towards: Point) -> Camera:
    """Without perspective nothing comes nearer: less is seen, and the view slides across itself."""
    forward = np.subtract(camera.target, camera.position) / distance(camera)
    way = np.subtract(towards, camera.target)
    east, north, up = ((1 - factor) * (way - (way @ forward) * forward)).tolist()
    return replace(move(camera, east, north, up), height=camera.height * factor)


def _between(a: Point, b: Point, part: float) -> Point:
    return a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]), a[2] + part * (b[2] - a[2])


def move(camera: Camera, east: float, north: float, up: float = 0.0) -> Camera:
    """Shifts eye and target together. [m]"""
    (x, y, z), (a, b, c) = camera.position, camera.target
    position, target = (x + east, y + north, z + up), (a + east, b + north, c + up)
    return replace(camera, position=position, target=target)


def strafe(camera: Camera, right: float, forward: float) -> Camera:
    """Shifts along the ground in the directions of the picture. [m]"""
    h = math.radians(heading(camera))
    return move(
        camera,
        right * math.cos(h) + forward * math.sin(h),
        -right * math.sin(h) + forward * math.cos(h),
    )


def look_around(camera: Camera, *, turn: float, rise: float) -> Camera:
    """Turns the head: the eye stays, the target moves. [deg]"""
    new_tilt = min(max(tilt(camera) + rise, -60.0), STEEPEST)
    length = distance(camera)
    h, t = math.radians(heading(camera) + turn), math.radians(new_tilt)
    flat = length * math.cos(t)
    p = camera.position
    return replace(
        camera, target=(p[0] + flat * math.sin(h), p[1] + flat * math.cos(h), p[2] - length * math.sin(t))
    )


def north_up(camera: Camera) -> Camera:
    """The same view with north at the top."""
    there = looking(camera.target, heading=0.0, tilt=tilt(camera), distance=distance(camera))
    return replace(camera, position=there.position)


def from_above(camera: Camera) -> Camera:
    """The same place seen straight down, north at the top."""
    there = looking(camera.target, heading=0.0, tilt=STEEPEST, distance=distance(camera))
    return replace(camera, position=there.position)


def around(bounds: tuple[float, float, float, float], *, heading: float = 25.0, tilt: float = 38.0) -> Camera:
    """A view of a whole area: west, south, east, north. [m]"""
    west, south, east, north = bounds
    corners = np.array([(x, y, 0.0) for x in (west, east) for y in (south, north)])
    return framing(corners, heading=heading, tilt=tilt)


def close_to(camera: Camera, low: Point, high: Point, *, least: float) -> Camera:
    """A view of a box from where one looks now, and of so much of the ground around it at least. [m]"""
    grown = max(0.0, (least - max(high[0] - low[0], high[1] - low[1])) / 2)
    sides = ((low[0] - grown, high[0] + grown), (low[1] - grown, high[1] + grown), (low[2], high[2]))
    corners = np.array([(x, y, z) for x in sides[0] for y in sides[1] for z in sides[2]])
    return framing(corners, heading=heading(camera), tilt=max(tilt(camera), 15.0))


def framing(
    points: NDArray[np.float64], *, heading: float = 25.0, tilt: float = 38.0, angle: float = 35.0
) -> Camera:
    """The nearest view that has all of these (n, 3) in its picture, in the middle of what they fill. [m]

    angle: of the view, from its lower edge up. [deg]
    """
    low, high = box(points)
    middle = (low + high) / 2
    tilt = min(max(tilt, -STEEPEST), STEEPEST)
    forward, right, up = _axes(heading, tilt)
    # of each point: how far away the eye must be, and aside of the middle, for it to be just within
    half = FILLED * math.tan(math.radians(angle) / 2)
    wide = half * NARROW
    sides = np.array(
        [up - half * forward, -up - half * forward, right - wide * forward, -right - wide * forward]
    )
    above, below, east, west = ((sides @ points.T).max(axis=1) - sides @ middle).tolist()
    away = max((above + below) / (2 * half), (east + west) / (2 * wide), SMALLEST)
    place = middle + right * (east - west) / 2 + up * (above - below) / 2
    # the target lies on the ground, where one turns about it
    slide = -float(place[2]) / float(forward[2]) if forward[2] < -0.1 else 0.0
    east, north, height = (place + slide * forward).tolist()
    return looking((east, north, height), heading=heading, tilt=tilt, distance=away + slide, angle=angle)


def _axes(
    heading: float, tilt: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Unit vectors of a view: forwards, to the right, and up in the picture."""
    h, t = math.radians(heading), math.radians(tilt)
    forward = np.array([math.cos(t) * math.sin(h), math.cos(t) * math.cos(h), -math.sin(t)])
    right = np.array([math.cos(h), -math.sin(h), 0.0])
    return forward, right, np.cross(right, forward)


def pixel_of(camera: Camera, point: Point, size: tuple[int, int]) -> tuple[float, float] | None:
    """Where a place is in a picture of this size, from its upper left corner; None behind the eye. [px]"""
    forward = np.subtract(camera.target, camera.position)
    forward = forward / np.linalg.norm(forward)
    right = np.cross(forward, (0.0, 0.0, 1.0))
    right = right / np.linalg.norm(right)
    way = np.subtract(point, camera.position)
    deep = float(way @ forward)
    if deep <= 0:
        return None
    width, height = size
    each = metre(camera, deep, height)
    return width / 2 + float(way @ right) * each, height / 2 - float(way @ np.cross(right, forward)) * each
