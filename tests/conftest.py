"""What all tests share: folders, Hypothesis profiles, and a watch over forgotten windows."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

settings.register_profile("desk", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_configure(config: pytest.Config) -> None:
    """Several processes that test at once have a display each, from those that scripts/test.py started."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    displays = os.environ.get("TWIN_TEST_DISPLAYS", "").split()
    if worker and displays:
        os.environ["DISPLAY"] = displays[int(worker.removeprefix("gw")) % len(displays)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real windows come last: off-screen pictures that follow them in one process mix up their contexts.

    Where several processes test, each takes whole files from the front of what is left (scripts/test.py).
    """
    items.sort(key=lambda item: item.path.name.startswith("test_window"))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported for all tests stays: nobody should look through it for cycles again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets that is kept beside the repository."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data sets (../shared/data) are not on this machine")
    return folder


@pytest.fixture(scope="session")
def helsinki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled project, as a copy: a project that another process has open can only be read."""
    folder = tmp_path_factory.mktemp("bundled")
    for name in ("assets", "scenarios"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".*"))
    return folder / "assets" / "helsinki.twin.json"


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Caches and settings go to a temporary folder, never to those of the person who runs the tests."""
    folder = tmp_path_factory.mktemp("own")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWIN_CACHE_DIR", str(folder / "cache"))
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def one_application(request: pytest.FixtureRequest) -> None:
    """The application that windows need comes first where some test has windows.

    Pictures are content with a smaller one, and a process has only one.
    """
    if any("qapp" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("qapp")


@pytest.fixture(autouse=True)
def no_window_stays() -> Iterator[None]:
    """Fail a test that leaves a window behind: an unclosed 3D view brings the next one down."""
    before = windows()
    yield
    left = [window for address, window in windows().items() if address not in before]
    if left:
        gc.collect()  # one that only waits for a cycle to be found is not left behind
        del left
        left = [window for address, window in windows().items() if address not in before]
    if left:
        names = ", ".join(f"{type(w).__name__} {w.windowTitle()!r}" for w in left)
        for window in left:
            window.close()
            window.deleteLater()
        pytest.fail(f"the test leaves windows behind: {names}")


def windows() -> dict[int, Any]:
    """The top-level widgets that belong to no other, by address."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    application = widgets and widgets.QApplication.instance()
    if not widgets or not isinstance(application, widgets.QApplication):  # none, or one without widgets
        return {}
    import shiboken6
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return {shiboken6.getCppPointer(w)[0]: w for w in application.topLevelWidgets() if w.parent() is None}
