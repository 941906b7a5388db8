import os
import subprocess
import sys
from pathlib import Path

import pytest

from twin.formats import machine_code

ASK = """
import sys
from pathlib import Path
from twin.formats import machine_code
machine_code._making.set()
print([machine_code.is_worth_it(Path(sys.argv[1]), 250, 1000) for _ in range(4)], "numba" in sys.modules)
"""


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
    kept: bool, size: int, answers: list[bool], tmp_path: Path
) -> None:
    path = tmp_path / "city.gml"
    path.write_bytes(bytes(size))
    folder = tmp_path / "kept" / f"{machine_code.SCAN.parent.name}_0"
    folder.mkdir(parents=True)
    if kept:
        python = f"py{sys.version_info.major}{sys.version_info.minor}"
        (folder / f"{machine_code.SCAN.stem}.scan-1.{python}.nbi").write_bytes(b"")
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    done = subprocess.run(
        [sys.executable, "-c", ASK, path], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"{answers} False"


def test_a_file_that_is_not_there_is_left_to_the_reader(tmp_path: Path) -> None:
    assert not machine_code.is_worth_it(tmp_path / "nowhere.gml", 0, 0)
