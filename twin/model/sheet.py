"""What goes onto one picture: the views, the page, the words; made again from this alone it is the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from twin.model.state import State

Language = Literal["en", "fi", "sv", "et"]
SCREEN = "screen"
"""The page whose words lie over the one view that fills it."""


FURNITURE = ("facts", "north", "legends", "note", "logo")
"""What stands beside or below the views; title, sources and coordinates are on every page."""


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of page, and how it is laid out."""

    title: str
    width: float
    """[mm]"""
    height: float
    """[mm]"""
    text: float
    """Size of the plain text. [mm]"""
    place: Literal["auto", "beside", "below"] = "auto"
    """Where legends and notes stand; auto: where they leave the views more room."""
    order: tuple[str, ...] = FURNITURE
    """Which of FURNITURE there is, from above to below."""


PAGES = {
    "a4": Page("A4 landscape", 297.0, 210.0, 2.7),
    "a4-portrait": Page("A4 portrait", 210.0, 297.0, 2.7),
    "a3": Page("A3 landscape", 420.0, 297.0, 3.1),
    "a3-portrait": Page("A3 portrait", 297.0, 420.0, 3.1),
    "16x9": Page("Slide 16:9", 338.67, 190.5, 3.6),
    "9x16": Page("Screen 9:16", 190.5, 338.67, 3.6),
    "square": Page("Square", 220.0, 220.0, 3.0),
    "square-large": Page("Square, large", 400.0, 400.0, 3.4),
}


OWN = "own"
"""Instead of the name of a page where a sheet brings its own."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One view on a sheet."""

    state: State
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture as it is asked for."""

    panels: tuple[Panel, ...]
    """One on a `SCREEN`; all on one page share one range of colours for each overlay."""
    size: tuple[int, int] = (1920, 1080)
    """Width and height. [px]"""
    page: str = SCREEN
    """`SCREEN`, the name of one of PAGES, or OWN."""
    scale: float = 0.0
    """Of all views on a page, 1 : scale, without perspective; 0: as their cameras say."""
    columns: int = 0
    """Of views; 0: as many as suit the page."""
    language: Language = "en"
    title: str = ""
    """Empty: the scenario."""
    note: str = ""
    """What the maker adds, in a sentence or two."""
    logo: str = ""
    """Path of a picture; empty: none."""
    plain: bool = False
    """Without words; the file still names its sources."""
    clear: bool = False
    """Without sky, as far as the file can be seen through."""
    flat: bool = False
    """In flat light: every surface in its own colour, as the legend shows it."""
    deep: bool = False
    """65,536 steps of each colour instead of 256."""
    own: Page | None = None
    """The page where it is OWN, as a template has it."""
    shadows: Literal["", "card", "raster"] = ""
    """Who makes the shadows; empty: as suits the machine."""

    @property
    def paper(self) -> Page | None:
        """The page it is laid out on; None: there is none, or none is called so."""
        return self.own if self.page == OWN else PAGES.get(self.page)
