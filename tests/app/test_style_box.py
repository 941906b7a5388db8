"""How an attribute is chosen and styled in the overlay panel."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from twin.app.overlay_panel import OverlayPanel
from twin.app.palette_entries import session_entries
from twin.app.style_box import StyleBox, breaks_in
from twin.model.state import AttributeStyle
from twin.session.commands import choose_overlay, set_style
from twin.session.session import Session

HEIGHT = "attribute:measuredHeight"


@pytest.fixture
def panel(qtbot: QtBot, small_session: Session) -> OverlayPanel:
    found = OverlayPanel(small_session)
    small_session.changed.connect(found.refresh)
    qtbot.addWidget(found)
    found.resize(300, 600)
    found.show()
    return found


@pytest.fixture
def box(panel: OverlayPanel, small_session: Session) -> StyleBox:
    small_session.do(choose_overlay, HEIGHT)
    return panel.style_box


def pick(box: QComboBox, key: str) -> None:
    row = box.findData(key)
    box.setCurrentIndex(row)
    box.activated.emit(row)


def test_there_is_nothing_to_style_until_an_attribute_is_chosen(
    panel: OverlayPanel, small_session: Session
) -> None:
    assert not panel.style_box.isVisible()
    small_session.do(choose_overlay, HEIGHT)
    assert panel.style_box.isVisible()
    assert panel.by_attribute.isChecked()
    assert panel.by_attribute.accessibleDescription() == "Height"
    small_session.undo()
    assert not panel.style_box.isVisible()
    assert panel.rows["none"].isChecked()


def test_the_row_asks_for_an_attribute_and_changes_nothing_yet(
    qtbot: QtBot, panel: OverlayPanel, small_session: Session
) -> None:
    with qtbot.waitSignal(panel.attribute_wanted):
        panel.by_attribute.click()
    assert small_session.state.overlay == "none"
    assert panel.rows["none"].isChecked()


def test_the_palette_lists_attributes_with_counts_and_chooses_one(small_session: Session) -> None:
    entries = {
        entry.title: entry
        for entry in session_entries(
            small_session, "c", "", zoom_layer=lambda _: None, zoom_object=lambda *_: None
        )
    }
    height = entries["Colour by Height"]
    assert height.hint == "measuredHeight  4 objects, numbers"
    assert entries["Colour by Use"].hint == "use  2 objects, values: 2"
    height.run()
    assert small_session.state.overlay == HEIGHT


def test_numbers_are_shown_as_ramp_classes_or_categories(box: StyleBox, small_session: Session) -> None:
    assert box.way.currentData() == "categories", "four values are few"
    for way in ("ramp", "classes", "categories"):
        pick(box.way, way)
        assert small_session.state.style.way == way
    small_session.undo()
    assert box.way.currentData() == "classes"


def test_text_can_only_be_categories(box: StyleBox, small_session: Session) -> None:
    small_session.do(choose_overlay, "attribute:use")
    assert (box.way.currentData(), box.way.isEnabled()) == ("categories", False)
    assert "Text" in box.way.toolTip()
    assert not box.ramp.isVisible()


def test_only_what_belongs_to_the_way_is_offered(box: StyleBox) -> None:
    pick(box.way, "ramp")
    assert (box.split.isVisible(), box.classes.isVisible(), box.breaks.isVisible()) == (False, False, False)
    pick(box.way, "classes")
    assert (box.split.isVisible(), box.classes.isVisible(), box.breaks.isVisible()) == (True, True, False)
    pick(box.split, "fixed")
    assert (box.split.isVisible(), box.classes.isVisible(), box.breaks.isVisible()) == (True, False, True)


def test_classes_colours_and_their_order_are_chosen(box: StyleBox, small_session: Session) -> None:
    pick(box.way, "classes")
    pick(box.split, "equal")
    box.classes.setValue(7)
    pick(box.ramp, "lapaz")
    box.turned.click()
    style = AttributeStyle("classes", "equal", 7, ramp="lapaz", reversed=True)
    assert small_session.state.style == style
    small_session.do(set_style, AttributeStyle())
    small_session.undo()
    assert (box.classes.value(), box.ramp.currentData(), box.turned.isChecked()) == (7, "lapaz", True)


def test_ends_of_classes_are_written_by_hand(qtbot: QtBot, box: StyleBox, small_session: Session) -> None:
    pick(box.way, "classes")
    pick(box.split, "fixed")
    qtbot.keyClicks(box.breaks, "5; 12,5 20")
    qtbot.keyClick(box.breaks, Qt.Key.Key_Return)
    assert small_session.state.style.breaks == (5.0, 12.5, 20.0)
    box.breaks.clear()
    qtbot.keyClicks(box.breaks, "20; 5")
    qtbot.keyClick(box.breaks, Qt.Key.Key_Return)
    assert small_session.state.style.breaks == (5.0, 12.5, 20.0)
    assert box.problem.isVisible()


@pytest.mark.parametrize("text", ["3 2", "1 1", "a", "1;inf", "nan", "1 2 3 4 5 6 7 8 9"])
def test_what_are_no_ends_of_classes_is_not_taken(text: str) -> None:
    assert breaks_in(text) is None
