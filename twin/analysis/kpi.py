"""The indicators of a scenario, as rows of one table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from twin.analysis.build import Built, trees
from twin.analysis.measures import BUILDINGS, STOREY_HEIGHT, Measures, measure
from twin.model.city import roots
from twin.model.table import Table

USES = ("use", "function", "usage", "class")
"""Attributes that say what a building is used for, the most trusted first."""
UNKNOWN = "unknown"
Values = Mapping[str, float]
"""By class; the total under the empty name."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the table, or one for each class."""

    id: str
    title: str
    unit: str
    formula: str
    """In words."""
    inputs: str
    source: str
    """Who defines it so."""
    values: Callable[..., Values]
    """From what `rows_of` is given; nothing where it is not known."""
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """What one indicator says of one scenario."""

    id: str
    """Of the indicator, with the class behind a point: `floor_area.office`."""
    title: str
    unit: str
    value: float
    decimals: int = 0


def rows(built: Built) -> tuple[Row, ...]:
    """All indicators of a scenario, totals before their classes."""
    return rows_of(INDICATORS, built, measure(built.city))


def rows_of(indicators: Sequence[Indicator], *given: object) -> tuple[Row, ...]:
    """What some indicators say of what they are given, each total before its classes."""
    found = []
    for indicator in indicators:
        values = indicator.values(*given)
        for name in sorted(values):
            found.append(
                Row(
                    f"{indicator.id}.{name}" if name else indicator.id,
                    f"{indicator.title}, {name.replace('_', ' ')}" if name else indicator.title,
                    indicator.unit,
                    values[name],
                    indicator.decimals,
                )
            )
    return tuple(found)


def _by_use(built: Built, amounts: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Values:
    """Amounts of objects by the use of the building they belong to."""
    whole = roots(built.city)
    found: dict[str, float] = defaultdict(float)
    for row in np.flatnonzero(amounts > 0).tolist():
        use = _use(built.city.attributes, row) or _use(built.city.attributes, int(whole[row])) or UNKNOWN
        found[use] += float(amounts[row])
    return {"": float(amounts.sum()), **found}


def _use(attributes: Table, row: int) -> str:
    for name in USES:
        column = attributes.columns.get(name)
        value = None if column is None else column[row]
        if isinstance(value, str) and value:
            return value
    return ""


def _floor_area(built: Built, measures: Measures) -> Values:
    return _by_use(built, measures.floor_area)


def _footprint(built: Built, measures: Measures) -> Values:
    return {"": float(measures.footprint[_buildings(built)].sum())}


def _volume(built: Built, measures: Measures) -> Values:
    return {"": float(measures.volume[_buildings(built)].sum())}


def _count(built: Built, _measures: Measures) -> Values:
    return {"": float(len(np.unique(roots(built.city)[_buildings(built)])))}


def _storeys(built: Built, measures: Measures) -> Values:
    """Mean storeys, each building weighing as its footprint."""
    covered = float(measures.footprint[_buildings(built)].sum())
    return {"": float(measures.floor_area.sum()) / covered if covered else 0.0}


def _buildings(built: Built) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([kind in BUILDINGS for kind in built.city.object_type], dtype=bool)


def _trees(built: Built, _measures: Measures) -> Values:
    layer = trees(built.layers)
    return {"": 0.0 if layer is None else float(len(layer.geometry))}


def _crowns(built: Built, _measures: Measures) -> Values:
    layer = trees(built.layers)
    if layer is None or not len(layer.geometry):
        return {"": 0.0}
    column = layer.table.columns.get("crown")
    values = [None] * len(layer.geometry) if column is None else column.tolist()
    crowns = np.array([value if isinstance(value, int | float) else np.nan for value in values])
    known = crowns[crowns > 0]
    return {"": float((np.pi / 4 * known**2).sum())}


def _ground(built: Built, _measures: Measures) -> Values:
    """Areas by surface; where areas of a layer overlap, the later one lies on top."""
    found: dict[str, float] = defaultdict(float)
    for layer in built.layers:
        if layer.role != "ground":
            continue
        surfaces = layer.table.columns.get("surface")
        areal = np.isin(shapely.get_dimensions(layer.geometry), (2,))
        index = shapely.STRtree(layer.geometry)
        for row in np.flatnonzero(areal).tolist():
            shape = layer.geometry[row]
            over = [
                other for other in index.query(shape, predicate="intersects") if other > row and areal[other]
            ]
            if over:
                shape = shapely.difference(shape, shapely.union_all(layer.geometry[over]))
            surface = None if surfaces is None else surfaces[row]
            found[str(surface) if surface else UNKNOWN] += float(shape.area)
    return found


INDICATORS = (
    Indicator(
        "floor_area",
        "Gross floor area",
        "m²",
        "Footprint times storeys above the ground, of every building and part, by use",
        f"City model: surfaces, storeys; where they are unknown, one storey for {STOREY_HEIGHT} m of height",
        "Spacematrix (Berghauser Pont and Haupt 2010)",
        _floor_area,
    ),
    Indicator(
        "footprint",
        "Built-up area",
        "m²",
        "What buildings cover seen from above",
        "City model: surfaces",
        "Spacematrix (Berghauser Pont and Haupt 2010)",
        _footprint,
    ),
    Indicator(
        "volume",
        "Built volume",
        "m³",
        "Space between the surfaces of every building and its lowest corner",
        "City model: surfaces",
        "Divergence theorem",
        _volume,
    ),
    Indicator("buildings", "Buildings", "", "Buildings with their parts", "City model", "Count", _count),
    Indicator(
        "storeys",
        "Mean storeys",
        "",
        "Gross floor area by built-up area",
        "As both",
        "Spacematrix (Berghauser Pont and Haupt 2010)",
        _storeys,
        1,
    ),
    Indicator("trees", "Trees", "", "Trees of the tree layer", "Layer of trees", "Count", _trees),
    Indicator(
        "crowns",
        "Crown area",
        "m²",
        "Circles of the crown diameters; crowns that overlap count twice, trees without a crown do not count",
        "Layer of trees: crown",
        "Plane geometry",
        _crowns,
    ),
    Indicator(
        "ground",
        "Ground",
        "m²",
        "Area by surface; what lies on top counts",
        "Layers of the ground: surface",
        "Plane geometry",
        _ground,
    ),
)
"""All that is known of a scenario in numbers; further analyses add theirs here."""
