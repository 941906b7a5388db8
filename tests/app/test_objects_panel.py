"""The table of objects: what it lists, how it sorts and filters, and what selecting does."""

import time
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from pytestqt.qtbot import QtBot

from twin.app.object_columns import columns_of, sort
from twin.app.objects_panel import ObjectsPanel
from twin.model import city as cities
from twin.model import table
from twin.model.city import City, CityObject
from twin.model.project import Project
from twin.model.raster import Raster
from twin.model.state import Selection, State
from twin.model.terrain import Terrain
from twin.scene.row_filter import matching
from twin.session.commands import choose_scenario, hide_selected, isolate_selected, select
from twin.session.session import Session

SELECT = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


@pytest.fixture
def panel(qtbot: QtBot, small_session: Session) -> ObjectsPanel:
    found = ObjectsPanel(small_session)
    small_session.changed.connect(found.refresh)
    qtbot.addWidget(found)
    found.resize(900, 300)
    found.show()
    return found


def ids(panel: ObjectsPanel) -> list[str]:
    return panel.model.ids(np.arange(len(panel.model.rows)))


def column(panel: ObjectsPanel, name: str) -> int:
    return [each.name for each in panel.model.columns].index(name)


def cell(panel: ObjectsPanel, row: int, name: str) -> str:
    return str(panel.model.data(panel.model.index(row, column(panel, name))))


def marked(panel: ObjectsPanel) -> set[str]:
    return set(panel.model.ids(panel.marked()))


def test_every_object_has_a_row_with_id_class_name_and_attributes(panel: ObjectsPanel) -> None:
    assert ids(panel) == ["hall", "hall-tower", "office", "kiosk"]
    names = [each.name for each in panel.model.columns]
    assert names[:3] == ["gml:id", "object class", "name"]
    assert cell(panel, 1, "object class") == "Part of a building"
    assert (cell(panel, 0, "measuredHeight"), cell(panel, 3, "use")) == ("21.5", "")
    header = panel.model.headerData(column(panel, "measuredHeight"), Qt.Orientation.Horizontal)
    assert header.strip() == "Height [m]"


def test_sorting_puts_what_is_absent_last_either_way(panel: ObjectsPanel) -> None:
    use = column(panel, "use")
    panel.view.sortByColumn(use, Qt.SortOrder.AscendingOrder)
    assert ids(panel) == ["office", "hall", "hall-tower", "kiosk"]
    panel.view.sortByColumn(use, Qt.SortOrder.DescendingOrder)
    assert ids(panel) == ["hall", "office", "hall-tower", "kiosk"]
    panel.view.sortByColumn(column(panel, "measuredHeight"), Qt.SortOrder.AscendingOrder)
    assert ids(panel) == ["kiosk", "office", "hall", "hall-tower"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {"hall", "hall-tower", "office", "kiosk"}),
        ("HALL", {"hall", "hall-tower"}),
        ("station transport", {"hall"}),
        ('"station hall"', {"hall"}),
        ("hall office", set()),
        ("height > 18", {"hall", "hall-tower"}),
        ("measuredHeight>=18", {"hall", "hall-tower", "office"}),
        ("height < 18,5 height > 4", {"office"}),
        ("use = transport", {"hall"}),
        ("use != transport", {"office"}),
        ("buildingpart", {"hall-tower"}),
        ('"part of a"', {"hall-tower"}),
        ("class = BuildingPart", {"hall-tower"}),
        ("1919", {"hall"}),
        ("height > 18 and hall", {"hall", "hall-tower"}),
        ("name ~ OFF", {"office"}),
        ("hall and", set()),
        ("nothing > 3", set()),
    ],
)
def test_a_filter_leaves_what_fits(project: Project, text: str, found: set[str]) -> None:
    city = project.city
    assert set(city.object_id[matching(columns_of(city), text)]) == found


def test_typing_a_filter_lists_fewer_rows_and_says_how_many(qtbot: QtBot, panel: ObjectsPanel) -> None:
    qtbot.keyClicks(panel.filter, "hall")
    qtbot.waitUntil(lambda: ids(panel) == ["hall", "hall-tower"])
    assert panel.count.text() == "2 of 4"
    panel.filter.clear()
    qtbot.waitUntil(lambda: len(ids(panel)) == 4)
    qtbot.keyClicks(panel.filter, "zebra")
    qtbot.waitUntil(lambda: ids(panel) == [])
    assert panel.empty.isVisible()
    assert panel.empty.text() == "No object fits the filter."


