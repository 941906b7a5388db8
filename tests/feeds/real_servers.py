"""Starts the real servers that feeds are tested with, on free ports of the loopback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-servers" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
PATIENCE = 30.0
SETTINGS = """
from uuid import UUID
SECRET_KEY = "loopback only"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "site_urls"
USE_TZ = True
INSTALLED_APPS = [
    "sensorthings.versions.v1_1",
    "sensorthings.versions.v1_1.backends.django",
    "sensorthings.versions.v1_1.extensions.dataarray",
]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": {database!r}}}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SENSORTHINGS_V1_1_SERVICE_URL = "{url}/sensorthings"
SENSORTHINGS_V1_1_BACKEND_ADAPTER = "sensorthings.versions.v1_1.backends.django.adapter.DjangoBackendAdapter"
SENSORTHINGS_V1_1_ID_TYPE = UUID
SENSORTHINGS_V1_1_ID_DELIMITER = "'"
"""
URLS = """
from django.urls import include, path
urlpatterns = [path("sensorthings/", include("sensorthings.versions.v1_1.urls"))]
"""
STARTED = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.core.asgi import get_asgi_application
application = get_asgi_application()
"""


def free_port() -> int:
    """A port that nobody has at the moment."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until something listens there."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with closing(socket.socket()) as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"nothing listens on port {port}")


def mosquitto_program() -> str | None:
    """Where the broker is installed."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


class Broker:
    """A mosquitto that may be killed and started again on the same port with the same messages."""

    def __init__(self, folder: Path, *, careful: bool = True, more: str = "") -> None:
        """careful: it writes down every message, so as to have them after it was killed, and is slow.

        more: further lines of its configuration.
        """
        self.port, self._process = free_port(), None
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
            f"persistence true\npersistence_location {folder}/\n"
            f"autosave_interval {1 if careful else 3600}\nautosave_on_changes {str(careful).lower()}\n"
            f"max_queued_messages 100000\nuser root\nlog_type error\n{more}"
        )
        self.start()

    @property
    def url(self) -> str:
        """As a feed names it."""
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        program = mosquitto_program()
        assert program is not None
        self._process = subprocess.Popen([program, "-c", self._config], stderr=subprocess.DEVNULL)
        wait_for(self.port, self._process)

    def kill(self, how: int = signal.SIGKILL) -> None:
        """End it, without a word to anybody by default."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None


def broker_of_tests(folder: Path) -> Iterator[Broker]:
    """What a fixture yields: a broker until it is taken down; skips where there is none."""
    import pytest  # who measures has none

    if mosquitto_program() is None:
        pytest.skip("mosquitto is not on this machine")
    made = Broker(folder)
    yield made
    made.kill()


class Service:
    """A SensorThings service on SQLite."""

    def __init__(self, folder: Path, python: Path = PYTHON) -> None:
        port = free_port()
        root = f"http://127.0.0.1:{port}"
        self.url = f"{root}/sensorthings/v1.1"
        text = SETTINGS.format(database=str(folder / "things.sqlite"), url=root)
        (folder / "site_settings.py").write_text(text)
        (folder / "site_urls.py").write_text(URLS)
        (folder / "site_asgi.py").write_text(STARTED)
        self._process = subprocess.Popen(
            [python, "-m", "uvicorn", "site_asgi:application", "--port", str(port), "--log-level", "error"],
            cwd=folder,
            env={key: value for key, value in os.environ.items() if not key.startswith("PYTHON")},
        )
        wait_for(port, self._process)

    def post(self, path: str, tree: Any) -> Any:
        """Create something; its address."""
        request = urllib.request.Request(  # noqa: S310  # our own loopback
            f"{self.url}/{path}", json.dumps(tree).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            body = answer.read()
            return json.loads(body) if body else answer.headers.get("Location", "")

    def get(self, path: str) -> Any:
        """What it answers."""
        with urllib.request.urlopen(f"{self.url}/{path}", timeout=60) as answer:  # noqa: S310
            return json.loads(answer.read())

    def station(self, name: str, longitude: float) -> tuple[str, str]:
        """A Thing that measures air temperature: the ids of its Datastream and of its FeatureOfInterest."""
        self.post("Things", thing(name, longitude, 60.2, [("temp", "Air Temperature", "degree Celsius")]))
        made = self.get(f"Things?$filter=name%20eq%20'{name}'&$expand=Datastreams")
        feature = {
            "name": name,
            "description": name,
            "encodingType": "application/geo+json",
            "feature": {"type": "Point", "coordinates": [longitude, 60.2]},
        }
        own = str(self.post("FeaturesOfInterest", feature)).rpartition("('")[2].removesuffix("')")
        return str(made["value"][0]["Datastreams"][0]["@iot.id"]), own

    def observe(self, stream: str, feature: str, rows: Iterable[tuple[str, float]]) -> None:
        """Observations of a Datastream, each a stamp and a result, as one batch."""
        names = ["phenomenonTime", "resultTime", "result", "FeatureOfInterest/id"]
        table = [[stamp, stamp, result, feature] for stamp, result in rows]
        batch = {"Datastream": {"@iot.id": stream}, "components": names, "dataArray": table}
        assert "error" not in self.post("CreateObservations", [batch])

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


def thing(name: str, longitude: float, latitude: float, streams: Iterable[tuple[str, str, str]]) -> Any:
    """A Thing with a Location and Datastreams of name, observed property and unit, as a deep insert."""
    return {
        "name": name,
        "description": name,
        "properties": {"domain": "data"},
        "Locations": [
            {
                "name": name,
                "description": name,
                "encodingType": "application/geo+json",
                "location": {"type": "Point", "coordinates": [longitude, latitude]},
            }
        ],
        "Datastreams": [
            {
                "name": title,
                "description": title,
                "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
                "unitOfMeasurement": {"name": unit, "symbol": unit, "definition": "ucum:" + unit},
                "properties": {"interval": 600},
                "Sensor": {
                    "name": "made",
                    "description": "made",
                    "encodingType": "application/pdf",
                    "metadata": "none",
                },
                "ObservedProperty": {"name": observed, "description": observed, "definition": observed},
            }
            for title, observed, unit in streams
        ],
    }
