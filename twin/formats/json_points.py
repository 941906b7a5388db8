"""Reads JSON that is a list of rows with a position each, as open-data portals write it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from twin.errors import DataError
from twin.formats.csv_points import points
from twin.formats.position_columns import code_in, find
from twin.formats.strict_json import LIMIT
from twin.formats.vector_raw import Raw, columns_of
from twin.model.table import Value

LISTS = ("data", "items", "records", "results", "rows", "value")
"""Under these names such files keep their rows."""
FEATURES = (b'"FeatureCollection"', b'"Feature"', b'"CityJSON"')
"""What begins so is of another format."""


def is_rows(path: Path) -> bool:
    """Whether a JSON file holds rows and no features; what cannot be read is said by who reads it."""
    if path.stat().st_size > LIMIT:
        return False
    with path.open("rb") as file:
        head = file.read(4096)
    if any(word in head for word in FEATURES):
        return False
    try:
        return bool(_rows(path))
    except DataError:
        return False


def layers(path: Path) -> tuple[str, ...]:
    """The one list of a file."""
    return (path.stem,)


def read(path: Path, _layer: str, crs: str) -> Raw:
    """Rows with a position, those at the same place with the same values once. Raises DataError."""
    notices: list[str] = []
    rows = _rows(path)
    plain = [{str(k): _value(v) for k, v in row.items()} for row in rows]
    once = list({tuple(row.items()): i for i, row in reversed(list(enumerate(plain)))}.values())[::-1]
    if len(once) < len(plain):
        notices.append(f"{len(plain) - len(once)} rows left out: the same as another")
    fields = columns_of(plain[i] for i in once)
    at = find(path, list(fields), crs)
    if not at.second:
        raise DataError(path, at.first, "holds geometries in JSON", "Export it as GeoJSON.")
    xy = np.column_stack([_floats(fields[name].tolist()) for name in (at.first, at.second)])
    code = code_in(path, at, xy, {})
    geometry = points(xy)
    known = np.isfinite(xy).all(axis=1)
    if not known.all():
        notices.append(f"{int((~known).sum())} rows left out: without a position")
    columns = {name: column[known] for name, column in fields.items() if name not in (at.first, at.second)}
    numbers = np.array(once, dtype=np.int64)[known] + 1
    return Raw(path.stem, code, numbers, geometry[known], columns, tuple(notices))


def _rows(path: Path) -> list[dict[str, Any]]:
    import msgspec

    try:
        tree = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(path, "", f"is not JSON: {error}", "Export it again.") from error
    if isinstance(tree, dict) and "type" not in tree:
        tree = next((tree[name] for name in LISTS if isinstance(tree.get(name), list)), None)
    if not isinstance(tree, list) or not tree or not all(isinstance(row, dict) for row in tree):
        return []
    return [] if tree[0].get("type") == "Feature" else tree


def _value(value: Any) -> Value:
    return value if value is None or isinstance(value, str | float | int | bool) else str(value)


def _floats(values: list[Any]) -> list[float]:
    found = []
    for value in values:
        try:
            found.append(float(str(value).replace(",", ".")))
        except ValueError:
            found.append(float("nan"))
    return found
