"""A film shows what it is asked for, picture by picture, and each of them names its sources."""

import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_station
from PIL import Image
from PySide6.QtGui import QImage

from twin.app.film_make import Reel
from twin.app.film_write import write_film
from twin.errors import DataError, TwinError
from twin.formats import film_file
from twin.scene.camera import looking
from twin.scene.film import Film, moments, shares

pytestmark = pytest.mark.usefixtures("qapp")

STATE = replace(small_station.TODAY, camera=small_station.VIEW)
SIZE = (320, 180)
OTHER = looking((60.0, 40.0, 0.0), heading=80.0, tilt=25.0, distance=300.0)


def film(kind: Any, **said: Any) -> Film:
    return Film(kind, STATE, **{"frames": 5, "size": SIZE, **said})


def array(image: QImage) -> np.ndarray:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].astype(int)


def test_a_flight_is_one_picture_after_another_with_words_on_each(tmp_path: Path) -> None:
    asked = film("flight", views=(small_station.VIEW, OTHER))

    write_film(small_station.project(), asked, tmp_path / "flight")

    found = sorted((tmp_path / "flight").iterdir())
    assert [path.name for path in found] == [f"{number:05}.png" for number in range(1, 6)]
    pictures = [QImage(str(path)) for path in found]
    assert {(p.width(), p.height()) for p in pictures} == {SIZE}
    assert all(small_station.ATTRIBUTION in p.text("Source") for p in pictures)
    arrays = [array(p) for p in pictures]
    assert all((a != b).mean() > 0.05 for a, b in pairwise(arrays))
    # the sources along the lower edge are the same on each
    plain = film("flight", views=(small_station.VIEW, OTHER), plain=True)
    write_film(small_station.project(), plain, tmp_path / "plain")
    bare = array(QImage(str(tmp_path / "plain" / "00003.png")))
    assert (arrays[2][-14:] != bare[-14:]).mean() > 0.2


def test_a_shorter_film_leaves_no_picture_of_the_longer_one_in_its_folder(tmp_path: Path) -> None:
    views = (small_station.VIEW, OTHER)
    write_film(small_station.project(), film("flight", views=views, plain=True), tmp_path / "film")
    (tmp_path / "film" / "notes.txt").write_text("mine")

    write_film(small_station.project(), film("flight", views=views, frames=2, plain=True), tmp_path / "film")

    assert {p.name for p in (tmp_path / "film").iterdir()} == {"00001.png", "00002.png", "notes.txt"}


def test_a_day_goes_from_sunrise_to_sunset_and_shadows_wander() -> None:
    asked = film("day", plain=True, hours=(9.0, 17.0), frames=3)

    times = moments(asked, small_station.PLACE)
    assert [f"{time:%H:%M}" for time in times] == ["09:00", "13:00", "17:00"]
    whole = moments(film("day"), small_station.PLACE)
    assert whole[0].hour == 4
    assert whole[-1].hour == 22
    with Reel(small_station.project(), asked) as reel:
        a, b, c = (array(picture) for picture in reel.pictures())
    assert (np.abs(a - b) > 20).mean() > 0.01
    assert (np.abs(b - c) > 20).mean() > 0.01


def test_where_the_sun_does_not_rise_a_day_needs_hours() -> None:
    place = replace(small_station.PLACE, longitude=25.0, latitude=78.0)
    winter = replace(STATE, time=STATE.time.replace(month=12))

    with pytest.raises(TwinError, match="sun does not rise"):
        moments(Film("day", winter), place)


def test_a_morph_begins_with_one_scenario_and_ends_with_the_other(tmp_path: Path) -> None:
    project = small_station.project()
    with Reel(project, film("morph", after="tower", plain=True, frames=7)) as reel:
        found = [array(picture) for picture in reel.pictures()]

    ends = []
    for name in ("today", "tower"):
        state = replace(STATE, scenario=name)
        with Reel(project, Film("flight", state, frames=2, size=SIZE, plain=True)) as reel:
            ends.append(array(next(iter(reel.pictures()))))
    assert (np.abs(found[0] - ends[0]) > 8).mean() < 0.001
    assert (np.abs(found[-1] - ends[1]) > 8).mean() < 0.001
    differs = [(np.abs(each - ends[1]) > 8).mean() for each in found]
    assert differs == sorted(differs, reverse=True)
    assert differs[3] > 0.005


