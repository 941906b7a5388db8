"""Lights the scene by the real sun and a sky."""

from __future__ import annotations

import math

from vtkmodules.vtkRenderingCore import vtkLight, vtkRenderer

from twin.scene.items import Sunlight

NIGHT = -6.0
"""Below this altitude of the sun (civil twilight) it is drawn as night. [deg]"""
DAY_SKY = ((0.955, 0.950, 0.938), (0.78, 0.86, 0.92))
NIGHT_SKY = ((0.16, 0.18, 0.24), (0.05, 0.06, 0.10))


class Light:
    """The two lights of a renderer: the sun, and the sky as a soft one from above."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._renderer = renderer
        self._sun, self._sky = vtkLight(), vtkLight()
        renderer.SetAutomaticLightCreation(False)
        renderer.RemoveAllLights()
        for light in (self._sun, self._sky):
            light.SetLightTypeToSceneLight()
            light.PositionalOff()
            renderer.AddLight(light)
        renderer.GradientBackgroundOn()

    def show(self, item: Sunlight) -> float:
        """Sets lights and sky; returns how bright flat, unlit things are drawn, 0-1."""
        day = daylight(item.altitude)
        altitude = math.radians(max(item.altitude, 4.0))
        azimuth = math.radians(item.azimuth)
        east, north = math.sin(azimuth) * math.cos(altitude), math.cos(azimuth) * math.cos(altitude)
        self._sun.SetPosition(east, north, math.sin(altitude))
        self._sun.SetFocalPoint(0.0, 0.0, 0.0)
        warm = max(0.0, 1.0 - max(item.altitude, 0.0) / 25.0)
        self._sun.SetColor(1.0, 0.97 - 0.16 * warm, 0.92 - 0.34 * warm)
        self._sun.SetIntensity(0.78 * day)
        # the sky lights most from the side away from the sun's glare, so that no wall is flat black
        self._sky.SetPosition(-0.5 * east, -0.5 * north, 1.0)
        self._sky.SetFocalPoint(0.0, 0.0, 0.0)
        self._sky.SetColor(0.88, 0.93, 1.0)
        self._sky.SetIntensity(0.22 + 0.24 * day)
        self._renderer.SetAmbient(1.0, 1.0, 1.0)
        low, high = (_mixed(n, d, day) for n, d in zip(NIGHT_SKY, DAY_SKY, strict=True))
        self._renderer.SetBackground(*low)
        self._renderer.SetBackground2(*high)
        return 0.42 + 0.58 * day


def daylight(altitude: float) -> float:
    """0 at night, 1 by day, between them in twilight. altitude of the sun [deg]."""
    return min(max((altitude - NIGHT) / (4.0 - NIGHT), 0.0), 1.0)


def _mixed(a: tuple[float, ...], b: tuple[float, ...], part: float) -> tuple[float, ...]:
    return tuple(x + (y - x) * part for x, y in zip(a, b, strict=True))
