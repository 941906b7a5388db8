"""A quarter of a city comes in tile by tile, and is the same from a cluster as from one process."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio import Affine
from rasterio.enums import ColorInterp

from twin.analysis.drape_tiles import drape_tiles
from twin.analysis.seat import build_on
from twin.analysis.terrain_mesh import relief
from twin.cli.main import main
from twin.errors import DataError
from twin.formats.area_crs import place_for
from twin.formats.geotiff import read_raster
from twin.formats.open_project import open_project
from twin.formats.raster_clip import clip
from twin.model.terrain import height_at
from twin.session.cluster import executor_at
from twin.session.jobs import Inline

HOUSE = Path(__file__).parents[1] / "formats" / "data" / "house_v2.gml"
LAT, LON = 60.1699, 24.9384
PLACE, _ = place_for(LAT, LON, "EPSG:3879")
SIDE = 1000
"""Of a tile; four times four of them are the quarter. [m]"""


def corner() -> tuple[float, float]:
    """The north-west corner of the quarter, on whole pixels."""
    return PLACE.origin[0] - 2 * SIDE, PLACE.origin[1] + 2 * SIDE


def write(path: Path, values: Any, west: float, north: float, cell: float, **more: Any) -> Path:
    values = np.atleast_3d(values.T).T
    options = {"width": values.shape[2], "height": values.shape[1], "dtype": values.dtype, "crs": "EPSG:3879"}
    there = Affine(cell, 0, west, 0, -cell, north)
    with rasterio.open(
        path, "w", driver="GTiff", count=len(values), transform=there, **{**options, **more}
    ) as f:
        f.write(values)
    return path


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen tiles of a city model, of heights and of a heat raster, each made from the first."""
    folder = tmp_path_factory.mktemp("quarter")
    for name in ("city", "dem", "heat"):
        (folder / name).mkdir()
    west, north = corner()
    text = HOUSE.read_text()
    pairs = re.compile(r"25496(\d{3})\.0 6673(\d{3})\.0")
    y, x = np.mgrid[:50, :50]
    for row in range(4):
        for column in range(4):
            left, top = west + column * SIDE, north - row * SIDE
            east = text.replace('gml:id="', f'gml:id="t{row}{column}_').replace('"#', f'"#t{row}{column}_')
            moved = pairs.sub(
                lambda m, e=left + 500, n=top - 500: f"{e + int(m[1])} {n + int(m[2])}",
                east,
            )
            (folder / "city" / f"tile_{row}{column}.gml").write_text(moved)
            hills = 10 + 3 * np.sin((x + 50 * column) / 20) + 2 * np.cos((y + 50 * row) / 15)
            name = f"{row}{column}.tif"
            write(folder / "dem" / name, hills.astype(np.float32), left, top, 20)
            write(folder / "heat" / name, (hills + row).astype(np.float32), left, top, 20, nodata=-9)
    return folder


def imported(quarter: Path, out: Path, *more: str) -> Path:
    cities = [str(path) for path in sorted((quarter / "city").iterdir())]
    where = ["--centre", f"{LAT},{LON}", "--radius", "2000", "--crs", "3879"]
    files = ["--buildings", *cities, "--dem", str(quarter / "dem"), "--raster", str(quarter / "heat")]
    assert main(["import", str(out), *where, *files, *more, "--name", "Quarter", "--json"]) == 0
    return out


