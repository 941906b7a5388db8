"""Adds up the radiation that reaches a person from all sides: mean radiant temperature.

Six directions and a beam from the side: Höppe (1992), Wetter und Leben 44, 147; VDI 3787-2; Lindberg, Holmer
& Thorsson (2008), IJB 52, 697. What comes from the upper half is summed over the patches of `sky_patches`
with what `sky_radiance` says they send; what comes from below is the ground around.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.analysis.compiled import compiled
from twin.analysis.heat_moment import Moment
from twin.analysis.radiation import KELVIN, STEFAN_BOLTZMANN
from twin.analysis.sky_patches import AZIMUTHS, EDGES, STEPS, Bytes, Floats, Sky, Window, in_pool
from twin.analysis.sky_radiance import sky_tables
from twin.analysis.sweep import WORKERS

GROUND_RADIUS = 5.0
"""Of the ground that a person's lower half faces: from 1.1 m up, 95 % comes from within. [m]"""


@dataclass(frozen=True, slots=True)
class Body:
    """How a person takes up radiation."""

    name: str
    up: float
    """Weight of what comes from above, and of what comes from below."""
    side: float
    """Weight of each of the four sides."""
    cylinder: float
    """Weight of what comes level from one side, as a beam."""
    height: float
    """Of the middle of the body. [m]"""
    shortwave: float = 0.70
    """Share taken up."""
    longwave: float = 0.97


STANDING = Body("standing", 0.06, 0.22, 0.28, 1.1)
SITTING = Body("sitting", 1 / 6, 1 / 6, 0.20, 0.75)
BODIES = {body.name: body for body in (STANDING, SITTING)}
"""VDI 3787-2 and Höppe (1992); absorption after Thorsson et al. (2007), Int. J. Climatol. 27, 1983."""


@dataclass(frozen=True, eq=False, slots=True)
class Ground:
    """What of the ground matters for radiation: (rows, columns) each."""

    cover: NDArray[np.uint8]
    """Index into `materials`."""
    materials: tuple[str, ...]
    open: NDArray[np.bool_]
    """Where a person can stand: no building, and a height is known."""
    cell: float
    """[m]"""

    def part(self, window: Window) -> Ground:
        """The ground in a window."""
        return Ground(window.of(self.cover), self.materials, window.of(self.open), self.cell)


@dataclass(frozen=True, eq=False, slots=True)
class Beam:
    """Direct sun in a moment, 0 to 1: (rows, columns) each."""

    level: Floats
    """Mean of lit times sine of altitude, at the body."""
    side: Floats
    """Mean of lit times cosine of altitude, at the body."""
    ground: Floats
    """Mean of lit times sine of altitude, on the ground."""
    warmed: Floats
    """How far the ground has taken up the warmth of full sun."""


@dataclass(frozen=True, eq=False, slots=True)
class Fluxes:
    """Radiation at the middle of the body [W/m²] and what it feels like; NaN where nobody can stand."""

    shortwave_down: Floats
    shortwave_up: Floats
    longwave_down: Floats
    longwave_up: Floats
    shortwave_side: Floats
    """Diffuse and reflected, from the upper half, on a standing cylinder."""
    longwave_side: Floats
    """From the upper half, on a standing cylinder."""
    mean_radiant: Floats
    """[°C]"""


