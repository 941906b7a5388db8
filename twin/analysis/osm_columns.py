"""Says what the tags of a way or an area mean: the columns of the layers."""

from __future__ import annotations

from twin.analysis.osm_heights import metres
from twin.model.osm import RowValue

LANE = 3.25
"""Width of a traffic lane where none is tagged. [m]"""
WIDTHS = {
    "motorway": 22.0,
    "motorway_link": 7.5,
    "trunk": 15.0,
    "trunk_link": 7.5,
    "primary": 13.0,
    "primary_link": 6.5,
    "secondary": 10.0,
    "secondary_link": 5.0,
    "tertiary": 7.5,
    "tertiary_link": 5.0,
    "residential": 6.5,
    "unclassified": 6.5,
    "living_street": 5.5,
    "service": 4.0,
    "pedestrian": 6.0,
    "busway": 6.5,
    "track": 3.0,
    "road": 6.5,
    "footway": 2.5,
    "path": 2.0,
    "bridleway": 2.0,
    "corridor": 2.5,
    "steps": 3.0,
    "cycleway": 2.5,
}
"""By class, where neither width nor lanes are tagged: assumptions. [m]"""
SURFACES = {
    "asphalt": "asphalt",
    "concrete": "concrete",
    "cobblestone": "sett",
    "sett": "sett",
    "unhewn_cobblestone": "sett",
    "paved;cobblestone": "sett",
    "paving_stones": "paving_stones",
    "paved": "paving_stones",
    "stone": "paving_stones",
    "wood": "wood",
    "grass": "grass",
    "compacted": "gravel",
    "fine_gravel": "gravel",
    "gravel": "gravel",
    "ground": "gravel",
    "sand": "gravel",
    "unpaved": "gravel",
}
"""What a `surface` tag becomes among twin.model.scenario.GROUND_SURFACES."""
GREEN = {
    ("leisure", "park"): "grass",
    ("leisure", "garden"): "grass",
    ("leisure", "pitch"): "gravel",
    ("leisure", "playground"): "gravel",
    ("landuse", "grass"): "grass",
    ("landuse", "village_green"): "grass",
    ("landuse", "recreation_ground"): "grass",
    ("landuse", "cemetery"): "grass",
    ("landuse", "meadow"): "meadow",
    ("landuse", "forest"): "meadow",
    ("natural", "grassland"): "meadow",
    ("natural", "scrub"): "meadow",
    ("natural", "heath"): "meadow",
    ("natural", "wood"): "meadow",
}
PLATFORM_HEIGHT = {"rail": 0.55, "tram": 0.3, "bus": 0.2}
"""Where none is tagged: Finnish main-line platforms are 550 mm, the others are assumptions. [m]"""


def width(tags: dict[str, str]) -> dict[str, RowValue]:
    """Width with its source: the tag, the lanes, or the default of its class."""
    tagged, lanes = metres(tags.get("width")), metres(tags.get("lanes"))
    kind = tags["highway"]
    if tagged is not None:
        return {"width": tagged, "width_source": "width tag"}
    if lanes:
        return {"width": lanes * LANE, "width_source": f"lanes tag × {LANE} m"}
    return {"width": WIDTHS[kind], "width_source": f"default for {kind}"}


def surface(tags: dict[str, str], default: str) -> dict[str, RowValue]:
    """One of the surfaces that a scenario can choose, with its source."""
    known = SURFACES.get(tags.get("surface", ""))
    return {"surface": known or default, "surface_source": "surface tag" if known else "default"}


def name(tags: dict[str, str]) -> dict[str, RowValue]:
    """The name alone."""
    return {"name": tags.get("name")}


def street(tags: dict[str, str]) -> dict[str, RowValue]:
    """Of a street."""
    return {
        "name": tags.get("name"),
        "class": tags["highway"],
        **width(tags),
        **surface(tags, "asphalt"),
        "oneway": tags.get("oneway"),
        "tunnel": tags.get("tunnel"),
    }


def footway(tags: dict[str, str]) -> dict[str, RowValue]:
    """Of a footway or cycleway."""
    return {
        "name": tags.get("name"),
        "class": tags.get("footway") or tags["highway"],
        **width(tags),
        **surface(tags, "asphalt"),
        "indoor": tags.get("indoor"),
        "tunnel": tags.get("tunnel"),
    }


def steps(tags: dict[str, str]) -> dict[str, RowValue]:
    """Of steps and escalators."""
    count = metres(tags.get("step_count"))
    moving = "yes" if tags.get("conveying", "no") != "no" else "no"
    return {
        "step_count": count,
        "handrail": tags.get("handrail"),
        "incline": tags.get("incline"),
        "escalator": moving,
        **width(tags),
        "indoor": tags.get("indoor"),
    }


def rail(tags: dict[str, str]) -> dict[str, RowValue]:
    """Of a track."""
    return {
        "name": tags.get("name"),
        "class": tags["railway"],
        "gauge": metres(tags.get("gauge")),
        "service": tags.get("service"),
        "bridge": tags.get("bridge"),
        "tunnel": tags.get("tunnel"),
    }


def water(tags: dict[str, str]) -> dict[str, RowValue]:
    """Of a water area."""
    kind = tags.get("natural") or tags.get("landuse")
    return {"name": tags.get("name"), "kind": tags.get("water") or kind}


def park(tags: dict[str, str]) -> dict[str, RowValue]:
    """Of a green area."""
    (_, kind), default = next((k, v) for k, v in GREEN.items() if tags.get(k[0]) == k[1])
    return {"name": tags.get("name"), "kind": kind, **surface(tags, default)}


def square(tags: dict[str, str]) -> dict[str, RowValue]:
    """Of a paved area."""
    kind = "square" if tags.get("place") == "square" else tags["highway"]
    default = "paving_stones" if kind in ("square", "pedestrian", "footway") else "asphalt"
    return {"name": tags.get("name"), "kind": kind, **surface(tags, default)}


def platform(tags: dict[str, str]) -> dict[str, RowValue]:
    """Of a platform."""
    kind = "rail" if tags.get("railway") == "platform" else "bus"
    if tags.get("tram") == "yes" or tags.get("railway") == "tram_stop":
        kind = "tram"
    tagged = metres(tags.get("height"))
    return {
        "name": tags.get("name"),
        "ref": tags.get("ref"),
        "kind": kind,
        "height": PLATFORM_HEIGHT[kind] if tagged is None else tagged,
        "height_source": f"default for {kind}" if tagged is None else "height tag",
        "width_source": tags.get("width_source", "outline"),
        **surface(tags, "paving_stones"),
    }
