"""Layers come from real servers into the project's folder, and open without the server."""

import math
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import map_servers
import numpy as np
import pytest
import rasterio
import small_map
from PIL import Image

from twin.cli.main import main
from twin.formats import project_file
from twin.formats.open_project import open_project

LAT, LON = small_map.CENTRE
needs_mapserver = pytest.mark.skipif(
    not map_servers.has_mapserver(), reason="no MapServer: the Debian package cgi-mapserver has it"
)
needs_pygeoapi = pytest.mark.skipif(
    not map_servers.PYGEOAPI.exists(), reason="no pygeoapi: `python3 scripts/servers.py` makes .venv-servers"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "town.twin.json"
    osm = small_map.write(out.with_name("town.osm"))
    assert main(["import", str(out), "--centre", f"{LAT},{LON}", "--radius", "250", "--osm", str(osm)]) == 0
    return out


@pytest.fixture
def town(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / made.name


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with map_servers.mapserver(tmp_path_factory.mktemp("maps"), LAT, LON) as url:
        yield url


def fetched(town: Path, *arguments: str, code: int = 0) -> None:
    assert main(["fetch", str(town), *arguments]) == code


def yards_of(town: Path) -> list[int]:
    layer = next(layer for layer in open_project(town).layers if layer.id == "yards")
    assert str(layer.table.columns["title"][0]).startswith("Yard Ä")
    return sorted(int(n) for n in layer.table.columns["number"])


@needs_mapserver
@pytest.mark.parametrize("json_too", [True, False])
def test_wfs_features_come_as_json_and_as_gml(town: Path, tmp_path: Path, json_too: bool) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    with map_servers.mapserver(folder, LAT, LON, json_too=json_too) as url:
        fetched(town, "wfs", url, "--layer", "yards", "--radius", "300")
    assert yards_of(town) == list(range(20)), "those far away are left out"
    entry = project_file.load(town).content.sources[-1]
    assert entry.path == "town/yards.geojson"
    assert entry.attribution == "Town maps, CC BY 4.0 (127.0.0.1:" + entry.attribution.rpartition(":")[2]


@needs_mapserver
def test_a_wms_picture_lies_where_the_area_is(town: Path, maps: str) -> None:
    fetched(town, "wms", maps, "--layer", "yards", "--radius", "200", "--width", "400")
    with rasterio.open(town.parent / "town" / "yards.tif") as file:
        assert file.crs.to_epsg() == 3878
        assert (file.width, file.count) == (400, 4)
        red = file.read(1)[file.read(4) > 0]
        rows, columns = np.nonzero((file.read(1) > 150) & (file.read(2) < 60))
        assert len(rows)
        east, north = file.transform @ (columns.mean(), rows.mean())
        assert len(red)
    origin = project_file.load(town).place.origin
    # the yards run from west to east through the centre, a little to the north of it
    assert abs(east - origin[0]) < 150
    assert abs(north - origin[1]) < 100
    assert open_project(town).rasters[0].id == "yards"


@needs_mapserver
def test_what_the_service_does_not_have_is_named(
    town: Path, maps: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = town.read_bytes()
    fetched(town, "wfs", maps, "--layer", "gardens", code=2)
    assert "has no layer 'gardens'. Choose one of" in capsys.readouterr().err
    fetched(town, "wms", maps, code=2)
    assert "The layer is missing" in capsys.readouterr().err
    assert town.read_bytes() == before


@needs_pygeoapi
def test_ogc_api_features_come_page_by_page(town: Path, tmp_path: Path) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    with map_servers.pygeoapi(folder, LAT, LON) as url:
        fetched(town, "oapif", url, "--layer", "yards", "--radius", "300", "--credit", "Town, CC BY 4.0")
    assert yards_of(town) == list(range(20))
    assert "Town, CC BY 4.0" in open_project(town).attribution


def test_a_file_is_no_service(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fetched(town, "wfs", "file:///etc/passwd", "--layer", "x", code=2)
    assert "cannot be asked" in capsys.readouterr().err


def test_tiles_lie_beside_each_other(town: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tiles"
    zoom = 17
    column = int((LON + 180) / 360 * 2**zoom)
    lat = math.radians(LAT)
    row = int((1 - math.asinh(math.tan(lat)) / math.pi) / 2 * 2**zoom)
    for x in range(column - 4, column + 5):
        (folder / str(zoom) / str(x)).mkdir(parents=True)
        for y in range(row - 4, row + 5):
            shade = (x * 16 % 256, y * 16 % 256, 90)
            Image.new("RGB", (256, 256), shade).save(folder / str(zoom) / str(x) / f"{y}.png")
    (folder / str(zoom) / str(column) / f"{row}.png").unlink()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}/{{z}}/{{x}}/{{y}}.png"
        fetched(town, "xyz", address, "--radius", "200", "--zoom", str(zoom))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    with rasterio.open(town.parent / "town" / "tiles.tif") as file:
        assert file.crs.to_epsg() == 3857
        side = 2 * math.pi * 6_378_137 / 2**zoom
        for x, y in ((column - 1, row), (column + 1, row + 1)):
            east = -math.pi * 6_378_137 + (x + 0.5) * side
            north = math.pi * 6_378_137 - (y + 0.5) * side
            red, green, *_ = next(iter(file.sample([(east, north)])))
            assert (red, green) == (x * 16 % 256, y * 16 % 256)
    assert "tiles" in {raster.id for raster in open_project(town).rasters}
