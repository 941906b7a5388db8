from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QTreeWidgetItem
from pytestqt.qtbot import QtBot
from small_station import PLACE, TODAY, project

from twin.app.layer_rows import rows
from twin.app.layers_panel import LayersPanel
from twin.model import lod
from twin.model.city import CityObject, from_objects
from twin.model.project import Project
from twin.model.state import Selection, State
from twin.session.commands import (
    choose_overlay,
    choose_scenario,
    hide_layers,
    hide_selected,
    select,
    set_opacity,
    show_all_objects,
)
from twin.session.session import Session

CHECKED, UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


@pytest.fixture
def panel(qtbot: QtBot, small_session: Session) -> LayersPanel:
    found = LayersPanel(small_session)
    small_session.changed.connect(found.refresh)
    qtbot.addWidget(found)
    return found


def titles(panel: LayersPanel) -> list[str]:
    items = [panel.tree.topLevelItem(i) for i in range(panel.tree.topLevelItemCount())]
    return [item.text(0) for item in items if item]


def item(panel: LayersPanel, title: str) -> QTreeWidgetItem:
    return panel.tree.findItems(title, Qt.MatchFlag.MatchExactly)[0]


def test_buildings_come_first_and_the_topmost_layer_next(panel: LayersPanel) -> None:
    assert titles(panel)[:4] == ["Buildings", "Trees", "Streets", "Squares and lawns"]


def test_parts_are_not_counted_as_buildings(panel: LayersPanel) -> None:
    assert item(panel, "Buildings").text(1) == "3"


def test_hidden_buildings_are_told(panel: LayersPanel, small_session: Session) -> None:
    small_session.do(select, Selection("city", "hall"))
    small_session.do(hide_selected)
    assert item(panel, "Buildings").text(1) == "2 of 3"
    small_session.do(show_all_objects)
    assert item(panel, "Buildings").text(1) == "3"


def test_an_overlay_has_a_row_while_it_is_shown(panel: LayersPanel, small_session: Session) -> None:
    small_session.do(choose_overlay, "heat")
    assert titles(panel)[1] == "Surface temperature"
    small_session.undo()
    assert "Surface temperature" not in titles(panel)


def test_a_check_hides_and_shows(panel: LayersPanel, small_session: Session) -> None:
    item(panel, "Streets").setCheckState(0, UNCHECKED)
    assert small_session.state.hidden == {"streets"}
    item(panel, "Streets").setCheckState(0, CHECKED)
    assert small_session.state.hidden == frozenset()


def test_the_checks_follow_the_session_and_undo(panel: LayersPanel, small_session: Session) -> None:
    small_session.do(hide_layers, ["trees", "buildings"])
    assert item(panel, "Trees").checkState(0) == UNCHECKED
    assert item(panel, "Buildings").checkState(0) == UNCHECKED
    steps = small_session.undo_title
    small_session.undo()
    assert steps == "Hide layers"
    assert small_session.undo_title == ""  # refreshing made no step of its own
    assert item(panel, "Trees").checkState(0) == CHECKED


def test_show_all_and_hide_all(qtbot: QtBot, panel: LayersPanel, small_session: Session) -> None:
    qtbot.mouseClick(panel.none, Qt.MouseButton.LeftButton)
    assert small_session.state.hidden == {"buildings", "ground", "streets", "trees"}
    qtbot.mouseClick(panel.all, Qt.MouseButton.LeftButton)
    assert small_session.state.hidden == frozenset()


def test_counts_follow_the_scenario_without_new_rows(panel: LayersPanel, small_session: Session) -> None:
    before = item(panel, "Trees")
    small_session.do(choose_scenario, "green")
    assert item(panel, "Trees") is before
    assert before.text(1) == "38"


def test_the_slider_sets_the_opacity_of_the_chosen_layer(
    qtbot: QtBot, panel: LayersPanel, small_session: Session
) -> None:
    assert not panel.opacity.isEnabled()
    panel.choose("trees")
    assert panel.opacity.isEnabled()
    qtbot.keyClick(panel.opacity, Qt.Key.Key_PageDown)
    assert small_session.state.opacity_of("trees") == 0.9
    small_session.do(set_opacity, "trees", 0.4)
    assert panel.opacity.value() == 40


