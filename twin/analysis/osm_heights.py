"""Works out from OSM tags how high a building is, where it starts and how its roof rises."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from twin.model.osm import HEIGHT, LEVELS

STOREY = 3.3
"""Floor to floor, an assumption between housing (about 3.0) and offices and shops (about 3.6). [m]"""
CANOPY = (4.0, 0.4)
"""Underside and thickness of a canopy whose height nobody tagged: a bus passes beneath. [m]"""
LEAST = 0.05
"""Solids thinner than this are no solids. [m]"""
STOREYS = {
    "apartments": 5,
    "residential": 5,
    "yes": 5,
    "block": 5,
    "office": 5,
    "commercial": 5,
    "hotel": 6,
    "university": 5,
    "school": 4,
    "public": 3,
    "retail": 3,
    "museum": 3,
    "train_station": 4,
    "cathedral": 4,
    "church": 4,
    "chapel": 3,
    "atrium": 4,
    "ship": 2,
    "shed": 1,
    "kiosk": 1,
    "service": 1,
    "utility": 1,
    "pavilion": 1,
    "entrance": 1,
    "underpass_entrance": 1,
    "glasshouse": 2,
    "theatre": 5,
    "tower": 6,
    "house": 2,
    "detached": 2,
    "semidetached_house": 2,
    "terrace": 2,
    "farm": 2,
    "industrial": 2,
    "warehouse": 2,
    "sports_hall": 2,
    "kindergarten": 1,
    "supermarket": 1,
    "hospital": 5,
    "parking": 3,
    "bungalow": 1,
    "cabin": 1,
    "hut": 1,
    "barn": 1,
    "garage": 1,
    "garages": 1,
    "carport": 1,
    "greenhouse": 1,
}
"""Storeys by building type where none are tagged. 5 is the median of those that are, of 104 `yes`, 24
`apartments`, 5 `office` and 3 `university`; the rest is an assumption."""
SMALL = ((40.0, 1), (150.0, 2))
"""A building of no particular type on less ground than this [m²] has only so many storeys."""
DETACHED = (800.0, 2)
"""The same for one that no other building touches: here those stand in parks and yards."""
SPIRE = 1.5
"""A height this many times what the storeys make is of something on top, not of the whole footprint."""
ROOF_LEVEL = 0.5
"""What a storey in a roof of unknown shape adds to a flat top, as a share of STOREY."""
COMPASS = {"N": 0.0, "NE": 45.0, "E": 90.0, "SE": 135.0, "S": 180.0, "SW": 225.0, "W": 270.0, "NW": 315.0}
PITCHED = ("gabled", "hipped", "pyramidal", "skillion", "gambrel", "round", "dome")


@dataclass(frozen=True)
class Span:
    """From where to where a solid reaches, above the ground beside it."""

    base: float
    top: float
    source: str
    roof: str = "flat"
    """One of PITCHED, or flat."""
    rise: float | None = None
    """Of the roof, from the eaves; None: not tagged. [m]"""
    direction: float | None = None
    """Where a slope faces, clockwise from north. [deg]"""
    across: bool = False
    """The ridge runs across the long side."""


def span(tags: dict[str, str], *, area: float, detached: bool = False, building: Span | None = None) -> Span:
    """Height, else levels, else the height of the building it is a part of, else a default.

    area: of the footprint; detached: no other building touches it. [m²]
    """
    form = _roof(tags)
    rise = form.rise
    levels = metres(tags.get("building:levels"))
    base = metres(tags.get("min_height"))
    if base is None:
        base = (metres(tags.get("building:min_level")) or 0.0) * STOREY
    height = metres(tags.get("height"))
    measured = HEIGHT in tags
    if height is not None and not measured and levels and height > SPIRE * levels * STOREY:
        top = levels * STOREY
        return replace(
            form, base=base, top=top, source=f"levels tag × {STOREY} m, the height tag is of a spire"
        )
    if height is not None:
        return replace(form, base=base, top=height, source=tags.get(HEIGHT, "height tag"))
    if levels is not None:
        under_roof = 0.0 if rise else ROOF_LEVEL * (metres(tags.get("roof:levels")) or 0.0)
        top = (levels + under_roof) * STOREY + (rise or 0.0)
        said = tags.get(LEVELS, "levels tag")
        return replace(form, base=base, top=top, source=f"{said} × {STOREY} m")
    if base > 0 and rise:
        return replace(form, base=base, top=base + rise, source="min_height and roof:height tags")
    if building is not None:
        top = building.top if building.top > base else base + STOREY
        return replace(form, base=base, top=top, source="height of its building")
    kind = tags.get("building", "yes")
    if tags.get("amenity") == "theatre":
        kind = "theatre"
    storeys = STOREYS.get(kind, STOREYS["yes"])
    if kind == "yes":
        limits = (*SMALL, DETACHED) if detached else SMALL
        storeys = next((few for most, few in limits if area < most), storeys)
    return replace(form, base=base, top=base + storeys * STOREY, source=f"default for {kind}")


def _roof(tags: dict[str, str]) -> Span:
    """What the tags say of the roof alone."""
    roof = tags.get("roof:shape", "flat")
    roof = roof if roof in PITCHED else "flat"
    rise = metres(tags.get("roof:height"))
    if rise is None and roof != "flat":
        rise = (metres(tags.get("roof:levels")) or 0.0) * STOREY or None
    if roof == "flat":
        rise = None
    direction = tags.get("roof:direction", "")
    degrees = COMPASS[direction] if direction in COMPASS else metres(direction)
    return Span(0.0, 0.0, "", roof, rise, degrees, tags.get("roof:orientation") == "across")


def canopy(tags: dict[str, str]) -> Span:
    """A slab without walls: from `min_height` to `height` where tagged, else CANOPY."""
    low, thickness = CANOPY
    base, top = metres(tags.get("min_height")), metres(tags.get("height"))
    if top is not None:
        return Span(max(top - thickness, 0.5) if base is None else base, top, "height tag")
    if base is not None:
        return Span(base, base + thickness, "min_height tag")
    return Span(low, low + thickness, "default for canopy")


def metres(text: str | None) -> float | None:
    """The number in `12`, `12.13 m` or `6,5`; None where there is none."""
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*(?:m|metres?)?\s*", text or "")
    return float(found[1].replace(",", ".")) if found else None
