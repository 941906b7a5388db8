"""Knows the street trees of the north: how large they become, and how quickly; see assets/trees/SOURCE.md."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

TABLE = Path(__file__).parents[2] / "assets" / "trees" / "species.csv"
YOUNG = 20
"""Years over which a rate of growth is a mean."""
ESTIMATE = "estimate"
"""What stands for the source of a figure that nobody measured."""
OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "tilia": "Tilia × vulgaris",
        "tilia × europaea": "Tilia × vulgaris",
        "tilia x europaea": "Tilia × vulgaris",
        "tilia x vulgaris": "Tilia × vulgaris",
        "sorbus": "Sorbus intermedia",
        "scandosorbus intermedia": "Sorbus intermedia",
        "ulmus": "Ulmus glabra",
        "prunus": "Prunus sargentii",
        "picea": "Picea abies",
    }
)
"""Other names of species, and genera that are written for their most usual street tree."""


@dataclass(frozen=True, slots=True)
class Species:
    """One kind of tree as it grows in a street."""

    name: str
    common: str
    needles: bool
    height: float
    """Of a full-grown one. [m]"""
    rate: float
    """Mean growth in height over the first YOUNG years. [m a⁻¹]"""
    crown: float
    """Diameter of a full-grown one. [m]"""
    planted: tuple[float, float]
    """Height and crown of a tree from the nursery. [m]"""
    trunk_ratio: float
    """Diameter of the crown over that of the trunk."""
    in_leaf: tuple[int, int]
    """First and last day of the year."""
    light: tuple[float, float]
    """Share of sunlight that comes through the crown, in leaf and bare."""
    sources: Mapping[str, str]
    """Figure to where it is from; ESTIMATE where it was not measured."""

    @property
    def estimated(self) -> bool:
        """Whether its growth is an estimate."""
        return ESTIMATE in (self.sources["height"], self.sources["rate"], self.sources["crown"])

    def after(self, height: float, crown: float, years: float) -> tuple[float, float]:
        """Height and crown of a tree of this size so many years later. [m]

        h(t) = H (1 - exp(-k t)), from where it has the given height; the crown grows in step. A tree that is
        as tall as its species becomes, or taller, stays as it is.
        """
        if years <= 0 or height >= self.height:
            return height, crown
        # full-grown by YOUNG years would need an endless k; no species of the table comes near
        k = -math.log(1 - min(self.rate * YOUNG / self.height, 0.95)) / YOUNG
        left = math.exp(-k * years)
        taller = self.height - (self.height - height) * left
        wider = crown + max(self.crown - crown, 0.0) * (1 - left)
        return taller, wider


@cache
def library() -> Mapping[str, Species]:
    """Every species by its name, in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["name"]: _species(row) for row in csv.DictReader(file)})


def species_named(name: str) -> Species | None:
    """The species of a name as people write it, cultivars too; None where it is not in the table."""
    plain = name.split("'", maxsplit=1)[0].split("‘", maxsplit=1)[0].strip()
    known = OTHER_NAMES.get(plain.lower(), plain)
    return next((one for key, one in library().items() if key.lower() == known.lower()), None)


def _species(row: Mapping[str, str]) -> Species:
    number = {key: float(text) for key, text in row.items() if text.replace(".", "", 1).isdigit()}
    return Species(
        row["name"],
        row["common"],
        row["needles"] == "yes",
        number["height"],
        number["rate"],
        number["crown"],
        (number["planted_height"], number["planted_crown"]),
        number["trunk_ratio"],
        (int(number["leaf_from"]), int(number["leaf_to"])),
        (number["light_in_leaf"], number["light_bare"]),
        MappingProxyType(
            {key.removesuffix("_source"): text for key, text in row.items() if key.endswith("_source")}
        ),
    )
