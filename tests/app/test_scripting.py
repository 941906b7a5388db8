"""Three lines of Python open, choose and take; a matrix draws what is not there yet."""

import argparse
import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import twin.api
from twin import open_project
from twin.cli.matrix_sheets import Wanted
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
        progress=False,
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


AREA = ROOT / "assets" / "helsinki.twin.json"


def wanted(tmp_path: Path, matrix: str) -> list[Wanted]:
    asked = options(tmp_path, matrix)
    return read_matrix(asked.matrix, open_project(AREA).project)


def test_small_multiples_put_two_axes_on_one_sheet_and_make_one_of_each_choice_of_the_rest(
    tmp_path: Path,
) -> None:
    made = wanted(
        tmp_path,
        'scenarios = ["today", "towers"]\ntimes = ["2026-06-21T09:00", "2026-06-21T15:00"]\n'
        'overlays = ["sun_hours", "use"]\nsmall_multiples = ["scenarios", "times"]\n',
    )
    assert [each.name for each in made] == [f"{o}_scenarios-by-times.png" for o in ("sun_hours", "use")]
    sheet = made[0].sheet
    assert (sheet.page, sheet.columns, len(sheet.panels)) == ("a3", 2, 4)
    assert [(p.state.scenario, p.state.time.hour, p.state.overlay) for p in sheet.panels] == [
        (scenario, hour, "sun_hours") for scenario in ("today", "towers") for hour in (9, 15)
    ]
    assert sheet.panels[1].caption == "Today, 15:00"


def test_pairs_and_swipes_compare_every_other_scenario_with_the_one_named(tmp_path: Path) -> None:
    pairs = wanted(tmp_path, 'pairs = "today"\nscenarios = ["today", "towers", "green"]\nlanguage = "fi"\n')
    assert [[p.state.scenario for p in each.sheet.panels] for each in pairs] == [
        ["today", "towers"],
        ["today", "green"],
    ]
    assert pairs[0].sheet.panels[0].caption == "Ennen: Today"
    (swipe,) = wanted(tmp_path, 'swipe = "today"\nscenarios = ["towers"]\ndivider = 0.2\n')
    state = swipe.sheet.panels[0].state
    assert (state.scenario, state.compare, state.compared, state.divider) == (
        "towers",
        "swipe",
        ("today",),
        0.2,
    )


def test_two_processes_share_a_matrix_and_one_goes_on_after_it_was_killed(tmp_path: Path) -> None:
    asked = options(
        tmp_path,
        'times = ["2026-06-21T09:00", "2026-06-21T12:00", "2026-06-21T15:00"]\n'
        'sizes = ["160x90"]\nplain = true\n',
    )
    line = [sys.executable, "-m", "twin", "render", str(HOUSE), "--matrix", str(asked.matrix)]
    line += ["--out", str(asked.out), "--shadows", "raster"]
    begun = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert begun.stdout is not None
    assert "drawn" in begun.stdout.readline()
    begun.kill()
    begun.wait()
    begun.stdout.close()
    done = subprocess.run([*line, "--jobs", "2"], capture_output=True, text=True, check=True, cwd=ROOT)
    said = done.stdout.splitlines()
    assert any(each.endswith("was there") for each in said)
    assert sum(" drawn" in each or "was there" in each for each in said) == 3
    assert len(list(asked.out.glob("2026*.png"))) == 3
    assert not [each for each in asked.out.iterdir() if each.suffix not in (".png", ".json")], (
        "nothing half done"
    )
    assert (asked.out / CONTACT).stat().st_size > 0


@pytest.mark.parametrize(
    ("matrix", "problem"),
    [
        ('pairs = "x"', "there is no 'x'"),
        ('pairs = "today"', "none besides"),
        ('small_multiples = ["scenarios"]', "there are no scenarios"),
        ('small_multiples = ["colours"]', "names no axes"),
        ('pairs = "today"\nswipe = "today"', "cannot be had with"),
        ('colours = ["red"]', "is not known"),
        ('scenarios = ["x"]', "there is no 'x'"),
        ("times = 3", "no list"),
    ],
)
def test_a_matrix_says_what_is_wrong_in_it(tmp_path: Path, matrix: str, problem: str) -> None:
    asked = options(tmp_path, matrix)
    with pytest.raises(DataError, match=problem):
        read_matrix(asked.matrix, open_project(HOUSE).project)
