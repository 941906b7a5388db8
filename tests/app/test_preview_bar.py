"""What the window says of files before they are opened or added."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from rasterio import Affine

from twin.app.loading import Loader
from twin.app.placement_row import Standing
from twin.app.preview_bar import Chosen, PreviewBar
from twin.errors import TwinError
from twin.formats.open_project import open_project
from twin.formats.peek import Peek
from twin.model.placement import Placement
from twin.model.project import Project
from twin.session.session import Session

HOUSE = Path(__file__).parents[1] / "formats" / "data" / "house_v2.gml"


def house(folder: Path, name: str = "house", **metadata: Any) -> Path:
    """A house near the station of Helsinki as CityJSON, without a CRS unless `metadata` says one."""
    corners = [[x, y, z] for z in (0, 9) for x, y in ((0, 0), (10, 0), (10, 8), (0, 8))]
    faces = [[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
    solid = {"type": "Solid", "lod": "1", "boundaries": [[[face] for face in faces]]}
    tree = {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": metadata,
        "transform": {"scale": [1, 1, 1], "translate": [25_496_800, 6_672_800, 5]},
        "vertices": corners,
        "CityObjects": {name: {"type": "Building", "geometry": [solid]}},
    }
    path = folder / f"{name}.city.json"
    path.write_text(json.dumps(tree))
    return path


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[Loader]:
    found = Loader()
    yield found
    found.close()


@pytest.fixture
def sheet(qtbot: QtBot, loader: Loader) -> Iterator[PreviewBar]:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(900, 600)
    parent.show()
    yield PreviewBar(loader, parent)


def ready(qtbot: QtBot, sheet: PreviewBar) -> list[Peek | TwinError | None]:
    qtbot.waitUntil(lambda: None not in sheet.found, timeout=30_000)
    return list(sheet.found)


def cells(sheet: PreviewBar, row: int) -> list[str]:
    item = sheet.files.topLevelItem(row)
    assert item is not None
    return [item.text(column) for column in range(5)]


def test_a_file_tells_format_number_size_and_crs(qtbot: QtBot, sheet: PreviewBar, project: Project) -> None:
    sheet.show_files([HOUSE], project, alone=False)
    assert sheet.isVisible()
    ready(qtbot, sheet)
    name, form, holds, size, crs = cells(sheet, 0)
    assert (name, crs.startswith("EPSG:")) == ("house_v2.gml", True)
    assert form.startswith("CityGML 2.0")
    assert holds.endswith(" objects")
    assert size.endswith(" m")
    assert sheet.add.text() == "Add to Small station"
    assert sheet.title.text() == "1 file"


def test_choosing_names_the_files_and_closes_the_sheet(
    qtbot: QtBot, sheet: PreviewBar, project: Project, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.gml"
    broken.write_text("<CityModel>")
    sheet.show_files([HOUSE, broken], project, alone=False)
    found = ready(qtbot, sheet)
    assert isinstance(found[1], TwinError)
    assert "broken.gml" in cells(sheet, 1)[0]
    with qtbot.waitSignal(sheet.chosen) as heard:
        sheet.add.click()
    assert heard.args == [Chosen((HOUSE,), "", False)], "what is broken is not added"
    assert not sheet.isVisible()


def test_only_broken_files_cannot_be_chosen(
    qtbot: QtBot, sheet: PreviewBar, project: Project, tmp_path: Path
) -> None:
    (tmp_path / "a.gml").write_text("")
    sheet.show_files([tmp_path / "a.gml"], project, alone=False)
    ready(qtbot, sheet)
    assert not sheet.add.isEnabled()
    assert not sheet.alone.isEnabled()
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_a_missing_crs_is_asked_once_for_all_files(qtbot: QtBot, sheet: PreviewBar, tmp_path: Path) -> None:
    paths = [house(tmp_path, "a"), house(tmp_path, "b")]
    sheet.show_files(paths, None, alone=True)
    assert [each.crs for each in ready(qtbot, sheet) if isinstance(each, Peek)] == ["", ""]
    assert cells(sheet, 0)[1:3] == ["CityJSON 2.0", "1 object"]
    assert cells(sheet, 0)[4] == "not said"
    assert sheet._crs_row.isVisible()
    assert not sheet.alone.isEnabled()
    assert "Choose the CRS" in sheet.note.text()
    assert sheet.focusWidget() is sheet.crs, "there is nothing else to do"
    row = sheet.crs.findText("EPSG:3879 · Finland, GK25")
    sheet.crs.setCurrentIndex(row)
    sheet.crs.activated.emit(row)
    found = ready(qtbot, sheet)
    assert [each.crs for each in found if isinstance(each, Peek)] == ["EPSG:3879", "EPSG:3879"]
    with qtbot.waitSignal(sheet.chosen) as heard:
        sheet.alone.click()
    assert heard.args == [Chosen(tuple(paths), "EPSG:3879", True)]


def test_a_drawing_can_be_put_in_any_country(qtbot: QtBot, sheet: PreviewBar, tmp_path: Path) -> None:
    tree = json.loads(house(tmp_path).read_text())
    tree["transform"]["translate"] = [0.0, 0.0, 0.0]
    drawing = tmp_path / "drawing.city.json"
    drawing.write_text(json.dumps(tree))
    sheet.show_files([drawing], None, alone=True)
    ready(qtbot, sheet)
    assert "around zero" in sheet.note.text()
    offered = [sheet.crs.itemText(row) for row in range(sheet.crs.count())]
    assert offered[0] == "EPSG:3067 · Finland, TM35FIN"
    sheet.crs.setCurrentIndex(offered.index("EPSG:2056 · Switzerland, LV95"))
    sheet.crs.activated.emit(0)
    ready(qtbot, sheet)
    with qtbot.waitSignal(sheet.chosen) as heard:
        sheet.alone.click()
    assert heard.args == [Chosen((drawing,), "EPSG:2056", True)]


def test_a_crs_that_is_written_can_be_opened_at_once(qtbot: QtBot, sheet: PreviewBar, tmp_path: Path) -> None:
    path = house(tmp_path)
    sheet.show_files([path], None, alone=True)
    ready(qtbot, sheet)
    line = sheet.crs.lineEdit()
    assert line is not None
    qtbot.keyClicks(line, "EPSG:3879")
    with qtbot.waitSignal(sheet.chosen) as heard:
        qtbot.mouseClick(sheet.alone, Qt.MouseButton.LeftButton)
    assert heard.args == [Chosen((path,), "EPSG:3879", True)]


def test_a_wrong_crs_is_told_and_another_can_be_chosen(
    qtbot: QtBot, sheet: PreviewBar, tmp_path: Path
) -> None:
    sheet.show_files([house(tmp_path)], None, alone=True)
    ready(qtbot, sheet)
    for crs, kind in (("EPSG:2056", TwinError), ("nonsense", TwinError), ("EPSG:3879", Peek)):
        sheet.crs.setEditText(crs)
        line = sheet.crs.lineEdit()
        assert line is not None
        line.returnPressed.emit()
        assert isinstance(ready(qtbot, sheet)[0], kind), crs


def test_a_file_far_from_the_project_is_told(qtbot: QtBot, sheet: PreviewBar, project: Project) -> None:
    there = replace(project.place, origin=(25_496_500.0, 6_000_000.0, 0.0))
    sheet.show_files([HOUSE], replace(project, place=there), alone=False)
    ready(qtbot, sheet)
    assert " km from this project." in sheet.note.text()


def test_files_that_are_dropped_later_join_the_list_and_one_can_be_taken_out(
    qtbot: QtBot, sheet: PreviewBar, project: Project, tmp_path: Path
) -> None:
    other = house(tmp_path)
    sheet.show_files([HOUSE], project, alone=False)
    sheet.show_files([other, HOUSE], project, alone=False)
    assert sheet.files.topLevelItemCount() == 2
    item = sheet.files.topLevelItem(0)
    assert item is not None
    sheet.files.setCurrentItem(item)
    sheet.files.setFocus()
    qtbot.keyClick(sheet.files, Qt.Key.Key_Delete)
    ready(qtbot, sheet)
    assert [cells(sheet, row)[0] for row in range(sheet.files.topLevelItemCount())] == ["house.city.json"]


def test_files_added_together_make_one_project_and_one_answer(
    qtbot: QtBot, loader: Loader, tmp_path: Path
) -> None:
    project = open_project(HOUSE)
    broken = tmp_path / "broken.gml"
    broken.write_text("<CityModel>")
    heard: list[Project] = []
    failed: list[str] = []
    loader.added.connect(heard.append)
    loader.failed.connect(failed.append)
    with qtbot.waitSignal(loader.idle, timeout=30_000):
        loader.add(project, [house(tmp_path, "a"), broken, house(tmp_path, "b")], Placement(crs="EPSG:3879"))
    [grown] = heard
    assert {"a", "b"} <= set(grown.city.object_id)
    assert len(grown.sources) == 3
    assert len(failed) == 1


def test_what_is_added_while_the_project_grows_goes_on_from_there(
    qtbot: QtBot, loader: Loader, tmp_path: Path
) -> None:
    project = open_project(HOUSE)
    heard: list[Project] = []
    loader.added.connect(heard.append)
    for name in ("a", "b", "c"):
        loader.add(project, [house(tmp_path, name)], Placement(crs="EPSG:3879"))
    qtbot.waitUntil(lambda: len(heard) == 3, timeout=30_000)
    assert {"a", "b", "c"} <= set(heard[-1].city.object_id)


def test_what_is_given_up_adds_nothing(qtbot: QtBot, loader: Loader, tmp_path: Path) -> None:
    project = open_project(HOUSE)
    heard: list[Project] = []
    loader.added.connect(heard.append)
    with qtbot.waitSignal(loader.idle, timeout=30_000):
        loader.add(project, [house(tmp_path, str(i)) for i in range(5)], Placement(crs="EPSG:3879"))
        loader.cancel()
    assert heard == []


def test_a_city_that_does_not_say_where_it_lies_is_asked_about(
    qtbot: QtBot, loader: Loader, tmp_path: Path
) -> None:
    path, failed = house(tmp_path, "a"), []
    loader.failed.connect(failed.append)
    with qtbot.waitSignal(loader.unplaced, timeout=30_000) as heard:
        loader.open(path)
    assert heard.args == [path]
    with qtbot.waitSignal(loader.loaded, timeout=30_000):
        loader.open(path, "EPSG:3879")
    assert failed == []


def test_tiles_are_opened_in_one_place(qtbot: QtBot, loader: Loader, tmp_path: Path) -> None:
    crs = "https://www.opengis.net/def/crs/EPSG/0/3879"
    tiles = [house(tmp_path, name, referenceSystem=crs) for name in "ab"]
    with qtbot.waitSignal(loader.loaded, timeout=30_000) as heard:
        loader.open(tiles[0], more=tiles[1:])
    project = heard.args[0]
    assert set(project.city.object_id) == {"a", "b"}
    assert [source.id for source in project.sources] == ["a", "b"]
    session = Session(project, heard.args[1])
    assert session.scene.built is not None


def test_a_bad_file_does_not_stop_the_others_be_it_the_first_or_not(
    qtbot: QtBot, loader: Loader, tmp_path: Path
) -> None:
    crs = "https://www.opengis.net/def/crs/EPSG/0/3879"
    good = [house(tmp_path, name, referenceSystem=crs) for name in "ab"]
    bad = [tmp_path / "first.gml", tmp_path / "second.gml", tmp_path / "amid.city.json"]
    for path in bad:
        path.write_text("<CityModel>")
    failed: list[str] = []
    far: list[float] = []
    loader.failed.connect(failed.append)
    loader.progressed.connect(far.append)
    with qtbot.waitSignal(loader.loaded, timeout=30_000) as heard:
        loader.open(bad[0], more=[bad[1], good[0], bad[2], good[1]])
    assert [source.id for source in heard.args[0].sources] == ["a", "b"]
    assert [next(path.name for path in bad if path.name in text) for text in failed] == [
        "first.gml",
        "second.gml",
        "amid.city.json",
    ]
    assert far == sorted(far), "progress over all of them"
    assert far[-1] == pytest.approx(1.0)
    failed.clear()
    with qtbot.waitSignal(loader.idle, timeout=30_000):
        loader.open(bad[0], more=bad[1:])
    assert len(failed) == 3


def test_real_tiles_of_two_formats_are_listed_and_opened_as_one_project(
    qtbot: QtBot, sheet: PreviewBar, loader: Loader, tmp_path: Path, shared_data: Path
) -> None:
    tiles = [shared_data / "cityjson" / "delft.city.json", shared_data / "citygml/small/delft-citygml2.xml"]
    broken = tmp_path / "cut.gml"
    broken.write_bytes(tiles[1].read_bytes()[:20_000])
    sheet.show_files([broken, *tiles], None, alone=True)
    [bad, json_tile, gml_tile] = ready(qtbot, sheet)
    assert isinstance(bad, TwinError)
    assert isinstance(json_tile, Peek) and isinstance(gml_tile, Peek)
    assert (json_tile.format, gml_tile.format) == ("CityJSON 2.0", "CityGML 2.0")
    assert json_tile.crs == gml_tile.crs == "EPSG:7415"
    assert json_tile.count == len(json.loads(tiles[0].read_text())["CityObjects"])
    assert gml_tile.count == tiles[1].read_text().count("<cityObjectMember>")
    with qtbot.waitSignal(sheet.chosen) as heard:
        sheet.alone.click()
    [chosen] = heard.args
    assert chosen.paths == tuple(tiles), "what is broken is not opened"
    with qtbot.waitSignal(loader.loaded, timeout=60_000) as loaded:
        loader.open(chosen.paths[0], chosen.crs, more=chosen.paths[1:])
    project = loaded.args[0]
    assert [source.path for source in project.sources] == [path.resolve() for path in tiles]
    whole = project.whole or project.city
    assert len(whole.object_id) == json_tile.count + gml_tile.count


def cube(folder: Path, side: float = 10.0) -> Path:
    """A cube around zero, as a mesh that says nothing of where it stands."""
    corners = [(x, y, z) for z in (0, side) for y in (0, side) for x in (0, side)]
    faces = ((1, 3, 4, 2), (5, 6, 8, 7), (1, 2, 6, 5), (2, 4, 8, 6), (4, 3, 7, 8), (3, 1, 5, 7))
    path = folder / "cube.obj"
    lines = [f"v {x} {y} {z}" for x, y, z in corners]
    path.write_text("\n".join([*lines, *("f " + " ".join(map(str, face)) for face in faces)]))
    return path


def test_a_model_that_does_not_say_where_it_stands_is_placed(
    qtbot: QtBot, sheet: PreviewBar, project: Project, tmp_path: Path
) -> None:
    path = cube(tmp_path)
    sheet.show_files([path, HOUSE], project, alone=False)
    [found, _] = ready(qtbot, sheet)
    assert isinstance(found, Peek)
    assert found.placeless
    assert sheet.placement.isVisible()
    assert not sheet._crs_row.isVisible()
    assert sheet.placement.standing.where == "click"
    row = sheet.placement.unit.findData(0.3048)
    sheet.placement.unit.setCurrentIndex(row)
    sheet.placement.unit.activated.emit(row)
    [found, _] = ready(qtbot, sheet)
    assert isinstance(found, Peek)
    assert found.size == pytest.approx((3.048, 3.048))
    with qtbot.waitSignal(sheet.chosen) as heard:
        sheet.add.click()
    [chosen] = heard.args
    assert (chosen.placeless, chosen.standing) == ((path,), Standing("click", 0.3048, ""))
    assert chosen.body == pytest.approx((3.048, 3.048, 3.048))


def test_each_file_is_added_where_it_stands(qtbot: QtBot, loader: Loader, tmp_path: Path) -> None:
    project = open_project(HOUSE)
    east, north, up = project.place.origin
    there = Placement((east + 500.0, north + 300.0, up), scale=0.5)
    tile, mesh = house(tmp_path, "tile"), cube(tmp_path)
    with qtbot.waitSignal(loader.added, timeout=30_000) as heard:
        loader.add(project, [tile, mesh], Placement(crs="EPSG:3879"), {mesh: there})
    [grown] = heard.args
    assert [source.placement for source in grown.sources[1:]] == [Placement(crs="EPSG:3879"), there]
    corners = grown.city.vertices[-24:]
    assert corners.min(axis=0)[:2] == pytest.approx((500.0, 300.0), abs=0.01)
    assert corners.max(axis=0)[:2] == pytest.approx((505.0, 305.0), abs=0.01)


def grid(folder: Path, name: str, crs: str | None = "EPSG:3879", bands: int = 1) -> Path:
    options = {"width": 20, "height": 10, "count": bands, "dtype": "float32", "crs": crs}
    there = Affine(5.0, 0, 25_496_800.0, 0, -5.0, 6_672_900.0)
    with rasterio.open(folder / name, "w", driver="GTiff", transform=there, **options) as file:
        file.write(np.arange(200.0 * bands, dtype=np.float32).reshape(bands, 10, 20))
    return folder / name


def test_grids_are_asked_which_of_them_is_the_ground(qtbot: QtBot, sheet: PreviewBar, tmp_path: Path) -> None:
    names = ("plain.tif", "city_dem.tif", "heat.tif")
    paths = [grid(tmp_path, name) for name in names] + [grid(tmp_path, "bands.tif", bands=2)]
    sheet.show_files(paths, None, alone=True)
    ready(qtbot, sheet)
    choices = [sheet.ground.which.itemText(row) for row in range(sheet.ground.which.count())]
    assert choices == ["none of these grids", "all 3 grids", *names]
    assert sheet.ground.chosen == (paths[1],), "its name says so"
    sheet.ground.which.setCurrentIndex(2)
    sheet.ground.which.activated.emit(2)
    sheet.show_files([grid(tmp_path, "other_dtm.tif")], None, alone=True)
    ready(qtbot, sheet)
    assert sheet.ground.chosen == (paths[0],), "what was chosen stays"
    assert cells(sheet, 0) == ["plain.tif", "GeoTIFF", "200 cells", "100 × 50 m", "EPSG:3879"]
    assert sheet.alone.isEnabled()
    with qtbot.waitSignal(sheet.chosen) as heard:
        sheet.alone.click()
    assert heard.args[0].ground == (paths[0],)


def test_a_raster_without_a_crs_is_refused_and_one_far_away_is_told(
    qtbot: QtBot, sheet: PreviewBar, tmp_path: Path
) -> None:
    project = open_project(HOUSE)
    nowhere, far = grid(tmp_path, "nowhere.tif", crs=None), grid(tmp_path, "far.tif", crs="EPSG:3878")
    sheet.show_files([nowhere, far], project, alone=False)
    found = ready(qtbot, sheet)
    assert "does not say its coordinate system" in str(found[0])
    assert isinstance(found[1], Peek)
    assert "from this project" in sheet.note.text()


def test_grids_that_were_chosen_become_one_ground(qtbot: QtBot, loader: Loader, tmp_path: Path) -> None:
    paths = [grid(tmp_path, "a.tif"), grid(tmp_path, "b.tif"), grid(tmp_path, "heat.tif")]
    with qtbot.waitSignal(loader.loaded, timeout=30_000) as heard:
        loader.open(paths[0], more=paths[1:], ground=paths[:2])
    project = heard.args[0]
    assert project.terrain.sources == ("a", "b")
    assert [raster.id for raster in project.rasters] == ["heat"]
    with qtbot.waitSignal(loader.added, timeout=30_000) as heard:
        loader.add(project, [grid(tmp_path, "my_dem.tif")], Placement(), ground=())
    assert [raster.id for raster in heard.args[0].rasters] == ["heat", "my_dem"]