def test_marking_rows_selects_objects_in_the_session(
    qtbot: QtBot, panel: ObjectsPanel, small_session: Session
) -> None:
    chosen = panel.view.selectionModel()
    chosen.select(panel.model.index(2, 0), SELECT)
    chosen.select(panel.model.index(3, 0), SELECT)
    qtbot.waitUntil(lambda: small_session.state.selected == {"office", "kiosk"})
    assert small_session.undo_title == "Select objects"
    assert panel.count.text() == "4, 2 selected"
    chosen.clearSelection()
    qtbot.waitUntil(lambda: small_session.state.selection is None)


def test_all_that_the_filter_leaves_can_be_selected_at_once(
    panel: ObjectsPanel, small_session: Session
) -> None:
    panel.model.show_filter("hall")
    panel.view.selectAll()
    panel.choose()
    assert small_session.state.selected == {"hall", "hall-tower"}
    assert small_session.state.selection is not None


def test_enter_in_the_filter_selects_all_that_fits(
    qtbot: QtBot, panel: ObjectsPanel, small_session: Session
) -> None:
    qtbot.keyClicks(panel.filter, "height > 18")
    qtbot.keyClick(panel.filter, Qt.Key.Key_Return)
    assert small_session.state.selected == {"hall", "hall-tower"}
    panel.filter.clear()
    qtbot.keyClick(panel.filter, Qt.Key.Key_Return)
    assert len(small_session.state.selected) == 2, "nothing typed asks for nothing"
    qtbot.keyClicks(panel.filter, "kiosk")
    qtbot.waitUntil(lambda: ids(panel) == ["kiosk"])
    panel.every.click()
    assert small_session.state.selected == {"kiosk"}


def test_arrows_lead_from_the_filter_to_the_rows(
    qtbot: QtBot, panel: ObjectsPanel, small_session: Session
) -> None:
    assert panel.focusProxy() is panel.view, "who opens the table by a key goes on with the arrows"
    qtbot.keyClicks(panel.filter, "office")
    qtbot.keyClick(panel.filter, Qt.Key.Key_Down)
    assert ids(panel) == ["office"], "what was typed holds at once"
    qtbot.waitUntil(lambda: small_session.state.selected == {"office"})


