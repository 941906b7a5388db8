"""Reads tables with coordinates, CSV and TSV, as layers."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats.position_columns import CODES, Positions, code_in, find, numbers_of
from twin.formats.vector_raw import Raw, of_one_kind
from twin.model.table import Column, column_of

SEPARATORS = ";\t,|"
MOST_COLUMNS = 1000


def layers(path: Path) -> tuple[str, ...]:
    """The one table of a file."""
    return (path.stem,)


def read(path: Path, _layer: str, crs: str) -> Raw:
    """Rows with a position; those without are left out and counted. Raises DataError."""
    notices: list[str] = []
    names, rows, separator = _rows(path, notices)
    at = find(path, names, crs)
    texts = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    comma = separator != ","
    geometry, code = _geometry(path, at, texts, comma, notices)
    there = ~shapely.is_missing(geometry)
    if not there.all():
        notices.append(f"{int((~there).sum())} rows left out: without a position")
    kept = np.flatnonzero(there)
    geometry, of = of_one_kind(geometry[kept], "rows", notices)
    kept = kept[of]
    fields = {
        name: _column(path, name, [values[i] for i in kept.tolist()], comma)
        for name, values in texts.items()
        if name not in (at.first, at.second)
    }
    return Raw(path.stem, code, kept.astype(np.int64) + 1, geometry, fields, tuple(notices))


def points(xy: NDArray[np.float64]) -> NDArray[np.object_]:
    """Points at (n, 2); None where a coordinate is NaN."""
    found = np.full(len(xy), None, dtype=object)
    known = np.isfinite(xy).all(axis=1)
    found[known] = shapely.points(xy[known])
    return found


def _geometry(
    path: Path, at: Positions, texts: dict[str, list[str]], comma: bool, notices: list[str]
) -> tuple[NDArray[np.object_], str]:
    codes = {name: values for name, values in texts.items() if name.strip().casefold() in CODES}
    if at.second:
        xy = np.column_stack([numbers_of(path, n, texts[n], comma) for n in (at.first, at.second)])
        return points(xy), code_in(path, at, xy, codes)
    words = [text.strip() for text in texts[at.first]]
    said = {m[1] for text in words if (m := re.match(r"SRID=(\d+);", text))}
    if len(said) == 1 and not at.crs:
        at = Positions(at.first, crs=f"EPSG:{said.pop()}")
    bare = np.array([re.sub(r"^SRID=\d+;", "", text) or None for text in words], dtype=object)
    geometry = np.array(shapely.force_2d(shapely.from_wkt(bare, on_invalid="ignore")), dtype=object)
    wrong = sum(1 for text, shape in zip(words, geometry, strict=True) if text and shape is None)
    if wrong:
        notices.append(f"{wrong} rows hold no WKT")
    middle = shapely.bounds(geometry).reshape(-1, 4)
    return geometry, code_in(path, at, (middle[:, :2] + middle[:, 2:]) / 2, codes)


def _column(path: Path, name: str, texts: list[str], comma: bool) -> Column:
    """Numbers where all values are such, else text."""
    present = [text.strip() for text in texts if text.strip()]
    if present and all(re.fullmatch(r"-?(0|[1-9]\d{0,14})", text) for text in present):
        return column_of([int(text) if text.strip() else None for text in texts])
    digits = r"-?\d+([.,]\d+)?" if comma else r"-?\d+(\.\d+)?([eE][+-]?\d+)?"
    if present and all(re.fullmatch(digits, text) and not _is_code(text) for text in present):
        return numbers_of(path, name, texts, comma)
    return column_of([text or None for text in texts])


def _is_code(text: str) -> bool:
    """Whether leading zeros say that it is a name in digits."""
    return len(text) > 1 and text[0] == "0" and text[1].isdigit()


def _rows(path: Path, notices: list[str]) -> tuple[list[str], list[list[str]], str]:
    """The names of the columns, rows as long as these, and what parts columns."""
    text = _text(path, notices)
    head = text.partition("\n")[0]
    if "\0" in text:
        raise DataError(path, "", "holds zero bytes", "Export it again as CSV.")
    separator = "\t" if path.suffix.lower() == ".tsv" else max(SEPARATORS, key=head.count)
    try:
        found = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]
    except csv.Error as error:
        raise DataError(path, "", f"is no readable table: {error}", "Export it again as CSV.") from error
    if len(found) < 2:
        raise DataError(path, "", "has no rows", "It needs a line of names, and one for each place.")
    names = [name.strip() or f"column {i}" for i, name in enumerate(found[0], start=1)]
    if len(names) > MOST_COLUMNS or len(set(names)) < len(names):
        problem = "has names of columns twice" if len(names) <= MOST_COLUMNS else "has too many columns"
        raise DataError(path, "line 1", problem, "Give each column a name of its own.")
    odd = sum(len(row) != len(names) for row in found[1:])
    if odd:
        notices.append(f"{odd} rows have more or fewer values than there are columns")
    rows = [(row + [""] * len(names))[: len(names)] for row in found[1:]]
    return names, rows, separator


def _text(path: Path, notices: list[str]) -> str:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        notices.append("its letters were taken as Windows-1252, because they are no UTF-8")
        return data.decode("cp1252", errors="replace")
