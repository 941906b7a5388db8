import os
import subprocess
import sys
from pathlib import Path

import pytest

from twin.formats import cityjson, machine_code

ASK = """
import sys
from pathlib import Path
from twin.formats import machine_code
machine_code._making.set()
path, scan = Path(sys.argv[1]), sys.argv[2]
print([machine_code.is_worth_it(path, 250, 1000, scan) for _ in range(4)], "numba" in sys.modules)
"""


@pytest.mark.parametrize("scan", [machine_code.CITYGML, machine_code.CITYJSON])
@pytest.mark.parametrize(
    ("kept", "size", "answers"),
    [
        (False, 100, [False] * 4),
        (False, 2000, [True] * 4),
        (True, 300, [True] * 4),
        (True, 100, [False, False, True, True]),
    ],
)
def test_machine_code_is_used_where_it_does_not_take_longer_to_come_by(
    kept: bool, size: int, answers: list[bool], scan: str, tmp_path: Path
) -> None:
    path = tmp_path / "city.gml"
    path.write_bytes(bytes(size))
    folder = tmp_path / "kept" / f"{machine_code.HERE.name}_0"
    folder.mkdir(parents=True)
    if kept:
        python = f"py{sys.version_info.major}{sys.version_info.minor}"
        (folder / f"{scan}.{machine_code.LATE[scan]}-1.{python}.nbi").write_bytes(b"")
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    done = subprocess.run(
        [sys.executable, "-c", ASK, path, scan], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"{answers} False"


def test_a_file_that_is_not_there_is_left_to_the_reader(tmp_path: Path) -> None:
    assert not machine_code.is_worth_it(tmp_path / "nowhere.gml", 0, 0)


def test_only_one_process_makes_it_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    command = f"{machine_code.COMMAND}; import sys; print('numba' in sys.modules)"
    with machine_code._only_one() as alone:
        assert alone
        done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "False"
    assert not list((tmp_path / "kept").iterdir())


def test_one_who_was_ended_stops_nobody_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    (tmp_path / machine_code.GUARD).touch()
    with machine_code._only_one() as alone:
        assert not alone
    os.utime(tmp_path / machine_code.GUARD, (0, 0))
    with machine_code._only_one() as alone:
        assert alone


def test_what_it_is_made_with_is_read_alike_with_and_without_it(tmp_path: Path) -> None:
    path = tmp_path / "a.city.json"
    path.write_bytes(machine_code.SAMPLE)
    (slow, _), (quick, report) = (cityjson.read(path, large=large) for large in (False, True))
    assert report.skipped == ()
    assert slow.triangles.tolist() == quick.triangles.tolist() == [[0, 1, 2]]
    assert slow.surface_type.tolist() == quick.surface_type.tolist()
