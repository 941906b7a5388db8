"""What tests of readers share."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from twin.errors import DataError
from twin.formats import worker, worker_process


@pytest.fixture
def same_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers that have a process of their own work in this one, which starts sooner.

    For tests of what is read; what the process is for is tested in test_worker.py and where this is not used.
    """

    def run(
        reader: str,
        path: Path,
        options: Mapping[str, Any],
        progress: Callable[[float], None] = lambda _: None,
        **_limits: float,
    ) -> tuple[worker.Arrays, dict[str, Any]]:
        with TemporaryDirectory() as folder:
            out = Path(folder) / "found.npz"
            request = {"reader": reader, "path": str(path.absolute()), "options": dict(options)}
            answer = worker_process.answer_to({**request, "out": str(out), "memory": 0}, progress)
            if "error" in answer:
                raise DataError(path, *answer["error"])
            with np.load(out, allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
            return arrays, json.loads(json.dumps(answer["words"]))

    monkeypatch.setattr(worker, "run", run)
