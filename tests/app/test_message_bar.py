from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from twin.app.message_bar import MessageBar
from twin.formats.crs_area import REMEDY
from twin.formats.mesh_place import SAY


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[MessageBar]:
    window = QWidget()
    window.resize(700, 400)
    qtbot.addWidget(window)
    window.show()
    yield MessageBar(window)


def test_it_appears_and_goes_when_closed(qtbot: QtBot, bar: MessageBar) -> None:
    assert not bar.isVisible()
    bar.show_message("Saved.", "success")
    assert bar.isVisible()
    assert bar.text.text() == "Saved."
    qtbot.mouseClick(bar.shut, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()


def test_messages_wait_for_each_other(bar: MessageBar) -> None:
    bar.show_message("One", "error")
    bar.show_message("Two", "warning")
    bar.show_message("Two", "warning")
    assert bar.text.text() == "One"
    assert bar.count.text() == "1 more"
    bar.close_message()
    assert bar.text.text() == "Two"
    assert bar.count.isHidden()


def test_a_passing_word_goes_by_itself_and_makes_room(qtbot: QtBot, bar: MessageBar) -> None:
    bar.show_message("Reading…", timeout=60.0)
    bar.show_message("It is broken.", "error")
    assert bar.text.text() == "It is broken."
    bar.show_message("Saved.", timeout=0.01)
    bar.close_message()
    assert bar.text.text() == "Saved."
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_details_open_and_all_of_it_can_be_copied(qtbot: QtBot, bar: MessageBar) -> None:
    bar.show_message("12 walls were left out.", "warning", details="wall 1\nwall 2")
    low = bar.height()
    assert not bar.details.isVisible()
    qtbot.mouseClick(bar.more, Qt.MouseButton.LeftButton)
    assert bar.details.isVisible()
    assert bar.height() > low
    qtbot.mouseClick(bar.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "12 walls were left out.\n\nwall 1\nwall 2"


def test_without_details_there_is_no_button(bar: MessageBar) -> None:
    bar.show_message("Plain")
    assert bar.more.isHidden()


def test_text_from_files_is_never_formatting_and_stays_inside(bar: MessageBar) -> None:
    nasty = "<h1>🚉</h1>" + "no end " * 120
    bar.show_message(nasty, "error")
    assert bar.text.text() == nasty
    assert bar.text.textFormat() == Qt.TextFormat.PlainText
    window = bar.parentWidget()
    assert window is not None
    assert bar.width() <= window.width()


def test_it_stays_at_the_top_when_the_window_grows(qtbot: QtBot, bar: MessageBar) -> None:
    bar.show_message("Here")
    window = bar.parentWidget()
    assert window is not None
    window.resize(1500, 900)
    qtbot.waitUntil(lambda: abs(bar.geometry().center().x() - 750) <= 1)
    assert bar.y() < 40


def test_clear_takes_all_away(bar: MessageBar) -> None:
    bar.show_message("One")
    bar.show_message("Two")
    bar.clear()
    assert bar.message is None
    assert not bar.isVisible()


def test_what_files_say_in_options_of_commands_is_said_in_words(bar: MessageBar) -> None:
    size = "read in metres (4000 × 3000 × 2000 m) and with z up. That is an odd size. If that is wrong, say"
    for option, words in (
        ("--scale 0.001 for millimetres and --up y.", "choose “in millimetres” and “y points up” before."),
        ("--scale.", "choose its unit before."),
        ("--up z.", "choose “z points up” before."),
    ):
        bar.show_message(f"{size} {option} More.", "warning", details=f"{SAY}\n{REMEDY}")
        assert bar.text.text().endswith(f"If that is wrong, undo, add it again, and {words} More.")
        assert bar.message is not None
        assert "--" not in bar.message.text + bar.message.details
        bar.clear()


@pytest.mark.parametrize("lines", [20, 30, 36, 60])
def test_all_of_a_message_is_seen_however_narrow_the_view_is(bar: MessageBar, lines: int) -> None:
    parent = bar.parentWidget()
    parent.resize(lines * bar.fontMetrics().height(), 400)
    said = "Left out of twobuildings_of_a_long_name.json: 2 × semantics and 1 more kind."
    bar.show_message(said, "warning", offer="Show report", details="All.")
    words, act = bar.text.geometry(), bar.act.geometry()
    assert not words.intersects(act)
    assert words.height() >= bar.text.heightForWidth(words.width())
    assert act.width() >= bar.act.sizeHint().width()
    assert bar.copy.isHidden() or bar.rect().contains(bar.copy.geometry())


def test_a_passing_word_is_said_at_once_and_what_stays_comes_back(bar: MessageBar) -> None:
    bar.show_message("There is no terrain.", "warning")
    bar.show_message("Up to LoD 1.", timeout=60.0)
    assert bar.text.text() == "Up to LoD 1."
    bar.close_message()
    assert bar.text.text() == "There is no terrain."
    bar.clear()
    bar.show_message("It is broken.", "error")
    bar.show_message("Up to LoD 1.", timeout=60.0)
    assert bar.text.text() == "It is broken."
