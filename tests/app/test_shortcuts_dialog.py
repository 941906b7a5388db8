from collections.abc import Iterator, Mapping

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from twin.app.about_dialog import AboutDialog, data_text, libraries_text
from twin.app.shortcuts_dialog import ShortcutsDialog
from twin.model.project import Project

DEFAULTS = {"open": "Ctrl+O", "save": "Ctrl+S", "top": "T"}


@pytest.fixture
def saved() -> list[Mapping[str, str]]:
    return []


@pytest.fixture
def dialog(qtbot: QtBot, saved: list[Mapping[str, str]]) -> Iterator[ShortcutsDialog]:
    owner = QWidget()
    qtbot.addWidget(owner)
    actions = []
    for name, keys in DEFAULTS.items():
        action = QAction(name.title(), owner)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(keys))
        actions.append(action)
    yield ShortcutsDialog(actions, DEFAULTS, saved.append, owner)


def keys(dialog: ShortcutsDialog) -> list[str]:
    items = [dialog.table.topLevelItem(i) for i in range(dialog.table.topLevelItemCount())]
    return [item.text(2) for item in items if item]


def test_changed_keys_reach_the_action_and_only_they_are_saved(
    dialog: ShortcutsDialog, saved: list[Mapping[str, str]]
) -> None:
    dialog.set_keys("top", "Shift+T")
    assert keys(dialog) == ["Ctrl+O", "Ctrl+S", "Shift+T"]
    owner = dialog.parentWidget()
    assert owner is not None
    actions = {a.objectName(): a for a in owner.findChildren(QAction)}
    assert actions["top"].shortcut().toString() == "T"
    dialog.accept()
    assert actions["top"].shortcut().toString() == "Shift+T"
    assert saved == [{"top": "Shift+T"}]


def test_keys_belong_to_one_action_only(dialog: ShortcutsDialog) -> None:
    third = dialog.table.topLevelItem(2)
    assert third is not None
    dialog.table.setCurrentItem(third)
    dialog.edit.setKeySequence(QKeySequence("Ctrl+S"))
    dialog.edit.editingFinished.emit()
    assert keys(dialog) == ["Ctrl+O", "", "Ctrl+S"]
    assert "Save" in dialog.clash.text()


def test_reset_brings_the_first_keys_back(dialog: ShortcutsDialog, saved: list[Mapping[str, str]]) -> None:
    dialog.set_keys("open", "")
    dialog.reset_all.click()
    dialog.accept()
    assert saved == [{}]


def test_search_finds_by_name_and_by_key(dialog: ShortcutsDialog) -> None:
    for text, left in (("sav", ["Save"]), ("ctrl+o", ["Open"]), ("", ["Open", "Save", "Top"])):
        dialog.search.setText(text)
        dialog.search.textEdited.emit(text)
        items = [dialog.table.topLevelItem(i) for i in range(3)]
        assert [item.text(0) for item in items if item and not item.isHidden()] == left


def test_about_names_the_owners_of_the_data(project: Project) -> None:
    text = data_text(project)
    assert "© The tests, CC BY 4.0" in text
    assert "noise.gpkg is missing." in text
    assert data_text(None) == "No project is open."


def test_about_names_libraries_and_licences() -> None:
    text = libraries_text()
    assert "lxml" in text
    assert "PySide6_Essentials" in text
    for line in text.splitlines():
        assert ": " in line


def test_about_reads_what_is_installed_only_when_asked(qtbot: QtBot, project: Project) -> None:
    dialog = AboutDialog(project)
    qtbot.addWidget(dialog)
    assert dialog.libraries.toPlainText() == ""
    dialog.tabs.setCurrentIndex(1)
    assert "Python" in dialog.libraries.toPlainText()
    assert all(field.accessibleName() or not field.isVisible() for field in dialog.findChildren(QLineEdit))
