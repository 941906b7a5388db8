"""How the layers of a station area are called and drawn."""

from __future__ import annotations

from dataclasses import dataclass

from twin.model.layer import Style


@dataclass(frozen=True, slots=True)
class Look:
    """Of one layer."""

    title: str
    role: str
    style: Style


LOOKS = {
    "water": Look("Water", "", Style(colour="#b5d3e2", order=1)),
    "railway_land": Look("Railway land", "", Style(colour="#dedad2", order=2)),
    "parks": Look("Parks", "", Style(colour="#cfdfba", order=3)),
    "squares": Look("Squares and paved areas", "ground", Style(colour="#e6dfd0", order=5)),
    "streets": Look("Streets", "", Style(colour="#f8f7f4", width=6.5, order=8)),
    "footways": Look("Footways", "", Style(colour="#f1ece1", width=2.5, order=9)),
    "cycleways": Look("Cycleways", "", Style(colour="#ecdcd6", width=2.5, order=10)),
    "steps": Look("Steps", "", Style(colour="#cdc6b9", width=3.0, order=11, dashed=True)),
    "platforms": Look("Platforms", "", Style(colour="#d3ccc2", order=13)),
    "rails": Look("Rails", "", Style(colour="#8e8a86", width=1.6, order=15)),
    "tram": Look("Tram rails", "", Style(colour="#a9938c", width=1.2, order=16)),
    "metro": Look("Metro rails", "", Style(colour="#c98b5b", width=1.6, order=16)),
    "crossings": Look("Crossings", "", Style(colour="#ffffff", glyph="crossing", order=18)),
    "stops": Look("Stops", "", Style(colour="#3f6fa3", glyph="stop", order=19)),
    "entrances": Look("Station entrances", "", Style(colour="#d08a3e", glyph="entrance", order=20)),
    "benches": Look("Benches", "", Style(colour="#a07a55", glyph="bench", order=21)),
    "lamps": Look("Street lamps", "", Style(colour="#6d6f74", glyph="lamp", order=22)),
    "trees": Look("Trees", "trees", Style(colour="#8fb078", glyph="tree", order=23)),
}
"""By the name of the layer; others are drawn plainly, and what lies underground not at all."""
POINTS = {"trees": 5.0, "lamps": 2.0, "benches": 2.0, "crossings": 3.0, "stops": 8.0, "entrances": 6.0}
"""How large points are on a plan. [m]"""
