"""Starts MapServer and pygeoapi on the loopback, with a few features around a place."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MAPSERV = Path("/usr/lib/cgi-bin/mapserv")
PYGEOAPI = ROOT / ".venv-servers" / "bin" / "pygeoapi"

MAPFILE = """
MAP
  NAME "town"
  SIZE 256 256
  EXTENT {west} {south} {east} {north}
  PROJECTION "init=epsg:4326" END
  SHAPEPATH "{folder}"
  WEB
    METADATA
      "ows_title" "Town maps"
      "ows_onlineresource" "{url}/maps?"
      "ows_enable_request" "*"
      "ows_srs" "EPSG:4326 EPSG:3857 EPSG:3067 EPSG:3878 EPSG:3879"
      "ows_accessconstraints" "CC BY 4.0"
      "wfs_getfeature_formatlist" "{formats}"
    END
  END
  OUTPUTFORMAT NAME "geojson" DRIVER "OGR/GEOJSON" MIMETYPE "application/json; subtype=geojson"
    FORMATOPTION "STORAGE=stream" FORMATOPTION "FORM=SIMPLE" END
  LAYER
    NAME "yards"
    TYPE POLYGON
    STATUS ON
    CONNECTIONTYPE OGR
    CONNECTION "{folder}/yards.geojson"
    PROJECTION "init=epsg:4326" END
    METADATA
      "ows_title" "Yards"
      "ows_include_items" "all"
      "gml_include_items" "all"
      "gml_featureid" "number"
    END
    CLASS STYLE COLOR 200 30 30 END END
  END
END
"""


def yards(lat: float, lon: float, count: int) -> dict[str, Any]:
    """Squares in a row to the east, the last ones far away."""
    features = []
    for i in range(count):
        west = lon - 0.004 + 0.0004 * i if i < 20 else lon + 1 + 0.001 * i
        ring = [
            [west, lat],
            [west + 0.0002, lat],
            [west + 0.0002, lat + 0.0001],
            [west, lat + 0.0001],
            [west, lat],
        ]
        features.append(
            {
                "type": "Feature",
                "id": i,
                "properties": {"number": i, "title": f"Yard Ä{i}"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return {"type": "FeatureCollection", "features": features}


@contextmanager
def mapserver(folder: Path, lat: float, lon: float, *, json_too: bool = True) -> Iterator[str]:
    """Its address; each request starts the program, as a web server does."""
    (folder / "yards.geojson").write_text(json.dumps(yards(lat, lon, 30)))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            environ = {
                **{"REQUEST_METHOD": "GET", "QUERY_STRING": self.path.partition("?")[2]},
                **{"MS_MAPFILE": str(folder / "town.map"), "PATH": os.environ["PATH"]},
                **{"SERVER_NAME": "127.0.0.1", "SERVER_PORT": str(port), "SCRIPT_NAME": "/maps"},
                "MAPSERVER_CONFIG_FILE": str(folder / "mapserver.conf"),
            }
            done = subprocess.run([MAPSERV], env=environ, capture_output=True, check=False, timeout=30)
            head, _, body = done.stdout.partition(b"\r\n\r\n")
            self.send_response(200)
            for line in head.decode().splitlines():
                name, _, value = line.partition(":")
                self.send_header(name, value.strip())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port = server.server_address[1]
    (folder / "mapserver.conf").write_text('CONFIG\n ENV\n  MS_MAP_PATTERN "."\n END\nEND\n')
    (folder / "town.map").write_text(
        MAPFILE.format(
            **{"west": lon - 0.1, "south": lat - 0.1, "east": lon + 0.1, "north": lat + 0.1},
            **{"folder": folder, "url": f"http://127.0.0.1:{port}"},
            formats="geojson" if json_too else "gml",
        )
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}/maps"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def pygeoapi(folder: Path, lat: float, lon: float) -> Iterator[str]:
    """Its address, once it answers."""
    (folder / "yards.geojson").write_text(json.dumps(yards(lat, lon, 30)))
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    provider = {
        "type": "feature",
        "name": "GeoJSON",
        "data": str(folder / "yards.geojson"),
        "id_field": "number",
    }
    about = {"title": {"en": "Town"}, "description": {"en": "Town"}, "keywords": {"en": ["town"]}}
    world = {"spatial": {"bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}
    tree = {
        "server": {
            **{"bind": {"host": "127.0.0.1", "port": port}, "url": url, "mimetype": "application/json"},
            **{"encoding": "utf-8", "language": "en-US", "map": {"url": "", "attribution": ""}},
            "limits": {"default_items": 5, "max_items": 7},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {**about, "url": url, "keywords_type": "theme", "terms_of_service": "CC"},
            "license": {"name": "CC BY 4.0", "url": url},
            "provider": {"name": "Town", "url": url},
            "contact": {"name": "Town"},
        },
        "resources": {
            "yards": {"type": "collection", **about, "links": [], "extents": world, "providers": [provider]}
        },
    }
    config, described = folder / "config.yml", folder / "openapi.yml"
    config.write_text(json.dumps(tree))  # JSON is YAML
    environ = {**os.environ, "PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(described)}
    made = subprocess.run(
        [PYGEOAPI, "openapi", "generate", str(config), "--output-file", str(described)],
        env=environ,
        capture_output=True,
        check=False,
        timeout=60,
    )
    if made.returncode:
        raise RuntimeError(made.stderr.decode()[-500:])
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([PYGEOAPI, "serve"], env=environ, stdout=log, stderr=log)
        try:
            _wait(f"{url}/collections?f=json", process)
            yield url
        finally:
            process.terminate()
            process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 40
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  # the loopback
                return
        except (urllib.error.URLError, OSError):
            threading.Event().wait(0.1)
    raise RuntimeError("pygeoapi does not answer")


def has_mapserver() -> bool:
    """Whether the Debian package cgi-mapserver is installed."""
    return MAPSERV.exists() and shutil.which(str(MAPSERV)) is not None
