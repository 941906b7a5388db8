from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from twin.app import texts
from twin.app.fact_table import BREAK, breakable
from twin.app.facts import Section, facts, selection_of
from twin.app.properties_panel import PropertiesPanel
from twin.model import lod, table
from twin.model.project import Project
from twin.model.state import Selection, State
from twin.session.commands import choose_overlay, choose_scenario, select, select_objects
from twin.session.session import Session


@pytest.fixture
def panel(qtbot: QtBot, small_session: Session) -> PropertiesPanel:
    found = PropertiesPanel(small_session)
    small_session.changed.connect(found.refresh)
    qtbot.addWidget(found)
    found.resize(300, 500)
    found.show()
    return found


def shown(panel: PropertiesPanel) -> dict[str, str]:
    found = {name: panel.table.item(row, column) for name, (row, column) in cells(panel).items()}
    return {name: item.text() for name, item in found.items() if item}


def cells(panel: PropertiesPanel) -> dict[str, tuple[int, int]]:
    """Row and column of the value of each name: beside it, or below where it is long."""
    found, row = {}, 0
    while row < panel.table.rowCount():
        name = panel.table.item(row, 0)
        assert name is not None
        if panel.table.item(row, 1) is not None:
            found[name.text()] = row, 1
        elif name.flags() & Qt.ItemFlag.ItemIsSelectable:  # else it is the head of a section
            row += 1
            found[name.text()] = row, 0
        row += 1
    return found


def pairs(session: Session, section: str) -> dict[str, str]:
    found = facts(session)
    assert found is not None
    [wanted] = [s for s in found.sections if s.title.startswith(section)]
    return dict(wanted.pairs)


def test_without_a_selection_it_says_what_to_do(panel: PropertiesPanel) -> None:
    assert panel.empty.isVisible()
    assert "click a building" in panel.empty.text()


def test_a_building_has_names_values_and_units(panel: PropertiesPanel, small_session: Session) -> None:
    small_session.do(select, selection_of(small_session, "building", "hall"))
    assert panel.title.text() == "Station hall"
    assert panel.kind.text() == "Building"
    found = shown(panel)
    assert found["Storeys"] == "4"
    assert found["Built in"] == "1919"
    assert found["Height from"] == "height tag"
    assert pairs(small_session, "Parts (1)") == {"Part of a building": "hall-tower"}
    assert pairs(small_session, "Attributes")["Height"] == "21.5 m"


def test_a_part_shows_its_building_too(small_session: Session) -> None:
    small_session.do(select, selection_of(small_session, "building", "hall-tower"))
    found = facts(small_session)
    assert found is not None
    assert (found.title, found.kind) == ("Station hall", "Part of a building")
    assert pairs(small_session, "Its building")["Id"] == "hall"
    assert pairs(small_session, "Attributes")["Id"] == "hall-tower"


def test_what_a_scenario_removes_is_still_known(small_session: Session) -> None:
    small_session.do(choose_scenario, "towers")
    small_session.do(select, selection_of(small_session, "building", "office"))
    found = facts(small_session)
    assert found is not None
    assert found.kind == "Building, removed by this scenario"
    assert pairs(small_session, "Attributes")["Height from"] == "assumed, nothing is recorded"


def test_a_selection_that_exists_nowhere_says_so(small_session: Session) -> None:
    for kind in ("city", "layer"):
        small_session.do(select, Selection(kind, "ghost", "trees"))
        assert "not part of this scenario" in pairs(small_session, "Note")["Note"]


def test_a_tree_has_height_and_crown(panel: PropertiesPanel, small_session: Session) -> None:
    small_session.do(select, selection_of(small_session, "tree", "t2"))
    assert panel.title.text() == "linden"
    attributes = pairs(small_session, "Attributes")
    assert (attributes["Height"], attributes["Crown"]) == ("10 m", "5 m")


def test_an_area_has_its_area_and_source(small_session: Session) -> None:
    small_session.do(select, selection_of(small_session, "ground", "g1"))
    assert pairs(small_session, "Attributes")["Area"] == "4,200 m²"
    assert pairs(small_session, "Attributes")["Surface"] == "paving stones"
    assert pairs(small_session, "Source")["From"] == "Drawn for the tests"


def test_the_position_is_national(small_session: Session) -> None:
    small_session.do(select, Selection("ground", at=(10.5, -20.0, 0.0)))
    position = pairs(small_session, "Position")
    assert position["East"] == "25,496,510.5 m"
    assert position["North"] == "6,672,980.0 m"
    assert position["Coordinates"] == "EPSG:3879"


def test_the_value_of_the_overlay_has_its_unit(small_session: Session) -> None:
    small_session.do(choose_overlay, "heat")
    small_session.do(select, Selection("ground", at=(-59.0, 39.0, 0.0)))
    assert pairs(small_session, "Overlay")["Value here"] == "18 °C"
    small_session.do(select, Selection("ground", at=(500.0, 39.0, 0.0)))
    assert pairs(small_session, "Overlay")["Value here"] == "no value here"


def test_all_of_it_can_be_copied(qtbot: QtBot, panel: PropertiesPanel, small_session: Session) -> None:
    small_session.do(select, selection_of(small_session, "building", "kiosk"))
    qtbot.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert "Height\t4 m" in text
    assert "Id\tkiosk" in text


