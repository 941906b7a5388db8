"""Sensors of a real broker in a real window: they come, the broker goes and returns, they become weather."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from PySide6.QtWidgets import QApplication

from twin.app.app import application
from twin.app.sensor_weather import use
from twin.app.settings import Settings
from twin.app.window import Window
from twin.feeds.store_file import beside
from twin.formats.weather_choice import chosen_weather
from twin.scene.sensor_marks import SensorMarks

sys.path.insert(0, str(Path(__file__).parents[1] / "feeds"))  # the broker is that of the feeds' own tests

from real_servers import Broker, broker_of_tests

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        os.name == "posix" and not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"),
        reason="a window needs a display: scripts/test.py starts one",
    ),
]


def wait(until: Callable[[], object], seconds: float = 30.0) -> None:
    """Lets the program run until something is so."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it took too long"
        QApplication.processEvents()
        time.sleep(0.005)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    yield from broker_of_tests(tmp_path_factory.mktemp("broker"))


@pytest.fixture(scope="module")
def window(broker: Broker, own_folders: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """A window on a project that names the broker."""
    folder = tmp_path_factory.mktemp("yard")
    values = {"air_temperature": "t", "relative_humidity": "rh"}
    yard = {"title": "Yard", "longitude": 25.05, "latitude": 60.17, "interval": 60}
    options = {
        "topics": ["lab/+"],
        "device": "topic:1",
        "time": "at",
        "values": values,
        "devices": {"d1": yard},
    }
    project = {
        "schema": "twin-project",
        "version": 1,
        "name": "Yard",
        "crs": "EPSG:3879",
        "place": {
            "origin": [25502700.0, 6672900.0, 0.0],
            "longitude": 25.05,
            "latitude": 60.17,
            "timezone": "Europe/Helsinki",
        },
        "feeds": [{"id": "lab", "kind": "mqtt", "url": broker.url, "options": options}],
    }
    (folder / "yard.twin.json").write_text(json.dumps(project))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWIN_SETTINGS", str(folder / "twin.ini"))
        application()
        made = Window(Settings())
        made.show()
        made.open(folder / "yard.twin.json")
        wait(lambda: made.session is not None and made.sensors is not None)
        yield made
        made.changed_since_saving = False
        made.close()


class Device:
    """Sends readings as one in the field does, and keeps them as long as nobody takes them."""

    def __init__(self, broker: Broker) -> None:
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()

    def says(self, value: float, at: float) -> None:
        self._client.publish("lab/d1", json.dumps({"at": at, "t": value, "rh": 55}), qos=1)

    def stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def device(broker: Broker) -> Iterator[Device]:
    made = Device(broker)
    yield made
    made.stop()


def shown(window: Window) -> list[float]:
    assert window.session is not None
    marks = window.session.scene.items.get("sensors")
    return marks.sensed.values.tolist() if isinstance(marks, SensorMarks) else []


def listens(window: Window) -> bool:
    receiver = window.sensors and window.sensors._receiver
    return bool(receiver and receiver.hearings and receiver.hearings[0].state == "")


def said(window: Window) -> str:
    return " ".join(message.text for message in window.message_bar._queue)


def go_live(window: Window) -> None:
    """Until the broker knows us: what came before is not for us."""
    window.actions_by_id["live"].trigger()
    wait(lambda: listens(window))


def test_live_values_are_shown_through_the_end_of_the_broker_and_become_weather(
    window: Window, broker: Broker, device: Device
) -> None:
    session = window.session
    assert session is not None
    go_live(window)
    assert window.actions_by_id["live"].isChecked()
    begin = time.time() - 20
    begin -= 30 if begin // 3600 != (begin + 10) // 3600 else 0  # both readings are of one hour
    device.says(21.5, begin)
    wait(lambda: shown(window) == [21.5])
    assert window.panel("time").sensors.badge.text() == "● live"

    broker.kill()
    wait(lambda: window.panel("time").sensors.badge.text() == "● live, with trouble")
    assert any(text in said(window) for text in ("lab: the connection is lost", "lab: cannot be reached"))
    assert shown(window) == [21.5]  # what was heard stays
    device.says(22.5, begin + 10)
    broker.start()
    back = time.monotonic()
    wait(lambda: window.panel("time").sensors.badge.text() == "● live")
    assert time.monotonic() - back < 5.5
    wait(lambda: shown(window) == [22.5])

    window.actions_by_id["live"].trigger()
    assert not window.actions_by_id["live"].isChecked()
    assert window.panel("time").sensors.badge.text() == ""
    assert shown(window) == [22.5]

    use(window, "lab/d1")
    wait(lambda: session.state.weather not in ("design", ""))
    path = session.project.path
    assert path is not None
    weather = chosen_weather(session.state.weather, path, session.project.place, session.state.time.date())
    assert 22.0 in weather.air_temperature.round(6)  # the mean of the hour
    assert 55.0 in weather.relative_humidity
    assert beside(path).exists()


def test_a_station_without_readings_of_the_day_is_no_weather(window: Window, device: Device) -> None:
    session = window.session
    assert session is not None
    go_live(window)
    device.says(21.5, time.time())
    wait(lambda: shown(window) == [21.5])
    before = session.state.weather
    use(window, "lab/nobody")
    wait(lambda: "no readings of that day" in said(window))
    assert session.state.weather == before
    window.actions_by_id["live"].trigger()
