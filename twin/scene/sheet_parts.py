"""The nouns of a page: its kinds, and what can be put on it, in millimetres."""

from __future__ import annotations

from dataclasses import dataclass

from twin.model.sheet import Page
from twin.model.state import Camera
from twin.scene.scene import Legend


@dataclass(frozen=True, slots=True)
class Frame:
    """A place on the page, from its upper left corner. [mm]"""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """[mm]"""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """[mm]"""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Words:
    """A text that is wrapped into its frame."""

    frame: Frame
    text: str
    size: float
    """[mm]"""
    bold: bool = False
    muted: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """Where a view is put."""

    frame: Frame
    number: int
    """Of the panel."""
    marked: bool = False
    """A cross in the middle says where the scale holds."""


@dataclass(frozen=True, slots=True)
class Key:
    """A legend."""

    frame: Frame
    legend: Legend
    text: float
    """Size of its text. [mm]"""
    columns: int = 1
    """Of its classes."""


@dataclass(frozen=True, slots=True)
class Compass:
    """Which way is north, as it is seen in the middle of the view."""

    frame: Frame
    camera: Camera
    letter: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar that is as long as its text says."""

    frame: Frame
    length: float
    """In the world. [m]"""
    drawn: float
    """On the page. [mm]"""
    text: str
    size: float
    """Of the text of the page; that of the bar is a little smaller. [mm]"""


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture of the maker's."""

    frame: Frame
    path: str


Part = Words | View | Key | Compass | Bar | Logo


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A page with everything in its place."""

    page: Page
    parts: tuple[Part, ...]

    @property
    def views(self) -> tuple[View, ...]:
        """The places of the views, in the order of the panels."""
        return tuple(part for part in self.parts if isinstance(part, View))
