"""Work can be stopped while it says nothing."""

import threading
import time

import pytest

from twin.formats.stoppable import Progress, stoppable


class StopError(Exception):
    pass


def test_it_gives_what_the_work_gives_and_tells_its_progress() -> None:
    told: list[float] = []

    def work(progress: Progress) -> int:
        progress(1.0)
        return 7

    assert stoppable(work, told.append) == 7
    assert told[-1] == 1.0


def test_what_the_work_raises_is_raised() -> None:
    def work(_: Progress) -> None:
        raise StopError

    with pytest.raises(StopError):
        stoppable(work, lambda _: None)


def test_it_ends_during_a_long_step_and_the_work_at_its_next() -> None:
    go_on, ended = threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        go_on.wait(20)
        try:
            progress(0.5)
        finally:
            ended.set()

    def stop(_: float) -> None:
        raise StopError

    begun = time.perf_counter()
    with pytest.raises(StopError):
        stoppable(work, stop)
    assert time.perf_counter() - begun < 5, "it did not wait for the work"
    assert not ended.is_set()
    go_on.set()
    assert ended.wait(20)
