"""A reader in its own process may crash, hang or eat memory; the program goes on with one clear error."""

import ctypes
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twin.errors import Cancelled, DataError
from twin.formats import worker

Progress = Callable[[float], None]
Found = tuple[dict[str, np.ndarray], dict[str, Any]]


def count(path: Path, options: dict[str, Any], progress: Progress) -> Found:
    progress(0.5)
    os.write(1, b"a library that talks\n")
    return {"bytes": np.frombuffer(path.read_bytes(), np.uint8)}, {"name": path.name, **options}


def crash(_path: Path, _options: dict[str, Any], _progress: Progress) -> Found:
    ctypes.string_at(0)
    return {}, {}


def hang(_path: Path, _options: dict[str, Any], progress: Progress) -> Found:
    progress(0.25)
    while True:
        pass


def wait(_path: Path, _options: dict[str, Any], _progress: Progress) -> Found:
    while True:
        time.sleep(1)


def eat(_path: Path, _options: dict[str, Any], _progress: Progress) -> Found:
    return {"much": np.ones(2**33)}, {}


def refuse(path: Path, _options: dict[str, Any], _progress: Progress) -> Found:
    raise DataError(path, "line 3", "is wrong", "Mend it.")


def stumble(_path: Path, _options: dict[str, Any], _progress: Progress) -> Found:
    raise KeyError("x")


def smuggle(_path: Path, _options: dict[str, Any], _progress: Progress) -> Found:
    return {"objects": np.array([{"a": 1}], dtype=object)}, {}


def leave(_path: Path, _options: dict[str, Any], _progress: Progress) -> Found:
    os._exit(3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "model.bin"
    made.write_bytes(b"abc")
    return made


def run(name: str, path: Path, progress: Progress = lambda _: None, **limits: Any) -> Found:
    return worker.run(f"{__name__}:{name}", path, {"a": [1, "ä"]}, progress, **limits)


def test_arrays_words_and_progress_come_back(path: Path) -> None:
    steps: list[float] = []
    arrays, words = run("count", path, steps.append)
    assert arrays["bytes"].tobytes() == b"abc"
    assert words == {"name": "model.bin", "a": [1, "ä"]}
    assert 0.5 in steps


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("crash", r"model\.bin: crashed its reader \(signal 11\)"),
        ("leave", r"crashed its reader \(code 3\)"),
        ("eat", r"needs more than the 2\.0 GB of memory"),
        ("refuse", r"^model\.bin: line 3: is wrong\. Mend it\.$"),
        ("stumble", r"cannot be read: KeyError"),
    ],
)
def test_what_goes_wrong_there_is_one_error_here(name: str, said: str, path: Path) -> None:
    with pytest.raises(DataError, match=said) as raised:
        run(name, path, memory=2 * 2**30)
    assert raised.value.path == path


def test_objects_do_not_come_back(path: Path) -> None:
    with pytest.raises(DataError, match="Object arrays cannot be saved"):
        run("smuggle", path)


def test_an_endless_reader_is_stopped_by_its_time(path: Path) -> None:
    begun = time.monotonic()
    # by its own time, or where others want the processor too, by the clock
    with pytest.raises(DataError, match=r"takes too long|was not read within 3 s"):
        run("hang", path, seconds=1)
    with pytest.raises(DataError, match="was not read within 1 s"):
        run("wait", path, seconds=0.3)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("name", ["hang", "wait"])
def test_cancelling_takes_less_than_a_second(name: str, path: Path) -> None:
    begun = 0.0

    def cancel(_fraction: float) -> None:
        nonlocal begun
        begun = begun or time.monotonic()
        if time.monotonic() > begun + 0.5:
            raise Cancelled("cancelled")

    with pytest.raises(Cancelled):
        run(name, path, cancel)
    assert time.monotonic() - begun < 1.5
