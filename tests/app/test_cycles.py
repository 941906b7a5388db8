import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from twin.app import cycles


@pytest.fixture
def watched(qapp: QObject) -> Iterator[cycles.Cycles]:
    owner = QObject()
    yield cycles.Cycles(owner)
    gc.enable()


class Beat:
    """Holds itself in a cycle, and a timer that runs."""

    def __init__(self, ended_in: list[int]) -> None:
        self.itself = self
        self.timer = QTimer(interval=1000)
        self.timer.start()
        weakref.finalize(self, lambda: ended_in.append(threading.get_ident()))


def make_garbage() -> None:
    for _ in range(5000):
        listed: list[object] = []
        listed.append(listed)


def test_cycles_of_qt_objects_end_in_the_thread_of_the_window(qtbot: QtBot, watched: cycles.Cycles) -> None:
    ended_in: list[int] = []
    Beat(ended_in)
    thread = threading.Thread(target=make_garbage)
    thread.start()
    thread.join()
    assert not ended_in  # nobody looked in that thread
    qtbot.waitUntil(lambda: bool(ended_in), timeout=5000)
    assert ended_in == [threading.get_ident()]


def test_all_objects_are_looked_through_rarely(
    watched: cycles.Cycles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gc, "get_count", lambda: (5000, 20, 20))
    found = [watched.look()]
    watched._looked -= cycles.RARELY
    found += [watched.look(), watched.look()]
    assert found == [1, 2, 1]


def test_while_a_file_is_read_nobody_looks(watched: cycles.Cycles, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = iter((30_000, 90_000, 95_000, 15_000, 60_000, 90_000))
    monkeypatch.setattr(gc, "get_count", lambda: (next(counts), 0, 0))
    assert [watched.look() for _ in range(5)] == [None, None, 0, 0, None]
    watched._rested -= cycles.PATIENCE
    assert watched.look() == 0  # not for ever


def test_few_objects_are_not_looked_through(watched: cycles.Cycles) -> None:
    gc.collect()
    assert watched.look() is None
