"""Knows whether a graphics card draws, and whether it is to draw the shadows too."""

from __future__ import annotations

import os

from twin.errors import TwinError

SOFTWARE = ("llvmpipe", "softpipe", "swrast", "software", "gdi generic", "basic render")
"""Words in the names of programs that draw in place of a card."""
CARD, RASTER = WAYS = ("card", "raster")
"""Who makes the shadows: the card at each frame, or a computation on the ground and on the roofs."""
VARIABLE = "TWIN_SHADOWS"


def is_card(name: str) -> bool:
    """Whether what calls itself so (GL_RENDERER) is a card."""
    return not any(word in name.lower() for word in SOFTWARE)


def draws_shadows(card: bool, wanted: str = "") -> bool:
    """Whether the card draws the shadows: as is wanted here, or by TWIN_SHADOWS; else where there is a card.

    Raises TwinError.
    """
    chosen = wanted or os.environ.get(VARIABLE, "")
    if chosen and chosen not in WAYS:
        raise TwinError(f"{VARIABLE} is {chosen!r}. Set it to {CARD} or {RASTER}, or to nothing.")
    return chosen == CARD if chosen else card