def test_a_click_on_a_header_sorts_and_selects_nothing(
    qtbot: QtBot, panel: ObjectsPanel, small_session: Session
) -> None:
    header, height = panel.view.horizontalHeader(), column(panel, "measuredHeight")
    panel.view.scrollTo(panel.model.index(0, height))
    at = QPoint(header.sectionViewportPosition(height) + 12, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert ids(panel)[0] == "kiosk"
    panel.choose()
    assert small_session.state.selected == frozenset()


def test_selecting_elsewhere_marks_the_row(panel: ObjectsPanel, small_session: Session) -> None:
    small_session.do(select, Selection("city", "office"))
    assert marked(panel) == {"office"}
    assert panel.view.currentIndex().row() == 2
    small_session.do(select, Selection("ground"))
    assert marked(panel) == set()


def test_sorting_and_filtering_keep_what_is_selected(panel: ObjectsPanel, small_session: Session) -> None:
    small_session.do(select, Selection("city", "kiosk"))
    panel.view.sortByColumn(column(panel, "measuredHeight"), Qt.SortOrder.AscendingOrder)
    assert (marked(panel), ids(panel)[0]) == ({"kiosk"}, "kiosk")
    panel.model.show_filter("kiosk")
    assert marked(panel) == {"kiosk"}


def test_a_filter_that_leaves_the_selected_out_does_not_unselect_it(
    qtbot: QtBot, panel: ObjectsPanel, small_session: Session
) -> None:
    small_session.do(select, Selection("city", "kiosk"))
    qtbot.keyClicks(panel.filter, "hall")
    qtbot.waitUntil(lambda: len(ids(panel)) == 2)
    qtbot.wait(150)
    assert small_session.state.selected == {"kiosk"}


def test_buttons_hide_isolate_and_show_again(panel: ObjectsPanel, small_session: Session) -> None:
    assert not panel.hide_chosen.isEnabled()
    small_session.do(select, Selection("city", "kiosk"))
    panel.hide_chosen.click()
    assert small_session.state.hidden_objects == {"kiosk"}
    assert panel.count.text() == "4, 1 hidden"
    assert panel.model.data(panel.model.index(3, 0), Qt.ItemDataRole.ForegroundRole) is not None
    panel.unhide.click()
    small_session.do(select, Selection("city", "hall"))
    panel.isolate.click()
    assert panel.count.text() == "4, 1 selected, 2 hidden"
    panel.unhide.click()
    assert (small_session.state.isolated, panel.unhide.isEnabled()) == (frozenset(), False)


def test_a_relief_that_is_seen_as_the_ground_is_not_called_hidden(qtbot: QtBot, project: Project) -> None:
    kinds = project.city.object_type.copy()
    kinds[project.city.object_id == "kiosk"] = "TINRelief"
    ground = Terrain("hill", "Hill", Raster(np.zeros((20, 20), np.float32), -200.0, 200.0, 20.0))
    hilly = replace(project, city=replace(project.city, object_type=kinds), terrain=ground)
    session = Session(hilly, State("today", small_noon(project)))
    panel = ObjectsPanel(session)
    session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    panel.show()
    assert (panel.model.faint is not None, panel.count.text()) == (True, "4")
    session.do(select, Selection("city", "hall"))
    session.do(hide_selected)
    assert panel.count.text() == "4, 2 hidden", "the hall and its tower"


def test_the_table_follows_the_scenario(panel: ObjectsPanel, small_session: Session) -> None:
    small_session.do(choose_scenario, "towers")
    assert ids(panel) == ["hall", "hall-tower", "kiosk", "tower-1", "tower-2"]


def test_without_a_city_it_says_what_to_do(qtbot: QtBot, project: Project) -> None:
    bare = replace(project, city=cities.empty(project.place), scenarios=project.scenarios[:1])
    panel = ObjectsPanel(Session(bare, State("today", small_noon(project))))
    qtbot.addWidget(panel)
    panel.show()
    assert panel.empty.text() == "There are no objects: open or add a city model."
    assert not panel.export.isEnabled()


def small_noon(project: Project) -> datetime:
    return datetime(2026, 6, 21, 12, 0, tzinfo=project.place.zone)


def large(project: Project, count: int) -> City:
    objects = [CityObject(f"b{i}", parent=i - 1 if i % 5 == 4 else -1) for i in range(count)]
    city = cities.from_objects(project.place, objects)
    numbers = np.arange(count)
    use = np.array(["office", "homes", None, "school"], dtype=object)[numbers % 4]
    columns = {
        "name": np.array([f"House {i}" for i in range(count)], dtype=object),
        "use": use,
        "measuredHeight": np.where(numbers % 7 == 0, np.nan, numbers % 97 / 3.0),
        "storeys": numbers % 12,
    }
    return replace(city, attributes=table.Table(count, columns))


def test_a_hundred_thousand_objects_are_sorted_and_filtered_in_a_moment(project: Project) -> None:
    """Each the second time, when the columns have been looked at; measured 0.05 s on two cores."""
    columns = columns_of(large(project, 100_000))
    rows = np.arange(100_000)
    for _ in range(2):
        begun = time.process_time()
        by_height = sort(columns[4], rows, descending=True)
        few = matching(columns, "house 123 office")
        high = matching(columns, "height > 30")
        seconds = time.process_time() - begun
    assert columns[4].value(int(by_height[0])) == pytest.approx(32.0)
    assert few.sum() == sum("123" in f"{i}" and i % 4 == 0 for i in range(100_000))
    assert high.sum() == sum(i % 7 != 0 and i % 97 > 90 for i in range(100_000))
    assert seconds < 1.0


def test_hidden_and_isolated_objects_survive_a_change_of_scenario(small_session: Session) -> None:
    small_session.do(select, Selection("city", "hall"))
    small_session.do(isolate_selected)
    small_session.do(hide_selected)
    small_session.do(choose_scenario, "towers")
    assert small_session.state.hidden_objects == {"hall"}
