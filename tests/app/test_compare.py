"""Comparing scenarios in the window: bar, divider, names, glance and panels."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from twin.app.compare_bar import CompareBar
from twin.app.compare_divider import Divider
from twin.app.compare_glance import Glance
from twin.app.compare_names import SideNames
from twin.app.difference_panel import DifferencePanel
from twin.app.draw_note import DrawSentence
from twin.app.furniture import FurnitureView
from twin.app.graphics import Graphics
from twin.app.indicators_panel import IndicatorsPanel, delta
from twin.app.legend import LegendView
from twin.app.viewport import Viewport
from twin.model.state import Camera
from twin.scene.comparison import panes
from twin.session import commands
from twin.session.session import Session

NO_CARD = Graphics(True, False, "llvmpipe")


@pytest.fixture
def viewport(qtbot: QtBot) -> Iterator[Viewport]:
    made = Viewport(NO_CARD)
    qtbot.addWidget(made, before_close_func=lambda view: view.close_canvas())
    made.resize(600, 400)
    made.show()
    yield made


def put(viewport: Viewport, session: Session) -> None:
    sides = session.sides
    titled = session.state.compare != "none"
    viewport.show_sides(sides, panes(session.state, len(sides)), titled=titled)


@pytest.fixture
def bar(small_session: Session, qtbot: QtBot) -> CompareBar:
    view = QWidget()
    view.resize(1600, 700)
    qtbot.addWidget(view)
    made = CompareBar(small_session, view)
    small_session.changed.connect(made.refresh)
    view.show()
    return made


def test_one_button_begins_and_then_there_are_all(
    bar: CompareBar, small_session: Session, qtbot: QtBot
) -> None:
    assert bar.start.isVisible()
    assert not bar.off.isVisible()
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    assert small_session.state.compare == "swipe"
    assert [side.title for side in small_session.sides] == ["Today", "Towers"]
    assert bar.ways["swipe"].isChecked()
    qtbot.mouseClick(bar.ways["difference"], Qt.MouseButton.LeftButton)
    assert small_session.state.compare == "difference"
    qtbot.mouseClick(bar.ways["difference"], Qt.MouseButton.LeftButton)
    assert bar.ways["difference"].isChecked()
    qtbot.mouseClick(bar.off, Qt.MouseButton.LeftButton)
    assert small_session.state.compare == "none"
    while small_session.undo_title:
        small_session.undo()
    assert small_session.state.compare == "none"


def test_buttons_are_large_enough_for_a_finger(bar: CompareBar, small_session: Session) -> None:
    small_session.do(commands.compare_by, "split")
    em = bar.fontMetrics().height()
    for button in (*bar.ways.values(), bar.off, bar.chosen, bar.swap):
        assert button.height() >= 2.2 * em
        assert button.width() >= 2.0 * em
        assert button.accessibleName()


def test_one_is_chosen_for_a_swipe_and_several_side_by_side(bar: CompareBar, small_session: Session) -> None:
    small_session.do(commands.compare_by, "swipe")
    towers, green = bar.menu.actions()
    assert (towers.text(), towers.isChecked(), green.isChecked()) == ("Towers", True, False)
    green.trigger()
    assert small_session.state.compared == ("green",)
    small_session.do(commands.compare_by, "split")
    bar.menu.actions()[0].trigger()
    assert small_session.state.compared == ("green", "towers")
    assert len(small_session.sides) == 3
    bar.menu.actions()[1].trigger()
    assert small_session.state.compared == ("towers",)


def test_places_are_changed(bar: CompareBar, small_session: Session, qtbot: QtBot) -> None:
    small_session.do(commands.compare_by, "difference")
    assert small_session.sides[0].title == "Today compared with Towers"
    qtbot.mouseClick(bar.swap, Qt.MouseButton.LeftButton)
    assert small_session.sides[0].title == "Towers compared with Today"


def test_the_bar_stays_inside_a_narrow_view(bar: CompareBar, small_session: Session) -> None:
    small_session.do(commands.compare_by, "split")
    view = bar.parentWidget()
    assert view is not None
    for width in (1600, 760):
        view.resize(width, 500)
        assert view.rect().contains(bar.geometry())


def test_the_bar_finds_room_between_what_lies_in_the_corners(small_session: Session, qtbot: QtBot) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    view.resize(1600, 700)
    legend, scale = QWidget(view), QWidget(view)
    small_session.do(commands.compare_by, "split")
    bar = CompareBar(small_session, view, (legend, scale))
    view.show()
    wide = bar.width()
    said = DrawSentence(view)
    for width, beside in ((1600, 200), (1600, 560), (1000, 380), (700, 300), (300, 100)):
        view.resize(width, 700)
        legend.setGeometry(12, 400, beside, 288)
        scale.setGeometry(width - 132, 600, 120, 88)
        for corner in (legend, scale):
            assert not bar.geometry().intersects(corner.geometry()), (width, beside)
        assert view.rect().contains(bar.geometry())
        top = bar.y() < 100
        assert top == (width <= 700), "the lower edge, as long as it has room"
        assert (bar.width() < wide) == (width in (1000, 300)), "with words, as long as there is room for them"
        said.say("Click the next corner.")
        assert not bar.geometry().intersects(said.geometry())
    legend.hide()
    view.resize(1600, 700)
    scale.setGeometry(1468, 600, 120, 88)
    assert abs(bar.geometry().center().x() - 800) <= 1


def test_a_divider_is_dragged_and_the_way_back_is_one_step(
    viewport: Viewport, small_session: Session, qtbot: QtBot
) -> None:
    small_session.do(commands.choose_scenario, "towers")
    small_session.do(commands.compare_by, "swipe")
    put(viewport, small_session)
    divider = Divider(small_session, viewport)
    divider.show()
    before = small_session.state
    middle = QPoint(divider.width() // 2, 100)
    qtbot.mousePress(divider, Qt.MouseButton.LeftButton, pos=middle)
    for step in (20, 60, 100):
        qtbot.mouseMove(divider, divider.mapFromGlobal(viewport.mapToGlobal(QPoint(300 + step, 100))))
    assert viewport.areas[0].width() == pytest.approx(400, abs=3)
    assert small_session.state == before, "nothing is a step while the mouse is down"
    at = divider.mapFromGlobal(viewport.mapToGlobal(QPoint(400, 100)))
    qtbot.mouseRelease(divider, Qt.MouseButton.LeftButton, pos=at)
    assert small_session.state.divider == pytest.approx(2 / 3, abs=0.01)
    small_session.undo()
    assert small_session.state == before


def test_a_divider_is_moved_by_keys(viewport: Viewport, small_session: Session, qtbot: QtBot) -> None:
    small_session.do(commands.compare_by, "swipe")
    put(viewport, small_session)
    divider = Divider(small_session, viewport)
    qtbot.keyClick(divider, Qt.Key.Key_Left)
    assert small_session.state.divider == pytest.approx(0.48)


def test_each_side_says_which_scenario_it_is(viewport: Viewport, small_session: Session) -> None:
    names = SideNames(viewport)
    put(viewport, small_session)
    assert names.shown == ()
    small_session.do(commands.compare_by, "split")
    put(viewport, small_session)
    assert names.shown == ("Today", "Towers")
    small_session.do(commands.compare_by, "swipe")
    small_session.do(commands.move_divider, 0.02)
    put(viewport, small_session)
    assert names.shown == ("Towers",), "there is no room for a name on the left"


def test_the_mouse_takes_hold_of_the_picture_it_is_in(viewport: Viewport, small_session: Session) -> None:
    over = Camera((0.0, -0.1, 300.0), (0.0, 0.0, 0.0))
    small_session.do(commands.look, over)
    small_session.do(commands.compare_by, "split")
    put(viewport, small_session)
    left, right = viewport.areas
    found = [viewport._under(QPointF(area.center())) for area in (left, right)]
    for point in found:
        assert point is not None
        assert np.hypot(point[0], point[1]) < 2.0
    assert viewport.picture_size == (300, 400)


def test_a_click_selects_what_is_on_the_side_that_was_clicked(
    viewport: Viewport, small_session: Session, qtbot: QtBot
) -> None:
    over = Camera((62.0, 42.4, 300.0), (62.0, 42.5, 0.0))
    small_session.do(commands.look, over)
    small_session.do(commands.compare_by, "split")
    put(viewport, small_session)
    assert viewport._canvas is not None
    heard: list[object] = []
    viewport.picked.connect(heard.append)
    for area in viewport.areas:
        qtbot.mouseClick(viewport._canvas.widget, Qt.MouseButton.LeftButton, pos=area.center())
    assert [getattr(found, "id", "") for found in heard] == ["kiosk", "tower-2"]


def test_the_scale_is_that_of_one_picture(viewport: Viewport, small_session: Session) -> None:
    small_session.do(commands.compare_by, "split")
    small_session.do(commands.choose_compared, ["towers", "green"])
    put(viewport, small_session)
    view = FurnitureView(viewport, lambda: viewport.picture_size)
    view.refresh(small_session)
    assert view._size == viewport.picture_size == (200, 400)


def key(kind: QEvent.Type, *, again: bool = False) -> QKeyEvent:
    return QKeyEvent(kind, Qt.Key.Key_B, Qt.KeyboardModifier.NoModifier, "b", again)


def test_the_baseline_is_seen_as_long_as_the_key_is_held(viewport: Viewport, small_session: Session) -> None:
    small_session.do(commands.choose_scenario, "towers")
    put(viewport, small_session)
    glance = Glance(viewport, lambda: put(viewport, small_session), viewport)
    glance.begin(small_session, Qt.Key.Key_B)
    assert viewport.titles == ("Today",)
    QCoreApplication.sendEvent(viewport, key(QEvent.Type.KeyRelease, again=True))
    assert glance.active, "a key that is held sends releases, too"
    QCoreApplication.sendEvent(viewport, key(QEvent.Type.KeyRelease))
    assert not glance.active
    assert viewport.titles == ()
    assert small_session.state.scenario == "towers"
    assert small_session.undo_title == "Choose scenario"


def test_the_legend_names_what_occurs_on_any_side(small_session: Session, qtbot: QtBot) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    legend = LegendView(view)
    small_session.do(commands.choose_overlay, "use")
    legend.refresh(small_session)
    assert legend._present is not None
    assert "hotel" not in legend._present
    small_session.do(commands.compare_by, "swipe")
    legend.refresh(small_session)
    assert "hotel" in legend._present, "the south tower is one"


@pytest.fixture
def differences(small_session: Session, qtbot: QtBot) -> DifferencePanel:
    panel = DifferencePanel(small_session)
    small_session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def rows(panel: DifferencePanel) -> dict[str, list[str]]:
    found = {}
    for number in range(panel.tree.topLevelItemCount()):
        group = panel.tree.topLevelItem(number)
        assert group is not None
        found[group.text(0)] = [line.text(0) for i in range(group.childCount()) if (line := group.child(i))]
    return found


def test_the_baseline_has_no_differences(differences: DifferencePanel) -> None:
    assert "is the baseline" in differences.summary.text()
    assert rows(differences) == {}


def test_differences_are_listed_by_object(differences: DifferencePanel, small_session: Session) -> None:
    small_session.do(commands.choose_scenario, "towers")
    assert differences.summary.text() == "Towers compared with Today"
    listed = rows(differences)
    assert listed["Removed (1)"] == ["Office · Building"]
    assert sorted(listed["Added (2)"]) == ["North tower · Building", "South tower · Building"]


def test_a_click_on_a_difference_selects_it_and_asks_to_go_there(
    differences: DifferencePanel, small_session: Session, qtbot: QtBot
) -> None:
    small_session.do(commands.choose_scenario, "towers")
    group = differences.tree.topLevelItem(1)
    assert group is not None
    item = group.child(0)
    assert item is not None
    with qtbot.waitSignal(differences.zoom_requested) as heard:
        differences.tree.itemClicked.emit(item, 0)
    assert heard.args[0] == pytest.approx((-40, 30, -10, 60))
    assert small_session.state.selected == {"office"}


def test_what_nobody_sees_is_not_worked_out(differences: DifferencePanel, slow_session: Session) -> None:
    differences.hide()
    differences.refresh(slow_session)
    slow_session.do(commands.choose_scenario, "towers")
    differences.refresh(slow_session)
    assert not slow_session._asked.get("difference panel")
    differences.show()
    assert slow_session._asked["difference panel"]


@pytest.fixture
def indicators(small_session: Session, qtbot: QtBot) -> IndicatorsPanel:
    panel = IndicatorsPanel(small_session)
    small_session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def lines(panel: IndicatorsPanel) -> dict[str, list[str]]:
    return {line.split("\t")[0]: line.split("\t")[1:] for line in panel.text().splitlines()}


def test_scenarios_are_columns_and_totals_are_rows(indicators: IndicatorsPanel) -> None:
    table = lines(indicators)
    assert table[""] == ["Today", "Towers", "Green square"]
    assert table["Trees"] == ["4", "4 =", "38 +34 (+850 %)"]
    assert table["Buildings"] == ["3", "4 +1 (+33 %)", "3 ="]


def test_another_baseline_turns_the_differences(indicators: IndicatorsPanel, small_session: Session) -> None:
    small_session.do(commands.choose_baseline, "towers")
    assert lines(indicators)["Buildings"] == ["3 −1 (−25 %)", "4", "3 −1 (−25 %)"]
    small_session.undo()
    assert lines(indicators)["Buildings"][0] == "3"


def test_a_row_says_how_it_is_computed(indicators: IndicatorsPanel) -> None:
    head = indicators.table.verticalHeaderItem(0)
    assert head is not None
    assert "storeys" in head.toolTip()
    assert "Source" in head.toolTip()


def test_a_click_on_a_column_shows_its_scenario(indicators: IndicatorsPanel, small_session: Session) -> None:
    indicators.table.horizontalHeader().sectionClicked.emit(2)
    assert small_session.state.scenario == "green"


def test_deltas_have_signs_and_shares() -> None:
    assert delta(100.0, 150.0, 0) == "+50 (+50 %)"
    assert delta(0.0, 3.0, 0) == "+3"
    assert delta(200.0, 199.0, 0) == "−1 (−0.5 %)"
    assert delta(5.0, 5.0, 1) == "="


def test_a_state_that_shows_one_scenario_compares_nothing(small_session: Session) -> None:
    before = small_session.state
    small_session.do(commands.compare_by, "swipe")
    small_session.do(commands.compare_by, "none")
    assert replace(small_session.state, compare="none") == before


def test_a_sentence_over_the_view_is_whole_at_any_width_and_size(qtbot: QtBot) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    said = DrawSentence(view)
    view.show()
    text = "Drag a dot to move a corner, a small one to add one. Alt and click takes one away. Esc lets go."
    usual = said.fontMetrics().height()
    for scale in (1.0, 1.8):
        larger = view.font()
        larger.setPixelSize(round(13 * scale))
        view.setFont(larger)
        for width in (1600, 700, 320):
            view.resize(width, 600)
            said.say(text)
            assert view.rect().contains(said.geometry())
            whole = said.fontMetrics().horizontalAdvance(text)
            assert said.wordWrap() or said.width() > whole + 28
            assert said.height() >= said.heightForWidth(said.width())
        view.resize(1600, 600)
        assert not said.wordWrap() or scale > 1, "it follows the view without being said anew"
    assert said.fontMetrics().height() > 1.5 * usual
