"""Any station area becomes a project that opens without a network."""

import json
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
import small_map
from rasterio import Affine
from shapely import box

from twin.cli.main import main
from twin.formats import project_file
from twin.formats.area_crs import place_for
from twin.formats.open_project import open_project
from twin.model import city as cities

LAT, LON = small_map.CENTRE
CENTRE = f"{LAT},{LON}"
PLACE, _ = place_for(LAT, LON)
HOUSE = Path(__file__).parents[1] / "formats" / "data" / "house_v2.gml"


@pytest.fixture(scope="module")
def osm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_map.write(tmp_path_factory.mktemp("map") / "town.osm")


@pytest.fixture(scope="module")
def made(osm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "town.twin.json"
    arguments = ["--osm", str(osm), "--gtfs", str(timetable(out.parent / "gtfs.zip")), "--name", "Town"]
    assert main(["import", str(out), "--centre", CENTRE, "--radius", "250", *arguments, "--json"]) == 0
    return out


def timetable(path: Path) -> Path:
    tables = {
        "agency": "agency_id,agency_name\n1,Town Buses\n",
        "stops": f"stop_id,stop_name,stop_lat,stop_lon\n"
        f"A,Station,{LAT},{LON + 0.0005}\nB,Far,{LAT + 1},{LON}\n",
        "routes": "route_id,route_type\nr,3\n",
        "trips": "route_id,service_id,trip_id\nr,s,t\n",
        "calendar": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
        "start_date,end_date\n"
        "s,1,1,1,1,1,0,0,20260105,20260118\n",
        "stop_times": "trip_id,departure_time,stop_id\nt,08:00:00,A\nt,08:20:00,A\nt,09:00:00,A\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"{name}.txt", text)
    return path


def report(out: Path) -> Any:
    return json.loads((out.parent / out.name.split(".")[0] / "import.json").read_text())


def imported(capsys: pytest.CaptureFixture[str], out: Path, *arguments: object, code: int = 0) -> str:
    given = ["import", str(out), "--centre", CENTRE, "--radius", "250", *map(str, arguments)]
    assert main(given) == code
    found = capsys.readouterr()
    return found.err if code else found.out


def test_a_map_gives_everything_a_station_area_has(made: Path) -> None:
    told = report(made)
    assert told["crs"] == "EPSG:3878"
    assert told["counts"] == {
        **{"buildings": 4, "parks": 1, "water": 1, "streets": 1, "footways": 1, "steps": 1, "rails": 1},
        **{"platforms": 1, "crossings": 1, "benches": 1, "lamps": 2, "trees": 2, "stops": 1},
    }
    project = open_project(made)
    assert project.notices == ()
    assert [scenario.id for scenario in project.scenarios] == ["today"]
    assert project.bookmarks[0].id == "home"
    assert {layer.id for layer in project.layers} == set(told["counts"]) - {"buildings"}


def test_what_no_layer_draws_is_told(made: Path) -> None:
    assert report(made)["notes"] == {
        "left out, no layer draws it: barrier (fence)": 1,
        "roofs drawn with planes: gabled": 1,
        "stops of the map left out: the timetable has them": 1,
    }


def test_every_height_says_where_it_comes_from(made: Path) -> None:
    project = open_project(made)
    columns = project.city.attributes.columns
    assert sorted(columns["height_source"]) == [
        "default for house",
        "default for yes",
        "height tag",
        "levels tag × 3.3 m",
    ]
    shares = report(made)["height_sources"]
    assert {name: entry["share"] for name, entry in shares.items()} == dict.fromkeys(shares, 0.25)
    named = project.city.attributes.columns["name"].tolist().index("Hall")
    assert cities.heights(project.city)[named] == pytest.approx(12.5)


def test_stops_have_their_departures(made: Path) -> None:
    stops = next(layer for layer in open_project(made).layers if layer.id == "stops")
    assert stops.table.length == 1, "the stop of the map is the same as that of the timetable"
    row = stops.table.row(0)
    assert (row["departures"], row["departures_08"], row["busiest_hour"]) == (3, 2, 8)
    assert row["departures_per_hour"] == 1.5
    assert row["counted_on"] == "2026-01-06"


def test_each_source_is_inside_the_folder_and_names_its_owner(made: Path) -> None:
    entries = project_file.load(made).content.sources
    assert all(entry.path.startswith("town/") for entry in entries)
    owners = {entry.id: entry.attribution for entry in entries}
    assert set(report(made)["credits"]) == set(owners)
    assert owners.pop("stops") == "Town Buses (GTFS): licence not stated"
    assert set(owners.values()) == {"© OpenStreetMap contributors, ODbL 1.0"}


NO_NETWORK = """
import socket, sys
def opened(*_, **__):
    raise AssertionError("a socket was opened")
class Socket(socket.socket):
    __init__ = opened
socket.socket, socket.create_connection, socket.getaddrinfo = Socket, opened, opened
from twin.cli.main import main
for project, picture in zip(sys.argv[1::2], sys.argv[2::2]):
    if main(["render", project, "--size", "320x200", "--plain", "--out", picture]):
        sys.exit(1)
"""


def test_the_folder_can_be_carried_away_and_opens_without_a_network(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made.parent, tmp_path / "elsewhere")
    both = [(path, path.with_name("picture.png")) for path in (made, tmp_path / "elsewhere" / made.name)]
    # a process of its own: drawing needs another kind of Qt application than windows do
    done = subprocess.run(
        [sys.executable, "-c", NO_NETWORK, *(str(path) for pair in both for path in pair)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pictures = [picture.read_bytes() for _, picture in both]
    assert pictures[0] == pictures[1]


def test_the_same_files_give_the_same_bytes(osm: Path, made: Path, tmp_path: Path) -> None:
    gtfs = timetable(tmp_path / "gtfs.zip")
    out = tmp_path / "town.twin.json"
    arguments = ["--osm", str(osm), "--gtfs", str(gtfs), "--name", "Town", "--json"]
    assert main(["import", str(out), "--centre", CENTRE, "--radius", "250", *arguments]) == 0
    for name in ("buildings.city.json", "layers.gpkg"):
        assert (tmp_path / "town" / name).read_bytes() == (made.parent / "town" / name).read_bytes()
    assert out.read_bytes() == made.read_bytes()


def test_footprints_with_storeys_take_the_place_of_the_map(
    osm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    east, north = PLACE.origin[:2]
    shapes = [box(east + 30, north - 40, east + 60, north - 10)]
    path = tmp_path / "talot.gpkg"
    pyogrio.raw.write(
        str(path),
        geometry=shapely.to_wkb(np.array(shapes, dtype=object)),
        field_data=[np.array([7])],
        fields=np.array(["kerrosluku"], dtype=object),
        geometry_type="Polygon",
        crs=PLACE.crs,
    )
    out = tmp_path / "a.twin.json"
    imported(capsys, out, "--osm", osm, "--buildings", path, "--credit", "City of Tampere, CC BY 4.0")
    city = open_project(out).city
    row = next(i for i, name in enumerate(city.object_id) if str(name).startswith("talot-"))
    assert cities.heights(city)[row] == pytest.approx(7 * 3.3)
    assert city.attributes.row(row)["height_source"] == "attribute kerrosluku × 3.3 m"


def test_heights_above_the_ground_reach_buildings_without_any(
    osm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grid = tmp_path / "ndsm.tif"
    values = np.full((600, 600), 9.0, dtype=np.float32)
    corner = Affine(1.0, 0.0, PLACE.origin[0] - 300, 0.0, -1.0, PLACE.origin[1] + 300)
    options = {"driver": "GTiff", "width": 600, "height": 600, "count": 1, "dtype": "float32"}
    with rasterio.open(grid, "w", crs=PLACE.crs, transform=corner, **options) as file:
        file.write(values, 1)
    out = tmp_path / "a.twin.json"
    imported(capsys, out, "--osm", osm, "--ndsm", grid, "--raster", grid)
    sources = report(out)["height_sources"]
    assert sources["nDSM, 90th percentile"]["solids"] == 3
    assert sources["height tag"]["solids"] == 1
    raster = open_project(out).rasters[0]
    assert np.nanmax(raster.values) == 9.0
    with rasterio.open(tmp_path / "a" / "ndsm.tif") as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"


def test_an_area_outside_the_map_is_refused(
    osm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a.twin.json"
    assert main(["import", str(out), "--centre", "60.17,24.94", "--osm", str(osm)]) == 2
    assert "town.osm: holds nothing of the area" in capsys.readouterr().err
    assert main(["import", str(out), "--centre", f"{LON},{LAT}", "--osm", str(osm)]) == 2
    assert f"Latitude comes first: {LAT:g},{LON:g}" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--centre", "here"], "'here' is no centre"),
        (["--centre", CENTRE], "Give at least one file"),
        (["--centre", CENTRE, "--osm", "gone.osm.pbf"], "gone.osm.pbf: is missing"),
        (["--centre", CENTRE, "--buildings", str(HOUSE), "--crs", "4326"], "is not in metres"),
        (["--centre", CENTRE, "--buildings", str(HOUSE), "--radius", "1e9"], "cannot be made"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(tmp_path / "a.twin.json"), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_raster_without_a_value_in_the_area_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grid = tmp_path / "empty.tif"
    corner = Affine(10.0, 0.0, PLACE.origin[0] - 300, 0.0, -10.0, PLACE.origin[1] + 300)
    options = {"driver": "GTiff", "width": 60, "height": 60, "count": 1, "dtype": "float32"}
    with rasterio.open(grid, "w", crs=PLACE.crs, transform=corner, **options) as file:
        file.write(np.full((60, 60), np.nan, dtype=np.float32), 1)
    out = tmp_path / "a.twin.json"
    imported(capsys, out, "--raster", grid)
    assert report(out)["notes"] == {"empty.tif: has no value in the area": 1}


def test_streets_of_two_owners_name_both(
    osm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roads = tmp_path / "roads.geojson"
    line = {"type": "LineString", "coordinates": [[LON - 1e-3, LAT], [LON + 1e-3, LAT + 1e-4]]}
    feature = {"type": "Feature", "properties": {"highway": "residential"}, "geometry": line}
    roads.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    out = tmp_path / "a.twin.json"
    imported(capsys, out, "--osm", osm, "--vector", roads, "--credit", "roads.geojson=Town, CC BY 4.0")
    told = report(out)["credits"]
    assert told["streets"] == "© OpenStreetMap contributors, ODbL 1.0 · Town, CC BY 4.0"
    assert told["footways"] == told["buildings"] == "© OpenStreetMap contributors, ODbL 1.0"
    assert open_project(out).attribution == ("© OpenStreetMap contributors, ODbL 1.0", "Town, CC BY 4.0")


def test_nothing_is_written_over(osm: Path, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = made.read_bytes()
    assert "is there already" in imported(capsys, made, "--osm", osm, code=2)
    assert made.read_bytes() == before


def test_what_is_no_map_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"\0\0\0\x0e\n\tOSMHeader\x18")
    assert "broken.osm.pbf: cannot be read" in imported(
        capsys, tmp_path / "a.twin.json", "--osm", broken, code=2
    )


def test_helsinki_central_takes_less_than_half_a_minute(shared_data: Path, tmp_path: Path) -> None:
    out = tmp_path / "h.twin.json"
    begun = time.monotonic()
    pbf = shared_data / "osm" / "Helsinki.osm.pbf"
    assert main(["import", str(out), "--centre", "60.1719,24.9414", "--osm", str(pbf), "--json"]) == 0
    assert time.monotonic() - begun < 60, "30 s where nothing else runs"
    told = report(out)
    assert told["crs"] == "EPSG:3879"
    assert told["counts"]["buildings"] > 150
    assert told["counts"]["streets"] > 300
    assert "Helsinki.osm.pbf does not reach over 10% of the area" in told["notes"]


def test_kalasatama_comes_from_its_city_model(shared_data: Path, tmp_path: Path) -> None:
    out = tmp_path / "k.twin.json"
    arguments: list[object] = ["--centre", "60.1845,24.9805", "--radius", "150"]
    arguments += ["--buildings", shared_data / "citygml" / "helsinki" / "kalasatama_2549_6674.gml"]
    arguments += ["--vector", shared_data / "vectors" / "helsinki" / "hsy_populationgrid.json"]
    arguments += ["--raster", shared_data / "heat" / "helsinki" / "Urban_Heat_Exposure_Index.tif"]
    arguments += ["--credit", "City of Helsinki, CC BY 4.0", "--json"]
    assert main(["import", str(out), *map(str, arguments)]) == 0
    project = open_project(out)
    buildings = int((project.city.object_parent < 0).sum())
    assert 10 < buildings < 61, "those in the circle alone"
    assert report(out)["height_sources"] == {"city model": {"solids": buildings, "share": 1.0}}
    assert -1.5 < project.city.vertices[:, 2].min() < 2, "it stands on the ground that is drawn"
    assert project.rasters[0].id == "urban_heat_exposure_index"
    assert [layer.id for layer in project.layers] == ["hsy_populationgrid"]
    assert project.attribution == ("City of Helsinki, CC BY 4.0",)
