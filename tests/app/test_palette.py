from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from twin.app.palette import Entry, Palette, best, folded, rank, split
from twin.app.palette_entries import session_entries
from twin.model import table
from twin.model.project import Project
from twin.model.state import State
from twin.session.session import Session

Asked = list[tuple[str, ...]]


def entry(title: str, hint: str = "", keys: str = "") -> Entry:
    return Entry(title, hint, keys, lambda: None)


def test_the_start_of_the_title_beats_a_word_beats_the_middle_beats_the_hint() -> None:
    entries = [entry("Pantry"), entry("Colour", "tree"), entry("Old tree"), entry("Tree"), entry("Street")]
    assert [e.title for e in best("tree", entries)] == ["Tree", "Old tree", "Street", "Colour"]


def test_letters_in_order_are_enough() -> None:
    assert [e.title for e in best("svpic", [entry("Home"), entry("Save picture…")])] == ["Save picture…"]


def test_accents_do_not_matter() -> None:
    assert [e.title for e in best("makela", [entry("Mäkelänkatu 2")])] == ["Mäkelänkatu 2"]


def test_every_word_must_be_there() -> None:
    assert rank("green park", "green square") is None


@given(st.text(max_size=12), st.text(min_size=1, max_size=20))
def test_a_title_always_finds_itself(before: str, title: str) -> None:
    assert rank(folded(title), folded(title)) is not None
    assert len(best(before, [entry(title)])) <= 1


def test_prefixes_choose_the_kind() -> None:
    assert split("b hall") == ("b", "hall")
    assert split("bus stop") == ("", "bus stop")
    assert split("L trees ") == ("l", "trees")


@pytest.fixture
def asked() -> Asked:
    return []


@pytest.fixture
def palette(qtbot: QtBot, small_session: Session, asked: Asked) -> Iterator[Palette]:
    window = QWidget()
    window.resize(800, 600)
    qtbot.addWidget(window)

    def entries(kind: str, text: str) -> Iterator[Entry]:
        if kind in ("", "a"):
            yield Entry("Save picture…", "Project", "Ctrl+Shift+S", lambda: asked.append(("save",)))
        yield from session_entries(
            small_session,
            kind,
            text,
            zoom_layer=lambda layer: asked.append(("layer", layer)),
            zoom_object=lambda what, wanted: asked.append((what, wanted)),
        )

    found = Palette(entries, window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    found.open()
    yield found


def titles(palette: Palette) -> list[str]:
    return [palette.list.item(i).text() for i in range(palette.list.count())]


def test_enter_runs_the_first_line_and_closes(
    qtbot: QtBot, palette: Palette, small_session: Session, asked: Asked
) -> None:
    qtbot.keyClicks(palette.field, "save")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert asked == [("save",)]
    assert not palette.isVisible()


def test_arrows_move_round_the_list(qtbot: QtBot, palette: Palette, small_session: Session) -> None:
    qtbot.keyClicks(palette.field, "s ")
    assert titles(palette) == ["Today", "Towers", "Green square"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentRow() == 2
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert small_session.state.scenario == "towers"


def test_escape_closes_and_does_nothing(qtbot: QtBot, palette: Palette, asked: Asked) -> None:
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert asked == []


def test_a_click_runs_its_line(qtbot: QtBot, palette: Palette, asked: Asked) -> None:
    palette.open("l trees")
    item = palette.list.item(0)
    at = palette.list.visualItemRect(item).center()
    qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert asked == [("layer", "trees")]


def test_a_building_is_selected_and_looked_at(
    qtbot: QtBot, palette: Palette, small_session: Session, asked: Asked
) -> None:
    palette.open("b station")
    assert titles(palette) == ["Station hall"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert asked == [("building", "hall")]
    assert small_session.state.selection is not None
    assert small_session.state.selection.id == "hall"


def test_it_lies_at_the_top_of_its_window(palette: Palette) -> None:
    window = palette.parentWidget()
    assert window is not None
    assert palette.y() < 0.2 * window.height()
    assert abs(palette.geometry().center().x() - window.rect().center().x()) <= 1


def test_a_big_city_gives_fifty_lines_quickly(project: Project, small_session: Session) -> None:
    count, city = 20_000, project.city
    ids = np.array([f"b{i}" for i in range(count)], dtype=object)
    rows = [{"name": f"House {i}"} for i in range(count)]
    big = replace(
        city,
        object_id=ids,
        object_type=np.full(count, "Building", dtype=object),
        object_parent=np.full(count, -1, dtype=np.int32),
        attributes=table.from_rows(rows),
    )
    session = Session(replace(project, city=big), State("today", small_session.state.time))

    def find(text: str) -> list[Entry]:
        return list(session_entries(session, "b", text, zoom_layer=print, zoom_object=print))

    assert len(find("house")) == 50
    assert find("house 19999")[0].title == "House 19999"