def test_overlays_that_take_long_fade_from_one_scenario_to_the_other() -> None:
    state = replace(STATE, overlay="sun_hours")
    asked = Film("morph", state, after="tower", frames=5, size=SIZE, plain=True)

    with Reel(small_station.project(), asked) as reel:
        found = [array(picture) for picture in reel.pictures()]
    middle = (found[0] + found[-1]) / 2
    assert np.abs(found[2] - middle).max() <= 1
    assert any("fades" in notice for notice in reel.notices)


def test_a_morph_rests_at_both_ends() -> None:
    found = shares(film("morph", after="tower", frames=100))

    assert found[:11] == (0.0,) * 11
    assert found[-11:] == (1.0,) * 11
    assert list(found) == sorted(found)


def test_an_animated_webp_holds_all_pictures_at_their_times_and_its_sources(tmp_path: Path) -> None:
    asked = film("flight", views=(small_station.VIEW, OTHER), rate=30.0, frames=6)
    fractions: list[float] = []

    write_film(small_station.project(), asked, tmp_path / "film.webp", fractions.append)
    write_film(small_station.project(), asked, tmp_path / "film")

    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    with Image.open(tmp_path / "film.webp") as found:
        assert found.format == "WEBP"
        assert getattr(found, "n_frames", 1) == 6
        assert found.size == SIZE
        assert small_station.ATTRIBUTION in found.info["xmp"].decode()
        total = 0
        for number in range(6):
            found.seek(number)
            found.load()
            total += found.info["duration"]
            with Image.open(tmp_path / "film" / f"{number + 1:05}.png") as picture:
                off = np.abs(np.asarray(found.convert("RGB"), int) - np.asarray(picture.convert("RGB"), int))
            assert off.mean() < 4
        assert total == 200
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".webp"] == ["film.webp"]


def test_without_ffmpeg_an_mp4_is_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(TwinError, match=r"ffmpeg, which is not on this machine.*\.webp"):
        write_film(small_station.project(), film("day"), tmp_path / "film.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(film_file.encoder() is None, reason="ffmpeg is not on this machine")
def test_an_mp4_holds_all_pictures(tmp_path: Path) -> None:
    asked = film("flight", views=(small_station.VIEW, OTHER), frames=10)

    write_film(small_station.project(), asked, tmp_path / "film.mp4")

    program = film_file.encoder()
    assert program is not None
    looked_at = [program, "-i", str(tmp_path / "film.mp4"), "-f", "null", "-"]
    said = subprocess.run(looked_at, capture_output=True, check=True)
    assert b"320x180" in said.stderr
    assert b"frame=   10" in said.stderr
    assert small_station.ATTRIBUTION.encode() in said.stderr


def test_what_stops_the_work_leaves_no_file(tmp_path: Path) -> None:
    def stop(fraction: float) -> None:
        if fraction > 0.3:
            raise KeyboardInterrupt

    for name in ("film.webp", "film"):
        with pytest.raises(KeyboardInterrupt):
            write_film(small_station.project(), film("flight"), tmp_path / name, stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "asked", "problem"),
    [
        ("film.gif", film("flight"), "end in .webp or .mp4"),
        ("none/film.webp", film("flight"), "no folder"),
        ("film.webp", film("morph"), "needs two of them"),
        ("film.webp", film("flight", frames=1), "1 pictures"),
        ("film.webp", film("flight", rate=0.0), "pictures a second"),
        ("film.webp", replace(film("flight"), state=replace(STATE, compare="swipe")), "comparison"),
    ],
)
def test_what_cannot_be_made_is_told_before_any_work(
    tmp_path: Path, name: str, asked: Film, problem: str
) -> None:
    with pytest.raises((TwinError, DataError), match=problem):
        write_film(small_station.project(), asked, tmp_path / name)
    assert list(tmp_path.iterdir()) == []
