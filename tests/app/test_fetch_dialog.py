"""Layers are fetched from the window, and what goes wrong is said in the dialog."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import small_map
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from twin.app.fetch_dialog import FetchDialog
from twin.cli.main import main
from twin.formats.open_project import open_project

LAT, LON = small_map.CENTRE
ANSWERS = {
    "/collections": {"collections": [{"id": "wells", "title": "Wells"}]},
    "/collections/wells/items": {
        "features": [
            {
                "type": "Feature",
                "id": 1,
                "properties": {"deep": 12.5},
                "geometry": {"type": "Point", "coordinates": [LON, LAT]},
            }
        ]
    },
}


@pytest.fixture
def service() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            body = json.dumps(ANSWERS[self.path.partition("?")[0]]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_layer_is_fetched_from_the_window(qtbot: QtBot, tmp_path: Path, service: str) -> None:
    town = tmp_path / "town.twin.json"
    osm = small_map.write(tmp_path / "town.osm")
    assert main(["import", str(town), "--centre", f"{LAT},{LON}", "--osm", str(osm), "--json"]) == 0
    dialog = FetchDialog(town)
    dialog.show()
    assert not dialog.go.isEnabled()
    dialog.kind.setCurrentIndex(1)
    dialog.url.setText(service)
    dialog.layer.setText("springs")
    dialog.begin()
    qtbot.waitUntil(lambda: "has no layer 'springs'" in dialog.note.text(), timeout=20_000)
    dialog.layer.setText("wells")
    with qtbot.waitSignal(dialog.fetched, timeout=20_000) as told:
        dialog.go.click()
    assert told.args == ["wells", "wells: 1 feature."]
    qtbot.waitUntil(lambda: not isValid(dialog) or not dialog.isVisible())  # it goes when it is closed
    assert "wells" in {layer.id for layer in open_project(town).layers}
