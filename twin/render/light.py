"""Lights the scene by the real sun and a sky."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer

from twin.render import arrays
from twin.render.shading import Lighting
from twin.scene.items import Sunlight

NIGHT = -6.0
"""Below this altitude of the sun (civil twilight) it is drawn as night. [deg]"""
AMBIENT, DIFFUSE = 0.64, 0.41
"""Of all that stands: shaded walls keep their colour, and three sides of a block have three tones."""
DAY_SKY = ((243, 242, 238), (229, 236, 240), (196, 216, 230))
NIGHT_SKY = ((48, 54, 70), (36, 41, 56), (18, 21, 33))
"""Haze at the horizon, above it, and the zenith."""
ALTITUDES = (-90.0, 1.0, 12.0, 90.0)
"""Of the rings of the dome; haze up to the second, the zenith at the last. [deg]"""
RADIUS = 8000.0
"""Of the dome, less than the far plane of every camera. [m]"""


class Light:
    """The light of the hour: on solid things, and the dome of the sky one sees."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._renderer = renderer
        # solid things are lit by `shading`, which needs no lights of VTK's
        renderer.SetAutomaticLightCreation(False)
        renderer.RemoveAllLights()
        # a background gradient would be filled behind everything, which costs more than the whole city
        renderer.GradientBackgroundOff()
        # what is clear here lies flat or is alone: no need to pay for the right order of many
        renderer.SetUseOIT(False)
        self._dome = _dome()
        renderer.AddViewProp(self._dome)

    def reach(self, distance: float) -> None:
        """Puts the sky behind all that is seen from so far away. [m]"""
        size = max(1.0, (RADIUS + 1.8 * distance) / RADIUS) if distance > RADIUS / 2 else 1.0
        if self._dome.GetScale()[0] != size:
            self._dome.SetScale(size)

    def show(self, item: Sunlight) -> Lighting:
        """Paints the sky; returns the light that falls on everything."""
        day = daylight(item.altitude)
        _paint(self._dome, day)
        self._renderer.SetBackground(*(c / 255 for c in _mixed(NIGHT_SKY[0], DAY_SKY[0], day)))
        return lighting(item)

    @contextmanager
    def off(self, shade: float) -> Iterator[None]:
        """One grey instead of the sky, 0 (black) to 1."""
        was = self._renderer.GetBackground()
        self._dome.VisibilityOff()
        self._renderer.SetBackground(shade, shade, shade)
        try:
            yield
        finally:
            self._dome.VisibilityOn()
            self._renderer.SetBackground(was)


def lighting(item: Sunlight) -> Lighting:
    """Sun, sky from above, and a little from aside so that of the walls in shade no two are alike."""
    day = daylight(item.altitude)
    altitude, azimuth = math.radians(max(item.altitude, 4.0)), math.radians(item.azimuth)
    east, north = math.sin(azimuth) * math.cos(altitude), math.cos(azimuth) * math.cos(altitude)
    warm = max(0.0, 1.0 - max(item.altitude, 0.0) / 25.0)
    aside = azimuth + math.radians(140.0)
    lamps = (
        ((east, north, math.sin(altitude)), (1.0, 0.97 - 0.14 * warm, 0.92 - 0.30 * warm), 0.90 * day),
        ((-0.3 * east, -0.3 * north, 1.0), (0.90, 0.95, 1.0), 0.08 + 0.10 * day),
        ((math.sin(aside), math.cos(aside), 0.2), (0.86, 0.92, 1.0), 0.10 + 0.20 * day),
    )
    brightness = 0.42 + 0.58 * day
    ambient = min(AMBIENT, brightness)
    return Lighting(
        (ambient, ambient, ambient),
        tuple(
            (direction, (DIFFUSE * strength * r, DIFFUSE * strength * g, DIFFUSE * strength * b))
            for direction, (r, g, b), strength in lamps
        ),
        brightness,
    )


def daylight(altitude: float) -> float:
    """0 at night, 1 by day, between them in twilight. altitude of the sun [deg]."""
    return min(max((altitude - NIGHT) / (4.0 - NIGHT), 0.0), 1.0)


def _dome(sides: int = 32) -> vtkActor:
    turn = 2 * np.pi * np.arange(sides) / sides
    rings = [
        np.column_stack([np.cos(a) * np.cos(turn), np.cos(a) * np.sin(turn), np.full(sides, np.sin(a))])
        for a in np.radians(ALTITUDES)
    ]
    i = np.arange(sides)
    j = (i + 1) % sides
    faces = [
        face
        for low in range(0, (len(rings) - 1) * sides, sides)
        for face in (
            np.column_stack([low + i, low + sides + i, low + j]),
            np.column_stack([low + j, low + sides + i, low + sides + j]),
        )
    ]
    data = arrays.mesh(RADIUS * np.concatenate(rings), np.concatenate(faces))
    dome = arrays.nowhere_clear(arrays.actor(data))
    dome.GetProperty().LightingOff()
    dome.GetProperty().BackfaceCullingOn()  # from far outside one looks through it
    dome.PickableOff()
    return dome


def _paint(dome: vtkActor, day: float) -> None:
    haze, low, high = (_mixed(n, d, day) for n, d in zip(NIGHT_SKY, DAY_SKY, strict=True))
    data = dome.GetMapper().GetInput()
    sides = data.GetNumberOfPoints() // len(ALTITUDES)
    arrays.set_point_colours(data, np.repeat(np.array([haze, haze, low, high], np.uint8), sides, axis=0))
    arrays.refresh(dome)


def _mixed(a: tuple[int, ...], b: tuple[int, ...], part: float) -> tuple[int, ...]:
    return tuple(round(x + (y - x) * part) for x, y in zip(a, b, strict=True))
