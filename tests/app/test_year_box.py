"""The year in which planned trees are seen is chosen in a box and by keys, and one can go back."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from twin.app.year_box import STEP, YearBox, step_year
from twin.session.session import Session


@pytest.fixture
def box(qtbot: QtBot, small_session: Session) -> YearBox:
    found = YearBox(small_session)
    small_session.changed.connect(found.refresh)
    found.refresh(small_session)
    qtbot.addWidget(found)
    found.show()
    return found


def test_at_first_trees_are_as_drawn(box: YearBox, small_session: Session) -> None:
    assert small_session.state.year is None
    assert box.text() == "Trees as drawn"


def test_a_step_up_is_the_year_of_the_date_and_the_next_ten_years_on(
    qtbot: QtBot, box: YearBox, small_session: Session
) -> None:
    for wanted in (2026, 2036):
        qtbot.keyClick(box, Qt.Key.Key_Up)
        assert small_session.state.year == wanted
    assert box.text() == "Trees in 2036"
    small_session.undo()
    assert (small_session.state.year, box.value()) == (2026, 2026)


def test_a_typed_year_is_taken_as_it_is(qtbot: QtBot, box: YearBox, small_session: Session) -> None:
    box.selectAll()
    qtbot.keyClicks(box, "2051")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert small_session.state.year == 2051


def test_keys_go_on_and_back_and_stay_within_the_years(small_session: Session) -> None:
    seen = []
    for steps in (1, 1, -1, -1, -1):
        step_year(small_session, steps)
        seen.append(small_session.state.year)
    assert seen == [2026, 2026 + STEP, 2026, None, None]