def fluxes(
    moment: Moment,
    ground: Ground,
    sky: Sky,
    view: Floats,
    beam: Beam,
    *,
    body: Body = STANDING,
    transmissivity: float,
    anisotropic: bool = True,
) -> Fluxes:
    """What a person receives in every cell, and the temperature of surroundings that would send as much.

    view: total sky view factor. transmissivity: of crowns. anisotropic: sky as Perez has it, else even.
    """
    tables = sky_tables(moment, anisotropic=anisotropic)
    shape = ground.cover.shape
    out = np.zeros((4, *shape), dtype=np.float32)
    sector = int(moment.sun.azimuth % 360 / 360 * AZIMUTHS) % AZIMUTHS
    tangent = math.tan(math.radians(max(moment.sun.altitude, 0.0)))
    heights = np.tan(np.radians(np.minimum(np.arange(STEPS + 1) / 2, 89.9)))
    edge_of = np.degrees(np.arctan(np.maximum(heights - 2 * tangent, 0))) * 2
    edges = (2 * np.array(EDGES)).astype(np.uint64)
    shadow_line, opaque = edge_of.astype(np.uint8), np.float32(1 - transmissivity)
    by_rows(
        shape[0],
        lambda first, last: _upper_half(
            sky.walls, sky.crowns, *tables, sector, shadow_line, opaque, edges, ground.open, first, last, out
        ),
    )
    k_down, k_side, l_down, l_side = out
    k_down += np.float32(moment.direct) * beam.level
    k_up, l_up = _from_below(moment, ground, view, beam, out)
    absorbed = np.float32(body.shortwave) * (
        np.float32(body.cylinder) * (k_side + np.float32(moment.direct) * beam.side)
        + np.float32(body.up) * (k_down + k_up)
        + np.float32(2 * body.side) * k_up
    ) + np.float32(body.longwave) * (
        np.float32(body.cylinder) * l_side
        + np.float32(body.up) * (l_down + l_up)
        + np.float32(2 * body.side) * l_up
    )
    felt = np.sqrt(np.sqrt(absorbed / np.float32(body.longwave * STEFAN_BOLTZMANN))) - np.float32(KELVIN)
    blank = np.where(ground.open, np.float32(0), np.float32(np.nan))
    return Fluxes(*(grid + blank for grid in (k_down, k_up, l_down, l_up, k_side, l_side, felt)))


def _from_below(
    moment: Moment, ground: Ground, view: Floats, beam: Beam, upper: NDArray[np.float32]
) -> tuple[Floats, Floats]:
    """Short- and longwave radiation from the ground around each cell."""
    found = [moment.surfaces[name] for name in ground.materials]

    def column(values: list[float]) -> Floats:
        return np.array(values, dtype=np.float32)[ground.cover]

    albedo = column([surface.material.albedo for surface in found])
    emissivity = column([surface.material.emissivity for surface in found])
    sunlit = column([surface.sunlit for surface in found])
    cool = column([surface.shaded for surface in found])
    cool += column([surface.by_sky for surface in found]) * view
    warmed = beam.warmed * np.float32(min(max(moment.clearness, 0.0), 1.0))
    kelvin = cool + warmed * (sunlit - cool) + np.float32(KELVIN)
    np.square(kelvin, out=kelvin)
    np.square(kelvin, out=kelvin)
    level_sky = upper[0] - np.float32(moment.direct) * beam.level
    short = albedo * (level_sky + np.float32(moment.direct) * beam.ground)
    long = emissivity * np.float32(STEFAN_BOLTZMANN) * kelvin + (1 - emissivity) * upper[2]
    weights = ground_weights(ground.cell)
    out = np.zeros((2, *short.shape), dtype=np.float32)
    standing = ground.open.astype(np.float32)
    by_rows(short.shape[0], lambda first, last: _around(short, long, standing, weights, first, last, out))
    return out[0], out[1]


def ground_weights(cell: float, *, height: float = 1.1, radius: float = GROUND_RADIUS) -> Floats:
    """View factors from a plate that faces down at a height [m] to cells around, up to a common factor.

    Of a ring: 2 r h² / (r² + h²)²; Johnson & Watson (1984). Each cell is cut into 25.
    """
    reach = max(0, round(radius / cell))
    fine = (np.arange((2 * reach + 1) * 5) + 0.5) / 5 - (reach + 0.5)
    squared = (fine[:, None] ** 2 + fine**2) * cell**2
    small = np.where(squared <= (radius + cell / 2) ** 2, height**2 / (squared + height**2) ** 2, 0)
    side = 2 * reach + 1
    return np.asarray(small.reshape(side, 5, side, 5).sum(axis=(1, 3)), dtype=np.float32)


def by_rows(rows: int, work: Callable[[int, int], None]) -> None:
    """Do work on two halves of the rows at once."""
    cuts = np.linspace(0, rows, WORKERS + 1).astype(int)
    in_pool(lambda n: work(int(cuts[n]), int(cuts[n + 1])), range(WORKERS))


