from pytestqt.qtbot import QtBot

from twin.app.fact_table import FactTable
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


def test_other_facts_leave_nothing_of_the_first(qtbot: QtBot) -> None:
    table = FactTable()
    qtbot.addWidget(table)
    table.show_sections([Section("File", (("Decided by", SENTENCE), ("CRS", "EPSG:3879")))])
    table.show_sections([Section("File", (("a", "b"), ("c", "d"), ("e", "f")))])
    assert [table.columnSpan(row, 0) for row in range(4)] == [2, 1, 1, 1]
    last = table.item(3, 1)
    assert last is not None
    assert last.text() == "f"
