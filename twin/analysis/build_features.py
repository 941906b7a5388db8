"""Takes away, moves and changes what stands in layers: trees, lamps, benches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.analysis.worksite import Change, Worksite, height_of, only, with_cells
from twin.model.layer import Layer
from twin.model.table import Value

FEATURES = {"trees": "tree", "ground": "ground"}
"""What the features of a layer are called, by its role."""
Flat = NDArray[np.float64]


def take_out(work: Worksite, gone: str) -> bool:
    """Without the features of an id; whether there was one."""
    found = tuple(_named(work, gone))
    for layer, rows in found:
        for row in rows.tolist():
            _tell(work, "removed", layer, row, gone)
        work.layers[layer.id] = only(layer, ~np.isin(np.arange(len(layer.geometry)), rows))
    return bool(found)


def note(work: Worksite, name: str, said: Mapping[str, Value]) -> bool:
    """Other values for the features of an id; whether there was one."""
    found = tuple(_named(work, name))
    for layer, rows in found:
        made = replace(layer, table=with_cells(layer.table, dict.fromkeys(rows.tolist(), said)))
        work.layers[layer.id] = made
        _tell(work, "changed", made, int(rows[0]), name)
    return bool(found)


def shift(work: Worksite, name: str, change: Callable[[Flat], Flat]) -> bool:
    """The features of an id elsewhere; whether there was one. change: corners (n, 2) to corners."""
    found = tuple(_named(work, name))
    for layer, rows in found:
        geometry = layer.geometry.copy()
        geometry[rows] = shapely.transform(geometry[rows], change)
        work.layers[layer.id] = replace(layer, geometry=geometry)
        _tell(work, "changed", layer, int(rows[0]), name)
    return bool(found)


def places(work: Worksite, name: str) -> Flat:
    """All corners of the features of an id: (n, 2)."""
    found = [shapely.get_coordinates(layer.geometry[rows]) for layer, rows in _named(work, name)]
    return np.concatenate([np.zeros((0, 2)), *found])


def _named(work: Worksite, name: str) -> Iterator[tuple[Layer, NDArray[np.intp]]]:
    for layer in tuple(work.layers.values()):
        ids = layer.table.columns.get("id")
        if ids is not None:
            rows = np.flatnonzero(np.array(ids == name, dtype=bool))
            if len(rows):
                yield layer, rows


def _tell(work: Worksite, kind: str, layer: Layer, row: int, name: str) -> None:
    known = layer.table.row(row)
    what = FEATURES.get(layer.role, "feature")
    title = str(known.get("name") or known.get("species") or layer.title or name)
    work.tell(Change(kind, what, name, title, *height_of(known, "height")))
