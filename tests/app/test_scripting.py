"""Three lines of Python open, choose and take; a matrix draws what is not there yet."""

import argparse
import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import twin.api
from twin import open_project
from twin.cli.render_matrix import CONTACT, read_matrix, render_matrix
from twin.errors import DataError, TwinError

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "tests" / "formats" / "data" / "house_v2.gml"

pytestmark = pytest.mark.usefixtures("qapp")


def test_the_documented_lines_do_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(twin.api) == (0, 4)


def test_the_import_loads_nothing_until_it_is_used() -> None:
    code = "import sys, twin; sys.exit(' '.join({'numpy', 'pandas', 'PySide6'} & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)


def test_what_is_not_there_is_named_with_what_is() -> None:
    area = open_project(HOUSE)
    with pytest.raises(TwinError, match="Choose from: today"):
        area.choose(scenario="nowhere")
    with pytest.raises(TwinError, match="isometric"):
        area.choose(view="nowhere")


def options(tmp_path: Path, matrix: str) -> argparse.Namespace:
    path = tmp_path / "matrix.toml"
    path.write_text(matrix, encoding="utf-8")
    return argparse.Namespace(
        **{"project": HOUSE, "crs": "", "at": None, "scale": None, "up": None, "share": "", "jobs": 1},
        **{"matrix": path, "out": tmp_path / "out", "shadows": "raster"},
    )


def test_a_matrix_draws_every_picture_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = options(
        tmp_path,
        'times = ["2026-06-21T09:00", "2026-06-21T15:00"]\noverlays = ["none", "height"]\n'
        'views = ["top"]\nsizes = ["320x180"]\nplain = true\n',
    )
    assert render_matrix(asked) == 0
    assert capsys.readouterr().out.count(" drawn") == 4
    assert len(list(asked.out.glob("*.png"))) == 5, "with the sheet of all"
    assert (asked.out / CONTACT).is_file()
    first = sorted(asked.out.glob("2026*.png"))[0]
    first.unlink()
    assert render_matrix(asked) == 0
    said = capsys.readouterr().out
    assert (said.count(" drawn"), said.count(" was there")) == (1, 3)


@pytest.mark.parametrize(
    ("matrix", "problem"),
    [
        ('colours = ["red"]', "is not known"),
        ('scenarios = ["x"]', "there is no 'x'"),
        ("times = 3", "no list"),
    ],
)
def test_a_matrix_says_what_is_wrong_in_it(tmp_path: Path, matrix: str, problem: str) -> None:
    asked = options(tmp_path, matrix)
    with pytest.raises(DataError, match=problem):
        read_matrix(asked.matrix, open_project(HOUSE).project)
