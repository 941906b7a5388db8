"""Reads the points of LAS and LAZ files, thinned evenly, in the process that `worker` starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError

CHUNK = 500_000
"""Points at a time."""
HEAD = 227
"""The shortest header. [byte]"""
RECORD, LATER_RECORD = 54, 60
"""The heads of records before and after the points. [byte]"""
MOST = 50_000_000_000
"""Points that any file may hold."""
PROJECTED, GEOGRAPHIC, VERTICAL = 3072, 2048, 4096
"""Keys of GeoTIFF (OGC 19-008r4, 7.5) that hold EPSG codes."""
OWN = 32767
"""The code of a CRS that has none."""
REMEDY = "Copy it again, or export it again."
Arrays = dict[str, NDArray[Any]]


def read(
    path: Path, options: Mapping[str, Any], progress: Callable[[float], None]
) -> tuple[Arrays, dict[str, Any]]:
    """Every n-th point, so that no more than `most` are left, and what the header says.

    Raises DataError: not LAS, more points than the file can hold, cut off.
    """
    import laspy

    _check(path)
    try:
        with laspy.open(path) as file:
            header = file.header
            total = int(header.point_count)
            step = max(-(-total // int(options["most"])), 1)
            names = set(header.point_format.dimension_names)
            words = {
                "version": str(header.version),
                "total": total,
                "step": step,
                "crs": _crs(header),
                "format": int(header.point_format.id),
            }
            arrays = _points(path, file, total, step, names, progress)
    except (laspy.errors.LaspyException, ValueError, EOFError, OSError, RuntimeError, OverflowError) as error:
        problem = f"cannot be read: {' '.join(str(error).split())[:200] or type(error).__name__}"
        raise DataError(path, "", problem, REMEDY) from error
    return arrays, words


def _points(
    path: Path, file: Any, total: int, step: int, names: set[str], progress: Callable[[float], None]
) -> Arrays:
    coloured = {"red", "green", "blue"} <= names
    found: dict[str, list[NDArray[Any]]] = {"xyz": [], "classes": [], "intensity": [], "rgb": []}
    counts = np.zeros(256, dtype=np.int64)
    at = wrong = 0
    for chunk in file.chunk_iterator(CHUNK):
        count = len(chunk)
        classes = np.asarray(chunk.classification, dtype=np.uint8)
        counts += np.bincount(classes, minlength=256)
        keep = np.arange((-at) % step, count, step)
        with np.errstate(over="ignore", invalid="ignore"):
            xyz = np.column_stack(
                [np.asarray(axis, dtype=np.float64)[keep] for axis in (chunk.x, chunk.y, chunk.z)]
            )
        there = np.isfinite(xyz).all(axis=1) & (np.abs(xyz) < 1e10).all(axis=1)
        wrong += int((~there).sum())
        keep = keep[there]
        found["xyz"].append(xyz[there])
        found["classes"].append(classes[keep])
        found["intensity"].append(np.asarray(chunk.intensity, dtype=np.uint16)[keep])
        if coloured:
            found["rgb"].append(
                np.column_stack(
                    [np.asarray(chunk[name], np.uint16)[keep] for name in ("red", "green", "blue")]
                )
            )
        at += count
        progress(at / max(total, 1))
    if at < total:
        raise DataError(path, "", f"says it has {total:,} points, and has {at:,}", REMEDY)
    if not at:
        raise DataError(path, "", "has no points", REMEDY)
    arrays = {name: np.concatenate(columns) for name, columns in found.items() if columns}
    if coloured:
        arrays["rgb"] = _bytes(arrays["rgb"])
    return {**arrays, "counts": counts, "wrong": np.array([wrong])}


def _bytes(colours: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Colours of 8 bits, which some programs write as such and others in the upper half of 16."""
    wide = int(colours.max(initial=0)) > 255
    return (colours >> 8 if wide else colours).astype(np.uint8)


def _check(path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD + 148)
    if not head:
        raise DataError(path, "", "is empty", "Copy or download it again.")
    if head[:4] != b"LASF":
        raise DataError(path, "byte 0", "does not begin with LASF", "Is it a LAS or LAZ file?")
    if len(head) < HEAD:
        raise DataError(path, "", "ends within its header", REMEDY)
    begin, offset = int.from_bytes(head[94:96], "little"), int.from_bytes(head[96:100], "little")
    records = int.from_bytes(head[100:104], "little")
    packed, length = head[104] & 0xC0, int.from_bytes(head[105:107], "little")
    count = int.from_bytes(head[107:111], "little")
    if head[25] >= 4 and len(head) >= 255:
        count = int.from_bytes(head[247:255], "little") or count
        later, number = int.from_bytes(head[235:243], "little"), int.from_bytes(head[243:247], "little")
        if number and later + LATER_RECORD * number > size:
            raise DataError(path, "byte 243", f"says {number:,} records after its points", REMEDY)
    # each of them is looked at, whether it is there or not
    if begin < HEAD or begin + RECORD * records > min(offset, size):
        raise DataError(path, "byte 100", f"says {records:,} records before its points at {offset:,}", REMEDY)
    if offset > size:
        raise DataError(path, "byte 96", f"has its points at byte {offset:,}, and {size:,} bytes", REMEDY)
    there = size - offset
    if count > MOST or (not packed and length * count > there):
        fits = there // max(length, 1)
        raise DataError(path, "header", f"says {count:,} points, and has room for {fits:,}", REMEDY)


def _crs(header: Any) -> str:
    """`EPSG:code`, with a second one for heights; empty: none is named. Nothing is looked up elsewhere."""
    for record in (*header.vlrs, *(header.evlrs or ())):
        text = getattr(record, "string", "")
        if type(record).__name__ == "WktCoordinateSystemVlr" and text:
            found = _of_wkt(text)
            if found:
                return found
    keys: dict[int, int] = {}
    for record in header.vlrs:
        for key in getattr(record, "geo_keys", ()):
            if key.tiff_tag_location == 0:
                keys[int(key.id)] = int(key.value_offset)
    for name in (PROJECTED, GEOGRAPHIC):
        if 0 < keys.get(name, 0) < OWN:
            heights = keys.get(VERTICAL, 0)
            return f"EPSG:{keys[name]}" + (f",EPSG:{heights}" if 4000 < heights < OWN else "")
    return ""


def _code(crs: Any) -> int | None:
    """What it says itself, or that of the one it is like."""
    said = crs.to_json_dict().get("id", {})
    if said.get("authority") == "EPSG" and isinstance(said.get("code"), int):
        return int(said["code"])
    found = crs.to_epsg(min_confidence=70)
    return None if found is None else int(found)


def _of_wkt(text: str) -> str:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    text = text.strip("\0 \r\n")
    # nothing else than WKT: a name or an address could be looked up elsewhere
    if not text.upper().startswith(("PROJ", "GEOG", "COMPD", "COMPOUND", "BOUND", "GEODCRS")):
        return ""
    try:
        crs = CRS.from_wkt(text)
    except CRSError:
        return ""
    parts = crs.sub_crs_list or [crs]
    codes = [_code(part) for part in parts]
    if codes[0] is None:
        return ""
    return ",".join(f"EPSG:{code}" for code in codes if code is not None)
