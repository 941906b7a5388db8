"""The wizard goes from a place to a project, and says at each step what is missing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import small_map
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from twin.app.area_wizard import AreaWizard
from twin.app.station_area import gather
from twin.errors import Cancelled
from twin.formats import presets
from twin.formats.area_write import write
from twin.formats.open_project import open_project
from twin.model.station_area import Wanted


@pytest.fixture
def wizard(qtbot: QtBot) -> Iterator[AreaWizard]:
    made = AreaWizard()
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.work.close()


@pytest.fixture
def osm(tmp_path: Path) -> Path:
    return small_map.write(tmp_path / "town.osm")


def at_the_files(wizard: AreaWizard, *paths: Path) -> None:
    wizard.place.move_to(*small_map.CENTRE)
    wizard.place.radius.setValue(250)
    wizard.go_on()
    wizard.files.rows["osm"].show_paths(paths)


def test_a_place_becomes_a_project_in_three_steps(
    wizard: AreaWizard, qtbot: QtBot, osm: Path, tmp_path: Path
) -> None:
    assert "EPSG:3879" in wizard.place.why.text()
    at_the_files(wizard, osm)
    assert "EPSG:3878" in wizard.place.why.text()
    with qtbot.waitSignal(wizard.work.gathered, timeout=20_000):
        wizard.go_on()
    qtbot.waitUntil(lambda: wizard.found is not None)
    cells = [
        tuple(item.text() if (item := wizard.finds.table.item(row, column)) else "" for column in (0, 1))
        for row in range(wizard.finds.table.rowCount())
    ]
    assert ("Buildings", "4") in cells
    assert ("Heights: height tag", "25%") in cells
    out = tmp_path / "out" / "town.twin.json"
    wizard.finds.path.setText(str(out))
    assert "there is no folder" in wizard.note.text()
    assert not wizard.next.isEnabled()
    out.parent.mkdir()
    wizard.judge()
    with qtbot.waitSignal(wizard.made, timeout=20_000) as made:
        wizard.go_on()
    assert made.args == [out]
    assert open_project(out).notices == ()


def test_a_click_on_the_plan_moves_the_centre(wizard: AreaWizard, qtbot: QtBot) -> None:
    wizard.place.move_to(*small_map.CENTRE)
    wizard.place.radius.setValue(500)
    side = min(wizard.plan.width(), wizard.plan.height() - 26) - 28
    above = QPoint(wizard.plan.width() // 2, 14)
    qtbot.mouseClick(wizard.plan, Qt.MouseButton.LeftButton, pos=above)
    pixel = 1000 / side / 111_000
    assert wizard.place.latitude.value() == pytest.approx(small_map.CENTRE[0] + 500 / 111_400, abs=2 * pixel)
    assert wizard.place.longitude.value() == pytest.approx(small_map.CENTRE[1], abs=6 * pixel)


def test_the_plan_shows_what_was_found(wizard: AreaWizard, qtbot: QtBot, osm: Path) -> None:
    empty = wizard.plan.grab().toImage()
    at_the_files(wizard, osm)
    box = wizard.plan.grab().toImage()
    assert box != empty, "what the map holds is drawn around the circle"
    with qtbot.waitSignal(wizard.work.gathered, timeout=20_000):
        wizard.go_on()
    qtbot.waitUntil(lambda: wizard.found is not None)
    found = wizard.plan.grab().toImage()
    colours = {
        found.pixelColor(x, y).name() for x in range(0, found.width(), 2) for y in range(0, found.height(), 2)
    }
    assert {"#b9b2a6", "#cfdfba", "#b5d3e2"} <= colours, "buildings, a park, water"


def test_nothing_goes_on_without_files(wizard: AreaWizard, osm: Path) -> None:
    at_the_files(wizard)
    assert wizard.note.text() == "Choose at least one file."
    assert not wizard.next.isEnabled()
    wizard.files.rows["osm"].show_paths([osm.with_name("gone.osm.pbf")])
    assert wizard.note.text() == "There is no file gone.osm.pbf."
    wizard.files.rows["osm"].show_paths([osm])
    assert wizard.next.isEnabled()


def test_a_wrong_place_is_named(wizard: AreaWizard) -> None:
    wizard.place.crs.setText("4326")
    assert "is not in metres" in wizard.place.why.text()
    assert not wizard.next.isEnabled()
    wizard.place.crs.setText("3067")
    assert wizard.place.why.text().startswith("EPSG:3067: chosen")


def test_what_fails_is_said_and_can_be_mended(wizard: AreaWizard, qtbot: QtBot, tmp_path: Path) -> None:
    far = small_map.write(tmp_path / "far.osm", reach=10.0)
    at_the_files(wizard, far)
    wizard.place.move_to(60.17, 24.94)
    with qtbot.waitSignal(wizard.work.failed, timeout=20_000):
        wizard.go_on()
    qtbot.waitUntil(lambda: "holds nothing of the area" in wizard.note.text())
    assert wizard.pages.isEnabled()
    assert wizard.found is None


def test_looking_can_be_given_up(wizard: AreaWizard, qtbot: QtBot, osm: Path) -> None:
    at_the_files(wizard, osm)
    with qtbot.waitSignal(wizard.work.cancelled, timeout=20_000):
        wizard.go_on()
        wizard.stop.click()
    qtbot.waitUntil(lambda: wizard.note.text() == "Given up.")
    assert wizard.isVisible()


def test_presets_bring_place_and_addresses(wizard: AreaWizard) -> None:
    names = [preset.name for preset in presets.read_all()]
    assert names == ["Helsinki", "Tallinn", "Tampere"]
    for number, crs in enumerate(("EPSG:3879", "EPSG:3301", "EPSG:3878"), start=1):
        wizard.place.preset.setCurrentIndex(number)
        wizard.place.preset.activated.emit(number)
        assert crs in wizard.place.why.text()
        assert "https://" in wizard.files.addresses.toPlainText()
    assert not wizard.files.addresses.isReadOnly()


def test_everything_has_a_name_and_plain_text(wizard: AreaWizard) -> None:
    nameless = [
        widget
        for widget in wizard.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.accessibleName()
        and not getattr(widget, "text", str)()
        and not widget.objectName().startswith("qt_")
    ]
    assert nameless == []
    labels = (wizard.note, wizard.title, wizard.place.why)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_writing_that_is_given_up_leaves_nothing_behind(osm: Path, tmp_path: Path) -> None:
    found = gather(Wanted(*small_map.CENTRE, 250, osm=osm))
    out = tmp_path / "town.twin.json"

    def give_up(share: float) -> None:
        if share > 0.6:
            raise Cancelled("cancelled")

    with pytest.raises(Cancelled):
        write(found, out, progress=give_up)
    assert not out.exists()
    assert not (tmp_path / "town").exists()
    write(found, out)
    assert open_project(out).layers
