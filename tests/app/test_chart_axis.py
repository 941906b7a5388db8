"""Marks below a chart stand on the clock of the place, also where clocks change."""

from datetime import datetime
from zoneinfo import ZoneInfo

from twin.app.chart_axis import label, ticks

HELSINKI = ZoneInfo("Europe/Helsinki")


def moment(day: int, hour: int = 0, month: int = 10) -> float:
    return datetime(2026, month, day, hour, tzinfo=HELSINKI).timestamp()


def test_days_are_marked_at_local_midnight_before_and_after_the_change() -> None:
    step, found = ticks(moment(23), moment(28), 8, HELSINKI)
    assert step == 86400.0
    assert [datetime.fromtimestamp(each, HELSINKI).hour for each in found] == [0] * len(found)
    assert len(found) == 6


def test_hours_are_those_of_the_clock_on_the_long_day() -> None:
    _, found = ticks(moment(25), moment(26), 10, HELSINKI)
    hours = [datetime.fromtimestamp(each, HELSINKI).hour for each in found]
    assert hours == [0, 3, 6, 9, 12, 15, 18, 21, 0]


def test_an_hour_that_is_left_out_in_spring_has_no_mark() -> None:
    _, found = ticks(moment(29, 1, month=3), moment(29, 6, month=3), 10, HELSINKI)
    hours = [datetime.fromtimestamp(each, HELSINKI).hour for each in found]
    assert 3 not in hours


def test_marks_are_never_too_many() -> None:
    for span in (60.0, 3600.0, 86400.0, 30 * 86400.0, 400 * 86400.0, 1e9):
        _, found = ticks(moment(1), moment(1) + span, 10, HELSINKI)
        assert len(found) <= 13


def test_midnight_is_called_by_its_day() -> None:
    assert label(moment(25), 10800.0, HELSINKI) == "25 Oct"
    assert label(moment(25, 15), 10800.0, HELSINKI) == "15:00"
