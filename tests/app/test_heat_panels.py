"""Heat in the window: weather, curves at a place, figures and hot spots, how good it is."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from pytestqt.qtbot import QtBot

from twin.analysis.heat_point import Budget
from twin.app.heat_box import HeatBox
from twin.app.heat_chart import Line, spoken
from twin.app.heat_panel import HeatPanel
from twin.app.heat_point_box import budget_section
from twin.app.heat_way_facts import way_section
from twin.app.indicators_panel import IndicatorsPanel
from twin.app.overlay_panel import OverlayPanel, time_left
from twin.app.properties_panel import PropertiesPanel
from twin.app.validation_page import ValidationPage, validate
from twin.errors import DataError
from twin.model.state import Selection
from twin.model.weather import MEASURED
from twin.scene.heat_text import METHOD
from twin.scene.items import Drape
from twin.scene.scene import Key
from twin.session.commands import choose_overlay, choose_scenario, select
from twin.session.heat_commands import set_heat_cell
from twin.session.session import Session


@pytest.fixture(scope="module")
def worked_out() -> dict[Key, object]:
    """The heat that all tests begin with: half a second, which only the first of them takes."""
    return {}


@pytest.fixture
def hot_session(small_session: Session, worked_out: dict[Key, object]) -> Session:
    small_session._results.update(worked_out)
    small_session.do(set_heat_cell, 8.0)
    small_session.do(choose_overlay, "utci")
    kinds = ("climate", "heat ground", "heat", "heat map")
    worked_out.update({key: found for key, found in small_session.results.items() if key[0] in kinds})
    return small_session


def test_a_weather_is_chosen_and_undone(qtbot: QtBot, hot_session: Session) -> None:
    box = HeatBox(hot_session)
    hot_session.changed.connect(box.refresh)
    qtbot.addWidget(box)
    box.weather.setCurrentIndex(box.weather.findData(MEASURED))
    box.weather.activated.emit(box.weather.currentIndex())
    assert hot_session.state.weather == MEASURED
    hot_session.undo()
    assert box.weather.currentData() == "design"


def test_the_numbers_of_the_hot_day_are_edited_and_stay_in_order(qtbot: QtBot, hot_session: Session) -> None:
    box = HeatBox(hot_session)
    qtbot.addWidget(box)
    box.numbers_of["lowest"].setValue(33.0)
    hot = hot_session.state.hot_day
    assert (hot.lowest, hot.highest) == (33.0, 33.0)


def test_asking_for_a_file_leaves_the_weather_as_it_is(qtbot: QtBot, hot_session: Session) -> None:
    box = HeatBox(hot_session)
    qtbot.addWidget(box)
    last = box.weather.count() - 1
    with qtbot.waitSignal(box.file_wanted):
        box.weather.setCurrentIndex(last)
        box.weather.activated.emit(last)
    assert hot_session.state.weather == "design"
    assert box.weather.currentData() == "design"


def test_how_it_is_worked_out_can_be_read_from_the_panel(qtbot: QtBot, hot_session: Session) -> None:
    panel = OverlayPanel(hot_session)
    qtbot.addWidget(panel)
    with qtbot.waitSignal(panel.explained) as heard:
        panel.heat_box.explain.click()
    assert all(title in heard.args[1] for title, _ in METHOD)


def test_the_heat_box_is_there_only_with_heat(qtbot: QtBot, hot_session: Session) -> None:
    panel = OverlayPanel(hot_session)
    hot_session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.heat_box.isVisible()
    hot_session.do(choose_overlay, "shadow")
    assert not panel.heat_box.isVisible()


def test_a_place_has_a_curve_in_every_scenario_and_a_budget(qtbot: QtBot, hot_session: Session) -> None:
    panel = PropertiesPanel(hot_session)
    hot_session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    hot_session.do(select, Selection("ground", "", "", (10.0, -25.0, 0.0)))
    lines = panel.heat.chart._lines
    assert [line.title for line in lines] == [s.title for s in hot_session.project.scenarios]
    assert all(len(line.values) == 24 for line in lines)
    assert panel.heat.section is not None
    assert panel.heat.section.title in panel.table.item(0, 0).text()
    item = hot_session.scene.items["overlay"]
    assert isinstance(item, Drape)
    row = int((item.raster.north + 25.0) // item.raster.cell)
    column = int((10.0 - item.raster.west) // item.raster.cell)
    shown = float(item.raster.values[row, column])
    assert lines[0].values[hot_session.state.time.hour] == pytest.approx(shown, abs=0.01)


def test_a_way_tells_the_heat_along_it(small_session: Session) -> None:
    path = replace(
        small_session.project.layers[1],
        id="paths",
        geometry=np.array([shapely.LineString([(-40, -10), (40, -10)])], dtype=object),
    )
    session = Session(replace(small_session.project, layers=(path,)), small_session.state)
    for command, value in ((set_heat_cell, 8.0), (choose_overlay, "utci"), (choose_scenario, "towers")):
        session.do(command, value)
    session.do(select, Selection("layer", "s1", "paths", (0.0, -10.0, 0.0)))
    section = way_section(session)
    assert section is not None
    assert section.title == "Along this way at 12:00"
    pairs = dict(section.pairs)
    assert pairs["Length"] == "80 m"
    assert any(key.endswith(": UTCI, mean") for key in pairs)  # of the baseline
    session.do(choose_overlay, "shadow")
    assert way_section(session) is None


def test_where_a_building_stands_it_says_so(qtbot: QtBot, hot_session: Session) -> None:
    panel = PropertiesPanel(hot_session)
    hot_session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    hot_session.do(select, Selection("ground", "", "", (20.0, 10.0, 0.0)))
    assert "A building stands there" in panel.heat.note.text()


def test_figures_of_a_plan_stand_beside_those_of_today(qtbot: QtBot, hot_session: Session) -> None:
    hot_session.do(choose_scenario, "towers")
    panel = HeatPanel(hot_session)
    hot_session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    panel.show()
    panel.refresh(hot_session)
    assert panel.table.columnCount() == 3
    rows = panel.text().split("\n")
    assert any(row.startswith("Mean UTCI\t") for row in rows)
    shares = [row.split("\t")[1] for row in rows if "stress" in row]
    assert sum(float(share.removesuffix(" %")) for share in shares) == pytest.approx(100, abs=0.3)
    if panel.spots.count():
        with qtbot.waitSignal(panel.zoom_requested) as heard:
            panel.spots.itemClicked.emit(panel.spots.item(0))
        west, south, east, north = heard.args[0]
        assert west < east
        assert south < north


def test_heat_joins_the_table_of_indicators_while_it_is_in_view(qtbot: QtBot, hot_session: Session) -> None:
    panel = IndicatorsPanel(hot_session)
    hot_session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    panel.show()
    panel.refresh(hot_session)
    rows = {line.split("\t")[0].strip(): line.split("\t")[1:] for line in panel.text().split("\n")}
    felt = rows["UTCI of the afternoon [°C]"]
    assert 20 < float(felt[0]) < 50
    assert len(felt) == len(hot_session.project.scenarios)
    hot_session.do(choose_overlay, "shadow")
    assert "UTCI" not in panel.text()


def test_a_budget_adds_up_to_all_of_it() -> None:
    pairs = dict(budget_section(Budget(100, 50, 20, 200, 130), 15, 38.2).pairs)
    assert pairs["Straight from the sun"] == "100 W/m² (20 %)"
    assert pairs["Together"] == "500 W/m²"
    assert pairs["UTCI"] == "38.2 °C, very strong heat stress"


def test_curves_are_told_in_words() -> None:
    values = tuple(20.0 + min(hour, 23 - hour) for hour in range(24))
    text = spoken([Line("Today", values), Line("Plan", (float("nan"),) * 24)], "°C", 6)
    assert text == "Today: 26.0 °C at 06:00, highest 31.0 °C at 12:00"


def test_time_left_is_told_only_when_it_is_known() -> None:
    assert time_left(0.0, 10.0) == 0
    assert time_left(0.5, 1.0) == 0
    assert time_left(0.25, 10.0) == 30


def test_the_page_shows_the_saved_figures_and_where_they_come_from(qtbot: QtBot) -> None:
    page = ValidationPage()
    qtbot.addWidget(page)
    assert page.table.item(0, 1).text() == "4.3"
    assert "Lindberg" in page.about.text()


def test_a_site_that_is_worked_out_has_the_saved_figures(qtbot: QtBot, shared_data: Path) -> None:
    folder = shared_data / "heat" / "gothenburg_kronenhuset"
    if not folder.is_dir():
        pytest.skip("the measured site is not here")
    found = validate(folder)
    page = ValidationPage()
    qtbot.addWidget(page)
    page.show_found(found)
    rows = page.table.rowCount()
    assert page.table.item(rows - 1, 1).text() == page.table.item(0, 1).text()
    assert np.isfinite(found.pairs["tmrt"]).all()


def test_a_folder_without_a_site_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"site\.json"):
        validate(tmp_path)


def test_a_state_keeps_its_hot_day(hot_session: Session) -> None:
    hot_session.do(lambda state: replace(state, hot_day=replace(state.hot_day, wind=4.0)))
    hot_session.undo()
    assert hot_session.state.hot_day.wind == 2.0
