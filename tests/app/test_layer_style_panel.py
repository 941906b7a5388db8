"""How a layer is styled in its panel, and listed in its table."""

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from twin.app.layer_style_panel import LayerStylePanel
from twin.app.layer_table import LayerTablePanel
from twin.model.state import LayerStyle, Selection
from twin.scene.items import Glyphs, Labels
from twin.scene.layer_style import names, style_of
from twin.session.commands import select, style_layer
from twin.session.session import Session


def shown(qtbot: QtBot, panel: LayerStylePanel | LayerTablePanel, session: Session) -> None:
    session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    panel.resize(900, 700)
    panel.show()
    panel.choose_layer("trees")


@pytest.fixture
def panel(qtbot: QtBot, small_session: Session) -> LayerStylePanel:
    found = LayerStylePanel(small_session)
    shown(qtbot, found, small_session)
    return found


@pytest.fixture
def listed(qtbot: QtBot, small_session: Session) -> LayerTablePanel:
    found = LayerTablePanel(small_session)
    shown(qtbot, found, small_session)
    return found


def pick(box: QComboBox, key: str) -> None:
    row = box.findData(key)
    assert row >= 0
    box.setCurrentIndex(row)
    box.activated.emit(row)


def style(session: Session) -> LayerStyle:
    return style_of(session.state, "trees")


def test_a_choice_is_a_step_that_can_be_taken_back(panel: LayerStylePanel, small_session: Session) -> None:
    name = next(name for name in names(small_session.project.layers[0]) if name != "id")
    panel.choose_layer(small_session.project.layers[0].id)
    pick(panel.attribute, name)
    layer = small_session.project.layers[0].id
    assert style_of(small_session.state, layer).attribute == name
    assert not panel._colour_row.isVisible()
    small_session.undo()
    assert style_of(small_session.state, layer) == LayerStyle()
    assert panel.attribute.currentData() == ""


def test_points_offer_shapes_and_no_edges(panel: LayerStylePanel, small_session: Session) -> None:
    assert panel.glyph.isVisible()
    assert not panel.outline.isVisible()
    pick(panel.glyph, "pin")
    item = small_session.scene.items["layer:trees"]
    assert isinstance(item, Glyphs)
    assert item.layer.style.glyph == "pin"


def test_a_colour_that_is_none_is_said_and_not_taken(panel: LayerStylePanel, small_session: Session) -> None:
    panel.colour.setText("green")
    panel.colour.editingFinished.emit()
    assert "#rrggbb" in panel.problem.text()
    assert style(small_session) == LayerStyle()
    panel.colour.setText("#00FF00")
    panel.colour.editingFinished.emit()
    assert style(small_session).colour == "#00ff00"


def test_a_condition_that_is_wrong_is_said_and_not_taken(
    panel: LayerStylePanel, small_session: Session
) -> None:
    panel.filter.setText("nothing > 3")
    panel.filter.editingFinished.emit()
    assert panel.problem.text() == "There is no attribute nothing."
    assert style(small_session).shown == ""


def test_far_must_lie_beyond_near(panel: LayerStylePanel, small_session: Session) -> None:
    panel.near.setValue(500.0)
    panel.far.setValue(100.0)
    assert style(small_session).far == 0.0
    assert panel.problem.isVisible()
    panel.far.setValue(900.0)
    assert (style(small_session).near, style(small_session).far) == (500.0, 900.0)


def test_labels_come_into_the_scene_and_go_again(panel: LayerStylePanel, small_session: Session) -> None:
    pick(panel.labels, "id")
    assert isinstance(small_session.scene.items["labels:trees"], Labels)
    assert panel.most.isVisible()
    panel.reset.click()
    assert "labels:trees" not in small_session.scene.items
    assert not panel.reset.isEnabled()


def test_every_control_of_the_style_has_a_name(panel: LayerStylePanel) -> None:
    from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QPushButton, QToolButton

    for kind in (QComboBox, QAbstractSpinBox, QPushButton, QToolButton):
        for widget in panel.findChildren(kind):
            if widget.objectName() not in ("ScrollLeftButton", "ScrollRightButton"):
                assert (
                    widget.accessibleName() or widget.parent().metaObject().className() == "QCalendarWidget"
                )
    lines = [w for w in panel.findChildren(QLineEdit) if not isinstance(w.parent(), QAbstractSpinBox)]
    assert all(line.accessibleName() for line in lines)


def test_the_table_lists_all_of_a_layer(listed: LayerTablePanel, small_session: Session) -> None:
    layer = next(each for each in small_session.project.layers if each.id == "trees")
    assert listed.model.rowCount() == len(layer.geometry)
    assert [column.name for column in listed.model.columns] == list(layer.table.columns)


def test_what_is_marked_in_the_table_is_selected_in_the_scene_and_the_other_way_round(
    listed: LayerTablePanel, small_session: Session
) -> None:
    listed.view.selectRow(1)
    listed.choose()
    chosen = small_session.state.selection
    ids = listed.model.ids(np.array([0, 1]))
    assert chosen is not None
    assert (chosen.kind, chosen.layer, chosen.id) == ("layer", "trees", ids[1])
    small_session.do(select, Selection("layer", ids[0], "trees"))
    assert listed.marked().tolist() == [0]


def test_zoom_asks_for_all_that_is_marked(listed: LayerTablePanel, qtbot: QtBot) -> None:
    listed.view.selectAll()
    with qtbot.waitSignal(listed.zoom_requested) as asked:
        listed.zoom.click()
    west, south, east, north = asked.args[0]
    assert west < east
    assert south <= north


def test_only_what_fits_the_filter_is_drawn_and_the_rest_is_faint(
    listed: LayerTablePanel, small_session: Session
) -> None:
    first = listed.model.ids(np.array([0]))[0]
    listed.filter.setText(f'id = "{first}"')
    listed.apply_filter()
    assert listed.model.rowCount() == 1
    listed.only.click()
    item = small_session.scene.items["layer:trees"]
    assert isinstance(item, Glyphs)
    assert len(item.layer.geometry) == 1
    assert "not drawn" in listed.count.text()
    listed.all.click()
    assert style(small_session) == LayerStyle()


def test_a_filter_that_cannot_be_understood_draws_nothing_else(
    listed: LayerTablePanel, small_session: Session
) -> None:
    listed.filter.setText("height >")
    listed.only.click()
    assert style(small_session) == LayerStyle()
    assert "condition" in listed.count.text()


def test_what_a_filter_lists_is_what_it_leaves_to_be_drawn(
    listed: LayerTablePanel, small_session: Session
) -> None:
    first = listed.model.ids(np.array([0]))[0]
    listed.filter.setText(first)
    listed.apply_filter()
    listed.only.click()
    item = small_session.scene.items["layer:trees"]
    assert isinstance(item, Glyphs)
    drawn = item.layer.table.columns["id"].tolist()
    assert drawn == listed.model.ids(np.arange(listed.model.rowCount()))
    assert 0 < len(drawn) < listed.model.total


def test_the_layers_panel_lists_the_classes_of_a_styled_layer(small_session: Session) -> None:
    from twin.app.layer_rows import rows

    small_session.do(style_layer, "trees", LayerStyle(attribute="id"))
    found = {row.id: row for row in rows(small_session.project, small_session.state, small_session.scene)}
    assert len(found["trees"].legend) >= 2
