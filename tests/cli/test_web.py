"""A page of the bundled area, opened from its file in a real browser."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from twin.cli.main import main
from twin.formats import web_write

ROOT = Path(__file__).parents[2]
CHECK = ROOT / "web" / "test" / "check.js"
STORY = [
    {"title": "Today", "text": "As it is.", "scenario": "today", "overlay": "none"},
    {"title": "Towers", "scenario": "towers", "hour": 17},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (web_write.WEB / "dist" / "viewer.js").is_file():
        pytest.skip("the viewer is not made: python3 scripts/make_viewer.py")
    folder = tmp_path_factory.mktemp("page")
    story = folder / "story.json"
    story.write_text(json.dumps(STORY))
    out = folder / "page"
    asked = ["web", "--out", str(out), "--overlays", "shadow", "--story", str(story)]
    assert main([*asked, "--language", "fi"]) == 0
    return out


@pytest.mark.timeout(180)
def test_a_browser_shows_it_switches_reads_a_building_and_fetches_nothing(folder: Path) -> None:
    node, browser = shutil.which("node"), shutil.which("chromium") or shutil.which("google-chrome")
    if node is None or browser is None or not (ROOT / "web" / "node_modules" / "puppeteer-core").is_dir():
        pytest.skip("node, puppeteer-core or Chromium is not installed")
    # elsewhere, as on a USB stick: nothing may point back
    moved = folder.parent / "stick"
    shutil.copytree(folder, moved)
    done = subprocess.run(
        [node, str(CHECK), str(moved), browser], capture_output=True, text=True, timeout=170, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["errors"] == []
    assert all(request.startswith(moved.as_uri()) for request in told["requests"])
    assert len(told["requests"]) == 4
    assert told["title"] == "Helsinki Central station area"
    assert told["first"]["colours"] > 30  # not empty, not one colour
    assert told["scenarios"][0] == "Today"
    assert told["switched"]["pressed"] == "true"
    assert told["switched"]["share"] > 0.002
    assert told["by_key"] == 0
    assert told["overlay"]["share"] > 0.02
    assert told["overlay"]["legend"].startswith("Aurinko ja varjo, 15.7.2026")
    assert told["evening"]["share"] > 0.05
    assert "Rakennus" in told["building"]
    assert told["language"] == "fi"
    words = " ".join([*told["controls"], told["figures"]])
    for said in ("Aloitusnäkymä (H)", "Maan päällä", "Kellonaika", "Kerrosala [m²]", "verrattuna: Today"):
        assert said in words
    assert not {*re.findall(r"[A-Za-z]+", words)} & {
        "Home",
        "ground",
        "Hour",
        "Figures",
        "Story",
        "Close",
        "against",
    }
    assert told["closed"]
    assert told["step"] == "2 / 2  Towers"
    assert "OpenStreetMap" in told["sources"]
    assert told["nameless"] == []


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"title": "A", "scenario": "moon"}, "step 2: there is no scenario 'moon'"),
        ({"title": "A", "view": "moon"}, "step 2: there is no view 'moon'"),
        ({"text": "A"}, "title"),
        ({"title": "A", "colour": "red"}, "colour"),
    ],
)
def test_a_bad_step_of_a_story_is_named(
    step: dict[str, str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = tmp_path / "story.json"
    story.write_text(json.dumps([STORY[0], step]))
    assert main(["web", "--out", str(tmp_path / "page"), "--story", str(story)]) == 2
    assert said in capsys.readouterr().err


def test_an_overlay_of_buildings_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["web", "--out", str(tmp_path / "page"), "--overlays", "use"]) == 2
    assert "no overlay 'use' of the ground" in capsys.readouterr().err