def plots_everywhere() -> tuple[Any, Any]:
    """Plots of land, of two triangles each, over all sixteen tiles."""
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(-1950, 1950, 120.0), np.arange(-1950, 1950, 90.0)))
    corners = [np.column_stack([x + i, y + j]) for i, j in ((0, 0), (110, 5), (105, 85), (-5, 80))]
    first = 4 * np.arange(len(x))
    pairs = [np.column_stack([first, first + i, first + i + 1]) for i in (1, 2)]
    return np.stack(corners, axis=1).reshape(-1, 2), np.concatenate(pairs)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_cluster_of_two_workers_imports_and_drapes_the_same(quarter: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    here = open_project(imported(quarter, tmp_path / "here.twin.json"))
    assert here.terrain is not None
    mesh = relief(here.terrain)
    plots, triangles = plots_everywhere()
    laid = drape_tiles(mesh, plots, triangles, Inline())
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        address = cluster.scheduler_address
        away = imported(quarter, tmp_path / "away.twin.json", "--cluster", address)
        with executor_at(address) as executor:
            draped = drape_tiles(mesh, plots, triangles, executor)
    files = sorted(path.name for path in (tmp_path / "here").iterdir() if path.name != "import.json")
    assert {"buildings.city.json", "dem.tif", "heat.tif"} == {*files}
    for name in files:
        assert (tmp_path / "away" / name).read_bytes() == (tmp_path / "here" / name).read_bytes(), name
    assert len(laid.triangles) > 4 * len(triangles)
    assert np.array_equal(laid.points, draped.points)
    assert np.array_equal(laid.triangles, draped.triangles)
    project = open_project(away)
    assert len({str(name).split("_")[0] for name in project.city.object_id}) == 12, "the corners lie outside"
    assert project.terrain is not None
    assert project.terrain.heights.values.shape == (200, 200)
    assert project.terrain.known == 1.0


BOUNDS = (-1000.0, -1000.0, 1000.0, 1000.0)


def test_where_tiles_overlap_the_first_counts_and_gaps_stay_empty(tmp_path: Path) -> None:
    west, north = PLACE.origin[0] - 100, PLACE.origin[1] + 100
    one = write(tmp_path / "1.tif", np.full((10, 10), 1, np.int16), west, north, 10)
    two = write(tmp_path / "2.tif", np.full((10, 10), 2, np.int16), west + 50, north - 50, 10)
    assert clip((one, two), tmp_path / "out.tif", PLACE, BOUNDS) == 175
    made, _ = read_raster(tmp_path / "out.tif", id="", title="", place=PLACE)
    expected = np.full((15, 15), np.nan)
    expected[5:, 5:], expected[:10, :10] = 2, 1
    assert np.array_equal(made.values, expected, equal_nan=True)


@pytest.mark.parametrize(
    ("west", "more", "said"),
    [
        (3.0, {}, "do not lie in the grid of 1.tif"),
        (0.0, {"crs": "EPSG:3878"}, "another coordinate system than 1.tif"),
        (0.0, {"nodata": -9}, "by another number than 1.tif"),
    ],
)
def test_tiles_that_do_not_fit_are_named(tmp_path: Path, west: float, more: Any, said: str) -> None:
    x, y = place_for(LAT, LON, more.get("crs", "EPSG:3879"))[0].origin[:2]
    one = write(tmp_path / "1.tif", np.ones((10, 10), np.int16), PLACE.origin[0], PLACE.origin[1], 10)
    two = write(tmp_path / "2.tif", np.ones((10, 10), np.int16), x + west, y, 10, **more)
    with pytest.raises(DataError, match=rf"2\.tif: .*{said}"):
        clip((one, two), tmp_path / "out.tif", PLACE, BOUNDS)


def test_a_folder_without_rasters_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder without a GeoTIFF"):
        clip(tmp_path, tmp_path / "out.tif", PLACE, BOUNDS)


def test_a_picture_stays_a_picture_when_it_is_cut(tmp_path: Path) -> None:
    west, north = PLACE.origin[0] - 50, PLACE.origin[1] + 50
    colours = np.arange(300, dtype=np.uint8).reshape(3, 10, 10)
    picture = write(tmp_path / "p.tif", colours, west, north, 10, photometric="RGB")
    clip(picture, tmp_path / "out.tif", PLACE, BOUNDS)
    made, _ = read_raster(tmp_path / "out.tif", id="", title="", place=PLACE)
    assert made.image is not None
    assert np.array_equal(made.image[..., :3], np.moveaxis(colours, 0, 2))


def test_a_palette_stays_when_it_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "p.tif"
    write(path, np.eye(10, dtype=np.uint8), PLACE.origin[0], PLACE.origin[1], 10, photometric="palette")
    with rasterio.open(path, "r+") as file:
        file.write_colormap(1, {0: (10, 20, 30, 255), 1: (200, 100, 0, 255)})
    clip(path, tmp_path / "out.tif", PLACE, BOUNDS)
    with rasterio.open(tmp_path / "out.tif") as file:
        assert file.colorinterp == (ColorInterp.palette,)
        assert file.colormap(1)[1] == (200, 100, 0, 255)


def test_an_area_far_above_the_sea_begins_on_its_ground(tmp_path: Path) -> None:
    west, north = PLACE.origin[0] - 600, PLACE.origin[1] + 600
    _, x = np.mgrid[:60, :60]
    dem = write(tmp_path / "hill.tif", (500 + x / 10).astype(np.float32), west, north, 20)
    house = tmp_path / "house.geojson"
    ring = [[LON, LAT], [LON + 2e-4, LAT], [LON + 2e-4, LAT + 1e-4], [LON, LAT + 1e-4], [LON, LAT]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"height": 9.0}, "geometry": shape}
    house.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    out = tmp_path / "high.twin.json"
    where = ["--centre", f"{LAT},{LON}", "--radius", "300", "--crs", "3879"]
    assert main(["import", str(out), *where, "--buildings", str(house), "--dem", str(dem)]) == 0
    project = open_project(out)
    assert project.place.origin[2] == 501.0
    assert project.terrain is not None
    assert project.terrain.lowest == pytest.approx(-1.0, abs=1.0)
    home = project.bookmarks[0].camera
    assert home.position[2] > float(project.terrain.heights.values.max())
    seated = build_on(project.city, project.layers, (), project.terrain).city.vertices[:, 2]
    ground = height_at(project.terrain, np.array([0.0]), np.array([0.0]))[0]
    assert seated.min() == pytest.approx(ground, abs=1.5)
    assert seated.max() - seated.min() < 12


