"""Works out what sky, walls and crowns send from every direction of the upper half, at one moment."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from twin.analysis import perez, radiation
from twin.analysis.heat_moment import Moment
from twin.analysis.radiation import KELVIN, STEFAN_BOLTZMANN
from twin.analysis.sky_patches import AZIMUTHS, STEPS, Floats, azimuths

Doubles = NDArray[np.float64]

FINER = 4
"""Directions within a sector in which the brightness of the sky is asked for."""
WALL_SKY = 0.25
"""Share of the sky that a wall in a street sees: half, and half of that is hidden by the other side."""


def sky_tables(moment: Moment, *, anisotropic: bool = True) -> tuple[Floats, Floats, Floats, Floats]:
    """What sectors send, summed from the horizon up to every half degree; the last axis has four columns:
    shortwave on a level plane and on a cylinder, longwave on both. [W/m²]

    Four tables: a sunlit wall less the sky behind it (AZIMUTHS, STEPS + 1, 4); what shade takes from the
    wall; the sky; and crowns (STEPS + 1, 4). What comes from below a height x is then table 0 at the lower
    of x and the wall, table 1 at the lowest of x, the wall and its edge of shade, and table 2 at x, added.
    """
    altitude = (np.arange(STEPS) + 0.5) / 2
    up, level = np.sin(np.radians(altitude)), np.cos(np.radians(altitude))
    solid = level * math.radians(0.5) * 2 * math.pi / AZIMUTHS
    geometry = np.stack([solid * up, solid * level], axis=-1)  # (STEPS, 2)
    bright = _brightness(moment, altitude, anisotropic)
    whole = (bright * geometry[:, 0]).sum()
    bright *= moment.diffuse / whole if whole > 0 else 0.0
    black = STEFAN_BOLTZMANN * (moment.air + KELVIN) ** 4
    glow = radiation.sky_glow(moment.emissivity, altitude) if anisotropic else moment.emissivity
    sky = _summed(bright, np.broadcast_to(glow * black / math.pi, bright.shape), geometry)
    dark, lit = _walls(moment, black)
    dark_sum = _summed(_upright(dark[0]), _upright(dark[1]), geometry)
    lit_sum = _summed(_upright(lit[0]), _upright(lit[1]), geometry)
    leaf = _summed(np.zeros((1, STEPS)), np.full((1, STEPS), black / math.pi), geometry)[0]
    return (
        (lit_sum - sky).astype(np.float32),
        (dark_sum - lit_sum).astype(np.float32),
        sky.astype(np.float32),
        leaf.astype(np.float32),
    )


def _brightness(moment: Moment, altitude: Doubles, anisotropic: bool) -> Doubles:
    """Of the sky by sector and half degree, up to a factor."""
    if not anisotropic or moment.sun.altitude <= 0 or moment.diffuse <= 0:
        return np.ones((AZIMUTHS, STEPS))
    within = (np.arange(FINER) + 0.5) / FINER - 0.5
    around = (azimuths()[:, None] + within * 360 / AZIMUTHS)[..., None]
    found = perez.brightness(
        altitude,
        around,
        sun_altitude=moment.sun.altitude,
        sun_azimuth=moment.sun.azimuth,
        diffuse=moment.diffuse,
        direct=moment.direct,
        day_of_year=moment.day_of_year,
    )
    mean: Doubles = found.mean(axis=1)
    return mean if mean.sum() > 0 else np.ones((AZIMUTHS, STEPS))


def _walls(moment: Moment, black: float) -> tuple[tuple[Doubles, Doubles], tuple[Doubles, Doubles]]:
    """Short- and longwave radiance of walls by sector, in shade and in the sun. [W/m² sr]"""
    wall = moment.surfaces["wall"]
    material = wall.material
    ground = moment.surfaces["asphalt"].material.albedo
    up = moment.sun.altitude > 0
    facing = np.maximum(-np.cos(np.radians(azimuths() - moment.sun.azimuth)), 0.0) * up
    level = math.cos(math.radians(moment.sun.altitude))
    weak = 0.5 * (1 + ground) * moment.diffuse
    strong = moment.direct * level * facing + 0.5 * (moment.diffuse + ground * moment.global_radiation)
    strong = np.where(facing > 0, strong, weak)
    around = 0.5 * (1 + moment.emissivity) * black
    cool = wall.shaded + WALL_SKY * wall.by_sky
    share = np.where(facing > 0, min(max(moment.clearness, 0.0), 1.0), 0.0)
    warm = cool + share * (wall.sunlit - cool)
    dark_long = np.full(AZIMUTHS, _sent(material.emissivity, cool, around))
    lit_long = np.array([_sent(material.emissivity, one, around) for one in warm])
    reflected = material.albedo / math.pi
    return (np.full(AZIMUTHS, weak * reflected), dark_long), (strong * reflected, lit_long)


def _upright(values: Doubles) -> Doubles:
    """The same from every height of a wall."""
    return np.repeat(values[:, None], STEPS, axis=1)


def _sent(emissivity: float, temperature: float, around: float) -> float:
    """Radiance of a surface [°C] in surroundings that send it something [W/m²]. [W/m² sr]"""
    own = emissivity * STEFAN_BOLTZMANN * (temperature + KELVIN) ** 4
    return (own + (1 - emissivity) * around) / math.pi


def _summed(short: Doubles, long: Doubles, geometry: Doubles) -> Doubles:
    """Radiances (sectors, STEPS) summed from the horizon up: (sectors, STEPS + 1, 4)."""
    parts = np.concatenate([short[..., None] * geometry, long[..., None] * geometry], axis=-1)
    return np.concatenate([np.zeros_like(parts[:, :1]), np.cumsum(parts, axis=1)], axis=1)
