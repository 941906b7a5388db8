"""`twin film` says what there is when it is asked for what is not."""

from pathlib import Path

import pytest
import small_station

from twin.cli.film import film_of
from twin.cli.main import main, parser
from twin.errors import TwinError
from twin.model.state import Bookmark
from twin.scene.film import Film

MARKS = tuple(Bookmark(name, name.title(), small_station.VIEW) for name in ("square", "hall"))


def film(*given: str) -> Film:
    options = parser().parse_args(["film", "a.twin.json", "--out", "a.webp", *given])
    return film_of(small_station.project(bookmarks=MARKS), options)


def test_a_flight_goes_through_the_bookmarks_in_the_order_that_is_asked_for() -> None:
    assert len(film().views) == 2
    assert film("--views", "hall").views == (small_station.VIEW,)
    assert len(film("--views", "hall,square,hall").views) == 3


def test_a_film_is_as_long_as_is_asked_or_as_is_calm() -> None:
    assert film("--frames", "60", "--fps", "30").seconds == 2.0
    assert film("--kind", "day").seconds == 10.0
    assert film("--pause", "2").seconds > film().seconds


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (("--views", "moon"), "no view 'moon'. Choose from: square, hall"),
        (("--kind", "morph", "--with", "moon"), "no scenario 'moon'. Choose from: today, tower, green"),
        (("--kind", "morph"), "Choose the second one"),
        (("--kind", "day", "--hours", "21-6"), "write them as 6-21"),
        (("--pause", "-1"), "give 0 to 60"),
        (("--size", "9x9"), "is no size"),
        (("--frames", "1"), "1 pictures"),
    ],
)
def test_what_is_not_there_is_told(given: tuple[str, ...], problem: str) -> None:
    with pytest.raises(TwinError, match=problem):
        film(*given)


def test_a_file_that_is_no_film_is_refused_before_the_project_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["film", str(tmp_path / "none.twin.json"), "--out", str(tmp_path / "a.gif")]) == 2
    assert "end in .webp or .mp4" in capsys.readouterr().err