def test_a_drag_of_the_slider_is_one_step(panel: LayersPanel, small_session: Session) -> None:
    panel.choose("trees")
    panel.opacity.setSliderDown(True)
    for percent in (80, 60, 35):
        panel.opacity.setSliderPosition(percent)
    panel.opacity.setSliderDown(False)
    assert small_session.state.opacity_of("trees") == 0.35
    small_session.undo()
    assert small_session.state.opacity_of("trees") == 1.0


def test_the_legend_has_only_surfaces_that_are_there(panel: LayersPanel) -> None:
    ground = item(panel, "Squares and lawns")
    assert [ground.child(i).text(0) for i in range(ground.childCount())] == ["paving stones", "grass"]


def test_a_double_click_asks_to_look_at_the_layer(qtbot: QtBot, panel: LayersPanel) -> None:
    with qtbot.waitSignal(panel.zoom_requested) as asked:
        panel.tree.itemDoubleClicked.emit(item(panel, "Streets"), 0)
    assert asked.args == ["streets"]


def test_the_menu_offers_zoom_and_only_this(qtbot: QtBot, panel: LayersPanel, small_session: Session) -> None:
    menu = panel.menu("trees")
    found = {action.text(): action for action in menu.actions()}
    with qtbot.waitSignal(panel.zoom_requested) as asked:
        found["Zoom to layer"].trigger()
    assert asked.args == ["trees"]
    found["Show only this"].trigger()
    assert small_session.state.hidden == {"buildings", "ground", "streets"}


def test_a_missing_source_can_be_relinked(qtbot: QtBot, panel: LayersPanel) -> None:
    assert titles(panel)[-1] == "noise"
    button = panel.tree.itemWidget(item(panel, "noise"), 1)
    assert isinstance(button, QPushButton)
    with qtbot.waitSignal(panel.relink_requested) as asked:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.args == ["noise"]


@pytest.mark.parametrize("count", [0, 300])
def test_any_number_of_layers_will_do(qtbot: QtBot, project: Project, count: int) -> None:
    layer = project.layers[1]
    names = [f"<b>{i}</b> " + "a very long name 🌳 " * 6 for i in range(count)]
    layers = tuple(replace(layer, id=f"l{i}", title=name) for i, name in enumerate(names))
    session = Session(replace(project, layers=layers, sources=()), State("today", _noon(project)))
    panel = LayersPanel(session)
    qtbot.addWidget(panel)
    panel.resize(200, 400)
    panel.show()
    assert titles(panel) == ["Buildings", *names]


def test_rows_of_an_empty_project_are_none(project: Project) -> None:
    from twin.model import city

    bare = replace(project, city=city.empty(project.place), layers=(), rasters=())
    session = Session(bare, State("today", _noon(project)))
    assert rows(bare, session.state, session.scene) == []


def _noon(project: Project) -> datetime:
    return datetime(2026, 6, 21, 12, 0, tzinfo=project.place.zone)


def test_a_level_of_detail_is_offered_where_there_are_several(qtbot: QtBot, project: Project) -> None:
    one = LayersPanel(Session(project, State("today", _noon(project))))
    qtbot.addWidget(one)
    assert one.detail.count() == 0
    levels = project.city.surface_lod.copy()
    levels[:] = 1.0
    levels[:3] = 2.2
    shown = np.ones(len(levels), bool)
    shown[4] = False
    city, whole = lod.split(replace(project.city, surface_lod=levels, surface_shown=shown))
    session = Session(replace(project, city=city, whole=whole), State("today", _noon(project)))
    panel = LayersPanel(session)
    session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    assert [panel.detail.itemText(row) for row in range(panel.detail.count())] == [
        "Up to LoD 1",
        "Highest (LoD 2.2)",
    ]
    panel.detail.activated.emit(0)
    assert session.state.lod == 1
    session.undo()
    assert panel.detail.currentText() == "Highest (LoD 2.2)"


@pytest.mark.parametrize(
    ("classes", "name"),
    [(["Building", "Building"], "Buildings"), (["Bridge"], "Bridge"), (["Building", "Road"], "City model")],
)
def test_a_city_model_is_named_by_what_is_in_it(classes: list[str], name: str) -> None:
    city = from_objects(PLACE, [CityObject(f"o{i}", each) for i, each in enumerate(classes)])
    empty = replace(project(), city=city)
    assert rows(empty, TODAY, Session(empty, TODAY).scene)[0].title == name
