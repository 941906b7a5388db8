"""What the measuring of readers says of itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def test_parts_that_are_not_there_are_refused_with_those_that_are() -> None:
    command = [sys.executable, SCRIPTS / "bench_formats.py", "--parts", "nonsense"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert all(part in done.stderr for part in ("nonsense", "citygml", "cold", "cache", "cityjson"))


def test_a_goal_is_judged_by_the_clock_and_by_the_processors_apart(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import bench_formats

    times = {
        "libcitygml (Debian)": (5.0, 3.0),
        "twin, one thread": (1.0, 0.5),
        "twin, two threads": (1.0, 0.125),
    }
    bench_formats.compared("twin, one thread", "libcitygml (Debian)", times)
    bench_formats.compared("twin, two threads", "libcitygml (Debian)", times)
    one, two = capsys.readouterr().out.splitlines()
    assert one.endswith(
        "5.00 × as fast as libcitygml (Debian), 6.00 × by CPU; goal 6 ×: short by the clock, reached by CPU"
    )
    assert two.endswith("24.00 × by CPU; goal 10 ×: short by the clock")