@compiled
def _upper_half(
    walls: Bytes,
    crowns: Bytes,
    base: Floats,
    shade: Floats,
    sky: Floats,
    leaf: Floats,
    sun_sector: int,
    edge_of: Bytes,
    opaque: np.float32,
    edges: NDArray[np.uint64],
    standing: NDArray[np.bool_],
    first: int,
    last: int,
    out: Floats,
) -> None:
    sectors, _, columns = walls.shape
    top = sky.shape[1] - 1
    open_sky = np.zeros(4, dtype=np.float32)
    for n in range(sectors):
        for j in range(4):
            open_sky[j] += sky[n, top, j]
    for row in range(first, last):
        for column in range(columns):
            if not standing[row, column]:
                continue
            edge = np.uint64(edge_of[walls[sun_sector, row, column]])
            a, b, c, d = open_sky[0], open_sky[1], open_sky[2], open_sky[3]
            crowned = np.uint8(0)
            for n in range(sectors):
                wall = np.uint64(walls[n, row, column])
                crowned |= crowns[n, row, column]
                dark = min(edge, wall)
                a += base[n, wall, 0] + shade[n, dark, 0]
                b += base[n, wall, 1] + shade[n, dark, 1]
                c += base[n, wall, 2] + shade[n, dark, 2]
                d += base[n, wall, 3] + shade[n, dark, 3]
            if crowned:
                for n in range(sectors):
                    bits = crowns[n, row, column]
                    if bits == 0:
                        continue
                    wall = np.uint64(walls[n, row, column])
                    for band in range(8):
                        if not (bits >> band) & 1:
                            continue
                        low, high = edges[band], edges[band + 1]
                        under, over = min(wall, low), min(wall, high)
                        dim, dimmer = min(edge, under), min(edge, over)
                        a -= opaque * (
                            base[n, over, 0]
                            - base[n, under, 0]
                            + shade[n, dimmer, 0]
                            - shade[n, dim, 0]
                            + sky[n, high, 0]
                            - sky[n, low, 0]
                            - leaf[high, 0]
                            + leaf[low, 0]
                        )
                        b -= opaque * (
                            base[n, over, 1]
                            - base[n, under, 1]
                            + shade[n, dimmer, 1]
                            - shade[n, dim, 1]
                            + sky[n, high, 1]
                            - sky[n, low, 1]
                            - leaf[high, 1]
                            + leaf[low, 1]
                        )
                        c -= opaque * (
                            base[n, over, 2]
                            - base[n, under, 2]
                            + shade[n, dimmer, 2]
                            - shade[n, dim, 2]
                            + sky[n, high, 2]
                            - sky[n, low, 2]
                            - leaf[high, 2]
                            + leaf[low, 2]
                        )
                        d -= opaque * (
                            base[n, over, 3]
                            - base[n, under, 3]
                            + shade[n, dimmer, 3]
                            - shade[n, dim, 3]
                            + sky[n, high, 3]
                            - sky[n, low, 3]
                            - leaf[high, 3]
                            + leaf[low, 3]
                        )
            out[0, row, column] = a
            out[1, row, column] = b
            out[2, row, column] = c
            out[3, row, column] = d


@compiled
def _around(
    short: Floats, long: Floats, open_: Floats, weights: Floats, first: int, last: int, out: Floats
) -> None:
    rows, columns = short.shape
    reach = weights.shape[0] // 2
    sums = np.empty((3, columns), dtype=np.float32)
    for row in range(first, last):
        sums[:] = 0
        for down in range(-reach, reach + 1):
            other = row + down
            if other < 0 or other >= rows:
                continue
            for shift in range(-reach, reach + 1):
                weight = weights[down + reach, shift + reach]
                if weight == 0:
                    continue
                begin, end = max(0, -shift), min(columns, columns - shift)
                there = open_[other, begin + shift :]
                a, b, c = sums[0, begin:end], sums[1, begin:end], sums[2, begin:end]
                k, warm = short[other, begin + shift :], long[other, begin + shift :]
                for i in range(len(a)):
                    a[i] += weight * there[i]
                    b[i] += weight * there[i] * k[i]
                    c[i] += weight * there[i] * warm[i]
        for column in range(columns):
            whole = sums[0, column]
            if whole > 0:
                out[0, row, column] = sums[1, column] / whole
                out[1, row, column] = sums[2, column] / whole
            else:
                out[0, row, column] = short[row, column]
                out[1, row, column] = long[row, column]
