"""`twin heat` from the outside."""

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Transformer

from twin.cli.main import main


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("heat")
    to_degrees = Transformer.from_crs(3879, 4326, always_xy=True)
    ends = [to_degrees.transform(25496800 + 200 * end, 6673150 + 20 * end) for end in (0, 1)]
    way = {
        "type": "Feature",
        "properties": {"name": "To the trains"},
        "geometry": {"type": "LineString", "coordinates": ends},
    }
    (folder / "ways.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [way]}))
    told = main(
        [
            *("heat", "--date", "2026-07-15", "--hours", "12,15", "--resolution", "4"),
            *("--route", str(folder / "ways.geojson")),
            *("--bounds=-150,-150,150,150", "--out", str(folder)),
        ]
    )
    assert told == 0
    return folder


def test_maps_know_where_they_lie_and_what_they_are(out: Path) -> None:
    with rasterio.open(out / "utci_15.tif") as file:
        values = file.read(1, masked=True)
        assert file.crs.to_epsg() == 3879
        assert file.bounds == (25496750, 6673050, 25497050, 6673350)
        assert file.units == ("°C",)
        assert "Design hot day" in file.tags()["WEATHER"]
        assert "OpenStreetMap" in file.tags()["SOURCE"]
    assert 25 < values.mean() < 42
    assert 0.1 < np.ma.getmaskarray(values).mean() < 0.9
    assert not list(out.glob("*.tmp"))


def test_the_run_says_what_it_was_made_of(out: Path) -> None:
    run = json.loads((out / "run.json").read_text())
    assert run["hours"] == [12, 15]
    assert run["parameters"]["transmissivity"] == 0.03
    assert run["materials"]["asphalt"]["albedo"] == 0.18
    assert run["program"].startswith("twin ")
    assert all(len(source["sha256"]) == 64 for source in run["sources"])
    assert run["summary"][1]["air_temperature"] == pytest.approx(30.5, abs=0.6)
    assert sum(run["summary"][1]["classes"].values()) == pytest.approx(1)
    assert all((out / name).is_file() for name in run["files"])


def test_the_run_says_what_the_sun_does_to_roofs(out: Path) -> None:
    dark, planted, light = json.loads((out / "run.json").read_text())["roofs"]
    assert dark["temperature"]["12:00"] > planted["temperature"]["12:00"] > light["temperature"]["12:00"] + 10
    sun = [each["absorbed_kwh_m2_day"] / (1 - each["albedo"]) for each in (dark, planted, light)]
    assert sun == pytest.approx([sun[0]] * 3, rel=0.01)
    assert 6 < sun[0] < 9


def test_walls_are_mapped_where_they_stand(out: Path) -> None:
    grids = {}
    for name in ("wall_height", "wall_aspect", "wall_sunlit_12"):
        with rasterio.open(out / f"{name}.tif") as file:
            grids[name] = file.read(1)
    wall = grids["wall_height"] > 0
    assert 5 < grids["wall_height"][wall].mean() < 60
    assert np.isfinite(grids["wall_aspect"][wall]).all()
    north = wall & (np.abs(grids["wall_aspect"] - 180) > 150)
    south = wall & (np.abs(grids["wall_aspect"] - 180) < 30)
    assert not grids["wall_sunlit_12"][north].any()
    assert (grids["wall_sunlit_12"][south] > 0).mean() > 0.5


def test_sitting_people_and_an_even_sky_change_what_is_felt(out: Path, tmp_path: Path) -> None:
    plain = ["heat", "--date", "2026-07-15", "--hours", "12", "--resolution", "5", "--bounds=-60,-60,60,60"]
    felt = {}
    for name, options in {"": [], "sits": ["--posture", "sitting"], "even": ["--sky", "even"]}.items():
        assert main([*plain, *options, "--out", str(tmp_path / name)]) == 0
        run = json.loads((tmp_path / name / "run.json").read_text())
        felt[name] = run["summary"][0]["mean_radiant"]["mean"]
        assert run["parameters"]["body"]["name"] == ("sitting" if name == "sits" else "standing")
        assert run["parameters"]["anisotropic"] == (name != "even")
    assert len({round(each, 1) for each in felt.values()}) == 3


def test_heat_along_a_way_is_told_by_hour(out: Path) -> None:
    (route,) = json.loads((out / "run.json").read_text())["routes"]
    assert route["name"] == "To the trains"
    assert [each["hour"] for each in route["hours"]] == [12, 15]
    felt = route["hours"][1]["utci"]
    assert felt["length"] == pytest.approx(201, abs=1)
    assert 25 < felt["lowest"] < felt["mean"] < felt["highest"] < 45


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--date", "July"], "is no date"),
        (["--hours", "20-8"], "are no hours of a day"),
        (["--hours", "25"], "are no hours of a day"),
        (["--resolution", "0"], "does not show a street"),
        (["--resolution", "0.3"], "million cells"),
        (["--scenario", "moon"], "There is no scenario 'moon'"),
        (["--weather", "none.epw"], "none.epw: is missing"),
        (["--bounds=5,5,1,1"], "bound nothing"),
    ],
)
def test_bad_options_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    plain = ["heat", "--date", "2026-07-15", "--out", str(tmp_path)]
    assert main([*plain, *options]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_bundled_hot_day_stands_for_another_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weather = Path(__file__).parents[2] / "assets" / "helsinki" / "weather" / "hot_day.csv"
    told = main(
        [
            *("heat", "--date", "2026-07-15", "--hours", "15", "--resolution", "5", "--json"),
            *("--bounds=-60,-60,60,60", "--weather", str(weather), "--out", str(tmp_path)),
        ]
    )
    said = capsys.readouterr()
    assert told == 0
    assert "the weather of 2026-07-08 is taken for 2026-07-15" in said.err
    run = json.loads(said.out)
    assert run["summary"][0]["air_temperature"] == pytest.approx(28, abs=1)
    assert "CC BY 4.0" in run["weather"]
