from pytestqt.qtbot import QtBot

from twin.app.fact_table import BREAK, FactTable, breakable
from twin.app.facts import Section

SENTENCE = "The srsName of the file says so, and the numbers lie in the area that this system is made for."


def test_a_sentence_has_the_whole_width_below_its_name(qtbot: QtBot) -> None:
    table = FactTable()
    qtbot.addWidget(table)
    table.show_sections([Section("File", (("CRS", "EPSG:3879"), ("Decided by", SENTENCE)))])
    texts = [
        [item.text() if (item := table.item(row, column)) else "" for column in range(2)]
        for row in range(table.rowCount())
    ]
    assert texts == [["File", ""], ["CRS", "EPSG:3879"], ["Decided by", ""], [SENTENCE, ""]]
    assert [table.columnSpan(row, 0) for row in range(4)] == [2, 1, 2, 2]


def test_names_of_attributes_break_between_their_words() -> None:
    assert breakable("RelativeRidgeHeight").split(BREAK) == ["Relative", "Ridge", "Height"]
    assert breakable("klumMaterialClass").split(BREAK) == ["klum", "Material", "Class"]
    assert breakable("GUID_409B92DA").split(BREAK) == ["GUID_", "409B92DA"]


def test_a_value_has_as_many_lines_as_it_needs_when_the_table_becomes_narrow(qtbot: QtBot) -> None:
    table = FactTable()
    qtbot.addWidget(table)
    table.resize(600, 200)
    table.show_sections([Section("Surface", (("Faces", "north-west (329°)"),))])
    table.show()
    line = table.rowHeight(1)
    table.resize(9 * table.fontMetrics().height(), 200)
    assert table.rowHeight(1) > line


def test_short_values_leave_room_for_long_names(qtbot: QtBot) -> None:
    table = FactTable()
    qtbot.addWidget(table)
    table.resize(240, 200)
    table.show_sections([Section("A", (("RelativeRidgeHeight", "9.58"),))])
    table.show()
    assert table.columnWidth(0) > 0.42 * table.viewport().width()


def test_other_facts_leave_nothing_of_the_first(qtbot: QtBot) -> None:
    table = FactTable()
    qtbot.addWidget(table)
    table.show_sections([Section("File", (("Decided by", SENTENCE), ("CRS", "EPSG:3879")))])
    table.show_sections([Section("File", (("a", "b"), ("c", "d"), ("e", "f")))])
    assert [table.columnSpan(row, 0) for row in range(4)] == [2, 1, 1, 1]
    last = table.item(3, 1)
    assert last is not None
    assert last.text() == "f"
