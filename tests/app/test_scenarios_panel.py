from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shapely import MultiPoint

from twin.app import texts
from twin.app.changes_box import MOST_PROBLEMS, TALLEST
from twin.app.scenarios_panel import ScenariosPanel
from twin.model.project import Project
from twin.model.scenario import AddThings, MoveBuilding, Remove, Scenario
from twin.model.state import State
from twin.session.commands import choose_scenario
from twin.session.session import Session

NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def panel(qtbot: QtBot, small_session: Session) -> ScenariosPanel:
    found = ScenariosPanel(small_session)
    small_session.changed.connect(found.refresh)
    qtbot.addWidget(found)
    found.resize(320, 600)
    found.show()
    return found


def lines(panel: ScenariosPanel) -> list[tuple[str, str]]:
    items = [panel.changes.list.topLevelItem(i) for i in range(panel.changes.list.topLevelItemCount())]
    return [(item.text(0), item.text(1)) for item in items if item]


def test_one_click_anywhere_on_a_row_switches(
    qtbot: QtBot, panel: ScenariosPanel, small_session: Session
) -> None:
    row = panel.rows["towers"]
    corner = row.rect().bottomRight()
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=corner)
    assert small_session.state.scenario == "towers"
    small_session.undo()
    assert panel.rows["today"].isChecked()


def test_a_row_tells_the_screen_reader_what_it_is(panel: ScenariosPanel) -> None:
    row = panel.rows["green"]
    assert row.accessibleName() == "Green square"
    assert row.accessibleDescription() == "illustrative Lindens and grass instead of paving."


def test_today_changes_nothing(panel: ScenariosPanel) -> None:
    assert panel.changes.summary.text() == "Nothing changes: this is today."
    assert lines(panel) == []


def test_the_summary_counts_what_changes(panel: ScenariosPanel, small_session: Session) -> None:
    small_session.do(choose_scenario, "towers")
    assert panel.changes.summary.text() == "2 buildings added, 1 building removed"
    small_session.do(choose_scenario, "green")
    assert panel.changes.summary.text() == "34 trees planted, 1,200 m² of ground changed"


def test_a_street_that_is_closed_is_named(panel: ScenariosPanel, small_session: Session) -> None:
    edits = (
        Remove("r", "Closed", ("s1",)),
        MoveBuilding("m", "Moved", ("kiosk",), 5.0),
        AddThings("b", "Bench", MultiPoint([(0, -10)]), "bench"),
    )
    plan = Scenario("plan", "Plan", edits=edits)
    project = replace(small_session.project, scenarios=(*small_session.project.scenarios, plan))
    small_session.adopt(project, choose_scenario(small_session.state, "plan"), title="New scenario")
    assert panel.changes.summary.text() == "1 building changed, Bench added, Main Street removed"


def test_trees_that_are_alike_share_a_line(panel: ScenariosPanel, small_session: Session) -> None:
    small_session.do(choose_scenario, "green")
    assert lines(panel) == [
        ("Square: grass", "1,200 m²"),
        ("34 × linden, Lindens along the park", "8 m"),
    ]


def test_problems_are_shown_in_words(panel: ScenariosPanel, small_session: Session) -> None:
    small_session.do(choose_scenario, "towers")
    assert "South tower overlaps kiosk" in panel.changes.problems.text()
    small_session.do(choose_scenario, "today")
    assert not panel.changes.problems.isVisible()


def test_many_problems_are_counted(qtbot: QtBot, project: Project, small_session: Session) -> None:
    edits = tuple(Remove(f"r{i}", f"Away {i}", (f"nobody {i}",)) for i in range(MOST_PROBLEMS + 7))
    plan = Scenario("away", "Away", edits=edits)
    session = Session(replace(project, scenarios=(plan,)), State("away", small_session.state.time))
    panel = ScenariosPanel(session)
    qtbot.addWidget(panel)
    assert panel.changes.problems.text().endswith("… and 7 more")


def test_a_click_selects_and_a_double_click_looks(
    qtbot: QtBot, panel: ScenariosPanel, small_session: Session
) -> None:
    small_session.do(choose_scenario, "towers")
    [tower] = panel.changes.list.findItems("North tower", Qt.MatchFlag.MatchExactly)
    panel.changes.list.itemClicked.emit(tower, 0)
    selection = small_session.state.selection
    assert selection is not None
    assert (selection.kind, selection.id) == ("city", "tower-1")
    assert selection.at == pytest.approx((-30.0, 40.0, 62.0))
    with qtbot.waitSignal(panel.object_activated) as asked:
        panel.changes.list.itemDoubleClicked.emit(tower, 0)
    assert asked.args == ["building", "tower-1"]


def test_what_is_removed_can_be_selected_too(panel: ScenariosPanel, small_session: Session) -> None:
    small_session.do(choose_scenario, "towers")
    [office] = panel.changes.list.findItems("Office", Qt.MatchFlag.MatchExactly)
    panel.changes.list.itemClicked.emit(office, 0)
    assert small_session.state.selection is not None
    assert small_session.state.selection.id == "office"


def test_a_planted_tree_is_found_by_its_line(panel: ScenariosPanel, small_session: Session) -> None:
    small_session.do(choose_scenario, "green")
    built = small_session.scene.built
    assert built is not None
    [line] = [line for line in texts.difference(built) if line.what == "tree"]
    assert len(line.ids) == 34
    last = panel.changes.list.topLevelItem(1)
    assert last is not None
    panel.changes.list.itemClicked.emit(last, 0)
    assert small_session.state.selection is not None
    assert small_session.state.selection.layer == "trees"
    assert small_session.state.selection.at[:2] == pytest.approx((-55.0, -60.0))


