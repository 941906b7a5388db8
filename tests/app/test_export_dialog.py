"""The export dialog has a page for every kind, shows what it will make, and hands it over to the command."""

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import small_station
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from twin.app import export_process
from twin.app.export_dialog import KINDS, ExportDialog
from twin.app.export_files import IndicatorsPage, ModelPage, ValuesPage
from twin.app.export_film import FilmPage
from twin.app.export_page import Given, Page, ProcessWork
from twin.app.export_picture import PicturePage
from twin.app.export_preview import ROOM, reduced
from twin.app.export_process import problem_of, start_export
from twin.app.export_report import ReportPage
from twin.app.export_series import SeriesPage
from twin.app.export_sun_study import SunStudyPage
from twin.app.export_web import WebPage
from twin.app.film_process import arguments, start_film
from twin.cli.film import film_of
from twin.cli.main import parser
from twin.cli.matrix_sheets import wanted_of
from twin.errors import TwinError
from twin.formats import state_json, strict_json
from twin.formats.open_project import first_state, open_project
from twin.model.project import Project
from twin.model.sheet import Panel, Sheet
from twin.model.state import Bookmark
from twin.scene.film import Film

pytestmark = pytest.mark.usefixtures("qapp")

STATE = replace(small_station.TODAY, camera=small_station.VIEW)
MARKS = tuple(
    Bookmark(f"m{i}", f"Mark {i}", replace(small_station.VIEW, position=(100.0 * i, -300.0, 150.0)))
    for i in range(3)
)
PROJECT = small_station.project(bookmarks=MARKS)
Ask = Callable[..., ExportDialog]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Makes dialogs that are put away after the test."""
    made: list[ExportDialog] = []

    def one(kind: str = "picture", **given: Any) -> ExportDialog:
        whole = Given(PROJECT, STATE, tmp_path / "view.png")
        made.append(ExportDialog(replace(whole, **given), kind))
        return made[-1]

    yield one
    for dialog in made:
        if isValid(dialog):  # else it has closed itself
            dialog.close()
            dialog.deleteLater()


def choose(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def save_button(dialog: ExportDialog) -> QWidget:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Save)


def told_of(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the process of a page is told."""
    ran: list[list[str]] = []
    monkeypatch.setattr(export_process.QProcess, "start", lambda self: ran.append(self.arguments()[2:]))
    path = tmp_path / "out"
    work = page.start(path.with_suffix(page.ending) if page.ending else path, lambda _part: None, page)
    assert isinstance(work, ProcessWork)
    return ran[0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_page_with_a_name_for_each_thing_that_is_asked(kind: str, ask: Ask) -> None:
    dialog = ask(kind)
    assert dialog.page.kind == kind
    assert dialog.path.text().startswith(str(dialog.given.path.parent))
    nameless = [
        widget
        for widget in dialog.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.window() is dialog
        and not widget.accessibleName()
        and not widget.objectName().startswith("qt_")
        and not getattr(widget, "text", str)()
    ]
    assert nameless == []


def test_what_is_typed_on_one_page_is_there_when_one_comes_back(ask: Ask, tmp_path: Path) -> None:
    dialog = ask()
    dialog.path.setText(str(tmp_path / "mine.jpg"))
    dialog.path.textEdited.emit("")
    dialog.show_kind("report")
    assert dialog.path.text() == str(tmp_path / "view.pdf")
    dialog.show_kind("picture")
    assert dialog.path.text() == str(tmp_path / "mine.jpg")


def test_a_picture_is_asked_for_as_a_page_with_a_scale(ask: Ask) -> None:
    dialog = ask(state=replace(STATE, overlay="use"))
    page = dialog.page
    assert isinstance(page, PicturePage)
    assert (page.sheet.page, page.sheet.size) == ("screen", (1920, 1080))
    page.scale.setCurrentText("1:1000")
    choose(page.page, "a4")
    assert (page.sheet.page, page.sheet.size, page.sheet.scale) == ("a4", (2339, 1654), 1000.0)
    assert page.sheet.panels[0].state.overlay == "use"
    page.logo.setText("nowhere.png")
    page.logo.textEdited.emit("")
    assert "no logo nowhere.png" in dialog.problem.text()


def test_a_picture_may_be_of_a_side_and_on_a_page_of_ones_own(ask: Ask, tmp_path: Path) -> None:
    dialog = ask()
    page = dialog.page
    assert isinstance(page, PicturePage)
    choose(page.view, "north")
    camera = page.sheet.panels[0].state.camera
    assert camera is not None
    assert camera.height > 0
    assert camera.position[1] > camera.target[1], "one stands in the north"
    template = tmp_path / "board.toml"
    template.write_text("width = 254\nheight = 508")
    page.template.setText(str(template))
    page.template.textEdited.emit("")
    assert (page.sheet.page, page.sheet.size) == ("own", (2000, 4000))
    assert save_button(dialog).isEnabled()
    template.write_text("width = 2")
    page.template.textEdited.emit("")
    assert "is 2 mm" in dialog.problem.text()
    assert not save_button(dialog).isEnabled()


def test_nothing_is_saved_where_nothing_can_be(ask: Ask, tmp_path: Path) -> None:
    dialog = ask("film")
    assert save_button(dialog).isEnabled()
    for kind, name, said in (("film", "film.webp", "no folder"), ("web", "page", "no folder")):
        dialog.show_kind(kind)
        dialog.path.setText(str(tmp_path / "none" / name))
        dialog.path.textEdited.emit("")
        assert not save_button(dialog).isEnabled()
        assert said in dialog.problem.text()


def test_a_preview_has_the_layout_of_the_whole_and_no_more_dots_than_room() -> None:
    whole = Sheet((Panel(STATE),), (15360, 8640), clear=True, deep=True)
    small = reduced(whole)
    assert small.size == (2 * ROOM[0], 2 * 315)
    assert (small.clear, small.deep, small.panels) == (False, False, whole.panels)
    assert max(reduced(replace(whole, page="a4", size=(2339, 1654))).size) <= ROOM[0]


def test_a_series_is_a_matrix_that_the_command_understands(ask: Ask, tmp_path: Path) -> None:
    page = ask("series").page
    assert isinstance(page, SeriesPage)
    page.hours.setText("9, 12:30")
    tree = tomllib.loads("".join(f"{name} = {json.dumps(value)}\n" for name, value in page.matrix.items()))
    here = Bookmark("this-view", "This view", small_station.VIEW)
    project = replace(PROJECT, bookmarks=(*MARKS, here))
    wanted = wanted_of_tree(project, tree, tmp_path)
    assert len(wanted) == page.count == 2 * len(PROJECT.scenarios)
    assert {sheet.panels[0].state.camera for sheet in wanted} == {small_station.VIEW}
    assert {f"{sheet.panels[0].state.time:%H:%M}" for sheet in wanted} == {"09:00", "12:30"}


def wanted_of_tree(project: Project, tree: dict[str, object], tmp_path: Path) -> list[Sheet]:
    """As of a matrix file, of a project that was never saved."""
    from unittest.mock import patch

    with patch("twin.cli.matrix_sheets.first_state", lambda _project: STATE):
        return [each.sheet for each in wanted_of(tmp_path / "a.toml", project, tree)]


@pytest.mark.parametrize(
    ("way", "page", "views"), [("small_multiples", "a3", 6), ("pairs", "16x9", 2), ("swipe", "screen", 1)]
)
def test_a_series_can_be_put_together(way: str, page: str, views: int, ask: Ask, tmp_path: Path) -> None:
    asked = ask("series").page
    assert isinstance(asked, SeriesPage)
    asked.hours.setText("9, 15")
    choose(asked.page, page)
    choose(asked.together, way)
    project = replace(PROJECT, bookmarks=(*MARKS, Bookmark("this-view", "This view", small_station.VIEW)))
    sheets = wanted_of_tree(project, asked.matrix, tmp_path)
    assert len(sheets) == asked.count
    assert {len(sheet.panels) for sheet in sheets} == {views}
    assert asked.sheet is not None
    assert len(asked.sheet.panels) == views


@pytest.mark.parametrize("text", ["", "25", "nine", "9:61"])
def test_an_hour_that_is_none_is_named(text: str, ask: Ask, tmp_path: Path) -> None:
    page = ask("series").page
    assert isinstance(page, SeriesPage)
    page.hours.setText(text)
    with pytest.raises(TwinError, match="is no hour"):
        page.check(tmp_path / "series")


def test_a_flight_lists_this_view_and_the_bookmarks_and_counts_the_pictures(ask: Ask) -> None:
    page = ask("film").page
    assert isinstance(page, FilmPage)
    assert page.film.views == (small_station.VIEW, *(mark.camera for mark in MARKS))
    calm = page.film.seconds

    page.views.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert page.film.views == tuple(mark.camera for mark in MARKS)
    assert page.film.seconds < calm
    page.seconds.setValue(4.0)
    page.rate.setValue(30)
    assert page.film.frames == 120
    assert "120 pictures, 4.0 s" in page.told


def test_each_kind_of_film_asks_for_what_it_needs_only(ask: Ask) -> None:
    dialog = ask("film")
    page = dialog.page
    assert isinstance(page, FilmPage)
    shown = {}
    for kind in ("flight", "day", "morph"):
        choose(page.kind_box, kind)
        shown[kind] = [page.form.isRowVisible(w) for w in (page.views, page.daylight, page.after)]
        assert page.film.kind == kind
        assert (page.aside is page.map) == (kind == "flight")
    assert shown == {
        "flight": [True, False, False],
        "day": [False, True, False],
        "morph": [False, False, True],
    }
    assert page.film.after == page.sheet.panels[0].state.scenario == "tower"


def test_what_the_window_hands_over_is_the_film_that_the_command_makes(tmp_path: Path) -> None:
    views = tuple(mark.camera for mark in MARKS)
    state = tmp_path / "state.json"
    state.write_bytes(strict_json.dump(state_json.encode(STATE)))
    for film in (
        Film("flight", STATE, views, frames=77, rate=30.0, size=(640, 360), pause=1.5, plain=True),
        Film("day", STATE, frames=20, hours=(6.5, 21.0)),
        Film("morph", STATE, after="tower", frames=20, shadows="raster"),
    ):
        options = parser().parse_args(["film", "a.twin.json", *arguments(film, state), "--out", "x.webp"])
        assert film_of(PROJECT, options) == film


def test_a_report_compares_the_scenario_in_view_with_the_baseline(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = ask("report", state=replace(STATE, scenario="tower"))
    page = dialog.page
    assert isinstance(page, ReportPage)
    options = parser().parse_args(told_of(page, tmp_path, monkeypatch))
    assert (options.scenario, options.against, options.language) == ("tower", "today", "en")
    assert (options.out, options.progress) == (tmp_path / "out.pdf", True)

    choose(page.scenario, "today")
    assert not save_button(dialog).isEnabled()
    assert "itself" in dialog.problem.text()


def test_a_sun_study_is_of_what_is_ticked(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ask("sun-study", state=replace(STATE, scenario="tower")).page
    assert isinstance(page, SunStudyPage)
    page.scale.setCurrentText("1:2000")
    choose(page.language, "et")
    assert page.sheet is not None
    assert (len(page.sheet.panels), page.sheet.columns, page.sheet.scale) == (16, 4, 2000.0)
    options = parser().parse_args(told_of(page, tmp_path, monkeypatch))
    assert (options.scenario, options.map_scale, options.language) == (["tower"], "1:2000", "et")
    assert (options.page, options.year, options.out) == ("a3", 2026, tmp_path / "out")


def test_web_page_model_and_indicators_hand_over_what_is_chosen(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = replace(STATE, scenario="tower", overlay="sun_hours", year=2040)
    web, model, table = (ask(kind, state=state).page for kind in ("web", "model", "indicators"))
    assert isinstance(web, WebPage)
    assert isinstance(model, ModelPage)
    assert isinstance(table, IndicatorsPage)
    monkeypatch.setattr(export_process.QTemporaryDir, "remove", lambda _self: True)
    options = parser().parse_args(told_of(web, tmp_path, monkeypatch))
    assert (options.overlays, options.out) == ("sun_hours", tmp_path / "out")
    choose(model.format, ".glb")
    assert model.suggested.name == "view.glb"
    options = parser().parse_args(told_of(model, tmp_path, monkeypatch))
    assert (options.scenario, options.year, options.out) == ("tower", 2040, tmp_path / "out.glb")
    options = parser().parse_args(told_of(table, tmp_path, monkeypatch))
    assert (options.baseline, options.year, options.out) == ("today", 2040, tmp_path / "out.xlsx")


@pytest.mark.parametrize(
    ("typed", "chosen", "path"),
    [
        ("a", ".gml", "a.gml"),
        ("a.glb", ".glb", "a.glb"),
        ("a.city.json", ".gml", "a.gml"),
        ("a.b", ".obj", "a.b.obj"),
        ("a.gml", ".tileset.json", "a.tileset.json"),
    ],
)
def test_a_model_ends_as_its_format(typed: str, chosen: str, path: str, ask: Ask) -> None:
    dialog = ask("model")
    page = dialog.page
    assert isinstance(page, ModelPage)
    dialog.path.setText(typed)
    choose(page.format, chosen)
    assert dialog.path.text() == path


def test_values_are_written_as_they_are_in_view(ask: Ask, tmp_path: Path, qtbot: QtBot) -> None:
    import rasterio

    state = replace(STATE, overlay="sun_hours")
    dialog = ask("values", state=state, scene=small_station.scene(overlay="sun_hours"))
    assert isinstance(dialog.page, ValuesPage)
    assert "Sun hours" in dialog.page.what.text()
    assert dialog.path.text() == str(tmp_path / "view sun_hours.tif")
    with qtbot.waitSignal(dialog.saved, timeout=10_000) as said:
        dialog.save()
    assert said.args == [str(tmp_path / "view sun_hours.tif"), ""]
    with rasterio.open(tmp_path / "view sun_hours.tif") as found:
        assert found.tags()["OVERLAY"] == "sun_hours"


def test_without_values_none_can_be_written(ask: Ask) -> None:
    dialog = ask("values", scene=small_station.scene())
    assert not save_button(dialog).isEnabled()
    assert "no grid of values" in dialog.problem.text()


def test_a_film_is_made_beside_the_window(helsinki: Path, tmp_path: Path) -> None:
    project = open_project(helsinki)
    film = Film("flight", first_state(project), (small_station.VIEW,), frames=3, size=(160, 90), plain=True)
    process = start_film(project, film, tmp_path / "film.webp")
    assert process.waitForFinished(60_000)
    assert problem_of(process) == ""
    with Image.open(tmp_path / "film.webp") as found:
        found.seek(2)
        assert found.size == (160, 90)
        with pytest.raises(EOFError):
            found.seek(3)


def test_what_is_given_up_leaves_nothing_and_the_dialog_can_be_used_again(
    helsinki: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    project = open_project(helsinki)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    state = replace(first_state(project), camera=small_station.VIEW)
    dialog = ask("film", project=project, state=state)
    page = dialog.page
    assert isinstance(page, FilmPage)
    page.seconds.setValue(200.0)
    dialog.save()
    assert dialog.busy
    assert not save_button(dialog).isEnabled()
    qtbot.waitUntil(lambda: dialog.bar.maximum() == 1000 and dialog.bar.value() > 0, timeout=60_000)
    dialog.reject()

    assert not dialog.busy
    assert save_button(dialog).isEnabled()
    assert not (tmp_path / "view.webp").exists()
    assert [each for each in (tmp_path / "temporary").iterdir() if list(each.iterdir())] == []


def test_a_process_that_fails_says_why_in_its_own_words(tmp_path: Path) -> None:
    process = start_export(PROJECT, Sheet((Panel(replace(STATE, scenario="nowhere")),)), tmp_path / "a.png")
    assert process.waitForFinished(20_000)
    assert "nowhere" in problem_of(process)
    assert not (tmp_path / "a.png").exists()
