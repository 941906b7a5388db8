"""Keeps what was worked out of a scene: what its cells see, and where the sun reached them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from twin.analysis.heat_moment import Climate, Moment
from twin.analysis.mean_radiant import STANDING, Beam, Body, Fluxes, Ground, fluxes
from twin.analysis.sky_patches import (
    REACH,
    Floats,
    Prepared,
    Sky,
    SkyViewFactors,
    Surroundings,
    Window,
    in_pool,
    look_around,
    sky_view_factors,
)
from twin.analysis.sky_patches import prepared as make_ready
from twin.analysis.sun import Sun
from twin.analysis.sunlit import sunlit

Check = Callable[[], None]

MEMORY = 45 * 60.0
"""In which a sunlit surface takes up two thirds of the warmth of full sun, or loses it. [s]"""
LENGTH = 120 * 60.0
"""How far back that memory is followed. [s]"""


@dataclass(frozen=True, slots=True)
class Options:
    """How the radiation is worked out."""

    body: Body = STANDING
    transmissivity: float = 0.03
    """Of crowns for sunlight: 0.03 in leaf, 0.5 bare. Konarska et al. (2014), TAC 117, 363."""
    anisotropic: bool = True
    """Sky as bright as Perez et al. (1993) have it in each direction; else even."""
    reach: float = REACH
    """How far is looked for walls and crowns. [m]"""
    step: float = 20 * 60.0
    """Between the places of the sun that warm the ground. [s]"""


@dataclass(eq=False, slots=True)
class HeatScene:
    """Surroundings and ground on one grid, and what was worked out of them so far."""

    surroundings: Surroundings
    ground: Ground
    options: Options = field(default_factory=Options)
    check: Check = lambda: None
    """Called between steps; what it raises ends the work."""
    window: Window | None = None
    """The part that is asked for; None: all. What it returns is of that part."""
    prepared: Prepared | None = None
    """The surroundings made ready, when they are at hand."""
    _sky: tuple[Sky, SkyViewFactors] | None = None
    _lit: dict[float, tuple[Floats, Floats]] = field(default_factory=dict)

    @property
    def ready(self) -> Prepared:
        """The surroundings as loops want them."""
        if self.prepared is None:
            self.prepared = make_ready(self.surroundings)
        return self.prepared

    @property
    def sky(self) -> tuple[Sky, SkyViewFactors]:
        """What cells see from the height of the body, and its summary."""
        if self._sky is None:
            options = self.options
            sky = look_around(
                self.surroundings,
                eye=options.body.height,
                reach=options.reach,
                check=self.check,
                ready=self.ready,
                window=self.window,
            )
            self._sky = sky, sky_view_factors(sky, transmissivity=options.transmissivity)
        return self._sky

    def fluxes(self, moment: Moment, climate: Climate) -> Fluxes:
        """Radiation at every cell where a person can stand, in the mean of the moment's places of the sun."""
        self.check()
        options = self.options
        beam = self._beam(moment, climate)
        self.check()
        sky, views = self.sky
        return fluxes(
            moment,
            self.ground if self.window is None else self.ground.part(self.window),
            sky,
            views.total,
            beam,
            body=options.body,
            transmissivity=options.transmissivity,
            anisotropic=options.anisotropic,
        )

    def lit(self, time: float, sun: Sun) -> tuple[Floats, Floats]:
        """Share of direct sun on the ground and at the body."""
        self._light([(time, sun)])
        return self._lit[time]

    def forget(self, before: float) -> None:
        """Let go of sun and shade before a time. [s]"""
        for time in [time for time in self._lit if time < before]:
            del self._lit[time]

    def _beam(self, moment: Moment, climate: Climate) -> Beam:
        step = min(self.options.step, climate.weather.step)
        if len(moment.suns) > 1:
            step = moment.suns[1][0] - moment.suns[0][0]
        middle = moment.suns[len(moment.suns) // 2][0]
        past = [(time, sun) for time, sun in climate.history(middle, step=step, length=LENGTH)]
        self._light([*moment.suns, *past])
        shape = self.sky[0].missing.shape
        level, side, below, warmed = (np.zeros(shape, dtype=np.float32) for _ in range(4))
        for time, sun in moment.suns:
            if sun.altitude > 0:
                ground, body = self._lit[time]
                height = math.radians(sun.altitude)
                sine, cosine = (np.float32(f(height) / len(moment.suns)) for f in (math.sin, math.cos))
                level += body * sine
                side += body * cosine
                below += ground * sine
        weights = np.exp(-np.arange(len(past)) * step / MEMORY)
        weights /= weights.sum()
        for weight, (time, sun) in zip(weights, past, strict=True):
            if sun.altitude > 0:
                warmed += self._lit[time][0] * np.float32(weight)
        return Beam(level, side, below, warmed)

    def _light(self, suns: list[tuple[float, Sun]]) -> None:
        """Work out the missing ones, several at a time; a sun that is down needs none."""
        missing = {time: sun for time, sun in suns if time not in self._lit and sun.altitude > 0}
        if not missing:
            return
        ready, options, times = self.ready, self.options, list(missing)

        def one(number: int) -> None:
            self.check()
            time = times[number]
            self._lit[time] = sunlit(
                ready,
                missing[time],
                transmissivity=options.transmissivity,
                eye=options.body.height,
                window=self.window,
            )

        in_pool(one, range(len(times)))
