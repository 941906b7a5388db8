"""Says what an overlay is: what it may look at, and what it adds to the scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from twin.analysis.build import Built
from twin.analysis.sun import Sun
from twin.model.city import City
from twin.model.project import Project
from twin.model.state import State
from twin.scene.items import Colouring, Drape
from twin.scene.scene import Legend, Request, Results

Bounds = tuple[float, float, float, float]
"""West, south, east, north. [m]"""


@dataclass(frozen=True, slots=True)
class View:
    """What an overlay adds to the scene, as far as it is known yet."""

    colouring: Colouring | None = None
    drape: Drape | None = None
    legend: Legend | None = None
    wanted: tuple[Request, ...] = ()
    notices: tuple[str, ...] = ()
    later: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """All that an overlay may look at."""

    project: Project
    state: State
    built: Built
    bounds: Bounds
    sun: Sun
    results: Results
    among: tuple[City, ...] = ()
    """The cities whose values share one range of colours; empty: that of `built`."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """One row of the table."""

    title: str
    view: Callable[[Setting], View]
    group: str = ""
    """What it is listed under, where that is not by itself."""