def test_a_point_cloud_gives_heights_to_footprints_without(shared_data: Path, tmp_path: Path) -> None:
    cloud = shared_data / "pointcloud" / "dtcc_minimal.las"
    laspy = pytest.importorskip("laspy", reason="laspy (the extra [las]) is not installed")
    points = laspy.read(cloud)
    roof = np.column_stack([points.x, points.y])[np.asarray(points.classification) == 1]
    (west, south), (east, north) = roof.min(axis=0), roof.max(axis=0)
    # the cloud lies where the equator meets Greenwich, in metres of web maps
    ring = [
        [x / 111_319.49, y / 111_325.14]
        for x, y in ((west, south), (east, south), (east, north), (west, north))
    ]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    house = tmp_path / "house.geojson"
    house.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    out = tmp_path / "cloud.twin.json"
    where = ["--centre", "-0.00007,0.00003", "--radius", "100", "--crs", "32631"]
    files = ["--buildings", str(house), "--points", str(cloud)]
    assert main(["import", str(out), *where, *files]) == 0
    told = json.loads((tmp_path / "cloud" / "import.json").read_text())
    assert told["height_sources"] == {"point cloud, 90th percentile": {"solids": 1, "share": 1.0}}
    table = open_project(out).city.attributes
    assert 2 < float(table.columns["measuredHeight"][0]) < 12


@pytest.mark.parametrize(
    ("values", "cut", "said"),
    [
        (np.full((200, 200), np.nan), None, "has no height in the area"),
        (np.random.default_rng(0).random((200, 200)), 9000, "is damaged: no row can be read"),
    ],
)
def test_ground_that_is_empty_or_cut_off_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], values: Any, cut: int | None, said: str
) -> None:
    west, north = PLACE.origin[0] - 1000, PLACE.origin[1] + 1000
    dem = write(tmp_path / "d.tif", values.astype(np.float32), west, north, 10)
    dem.write_bytes(dem.read_bytes()[:cut])
    out = tmp_path / "a.twin.json"
    where = ["--centre", f"{LAT},{LON}", "--radius", "300", "--crs", "3879"]
    assert main(["import", str(out), *where, "--dem", str(dem)]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()
