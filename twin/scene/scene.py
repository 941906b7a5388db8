"""What should be on the screen, and what must be worked out first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from twin.analysis.build import Built
from twin.analysis.sun import Sun
from twin.model.state import Camera
from twin.model.terrain import Relief
from twin.scene.colours import Classes, Ramp
from twin.scene.items import Item

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A result the scene is waiting for."""

    key: Key
    """What the result is computed from; equal keys have equal results."""
    function: Callable[..., object]
    inputs: tuple[object, ...]
    title: str
    """What the user sees while it is computed."""
    quick: bool = False
    """Takes less than a twentieth of a second, so nobody need wait for it."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The result of a computation that did not succeed."""

    message: str


@dataclass(frozen=True, slots=True)
class Partial:
    """What is there of a result while the rest is being worked out, or after that was given up."""

    value: object
    given_up: bool = False
    """The rest comes only when it is asked for anew."""


Results = Mapping[Key, object]


@dataclass(frozen=True, slots=True)
class Legend:
    """How to read the colours."""

    title: str
    unit: str
    scale: Ramp | Classes
    source: str
    """Where the values come from."""
    note: str = ""
    """What the reader must know, in one sentence."""
    limits: tuple[float, float] | None = None
    """Between which values there are any; the ends of the ramp when None."""
    more: str = ""
    """How it is worked out, and what it does not know; empty where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything to be drawn, by name, in the order of drawing."""

    items: Mapping[str, Item]
    camera: Camera
    sun: Sun
    built: Built | None
    """The city and layers of the scenario in view; None until they are built."""
    legend: Legend | None = None
    """Of the overlay."""
    wanted: tuple[Request, ...] = ()
    """What is missing on the screen."""
    notices: tuple[str, ...] = ()
    later: tuple[Request, ...] = ()
    """What is worked out besides, as the other hours of a day; nothing on the screen waits for it."""
    relief: Relief | None = None
    """The ground, also where it is hidden; None: it is flat."""
    further: tuple[Legend, ...] = ()
    """Of all else that has colours or signs to be read: sensors, layers, points."""

    @property
    def legends(self) -> tuple[Legend, ...]:
        """All, that of the overlay first."""
        return self.further if self.legend is None else (self.legend, *self.further)
