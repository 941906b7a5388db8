"""What is installed is locked, checked by hash, and free of a fault seen before."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
DEFAULT, TESTS = "requirements.lock", "requirements-test.lock"
LOCKS = (DEFAULT, TESTS, "scripts/servers.lock")

SIGNAL_PROGRAM = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

class Source(QObject):
    told = Signal(bool)

application = QCoreApplication([])
source, heard = Source(), []
source.told.connect(heard.append)
before = sys.getrefcount(True), sys.getrefcount(None)
for _ in range(2000):
    source.told.emit(True)
heard.clear()
after = sys.getrefcount(True), sys.getrefcount(None)
print(max(abs(b - a) for a, b in zip(before, after)))
"""


def text(lock: str) -> str:
    return (ROOT / lock).read_text(encoding="utf-8")


def pinned(lock: str) -> list[str]:
    """The entries of a lock, each on a line of its own."""
    return re.split(r"\n(?=\S)", text(lock).replace("\\\n", " ").strip())


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address(lock: str) -> None:
    assert text(lock).count("://") == 0


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_exact_and_has_a_hash(lock: str) -> None:
    assert len(pinned(lock)) > 40
    for pin in pinned(lock):
        requirement, *hashes = re.split(r"\s+--hash=", " ".join(pin.split()))
        assert re.fullmatch(r"==[^,*]+", str(Requirement(requirement).specifier)), pin
        assert hashes, pin
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement


def test_everything_the_project_asks_for_is_in_a_lock() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    asked = {
        DEFAULT: [*project["project"]["dependencies"], *groups["install"]],
        TESTS: groups["test"],
    }
    for lock, lines in asked.items():
        pins = requirements(lock)
        for line in lines:
            wanted = Requirement(line)
            versions = pins.get(_same(wanted.name), set())
            assert versions, line
            assert all(wanted.specifier.contains(version) for version in versions), line


def test_what_tests_need_fits_to_what_the_program_needs() -> None:
    program, tests = requirements(DEFAULT), requirements(TESTS)
    both = program.keys() & tests.keys()
    assert "numpy" in both
    assert {name: tests[name] - program[name] for name in both} == {name: set() for name in both}


def test_the_program_runs_without_what_tests_need() -> None:
    assert not requirements(DEFAULT).keys() & {
        "pytest",
        "mypy",
        "ruff",
        "hypothesis",
        "pyarrow",
        "distributed",
    }


def requirements(lock: str) -> dict[str, set[str]]:
    """The versions of each package in a lock; some have one for each Python."""
    versions: dict[str, set[str]] = {}
    for pin in pinned(lock):
        found = Requirement(pin.split("--hash")[0].strip())
        versions.setdefault(_same(found.name), set()).add(str(found.specifier).removeprefix("=="))
    return versions


def test_qt_signals_lose_no_references() -> None:
    """PySide6 6.12.0 loses one to True on every emit, and Python 3.11 aborts after a few thousand."""
    drift = subprocess.run(
        [sys.executable, "-c", SIGNAL_PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(drift.stdout) < 20


def _same(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
