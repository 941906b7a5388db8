"""No file, whatever it says, makes the program fetch an address or read another file."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
from shapely import Point

from twin.errors import DataError
from twin.formats import atomic, project_file
from twin.formats.open_project import open_project
from twin.model.layer import Style
from twin.model.place import Place

PLACE = Place("EPSG:3879", (25496900.0, 6673200.0, 0.0), 24.9441, 60.1717)
SECRET = "a-secret-in-another-file"  # noqa: S105  # not one of ours


@pytest.fixture
def canary() -> Iterator[tuple[str, list[bytes]]]:
    """An address on this machine, and what was asked of it."""
    asked: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client:
                asked.append(client.recv(1024))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def hostile(url: str, secret: Path) -> dict[str, str]:
    simple = "<SimpleSource><SourceFilename>{}</SourceFilename></SimpleSource>"
    size = 'rasterXSize="9" rasterYSize="9"'
    band = f'<VRTDataset {size}><VRTRasterBand band="1">{simple}</VRTRasterBand></VRTDataset>'
    layer = "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>{}</SrcDataSource></OGRVRTLayer>"
    wms = f"<GDAL_WMS><Service name='TMS'><ServerUrl>{url}/{{z}}</ServerUrl></Service></GDAL_WMS>"
    gml = '<!DOCTYPE a [<!ENTITY x SYSTEM "{}">]><CityModel xmlns="http://www.opengis.net/citygml/2.0">&x;</CityModel>'
    point = {"type": "Point", "coordinates": [24.9, 60.1]}
    features = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": point}],
    }
    link = {"type": "link", "properties": {"href": f"{url}/crs", "type": "proj4"}}
    name = {"type": "name", "properties": {"name": f"{url}/crs"}}
    fg = {
        "conformsTo": ["[ogc-json-fg-1-0.1:core]"],
        "coordRefSys": {"type": "Reference", "href": f"{url}/crs"},
    }
    feature_fg = {**features["features"][0], **fg, "place": point}
    esri = {"geometryType": "esriGeometryPoint", "features": [], "exceededTransferLimit": True, "url": url}
    return {
        "vrt.tif": band.format(f"/vsicurl/{url}/a.tif"),
        "file.tif": band.format(secret),
        "wms.tif": wms,
        "vrt.gpkg": layer.format(f"/vsicurl/{url}/a.gpkg"),
        "vrt.geojson": layer.format(secret),
        "vrt.shp": layer.format(url),
        "stac.geojson": json.dumps(
            {**features, "stac_version": "1.0.0", "assets": {"a": {"href": f"{url}/a.tif"}}}
        ),
        "stream.geojson": json.dumps(
            {"type": "gdal_streamed_alg", "command_line": f"gdal vector read {url}/a.json"}
        ),
        "esri.json": json.dumps(esri),
        "link.geojson": json.dumps({**features, "crs": link}),
        "name.geojson": json.dumps({**features, "crs": name}),
        "fg.geojson": json.dumps({**features, **fg}),
        "fg-feature.json": json.dumps({**features, "features": [feature_fg]}),
        "feature-crs.json": json.dumps({**features["features"][0], "crs": link}),
        "inner-crs.json": json.dumps({**features, "features": [{**features["features"][0], "crs": link}]}),
        "web.gml": gml.format(f"{url}/x"),
        "secret.gml": gml.format(secret.as_uri()),
    }


def kind(name: str) -> str:
    return {"gml": "city", "tif": "raster"}.get(name.rpartition(".")[2], "vector")


def test_no_source_fetches_or_reads_anything_else(tmp_path: Path, canary: tuple[str, list[bytes]]) -> None:
    url, asked = canary
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    files = hostile(url, secret)
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    tree: dict[str, Any] = {
        "schema": "twin-project",
        "version": 1,
        "name": "hostile",
        "crs": PLACE.crs,
        "place": {"origin": list(PLACE.origin), "longitude": 24.9441, "latitude": 60.1717},
        "sources": [{"id": name, "path": name, "kind": kind(name)} for name in files],
    }
    path = tmp_path / "a.twin.json"
    path.write_text(json.dumps(tree))
    project = open_project(path)
    text = " ".join([*project.notices, *(source.problem for source in project.sources)])
    used = {layer.id for layer in project.layers} | {raster.id for raster in project.rasters}
    assert used <= {"esri.json", "stac.geojson", "name.geojson", "fg-feature.json", "inner-crs.json"}
    assert not len(project.city.object_id)
    assert SECRET not in text
    assert asked == []


def test_addresses_never_reach_a_reader(tmp_path: Path, canary: tuple[str, list[bytes]]) -> None:
    from twin.formats.geotiff import read_raster
    from twin.formats.vector import read_layer

    url, asked = canary
    for text in (f"{url}/a.gpkg", f"/vsicurl/{url}/a.gpkg", f"GPKG:/vsicurl/{url}/a.gpkg"):
        with pytest.raises(DataError):
            read_layer(Path(text), layer=None, id="a", title="a", style=Style(), place=PLACE)
        with pytest.raises(DataError):
            read_raster(Path(text.replace("gpkg", "tif")), id="a", title="a", place=PLACE)
        with pytest.raises(DataError):
            open_project(Path(text))
    assert asked == []


def test_a_projection_file_is_not_followed(tmp_path: Path, canary: tuple[str, list[bytes]]) -> None:
    from twin.formats.vector import read_layer

    url, asked = canary
    path = tmp_path / "a.shp"
    pyogrio.raw.write(
        path, geometry=np.array([Point(24.9, 60.1).wkb], dtype=object), field_data=[],
        fields=np.array([], dtype=object), geometry_type="Point", crs="EPSG:4326",
    )  # fmt: skip
    for text in (f"{url}/crs", f"/vsicurl/{url}/crs"):
        path.with_suffix(".prj").write_text(text)
        with pytest.raises(DataError, match="coordinate system"):
            read_layer(path, layer=None, id="a", title="a", style=Style(), place=PLACE)
    whole = tmp_path / "a.gpkg"
    pyogrio.raw.write(
        whole, geometry=np.array([Point(24.9, 60.1).wkb], dtype=object), field_data=[],
        fields=np.array([], dtype=object), geometry_type="Point", crs="EPSG:3879",
    )  # fmt: skip
    with sqlite3.connect(whole) as database:
        row = (f"{url}/crs", 3879)
        database.execute("update gpkg_spatial_ref_sys set organization='x', definition=? where srs_id=?", row)
    database.close()
    with pytest.raises(DataError):
        read_layer(whole, layer=None, id="a", title="a", style=Style(), place=PLACE)
    assert asked == []


def test_a_killed_save_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a.twin.json"
    tree = {
        "schema": "twin-project",
        "version": 1,
        "name": "0",
        "crs": "EPSG:3879",
        "place": {"origin": [0, 0, 0], "longitude": 0, "latitude": 0},
        "notes": "x" * 500_000,
    }
    path.write_text(json.dumps(tree))
    code = (
        "import sys, itertools; from pathlib import Path; from dataclasses import replace; import msgspec;"
        "from twin.formats import project_file; path = Path(sys.argv[1]); file = project_file.load(path);\n"
        "print('ready', flush=True)\n"
        "for number in itertools.count():\n"
        "    content = msgspec.structs.replace(file.content, name=str(number))\n"
        "    project_file.save(replace(file, content=content), path)\n"
    )
    for milliseconds in (1, 7, 20, 33, 61):
        process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        process.stdout.close()
        assert len(project_file.load(path).raw["notes"]) == 500_000
        for backup in atomic.backups_of(path):
            assert project_file.load(backup).content.name.isdigit()
