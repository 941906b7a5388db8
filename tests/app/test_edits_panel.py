"""The list of edits: what is done, in which order, by whom, and what does not work."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox
from pytestqt.qtbot import QtBot
from shapely import box

from twin.app.edit_words import ICONS, KINDS, problems_by_edit
from twin.app.edits_panel import EditsPanel
from twin.app.icons import NAMES
from twin.model.scenario import AddBuilding
from twin.session import scenarios
from twin.session.commands import choose_scenario
from twin.session.edit_values import FIELDS
from twin.session.session import Session


@pytest.fixture
def panel(qtbot: QtBot, small_session: Session) -> EditsPanel:
    small_session.do(choose_scenario, "towers")
    made = EditsPanel(small_session)
    small_session.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.show()
    return made


def texts(panel: EditsPanel) -> list[tuple[str, str]]:
    rows = [panel.list.topLevelItem(i) for i in range(panel.list.topLevelItemCount())]
    return [(row.text(0), row.text(1)) for row in rows if row is not None]


def test_each_edit_is_a_row_in_its_order(panel: EditsPanel) -> None:
    assert texts(panel) == [
        ("Office goes", ""),
        ("North tower", "18 storeys"),
        ("South tower", "14 storeys"),
    ]


def test_every_kind_has_an_icon_and_a_name() -> None:
    assert ICONS.keys() == KINDS.keys() == FIELDS.keys()
    assert set(ICONS.values()) <= set(NAMES)


def test_what_is_inherited_says_from_where_and_cannot_be_switched(
    panel: EditsPanel, small_session: Session
) -> None:
    project, child = scenarios.new_scenario(small_session.project, "Child", parent="towers")
    small_session.adopt(project, choose_scenario(small_session.state, child), title="New")
    assert {amount for _, amount in texts(panel)} == {"Towers"}
    row = panel.list.topLevelItem(0)
    assert row is not None
    assert not row.flags() & Qt.ItemFlag.ItemIsUserCheckable
    panel.choose(("tower-1",))
    assert not panel.form.widgets["storeys"].isEnabled()


def test_the_box_switches_an_edit(panel: EditsPanel) -> None:
    said: list[tuple[str, bool]] = []
    panel.switched.connect(lambda key, on: said.append((key, on)))
    row = panel.list.topLevelItem(1)
    assert row is not None
    row.setCheckState(0, Qt.CheckState.Unchecked)
    assert said == [("tower-1", False)]


def test_several_are_chosen_and_removed_together(panel: EditsPanel, qtbot: QtBot) -> None:
    gone: list[tuple[str, ...]] = []
    panel.removed.connect(gone.append)
    panel.choose(("tower-1", "tower-2"))
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert gone == [("tower-1", "tower-2")]


def test_a_typed_value_is_one_change(panel: EditsPanel, small_session: Session) -> None:
    panel.choose(("tower-1",))
    changed: list[AddBuilding] = []
    panel.changed.connect(changed.append)
    storeys, roof = panel.form.widgets["storeys"], panel.form.widgets["roof"]
    assert isinstance(storeys, QDoubleSpinBox) and isinstance(roof, QComboBox)
    storeys.setValue(20)
    assert [edit.storeys for edit in changed] == [20]
    project = scenarios.change_edit(small_session.project, "towers", changed[-1])
    small_session.adopt(project, title="Change")
    assert len(changed) == 1, "showing the new value is no change"
    assert texts(panel)[1] == ("North tower", "20 storeys")
    roof.activated.emit(roof.findData("gabled"))
    assert changed[-1].roof == "gabled"


def test_problems_stand_below_their_edit_in_as_many_lines_as_they_need(
    qtbot: QtBot, panel: EditsPanel, small_session: Session
) -> None:
    over = AddBuilding("over", "Too near", box(-5, -5, 5, 5), 12.0, 4)
    small_session.adopt(scenarios.add_edit(small_session.project, "towers", over), title="Add")
    row = panel.list.topLevelItem(3)
    assert row is not None
    assert row.childCount() == 1
    child = row.child(0)
    assert child is not None and "overlaps Station hall" in child.text(0)
    panel.resize(200, 600)
    panel.show()
    qtbot.waitUntil(lambda: panel.list.visualItemRect(child).height() > 2 * panel.fontMetrics().height())
    panel.resize(900, 600)
    qtbot.waitUntil(lambda: panel.list.visualItemRect(child).height() < 2 * panel.fontMetrics().height())


def test_a_problem_stands_below_its_edit_and_not_below_one_whose_name_begins_alike() -> None:
    first = AddBuilding("a", "Block", box(0, 0, 5, 5), 12.0, 4)
    second, nameless = replace(first, id="b", title="Block 2"), replace(first, id="c", title="")
    told = ("Block 2 overlaps hall, which is not removed.", "Block: too steep.", "c overlaps x.", "Else.")
    assert problems_by_edit((first, second, nameless), told) == {
        "a": ("Block: too steep.",),
        "b": ("Block 2 overlaps hall, which is not removed.",),
        "c": ("c overlaps x.",),
    }


def test_a_locked_scenario_can_be_read_only(panel: EditsPanel, small_session: Session) -> None:
    small_session.adopt(scenarios.lock(small_session.project, "towers", True), title="Lock")
    panel.choose(("tower-1",))
    assert "locked" in panel.title.text()
    assert not panel.form.widgets["storeys"].isEnabled()
    assert not panel._buttons["delete"].isEnabled()
    assert panel._buttons["copy"].isEnabled()
