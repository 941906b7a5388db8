"""Reads point clouds, LAS and LAZ, by laspy where that is installed, in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import worker
from twin.formats.georeference import Located, locate
from twin.formats.mesh_place import stood, unknown
from twin.formats.report import Report, Skipped
from twin.model.place import Place
from twin.model.placement import NOWHERE, Placement
from twin.model.points import PointCloud, class_name

MOST = 2_000_000
"""Points that are kept of any file."""


def read(
    path: Path,
    *,
    id: str,
    title: str,
    attribution: str = "",
    place: Place | None = None,
    crs: str = "",
    placement: Placement = NOWHERE,
    most: int = MOST,
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[PointCloud, Place, Report]:
    """Points in local metres, the place they are local to, and what was found and left out.

    place: of the project; None: one of its own. crs: `EPSG:code` that overrules what the file says.
    placement: where its zero is, if not where it says. most: every n-th point is kept, so that there are no
    more. Raises DataError: not LAS, damaged, laspy is not installed.
    """
    needed = ("laspy", "lazrs") if path.suffix.lower() == ".laz" else ("laspy",)
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        problem = f"holds points, and the library that reads them ({', '.join(missing)}) is not installed"
        raise DataError(path, "", problem, "Install it with: pip install twin[las]")
    begun = time.perf_counter()
    arrays, words = worker.run(
        "twin.formats.las_points:read", path, {"most": most}, lambda done: progress(0.9 * done)
    )
    points = arrays["xyz"]
    if not len(points):
        raise DataError(path, "", "has no point whose coordinates are numbers", "Export it again.")
    located = _located(path, points, str(words["crs"]), place, crs, placement)
    cloud = PointCloud(
        id=id,
        title=title or path.stem,
        xyz=located.points,
        classes=arrays["classes"],
        rgb=arrays.get("rgb"),
        intensity=arrays["intensity"],
        total=int(words["total"]),
        source=attribution,
    )
    progress(1.0)
    return cloud, located.place, _report(path, cloud, located, arrays, words, time.perf_counter() - begun)


def _located(
    path: Path,
    points: NDArray[np.float64],
    named: str,
    place: Place | None,
    crs: str,
    placement: Placement,
) -> Located:
    from dataclasses import replace

    if placement.scale is not None:
        points = points * placement.scale
    if placement.at is not None:
        return locate(
            path, stood(points, placement) + np.array(placement.at), [], place, placement.crs or crs
        )
    if named or crs:
        names = [f"header {named}"] if named else []
        found = locate(path, points, names, place, crs)
        return replace(found, decided_by=found.decided_by.removeprefix("srsName "))
    return unknown(points, place)


def _report(
    path: Path,
    cloud: PointCloud,
    located: Located,
    arrays: dict[str, NDArray[Any]],
    words: dict[str, Any],
    seconds: float,
) -> Report:
    corners = np.concatenate([cloud.xyz.min(axis=0), cloud.xyz.max(axis=0)])
    west, south, low, east, north, high = (corners + np.tile(located.place.origin, 2)).tolist()
    skipped = []
    wrong = int(arrays["wrong"][0])
    if wrong:
        skipped.append(Skipped("point", "a coordinate is no number or far too large", wrong, "points"))
    left = cloud.total - len(cloud.xyz) - wrong
    if left:
        why = f"thinned to one of every {words['step']} points, no more than {MOST:,}"
        skipped.append(Skipped("point", why, left, "points"))
    counts = arrays["counts"]
    attributes = {
        "classification": int(counts[2:].sum()),
        "intensity": cloud.total if cloud.intensity.any() else 0,
        "rgb": 0 if cloud.rgb is None else cloud.total,
    }
    packed = path.suffix.lower() == ".laz"
    return Report(
        path=str(path),
        format=f"{'LAZ' if packed else 'LAS'} {words['version']}",
        seconds=seconds,
        crs=located.crs,
        crs_source=located.decided_by,
        extent=(west, south, low, east, north, high),
        objects={class_name(int(n)): int(counts[n]) for n in np.flatnonzero(counts)},
        surfaces={},
        polygons=0,
        interior_rings=0,
        triangles=0,
        extent_crs=located.place.crs,
        lods={},
        attributes={name: count for name, count in attributes.items() if count},
        skipped=tuple(skipped),
        notices=located.notices,
    )
