"""Writes layers to a GeoPackage, the same layers to the same bytes."""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.model.osm import LayerRows

SQLITE_VERSION = 96
"""Where a database says which SQLite wrote it last, a big-endian number. [byte]"""
SQLITE = 3_040_000


def write(layers: Sequence[LayerRows], path: Path, crs: str, *, day: str) -> None:
    """Write all layers anew, each with a text column `id` and its attributes.

    crs: of the coordinates, `EPSG:code`. day: stands in for the day of writing, as 2019-04-21.
    """
    import pyogrio

    path.unlink(missing_ok=True)
    before = os.environ.get("OGR_CURRENT_DATE")
    os.environ["OGR_CURRENT_DATE"] = f"{day}T00:00:00.000Z"
    try:
        for i, layer in enumerate(layers):
            names = list(dict.fromkeys(name for _, _, attributes in layer.rows for name in attributes))
            columns = [_column([row[2].get(name) for row in layer.rows]) for name in names]
            pyogrio.raw.write(
                str(path),
                geometry=shapely.to_wkb(np.array([row[1] for row in layer.rows], dtype=object)),
                field_data=[_column([row[0] for row in layer.rows]), *columns],
                fields=np.array(["id", *names], dtype=object),
                layer=layer.name,
                driver="GPKG",
                geometry_type=layer.shape,
                crs=crs,
                append=i > 0,
            )
    finally:
        if before is None:
            del os.environ["OGR_CURRENT_DATE"]
        else:
            os.environ["OGR_CURRENT_DATE"] = before
    with path.open("r+b") as file:
        file.seek(SQLITE_VERSION)
        file.write(struct.pack(">I", SQLITE))


def _column(values: Sequence[object]) -> NDArray[np.object_] | NDArray[np.float64] | NDArray[np.int64]:
    present = [v for v in values if v is not None]
    if present and all(isinstance(v, int) for v in present) and len(present) == len(values):
        return np.array(values, dtype=np.int64)
    if present and all(isinstance(v, int | float) for v in present):
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
