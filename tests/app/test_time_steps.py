"""Time goes on by the clock of the place, also in the nights when clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from twin.app.time_steps import comes_twice, on_grid, stepped

HELSINKI = ZoneInfo("Europe/Helsinki")


def at(day: int, hour: int, minute: int = 0, *, month: int = 10, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=HELSINKI, fold=fold)


def test_in_october_the_hour_after_three_is_three_again() -> None:
    first = at(25, 3, 50)
    second = stepped(first, 10)
    assert (second.hour, second.minute, second.fold) == (3, 0, 1)
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(minutes=10)
    assert comes_twice(first)
    assert comes_twice(second)
    assert not comes_twice(at(25, 4))


def test_in_march_two_is_followed_by_four() -> None:
    assert stepped(at(29, 2, 50, month=3), 10).hour == 4


@pytest.mark.parametrize(("day", "month", "hours"), [(25, 10, 25), (29, 3, 23), (15, 7, 24)])
def test_a_day_that_loops_has_as_many_hours_as_it_has(day: int, month: int, hours: int) -> None:
    begin = at(day, 0, month=month)
    seen, when = 0, begin
    while True:
        when, seen = stepped(when, 60, loop=True), seen + 1
        if when == begin:
            break
    assert seen == hours


def test_without_a_loop_the_next_day_follows() -> None:
    assert stepped(at(24, 23, 50), 20) == at(25, 0, 10)


def test_back_from_midnight_in_a_loop_is_the_end_of_the_same_day() -> None:
    assert stepped(at(24, 0), -10, loop=True) == at(24, 23, 50)


def test_a_step_begins_on_the_clock() -> None:
    assert on_grid(at(24, 13, 37), 10) == at(24, 13, 30)