def test_the_check_box_marks_what_changes(
    qtbot: QtBot, panel: ScenariosPanel, small_session: Session
) -> None:
    panel.changes.highlight.click()
    assert small_session.state.highlight
    small_session.undo()
    assert not panel.changes.highlight.isChecked()


def test_many_scenarios_leave_room_for_their_changes(
    qtbot: QtBot, project: Project, small_session: Session
) -> None:
    plans = tuple(Scenario(f"s{i}", f"<i>Plan {i}</i>", "Long words 🏙 " * 30, True) for i in range(60))
    session = Session(replace(project, scenarios=plans), State("s0", small_session.state.time))
    panel = ScenariosPanel(session)
    qtbot.addWidget(panel)
    panel.resize(240, 500)
    panel.show()
    assert panel.changes.list.height() > 100
    assert len(panel.rows) == 60


def test_a_small_panel_grows_for_the_words_of_a_scenario(
    panel: ScenariosPanel, small_session: Session
) -> None:
    before = panel.minimumSizeHint().height()
    small_session.do(choose_scenario, "towers")
    assert panel.minimumSizeHint().height() > before
    said = panel.changes.problems
    assert said.height() >= said.heightForWidth(said.width())


def test_many_words_of_what_is_wrong_are_scrolled_to_and_not_cut(
    panel: ScenariosPanel, small_session: Session
) -> None:
    scenario = small_session.project.scenario("towers")
    wrong = tuple(Remove(f"x{i}", f"Something with a long name {i}", ("nobody",)) for i in range(12))
    session = Session(
        replace(small_session.project, scenarios=(replace(scenario, edits=scenario.edits + wrong),)),
        replace(small_session.state, scenario="towers"),
    )
    panel.refresh(session)
    QApplication.processEvents()
    changes, em = panel.changes, panel.fontMetrics().height()
    assert changes.told.height() <= TALLEST * em + 1
    assert changes.problems.height() >= changes.problems.heightForWidth(changes.problems.width())
    assert changes.problems.height() > changes.told.height(), "it scrolls"
    assert changes.list.height() >= 3 * em
    session.close()


def test_a_scenario_that_is_made_is_seen_in_the_list(
    panel: ScenariosPanel, small_session: Session, qtbot: QtBot
) -> None:
    panel.resize(260, 320)
    plans = tuple(Scenario(f"s{i}", f"Plan {i}", "What it is about.") for i in range(12))
    project = replace(small_session.project, scenarios=(*small_session.project.scenarios, *plans))
    small_session.adopt(project, choose_scenario(small_session.state, "s11"), title="New scenario")

    def seen() -> bool:
        row = panel.rows["s11"]
        top = row.mapTo(panel._scroll.viewport(), QPoint(0, 0)).y()
        return top >= 0 and top + row.height() <= panel._scroll.viewport().height()

    qtbot.waitUntil(seen)
    small_session.do(choose_scenario, "towers")
    small_session.do(choose_scenario, "s11")
    qtbot.waitUntil(seen)
    panel.resize(260, 280)
    qtbot.waitUntil(seen)


def drag(panel: ScenariosPanel, name: str, to: QPoint, *, drop: bool = True) -> None:
    """Takes a row by its middle and lets it go at a place of the list."""
    row = panel.rows[name]
    end = row.mapFrom(panel._list, to)
    QTest.mousePress(row, Qt.MouseButton.LeftButton, pos=row.rect().center())
    held = Qt.MouseButton.LeftButton
    for at in (row.rect().center() + QPoint(0, 2), (row.rect().center() + end) / 2, end):
        event = QMouseEvent(
            QEvent.Type.MouseMove, at.toPointF(), row.mapToGlobal(at).toPointF(), held, held, NO_KEYS
        )
        QApplication.sendEvent(row, event)
    if drop:
        QTest.mouseRelease(row, Qt.MouseButton.LeftButton, pos=end)


def test_a_row_is_dragged_to_another_place(
    qtbot: QtBot, panel: ScenariosPanel, small_session: Session
) -> None:
    qtbot.waitExposed(panel)
    names = list(panel.rows)
    moves: list[tuple[str, int]] = []
    panel.reordered.connect(lambda moved, place: moves.append((moved, place)))
    drag(panel, names[0], panel.rows[names[-1]].geometry().bottomLeft() + QPoint(20, -1))
    assert moves == [(names[0], len(names) - 1)]
    drag(panel, names[-1], QPoint(20, 1))
    assert moves[1:] == [(names[-1], 0)]
    assert small_session.state.scenario == "today", "a drag is no click"
    drag(panel, names[1], panel.rows[names[1]].geometry().center() + QPoint(60, 4))
    assert len(moves) == 2, "where it was it stays"
    assert not panel.drag.mark.isVisible()


def test_esc_leaves_a_dragged_row_where_it_was(qtbot: QtBot, panel: ScenariosPanel) -> None:
    qtbot.waitExposed(panel)
    names = list(panel.rows)
    moves: list[tuple[str, int]] = []
    panel.reordered.connect(lambda moved, place: moves.append((moved, place)))
    drag(panel, names[-1], QPoint(20, 1), drop=False)
    assert panel.drag.mark.isVisible()
    QTest.keyClick(panel.rows[names[-1]], Qt.Key.Key_Escape)
    QTest.mouseRelease(panel.rows[names[-1]], Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert moves == []
    assert not panel.drag.mark.isVisible()
