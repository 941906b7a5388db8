"""When the next call of something that is repeated comes."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from twin.app.beat import AGAIN, SOON, Beat


class Work:
    """Takes some time by a clock of its own, and may have nothing to do."""

    def __init__(self) -> None:
        self.now, self.takes, self.does, self.calls = 100.0, 0.0, True, 0
        self.beat = Beat(self.call, clock=lambda: self.now)
        self.beat.every = 0.05

    def call(self) -> bool:
        self.calls += 1
        self.now += self.takes
        return self.does

    def pause(self, takes: float) -> float:
        """Until the next call, after one that took so long. [s]"""
        self.takes = takes
        self.beat.beat()
        waits = self.beat.timer.interval() / 1000
        self.now += waits
        return waits


@pytest.fixture
def work(qtbot: QtBot) -> Iterator[Work]:
    del qtbot  # a timer takes an application
    made = Work()
    made.beat.start()
    made.now += 0.05
    yield made
    made.beat.stop()  # or its timer may end in whatever thread looks for cycles, which no timer survives


def test_work_that_is_quick_is_called_as_often_as_asked(work: Work) -> None:
    assert [work.pause(takes) for takes in (0.01, 0.02, 0.04)] == pytest.approx([0.04, 0.03, 0.01])


def test_one_call_that_takes_long_is_followed_at_once_and_puts_nothing_off(work: Work) -> None:
    assert work.pause(0.07) == SOON
    assert work.pause(0.01) == pytest.approx(0.036, abs=0.01)


def test_what_was_missed_is_not_made_up_for(work: Work) -> None:
    assert [work.pause(takes) for takes in (1.0, 0.01, 0.01)] == pytest.approx([SOON, 0.036, 0.04], abs=0.01)


def test_a_call_that_could_do_nothing_is_tried_again_soon(work: Work) -> None:
    work.does = False
    assert work.pause(0.0) == AGAIN
    work.does = True
    assert work.pause(0.0) == pytest.approx(0.035, abs=0.001)


def test_a_call_may_end_it(work: Work) -> None:
    work.beat.stop()
    assert not work.beat.timer.isActive()
    work.beat.beat()
    assert not work.beat.timer.isActive()
    assert not work.beat.running
