"""Whatever is wrong with a city file: one clear error, or a city that is sound and a report that tells."""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from broken_files import GML, JSON, LINES, WHOLE, damaged, mutants
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import cache
from twin.formats.report import Report
from twin.model.city import City
from twin.model.placement import NOWHERE

DAMAGED = list(damaged())
SLOWEST = 10.0
"""No file of this size may take longer, whatever else the machine does. [s]"""
MUTANTS = 300
"""Of each file."""


def read(path: Path) -> tuple[City, Report]:
    reader = cache.CITIES.get(path.suffix, cache.CITIES[".gml"])[0]
    begun = time.process_time()
    try:
        return reader(path, None, "", NOWHERE, lambda _: None)
    finally:
        assert time.process_time() - begun < SLOWEST


def unsound(city: City) -> list[str]:
    """What contradicts itself in a city."""
    surfaces, objects = len(city.surface_object), len(city.object_id)
    checks: dict[str, Callable[[], bool]] = {
        "vertices are finite": lambda: bool(np.isfinite(city.vertices).all()),
        "triangles have vertices": lambda: _within(city.triangles, len(city.vertices)),
        "triangles have surfaces": lambda: _within(city.triangle_surface, surfaces),
        "rings are whole": lambda: bool(
            city.ring_starts[0] == 0
            and city.ring_starts[-1] == len(city.vertices)
            and (np.diff(city.ring_starts) >= 3).all()
        ),
        "rings have surfaces": lambda: _within(city.ring_surface, surfaces),
        "surfaces have rings": lambda: len(np.unique(city.ring_surface)) == surfaces,
        "surfaces have objects": lambda: _within(city.surface_object, objects),
        "ids are single": lambda: len(set(city.object_id.tolist())) == objects,
        "parents end": lambda: _parents_end(city),
        "attributes fit": lambda: city.attributes.length == objects,
    }
    return [name for name, holds in checks.items() if not holds()]


def _within(rows: NDArray[np.integer[Any]], count: int) -> bool:
    return bool(((rows >= 0) & (rows < count)).all())


def _parents_end(city: City) -> bool:
    at = np.arange(len(city.object_id))
    for _ in range(len(city.object_id) + 1):
        at = np.where(at >= 0, city.object_parent[at], -1)
        if (at < 0).all():
            return True
    return not len(city.object_id)


def test_enough_is_broken() -> None:
    assert len(DAMAGED) >= 300
    assert len({name for name, _ in DAMAGED}) == len(DAMAGED)
    assert MUTANTS * len(WHOLE) >= 2000


@pytest.mark.parametrize("part", range(12))
def test_damaged_files_are_refused_or_told(part: int, tmp_path: Path) -> None:
    faults = []
    for number, (name, content) in enumerate(DAMAGED[part::12]):
        path = tmp_path / f"{number}.{name.partition('.')[2]}"
        path.write_bytes(content)
        try:
            city, report = read(path)
        except DataError as error:
            if path.name not in str(error):
                faults.append(f"{name}: the error does not name the file: {error}")
        else:
            faults += [f"{name}: not so: {what}" for what in unsound(city)]
            if not report.skipped and not report.notices:
                faults.append(f"{name}: read without a word")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", [*GML, *JSON])
def test_a_file_cut_anywhere_is_refused(name: str, tmp_path: Path) -> None:
    whole = (Path(__file__).parent / "data" / name).read_bytes().rstrip()
    path = tmp_path / name
    for percent in range(100):
        path.write_bytes(whole[: len(whole) * percent // 100])
        with pytest.raises(DataError, match=re.escape(name)):
            read(path)


def test_lines_that_are_cut_are_told(tmp_path: Path) -> None:
    whole = (Path(__file__).parent / "data" / LINES).read_bytes().rstrip()
    path = tmp_path / LINES
    ends = {k for k in range(len(whole)) if whole[k : k + 1] == b"\n"}
    for percent in range(1, 100):
        at = len(whole) * percent // 100
        path.write_bytes(whole[:at])
        if not ends & {at, at - 1}:
            with pytest.raises(DataError):
                read(path)


@pytest.mark.parametrize("name", WHOLE)
def test_mutants_are_read_soundly_or_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    faults = []
    for number, mutant in enumerate(mutants(name, MUTANTS)):
        path.write_bytes(mutant)
        try:
            city, _ = read(path)
        except DataError:
            continue
        faults += [f"{number}: not so: {what}" for what in unsound(city)]
    assert not faults, "\n".join(faults)


@pytest.mark.skipif(sys.platform == "win32", reason="it counts open files in /proc")
def test_refused_files_are_closed(tmp_path: Path) -> None:
    opened = Path("/proc/self/fd")
    if not opened.is_dir():
        pytest.skip("it counts open files in /proc, which is not there")
    before = len(list(opened.iterdir()))
    for number, (name, content) in enumerate(DAMAGED[::9]):
        path = tmp_path / f"{number}.{name.partition('.')[2]}"
        path.write_bytes(content)
        try:
            read(path)
        except DataError:
            continue
    assert len(list(opened.iterdir())) <= before + 1
