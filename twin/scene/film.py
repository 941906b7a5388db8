"""What a film is asked to show, and when each of its pictures is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from twin.analysis.sun import sunrise_sunset
from twin.errors import TwinError
from twin.model.place import Place
from twin.model.state import Camera, State
from twin.scene.flight import eased

Kind = Literal["flight", "day", "morph"]
KINDS: tuple[Kind, ...] = ("flight", "day", "morph")
FEWEST, MOST = 2, 20_000
"""Pictures."""
SLOWEST, FASTEST = 1.0, 120.0
"""Pictures a second."""
REST = 0.12
"""Share of the film in which each of two scenarios stands still."""
RISING = ("none", "use", "height", "shadow")
"""Overlays that can be shown while buildings rise; with others one picture fades into the other."""


@dataclass(frozen=True, slots=True)
class Film:
    """A film as it is asked for."""

    kind: Kind
    state: State
    """What is shown; its camera stands still but in a flight."""
    views: tuple[Camera, ...] = ()
    """That a flight goes through."""
    after: str = ""
    """The scenario that a morph ends with."""
    frames: int = 100
    rate: float = 25.0
    """Pictures a second."""
    size: tuple[int, int] = (1280, 720)
    """[px]"""
    pause: float = 0.0
    """How long a flight stays at each view. [s]"""
    hours: tuple[float, float] | None = None
    """Of a day: the first and the last; None: from sunrise to sunset. [h]"""
    plain: bool = False
    """Without words; the file still names its sources."""
    shadows: Literal["", "card", "raster"] = ""
    """Who makes them; empty: as suits the machine."""

    @property
    def seconds(self) -> float:
        """How long it runs."""
        return self.frames / self.rate


def check(film: Film) -> None:
    """Raises TwinError where no such film can be made."""
    if not FEWEST <= film.frames <= MOST:
        raise TwinError(f"A film of {film.frames} pictures cannot be made. Choose {FEWEST} to {MOST}.")
    if not SLOWEST <= film.rate <= FASTEST:
        raise TwinError(f"{film.rate:g} pictures a second: choose {SLOWEST:g} to {FASTEST:g}.")
    if film.kind == "morph" and film.after in ("", film.state.scenario):
        raise TwinError("A film from one scenario to another needs two of them. Choose the second one.")
    if film.state.compare != "none":
        raise TwinError("A film shows one scenario at a time. Switch the comparison off.")


def moments(film: Film, place: Place) -> tuple[datetime, ...]:
    """When each picture of a day is, evenly, by the clock of the place. Raises TwinError without daylight."""
    day = film.state.time.astimezone(place.zone).date()
    if film.hours is None:
        light = sunrise_sunset(place, day)
        if light is None:
            raise TwinError(f"On {day} the sun does not rise. Choose another day, or the hours.")
        first, last = light
    else:
        midnight = datetime.combine(day, datetime.min.time(), place.zone)
        first, last = (_at(midnight, hour) for hour in film.hours)
        if not first < last:
            raise TwinError("The last hour of the film is not after the first one.")
    span = (last - first).total_seconds()
    steps = np.linspace(0.0, span, film.frames)
    start = first.timestamp()
    return tuple(datetime.fromtimestamp(round(start + step), place.zone) for step in steps.tolist())


def shares(film: Film) -> tuple[float, ...]:
    """How far from the first scenario to the second each picture is, 0-1, at rest at both ends."""
    time = np.linspace(0.0, 1.0, film.frames)
    moving = np.clip((time - REST) / (1 - 2 * REST), 0.0, 1.0)
    return tuple(float(share) for share in eased(moving, 0.5))


def rises(film: Film) -> bool:
    """Whether the overlay can be shown while buildings rise and sink."""
    return film.state.overlay in RISING or film.state.overlay.startswith("attribute:")


def _at(midnight: datetime, hour: float) -> datetime:
    whole, rest = divmod(round(hour * 60), 60)
    if whole >= 24:
        return midnight + timedelta(days=1)
    return midnight.replace(hour=whole, minute=rest)
