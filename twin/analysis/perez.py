"""Knows how the brightness of the sky depends on where one looks.

Perez, Seals & Michalsky (1993), Solar Energy 50(3), 235-245, and the erratum 51(5), 423.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from twin.analysis.radiation import extraterrestrial

Floats = NDArray[np.float64]

CLEARNESS = (1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2)
"""Upper limits of the classes of sky clearness (table 1)."""
BRIGHTEST = 0.6
"""Brightness of the sky that its authors met at most (eq. 2)."""
_TABLE = np.array(
    [
        [1.3525, -0.2576, -0.2690, -1.4366, -0.7670, 0.0007, 1.2734, -0.1233],
        [-1.2219, -0.7730, 1.4148, 1.1016, -0.2054, 0.0367, -3.9128, 0.9156],
        [-1.1000, -0.2515, 0.8952, 0.0156, 0.2782, -0.1812, -4.5000, 1.1766],
        [-0.5484, -0.6654, -0.2672, 0.7117, 0.7234, -0.6219, -5.6812, 2.6297],
        [-0.6000, -0.3566, -2.5000, 2.3250, 0.2937, 0.0496, -5.6812, 1.8415],
        [-1.0156, -0.3670, 1.0078, 1.4051, 0.2875, -0.5328, -3.8500, 3.3750],
        [-1.0000, 0.0211, 0.5025, -0.5119, -0.3000, 0.1922, 0.7023, -1.6317],
        [-1.0500, 0.0289, 0.4260, 0.3590, -0.3250, 0.1156, 0.7781, 0.0025],
    ]
)
"""a1-a4 and b1-b4 by class of clearness."""
_TABLE_SUN = np.array(
    [
        [2.8000, 0.6004, 1.2375, 1.0000, 1.8734, 0.6297, 0.9738, 0.2809, 0.0356, -0.1246, -0.5718, 0.9938],
        [
            6.9750,
            0.1774,
            6.4477,
            -0.1239,
            -1.5798,
            -0.5081,
            -1.7812,
            0.1080,
            0.2624,
            0.0672,
            -0.2190,
            -0.4285,
        ],
        [24.7219, -13.0812, -37.7, 34.8438, -5.0, 1.5218, 3.9229, -2.6204, -0.0156, 0.1597, 0.4199, -0.5562],
        [33.3389, -18.3, -62.25, 52.0781, -3.5, 0.0016, 1.1477, 0.1062, 0.4659, -0.3296, -0.0876, -0.0329],
        [21.0, -4.7656, -21.5906, 7.2492, -3.5, -0.1554, 1.4062, 0.3988, 0.0032, 0.0766, -0.0656, -0.1294],
        [14.0, -0.9999, -7.1406, 7.5469, -3.4, -0.1078, -1.0750, 1.5702, -0.0672, 0.4016, 0.3017, -0.4844],
        [19.0, -5.0, 1.2438, -1.9094, -4.0, 0.0250, 0.3844, 0.2656, 1.0468, -0.3788, -2.4517, 1.4656],
        [31.0625, -14.5, -46.1148, 55.375, -7.2312, 0.4050, 13.35, 0.6234, 1.5, -0.6426, 1.8564, 0.5636],
    ]
)
"""c1-c4, d1-d4 and e1-e4 by class of clearness."""


def brightness(
    altitude: Floats,
    azimuth: Floats,
    *,
    sun_altitude: float,
    sun_azimuth: float,
    diffuse: float,
    direct: float,
    day_of_year: float,
) -> Floats:
    """How bright the sky is in each direction, up to a common factor.

    altitude, azimuth: of the directions, which broadcast. [deg]
    diffuse: on a level plane; direct: facing the sun. [W/m²]
    """
    zenith = math.radians(90 - sun_altitude)
    clearness, brightness_ = _sky(zenith, diffuse, direct, day_of_year)
    a, b, c, d, e = _coefficients(clearness, brightness_, zenith)
    up = np.sin(np.radians(altitude))
    away = np.clip(
        up * math.cos(zenith)
        + np.cos(np.radians(altitude)) * math.sin(zenith) * np.cos(np.radians(azimuth - sun_azimuth)),
        -1,
        1,
    )
    from_sun = np.arccos(away)
    # a sun on the horizon lies outside what was measured, and must not run away
    gradation = 1 + a * np.exp(np.minimum(b / np.maximum(up, 0.01), 5.0))
    indicatrix = 1 + c * np.exp(d * from_sun) + e * away**2
    found: Floats = np.maximum(gradation * indicatrix, 0.0)
    return found


def _sky(zenith: float, diffuse: float, direct: float, day_of_year: float) -> tuple[float, float]:
    """Clearness and brightness of the sky: eqs 1 and 2."""
    diffuse = max(diffuse, 0.1)
    cubed = 1.041 * zenith**3
    clearness = ((diffuse + direct) / diffuse + cubed) / (1 + cubed)
    degrees = math.degrees(zenith)
    # Kasten & Young (1989), Appl. Optics 28, 4735
    mass = 1 / (max(math.cos(zenith), 0.0) + 0.50572 * (96.07995 - min(degrees, 90.0)) ** -1.6364)
    return clearness, min(mass * diffuse / extraterrestrial(day_of_year), BRIGHTEST)


def _coefficients(
    clearness: float, brightness_: float, zenith: float
) -> tuple[float, float, float, float, float]:
    row = int(np.searchsorted(CLEARNESS, clearness, side="right"))
    if 1.065 < clearness < 2.8:
        brightness_ = max(brightness_, 0.2)  # as the authors limit it
    t, s = _TABLE[row], _TABLE_SUN[row]
    a = t[0] + t[1] * zenith + brightness_ * (t[2] + t[3] * zenith)
    b = t[4] + t[5] * zenith + brightness_ * (t[6] + t[7] * zenith)
    if row == 0:
        c = math.exp((brightness_ * (s[0] + s[1] * zenith)) ** s[2]) - s[3]
        d = -math.exp(brightness_ * (s[4] + s[5] * zenith)) + s[6] + brightness_ * s[7]
    else:
        c = s[0] + s[1] * zenith + brightness_ * (s[2] + s[3] * zenith)
        d = s[4] + s[5] * zenith + brightness_ * (s[6] + s[7] * zenith)
    e = s[8] + s[9] * zenith + brightness_ * (s[10] + s[11] * zenith)
    return float(a), float(b), float(c), float(d), float(e)
