"""The film dialog says what it will make, makes it beside the window, and gives it up without a trace."""

from dataclasses import replace
from pathlib import Path

import pytest
import small_station
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from twin.app.export_process import problem_of
from twin.app.film_dialog import FilmDialog
from twin.app.film_process import arguments, start_film
from twin.cli.film import film_of
from twin.cli.main import parser
from twin.formats import state_json, strict_json
from twin.formats.open_project import first_state, open_project
from twin.model.state import Bookmark
from twin.scene.film import Film

pytestmark = pytest.mark.usefixtures("qapp")

STATE = replace(small_station.TODAY, camera=small_station.VIEW)
MARKS = tuple(
    Bookmark(f"m{i}", f"Mark {i}", replace(small_station.VIEW, position=(100.0 * i, -300.0, 150.0)))
    for i in range(3)
)


def dialog(tmp_path: Path) -> FilmDialog:
    return FilmDialog(small_station.project(bookmarks=MARKS), STATE, tmp_path / "film.webp")


def test_the_dialog_lists_this_view_and_the_bookmarks_and_counts_the_pictures(tmp_path: Path) -> None:
    asked = dialog(tmp_path)
    assert asked.film.views == (small_station.VIEW, *(mark.camera for mark in MARKS))
    calm = asked.film.seconds

    asked.views.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert asked.film.views == tuple(mark.camera for mark in MARKS)
    assert asked.film.seconds < calm
    asked.seconds.setValue(4.0)
    asked.rate.setValue(30)
    assert asked.film.frames == 120
    assert "120 pictures, 4.0 s" in asked.told.text()
    asked.close()
    asked.deleteLater()


def test_each_kind_asks_for_what_it_needs_only(tmp_path: Path) -> None:
    asked = dialog(tmp_path)
    shown = {}
    for kind in ("flight", "day", "morph"):
        asked.kind.setCurrentIndex(asked.kind.findData(kind))
        asked.kind.activated.emit(asked.kind.currentIndex())
        shown[kind] = [asked.form.isRowVisible(w) for w in (asked.views, asked.daylight, asked.after)]
        assert asked.film.kind == kind
    assert shown == {
        "flight": [True, False, False],
        "day": [False, True, False],
        "morph": [False, False, True],
    }
    assert asked.film.after == "tower"
    asked.close()
    asked.deleteLater()


def test_nothing_is_saved_where_nothing_can_be(tmp_path: Path) -> None:
    asked = dialog(tmp_path)
    save = asked.buttons.button(QDialogButtonBox.StandardButton.Save)
    assert save.isEnabled()
    asked.path.setText(str(tmp_path / "none" / "film.webp"))
    asked.path.textEdited.emit("")
    assert not save.isEnabled()
    assert "no folder" in asked.problem.text()
    asked.close()
    asked.deleteLater()


def test_what_the_window_hands_over_is_what_the_command_makes(tmp_path: Path) -> None:
    project = small_station.project(bookmarks=MARKS)
    views = tuple(mark.camera for mark in MARKS)
    state = tmp_path / "state.json"
    state.write_bytes(strict_json.dump(state_json.encode(STATE)))
    for film in (
        Film("flight", STATE, views, frames=77, rate=30.0, size=(640, 360), pause=1.5, plain=True),
        Film("day", STATE, frames=20, hours=(6.5, 21.0)),
        Film("morph", STATE, after="tower", frames=20, shadows="raster"),
    ):
        options = parser().parse_args(["film", "a.twin.json", *arguments(film, state), "--out", "x.webp"])
        assert film_of(project, options) == film


def test_a_film_is_made_beside_the_window(helsinki: Path, tmp_path: Path) -> None:
    project = open_project(helsinki)
    film = Film("flight", first_state(project), (small_station.VIEW,), frames=3, size=(160, 90), plain=True)
    fractions: list[float] = []

    process = start_film(project, film, tmp_path / "film.webp", progress=fractions.append)
    assert process.waitForFinished(60_000)
    assert problem_of(process) == ""
    with Image.open(tmp_path / "film.webp") as found:
        assert (found.n_frames, found.size) == (3, (160, 90))  # type: ignore[attr-defined]


def test_a_film_that_is_given_up_leaves_nothing(
    helsinki: Path, tmp_path: Path, qtbot: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = open_project(helsinki)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    film = Film(
        "flight", first_state(project), (small_station.VIEW,), frames=5000, size=(160, 90), plain=True
    )
    fractions: list[float] = []

    process = start_film(project, film, tmp_path / "film.webp", progress=fractions.append)
    qtbot.waitUntil(lambda: len(fractions) > 2, timeout=60_000)  # type: ignore[attr-defined]  # of pytest-qt
    process.kill()
    assert process.waitForFinished(10_000)

    assert not (tmp_path / "film.webp").exists()
    assert list((tmp_path / "temporary").iterdir()) == []
