"""`twin heat-validate` on the measured courtyard, and on sites written in every way site.json allows."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio import Affine

from twin.analysis.heat_validation import compared, scores
from twin.cli.main import main
from twin.errors import DataError
from twin.formats.heat_site import material_of, read_site

KRONENHUSET = Path(__file__).parents[2].parent / "shared" / "data" / "heat" / "gothenburg_kronenhuset"
WEST, NORTH = 500_000.0, 6_670_000.0
CELL = 2.0
UMEP = "%iy id it imin Q* QH QE Qs Qf Wind RH Td press rain Kdn snow ldown fcld wuh xsmd lai_hr Kdiff Kdir Wd"
Change = Callable[[Path, dict[str, Any]], None]


def grid(path: Path, values: np.ndarray, *, crs: str = "EPSG:3067", cell: float = CELL) -> None:
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=values.shape[1],
        height=values.shape[0],
        count=1,
        dtype="float32",
        crs=crs,
        transform=Affine(cell, 0, WEST, 0, -cell, NORTH),
        nodata=-9999,
    ) as file:
        file.write(values.astype(np.float32), 1)


def heights() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    dem = np.full((60, 60), 21.0)
    dsm = dem.copy()
    dsm[10:18, 10:50] += 15
    cdsm = np.zeros((60, 60))
    cdsm[40:44, 20:24] = 8
    return dsm, dem, cdsm


def umep(path: Path, days: list[int], minutes: int = 60) -> None:
    lines = [UMEP]
    for day in days:
        for end in range(minutes, 1441, minutes):
            hour = (end - minutes / 2) / 60
            sun = max(0.0, 700 * np.sin((hour - 5) / 15 * np.pi)) if 5 < hour < 20 else 0.0
            when = (day, end // 60, end % 60) if end < 1440 else (day + 1, 0, 0)
            row = [2006, *when, *[-999] * 5, 2.0, 50, 20 + 5 * np.sin((hour - 9) / 12 * np.pi), 101.3]
            row += [-999, sun, -999, -999, *[-999] * 7]
            lines.append(" ".join(f"{value:g}" for value in row))
    path.write_text("\n".join(lines))


def measured(path: Path, *days: str, column: str | None = "date", clock: str = "hour") -> None:
    lines = [",".join(filter(None, [column, clock, "Kdown", "Ldown", "Tmrt"]))]
    for day in days:
        for hour in range(8, 20):
            at = f"{hour}" if clock == "hour" else f"{hour}:00"
            lines.append(",".join(filter(None, [day if column else None, at, "500", "380", f"{30 + hour}"])))
    path.write_text("\n".join(lines))


def site(folder: Path) -> dict[str, Any]:
    """A site with everything; the tests take things away or write them otherwise."""
    dsm, dem, cdsm = heights()
    for name, values in (("dsm.tif", dsm), ("dem.tif", dem), ("cdsm.tif", cdsm)):
        grid(folder / name, values)
    grid(folder / "cover.tif", np.where(cdsm > 0, 5, 1))
    umep(folder / "met.txt", [207])
    measured(folder / "measured.csv", "20060726")
    return {
        "name": "Square",
        "crs": "EPSG:3067",
        "dsm": "dsm.tif",
        "dem": "dem.tif",
        "cdsm": "cdsm.tif",
        "land_cover": "cover.tif",
        "met": [{"file": "met.txt", "date": "2006-07-26"}],
        "measured": {"file": "measured.csv", "date_column": "date"},
        "point": [WEST + 60, NORTH - 60],
        "latitude": 60.2,
        "longitude": 27.0,
        "utc_offset_hours": 2,
        "body": {"posture": "standing", "absorption_shortwave": 0.7, "absorption_longwave": 0.97},
        "land_cover_codes": {"1": "Dark_asphalt", "5": "grass, unmanaged"},
    }


def run(folder: Path, change: Change = lambda _folder, _tree: None) -> dict[str, Any]:
    tree = site(folder)
    change(folder, tree)
    (folder / "site.json").write_text(json.dumps(tree))
    return scores(compared(read_site(folder))[0])


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run(tmp_path_factory.mktemp("site"))


@pytest.mark.skipif(not KRONENHUSET.exists(), reason="the measured courtyard is not here")
def test_the_courtyard_is_modelled_no_worse_than_by_the_saved_run_of_solweig(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["heat-validate", str(KRONENHUSET), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["n"] == 12
    assert found["rmse_tmrt"] < 5.80  # its run with an even sky; 6.57 with an uneven one
    assert abs(found["bias_tmrt"]) < 2.6
    assert found["r2_tmrt"] > 0.59
    assert found["rmse_kdown"] < 47
    assert found["rmse_ldown"] < 39


@pytest.mark.skipif(not KRONENHUSET.exists(), reason="the measured courtyard is not here")
def test_a_clock_that_the_sun_does_not_follow_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["heat-validate", str(KRONENHUSET)]) == 0
    said = capsys.readouterr()
    assert "On 2005-10-07 radiation fits a sun 50 min later than the clock" in said.err
    assert said.out.startswith("n ")


def several_days(folder: Path, tree: dict[str, Any]) -> None:
    umep(folder / "other.txt", [213])
    tree["met"].append({"file": "other.txt", "date": "2006-08-01"})
    measured(folder / "measured.csv", "2006-07-26", "2006-08-01", column="Day")
    tree["measured"]["date_column"] = "Day"


def one_file_of_two_days(folder: Path, tree: dict[str, Any]) -> None:
    umep(folder / "met.txt", [207, 213])
    tree["met"] = [
        {"file": "met.txt", "date": "2006-07-26"},
        {"file": "met.txt", "date": "2006-08-01"},
    ]
    measured(folder / "measured.csv", "20060726", "20060801")


def a_file_a_day(folder: Path, tree: dict[str, Any]) -> None:
    several_days(folder, tree)
    for number in (1, 2):
        measured(folder / f"m{number}.csv", "", column=None)
    tree["measured"] = [{"file": "m1.csv", "date_column": None}, {"file": "m2.csv", "date_column": None}]


def days_of_the_year(folder: Path, tree: dict[str, Any]) -> None:
    several_days(folder, tree)
    measured(folder / "measured.csv", "207", "213", column="id")
    tree["measured"]["date_column"] = "id"


def days_as_americans_write_them(folder: Path, tree: dict[str, Any]) -> None:
    several_days(folder, tree)
    measured(folder / "measured.csv", "7/26/2006", "8/1/2006")
    tree["measured"]["date_column"] = "date"


@pytest.mark.parametrize(
    "change",
    [several_days, one_file_of_two_days, a_file_a_day, days_of_the_year, days_as_americans_write_them],
)
def test_several_days_are_matched_by_their_dates(
    tmp_path: Path, change: Change, plain: dict[str, Any]
) -> None:
    found = run(tmp_path, change)
    assert found["n"] == 24
    assert abs(found["bias_tmrt"] - plain["bias_tmrt"]) < 3


def test_ten_minute_weather_belongs_to_its_hour(tmp_path: Path, plain: dict[str, Any]) -> None:
    found = run(tmp_path, lambda folder, _tree: umep(folder / "met.txt", [207], 10))
    assert found["n"] == 12
    assert abs(found["bias_tmrt"] - plain["bias_tmrt"]) < 0.5
    assert abs(found["bias_kdown"] - plain["bias_kdown"]) < 3


def half_hours(folder: Path, _tree: dict[str, Any]) -> None:
    umep(folder / "met.txt", [207], 30)
    measured(folder / "measured.csv", "2006-07-26", clock="time")


def test_clock_times_choose_their_own_row(tmp_path: Path) -> None:
    assert run(tmp_path, half_hours)["n"] == 12


def without(*keys: str) -> Change:
    def change(_folder: Path, tree: dict[str, Any]) -> None:
        for key in keys:
            tree[key] = None

    return change


@pytest.mark.parametrize(
    "keys",
    [
        ("cdsm",),
        ("dem",),
        ("land_cover", "land_cover_codes"),
        ("land_cover_codes",),
        ("body",),
        ("utc_offset_hours",),
        ("latitude", "longitude"),
        ("dem", "cdsm", "land_cover", "body"),
    ],
)
def test_what_is_not_there_is_assumed_and_said(
    tmp_path: Path, keys: tuple[str, ...], plain: dict[str, Any]
) -> None:
    found = run(tmp_path, without(*keys))
    assert found["n"] == 12
    assert abs(found["bias_tmrt"] - plain["bias_tmrt"]) < 8
    assert abs(found["bias_kdown"] - plain["bias_kdown"]) < 15
    assert read_site(tmp_path).notices or not {"dem", "land_cover"} & set(keys)


def crowns_above_the_sea(folder: Path, _tree: dict[str, Any]) -> None:
    _, dem, cdsm = heights()
    grid(folder / "cdsm.tif", np.where(cdsm > 0, cdsm + dem, 0))


def surface_above_the_ground(folder: Path, _tree: dict[str, Any]) -> None:
    dsm, dem, _ = heights()
    grid(folder / "dsm.tif", dsm - dem)


def canopy_on_a_larger_grid(folder: Path, _tree: dict[str, Any]) -> None:
    _, _, cdsm = heights()
    grid(folder / "cdsm.tif", np.pad(cdsm, ((0, 20), (0, 20))))


def trunks_of_their_own(folder: Path, tree: dict[str, Any]) -> None:
    _, _, cdsm = heights()
    grid(folder / "tdsm.tif", cdsm * 0.25)
    tree["tdsm"] = "tdsm.tif"


def point_in_degrees(_folder: Path, tree: dict[str, Any]) -> None:
    from pyproj import Transformer

    there = Transformer.from_crs(3067, 4326, always_xy=True).transform(*tree["point"])
    tree["point"] = list(there)


def grids_without_a_system(folder: Path, _tree: dict[str, Any]) -> None:
    _, dem, cdsm = heights()
    grid(folder / "cdsm.tif", cdsm, crs="")
    grid(folder / "dem.tif", dem, crs="")


def names_before_codes(_folder: Path, tree: dict[str, Any]) -> None:
    tree["land_cover_codes"] = {name: int(code) for code, name in tree["land_cover_codes"].items()}


@pytest.mark.parametrize(
    "change",
    [
        names_before_codes,
        crowns_above_the_sea,
        surface_above_the_ground,
        canopy_on_a_larger_grid,
        trunks_of_their_own,
        point_in_degrees,
        grids_without_a_system,
    ],
)
def test_the_same_site_told_otherwise_gives_the_same(
    tmp_path: Path, change: Change, plain: dict[str, Any]
) -> None:
    assert run(tmp_path, change) == pytest.approx(plain, abs=0.02)


def feet(folder: Path, tree: dict[str, Any]) -> None:
    dsm, dem, cdsm = heights()
    foot = 0.3048006096
    for name, values in (("dsm.tif", dsm), ("dem.tif", dem), ("cdsm.tif", cdsm)):
        grid(folder / name, values, crs="EPSG:2263", cell=CELL / foot)
    grid(folder / "cover.tif", np.where(cdsm > 0, 5, 1), crs="EPSG:2263", cell=CELL / foot)
    tree |= {"crs": "EPSG:2263", "point": [WEST + 60 / foot, NORTH - 60 / foot]}


def test_a_grid_in_feet_is_as_large_as_it_is(tmp_path: Path, plain: dict[str, Any]) -> None:
    assert run(tmp_path, feet) == pytest.approx(plain, abs=0.02)
    assert read_site(tmp_path).grids.cell == pytest.approx(CELL)


@pytest.mark.parametrize(
    ("name", "material"),
    [
        ("Cobble_stone_2014a", "cobblestone"),
        ("Dark_asphalt", "asphalt"),
        ("Roofs(buildings)", "roof"),
        ("grass, unmanaged", "grass"),
        ("Deciduous trees", "grass"),
        ("Bare_soil", "bare_soil"),
        ("unpaved", "bare_soil"),
        ("Paved", "cobblestone"),
        ("Water", "water"),
        ("Walls", ""),
    ],
)
def test_covers_are_known_by_a_word_in_their_names(name: str, material: str) -> None:
    assert material_of(name) == material


def test_a_sensor_in_the_cell_of_a_wall_stands_before_it(tmp_path: Path) -> None:
    def change(_folder: Path, tree: dict[str, Any]) -> None:
        tree["point"] = [WEST + 60, NORTH - 35]  # the southern row of the house

    def before(_folder: Path, tree: dict[str, Any]) -> None:
        tree["point"] = [WEST + 60, NORTH - 37]

    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    assert run(inside, change) == run(outside, before)


def test_who_sits_is_not_who_stands(tmp_path: Path, plain: dict[str, Any]) -> None:
    def change(_folder: Path, tree: dict[str, Any]) -> None:
        tree["body"]["posture"] = "Sitting"

    found = run(tmp_path, change)
    assert found["bias_tmrt"] != plain["bias_tmrt"]
    assert found["bias_kdown"] == pytest.approx(plain["bias_kdown"], abs=2)


def test_gaps_in_the_measurements_are_left_out(tmp_path: Path) -> None:
    def change(folder: Path, _tree: dict[str, Any]) -> None:
        text = (folder / "measured.csv").read_text().splitlines()
        text[3] = "20060726,10,-999,,NaN"
        (folder / "measured.csv").write_text("\n".join(text))

    assert run(tmp_path, change)["n"] == 11


def flat(folder: Path, _tree: dict[str, Any]) -> None:
    grid(folder / "dsm.tif", np.zeros((60, 60)))


def holes(folder: Path, _tree: dict[str, Any]) -> None:
    grid(folder / "dsm.tif", np.full((60, 60), -9999.0))


def elsewhere(_folder: Path, tree: dict[str, Any]) -> None:
    tree["point"] = [0, 0]


def other_day(folder: Path, _tree: dict[str, Any]) -> None:
    measured(folder / "measured.csv", "20060930")


def kelvin(folder: Path, _tree: dict[str, Any]) -> None:
    text = (folder / "met.txt").read_text().splitlines()
    rows = [row.split() for row in text[1:]]
    for row in rows:
        row[11] = str(float(row[11]) + 273.15)
    (folder / "met.txt").write_text("\n".join([text[0], *(" ".join(row) for row in rows)]))


def long_gap(folder: Path, _tree: dict[str, Any]) -> None:
    text = (folder / "met.txt").read_text().splitlines()
    rows = [row.split() for row in text[1:]]
    for row in rows[8:14]:
        row[11] = "-999"
    (folder / "met.txt").write_text("\n".join([text[0], *(" ".join(row) for row in rows)]))


def missing(_folder: Path, tree: dict[str, Any]) -> None:
    tree["cdsm"] = "trees.tif"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (flat, "is flat"),
        (holes, "holds no heights"),
        (elsewhere, "does not cover the point"),
        (other_day, "shares no row"),
        (kelvin, "kelvin"),
        (long_gap, "air temperature is missing in 6 rows"),
        (missing, "trees.tif: is missing"),
    ],
)
def test_bad_sites_are_refused_by_name(tmp_path: Path, change: Change, said: str) -> None:
    with pytest.raises(DataError, match=said):
        run(tmp_path, change)


def test_a_folder_without_a_site_is_an_error_of_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["heat-validate", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "twin: site.json: is missing. Choose a folder with a site.json.\n"
