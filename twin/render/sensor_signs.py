"""Holds in one picture what labels of sensors are put together of: signs, letters, round ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkTextProperty, vtkTextRenderer

CELL = 64
"""Side of a sign. [px]"""
PAD = 4
"""Around each, so that in a picture of a quarter of the size none runs into the next. [px]"""
ACROSS = 16
"""Cells in a row."""
LEVELS = (1, 2, 4)
"""So many times smaller the picture can be had."""
LETTERS = "".join(chr(code) for code in range(33, 127)) + "°µ²³–×…ÄÅÖÕÜÉŠŽÆØäåöõüéšžæøß"
FONT = 44
"""Height of letters. [px]"""
BASE = 16
"""From the lower edge of a cell to the line that letters stand on. [px]"""
Mask = NDArray[np.bool_]
Grid = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Signs:
    """The picture, and where what is in it."""

    image: NDArray[np.uint8]
    """(height, width, 4), white with the shape as opacity, the lowest row first."""
    places: dict[str, tuple[float, float, float, float]]
    """Left, bottom, right, top of each, 0-1."""
    widths: dict[str, float]
    """Of each letter, in cells."""


def _thermometer(x: Grid, y: Grid) -> Mask:
    tube = (abs(x) < 0.17) & (y > -0.45) & (y < 0.7) | (x**2 + (y - 0.7) ** 2 < 0.17**2)
    ticks = (x > 0.25) & (x < 0.5) & (((y + 0.1) % 0.32) < 0.1) & (y > -0.2) & (y < 0.75)
    return np.asarray(tube | (x**2 + (y + 0.55) ** 2 < 0.36**2) | ticks)


def _drop(x: Grid, y: Grid) -> Mask:
    tip = (y >= -0.2) & (y < 0.85) & (abs(x) < 0.55 * (0.85 - y) / 1.05)
    return np.asarray(tip | (x**2 + (y + 0.25) ** 2 < 0.55**2))


def _wind(x: Grid, y: Grid) -> Mask:
    lines = [(0.4, 0.4), (0.0, 0.75), (-0.4, 0.2)]
    found = np.zeros(x.shape, dtype=bool)
    for over, end in lines:
        found |= (abs(y - over) < 0.1) & (x > -0.8) & (x < end)
        found |= abs(np.hypot(x - end, y - over - 0.17) - 0.17) < 0.09
    return found


def _dots(x: Grid, y: Grid) -> Mask:
    found = np.zeros(x.shape, dtype=bool)
    for a, b, r in (
        (-0.45, 0.35, 0.28),
        (0.3, 0.5, 0.2),
        (0.1, -0.1, 0.3),
        (-0.4, -0.5, 0.2),
        (0.6, -0.5, 0.24),
    ):
        found |= np.hypot(x - a, y - b) < r
    return found


def _sound(x: Grid, y: Grid) -> Mask:
    box = (x > -0.85) & (x < -0.5) & (abs(y) < 0.25)
    horn = (x >= -0.5) & (x < -0.1) & (abs(y) < 0.25 + 0.9 * (x + 0.5))
    waves = (abs(np.hypot(x + 0.2, y) - 0.5) < 0.08) | (abs(np.hypot(x + 0.2, y) - 0.85) < 0.08)
    return np.asarray(box | horn | (waves & (x > abs(y) * 0.7)))


def _person(x: Grid, y: Grid) -> Mask:
    body = (abs(x) < 0.32) & (y > -0.5) & (y < 0.25) | (x**2 + (y - 0.2) ** 2 < 0.32**2)
    legs = (abs(abs(x) - 0.17) < 0.12) & (y <= -0.4) & (y > -0.9)
    return np.asarray((np.hypot(x, y - 0.68) < 0.22) | body | legs)


def _sun(x: Grid, y: Grid) -> Mask:
    angle, away = np.arctan2(y, x), np.hypot(x, y)
    rays = (np.abs(((angle * 8 / (2 * np.pi)) + 0.5) % 1 - 0.5) < 0.16) & (away > 0.58) & (away < 0.9)
    return np.asarray((away < 0.42) | rays)


def _bolt(x: Grid, y: Grid) -> Mask:
    upper = (y > -0.1) & (y < 0.9) & (x > -0.45 + 0.35 * y) & (x < 0.1 + 0.35 * y)
    lower = (y <= 0.15) & (y > -0.9) & (x > -0.25 + 0.3 * y + 0.1) & (x < 0.45 + 0.65 * y)
    return np.asarray(upper | lower)


def _car(x: Grid, y: Grid) -> Mask:
    body = (abs(x) < 0.85) & (y > -0.35) & (y < 0.1)
    top = (abs(x) < 0.55 - 0.4 * (y - 0.1)) & (y >= 0.1) & (y < 0.5)
    wheels = np.hypot(abs(x) - 0.48, y + 0.42) < 0.2
    return np.asarray(body | top | wheels)


def _gauge(x: Grid, y: Grid) -> Mask:
    ring = abs(np.hypot(x, y) - 0.7) < 0.1
    hand = (abs(y - x) < 0.13) & (x > -0.05) & (np.hypot(x, y) < 0.6)
    return np.asarray(ring & ~((y < -0.3) & (abs(x) < 0.5)) | hand | (np.hypot(x, y) < 0.14))


def _disc(x: Grid, y: Grid) -> Mask:
    return np.asarray(np.hypot(x, y) < 0.6)


def _clock(x: Grid, y: Grid) -> Mask:
    ring = abs(np.hypot(x, y) - 0.72) < 0.11
    hands = (abs(x) < 0.09) & (y > -0.05) & (y < 0.55) | (abs(y) < 0.09) & (x > -0.05) & (x < 0.42)
    return np.asarray(ring | hands)


def _cross(x: Grid, y: Grid) -> Mask:
    return np.asarray(((abs(x - y) < 0.2) | (abs(x + y) < 0.2)) & (abs(x) < 0.7) & (abs(y) < 0.7))


def _full(x: Grid, _y: Grid) -> Mask:
    return np.ones(x.shape, dtype=bool)


def _stripes(x: Grid, y: Grid) -> Mask:
    return np.asarray(((x + y) * 2.0) % 1.0 < 0.42)


def _round(x: Grid, y: Grid) -> Mask:
    return np.asarray(np.hypot(x, y) < 1.0)


SHAPES: dict[str, Callable[[Grid, Grid], Mask]] = {
    "air_temperature": _thermometer,
    "surface_temperature": _thermometer,
    "relative_humidity": _drop,
    "precipitation": _drop,
    "soil_moisture": _drop,
    "water_level": _drop,
    "wind_speed": _wind,
    "wind_gust": _wind,
    "wind_direction": _wind,
    "pm2_5": _dots,
    "pm10": _dots,
    "no2": _dots,
    "ozone": _dots,
    "co2": _dots,
    "noise": _sound,
    "people_count": _person,
    "global_radiation": _sun,
    "illuminance": _sun,
    "energy": _bolt,
    "power": _bolt,
    "battery": _bolt,
    "vehicle_count": _car,
    "vehicle_speed": _car,
    "air_pressure": _gauge,
    "unknown": _disc,
    "clock": _clock,
    "cross": _cross,
    "full": _full,
    "stripes": _stripes,
    "round": _round,
}
"""By observed property, and what else labels are made of."""


@lru_cache(maxsize=1)
def signs() -> Signs:
    """All of it; takes a few hundredths of a second the first time."""
    import vtkmodules.vtkRenderingFreeType  # noqa: F401  # without it VTK writes nothing

    every = [*SHAPES, *LETTERS]
    rows = -(-len(every) // ACROSS)
    pitch = CELL + 2 * PAD
    height, width = rows * pitch, ACROSS * pitch
    opacity = np.zeros((height, width), dtype=np.uint8)
    places, widths = {}, {}
    line = int(np.flatnonzero(_letter("H").max(axis=1) > 127)[0])  # all are as high, with room below
    for number, name in enumerate(every):
        row, column = divmod(number, ACROSS)
        low_edge, left = row * pitch, column * pitch
        cell = opacity[low_edge : low_edge + pitch, left : left + pitch]
        if name in SHAPES:
            cell[:] = np.pad(_shape(SHAPES[name]), PAD, mode="edge")
        else:
            cell = cell[PAD:-PAD, PAD:-PAD]
            drawn = _letter(name)
            low = max(BASE - line, 0)
            high, wide = min(drawn.shape[0], CELL - low), min(drawn.shape[1], CELL)
            cell[low : low + high, :wide] = drawn[:high, :wide]
            widths[name] = wide / CELL
        places[name] = (
            (left + PAD) / width,
            (low_edge + PAD) / height,
            (left + PAD + CELL) / width,
            (low_edge + PAD + CELL) / height,
        )
    image = np.full((height, width, 4), 255, dtype=np.uint8)
    image[..., 3] = opacity
    return Signs(image, places, widths)


@lru_cache(maxsize=len(LEVELS))
def smaller(level: int) -> NDArray[np.uint8]:
    """The picture of all signs, so many times smaller; one of LEVELS."""
    whole = signs().image
    height, width, tones = whole.shape
    parts = whole.reshape(height // level, level, width // level, level, tones)
    return np.asarray(np.rint(parts.mean(axis=(1, 3))), dtype=np.uint8)


def _shape(shape: Callable[[Grid, Grid], Mask]) -> NDArray[np.uint8]:
    """A sign with smooth edges, a little smaller than its cell unless it fills it."""
    fine = 4 * CELL
    along = (np.arange(fine) + 0.5) / fine * 2 - 1
    x, y = np.meshgrid(along, along)
    drawn = shape(x, y).astype(np.float64)
    small = drawn.reshape(CELL, 4, CELL, 4).mean(axis=(1, 3))
    return np.asarray(np.rint(255 * small), dtype=np.uint8)


def _letter(letter: str) -> NDArray[np.uint8]:
    """Its opacity, the lowest row first."""
    look = vtkTextProperty()
    look.SetFontFamilyToArial()
    look.SetBold(True)
    look.SetFontSize(FONT)
    look.SetColor(1.0, 1.0, 1.0)
    image = vtkImageData()
    size = [0, 0]
    vtkTextRenderer.GetInstance().RenderString(look, letter, image, size, 72)
    wide, high, _ = image.GetDimensions()
    pixels = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(high, wide, -1)
    return np.ascontiguousarray(pixels[: size[1], : size[0], 3])
