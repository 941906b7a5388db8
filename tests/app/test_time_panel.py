from datetime import date, datetime, timedelta

import pytest
from held_work import Later
from PySide6.QtCore import QDate, QPoint, Qt
from pytestqt.qtbot import QtBot

from twin.analysis.sun import Sun
from twin.app import sun_bands
from twin.app.time_panel import TimePanel
from twin.app.time_travel import PATIENCE, TimeTravel
from twin.model.project import Project
from twin.session.commands import choose_scenario, set_time, toggle_shadows
from twin.session.session import Session


@pytest.fixture
def panel(qtbot: QtBot, small_session: Session) -> TimePanel:
    return shown(qtbot, small_session)


def shown(qtbot: QtBot, session: Session) -> TimePanel:
    found = TimePanel(session)
    session.changed.connect(found.refresh)
    qtbot.addWidget(found)
    found.resize(900, 120)
    found.show()
    return found


def hour(session: Session) -> tuple[int, int]:
    return session.state.time.hour, session.state.time.minute


def test_it_shows_the_time_of_the_session(panel: TimePanel, small_session: Session) -> None:
    assert panel.clock.text() == "12:00"
    assert "51° high in the south-east" in panel.sun.text()
    small_session.do(set_time, small_session.state.time.replace(hour=2))
    assert panel.clock.text() == "02:00"
    assert "below the horizon" in panel.sun.text()
    assert panel.hours.value() == 120


def test_a_click_on_the_band_goes_straight_there(
    qtbot: QtBot, panel: TimePanel, small_session: Session
) -> None:
    there = QPoint(round(0.75 * panel.hours.width()), 8)
    qtbot.mouseClick(panel.hours, Qt.MouseButton.LeftButton, pos=there)
    assert hour(small_session)[0] in (17, 18)
    assert hour(small_session)[1] % 10 == 0


def test_a_drag_is_one_step_of_undo(qtbot: QtBot, panel: TimePanel, small_session: Session) -> None:
    panel.hours.setSliderDown(True)
    for minutes in range(730, 1000, 10):
        panel.hours.setSliderPosition(minutes)
    panel.hours.setSliderDown(False)
    assert hour(small_session) == (16, 30)
    small_session.undo()
    assert hour(small_session) == (12, 0)
    assert panel.hours.value() == 720
    assert small_session.undo_title == ""


def test_steps_go_round_the_clock_of_the_same_day(panel: TimePanel, small_session: Session) -> None:
    small_session.do(set_time, small_session.state.time.replace(hour=23, minute=55))
    panel.step(1)
    assert hour(small_session) == (0, 5)
    assert small_session.state.time.date() == date(2026, 6, 21)
    panel.step(-1)
    assert hour(small_session) == (23, 55)


def test_date_and_day_of_the_year_agree(panel: TimePanel, small_session: Session) -> None:
    panel.day.setDate(QDate(2028, 12, 31))
    assert small_session.state.time.date() == date(2028, 12, 31)
    assert (panel.days.maximum(), panel.days.value()) == (366, 366)
    panel.days.setSliderDown(True)
    panel.days.setSliderPosition(60)
    panel.days.setSliderDown(False)
    assert small_session.state.time.date() == date(2028, 2, 29)
    assert panel.day.date() == QDate(2028, 2, 29)


def test_keys_move_the_sliders(qtbot: QtBot, panel: TimePanel, small_session: Session) -> None:
    qtbot.keyClick(panel.hours, Qt.Key.Key_Right)
    assert hour(small_session) == (12, 10)
    qtbot.keyClick(panel.days, Qt.Key.Key_Right)
    assert small_session.state.time.date() == date(2026, 6, 22)


def test_time_runs_and_stops_as_one_step(qtbot: QtBot, panel: TimePanel, small_session: Session) -> None:
    with qtbot.waitSignal(panel.playing_changed):
        panel.toggle_play()
    assert panel.playing
    qtbot.waitUntil(lambda: hour(small_session) >= (12, 40), timeout=5000)
    panel.toggle_play()
    assert not panel.playing
    small_session.undo()
    assert hour(small_session) == (12, 0)
    assert small_session.undo_title == ""


def test_somebody_else_setting_the_time_stops_play(panel: TimePanel, small_session: Session) -> None:
    panel.toggle_play()
    small_session.do(set_time, small_session.state.time.replace(hour=6, minute=0))
    assert not panel.playing
    assert panel.clock.text() == "06:00"