def test_a_long_name_has_all_its_lines_in_a_narrow_panel(small_session: Session, qtbot: QtBot) -> None:
    project = small_session.project
    rows = [{"name": "{409B92DA-1F6F-4F51-876D-5CA89A1A2A3A}"} for _ in project.city.object_id]
    named = replace(project, city=replace(project.city, attributes=table.from_rows(rows)))
    session = Session(named, State("today", small_session.state.time))
    panel = PropertiesPanel(session)
    qtbot.addWidget(panel)
    em = panel.fontMetrics().height()
    panel.resize(16 * em, 20 * em)
    panel.show()
    session.do(select, selection_of(session, "building", "kiosk"))
    panel.refresh(session)
    qtbot.waitUntil(lambda: panel.title.height() >= panel.title.heightForWidth(panel.title.width()) > 2 * em)
    assert panel.title.geometry().bottom() < panel.kind.geometry().top()


def test_names_from_files_are_never_formatting(
    qtbot: QtBot, project: Project, small_session: Session
) -> None:
    city = project.city
    nasty = "<img src=http://127.0.0.1/x> 🏛 " + "x" * 400
    rows = [{"name": nasty, "odd_column": nasty} for _ in city.object_id]
    strange = replace(project, city=replace(city, attributes=table.from_rows(rows)))
    session = Session(strange, State("today", small_session.state.time))
    panel = PropertiesPanel(session)
    qtbot.addWidget(panel)
    session.do(select, selection_of(session, "building", "kiosk"))
    panel.refresh(session)
    panel.show()
    assert panel.title.text().replace(BREAK, "") == nasty
    assert panel.title.textFormat() == Qt.TextFormat.PlainText
    assert shown(panel)["odd column"] == nasty
    assert panel.width() < 1000


def test_long_values_are_shown_whole(qtbot: QtBot, panel: PropertiesPanel, small_session: Session) -> None:
    small_session.do(choose_overlay, "sun_hours")
    small_session.do(select, Selection("ground", at=(10.0, -20.0, 0.0)))
    row, column = cells(panel)["Source"]
    item = panel.table.item(row, column)
    assert item is not None
    width = sum(panel.table.columnWidth(each) for each in range(column, panel.table.columnCount()))
    wrap = int(Qt.TextFlag.TextWordWrap)
    needed = panel.table.fontMetrics().boundingRect(QRect(0, 0, width, 10_000), wrap, item.text())
    line = panel.table.fontMetrics().height()
    assert needed.height() > line, "it is long"
    assert panel.table.rowHeight(row) >= needed.height()


def test_the_panel_rests_while_nothing_it_shows_changes(
    panel: PropertiesPanel, small_session: Session
) -> None:
    small_session.do(select, selection_of(small_session, "building", "hall"))
    before = panel.table.item(1, 0)
    small_session.do(choose_overlay, "use")
    assert panel.table.item(1, 0) is before


def test_long_words_are_broken_and_copied_whole(panel: PropertiesPanel, small_session: Session) -> None:
    address = "https://www.opengis.net/def/crs/EPSG/0/7415"
    assert max(map(len, breakable(f"as {address}").split(BREAK))) <= 12
    assert breakable("a short text of words") == "a short text of words"
    panel.table.show_sections([Section("File", (("CRS", address),))])
    panel.table.selectAll()
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert address in QGuiApplication.clipboard().text()


def test_a_link_goes_to_the_part_and_back_to_the_whole(
    panel: PropertiesPanel, small_session: Session
) -> None:
    small_session.do(select, selection_of(small_session, "building", "hall"))
    press_link(panel, "hall-tower")
    assert panel.title.text() == "Station hall"
    assert small_session.state.selected == {"hall-tower"}
    assert pairs(small_session, "Part of") == {"Building": "Station hall"}
    press_link(panel, "Station hall")
    assert small_session.state.selected == {"hall"}


def press_link(panel: PropertiesPanel, text: str) -> None:
    found = panel.table.findItems(text, Qt.MatchFlag.MatchExactly)
    [item] = [item for item in found if item.font().underline()]
    panel.table.cellClicked.emit(item.row(), item.column())


def test_surfaces_are_counted_and_measured_with_those_of_the_parts(small_session: Session) -> None:
    """The hall is 40 x 20 m and 15 m high, its tower 8 x 8 m and 21.5 m."""
    small_session.do(select, selection_of(small_session, "building", "hall"))
    found = pairs(small_session, "Surfaces")
    assert found["Roofs"] == "2, 864 m²"
    assert found["Walls"] == f"8, {texts.amount(120 * 15 + 32 * 21.5, 'm²')}"
    small_session.do(select, selection_of(small_session, "building", "hall-tower"))
    assert pairs(small_session, "Surfaces")["Roofs"] == "1, 64 m²"


def test_several_selected_objects_are_told(panel: PropertiesPanel, small_session: Session) -> None:
    first = selection_of(small_session, "building", "hall")
    small_session.do(select_objects, first, ["office", "kiosk"])
    assert shown(panel)["Together"] == "2 other objects are selected too"


def test_levels_of_detail_that_are_not_drawn_stand_in_brackets(
    project: Project, small_session: Session
) -> None:
    levels = np.full(len(project.city.surface_lod), 2.0)
    mine = np.flatnonzero(project.city.surface_object == 3)
    levels[mine[0]] = 1.0
    shown = np.ones(len(levels), bool)
    shown[mine[0]] = False
    city, whole = lod.split(replace(project.city, surface_lod=levels, surface_shown=shown))
    session = Session(replace(project, city=city, whole=whole), small_session.state)
    session.do(select, selection_of(session, "building", "kiosk"))
    assert pairs(session, "Surfaces")["LoD"] == "(1), 2"