def test_a_time_is_shown_at_once_but_gone_to_when_its_shadows_are_there(
    qtbot: QtBot, slow_session: Session, later: Later
) -> None:
    later.go()
    panel = shown(qtbot, slow_session)
    panel.step(6)
    assert panel.clock.text() == "13:00"
    assert panel.hours.value() == 780
    assert hour(slow_session) == (12, 0)
    assert not slow_session.scene.wanted
    later.go()
    assert hour(slow_session) == (13, 0)
    assert not slow_session.scene.wanted


def test_newer_wishes_wait_and_the_newest_wins(slow_session: Session, later: Later) -> None:
    later.go()
    went: list[tuple[int, int]] = []
    travel = TimeTravel(slow_session)
    slow_session.changed.connect(lambda s: went.append(hour(s)))
    slow_session.ticked.connect(lambda _: travel.follow())
    noon = slow_session.state.time
    for minutes in range(10, 300, 10):
        travel.want(noon + timedelta(minutes=minutes))
    travel.end()
    later.go()
    assert went == [(12, 10), (16, 50)]
    slow_session.undo()
    assert slow_session.state.time == noon


def test_patience_ends_after_a_second(slow_session: Session, later: Later) -> None:
    later.go()
    now = [0.0]
    travel = TimeTravel(slow_session, clock=lambda: now[0])
    noon = slow_session.state.time
    travel.want(noon + timedelta(hours=1))
    travel.want(noon + timedelta(hours=2))
    travel.follow()
    assert slow_session.state.time == noon
    now[0] = PATIENCE + 0.01
    travel.follow()
    assert slow_session.state.time == noon + timedelta(hours=2)
    assert not travel.waiting


def test_settle_does_not_wait(qtbot: QtBot, slow_session: Session, later: Later) -> None:
    later.go()
    panel = shown(qtbot, slow_session)
    panel.step(3)
    panel.settle()
    assert hour(slow_session) == (12, 30)


def test_another_scenario_during_a_wish_does_not_lose_it(slow_session: Session, later: Later) -> None:
    later.go()
    travel = TimeTravel(slow_session)
    slow_session.changed.connect(lambda _: travel.heard())
    slow_session.ticked.connect(lambda _: travel.follow())
    travel.want(slow_session.state.time + timedelta(hours=1))
    slow_session.do(choose_scenario, "towers")
    later.go()
    assert hour(slow_session) == (13, 0)
    assert slow_session.state.scenario == "towers"


def test_without_shadows_a_time_is_ready_at_once(slow_session: Session) -> None:
    slow_session.do(toggle_shadows)
    travel = TimeTravel(slow_session)
    travel.want(slow_session.state.time + timedelta(hours=1))
    assert hour(slow_session) == (13, 0)


def test_the_panel_follows_another_session(
    qtbot: QtBot, panel: TimePanel, slow_session: Session, later: Later
) -> None:
    slow_session.do(set_time, slow_session.state.time.replace(hour=9))
    panel.refresh(slow_session)
    assert panel.clock.text() == "09:00"
    panel.step(1)
    later.go()
    assert hour(slow_session) == (9, 10)


def test_the_year_has_its_solstices(project: Project) -> None:
    marks = [mark for mark in sun_bands.year_band(project.place, 2026).marks if mark.strong]
    days = [date(2026, 1, 1) + timedelta(days=mark.value - 1) for mark in marks]
    # 21 June 08:24 UTC and 21 December 20:50 UTC: Meeus (1998), Astronomical Algorithms, chapter 27
    assert abs(days[0] - date(2026, 6, 21)) <= timedelta(days=1)
    assert abs(days[1] - date(2026, 12, 21)) <= timedelta(days=1)


def test_the_band_is_dark_at_night_and_light_at_noon(project: Project) -> None:
    band = sun_bands.day_band(project.place, date(2026, 12, 21))
    assert band.stops[0][1] == sun_bands.SKY[0][1]
    assert sum(int(band.stops[72][1][i : i + 2], 16) for i in (1, 3, 5)) > 500


def test_where_the_sun_stands_in_words() -> None:
    assert sun_bands.where(Sun(51.2, 225.0)) == "Sun 51° high in the south-west (225°)"
    assert sun_bands.where(Sun(3.0, 359.9)) == "Sun 3° high in the north (0°)"
    assert sun_bands.where(Sun(-12.4, 10.0)) == "Sun 12° below the horizon"


def test_a_day_with_a_missing_hour_can_be_travelled(qtbot: QtBot, small_session: Session) -> None:
    zone = small_session.state.time.tzinfo
    small_session.do(set_time, datetime(2026, 3, 29, 2, 50, tzinfo=zone))
    panel = shown(qtbot, small_session)
    for _ in range(12):
        panel.step(1)
    assert hour(small_session) == (5, 50)  # two hours have passed, and the one from three to four is not
